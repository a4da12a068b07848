"""R-2, R-29: for the days of a delegation a delegate sees the scores that the delegator sees.

::

    head ── s1      other ── s3, to whom nobody delegated
"""

from datetime import UTC, date, datetime, timedelta

import grpc
import pytest

from chassis.days import legal_day
from integration.scoring.ward import MONTH, Ward
from kpi.approval.v1.events_pb2 import DelegationRecorded
from kpi.scoring.v1 import scoring_pb2 as pb
from support.service import refusal

DAY = timedelta(days=1)


@pytest.fixture
def scored(ward: Ward) -> Ward:
    """Everybody's score is computed."""
    ward.tell(
        ward.leader("head", unit_id="VP"),
        ward.leader("other", unit_id="KT"),
        ward.person("s1", superior_id="head", unit_id="VP"),
        ward.person("s3", superior_id="other", unit_id="KT"),
        *(each for id_ in ("s1", "s3") for each in ward.good_month(id_)),
        *(each for id_ in ("head", "other") for each in ward.leading_month(id_)),
    )
    ward.compute()
    return ward


def delegation(ward_id: str, first: int, last: int) -> DelegationRecorded:
    """Head delegates to other, for days that are counted from today."""
    today: date = legal_day(datetime.now(UTC))
    return DelegationRecorded(
        ward_id=ward_id,
        delegation_id="d1",
        from_person_id="head",
        to_person_id="other",
        from_day=(today + first * DAY).isoformat(),
        to_day=(today + last * DAY).isoformat(),
        document="7/UQ",
    )


def sees(ward: Ward, caller: str, person_id: str) -> bool:
    """Whether a caller is told a score, alone and with its explanation; both must agree."""
    found: list[str] = []
    for method, kind in (("GetScore", pb.GetScoreRequest), ("ExplainScore", pb.ExplainScoreRequest)):
        request = kind(ward_id=ward.ward_id, month=MONTH, person_id=person_id)
        try:
            getattr(ward.service.as_(caller, wards=("*",)), method)(request)
            found.append("seen")
        except grpc.RpcError as error:
            found.append(refusal(error)[1])
    assert found in (["seen", "seen"], ["NOT_YOUR_SCORE", "NOT_YOUR_SCORE"])
    return found[0] == "seen"


def test_during_the_days_a_delegate_sees_whom_the_delegator_leads(scored: Ward) -> None:
    assert not sees(scored, "other", "s1")

    scored.tell(delegation(scored.ward_id, -1, 1), delegation(scored.ward_id, -1, 1))

    assert sees(scored, "other", "s1")
    assert set(scored.scores("other", "staff")) == {"other", "s1", "s3"}
    assert not sees(scored, "other", "head")
    assert not sees(scored, "s3", "s1")


@pytest.mark.parametrize(("first", "last"), [(2, 5), (-5, -2)], ids=["before", "after"])
def test_outside_the_days_a_delegate_sees_nothing(scored: Ward, first: int, last: int) -> None:
    scored.tell(delegation(scored.ward_id, first, last))

    assert not sees(scored, "other", "s1")
    assert set(scored.scores("other", "staff")) == {"other", "s3"}


@pytest.mark.parametrize("lasts", [(1, -1), (-1, 1)], ids=["in order", "the end first"])
def test_a_delegation_that_was_ended_is_over(scored: Ward, lasts: tuple[int, int]) -> None:
    for last in lasts:
        scored.tell(delegation(scored.ward_id, -1, last))

    assert not sees(scored, "other", "s1")


def test_a_delegation_of_another_ward_shows_nothing_here(scored: Ward) -> None:
    scored.tell(delegation(f"{scored.ward_id}-x", -1, 1))

    assert not sees(scored, "other", "s1")


def test_whoever_has_left_passes_nothing_on(scored: Ward) -> None:
    scored.tell(delegation(scored.ward_id, -1, 1), scored.leader("head", unit_id="VP", active=False))

    assert not sees(scored, "other", "s1")
