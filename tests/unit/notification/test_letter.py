"""R-42, R-29: what a notice says, in the person's language, with his own figures only."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import notification
from notification.domain import formats, letter
from notification.domain.notice import Notice, Topic, still_news
from notification.domain.person import Language, Person

MINH = Person("Nguyễn Văn Minh", "minh@phucloi.example", "vi")
AT = datetime(2026, 3, 27, 17, 30, tzinfo=UTC)
TEMPLATES = Path(next(iter(notification.__path__))) / "templates"


def notice(topic: Topic, revision: int = 1, month: str = "2026-03", **facts: str) -> Notice:
    return Notice(
        ward_id="phuc-loi",
        person_id="p-017",
        cause=f"{topic}/{revision}",
        topic=topic,
        month=month,
        occurred_at=AT,
        facts=facts,
        revision=revision,
    )


def written(subject: Notice, language: Language = "vi", by: str = "Trần Thị Hoa") -> letter.Letter:
    return letter.write(subject, MINH, language=language, ward="Phường Phúc Lợi", by=by)


def test_a_decision_tells_in_vietnamese_that_it_was_made() -> None:
    """R-42: Vietnamese by default, the day as it is in Viet Nam."""
    text = written(notice(Topic.DECISION))

    assert text.subject == "Đã có quyết định về kết quả tháng 03/2026 của ông/bà"
    assert "Người quyết định: Trần Thị Hoa" in text.body
    assert "00:30 ngày 28/03/2026" in text.body


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_decision_tells_no_result_before_it_is_published(language: Language) -> None:
    """R-29: one text for everybody, so that not even "not evaluated" shows."""
    plain = written(notice(Topic.DECISION), language)

    assert written(notice(Topic.DECISION, grade="A", total="91.17"), language) == plain
    assert written(notice(Topic.DECISION, grade=""), language) == plain


def test_a_publication_tells_the_grade() -> None:
    """R-29: from publication the person knows his class."""
    text = written(notice(Topic.PUBLICATION, grade="A"))

    assert "Kết quả của ông/bà: Loại A (hoàn thành xuất sắc nhiệm vụ)" in text.body


def test_a_payment_tells_whole_dong() -> None:
    """R-33: whole đồng, grouped as the language groups."""
    paid = notice(Topic.PAYMENT, amount="1234000", fund="bonus")

    assert "1.234.000 đồng" in written(paid).body
    assert "tiền thưởng" in written(paid).body
    assert "1,234,000 đồng" in written(paid, "en").body


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", letter.NAMES)
def test_a_subject_tells_no_result(language: Language, name: str) -> None:
    """R-29: grade, score and amount are for the person's eyes; a subject is seen by others."""
    subject, _ = letter._template(name, language)

    assert not {"grade", "total", "amount", "reason"} & set(subject.get_identifiers())


def test_a_line_about_nothing_is_left_out() -> None:
    """R-2: the decider of an external result may be unknown here."""
    text = written(notice(Topic.DECISION), by="")

    assert "lần thứ" not in text.body
    assert "Người quyết định" not in text.body
    assert "$" not in text.body


def test_who_is_not_evaluated_is_told_so() -> None:
    """R-11: no grade is no grade D."""
    text = written(notice(Topic.PUBLICATION, grade=""))

    assert "không được đánh giá" in text.body
    assert "Loại" not in text.body


@pytest.mark.parametrize(("revision", "said"), [(1, False), (2, True)])
def test_a_new_decision_says_that_it_replaces_the_old(revision: int, *, said: bool) -> None:
    """R-30: nothing is edited; a later decision replaces the one before."""
    text = written(notice(Topic.DECISION, revision), "en")

    assert ("replaces the one before" in text.body) is said


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", letter.NAMES)
def test_every_template_exists_and_names_known_facts_only(language: Language, name: str) -> None:
    """R-42: both languages have every text."""
    subject, body = letter._template(name, language)
    named = {each for line in (subject, *body) for each in line.get_identifiers()}

    assert named <= letter.FACTS
    assert all(line.is_valid() for line in (subject, *body))
    assert subject.template.strip()
    assert len(body) > 3


def test_no_template_is_left_over() -> None:
    found = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.txt")}

    assert found == {f"{language}/{name}.txt" for language in ("vi", "en") for name in letter.NAMES}


@given(st.text(), st.text())
def test_a_subject_is_one_line_whatever_the_names_hold(name: str, reason: str) -> None:
    """A mail's subject is a header: nothing that an event carries may begin another header."""
    person = Person(name, "x@y.example", "vi")
    text = letter.write(
        notice(Topic.PLAN_RETURNED, reason=reason),
        person,
        language="vi",
        ward=name,
        by=name,
    )

    assert text.subject == formats.line(text.subject)
    assert "\r" not in text.body


def test_a_dollar_in_a_reason_stays_a_dollar() -> None:
    text = written(notice(Topic.PLAN_RETURNED, reason="chi $amount và ${ward}", version="1"))

    assert "Lý do: chi $amount và ${ward}" in text.body


def test_older_news_is_not_told_after_newer() -> None:
    """R-30: the grade that holds is the last one told, in whichever order the events come."""
    first, second = notice(Topic.PUBLICATION, 1, grade="B"), notice(Topic.PUBLICATION, 2, grade="A")

    assert still_news([second, first], {}) == [first, second]
    assert still_news([first], {first.thread: 2}) == []
    assert still_news([second], {first.thread: 1}) == [second]


def test_payments_of_several_runs_are_all_told() -> None:
    """R-34: funds are separate, so a month may pay twice."""
    runs = [notice(Topic.PAYMENT, 0, amount=amount) for amount in ("1000", "2000")]

    assert len(still_news(runs, {runs[0].thread: 0})) == 2
