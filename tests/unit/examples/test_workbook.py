"""The example month: made again byte for byte, and all its special cases are really there."""

import csv
import importlib
import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from approval.domain import person as approval_person
from approval.domain.competence import resolve
from approval.policies import built_in
from approval.usecases import imports as assessments
from chassis.sheets import Table, read
from planning.wire import layout
from scoring.domain.policy import DEFAULT
from scoring.domain.score import score_month

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "phuc-loi"
WORKBOOK, STORY, EXPECTED = "phuc-loi-2026-03.xlsx", "month.json", "expected.csv"


class Made:
    """The generator's own values, and what the services' rules make of them."""

    def __init__(self) -> None:
        self.outcomes: Any = importlib.import_module("phuc_loi.outcome")
        self.month: Any = importlib.import_module("phuc_loi.month").march()
        self.outcome: Any = self.outcomes.outcome(self.month)
        self.by_id: dict[str, Any] = {each.person_id: each for each in self.month.people}

    def score(self, person_id: str) -> Any:
        return self.outcome.results[person_id].score

    def only(self, case: str) -> str:
        [found] = self.month.called(case)
        return str(found)


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(EXAMPLE))
        yield Made()


@pytest.fixture(scope="module")
def sheets() -> dict[str, Table]:
    content = (EXAMPLE / WORKBOOK).read_bytes()
    found = read(content, layout.SHEETS, file_name=WORKBOOK, passed_over=layout.OTHERS)
    criteria = built_in().criteria
    own = read(content, [assessments.sheet(criteria, own=True)], file_name=WORKBOOK, passed_over=None)
    assert [*found.errors.in_order(), *own.errors.in_order()] == []
    return {**found.tables, **own.tables}


def test_the_script_makes_the_committed_files_byte_for_byte(tmp_path: Path) -> None:
    subprocess.run([sys.executable, EXAMPLE / "make_workbook.py", tmp_path], check=True, capture_output=True)

    for name in (WORKBOOK, STORY, EXPECTED):
        assert (tmp_path / name).read_bytes() == (EXAMPLE / name).read_bytes(), f"make {name} again"


def test_the_readme_tells_the_counts_and_the_people(made: Made) -> None:
    text = (EXAMPLE / "README.md").read_text("utf-8")
    grades = Counter(made.outcome.grades.values())
    row = " | ".join(str(grades[grade]) for grade in ("A", "B", "C", "D", ""))
    assert f"| {row} |" in text
    bands = Counter(result.score.band for result in made.outcome.results.values() if result.score)
    assert f"{bands['A']} reach band A" in text
    assert f"{max(made.outcome.amounts.values()):,} is the most" in text.replace("\n", " ")
    assert f"{len(made.month.people)} people" in text
    assert f"{sum(map(len, made.month.tasks.values())):,} tasks" in text
    for person in made.month.people:
        assert not person.case or person.person_id in text, f"{person.person_id} ({person.case}) is not told"
    assert set(re.findall(r"PL-\d{3}", text)) <= made.by_id.keys()


# -- The people -------------------------------------------------------------------------------------------


def test_the_sheets_are_those_of_planning_and_approval(made: Made, sheets: dict[str, Table]) -> None:
    people = len(made.month.people)
    assert {name: len(table.rows) for name, table in sheets.items()} == {
        "ward": 1,
        "units": 12,
        "people": people,
        "catalogue": 371,
        "tasks": sum(len(tasks) for tasks in made.month.tasks.values()),
        "results": sum(task.accepted is not None for tasks in made.month.tasks.values() for task in tasks),
        "faults": sum(len(task.faults) for tasks in made.month.tasks.values() for task in tasks),
        "working_time": people,
        "assessments": people,
    }
    assert {row.text("person_id") for row in sheets["assessments"].rows} == made.by_id.keys()
    assert {row.text("kind") for row in sheets["units"].rows} == {
        "leadership",
        "party_body",
        "front",
        "council",
        "office",
        "centre",
        "school",
    }


