"""Objective causes: claimed by the person, answered by another with authority (R-8)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import grpc
import pytest
from sqlalchemy import text

from chassis.days import legal_day, now
from kpi.planning.v1 import causes_pb2 as pb
from kpi.planning.v1 import events_pb2 as events
from kpi.planning.v1 import evidence_pb2, planning_pb2
from support.service import Caller

from .ward import MONTH, Ward, message, refused

INVALID = grpc.StatusCode.INVALID_ARGUMENT
BLOCKED = grpc.StatusCode.FAILED_PRECONDITION
DENIED = grpc.StatusCode.PERMISSION_DENIED
MISSING = grpc.StatusCode.NOT_FOUND

ABOUT = {"task_id": "T1", "fault_id": "F1"}
EXCUSED: dict[str, Any] = {
    "person_id": "an",
    **ABOUT,
    "outputs": 1,
    "failed_reviews": 2,
    "missed_deadlines": 1,
    "excused_deadlines": 1,
    "cause": "Đúng, bão số 3",
}
"""An's row of the sheet of faults, excused by nobody yet."""


@pytest.fixture
def faulty(ward: Ward) -> Ward:
    """An delivered two outputs of T1, one of them late and twice sent back; Binh one late one."""
    for who in ("an", "binh"):
        ward.in_force(who, message("T1"))
        fault = planning_pb2.Fault(fault_id="F1", outputs=1, failed_reviews=2, missed_deadlines=1)
        ward.records(who, planning_pb2.TaskResult(task_id="T1", accepted="2", faults=[fault]), by=ward.clerk)
    return ward


def claims(ward: Ward, by: Caller | None = None, **given: Any) -> pb.ObjectiveCause:
    """Claim that a storm excuses An's missed deadline, as An unless said otherwise."""
    words: dict[str, Any] = {"ward_id": ward.id, "person_id": "an", "month": MONTH} | ABOUT
    request = pb.RequestObjectiveCauseRequest(**words | {"deadlines": 1, "cause": "Bão số 3"} | given)
    reply: pb.RequestObjectiveCauseResponse = (by or ward.as_("an")).RequestObjectiveCause(request)
    return reply.cause


def confirms(ward: Ward, by: Caller, **given: Any) -> planning_pb2.Plan:
    words: dict[str, Any] = {"ward_id": ward.id, "person_id": "an", "month": MONTH} | ABOUT
    request = planning_pb2.ConfirmObjectiveCauseRequest(
        **words | {"excused_deadlines": 1, "cause": "Đúng, bão số 3"} | given
    )
    reply: planning_pb2.ConfirmObjectiveCauseResponse = by.ConfirmObjectiveCause(request)
    return reply.plan


def refuses(ward: Ward, by: Caller, **given: Any) -> pb.ObjectiveCause:
    words: dict[str, Any] = {"ward_id": ward.id, "person_id": "an", "month": MONTH} | ABOUT
    request = pb.RefuseObjectiveCauseRequest(**words | {"reason": "Bão tan từ ngày 10"} | given)
    reply: pb.RefuseObjectiveCauseResponse = by.RefuseObjectiveCause(request)
    return reply.cause


def lists(ward: Ward, by: Caller, **given: Any) -> list[tuple[str, int, int]]:
    """Person, number and state of all pages of the month's claims."""
    found: list[tuple[str, int, int]] = []
    token = ""
    while True:
        words = {"ward_id": ward.id, "month": MONTH, "page_token": token} | given
        reply: pb.ListObjectiveCausesResponse = by.ListObjectiveCauses(pb.ListObjectiveCausesRequest(**words))
        found += ((each.person_id, each.number, each.state) for each in reply.causes)
        token = reply.next_page_token
        if not token:
            return found


def announced(ward: Ward) -> list[tuple[int, int]]:
    """Of each announcement of An's results, what it excuses of the fault."""
    return [
        (each.work.lines[0].faults[0].excused_reviews, each.work.lines[0].faults[0].excused_deadlines)
        for each in ward.events(events.ResultsRecorded)
        if each.work.person_id == "an"
    ]


