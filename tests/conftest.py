"""Fixtures for every kind of test. A server that is not installed is a failure, never a skip."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from support.servers import Postgres, RabbitMQ, Servers

UNIT = Path(__file__).parent / "unit"

# What is drawn decides, never how busy the machine is.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the unit tests off the network, but for those that say they need a loopback socket."""
    for item in items:
        if UNIT in item.path.parents and item.get_closest_marker("enable_socket") is None:
            item.add_marker(pytest.mark.disable_socket)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """The folder and the leash of this run's servers."""
    result = Servers()
    yield result
    result.close()


@pytest.fixture(scope="session")
def postgres(servers: Servers) -> Iterator[Postgres]:
    """A running PostgreSQL of this run's own."""
    server = Postgres(servers)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def rabbitmq(servers: Servers) -> Iterator[RabbitMQ]:
    """A running RabbitMQ of this run's own."""
    server = RabbitMQ(servers)
    server.start()
    yield server
    server.close()


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """The URL of a new, empty database of this test's own."""
    with postgres.fresh_database() as url:
        yield url


@pytest.fixture(scope="module")
def module_database_url(postgres: Postgres) -> Iterator[str]:
    """The URL of a new, empty database that the tests of one module share."""
    with postgres.fresh_database() as url:
        yield url


@pytest.fixture
def amqp_url(rabbitmq: RabbitMQ) -> Iterator[str]:
    """The URL of a new, empty virtual host of this test's own."""
    with rabbitmq.fresh_vhost() as url:
        yield url


@pytest.fixture(scope="module")
def module_amqp_url(rabbitmq: RabbitMQ) -> Iterator[str]:
    """The URL of a new, empty virtual host that the tests of one module share."""
    with rabbitmq.fresh_vhost() as url:
        yield url
