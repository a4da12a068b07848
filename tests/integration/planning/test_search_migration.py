"""A catalogue that was kept before searches went without accents is found without them too (R-3)."""

from pathlib import Path

import pytest
from sqlalchemy import text

from chassis import db
from planning.storage.catalogues import searched

from .upgrades import upgraded

OLD = "vp.01\nquản lý con dấu\nvăn bản đã đóng dấu"


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_what_was_kept_is_found_without_accents(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    sessions = upgraded(
        kind,
        request,
        tmp_path,
        step="0005",
        kept="INSERT INTO catalogue_entry (ward_id, version, code, task, output, complexity_group, points,"
        " coefficient, section, unit, searched) VALUES ('w', 1, 'VP.01', 'x', 'x', 'N1', '8', '1.6',"
        " 'unit', '', :old)",
        values={"old": OLD},
    )

    with sessions() as session:
        found = session.execute(text("SELECT searched FROM catalogue_entry")).scalar_one()
    db.engine(sessions).dispose()
    assert found == searched("VP.01", "Quản lý con dấu", "Văn bản đã đóng dấu")
    assert found == f"{OLD}\nvp.01\nquan ly con dau\nvan ban da dong dau"
