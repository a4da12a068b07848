"""R-2: the check of a month, who decides whom, delegations; R-26, R-42: who is waited for, and told."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest

from approval.usecases import watching
from approval.worker import ApprovalWorker
from chassis.days import Month, end_of_day
from kpi.approval.v1 import approval_pb2 as pb
from kpi.scoring.v1 import scoring_pb2
from kpi.types.v1 import types_pb2

from .ward import MONTH, WARD, OwnCaller, Ward, choose, refused


def findings(ward: Ward, month: str = MONTH, **fields: int) -> list[pb.Finding]:
    request = pb.CheckMonthRequest(ward_id=WARD, month=month, **fields)  # type: ignore[arg-type]
    return list(ward.organizer.CheckMonth(request).findings)


def told(ward: Ward) -> set[tuple[str, str]]:
    return {(each.code, each.person_id or each.unit_id) for each in findings(ward)}


def waiting(ward: Ward, caller: OwnCaller | None = None) -> dict[tuple[str, int], pb.Waiting]:
    request = pb.ListWaitingRequest(ward_id=WARD, month=MONTH)
    found = (caller or ward.organizer).ListWaiting(request).waiting
    return {(each.person_id, each.step): each for each in found}


def remind(ward: Ward, at: datetime) -> int:
    with ward.service.sessions.begin() as session:
        return watching.remind(session, ward_id=ward.id, month=MONTH, at=at)


def reminded(ward: Ward) -> set[tuple[str, str]]:
    return {
        (each["person_id"], each["kind"].removeprefix("REMINDER_KIND_"))
        for each in ward.announced("DeadlineReminded")
        if each["step"] == "STEP_SELF_ASSESSMENT"
    }


SELF_DUE = end_of_day(Month.parse(MONTH).day(8))
"""December's self-assessment is due before the 9th."""


# -- The check --------------------------------------------------------------------------------------------


def test_r2_a_sound_ward_has_only_the_city_s_results_to_wait_for(ward: Ward) -> None:
    reply = ward.organizer.CheckMonth(pb.CheckMonthRequest(ward_id=WARD, month=MONTH))

    assert {(each.code, each.person_id) for each in reply.findings} == {
        ("external_result", "bt"),
        ("external_result", "ct"),
    }
    assert (reply.people, reply.blocking, reply.policy) == (9, 0, "phuc-loi@1")


def test_r2_the_city_s_result_on_record_is_awaited_no_more(ward: Ward) -> None:
    request = pb.RecordExternalResultRequest(
        ward_id=WARD, month=MONTH, person_id="bt", grade=types_pb2.GRADE_B, document="312-TB/TU"
    )
    ward.organizer.RecordExternalResult(request)

    assert told(ward) == {("external_result", "ct")}


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        (
            [("vp-truong", {"active": False})],
            {("no_holder", "vp-1"), ("vacancy", "vp"), ("superior_away", "vp-2")},
        ),
        ([("vp-2", {"post": "unit_head"})], {("several_holders", "vp-1"), ("several_holders", "vp")}),
        ([("vp-1", {"superior_id": ""})], {("no_superior", "vp-1")}),
        ([("vp-1", {"superior_id": "nobody"})], {("superior_away", "vp-1")}),
        ([("vp-1", {"duty_group": ""})], {("no_group", "vp-1")}),
        ([("vp-1", {"unit_id": "xa"})], {("unknown_unit", "vp-1")}),
        (
            [("ct", {"active": False})],
            {("vacancy", ""), ("no_holder", "vp-truong"), ("no_holder", "th-truong")},
        ),
        (
            [("vp-pho", {"superior_id": "vp-1"})],
            {("superior_cycle", "vp-1")},
        ),
        ([("vp-1", {"post": "mass_org_deputy"})], {("no_holder", "vp-1")}),
    ],
    ids=[
        "head left",
        "two heads",
        "no superior",
        "superior away",
        "no group",
        "no unit",
        "no chair",
        "circle",
        "post",
    ],
)
def test_r2_each_gap_is_found(
    ward: Ward, news: list[tuple[str, dict[str, object]]], expected: set[tuple[str, str]]
) -> None:
    ward.hear(*(ward.person(each, **fields) for each, fields in news))

    assert expected <= told(ward)
    for each in findings(ward):
        assert each.reason
        assert each.remedy
        assert "{" not in each.reason + each.remedy