def test_a_claim_excuses_nothing_until_it_is_confirmed(faulty: Ward) -> None:
    """R-8: then scoring hears of it, once."""
    claimed = claims(faulty)
    assert (claimed.number, claimed.state, claimed.deadlines) == (1, pb.CAUSE_STATE_REQUESTED, 1)
    assert (claimed.cause, claimed.requested_by, claimed.HasField("answered_at")) == ("Bão số 3", "an", False)
    assert announced(faulty) == [(0, 0)]

    [asked] = faulty.events(events.ObjectiveCauseRequested)
    assert (asked.superior_id, asked.cause) == ("deputy", claimed)

    confirms(faulty, faulty.as_("deputy"))

    assert announced(faulty) == [(0, 0), (0, 1)]
    request = pb.ListObjectiveCausesRequest(ward_id=faulty.id, month=MONTH, person_id="an")
    [answered] = faulty.as_("an").ListObjectiveCauses(request).causes
    assert (answered.state, answered.answered_by) == (pb.CAUSE_STATE_CONFIRMED, "deputy")
    assert (answered.reason, answered.excused_deadlines) == ("Đúng, bão số 3", 1)
    assert answered.HasField("answered_at")
    assert [each.cause for each in faulty.events(events.ObjectiveCauseAnswered)] == [answered]
    assert refused(claims, faulty)[:2] == (BLOCKED, "EXCUSED_ALREADY")


def test_a_refusal_excuses_nothing_and_it_may_be_claimed_again(faulty: Ward) -> None:
    claims(faulty)

    answered = refuses(faulty, faulty.as_("boss"))

    assert (answered.state, answered.reason) == (pb.CAUSE_STATE_REFUSED, "Bão tan từ ngày 10")
    assert announced(faulty) == [(0, 0)]
    assert [each.cause for each in faulty.events(events.ObjectiveCauseAnswered)] == [answered]
    assert refused(refuses, faulty, faulty.as_("boss"))[:2] == (MISSING, "NO_CLAIM")
    assert claims(faulty).number == 2


def test_the_same_claim_again_has_one_effect(faulty: Ward) -> None:
    first = claims(faulty)

    assert claims(faulty) == first
    assert claims(faulty, by=faulty.clerk) == first
    assert len(faulty.events(events.ObjectiveCauseRequested)) == 1
    assert refused(claims, faulty, cause="Mất điện")[:2] == (BLOCKED, "CLAIM_WAITING")


@pytest.mark.parametrize("who", ["binh", "head", "deputy"])
def test_only_the_person_or_the_clerk_claims(faulty: Ward, who: str) -> None:
    assert refused(claims, faulty, by=faulty.as_(who))[:2] == (DENIED, "NOT_OWN_PLAN")


@pytest.mark.parametrize(
    ("who", "roles", "may"),
    [
        ("deputy", (), True),
        ("boss", (), True),
        ("organizer", ("organizer",), True),
        ("an", (), False),
        ("an", ("staff", "organizer"), False),
        ("binh", (), False),
        ("head", (), False),
        ("clerk", ("clerk",), False),
        ("auditor", ("auditor",), False),
    ],
)
def test_a_claim_is_answered_by_those_above_or_the_organizer(
    faulty: Ward,
    who: str,
    roles: tuple[str, ...],
    may: bool,  # noqa: FBT001
) -> None:
    """R-8: never by the person himself."""
    claims(faulty)
    by = faulty.as_(who, *roles)

    if may:
        assert refuses(faulty, by).answered_by == who
    else:
        assert refused(refuses, faulty, by)[0] == DENIED
        assert refused(confirms, faulty, by)[0] == DENIED


def test_whoever_hands_a_claim_in_does_not_answer_it(faulty: Ward) -> None:
    """R-8: an account that is clerk and organizer types what the person signed, and another answers."""
    claims(faulty, by=faulty.both)

    assert refused(refuses, faulty, faulty.both)[:2] == (DENIED, "OWN_CLAIM")
    assert refused(confirms, faulty, faulty.both)[:2] == (DENIED, "OWN_CLAIM")
    assert announced(faulty) == [(0, 0)]
    assert lists(faulty, faulty.both, waiting_for_me=True) == []
    assert lists(faulty, faulty.organizer, waiting_for_me=True) == [("an", 1, pb.CAUSE_STATE_REQUESTED)]


