"""Approval behind its gRPC door, on both databases."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.service import Running, running

with warnings.catch_warnings():
    # The library under the event door says that it is old.
    warnings.simplefilter("ignore")
    import chassis.bus  # noqa: F401

from .ward import Ward


@pytest.fixture(params=["postgresql", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/approval.db"
    found: str = request.getfixturevalue("database_url")
    return found


@pytest.fixture
def service(url: str) -> Iterator[Running]:
    with running("approval", url) as found:
        yield found


@pytest.fixture
def ward(service: Running) -> Ward:
    """A ward of nine people with its month open, and nothing else done."""
    found = Ward(service)
    found.settle()
    return found


@pytest.fixture
def postgres_ward(database_url: str) -> Iterator[Ward]:
    """The same on PostgreSQL only, for what needs writers at once."""
    with running("approval", database_url) as service:
        found = Ward(service)
        found.settle()
        yield found