def test_r2_a_delegate_who_left_is_found(ward: Ward) -> None:
    ward.organizer.Delegate(
        pb.DelegateRequest(
            ward_id=WARD, from_person_id="vp-truong", to_person_id="vp-2",
            from_day="2090-12-01", to_day="2090-12-31", document="7/UQ",
        )
    )  # fmt: skip
    ward.hear(ward.person("vp-2", active=False))

    assert ("delegate_away", "vp-2") in told(ward)


def test_a_month_that_is_not_open_is_checked_and_opened_strictly(ward: Ward) -> None:
    ward.hear(ward.person("vp-truong", active=False))
    later = "2091-01"

    def open_(*, strict: bool) -> pb.OpenMonthResponse:
        request = pb.OpenMonthRequest(ward_id=WARD, month=later, strict=strict)
        found: pb.OpenMonthResponse = ward.organizer.OpenMonth(request)
        return found

    code, reason, facts = refused(open_, strict=True)
    assert (code, reason) == (grpc.StatusCode.FAILED_PRECONDITION, "MONTH_HAS_GAPS")
    assert int(facts["count"]) == len(findings(ward, later, severity=pb.SEVERITY_BLOCKING))

    opened = open_(strict=False)
    assert opened.finding_count == int(facts["count"])
    assert {each.code for each in opened.findings} == {"no_holder"}


def test_findings_come_in_pages(ward: Ward) -> None:
    ward.hear(ward.person("vp-truong", active=False), ward.person("vp-1", duty_group=""))
    whole = findings(ward)
    request = pb.CheckMonthRequest(ward_id=WARD, month=MONTH, page_size=1)
    paged = []
    while True:
        reply = ward.organizer.CheckMonth(request)
        paged.extend(reply.findings)
        if not reply.next_page_token:
            break
        request.page_token = reply.next_page_token

    assert paged == whole
    assert [each.severity for each in whole] == sorted(each.severity for each in whole)


def test_r2_the_table_is_resolved_to_persons_with_its_basis(ward: Ward) -> None:
    def competences(caller: OwnCaller) -> dict[str, pb.Competence]:
        reply = caller.ListCompetence(pb.ListCompetenceRequest(ward_id=WARD, month=MONTH))
        return {each.person_id: each for each in reply.competences}

    everybody = competences(ward.organizer)
    assert {who: each.decider_id for who, each in everybody.items()} == {
        "bt": "", "ct": "", "vp-truong": "ct", "th-truong": "ct", "th-1": "th-truong",
        "vp-pho": "vp-truong", "vp-1": "vp-truong", "vp-2": "vp-truong", "vp-3": "vp-truong",
    }  # fmt: skip
    assert everybody["bt"].external
    assert everybody["vp-1"].basis.startswith("HD II.3")
    assert everybody["vp-1"].reviewer_id == "vp-pho"
    # staff see themselves and those below.
    assert set(competences(ward.as_("vp-1"))) == {"vp-1"}
    assert set(competences(ward.as_("vp-pho"))) == {"vp-pho", "vp-1"}


def test_r2_delegations_are_listed_and_a_repeated_one_is_one(ward: Ward) -> None:
    request = pb.DelegateRequest(
        ward_id=WARD, from_person_id="vp-truong", to_person_id="vp-pho",
        from_day="2090-12-01", to_day="2090-12-10", document="7/UQ", request_id="r-1",
    )  # fmt: skip
    first = ward.organizer.Delegate(request).delegation_id
    assert ward.organizer.Delegate(request).delegation_id == first

    def listed(caller: OwnCaller, day: str = "") -> list[str]:
        reply = caller.ListDelegations(pb.ListDelegationsRequest(ward_id=WARD, day=day))
        return [each.delegation_id for each in reply.delegations]

    assert listed(ward.organizer) == [first]
    assert listed(ward.organizer, "2090-12-11") == []
    assert listed(ward.as_("vp-pho")) == [first]
    assert listed(ward.as_("vp-1")) == []


# -- Waiting and reminders --------------------------------------------------------------------------------


def test_r26_whom_everybody_waits_for(ward: Ward) -> None:
    ward.assess("vp-1", "vp-2", "vp-3")
    ward.remark("vp-2")
    found = waiting(ward)

    assert found["vp-pho", pb.STEP_REMARKS].about_ids == ["vp-1"]
    assert found["vp-truong", pb.STEP_REMARKS].about_ids == ["vp-3"]
    assert found["vp-truong", pb.STEP_DECISION].about_ids == ["vp-2"]
    assert found["th-1", pb.STEP_SELF_ASSESSMENT].last_day == "2090-12-08"
    assert found["", pb.STEP_DECISION].count == 2
    assert not any(each.late for each in found.values())
    # staff see themselves and those below.
    assert set(waiting(ward, ward.as_("th-truong"))) == {
        ("th-truong", pb.STEP_SELF_ASSESSMENT),
        ("th-1", pb.STEP_SELF_ASSESSMENT),
    }


