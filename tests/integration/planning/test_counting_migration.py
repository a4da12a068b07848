"""How a ward counted before that was kept by month counts for all its months (R-9, R-10)."""

from pathlib import Path

import pytest

from chassis import db
from chassis.days import Month
from planning import storage
from planning.domain.window import WindowRule

from .upgrades import upgraded


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_what_was_kept_counts_for_every_month(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    sessions = upgraded(
        kind,
        request,
        tmp_path,
        step="0008",
        kept="INSERT INTO ward (ward_id, name, city, window_rule, december_cut_off, annual_leave_counts,"
        " acceptance_date_required, revision) VALUES ('w', 'x', 'x', 'calendar', 12, :yes, :yes, 4)",
        values={"yes": True},
    )

    with sessions() as session:
        ward = storage.ward(session, "w")
    db.engine(sessions).dispose()
    for month in (Month(2024, 2), Month(2026, 12), Month(2031, 1)):
        how = ward.counts(month)
        assert (how.window_rule, how.december_cut_off) == (WindowRule.CALENDAR, 12)
        assert how.annual_leave_counts
        assert how.acceptance_date_required
    assert (ward.revision, str(ward.window(Month(2024, 2)).last_on)) == (4, "2024-02-29")