def test_claims_are_listed_for_those_who_may_answer_and_those_who_may_see(faulty: Ward) -> None:
    """R-8, R-29."""
    claims(faulty)
    claims(faulty, by=faulty.as_("binh"), person_id="binh")
    refuses(faulty, faulty.as_("deputy"), person_id="binh")
    an, binh = ("an", 1, pb.CAUSE_STATE_REQUESTED), ("binh", 1, pb.CAUSE_STATE_REFUSED)

    for who, roles in (("boss", ()), ("deputy", ()), ("auditor", ("auditor",)), ("clerk", ("clerk",))):
        assert lists(faulty, faulty.as_(who, *roles)) == [an, binh]
        assert lists(faulty, faulty.as_(who, *roles), page_size=1) == [an, binh]
    assert lists(faulty, faulty.as_("an")) == [an]
    assert lists(faulty, faulty.as_("head")) == []
    assert refused(lists, faulty, faulty.as_("head"), person_id="an")[:2] == (DENIED, "NOT_YOURS")
    assert lists(faulty, faulty.as_("boss"), state=pb.CAUSE_STATE_REFUSED) == [binh]
    assert lists(faulty, faulty.as_("boss"), person_id="binh") == [binh]
    assert lists(faulty, faulty.as_("boss"), waiting_for_me=True) == [an]
    assert lists(faulty, faulty.as_("an"), waiting_for_me=True) == []
    assert lists(faulty, faulty.clerk, waiting_for_me=True) == []


def test_a_claim_cites_evidence_which_then_stays(faulty: Ward) -> None:
    attach = evidence_pb2.AttachEvidenceRequest(
        ward_id=faulty.id, person_id="an", month=MONTH, task_id="T1", link="https://kttv.gov.vn/bao-3"
    )
    evidence_id = faulty.as_("an").AttachEvidence(attach).evidence.evidence_id

    assert list(claims(faulty, evidence_ids=[evidence_id]).evidence_ids) == ["T1/1"]
    withdraw = evidence_pb2.WithdrawEvidenceRequest(
        ward_id=faulty.id, person_id="an", month=MONTH, evidence_id=evidence_id, reason="thôi"
    )
    assert refused(faulty.as_("an").WithdrawEvidence, withdraw)[:2] == (BLOCKED, "EVIDENCE_CITED")


@pytest.mark.parametrize(
    ("given", "code", "reason", "field"),
    [
        ({"deadlines": 2}, INVALID, "BAD_CLAIM", "deadlines"),
        ({"deadlines": 0}, INVALID, "BAD_CLAIM", "reviews"),
        ({"cause": " "}, INVALID, "BAD_CLAIM", "cause"),
        ({"evidence_ids": ["T1/1"]}, INVALID, "BAD_CLAIM", "evidence_ids[0]"),
        ({"fault_id": "F9"}, MISSING, "UNKNOWN_FAULT", ""),
        ({"task_id": "T9"}, MISSING, "UNKNOWN_FAULT", ""),
        ({"fault_id": ""}, INVALID, "BAD_ID", "fault_id"),
    ],
)
def test_bad_claims_are_refused_and_named(
    faulty: Ward, given: dict[str, Any], code: grpc.StatusCode, reason: str, field: str
) -> None:
    found = refused(claims, faulty, **given)

    assert (*found[:2], found[2].get("field", "")) == (code, reason, field)


def test_after_the_decision_nothing_is_claimed_or_answered(faulty: Ward) -> None:
    claims(faulty, by=faulty.as_("binh"), person_id="binh")
    faulty.decided("an")
    faulty.decided("binh")

    assert refused(claims, faulty)[:2] == (BLOCKED, "MONTH_DECIDED")
    assert refused(refuses, faulty, faulty.as_("boss"), person_id="binh")[:2] == (BLOCKED, "MONTH_DECIDED")
    assert lists(faulty, faulty.as_("boss"), waiting_for_me=True) == []


