"""Whatever stands in a cell, an import takes the sheet or names the cell: it never breaks."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import openpyxl
import pytest

from kpi.planning.v1 import planning_pb2 as pb
from support import hostile, quarter
from support.servers import Postgres
from support.service import Caller, running

MONTH = "2026-10.xlsx"
WARD = {"ward_id": "binh-minh", "month": "2026-10"}
SHEETS = (
    "ward",
    "units",
    "people",
    "catalogue",
    "tasks",
    "results",
    "faults",
    "working_time",
    "objectives",
    "key_results",
    "readings",
)
# A file with the character 0 in it is no text at all, and is refused as a whole.
CELLS = [each for each in hostile.TEXTS if "\x00" not in each]
FILES = 12
"""Of each sheet, each with one to three cells of another content."""


@pytest.fixture(scope="module")
def office(postgres: Postgres) -> Iterator[Caller]:
    """Who imports, after the month itself was taken over."""
    with postgres.fresh_database() as url, running("planning", url) as service:
        caller = service.as_("to-chuc", "organizer", "clerk", wards=(WARD["ward_id"],))
        answer = caller.ImportWorkbook(
            pb.ImportWorkbookRequest(**WARD, file_name=MONTH, content=quarter.alone(MONTH))
        )
        assert answer.applied, answer.errors
        yield caller


@pytest.fixture(scope="module")
def pages() -> dict[str, list[list[str]]]:
    """Every sheet as text, its header first."""
    book = openpyxl.load_workbook(io.BytesIO(quarter.alone(MONTH)), data_only=True)
    return {
        name: [[_written(cell) for cell in row] for row in book[name].iter_rows(values_only=True)]
        for name in SHEETS
    }


def _written(cell: Any) -> str:
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return "" if cell is None else str(cell)


def _file(rows: list[list[str]]) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target).writerows(rows)
    return target.getvalue().encode("utf-8-sig")


def send(office: Caller, name: str, rows: list[list[str]]) -> pb.ImportWorkbookResponse:
    request = pb.ImportWorkbookRequest(
        **WARD, file_name=f"{name}.csv", content=_file(rows), sheets=[name], dry_run=True
    )
    answer: pb.ImportWorkbookResponse = office.ImportWorkbook(request)
    return answer


@pytest.mark.parametrize("name", SHEETS)
def test_other_cells_are_taken_or_named(office: Caller, pages: dict[str, list[list[str]]], name: str) -> None:
    chance = Random(name)
    for _ in range(FILES):
        rows = [list(row) for row in pages[name]]
        for _ in range(chance.randint(1, 3)):
            row = chance.randrange(1, len(rows))
            rows[row][chance.randrange(len(rows[0]))] = chance.choice(CELLS)
        answer = send(office, name, rows)
        for error in answer.errors:
            assert error.sheet == name
            assert 0 <= error.row <= len(rows)
            assert error.reason_vi
            assert error.reason_en
            assert "{" not in error.reason_vi.replace("{field}", "")
        assert answer.error_count >= len(answer.errors)


@pytest.mark.parametrize("name", SHEETS)
def test_the_sheet_as_it_is_is_taken(office: Caller, pages: dict[str, list[list[str]]], name: str) -> None:
    answer = send(office, name, pages[name])

    # Key results alone name objectives of a sheet that is not there.
    assert bool(answer.error_count) == (name == "key_results")
