"""Reward on both databases."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.db import Sessions
from support.service import Running, running

with warnings.catch_warnings():
    # The library under the event door says that it is old.
    warnings.simplefilter("ignore")
    import chassis.bus  # noqa: F401


@pytest.fixture(params=["postgresql", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/reward.db"
    found: str = request.getfixturevalue("database_url")
    return found


@pytest.fixture
def service(url: str) -> Iterator[Running]:
    with running("reward", url) as found:
        yield found


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service for what a request is refused for before any database is asked."""
    with running("reward", f"sqlite:///{tmp_path_factory.mktemp('reward')}/reward.db") as found:
        yield found


@pytest.fixture
def sessions(service: Running) -> Sessions:
    return service.sessions
