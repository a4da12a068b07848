"""The example quarter, played embedded and held against what was reckoned without the product."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis import auth
from kpi.approval.v1 import approval_pb2 as approval
from kpi.planning.v1 import causes_pb2 as causes
from kpi.planning.v1 import evidence_pb2 as evidence
from kpi.planning.v1 import okr_pb2 as okr
from kpi.planning.v1 import planning_pb2 as planning
from kpi.planning.v1 import unit_plans_pb2 as unit_plans
from kpi.planning.v1 import weeks_pb2 as weeks
from kpi.reward.v1 import reward_pb2 as reward
from kpi.scoring.v1 import scoring_pb2 as scoring
from kpi.types.v1 import types_pb2 as types
from kpi_cli.client import Platform
from kpi_cli.demo.month import FINANCE, ORGANIZER, Month
from kpi_cli.demo.quarter import Quarter
from kpi_cli.demo.story import QuarterStory
from kpi_cli.stack import Stack, embedded_environment

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "binh-minh-quarter"
WARD = "binh-minh"

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarter]:
    """The quarter, played to its end; the stack still runs."""
    state = tmp_path_factory.mktemp("quarter")

    def token(person_id: str, roles: tuple[str, ...]) -> str:
        return auth.issue(
            state,
            person_id=person_id,
            wards=[WARD],
            roles=roles,
            at=datetime.now(UTC),
            lifetime=timedelta(hours=2),
        )

    with Stack(state=state, environment=embedded_environment(state), ports="free") as stack:
        platform = Platform(stack.grpc)
        played = Quarter(QuarterStory.read(EXAMPLE / "quarter.json"), platform, token, state / "out")
        for step in played.steps():
            step.run()
        yield played
        platform.close()


@pytest.fixture(scope="module")
def expected() -> dict[str, dict[str, dict[str, str]]]:
    """Rows of the file, by period and person."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    with (EXAMPLE / "expected.csv").open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            found.setdefault(row["period"], {})[row["person_id"]] = row
    return found


def of(quarter: Quarter, month: str) -> Month:
    [found] = [each for each in quarter.months if each.story.month == month]
    return found


def letter(grade: int) -> str:
    return types.Grade.Name(grade)[-1] if grade else ""  # type: ignore[arg-type]


def mark(outcome: int) -> str:
    name = scoring.QuotaOutcome.Name(outcome)  # type: ignore[arg-type]
    return name.removeprefix("QUOTA_OUTCOME_").lower().removeprefix("unspecified")


@pytest.mark.parametrize("month", ["2026-10", "2026-11", "2026-12"])
def test_every_month_comes_out_as_reckoned_by_hand(
    quarter: Quarter, expected: dict[str, dict[str, dict[str, str]]], month: str
) -> None:
    """R-11 to R-22, R-28, R-30, R-35, R-39: totals, bands, the quota, the decided grades, the money."""
    played = of(quarter, month)
    grades = {each.person_id: letter(each.grade) for each in played.grades()}
    amounts = quarter.amounts(month)
    adjusted = {each.person_id: each.difference for each in quarter.adjustments.get(month, ())}
    found = {
        each.person_id: {
            "period": month,
            "person_id": each.person_id,
            "unit": each.unit_id,
            "status": scoring.ScoreStatus.Name(each.status).removeprefix("SCORE_STATUS_").lower(),
            "total": each.total,
            "band": letter(each.band),
            "mark": mark(each.quota),
            "grade": grades[each.person_id],
            "amount": str(amounts[each.person_id]),
            "adjusted": str(adjusted.get(each.person_id, "")),
        }
        for each in played.scores()
    }
    assert found == expected[month]


def test_the_quarter_is_the_mean_with_a_class_and_a_quota_of_its_own(
    quarter: Quarter, expected: dict[str, dict[str, dict[str, str]]]
) -> None:
    """R-24: a month that is not evaluated counts nowhere, and who moved competes where he ended."""
    found = {
        each.person_id: (
            each.unit_id,
            each.total,
            letter(each.band),
            mark(each.quota),
            letter(each.proposed_grade),
        )
        for each in quarter.periods()
    }
    assert found == {
        person_id: (row["unit"], row["total"], row["band"], row["mark"], row["grade"])
        for person_id, row in expected[quarter.story.period].items()
    }


def test_the_upheld_appeal_made_a_new_decision_and_a_later_version_of_the_record(quarter: Quarter) -> None:
    """R-30, R-31: what was issued before stays."""
    organizer = of(quarter, "2026-11").as_(ORGANIZER, "organizer").approval
    found = organizer.GetEvaluation(
        approval.GetEvaluationRequest(ward_id=WARD, month="2026-11", person_id="BM-14")
    )
    decision = found.evaluation.decision
    assert (decision.revision, letter(decision.grade)) == (2, "B")
    assert (decision.decided_by, decision.document) == ("BM-02", "05/TB-UBND ngày 09/12/2026")
    request = approval.ListRecordsRequest(ward_id=WARD, month="2026-11", page_size=1000)
    versions = [
        each.version
        for each in organizer.pages("ListRecords", request, "records")
        if each.person_id == "BM-14" and each.format == approval.RECORD_FORMAT_PDF
    ]
    assert sorted(versions) == [1, 2]


