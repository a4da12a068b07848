"""A database as an earlier step of the migrations left it, taken to the last."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from chassis import db, migrations


def upgraded(
    kind: str,
    request: pytest.FixtureRequest,
    folder: Path,
    *,
    step: str,
    kept: str,
    values: Mapping[str, Any],
) -> db.Sessions:
    """Return a planning database that was at ``step`` when a statement kept something in it."""
    url = request.getfixturevalue("database_url") if kind == "postgresql" else f"sqlite:///{folder}/p.db"
    sessions = db.sessions(url, pool_size=1)
    with db.engine(sessions).connect() as connection:
        config = migrations._config("planning")
        config.attributes["connection"] = connection
        command.upgrade(config, step)
        connection.execute(text(kept), values)
        connection.commit()
    migrations.migrate("planning", url)
    return sessions