def test_people_are_told_apart_and_paid_by_the_scale(made: Made) -> None:
    people = made.month.people
    assert 160 <= len(people) <= 180
    for part in ("person_id", "full_name", "email"):
        assert len({getattr(each, part) for each in people}) == len(people)
    assert all(each.email.endswith("@phuc-loi.example.org") for each in people)
    assert all(Decimal("2.34") <= each.salary <= Decimal("6.78") for each in people)
    assert {each.personnel_type for each in people} == {
        "cadre",
        "civil_servant",
        "public_employee",
        "contract_worker",
    }


def test_r2_somebody_decides_about_everybody(made: Made) -> None:
    people = made.month.people
    roster = approval_person.Roster.of(
        "2026-03",
        [
            approval_person.Person(
                each.person_id,
                each.full_name,
                each.unit.unit_id,
                each.post,
                leads=each.leader,
                superior_id=each.superior_id,
                in_charge_ids=each.in_charge,
            )
            for each in people
        ],
        [approval_person.Unit(each.unit.unit_id, each.unit.name, each.unit.kind) for each in people],
    )
    found = resolve(roster, built_in().competence)

    assert {person_id: each.told("en") for person_id, each in found.items() if each.problem} == {}
    city = [person_id for person_id, each in found.items() if each.external]
    assert city == made.month.called("external")
    assert [made.by_id[each].post for each in city] == [
        "party_secretary",
        "party_standing_deputy",
        "committee_chair",
    ]


def test_r16_leaders_have_people_in_charge_and_staff_have_none(made: Made) -> None:
    led = {each.superior_id for each in made.month.people}
    for each in made.month.people:
        assert each.superior_id or each.post == "party_secretary"
        assert each.leader or not each.in_charge
        assert each.in_charge or each.person_id not in led
        below = [other.person_id for other in made.month.people if other.superior_id == each.person_id]
        assert set(below) <= set(each.in_charge)


# -- Plans and results ------------------------------------------------------------------------------------


def test_r4_everybody_with_work_has_8_to_18_clear_tasks_in_the_window(made: Made) -> None:
    catalogue = {each.code: each for each in made.month.catalogue}
    for person_id, tasks in made.month.tasks.items():
        assert (len(tasks) == 0) == (person_id == made.only("no_work"))
        assert not tasks or 8 <= len(tasks) <= 18, person_id
        for task in tasks:
            assert date(2026, 2, 25) <= task.due_on <= date(2026, 3, 24)
            assert task.responsibility
            assert task.authority
            assert task.quantity > 0
            if task.code:
                assert task.coefficient == catalogue[task.code].coefficient
            else:
                assert task.work
                assert task.output
        codes = [task.code for task in tasks if task.code and task.kind != "taken_over"]
        assert len(codes) == len(set(codes)), person_id


def test_r3_the_catalogue_counts_in_units_of_five_points(made: Made) -> None:
    assert len(made.month.catalogue) == 371
    assert all(each.points == each.coefficient * 5 for each in made.month.catalogue)
    assert len({each.group for each in made.month.catalogue}) == 4


def test_r7_every_kind_of_task_is_there(made: Made) -> None:
    kinds = Counter(task.kind for tasks in made.month.tasks.values() for task in tasks)
    assert kinds.keys() == {"planned", "extra", "handed_over", "taken_over", "withdrawn"}
    assert kinds["handed_over"] == kinds["taken_over"] == 3

    for giver in made.month.called("handed_over"):
        [given] = [task for task in made.month.tasks[giver] if task.kind == "handed_over"]
        [taken] = [
            task
            for task in made.month.tasks[given.counterpart_id]
            if task.kind == "taken_over" and task.counterpart_id == giver
        ]
        assert (taken.code, taken.quantity, taken.accepted) == (given.code, given.quantity, given.quantity)
        assert given.reason
        assert made.by_id[giver].duty_group == made.by_id[given.counterpart_id].duty_group
    for person_id in made.month.called("withdrawn"):
        [task] = [task for task in made.month.tasks[person_id] if task.kind == "withdrawn"]
        assert task.counterpart_id == made.by_id[person_id].superior_id
        assert task.reason


def test_r8_the_superior_confirmed_what_is_excused(made: Made) -> None:
    partly = 0
    assert len(made.month.called("excused")) == 4
    for person_id in made.month.called("excused"):
        faults = [
            fault for task in made.month.tasks[person_id] for fault in task.faults if fault.confirmed_by
        ]
        assert len(faults) == 2
        for fault in faults:
            assert fault.confirmed_by == made.by_id[person_id].superior_id
            assert fault.cause
            excused = fault.excused_reviews + fault.excused_deadlines
            counted = fault.failed_reviews + fault.missed_deadlines
            assert 1 <= excused <= counted
            partly += excused < counted
    assert partly == 4