def test_the_money_followed_the_appeal_and_touched_nobody_else(quarter: Quarter) -> None:
    """R-33, R-39: the run stays as it was posted; the difference is a run of its own."""
    month = of(quarter, "2026-11")
    [adjustment] = quarter.adjustments["2026-11"]
    paid = quarter.amounts("2026-11")
    assert sum(paid.values()) == month.story.fund["amount"]
    assert (adjustment.person_id, adjustment.before) == ("BM-14", paid["BM-14"])
    assert (letter(adjustment.grade_before), letter(adjustment.grade_after)) == ("C", "B")
    finance = month.as_(FINANCE, "finance").reward
    [fund] = [
        each
        for each in finance.ListFunds(reward.ListFundsRequest(ward_id=WARD)).funds
        if month.story.adjustment_fund and each.fund_id == month.story.adjustment_fund["fund_id"]
    ]
    assert fund.balance == fund.amount - adjustment.difference
    assert finance.ListEntries(reward.ListEntriesRequest(ward_id=WARD)).imbalance == 0


def test_who_was_transferred_has_another_superior_and_another_decider_since(quarter: Quarter) -> None:
    """R-1, R-2."""
    posts = [
        next(each for each in month.people() if each.person_id == "BM-17") for month in quarter.months[:2]
    ]
    assert [(each.unit_id, each.superior_id) for each in posts] == [("VP", "BM-10"), ("KT", "BM-20")]
    deciders = [
        next(each.decision.decided_by for each in month.evaluations() if each.person_id == "BM-17")
        for month in quarter.months
    ]
    assert deciders == ["BM-10", "BM-20", "BM-20"]


def test_the_amended_plan_was_approved_again_and_both_versions_are_kept(quarter: Quarter) -> None:
    """R-5, R-7: what was withdrawn counts in neither sum."""
    organizer = of(quarter, "2026-11").as_(ORGANIZER, "organizer").planning
    versions = organizer.ListPlanVersions(
        planning.ListPlanVersionsRequest(ward_id=WARD, month="2026-11", person_id="BM-22")
    ).plans
    assert [each.state for each in versions] == [planning.PLAN_STATE_SUPERSEDED, planning.PLAN_STATE_APPROVED]
    kinds = [{task.task_id: task.kind for task in each.tasks} for each in versions]
    assert kinds[0]["T4"] == types.TASK_KIND_PLANNED
    assert kinds[1]["T4"] == types.TASK_KIND_WITHDRAWN
    assert set(kinds[1]) - set(kinds[0]) == {"T5"}


def test_the_delegate_decided_on_the_chair_s_authority_but_not_about_himself(quarter: Quarter) -> None:
    """R-2, R-27."""
    decided = {each.person_id: each.decision for each in of(quarter, "2026-12").evaluations()}
    for head in ("BM-10", "BM-20"):
        assert (decided[head].decided_by, decided[head].authority_id) == ("BM-03", "BM-02")
    assert decided["BM-03"].decided_by == "BM-02"


def test_what_the_city_decided_stands_with_its_documents(quarter: Quarter) -> None:
    """R-2."""
    for month in quarter.months:
        decided = {each.person_id: each.decision for each in month.evaluations() if each.external}
        assert {id_: (letter(each.grade), each.document) for id_, each in decided.items()} == {
            each["person_id"]: (each["grade"], each["document"]) for each in month.story.external
        }


def test_the_objectives_roll_up_by_weight(quarter: Quarter) -> None:
    """R-6: (8 - 5) / 6; (40 - 22) / 30 by weight 3 and 8 / 8 by weight 1; the mean of both."""
    clerk = of(quarter, "2026-11").as_("van-thu", "clerk").planning
    listed = clerk.ListObjectives(okr.ListObjectivesRequest(ward_id=WARD, period="2026-Q4")).objectives
    assert {each.objective_id: each.progress for each in listed} == {
        "BM-21-10": "1.000000",
        "BM-Q4": "0.600000",
        "KT-Q4": "0.700000",
    }


def test_the_unit_s_plan_is_approved_by_the_head_s_superior(quarter: Quarter) -> None:
    """R-5."""
    month = of(quarter, "2026-10")
    plan = (
        month.as_("BM-20")
        .planning.GetUnitPlan(unit_plans.GetUnitPlanRequest(ward_id=WARD, unit_id="KT", month="2026-10"))
        .plan
    )
    assert (plan.state, plan.decided_by) == (planning.PLAN_STATE_APPROVED, "BM-03")
    assert [(each.item_id, each.lead_person_id) for each in plan.items] == [
        ("V01", "BM-21"),
        ("V02", "BM-24"),
    ]