def test_r42_people_are_reminded_before_and_after_then_the_superior_then_his_superior(ward: Ward) -> None:
    ward.assess("vp-1", "vp-2", "vp-3", "vp-pho", "vp-truong")
    remind(ward, SELF_DUE - timedelta(days=4))
    assert reminded(ward) == set()

    remind(ward, SELF_DUE - timedelta(days=3))
    assert reminded(ward) == {("th-1", "BEFORE"), ("th-truong", "BEFORE")}

    remind(ward, SELF_DUE)
    assert reminded(ward) >= {("th-1", "PASSED"), ("th-truong", "PASSED")}

    remind(ward, SELF_DUE + timedelta(days=1))
    assert ("th-truong", "SUPERIOR") in reminded(ward)
    assert ("ct", "SUPERIOR") in reminded(ward)
    assert ("bt", "ABOVE") not in reminded(ward)

    remind(ward, SELF_DUE + timedelta(days=2))
    assert {("ct", "ABOVE"), ("bt", "ABOVE")} <= reminded(ward)

    late = waiting(ward)["th-1", pb.STEP_SELF_ASSESSMENT]
    assert [each.person_id for each in late.told] == ["th-1", "th-1", "th-truong", "ct"]


def test_r42_the_city_s_overdue_result_is_reminded_to_whoever_opened_the_month(ward: Ward) -> None:
    """R-2, R-26: an account that holds no post has no inbox, so the chair is told; then whoever is above."""
    due = end_of_day(Month.parse(MONTH).day(12))
    remind(ward, due)
    remind(ward, due + timedelta(days=1))
    told = {
        (each["person_id"], each["kind"]): each
        for each in ward.announced("DeadlineReminded")
        if each["step"] == "STEP_DECISION"
    }

    assert told["ct", "REMINDER_KIND_PASSED"]["count"] == 2
    assert not told["ct", "REMINDER_KIND_PASSED"]["late_ids"]
    assert told["bt", "REMINDER_KIND_SUPERIOR"]["late_names"] == ["Họ Tên ct"]
    listed = waiting(ward)["", pb.STEP_DECISION]
    assert [each.person_id for each in listed.told] == ["ct", "bt"]


def test_r42_the_publication_is_reminded_too(ward: Ward) -> None:
    """R-26: what was decided waits for the organizer, who holds a post here."""
    ward.hear(ward.person("to-chuc", superior_id="ct"))
    ward.organizer.RecordExternalResult(
        pb.RecordExternalResultRequest(
            ward_id=WARD,
            month=MONTH,
            person_id="ct",
            grade=types_pb2.GRADE_B,
            document="12/QĐ-UBND",
        )
    )
    due = end_of_day(Month.parse(MONTH).day(14))
    remind(ward, due)
    told = [each for each in ward.announced("DeadlineReminded") if each["step"] == "STEP_PUBLICATION"]

    assert [(each["person_id"], each["kind"], each["count"]) for each in told] == [
        ("to-chuc", "REMINDER_KIND_PASSED", 1)
    ]
    assert [each.person_id for each in waiting(ward)["", pb.STEP_PUBLICATION].told] == ["to-chuc"]


def test_r42_nobody_is_told_twice_for_one_cause(ward: Ward) -> None:
    assert remind(ward, SELF_DUE)
    assert remind(ward, SELF_DUE + timedelta(minutes=1)) == 0
    before = len(ward.announced("DeadlineReminded"))
    remind(ward, SELF_DUE + timedelta(minutes=2))

    assert len(ward.announced("DeadlineReminded")) == before


def unassigned(ward: Ward) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (each["person_id"], tuple(each.get("late_ids", ())))
        for each in ward.announced("DeadlineReminded")
        if each["kind"] == "REMINDER_KIND_NOTHING_ASSIGNED"
    ]