def test_r13_somebody_did_more_than_was_assigned(made: Made) -> None:
    sums = made.score(made.only("over_plan")).ratios.sums
    assert sums.done > sums.assigned
    ratios = {ratio.name: ratio for ratio in made.score(made.only("over_plan")).ratios}
    assert ratios["a"].uncapped > 1
    assert ratios["a"].counted == ratios["a"].denominator


# -- Absence ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "worked", "status"),
    [
        ("half", 22, "evaluated"),
        ("over_half", 23, "evaluated"),
        ("under_half", 21, "not_evaluated"),
        ("maternity", 0, "not_evaluated"),
        ("long_sick", 18, "not_evaluated"),
        ("long_unpaid", 14, "not_evaluated"),
        ("annual_leave", 34, "evaluated"),
    ],
)
def test_r11_absence_around_one_half(made: Made, case: str, worked: int, status: str) -> None:
    person_id = made.only(case)
    assert made.month.times[person_id].worked == worked
    assert made.outcome.results[person_id].status == status
    assert bool(made.outcome.amounts[person_id]) == (status == "evaluated")


def test_r14_somebody_has_no_work_and_his_leaders_wait_until_he_is_set_aside(made: Made) -> None:
    idle = made.only("no_work")
    before = [replace(each, set_aside=False) for each in made.outcomes.counted(made.month)]
    first = {each.person_id: each for each in score_month(DEFAULT, before)}

    assert (first[idle].status, first[idle].reason) == ("insufficient_data", "no_assigned_work")
    leaders = {each.person_id for each in made.month.people if idle in each.in_charge}
    assert leaders
    assert all(first[each].status == "waiting" for each in leaders)
    assert all(made.outcome.results[each].status == "evaluated" for each in leaders)
    assert made.outcome.results[idle].reason == "set_by_authority"


# -- Leaders and blockers ---------------------------------------------------------------------------------


def test_r16_a_d_halves_the_d_of_the_deputy_and_the_head(made: Made) -> None:
    low = made.only("low")
    assert made.score(low).total < 50
    assert made.outcome.grades[low] == "D"
    halved = {
        person_id
        for person_id, result in made.outcome.results.items()
        if result.score and result.score.ratios.leadership and result.score.ratios.leadership.field == 50
    }
    assert halved == {made.only("d_50_head"), made.only("d_50_deputy")}
    assert made.score(made.only("d_50_deputy")).ratios.leadership.under == (low,)


def test_r17_one_leader_has_organising_50_and_one_unity_50_with_the_fact(made: Made) -> None:
    given = made.month.assessments
    halves = {
        (person_id, part)
        for person_id in given
        for part in ("organising", "unity")
        if getattr(given[person_id], part) == "50"
    }
    assert halves == {(made.only("organising_50"), "organising"), (made.only("unity_50"), "unity")}
    assert all(getattr(given[person_id], f"{part}_fact") for person_id, part in halves)


def test_r18_values_below_the_maximum_have_a_reason(made: Made) -> None:
    maxima = importlib.import_module("phuc_loi.sheets").CRITERIA
    silent = 0
    for each in made.month.assessments.values():
        assert each.own.keys() == maxima.keys()
        assert each.own == maxima or each.own_reason
        assert not each.reviewer or each.reviewer == maxima or each.reviewer_reason
        counting = each.reviewer or each.own
        assert each.general == Decimal(sum(counting.values())) / 100
        assert each.remarks
        silent += not each.reviewer
    assert silent, "nobody's values are taken over"


def test_r20_one_document_proposes_d_and_leaves_the_score(made: Made) -> None:
    blocked = made.only("blocker")
    assert made.month.assessments[blocked].blocker
    assert made.score(blocked).band == "B"
    assert made.outcome.grades[blocked] == "D"
    assert sum(bool(each.blocker) for each in made.month.assessments.values()) == 1


