"""Planning behind its gRPC door, on both databases."""

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
    """The service; the tests of a module share it, each with a ward of its own."""
    url = (
        request.getfixturevalue("module_database_url")
        if request.param == "postgresql"
        else f"sqlite:///{tmp_path_factory.mktemp('planning') / 'planning.db'}"
    )
    with running("planning", url) as found:
        yield found


@pytest.fixture
def empty(service: Running, request: pytest.FixtureRequest) -> Ward:
    """A ward that was never heard of."""
    return Ward(service, f"w{abs(hash(request.node.nodeid)) % 10**12}")


@pytest.fixture
def ward(empty: Ward) -> Ward:
    """A ward of two units and six people with a catalogue of three entries in force."""
    empty.settle()
    return empty
