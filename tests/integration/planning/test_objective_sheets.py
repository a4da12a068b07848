"""Objectives, key results and readings by workbook: R-6."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chassis.days import legal_day
from kpi.planning.v1 import okr_pb2 as okr
from kpi.planning.v1 import planning_pb2 as pb

from .ward import MONTH, Rows, Ward, task

WARD_WIDE = {"objective_id": "PHUONG", "title": "Hồ sơ đúng hạn", "owner": "ward", "period": "2026-Q1"}
UNIT = {"objective_id": "VP", "title": "Bớt trễ", "owner": "unit", "owner_id": "vp", "period": "2026-Q1"}
OWN = {"objective_id": "AN", "title": "Trả lời", "owner": "person", "owner_id": "an", "period": "2026-03"}
FILE: dict[str, Rows] = {
    # The lower ones first: the order of rows means nothing.
    "objectives": [
        {**OWN, "above_id": "VP"},
        {**UNIT, "above_id": "PHUONG", "weight": Decimal(3)},
        WARD_WIDE,
    ],
    "key_results": [
        {
            "objective_id": "PHUONG",
            "key_result_id": "K1",
            "name": "Tỷ lệ trễ hạn",
            "unit_of_measure": "%",
            "start": Decimal(8),
            "target": Decimal(2),
        },
        {
            "objective_id": "AN",
            "key_result_id": "K1",
            "name": "Văn bản",
            "unit_of_measure": "văn bản",
            "start": Decimal(0),
            "target": Decimal(-4),
            "tasks": ("an/T01",),
        },
    ],
    "readings": [
        {
            "objective_id": "PHUONG",
            "key_result_id": "K1",
            "value": Decimal(5),
            "measured_on": date(2026, 3, 9),
        },
        {
            "objective_id": "PHUONG",
            "key_result_id": "K1",
            "value": Decimal(7),
            "measured_on": date(2026, 3, 2),
        },
        {"objective_id": "AN", "key_result_id": "K1", "value": Decimal(-5), "measured_on": date(2026, 3, 9)},
    ],
    "tasks": [task("an", "T01")],
}


def changed(sheet: str, at: int, **given: Any) -> dict[str, Rows]:
    """The file with other cells in one row."""
    rows = list(FILE[sheet])
    rows[at] = {**rows[at], **given}
    return {**FILE, sheet: rows}


def shown(ward: Ward, objective_id: str) -> okr.Objective:
    request = okr.GetObjectiveRequest(ward_id=ward.id, objective_id=objective_id)
    answer: okr.GetObjectiveResponse = ward.clerk.GetObjective(request)
    return answer.objective


def told(done: pb.ImportWorkbookResponse) -> list[tuple[str, int, str]]:
    assert not done.applied
    return [(each.sheet, each.row, each.column) for each in done.errors]


def test_a_workbook_sets_objectives_and_their_readings_and_they_roll_up(ward: Ward) -> None:
    done = ward.imports(**FILE)

    assert done.applied, done.errors
    assert dict(done.rows) == {"objectives": 3, "key_results": 2, "readings": 3, "tasks": 1}
    own, unit, whole = (shown(ward, each) for each in ("AN", "VP", "PHUONG"))
    [served] = own.key_results[0].tasks
    assert (served.month, served.task_id, served.quantity) == (MONTH, "T01", "2")
    # Beyond the target: 1 counts, and 1.25 is shown.
    assert (own.key_results[0].progress, own.key_results[0].raw_progress) == ("1.000000", "1.250000")
    assert (unit.progress, [each.objective_id for each in unit.aligned]) == ("1.000000", ["AN"])
    # The newest by day, not by row: (8 - 5) / 6 by weight 1, and 1 by weight 3.
    assert whole.key_results[0].current == "5"
    assert whole.progress == "0.875000"


def test_the_same_file_again_changes_nothing(ward: Ward) -> None:
    assert ward.imports(**FILE).applied
    before = [shown(ward, each) for each in ("AN", "VP", "PHUONG")]

    assert ward.imports(**FILE).applied

    assert [shown(ward, each) for each in ("AN", "VP", "PHUONG")] == before
    readings = ward.clerk.ListReadings(
        okr.ListReadingsRequest(ward_id=ward.id, objective_id="PHUONG", key_result_id="K1")
    ).readings
    assert [(each.source, each.reference) for each in readings] == [
        ("workbook", "PHUONG.K1.2026-03-09"),
        ("workbook", "PHUONG.K1.2026-03-02"),
    ]


def test_without_its_sheet_the_key_results_stay(ward: Ward) -> None:
    assert ward.imports(**FILE).applied

    renamed = [{**FILE["objectives"][0], "title": "Trả lời kiến nghị"}]
    assert ward.imports(objectives=renamed).applied

    found = shown(ward, "AN")
    assert (found.title, found.revision, len(found.key_results)) == ("Trả lời kiến nghị", 2, 1)
    assert found.key_results[0].reading_count == 1


def test_checking_only_keeps_nothing(ward: Ward) -> None:
    done = ward.imports(dry_run=True, **FILE)

    assert (done.applied, done.error_count) == (False, 0)
    listed = ward.clerk.ListObjectives(okr.ListObjectivesRequest(ward_id=ward.id, period="2026-Q1"))
    assert list(listed.objectives) == []


TOMORROW = legal_day(datetime.now(UTC)) + timedelta(days=1)


@pytest.mark.parametrize(
    ("pages", "place"),
    [
        (changed("objectives", 0, objective_id="VP"), ("objectives", 3, "Mã mục tiêu")),
        (changed("objectives", 2, above_id="AN"), ("objectives", 2, "Mục tiêu cấp trên")),
        (changed("objectives", 1, above_id="NONE"), ("objectives", 3, "Mục tiêu cấp trên")),
        (changed("objectives", 1, owner_id="none"), ("objectives", 3, "Đơn vị hoặc người")),
        (changed("objectives", 0, owner_id="nobody"), ("objectives", 2, "Đơn vị hoặc người")),
        (changed("objectives", 0, period="2026-Q9"), ("objectives", 2, "Kỳ")),
        (changed("objectives", 0, period="2026-04"), ("objectives", 2, "Mục tiêu cấp trên")),
        (changed("objectives", 0, weight=Decimal(-1)), ("objectives", 2, "Trọng số")),
        (changed("key_results", 0, target=Decimal(8)), ("key_results", 2, "Mục tiêu cần đạt")),
        (changed("key_results", 1, objective_id="NONE"), ("key_results", 3, "Mã mục tiêu")),
        (changed("key_results", 1, key_result_id="K 1"), ("key_results", 3, "Mã kết quả")),
        (changed("key_results", 1, tasks=("T01",)), ("key_results", 3, "Nhiệm vụ")),
        (changed("key_results", 1, tasks=("an/T09",)), ("key_results", 3, "Nhiệm vụ")),
        (changed("key_results", 1, tasks=("an/2026-13/T01",)), ("key_results", 3, "Nhiệm vụ")),
        (changed("readings", 0, objective_id="NONE"), ("readings", 2, "Mã mục tiêu")),
        (changed("readings", 0, key_result_id="K9"), ("readings", 2, "Mã kết quả")),
        (changed("readings", 0, measured_on=TOMORROW), ("readings", 2, "Ngày đo")),
        (changed("readings", 1, measured_on=date(2026, 3, 9)), ("readings", 3, "Số tham chiếu")),
        (changed("readings", 2, source="máy đo"), ("readings", 4, "Nguồn")),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_kept(
    ward: Ward, pages: dict[str, Rows], place: tuple[str, int, str]
) -> None:
    assert place in told(ward.imports(**pages))

    listed = ward.clerk.ListObjectives(okr.ListObjectivesRequest(ward_id=ward.id, period="2026-Q1"))
    assert list(listed.objectives) == []


def test_what_was_measured_stays_and_a_correction_has_a_reference_of_its_own(ward: Ward) -> None:
    assert ward.imports(**FILE).applied

    assert told(ward.imports(**changed("readings", 0, value=Decimal(4)))) == [
        ("readings", 2, "Số tham chiếu")
    ]
    assert told(ward.imports(**changed("key_results", 0, unit_of_measure="hồ sơ"))) == [
        ("key_results", 2, "Đơn vị đo")
    ]
    assert ("objectives", 2, "") in told(ward.imports(**{**FILE, "key_results": FILE["key_results"][:1]}))
    assert ward.imports(**changed("readings", 0, value=Decimal(4), reference="dinh-chinh-1")).applied
    assert shown(ward, "PHUONG").key_results[0].current == "4"


def test_an_organizer_writes_no_person_s_objective(ward: Ward) -> None:
    """As through SaveObjective: the ward's and the units' are the organizer's, a person's are not."""
    found = ward.imports(by=ward.organizer, objectives=[WARD_WIDE, UNIT, OWN])

    assert told(found) == [("objectives", 4, "Mã mục tiêu")]
