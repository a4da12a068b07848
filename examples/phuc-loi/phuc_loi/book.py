"""The month as a workbook, as the story that the example is played by, and as what must come out of it."""

import csv
import io
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from chassis.sheets import Page, workbook
from phuc_loi import sheets, ward
from phuc_loi.assess import REQUIRED, Assessment
from phuc_loi.month import Month
from phuc_loi.outcome import FUND, NO_WORK_REASON, Outcome
from phuc_loi.sheets import CRITERIA
from phuc_loi.units import UNITS
from phuc_loi.work import Fault, Task

WORKBOOK = "phuc-loi-2026-03.xlsx"
STORY = "month.json"
EXPECTED = "expected.csv"

Row = Mapping[str, Any]

STANDARD_POINTS = Decimal(5)
CATALOGUE_DECISION = "41/QĐ-UBND ngày 20/02/2026"


def book(month: Month) -> bytes:
    """Return the workbook."""
    results, faults = _results(month)
    given: list[list[Row]] = [
        [
            {
                "ward_id": ward.WARD_ID,
                "name": ward.WARD_NAME,
                "city": ward.CITY,
                "window": "25 đến 24",
                "annual_leave": "Không tính là làm việc",
                "standard_points": STANDARD_POINTS,
                "decision": CATALOGUE_DECISION,
                "proposed_by": "VP-UBND",
            }
        ],
        [{"unit_id": each.unit_id, "name": each.name, "kind": each.kind} for each in UNITS],
        _people(month),
        [
            {
                "code": each.code,
                "task": each.task,
                "output": each.output,
                "group": each.group,
                "points": each.points,
                "coefficient": each.coefficient,
                "section": each.section,
                "unit": each.unit or None,
            }
            for each in month.catalogue
        ],
        [_task(person, number, task) for person, number, task in _numbered(month)],
        results,
        faults,
        _times(month),
        [_assessment(person_id, given) for person_id, given in month.assessments.items()],
    ]
    return workbook([Page(sheet, rows) for sheet, rows in zip(sheets.SHEETS, given, strict=True)])