def test_a_cause_is_confirmed_without_a_claim_as_before(faulty: Ward) -> None:
    confirms(faulty, faulty.as_("boss"), excused_reviews=2)

    assert announced(faulty) == [(0, 0), (2, 1)]
    assert lists(faulty, faulty.as_("boss")) == []


def test_signed_paper_in_a_workbook_answers_the_claim(faulty: Ward) -> None:
    """R-8: in the name of the authority on the paper; the other claims of the month stay open."""
    claims(faulty)
    claims(faulty, by=faulty.as_("binh"), person_id="binh")
    paper = {**EXCUSED, "confirmed_by": "boss", "confirmed_on": date(2026, 3, 23)}
    result = {"person_id": "an", "task_id": "T1", "accepted": Decimal(2)}

    done = faulty.imports(by=faulty.clerk, results=[result], faults=[paper])

    assert done.applied, done.errors
    assert lists(faulty, faulty.as_("boss")) == [
        ("an", 1, pb.CAUSE_STATE_CONFIRMED),
        ("binh", 1, pb.CAUSE_STATE_REQUESTED),
    ]
    [answered] = faulty.events(events.ObjectiveCauseAnswered)
    assert (answered.cause.answered_by, answered.cause.excused_deadlines) == ("boss", 1)
    assert faulty.imports(by=faulty.clerk, results=[result], faults=[paper]).applied
    assert len(faulty.events(events.ObjectiveCauseAnswered)) == 1


def test_an_organizers_workbook_answers_as_the_organizer_does(faulty: Ward) -> None:
    """R-8, R-32: his own word only, on his office's authority, and never of a day to come."""
    claims(faulty)
    office = faulty.as_("to-chuc", "clerk", "organizer")
    result = {"person_id": "an", "task_id": "T1", "accepted": Decimal(2)}
    own = {**EXCUSED, "confirmed_by": "to-chuc"}
    tomorrow = legal_day(now()) + timedelta(days=1)
    for by, given, column in (
        (faulty.clerk, own, "Người xác nhận"),
        (faulty.as_("to-chuc", "clerk"), own, "Người xác nhận"),
        (office, own | {"confirmed_on": tomorrow}, "Ngày xác nhận"),
    ):
        [error] = faulty.imports(by=by, results=[result], faults=[given]).errors
        assert (error.sheet, error.column) == ("faults", column)

    assert faulty.imports(by=office, results=[result], faults=[own]).applied

    [answered] = faulty.events(events.ObjectiveCauseAnswered)
    assert (answered.cause.answered_by, answered.cause.excused_deadlines) == ("to-chuc", 1)
    with faulty.service.sessions() as session:
        whose = session.execute(
            text(
                "SELECT actor_id, authority_id FROM audit_entry"
                " WHERE ward_id = :ward AND action = 'confirm_objective_cause'"
            ),
            {"ward": faulty.id},
        ).all()
    assert [tuple(each) for each in whose] == [("to-chuc", "@organizer")]
    # Another clerk takes the same file in: what stands is nobody's new word.
    assert faulty.imports(by=faulty.clerk, results=[result], faults=[own]).applied
    assert len(faulty.events(events.ObjectiveCauseAnswered)) == 1


def test_what_was_done_stands_in_the_log(faulty: Ward) -> None:
    """R-32: on whose authority, and the answer with its reason."""
    claims(faulty, by=faulty.clerk)
    refuses(faulty, faulty.organizer)
    claims(faulty)
    confirms(faulty, faulty.as_("boss"))

    with faulty.service.sessions() as session:
        rows = session.execute(
            text(
                "SELECT action, actor_id, authority_id, after FROM audit_entry"
                " WHERE ward_id = :ward AND subject_kind = 'objective_cause' ORDER BY number"
            ),
            {"ward": faulty.id},
        ).all()
    assert [row[:3] for row in rows] == [
        ("request_objective_cause", "clerk", "an"),
        ("refuse_objective_cause", "organizer", "@organizer"),
        ("request_objective_cause", "an", "an"),
        ("confirm_objective_cause", "boss", "boss"),
    ]
    assert "Bão tan từ ngày 10" in rows[1].after
    assert '"number":2' in rows[3].after
