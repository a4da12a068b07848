"""R-2, R-29: for the days of a delegation a delegate sees of people's plans what the delegator sees."""

from datetime import UTC, date, datetime, timedelta

import grpc
import pytest

from chassis.auth import Actor
from chassis.days import Month, legal_day
from kpi.planning.v1 import evidence_pb2, weeks_pb2
from kpi.planning.v1 import planning_pb2 as pb
from planning import usecases
from planning.usecases.rights import NotYours

from .ward import MONTH, Ward, message, refused

DENIED = (grpc.StatusCode.PERMISSION_DENIED, "NOT_YOURS")
DAY = timedelta(days=1)


@pytest.fixture
def planned(ward: Ward) -> Ward:
    """The plans of An and of the deputy, who leads him, are in force, and An has a piece of evidence."""
    ward.in_force("an", message("T1"))
    ward.in_force("deputy", message("T1"))
    ward.as_("an").AttachEvidence(
        evidence_pb2.AttachEvidenceRequest(
            ward_id=ward.id,
            person_id="an",
            month=MONTH,
            task_id="T1",
            file_name="bao-cao.pdf",
            content=b"%PDF-1.7\n1",
        )
    )
    return ward


def today() -> date:
    return legal_day(datetime.now(UTC))


def fetched(ward: Ward, who: str) -> bytes:
    request = evidence_pb2.GetEvidenceRequest(
        ward_id=ward.id, person_id="an", month=MONTH, evidence_id="T1/1"
    )
    return b"".join(each.chunk for each in ward.as_(who).GetEvidence(request))


def evidence(ward: Ward, who: str) -> list[str]:
    request = evidence_pb2.ListEvidenceRequest(ward_id=ward.id, person_id="an", month=MONTH)
    return [each.evidence_id for each in ward.as_(who).ListEvidence(request).evidence]


def listed(ward: Ward, who: str) -> list[str]:
    reply = ward.as_(who).ListPlans(pb.ListPlansRequest(ward_id=ward.id, month=MONTH))
    return [each.person_id for each in reply.plans]


def weeks(ward: Ward, who: str) -> list[str]:
    reply = ward.as_(who).ListWeeks(weeks_pb2.ListWeeksRequest(ward_id=ward.id, week="2026-W11"))
    return [each.person_id for each in reply.weeks]


def test_during_the_days_a_delegate_sees_what_the_delegator_sees(planned: Ward) -> None:
    assert refused(planned.plan, "an", by=planned.as_("head"))[:2] == DENIED

    planned.delegated("deputy", "head", today() - DAY, today() + DAY)

    assert planned.plan("an", by=planned.as_("head")).person_id == "an"
    assert evidence(planned, "head") == ["T1/1"]
    assert fetched(planned, "head") == b"%PDF-1.7\n1"
    assert listed(planned, "head") == ["an"]
    assert weeks(planned, "head") == ["an", "binh", "head", "lan"]


def test_the_delegators_own_plan_is_not_the_delegates_to_see(planned: Ward) -> None:
    planned.delegated("deputy", "head", today() - DAY, today() + DAY)

    assert refused(planned.plan, "deputy", by=planned.as_("head"))[:2] == DENIED


def test_a_delegate_sees_and_changes_nothing(planned: Ward) -> None:
    planned.delegated("deputy", "head", today() - DAY, today() + DAY)

    assert refused(planned.saves, "an", message("T1"), by=planned.as_("head"))[1] == "NOT_OWN_PLAN"
    assert refused(planned.approves, planned.as_("head"), "an")[1] == "NOT_DIRECT_SUPERIOR"


@pytest.mark.parametrize(("first", "last"), [(2, 5), (-5, -2)], ids=["before", "after"])
def test_outside_the_days_a_delegate_sees_nothing(planned: Ward, first: int, last: int) -> None:
    planned.delegated("deputy", "head", today() + first * DAY, today() + last * DAY)

    for ask in (evidence, fetched):
        assert refused(ask, planned, "head")[:2] == DENIED
    assert refused(planned.plan, "an", by=planned.as_("head"))[:2] == DENIED
    assert listed(planned, "head") == []


@pytest.mark.parametrize("ended_first", [False, True])
def test_a_delegation_that_was_ended_is_over_in_whatever_order_it_is_told(
    planned: Ward, *, ended_first: bool
) -> None:
    told = [today() + DAY, today() - DAY]
    for last in reversed(told) if ended_first else told:
        planned.delegated("deputy", "head", today() - DAY, last)
    assert refused(planned.plan, "an", by=planned.as_("head"))[:2] == DENIED


def test_another_persons_delegation_helps_nobody(planned: Ward) -> None:
    planned.delegated("deputy", "head", today() - DAY, today() + DAY)

    for who in ("lan", "binh"):
        assert refused(evidence, planned, who)[:2] == DENIED


def test_a_delegation_of_another_ward_shows_nothing_here(planned: Ward) -> None:
    Ward(planned.service, f"{planned.id}-x").delegated("deputy", "head", today() - DAY, today() + DAY)

    assert refused(evidence, planned, "head")[:2] == DENIED
    assert refused(planned.plan, "an", by=planned.as_("head"))[:2] == DENIED


def test_the_days_are_those_of_the_ward(planned: Ward) -> None:
    """A legal day begins at 17:00 UTC of the day before: both days of a delegation are whole."""
    planned.delegated("deputy", "head", date(2026, 4, 2), date(2026, 4, 3))
    head = Actor(person_id="head", wards=frozenset({planned.id}), roles=frozenset({"staff"}))

    def sees(at: datetime) -> bool:
        with planned.service.sessions() as session:
            try:
                usecases.get_plan(
                    session,
                    ward_id=planned.id,
                    person_id="an",
                    month=Month.parse(MONTH),
                    actor=head,
                    at=at,
                )
            except NotYours:
                return False
            return True

    first, last = datetime(2026, 4, 1, 17, tzinfo=UTC), datetime(2026, 4, 3, 16, 59, 59, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert [sees(at) for at in (first - second, first, last, last + second)] == [False, True, True, False]


def test_the_same_again_in_any_order_has_one_effect(planned: Ward) -> None:
    for id_, to in (("d2", "lan"), ("d1", "head"), ("d2", "lan"), ("d1", "head")):
        planned.delegated("deputy", to, today() - DAY, today() + DAY, id_)

    for who in ("head", "lan"):
        assert evidence(planned, who) == ["T1/1"]
