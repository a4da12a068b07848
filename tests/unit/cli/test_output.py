"""How values are written, and how names and times are read."""

import pytest

from kpi.types.v1 import types_pb2 as types
from kpi_cli import language, output
from kpi_cli.commanding import short
from kpi_cli.commands.operations import full_type, instant
from kpi_cli.exits import Wrong
from kpi_cli.program import hoisted


@pytest.fixture(autouse=True)
def vietnamese() -> None:
    language.choose([], {})


def test_numbers_and_days_as_they_are_written_in_viet_nam() -> None:
    """R-33: whole đồng."""
    assert output.money(-1_234_567) == "-1.234.567"
    assert output.decimal("91.17") == "91,17"
    assert output.day("2026-03-24") == "24/03/2026"
    assert output.day("2026-03") == "03/2026"
    assert output.day("") == ""


def test_numbers_in_english() -> None:
    language.choose(["--lang", "en"], {})

    assert output.money(1_234_567) == "1,234,567"
    assert output.decimal("91.17") == "91.17"


@pytest.mark.parametrize(
    ("given", "full"),
    [
        ("grade_published", "kpi.approval.v1.GradePublished"),
        ("GradePublished", "kpi.approval.v1.GradePublished"),
        ("kpi.approval.v1.GradePublished", "kpi.approval.v1.GradePublished"),
    ],
)
def test_events_by_any_of_their_names(given: str, full: str) -> None:
    assert full_type("approval", given) == full


@pytest.mark.parametrize(
    ("given", "utc"),
    [
        ("2026-03-01", "2026-02-28T17:00:00Z"),
        ("2026-03-01T08:30", "2026-03-01T01:30:00Z"),
        ("2026-03-01T08:30:00+00:00", "2026-03-01T08:30:00Z"),
    ],
)
def test_times_are_viet_nam_s_unless_they_say_otherwise(given: str, utc: str) -> None:
    assert instant(given).ToJsonString() == utc


def test_no_time() -> None:
    with pytest.raises(Wrong, match="hôm qua"):
        instant("hôm qua")


def test_short_names_of_enums() -> None:
    assert short("PERSONNEL_TYPE_CADRE", types.PersonnelType.DESCRIPTOR) == "cadre"
    assert short("GRADE_A", types.Grade.DESCRIPTOR) == "a"


@pytest.mark.parametrize(
    ("line", "ahead"),
    [
        ("plan list --json", "--json plan list"),
        ("plan --lang en list", "--lang en plan list"),
        ("plan list --as=p-1:clerk --unit x", "--as=p-1:clerk plan list --unit x"),
        ("plan list -- --json", "plan list -- --json"),
        ("plan list --token", "--token plan list"),
    ],
)
def test_the_program_s_own_options_come_first(line: str, ahead: str) -> None:
    assert hoisted(line.split()) == ahead.split()
