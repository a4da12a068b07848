"""Makes the example: workbooks, amended plans, the story it is played by, and what must come out.

Run it with the project's Python: ``.venv/bin/python examples/binh-minh-quarter/make_quarter.py [FOLDER]``.
The same bytes come out every time; without a folder they replace the files beside this one.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import facts
import reckon
from facts import Deeds, Person, Task

from approval.policies import built_in
from approval.usecases.imports import sheet as assessments
from chassis.sheets import Page, workbook
from planning.wire import layout

Row = Mapping[str, Any]

DECISION = "107/QĐ-UBND ngày 15/9/2026"
MAXIMA = {each.id: int(each.maximum * 100) for each in built_in().criteria}
"""Hundredths of a point, by criterion."""

WRITTEN = (
    layout.WARD,
    layout.UNITS,
    layout.PEOPLE,
    layout.CATALOGUE,
    layout.TASKS,
    layout.RESULTS,
    layout.FAULTS,
    layout.WORKING_TIME,
    layout.OBJECTIVES,
    layout.KEY_RESULTS,
    layout.READINGS,
)

FUNDS = {"2026-10": 60_000_000, "2026-11": 50_000_000, "2026-12": 60_000_000}

TOLD: Mapping[str, Mapping[str, Any]] = {
    "2026-10": {},
    "2026-11": {
        "amendment": "2026-11-amended.xlsx",
        "adjustment_fund": {
            "fund_id": "TNTT-2026-11-DC",
            "kind": "supplementary_income",
            "source": "Dự phòng của quỹ thu nhập tăng thêm năm 2026",
            "legal_basis": "Thông báo 05/TB-UBND ngày 09/12/2026 về trả lời kiến nghị",
            "amount": 800_000,
        },
        "choices": [
            {
                "person_id": "BM-14",
                "grade": "C",
                "reason": "Để một kiến nghị của công dân quá hạn, bị phản ánh tại giao ban ngày 11/11/2026",
            }
        ],
        "appeals": [
            {
                "person_id": "BM-14",
                "text": "Kiến nghị quá hạn là việc của đơn vị khác, kèm phiếu chuyển ngày 03/11/2026",
                "outcome": "upheld",
                "grade": "B",
                "answer": "Phiếu chuyển xác nhận văn bản đến ngày 10/11/2026; xếp loại lại theo điểm",
                "document": "05/TB-UBND ngày 09/12/2026",
            }
        ],
    },
    "2026-12": {
        "quota_rates": [
            {
                "quota_scope": "KT",
                "rate": "0.25",
                "decision": "21-QĐ/ĐU ngày 09/12/2026",
                "decided_on": "2026-12-09",
                "signer": "Nguyễn Đức Thành",
                "reason": "Hoàn thành vượt tiến độ giải phóng mặt bằng quý IV",
            }
        ],
        "choices": [
            {
                "person_id": "BM-21",
                "grade": "B",
                "reason": "Bằng điểm ở ngưỡng tỷ lệ; tổng hợp hồ sơ do đồng nghiệp chủ trì",
            },
            {
                "person_id": "BM-23",
                "grade": "A",
                "reason": "Chủ trì tổng hợp hồ sơ mặt bằng, nhận thay việc của đồng nghiệp trong quý",
            },
        ],
        "delegations": [
            {
                "from_person_id": "BM-02",
                "to_person_id": "BM-03",
                "days": 5,
                "document": "12/UQ-UBND ngày 10/12/2026",
            }
        ],
    },
}
"""What people decide that no rule decides for them; a delegation counts its days from when it is given."""

CITY = {
    "2026-10": (("BM-01", "A", "98.50", "541-TB/TU"), ("BM-02", "B", "97.00", "18-TB/ĐU")),
    "2026-11": (("BM-01", "B", "97.25", "627-TB/TU"), ("BM-02", "A", "98.75", "35-TB/ĐU")),
    "2026-12": (("BM-01", "A", "99.00", "712-TB/TU"), ("BM-02", "B", "96.50", "96-TB/ĐU")),
}
"""Whom the city decides: grade, total and document."""


def book(month: str) -> bytes:
    """Return a month's workbook."""
    people, deeds = facts.PEOPLE[month], facts.DEEDS[month]
    done = {**deeds, **facts.AMENDED.get(month, {})}
    rows: Sequence[Sequence[Row]] = (
        [
            {
                "ward_id": facts.WARD_ID,
                "name": facts.WARD_NAME,
                "city": facts.CITY,
                "window_rule": "25_to_24",
                "december_cut_off": 8,
                "annual_leave": "away",
                "standard_points": Decimal(facts.STANDARD_POINTS),
                "decision": DECISION,
                "proposed_by": "VP",
            }
        ],
        [{"unit_id": id_, "name": name, "kind": kind} for id_, name, kind in facts.UNITS],
        [_person(each) for each in people],
        [
            {
                "code": code,
                "task": task,
                "output": output,
                "complexity_group": group,
                "points": Decimal(points),
                "section": "shared",
            }
            for code, task, output, group, points in facts.CATALOGUE
        ],
        _tasks(deeds, people),
        [
            *(row for id_, each in done.items() for row in _results(id_, each)),
            *(
                _result(id_, task, accepted, "Hồ sơ kèm theo")
                for id_, task, accepted in facts.LATER_RESULTS.get(month, ())
            ),
        ],
        [row for id_, each in done.items() for row in _faults(id_, each, month)],
        [
            {
                "person_id": each.id,
                "required_half_days": facts.REQUIRED[month],
                "worked_half_days": _worked(done[each.id], month),
            }
            for each in people
        ],
        *_objectives(month),
    )
    pages = [Page(each, found) for each, found in zip(WRITTEN, rows, strict=True)]
    if month in facts.UNIT_PLANS:
        pages.append(Page(layout.UNIT_PLANS, [_unit_item(*each) for each in facts.UNIT_PLANS[month]]))
    own = assessments(built_in().criteria, own=True)
    return workbook([*pages, Page(own, [_assessment(each, done[each.id]) for each in people])])


