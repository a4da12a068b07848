"""What a call is refused with fits into its trailers, and names the text that cannot be kept."""

from typing import Any
from urllib.parse import quote

import pytest

from chassis.errors import Invalid
from chassis.rpc.statuses import MOST_HEADER, refused
from chassis.rpc.texts import NulInText, check_texts
from kpi.planning.v1 import okr_pb2 as okr
from kpi.planning.v1 import planning_pb2 as planning


class Long(Invalid):
    vi = "{field}: {people} không được."
    en = "{field}: {people} may not."


@pytest.mark.parametrize(
    "words", ["x" * 20_000, "ệ" * 20_000, "😀" * 20_000, "Nguyễn Văn An (PL-001), " * 900]
)
@pytest.mark.parametrize("facts", [1, 8])
def test_a_refusal_of_any_length_reaches_its_caller(words: str, facts: int) -> None:
    others = {f"fact{number}": words for number in range(facts)}
    status = refused(Long(field="people", people=words, **others), "planning")

    packed = len(status.SerializeToString()) * 4 / 3 + len(quote(status.message, safe=" "))
    assert packed <= MOST_HEADER + 100
    assert status.message.startswith("people: ")
    assert status.message.endswith("…")


def test_a_short_refusal_is_not_cut() -> None:
    status = refused(Long(field="people", people="An (PL-001)"), "planning")

    assert status.message == "people: An (PL-001) may not."


@pytest.mark.parametrize(
    ("request_", "place"),
    [
        (planning.GetWardRequest(ward_id="a\x00"), "ward_id"),
        (planning.SubmitPlansRequest(ward_id="w", person_ids=["an", "\x00"]), "person_ids[1]"),
        (
            planning.SavePlanRequest(tasks=[planning.Task(), planning.Task(name="a\x00b")]),
            "tasks[1].name",
        ),
        (
            okr.SaveObjectiveRequest(
                objective=okr.Objective(
                    key_results=[okr.KeyResult(tasks=[okr.TaskLink(task_id="\x00")])],
                )
            ),
            "objective.key_results[0].tasks[0].task_id",
        ),
    ],
)
def test_the_text_with_the_character_0_is_named(request_: Any, place: str) -> None:
    with pytest.raises(NulInText) as no:
        check_texts(request_)

    assert no.value.facts["field"] == place


def test_bytes_may_hold_anything() -> None:
    check_texts(planning.ImportWorkbookRequest(ward_id="w", content=b"PK\x00\x00"))
