"""R-29: who may call what and who sees which field, asked of every method of every service."""

import warnings
from collections.abc import Iterator

import grpc
import pytest
from google.protobuf.json_format import MessageToJson

with warnings.catch_warnings():
    # The library under the event door says that it is old.
    warnings.simplefilter("ignore")
    import chassis.bus  # noqa: F401

from integration.privacy import matrix
from integration.privacy.matrix import HOST, NOBODY, PAGE, Row
from integration.privacy.world import CALLERS, ELSEWHERE, World, world

METHODS = matrix.methods()
ROWS = matrix.rows()
SECRETS = ("Nguyễn An", "Tờ trình của an", "Đề nghị xem lại", "Mất điện toàn khu vực", "an@ward.example")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One ward's month on all services; every test leaves it as it was."""
    with world(tmp_path_factory.mktemp("privacy")) as found:
        yield found


def ask(played: World, row: Row, caller: str, **given: str) -> matrix.Answer:
    found = matrix.ask(played, row, METHODS[row.method], caller, **given)
    if found.replies:
        service = row.method.partition(".")[0]
        played.restore(HOST if service == "operations" else service)
    return found


def test_every_method_has_a_row() -> None:
    assert sorted(METHODS.keys() - ROWS.keys()) == [], "state in matrix.toml who may call them"
    assert sorted(ROWS.keys() - METHODS.keys()) == [], "no contract has them any more"


def test_every_field_is_seen_by_somebody_and_hidden_from_whoever_may_not_call() -> None:
    for row in ROWS.values():
        for field, who in row.sees.items():
            assert who, f"{row.method} {field}: nobody sees it, so the row proves nothing"
            assert who <= row.may, f"{row.method} {field}"


@pytest.mark.parametrize("method", sorted(ROWS))
def test_it_answers_whom_it_should_with_what_it_should(played: World, method: str) -> None:
    row = ROWS[method]
    answers = {caller: ask(played, row, caller) for caller in CALLERS}

    assert {caller for caller, answer in answers.items() if answer.allowed} == row.may
    for field, who in row.sees.items():
        seen = {caller for caller, answer in answers.items() if matrix.shows(answer, field)}
        assert seen == who, field


@pytest.mark.parametrize("method", sorted(ROWS))
def test_it_answers_nobody_without_a_token(played: World, method: str) -> None:
    assert ask(played, ROWS[method], NOBODY).code is grpc.StatusCode.UNAUTHENTICATED


@pytest.mark.parametrize("method", sorted(ROWS))
def test_another_ward_s_people_find_nothing_of_this_one(played: World, method: str) -> None:
    """Asked within their own ward, by ids that they could guess, whatever their role."""
    answer = ask(played, ROWS[method], "elsewhere", ward_id=ELSEWHERE)

    told = "".join(MessageToJson(each, ensure_ascii=False) for each in answer.replies)
    assert [each for each in SECRETS if each in told] == []


def test_the_page_shows_the_matrix() -> None:
    """After a change: ``PYTHONPATH=tests python -m integration.privacy.matrix`` writes it anew."""
    assert matrix.rewrite(PAGE) == PAGE.read_text("utf-8")