def amended(month: str) -> bytes:
    """Return the workbook of a month's amended plans: one sheet."""
    return workbook([Page(layout.TASKS, _tasks(facts.AMENDED[month], facts.PEOPLE[month]))])


def story() -> str:
    """Return what the people decide that no rule decides for them, as JSON."""
    months = [
        {
            "ward_id": facts.WARD_ID,
            "month": month,
            "workbook": f"{month}.xlsx",
            "document": f"Bảng tổng hợp phiếu đánh giá tháng {month[5:]}/2026",
            "not_evaluated": [],
            "external": [
                {"person_id": id_, "grade": grade, "total": total, "document": f"Thông báo số {document}"}
                for id_, grade, total, document in CITY[month]
            ],
            "choices": [],
            "fund": {
                "fund_id": f"TNTT-{month}",
                "kind": "supplementary_income",
                "source": "Nguồn cải cách tiền lương của ngân sách phường năm 2026",
                "legal_basis": "Quy chế chi tiêu nội bộ năm 2026 (dựng lên để minh họa)",
                "amount": FUNDS[month],
            },
            "policy": "phuc-loi",
            "objectives": month in facts.READINGS,
            "unit_plans": sorted({each[0] for each in facts.UNIT_PLANS.get(month, ())}),
            "weeks": facts.WEEKS.get(month, ()),
            "handovers": facts.HANDOVERS.get(month, ()),
            "ad_hoc": facts.AD_HOC.get(month, ()),
            "claims": facts.CLAIMS.get(month, ()),
            "extensions": facts.EXTENSIONS.get(month, ()),
            **TOLD[month],
        }
        for month in facts.MONTHS
    ]
    return json.dumps({"period": "2026-Q4", "months": months}, ensure_ascii=False, indent=2) + "\n"


def _objectives(month: str) -> tuple[list[Row], list[Row], list[Row]]:
    """Return objectives and key results, which the first month's workbook has, and the month's readings."""
    first = month == facts.MONTHS[0]
    readings = [
        {
            "objective_id": objective,
            "key_result_id": key_result,
            "value": Decimal(value),
            "measured_on": date.fromisoformat(day),
        }
        for objective, key_result, value, day in facts.READINGS.get(month, ())
    ]
    if not first:
        return [], [], readings
    objectives = [
        {
            "objective_id": objective,
            "title": title,
            "owner": level,
            "owner_id": whose or None,
            "period": period,
            "above_id": above or None,
            "weight": Decimal(weight),
        }
        for objective, title, level, whose, period, above, weight in facts.OBJECTIVES
    ]
    key_results = [
        {
            "objective_id": objective,
            "key_result_id": id_,
            "name": name,
            "unit_of_measure": measure,
            "start": Decimal(start),
            "target": Decimal(target),
            "weight": Decimal(weight),
            "tasks": tasks or None,
        }
        for objective, id_, name, measure, start, target, weight, tasks in facts.KEY_RESULTS
    ]
    return objectives, key_results, readings