# -- Quota and decisions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "count", "mark", "places"),
    [("tie_school", 2, "kept", 0), ("tie_office", 2, "tie", 1), ("tie_counter", 3, "tie", 2)],
)
def test_r22_ties_inside_the_quota_and_at_its_cut(
    made: Made, case: str, count: int, mark: str, places: int
) -> None:
    tied = made.month.called(case)
    placements = [made.score(each).placement for each in tied]
    assert len(tied) == count
    assert {(each.mark, each.rank, each.tied) for each in placements} == {(mark, placements[0].rank, count)}
    if mark == "tie":
        # So many of them have room above the cut, and the authority gives exactly these an A.
        assert placements[0].quota.maximum - (placements[0].rank - 1) == places
        chosen = {each.person_id: each for each in made.outcome.choices}
        assert all(chosen[each].reason for each in tied)
        assert sum(chosen[each].grade == "A" for each in tied) == places


def test_r22_nobody_else_is_tied(made: Made) -> None:
    shared = {
        person_id
        for person_id, result in made.outcome.results.items()
        if result.score and result.score.placement.tied > 1
    }
    assert shared == {
        each for case in ("tie_school", "tie_office", "tie_counter") for each in made.month.called(case)
    }


def test_r21_the_decisions_keep_within_every_quota(made: Made) -> None:
    groups: dict[tuple[str, str], list[str]] = {}
    for person_id, result in made.outcome.results.items():
        if result.score:
            quota = result.score.placement.quota
            groups.setdefault((quota.scope, quota.group), []).append(person_id)
    full = 0
    for ids in groups.values():
        grades = Counter(made.outcome.grades[each] for each in ids)
        assert grades["A"] * 5 <= grades["B"]
        full += grades["A"] == made.score(ids[0]).placement.quota.maximum > 0
    assert full > 10


def test_r28_one_decision_deviates_with_a_reason(made: Made) -> None:
    deviating = {
        each.person_id: (made.score(each.person_id).grade, each.grade)
        for each in made.outcome.choices
        if made.score(each.person_id).placement.mark != "tie"
    }
    assert deviating == {made.only("deviation"): ("B", "C")}


def test_grades_are_spread_as_in_a_real_month(made: Made) -> None:
    grades = Counter(made.outcome.grades.values())
    share = Fraction(grades["A"], sum(grades.values()) - grades[""])
    assert Fraction(14, 100) <= share <= Fraction(17, 100)
    assert grades["B"] > grades["A"] + grades["C"] + grades["D"]
    assert grades["C"] > grades["D"] > 0
    lowered = sum(
        result.score.placement.mark == "lowered" for result in made.outcome.results.values() if result.score
    )
    assert lowered > 10


# -- Money and the story ----------------------------------------------------------------------------------


def test_r38_the_fund_is_shared_unequally_and_whole(made: Made) -> None:
    # `allocate` refuses a list that violates R-38, so that there is an allocation says it does not.
    assert made.outcome.allocation.fund == 600_000_000
    assert 0 <= made.outcome.allocation.undistributed < 1_000
    paid = [amount for amount in made.outcome.amounts.values() if amount]
    assert sum(paid) == made.outcome.allocation.distributed
    for person_id, grade in made.outcome.grades.items():
        assert bool(made.outcome.amounts[person_id]) == (grade in ("A", "B", "C"))


def test_the_story_tells_the_decisions(made: Made) -> None:
    told = json.loads((EXAMPLE / STORY).read_text("utf-8"))
    assert (told["ward_id"], told["month"], told["policy"]) == ("phuc-loi", "2026-03", "phuc-loi")
    assert (EXAMPLE / told["workbook"]).exists()
    assert [each["person_id"] for each in told["not_evaluated"]] == made.month.called("no_work")
    assert all(each["reason"] for each in (*told["not_evaluated"], *told["choices"]))
    for each in told["external"]:
        assert each["document"]
        assert Decimal(each["total"]) == made.score(each["person_id"]).total
    decided = {each["person_id"]: each["grade"] for each in (*told["external"], *told["choices"])}
    rows = csv.DictReader(io.StringIO((EXAMPLE / EXPECTED).read_text("utf-8")))
    expected = {row["person_id"]: row["grade"] for row in rows}
    assert expected == made.outcome.grades
    assert decided == {person_id: expected[person_id] for person_id in decided}
