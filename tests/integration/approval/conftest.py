"""Approval behind its gRPC door, on both databases."""

import warnings
from collections.abc import Iterator

import pytest

from support.service import Running, running

with warnings.catch_warnings():
    # The library under the event door says that it is old.
    warnings.simplefilter("ignore")
    import chassis.bus  # noqa: F401

from .ward import Ward


@pytest.fixture(scope="module", params=["postgresql", "sqlite"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One service for the tests of a module; each test has a ward of its own in it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('approval')}/approval.db"
    else:
        url = request.getfixturevalue("module_database_url")
    with running("approval", url) as found:
        yield found


@pytest.fixture
def ward(service: Running) -> Ward:
    """A ward of nine people with its month open, and nothing else done."""
    found = Ward(service)
    found.settle()
    return found


@pytest.fixture(scope="module")
def postgres_service(module_database_url: str) -> Iterator[Running]:
    with running("approval", module_database_url) as found:
        yield found


@pytest.fixture
def postgres_ward(postgres_service: Running) -> Ward:
    """The same on PostgreSQL only, for what needs writers at once."""
    found = Ward(postgres_service)
    found.settle()
    return found