def _unit_item(unit: str, item: str, work: str, led_by: str, due: str) -> Row:
    return {
        "unit_id": unit,
        "item_id": item,
        "name": work,
        "lead_person_id": led_by,
        "due_on": date.fromisoformat(due),
        "responsibility": "Chủ trì",
        "output": "Báo cáo",
        "authority": "Phó Chủ tịch UBND",
    }


def _person(each: Person) -> Row:
    return {
        "person_id": each.id,
        "full_name": each.name,
        "unit_id": each.unit,
        "personnel_type": each.kind,
        "post": each.post,
        "title": each.title,
        "role": "leader" if each.leader else "staff",
        "salary_coefficient": Decimal(each.salary),
        "superior_id": each.superior or None,
        "in_charge_ids": tuple(each.charge) or None,
        "duty_group": each.group,
        "quota_scope": each.scope or None,
        "email": f"{each.id.lower()}@binh-minh.example.org",
        "language": "vi",
        "active": "yes",
    }


def _tasks(deeds: Mapping[str, Deeds], people: Sequence[Person]) -> list[Row]:
    posts = {each.id: each for each in people}
    return [
        {
            "person_id": id_,
            "task_id": task.id,
            "kind": task.kind,
            "catalogue_code": task.code,
            "name": task.work or None,
            "due_on": date.fromisoformat(task.due),
            "responsibility": "Chủ trì",
            "authority": "Lãnh đạo đơn vị" if posts[id_].leader else "Trưởng đơn vị",
            "quantity": Decimal(task.quantity),
            "counterpart_id": task.counterpart or None,
            "reason": task.reason or None,
        }
        for id_, each in deeds.items()
        for task in each.tasks
    ]


def _done(task: Task) -> bool:
    return bool(task.accepted)


def _results(id_: str, deeds: Deeds) -> list[Row]:
    return [_result(id_, task.id, task.accepted, f"Hồ sơ {task.code}") for task in filter(_done, deeds.tasks)]


def _result(id_: str, task_id: str, accepted: str, evidence: str) -> Row:
    return {"person_id": id_, "task_id": task_id, "accepted": Decimal(accepted), "evidence": evidence}


def _faults(id_: str, deeds: Deeds, month: str) -> list[Row]:
    return [
        {
            "person_id": id_,
            "task_id": task.id,
            "fault_id": f"F{number}",
            "outputs": fault.outputs,
            "failed_reviews": fault.failed,
            "missed_deadlines": fault.missed,
            "note": "Nội dung phải làm lại" if fault.failed else "Chậm so với thời hạn",
            "excused_reviews": fault.failed_excused or None,
            "excused_deadlines": fault.missed_excused or None,
            "confirmed_by": fault.confirmed_by or None,
            "cause": fault.cause or None,
            "confirmed_on": date.fromisoformat(f"{month}-12") if fault.confirmed_by else None,
        }
        for task in deeds.tasks
        for number, fault in enumerate(task.faults, 1)
    ]


def _worked(deeds: Deeds, month: str) -> int:
    return facts.REQUIRED[month] if deeds.worked is None else deeds.worked


def _assessment(person: Person, deeds: Deeds) -> Row:
    left, reviewer = deeds.lost, {}
    # What is taken off comes off initiative first, criterion by criterion from the end of the list.
    for criterion, most in reversed(MAXIMA.items()):
        taken = min(left, most)
        left -= taken
        reviewer[criterion] = Decimal(most - taken) / 100
    leading: Row = {}
    if person.leader:
        leading = {
            "organising": str(deeds.organising),
            "organising_fact": deeds.facts.get("organising"),
            "unity": str(deeds.unity),
            "unity_fact": deeds.facts.get("unity"),
        }
    return {
        "person_id": person.id,
        **{f"self_{criterion}": Decimal(most) / 100 for criterion, most in MAXIMA.items()},
        "strengths": "Hoàn thành công việc được giao",
        **{f"review_{criterion}": value for criterion, value in reviewer.items()},
        "review_reason": "Chưa có sáng kiến nổi bật trong tháng" if deeds.lost else None,
        "text": "Nhất trí với kết quả công việc",
        **leading,
    }


def main(folder: Path) -> None:
    """Write the files into a folder and tell what comes out."""
    for month in facts.MONTHS:
        folder.joinpath(f"{month}.xlsx").write_bytes(book(month))
        if month in facts.AMENDED:
            folder.joinpath(f"{month}-amended.xlsx").write_bytes(amended(month))
    folder.joinpath("quarter.json").write_text(story(), "utf-8", newline="\n")
    reckoned = reckon.expected(folder)
    folder.joinpath("expected.csv").write_text(reckoned, "utf-8", newline="\n")
    print(reckoned)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
