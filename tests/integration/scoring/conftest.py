"""The service on both databases."""

import warnings
from collections.abc import Iterator

import pytest

from support.service import Running, running

with warnings.catch_warnings():
    # eventlet, below the worker, announces its end of life at every start.
    warnings.simplefilter("ignore")
    from integration.scoring.ward import Ward


@pytest.fixture(scope="module", params=["postgresql", "sqlite"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Scoring behind its gRPC door; the tests of a module share it, each with a ward of its own."""
    url = (
        request.getfixturevalue("module_database_url")
        if request.param == "postgresql"
        else f"sqlite:///{tmp_path_factory.mktemp('scoring') / 'scoring.db'}"
    )
    with running("scoring", url) as found:
        yield found


@pytest.fixture
def ward(service: Running, request: pytest.FixtureRequest) -> Ward:
    """A ward of which nothing is known."""
    number = abs(hash(request.node.nodeid)) % 10**12
    return Ward(service, ward_id=f"w{number}")
