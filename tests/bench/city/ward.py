"""A ward of any size as the workbook that people send for it, and the story it is played by."""

import io
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpi_cli.demo.story import Story

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "phuc-loi"
sys.path.append(str(EXAMPLE))

TASKS = 15
UNITS = 30
MONTH = "2026-03"
REASON = "Có việc chưa chủ động trong tháng"

Row = Mapping[str, Any]


def story(ward_id: str, people: int, folder: Path) -> Story:
    """Write the workbook of a ward, and return how its month goes.

    A chair whom the city decides, thirty offices with a head each whom the chair decides, and their staff; a
    tenth of each office comes into band A.
    """
    from phuc_loi import sheets  # type: ignore[import-not-found]  # the example is no package of ours

    from chassis.sheets import Page, workbook

    ids = [f"{ward_id}-{number:04d}" for number in range(people)]
    units = min(UNITS, max(1, people // 10))
    heads = ids[1 : units + 1]
    unit_of = {id_: number % units for number, id_ in enumerate(ids[1:])}
    staff = ids[units + 1 :]
    numbered = [
        (person, f"T{task:02d}", number, task) for number, person in enumerate(ids) for task in range(TASKS)
    ]
    pages: list[list[Row]] = [
        [
            {
                "ward_id": ward_id, "name": f"Phường {ward_id}", "city": "Hà Nội", "window": "25 đến 24",
                "annual_leave": "Không tính là làm việc", "standard_points": Decimal(5),
                "decision": "41/QĐ-UBND ngày 20/02/2026", "proposed_by": "LD",
            }
        ],
        [
            {"unit_id": "LD", "name": "Lãnh đạo phường", "kind": "leadership"},
            *(
                {"unit_id": f"U{number:02d}", "name": f"Phòng {number}", "kind": "office"}
                for number in range(units)
            ),
        ],
        [
            _person(ids[0], "LD", "committee_chair", "", tuple(heads)),
            *(
                _person(
                    head, f"U{unit_of[head]:02d}", "unit_head", ids[0], tuple(staff[unit_of[head] :: units])
                )
                for head in heads
            ),
            *(_person(each, f"U{unit_of[each]:02d}", "staff", heads[unit_of[each]], ()) for each in staff),
        ],
        [
            {
                "code": f"VB.{number:02d}", "task": "Tham mưu, soạn thảo văn bản trả lời kiến nghị",
                "output": "Văn bản", "group": "2", "points": Decimal(5 + number), "coefficient": None,
                "section": "shared", "unit": None,
            }
            for number in range(TASKS)
        ],
        [
            {
                "person_id": person, "task_id": id_, "kind": "planned", "code": f"VB.{task:02d}",
                "work": None, "output": None, "due_on": date(2026, 3, 20), "responsibility": "Chủ trì",
                "authority": "Trưởng đơn vị", "quantity": Decimal(2 + (number + task) % 3),
                "coefficient": None,
                "counterpart_id": None, "reason": None,
            }
            for person, id_, number, task in numbered
        ],
        [
            {
                "person_id": person, "task_id": id_,
                "accepted": Decimal(2 + (number + task) % 3 - ((number * 7 + task) % 11 == 0)),
                "evidence": None,
            }
            for person, id_, number, task in numbered
        ],
        [
            {
                "person_id": person, "task_id": id_, "fault_id": "F1", "outputs": 1,
                "failed_reviews": (number + task) % 2, "missed_deadlines": 1, "note": "Chậm so với yêu cầu",
                "excused_reviews": None, "excused_deadlines": None, "confirmed_by": None, "cause": None,
                "confirmed_on": None,
            }
            for person, id_, number, task in numbered
            if (number * 13 + task * 5) % 17 == 0
        ],
        [{"person_id": each, "required": 44, "worked": 44 - number % 4} for number, each in enumerate(ids)],
        [
            _assessment(each, number, leader=number <= units, criteria=sheets.CRITERIA)
            for number, each in enumerate(ids)
        ],
    ]  # fmt: skip
    path = folder / f"{ward_id}.xlsx"
    _save(path, workbook([Page(sheet, rows) for sheet, rows in zip(sheets.SHEETS, pages, strict=True)]))
    return Story(
        ward_id=ward_id,
        month=MONTH,
        workbook=path,
        document="Bảng tổng hợp phiếu đánh giá tháng 3/2026",
        not_evaluated={},
        external=[
            {"person_id": ids[0], "grade": "B", "document": "312-TB/TU ngày 27/3/2026", "total": "88.00"}
        ],
        choices={},
        fund={
            "fund_id": "TNTT-2026-03",
            "kind": "supplementary_income",
            "source": "Nguồn cải cách tiền lương",
            "legal_basis": "Nghị quyết của HĐND thành phố",
            "amount": 5_000_000 * people,
        },
        policy="phuc-loi",
    )


def neighbor(told: Story, ward_id: str, folder: Path) -> Story:
    """Return the story of a ward of the same size: the same people under another ward's id.

    :param ward_id: as long as the other one's
    """
    path = folder / f"{ward_id}.xlsx"
    _save(path, told.workbook.read_bytes(), was=told.ward_id.encode(), now=ward_id.encode())
    external = [
        {**each, "person_id": each["person_id"].replace(told.ward_id, ward_id)} for each in told.external
    ]
    return replace(told, ward_id=ward_id, workbook=path, external=external)


def _save(path: Path, content: bytes, *, was: bytes = b"", now: bytes = b"") -> None:
    """Write a workbook compressed, as spreadsheet programs do; ours are not, to be the same everywhere."""
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(path, "w", compression=zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.infolist():
            text = source.read(part)
            target.writestr(part.filename, text.replace(was, now) if was else text)


def _person(person_id: str, unit: str, post: str, superior: str, in_charge: tuple[str, ...]) -> Row:
    leader = post != "staff"
    return {
        "person_id": person_id, "full_name": "Nguyễn Thị Minh Nguyệt", "unit_id": unit,
        "personnel_type": "civil_servant", "post": post, "title": "Chuyên viên",
        "role": "leader" if leader else "staff", "salary": Decimal("3.33"), "superior_id": superior or None,
        "in_charge": in_charge or (("không",) if leader else None),
        "duty_group": "Lãnh đạo" if leader else "Chuyên viên", "quota_scope": None, "email": None,
        "language": "vi", "active": "yes",
    }  # fmt: skip


def _assessment(person_id: str, number: int, *, leader: bool, criteria: Mapping[str, int]) -> Row:
    # A tenth lose little and stand in band A; the others lose enough to stand in B.
    lost = 25 * (number // 300 % 4) if number % 300 < UNITS else 25 * (42 + number % 9)
    values = {}
    for criterion, most in criteria.items():
        here = min(lost, most)
        values[f"self {criterion}"] = Decimal(most - here) / 100
        lost -= here
    return {
        "person_id": person_id, **values, "self_reason": REASON,
        "strengths": "Hoàn thành công việc được giao",
        "weaknesses": None, "own_grade": "B", "reviewer_reason": None, "remarks": "Đồng ý với tự đánh giá",
        "organising": "100" if leader else None, "organising_fact": None, "unity": "100" if leader else None,
        "unity_fact": None, "blocker": None,
    }  # fmt: skip
