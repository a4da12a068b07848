"""How a ward counted before that was kept by month counts for all its months (R-9, R-10)."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from chassis import db, migrations
from chassis.days import Month
from planning import storage
from planning.domain.window import WindowRule


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_what_was_kept_counts_for_every_month(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue("database_url") if kind == "postgresql" else f"sqlite:///{tmp_path}/p.db"
    sessions = db.sessions(url, pool_size=1)
    engine = db.engine(sessions)
    with engine.connect() as connection:
        config = migrations._config("planning")
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
        connection.execute(
            text(
                "INSERT INTO ward (ward_id, name, city, window_rule, december_cut_off, annual_leave_counts,"
                " acceptance_date_required, revision) VALUES ('w', 'x', 'x', 'calendar', 12, :yes, :yes, 4)"
            ),
            {"yes": True},
        )
        connection.commit()

    migrations.migrate("planning", url)

    with sessions() as session:
        ward = storage.ward(session, "w")
    engine.dispose()
    for month in (Month(2024, 2), Month(2026, 12), Month(2031, 1)):
        how = ward.counts(month)
        assert (how.window_rule, how.december_cut_off) == (WindowRule.CALENDAR, 12)
        assert how.annual_leave_counts
        assert how.acceptance_date_required
    assert (ward.revision, str(ward.window(Month(2024, 2)).last_on)) == (4, "2024-02-29")
