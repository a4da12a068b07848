"""Evidence of tasks, and claims of objective causes (R-8)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.days import Month
from planning.domain.causes import (
    MOST_CLAIMS,
    BadClaim,
    Claim,
    ClaimState,
    ClaimWaiting,
    ExcusedAlready,
    OwnClaim,
    RefusalReasonMissing,
    TooManyClaims,
    claimed,
    open_claim,
)
from planning.domain.evidence import (
    MOST_BYTES_OF_MONTH,
    MOST_STANDING,
    Evidence,
    File,
    TooMuchEvidence,
    UnknownEvidence,
    WithdrawalReasonMissing,
    added,
    link_problems,
    number_of,
)
from planning.domain.results import Confirmation, Fault

MONTH = Month(2026, 3)
AT = datetime(2026, 3, 20, 8, tzinfo=UTC)
LATER = datetime(2026, 3, 21, 8, tzinfo=UTC)


def evidence(number: int = 0, **given_: Any) -> Evidence:
    return replace(
        Evidence(
            "an", MONTH, "t1", number, "Báo cáo", "", File("a.pdf", "application/pdf", 10, "d"), "an", AT
        ),
        **given_,
    )


def claim(number: int = 0, **given_: Any) -> Claim:
    return replace(Claim("an", MONTH, "t1", "f1", number, 1, 0, "Bão số 3", (), "an", AT), **given_)


FAULT = Fault("f1", 1, failed_reviews=2, missed_deadlines=1)


def test_evidence_is_numbered_within_its_task() -> None:
    first = added(evidence(), [], 0)
    second = added(evidence(link="https://a", file=None), [first], 10)

    assert [each.evidence_id for each in (first, second)] == ["t1/1", "t1/2"]
    assert number_of("t1/2") == ("t1", 2)


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=12))
def test_the_same_file_twice_has_one_effect(digests: list[str]) -> None:
    """R-8: a person who attaches again finds what is there."""
    kept: list[Evidence] = []
    for digest in digests:
        found = added(evidence(file=File("a.pdf", "application/pdf", 10, digest)), kept, 0)
        if found not in kept:
            kept.append(found)

    assert len(kept) == len(set(digests))
    assert [each.number for each in kept] == list(range(1, len(kept) + 1))


def test_what_was_withdrawn_may_be_attached_again_under_a_new_number() -> None:
    first = evidence(1).withdraw(by="an", reason="nhầm tệp", at=LATER)

    assert added(evidence(), [first], 10).number == 2
    assert (first.stands, first.withdrawn_by, first.withdrawn_at) == (False, "an", LATER)
    assert first.withdraw(by="clerk", reason="khác", at=LATER) is first


def test_evidence_is_withdrawn_with_a_reason() -> None:
    with pytest.raises(WithdrawalReasonMissing):
        evidence(1).withdraw(by="an", reason="", at=LATER)


def test_a_task_has_so_much_evidence_and_a_month_so_many_bytes() -> None:
    full = [evidence(n, link=f"https://a/{n}", file=None) for n in range(1, MOST_STANDING + 1)]
    gone = [each.withdraw(by="an", reason="cũ", at=LATER) for each in full]

    with pytest.raises(TooMuchEvidence):
        added(evidence(), full, 0)
    assert added(evidence(), gone, 0).number == MOST_STANDING + 1
    with pytest.raises(TooMuchEvidence):
        added(evidence(), [*gone, *(replace(each, number=each.number + 20) for each in gone * 2)], 0)
    with pytest.raises(TooMuchEvidence):
        added(evidence(), [], MOST_BYTES_OF_MONTH - 9)
    assert added(evidence(), [], MOST_BYTES_OF_MONTH - 10).number == 1


@pytest.mark.parametrize(
    "words", ["", "t1", "t1/", "/", "/1", "t\x001/1", "a/b/1", "t1/x", "t1/-1", "t1/1234567890", "t1/１"]
)
def test_what_is_no_id_of_evidence_is_unknown(words: str) -> None:
    with pytest.raises(UnknownEvidence):
        number_of(words)


@pytest.mark.parametrize(
    "link",
    ["https://vanban.phucloi.gov.vn/283?x=1#a", "http://10.0.0.1:8080/a", "https://hồ-sơ.vn/tệp.pdf"],
)
def test_links_that_are_taken(link: str) -> None:
    assert list(link_problems(link)) == []


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://a/b",
        "https://",
        "//a/b",
        "công văn 12",
        "https://a b",
        "https://[::1",
        "https://an:secret@a/b",
        "https://a:99999/",
        "https://a/" + "x" * 2000,
    ],
)
def test_links_that_are_refused(link: str) -> None:
    assert list(link_problems(link))


def test_a_claim_is_numbered_and_the_same_open_one_has_one_effect() -> None:
    """R-8."""
    first = claimed(claim(), FAULT, [], set())

    assert first.number == 1
    assert claimed(claim(requested_at=LATER), FAULT, [first], set()) is first
    with pytest.raises(ClaimWaiting):
        claimed(claim(cause="Mất điện"), FAULT, [first], set())


def test_after_a_refusal_it_may_be_claimed_again() -> None:
    first = claim(1).refuse(by="boss", reason="không đúng", at=LATER)

    assert (first.state, first.answered_by, first.reason) == (ClaimState.REFUSED, "boss", "không đúng")
    assert claimed(claim(), FAULT, [first], set()).number == 2
    assert open_claim([first]) is None
    assert open_claim([first, claim(2)]) == claim(2)
    many = [replace(first, number=n) for n in range(1, MOST_CLAIMS + 1)]
    with pytest.raises(TooManyClaims):
        claimed(claim(), FAULT, many, set())


def test_what_is_excused_is_not_claimed() -> None:
    """R-8."""
    excused = replace(FAULT, confirmation=Confirmation(1, 0, "boss", "Bão", AT))

    with pytest.raises(ExcusedAlready):
        claimed(claim(), excused, [], set())


@pytest.mark.parametrize(
    "wrong",
    [
        {"reviews": 3},
        {"deadlines": 2},
        {"reviews": -1, "deadlines": 1},
        {"reviews": 0, "deadlines": 0},
        {"cause": ""},
        {"cause": "x" * 1001},
        {"evidence_ids": ("t1/2",)},
        {"evidence_ids": ("t1/1", "t1/1")},
        {"evidence_ids": tuple(f"t1/{n}" for n in range(21))},
    ],
)
def test_bad_claims_are_refused(wrong: dict[str, Any]) -> None:
    """R-8: it excuses what there is, says why, and cites evidence that stands."""
    with pytest.raises(BadClaim):
        claimed(claim(**wrong), FAULT, [], {"t1/1"})
    assert claimed(claim(evidence_ids=("t1/1",)), FAULT, [], {"t1/1"}).evidence_ids == ("t1/1",)


def test_a_claim_is_answered_by_another_and_refused_with_a_reason() -> None:
    """R-8: whoever handed it in does not answer it."""
    own = claim(1, requested_by="clerk")

    with pytest.raises(OwnClaim):
        own.refuse(by="clerk", reason="không", at=LATER)
    with pytest.raises(OwnClaim):
        own.confirm(by="clerk", reason="đúng", reviews=1, deadlines=0, at=LATER)
    with pytest.raises(RefusalReasonMissing):
        own.refuse(by="boss", reason="", at=LATER)
    answered = own.confirm(by="boss", reason="đúng", reviews=1, deadlines=0, at=LATER)
    assert (answered.state, answered.excused_reviews, answered.answered_at) == (
        ClaimState.CONFIRMED,
        1,
        LATER,
    )