def story(month: Month, outcome: Outcome) -> str:
    """Return what the people decide that no rule decides for them, as JSON."""
    [idle] = month.called("no_work")
    told = {
        "ward_id": ward.WARD_ID,
        "month": "2026-03",
        "workbook": WORKBOOK,
        "document": "Bảng tổng hợp phiếu đánh giá tháng 3/2026, ký ngày 25/3/2026",
        "not_evaluated": [{"person_id": idle, "reason": NO_WORK_REASON}],
        "external": [
            {
                "person_id": person_id,
                "grade": outcome.grades[person_id],
                "document": document,
                "total": f"{score.total:f}",
            }
            for person_id, document in zip(
                month.called("external"),
                (
                    "Thông báo số 312-TB/TU ngày 27/3/2026 của Thành ủy",
                    "Thông báo số 313-TB/TU ngày 27/3/2026 của Thành ủy",
                    "Thông báo số 96-TB/ĐU ngày 27/3/2026 của Đảng ủy UBND Thành phố",
                ),
                strict=True,
            )
            if (score := outcome.results[person_id].score)
        ],
        "choices": [
            {"person_id": each.person_id, "grade": each.grade, "reason": each.reason}
            for each in outcome.choices
        ],
        "fund": {
            "fund_id": "TNTT-2026-03",
            "kind": "supplementary_income",
            "source": "Nguồn cải cách tiền lương còn dư của ngân sách phường năm 2026",
            "legal_basis": (
                "Nghị quyết của HĐND thành phố Hà Nội về chi thu nhập tăng thêm; "
                "Quy chế chi tiêu nội bộ năm 2026"
            ),
            "amount": FUND,
        },
        "policy": "phuc-loi",
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def expected(month: Month, outcome: Outcome) -> str:
    """Return everybody's status, total, band, the quota's word, the grade and the amount, as CSV."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(
        [
            "person_id",
            "unit",
            "case",
            "status",
            "total",
            "band",
            "proposed",
            "mark",
            "rank",
            "grade",
            "amount",
        ],
    )
    for each in month.people:
        result = outcome.results[each.person_id]
        score = result.score
        writer.writerow(
            [
                each.person_id,
                each.unit.unit_id,
                each.case,
                result.status.value,
                *(
                    (
                        f"{score.total:f}",
                        score.band.value,
                        score.grade.value,
                        score.placement.mark.value,
                        score.placement.rank or "",
                    )
                    if score
                    else ("",) * 5
                ),
                outcome.grades[each.person_id],
                outcome.amounts[each.person_id],
            ]
        )
    return target.getvalue()


def _people(month: Month) -> list[Row]:
    leads = {each.superior_id for each in month.people}
    return [
        {
            "person_id": each.person_id,
            "full_name": each.full_name,
            "unit_id": each.unit.unit_id,
            "personnel_type": each.personnel_type,
            "post": each.post,
            "title": each.title,
            "role": "leader" if each.leader else "staff",
            "salary": each.salary,
            "superior_id": each.superior_id or None,
            "in_charge": each.in_charge or (("không",) if each.leader or each.person_id in leads else None),
            "duty_group": each.duty_group,
            "quota_scope": each.quota_scope or None,
            "email": each.email,
            "language": "vi",
            "active": "yes",
        }
        for each in month.people
    ]


def _numbered(month: Month) -> list[tuple[str, str, Task]]:
    return [
        (person_id, f"T{number:02d}", task)
        for person_id, tasks in month.tasks.items()
        for number, task in enumerate(tasks, start=1)
    ]


def _task(person_id: str, task_id: str, task: Task) -> Row:
    return {
        "person_id": person_id,
        "task_id": task_id,
        "kind": task.kind,
        "code": task.code or None,
        "work": task.work or None,
        "output": task.output or None,
        "due_on": task.due_on,
        "responsibility": task.responsibility,
        "authority": task.authority,
        "quantity": task.quantity,
        "coefficient": None if task.code else task.coefficient,
        "counterpart_id": task.counterpart_id or None,
        "reason": task.reason or None,
    }


def _results(month: Month) -> tuple[list[Row], list[Row]]:
    results: list[Row] = []
    faults: list[Row] = []
    for person_id, task_id, task in _numbered(month):
        if task.accepted is None:
            continue
        at = {"person_id": person_id, "task_id": task_id}
        results.append({**at, "accepted": task.accepted, "evidence": task.evidence or None})
        faults += (
            {**at, "fault_id": f"F{number}", **_fault(each)}
            for number, each in enumerate(task.faults, start=1)
        )
    return results, faults


def _fault(fault: Fault) -> Row:
    return {
        "outputs": fault.outputs,
        "failed_reviews": fault.failed_reviews,
        "missed_deadlines": fault.missed_deadlines,
        "note": fault.note,
        "excused_reviews": fault.excused_reviews or None,
        "excused_deadlines": fault.excused_deadlines or None,
        "confirmed_by": fault.confirmed_by or None,
        "cause": fault.cause or None,
        "confirmed_on": fault.confirmed_on,
    }


def _times(month: Month) -> list[Row]:
    return [
        {"person_id": person_id, "required": REQUIRED, "worked": time.worked, **time.leave}
        for person_id, time in month.times.items()
    ]


def _assessment(person_id: str, given: Assessment) -> Row:
    return {
        "person_id": person_id,
        **{f"self {criterion}": Decimal(given.own[criterion]) / 100 for criterion in CRITERIA},
        "self_reason": given.own_reason or None,
        "strengths": given.strengths,
        "weaknesses": given.weaknesses,
        "own_grade": given.own_grade,
        **{f"reviewer {criterion}": Decimal(value) / 100 for criterion, value in given.reviewer.items()},
        "reviewer_reason": given.reviewer_reason or None,
        "remarks": given.remarks,
        "organising": given.organising or None,
        "organising_fact": given.organising_fact or None,
        "unity": given.unity or None,
        "unity_fact": given.unity_fact or None,
        "blocker": given.blocker or None,
    }