def test_the_week_is_drawn_from_the_plan_and_moved_by_hand(quarter: Quarter) -> None:
    """R-5: what falls due in the week stands in it, the edited task on its own days."""
    caller = of(quarter, "2026-10").as_("BM-21").planning
    request = weeks.GetWeekRequest(ward_id=WARD, person_id="BM-21", week="2026-W43")
    found = {
        each.task_id: (each.edited, list(each.days), each.note)
        for each in caller.GetWeek(request).week.entries
    }
    assert found == {
        "T1": (True, ["2026-10-19", "2026-10-20"], "Đi hiện trường cùng tổ dân phố"),
        "T2": (False, ["2026-10-20"], ""),
        "T3": (False, ["2026-10-20"], ""),
    }


def test_what_was_handed_over_stands_in_both_plans_and_ad_hoc_work_in_one(quarter: Quarter) -> None:
    """R-7."""

    def lines(month: str, person_id: str) -> dict[str, tuple[str, str, str]]:
        caller = of(quarter, month).as_(ORGANIZER, "organizer").planning
        plan = caller.GetPlan(planning.GetPlanRequest(ward_id=WARD, month=month, person_id=person_id)).plan
        return {
            each.task_id: (types.TaskKind.Name(each.kind)[len("TASK_KIND_") :], each.quantity, each.accepted)
            for each in plan.tasks
        }

    given, taken, extra = lines("2026-10", "BM-15"), lines("2026-10", "BM-16"), lines("2026-11", "BM-13")
    assert (given["T1"], given["T1.2"][:2]) == (("PLANNED", "10", "10"), ("HANDED_OVER", "2"))
    assert taken["T1.2"] == ("TAKEN_OVER", "2", "2")
    assert extra["DX1"] == ("EXTRA", "1", "1")


def test_a_claim_with_its_file_was_confirmed_and_another_refused(quarter: Quarter) -> None:
    """R-8: only what an authority other than the person confirmed is excused."""
    caller = of(quarter, "2026-10").as_(ORGANIZER, "organizer").planning
    request = causes.ListObjectiveCausesRequest(ward_id=WARD, month="2026-10", page_size=100)
    found = {each.person_id: each for each in caller.pages("ListObjectiveCauses", request, "causes")}
    states = {id_: causes.CauseState.Name(each.state)[len("CAUSE_STATE_") :] for id_, each in found.items()}
    assert states == {"BM-13": "CONFIRMED", "BM-24": "REFUSED"}
    [evidence_id] = found["BM-13"].evidence_ids
    shown = caller.GetEvidence(
        evidence.GetEvidenceRequest(ward_id=WARD, month="2026-10", person_id="BM-13", evidence_id=evidence_id)
    )
    content = b"".join(each.chunk for each in shown)
    assert "77/TB-ĐL" in content.decode("utf-8")


def test_the_extended_deadline_is_on_record(quarter: Quarter) -> None:
    """R-26."""
    caller = of(quarter, "2026-10").as_(ORGANIZER, "organizer").approval
    month = caller.GetMonth(approval.GetMonthRequest(ward_id=WARD, month="2026-10")).month
    days = {each.step: each.last_day for each in month.deadlines}
    assert (days[approval.STEP_REMARKS], days[approval.STEP_DECISION]) == ("2026-10-27", "2026-10-27")


def test_the_planner_warns_of_groups_that_can_have_no_a(quarter: Quarter) -> None:
    """R-21: five advisers are too few from November on; six experts are enough, and a decision helps five."""
    october, december = (
        {
            (scope.quota_scope, group.duty_group): group
            for scope in month.as_(ORGANIZER, "organizer")
            .scoring.PlanQuota(scoring.PlanQuotaRequest(ward_id=WARD, month=month.story.month))
            .scopes
            for group in scope.groups
        }
        for month in (quarter.months[0], quarter.months[2])
    )
    advisers, experts = ("VP", "Chuyên viên tham mưu"), ("KT", "Chuyên viên chuyên ngành")
    assert [(each[advisers].headcount, each[advisers].limit_at_best) for each in (october, december)] == [
        (6, 1),
        (5, 0),
    ]
    assert [(each[experts].headcount, each[experts].limit_at_best) for each in (october, december)] == [
        (5, 0),
        (6, 1),
    ]
    assert (december[experts].base, december[experts].limit, december[experts].tied_places) == (5, 1, 1)
    assert list(december[experts].tied_ids) == ["BM-21", "BM-23"]
    assert october[experts].least_for_one == 6
