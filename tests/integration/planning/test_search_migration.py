"""A catalogue that was kept before searches went without accents is found without them too (R-3)."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from chassis import db, migrations
from planning.storage.catalogues import searched

OLD = "vp.01\nquản lý con dấu\nvăn bản đã đóng dấu"


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_what_was_kept_is_found_without_accents(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue("database_url") if kind == "postgresql" else f"sqlite:///{tmp_path}/p.db"
    engine = db.engine(db.sessions(url, pool_size=1))
    with engine.connect() as connection:
        config = migrations._config("planning")
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.execute(
            text(
                "INSERT INTO catalogue_entry (ward_id, version, code, task, output, complexity_group, points,"
                " coefficient, section, unit, searched) VALUES ('w', 1, 'VP.01', 'x', 'x', 'N1', '8', '1.6',"
                " 'unit', '', :old)"
            ),
            {"old": OLD},
        )
        connection.commit()

    migrations.migrate("planning", url)

    with engine.connect() as connection:
        found = connection.execute(text("SELECT searched FROM catalogue_entry")).scalar_one()
    engine.dispose()
    assert found == searched("VP.01", "Quản lý con dấu", "Văn bản đã đóng dấu")
    assert found == f"{OLD}\nvp.01\nquan ly con dau\nvan ban da dong dau"