def test_r14_the_superior_is_told_once_of_those_who_have_nothing_assigned(ward: Ward) -> None:
    """Not early in the month; not again when a score is computed anew; whoever follows, at the deadline."""
    nothing = {"status": scoring_pb2.SCORE_STATUS_INSUFFICIENT_DATA, "proposed_grade": 0}
    ward.hear(*(ward.score(each, "", **nothing) for each in ("vp-2", "vp-truong", "bt")))
    ward.hear(ward.score("vp-3", "80"))
    remind(ward, SELF_DUE - timedelta(days=4))
    assert unassigned(ward) == []

    remind(ward, SELF_DUE - timedelta(days=3))
    first = [("ct", ("vp-truong",)), ("vp-2", ()), ("vp-truong", ()), ("vp-truong", ("vp-2",))]
    assert unassigned(ward) == first
    assert waiting(ward)["vp-2", pb.STEP_SELF_ASSESSMENT].told[0].kind == pb.REMINDER_KIND_BEFORE

    ward.hear(*(ward.score(each, "", **nothing) for each in ("vp-2", "vp-3")))
    remind(ward, SELF_DUE - timedelta(days=2))
    assert unassigned(ward) == first
    remind(ward, SELF_DUE)
    assert unassigned(ward) == [*first, ("vp-3", ()), ("vp-truong", ("vp-3",))]
    remind(ward, SELF_DUE + timedelta(days=5))
    assert len(unassigned(ward)) == len(first) + 2


def test_r14_who_is_set_aside_is_not_told_of(ward: Ward) -> None:
    nothing = {"status": scoring_pb2.SCORE_STATUS_INSUFFICIENT_DATA, "proposed_grade": 0}
    ward.hear(ward.score("th-1", "", **nothing))
    ward.as_("th-truong").SetNotEvaluated(
        pb.SetNotEvaluatedRequest(ward_id=WARD, month=MONTH, person_id="th-1", reason="đi học")
    )
    remind(ward, SELF_DUE)

    assert unassigned(ward) == []


def test_the_worker_looks_at_every_open_month(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("approval.worker.days.now", lambda: SELF_DUE)

    assert ApprovalWorker().reminders(ward.service.sessions) is False
    assert ("th-1", "PASSED") in reminded(ward)


def test_r26_an_extended_deadline_is_another_one(ward: Ward) -> None:
    remind(ward, SELF_DUE)
    ward.organizer.ExtendDeadline(
        pb.ExtendDeadlineRequest(
            ward_id=WARD,
            month=MONTH,
            step=pb.STEP_SELF_ASSESSMENT,
            last_day="2090-12-10",
            reason="mất điện",
        )
    )
    assert waiting(ward)["th-1", pb.STEP_SELF_ASSESSMENT].extension_reason == "mất điện"
    remind(ward, SELF_DUE + timedelta(days=2))

    days = [
        each["last_day"] for each in ward.announced("DeadlineReminded") if each["kind"].endswith("PASSED")
    ]
    assert set(days) == {"2090-12-08", "2090-12-10"}


def test_r26_a_month_opened_after_its_deadlines_reminds_nobody_of_them(service: object) -> None:
    late = Ward(service, "2026-03")  # type: ignore[arg-type]
    late.settle()
    with late.service.sessions.begin() as session:
        count = watching.remind(session, ward_id=late.id, month="2026-03", at=datetime.now(UTC))

    assert count == 0
    found = late.organizer.ListWaiting(
        pb.ListWaitingRequest(ward_id=WARD, month="2026-03", late=True)
    ).waiting
    assert {each.person_id for each in found} >= {"vp-1", "th-1"}
    assert all(each.days_late > 200 for each in found if each.step == pb.STEP_SELF_ASSESSMENT)


def test_an_appeal_to_be_answered_waits_too(ward: Ward) -> None:
    """R-30."""
    totals = {"th-1": "66.00", "th-truong": "75.00"}
    ward.prepare(totals)
    ward.decide("th-truong", [choose("th-1")])
    ward.decide("ct", [choose("th-truong")])
    ward.publish("th")
    ward.as_("th-1").SubmitAppeal(pb.SubmitAppealRequest(ward_id=WARD, month=MONTH, text="xin xem lại"))

    found = waiting(ward)["ct", pb.STEP_APPEAL]
    assert found.about_ids == ["th-1"]
    assert found.last_day


def test_the_policies_in_force_are_shown_with_an_evaluation_and_its_decision(ward: Ward) -> None:
    ward.prepare({"th-1": "66.00"})
    ward.decide("th-truong", [choose("th-1")])
    found = ward.evaluation("th-1")

    assert found.policy == "phuc-loi@1"
    assert found.score_policy == "default@1"
    assert (found.decision.policy, found.decision.score_policy) == ("phuc-loi@1", "default@1")
    assert ward.evaluation("th-1", ward.clerk).score_policy == ""
