"""The tests' own servers: real, private, and as durable as the ones they stand for."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from kombu import Connection, Producer, Queue

from support.servers import Postgres, RabbitMQ
from support.waiting import eventually


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")


def test_each_test_has_an_empty_database(database_url: str) -> None:
    with psycopg.connect(_plain(database_url)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()  # type: ignore[misc]
    assert count == 0


def test_what_was_committed_survives_a_kill(postgres: Postgres, database_url: str) -> None:
    with psycopg.connect(_plain(database_url)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    before = postgres.pid

    postgres.kill()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(_plain(database_url))
    postgres.start()

    assert postgres.pid != before
    with psycopg.connect(_plain(database_url)) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (42,)


@pytest.mark.parametrize("mode", ["smart", "fast", "immediate"])
def test_postgres_stops_in_each_mode(postgres: Postgres, database_url: str, mode: str) -> None:
    postgres.stop(mode)
    assert not postgres.running
    postgres.start()
    with psycopg.connect(_plain(database_url)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_durable_message_survives_a_kill(rabbitmq: RabbitMQ, amqp_url: str) -> None:
    queue = Queue("kept", durable=True)
    with Connection(amqp_url, transport_options={"confirm_publish": True}) as connection:
        channel = connection.channel()
        queue(channel).declare()
        Producer(channel).publish("42", routing_key="kept", delivery_mode=2)

    rabbitmq.kill()
    assert not rabbitmq.running
    rabbitmq.start()

    with Connection(amqp_url) as connection:
        message = queue(connection.channel()).get()
        assert message is not None
        assert message.body == "42"


def test_a_virtual_host_is_alone(amqp_url: str, rabbitmq: RabbitMQ) -> None:
    with Connection(amqp_url) as connection:
        Queue("mine")(connection.channel()).declare()
    vhost = amqp_url.rpartition("/")[2]
    assert rabbitmq.ctl("list_queues", "--no-table-headers", "--vhost", vhost, "name").split() == ["mine"]
    assert rabbitmq.ctl("list_queues", "--no-table-headers", "name").split() == []


def test_rabbitmq_stops_in_order(rabbitmq: RabbitMQ) -> None:
    rabbitmq.stop()
    assert not rabbitmq.running
    rabbitmq.start()
    assert rabbitmq.ctl("status")


HANGS = """
import sys
from support.servers import Postgres, Servers
servers = Servers()
postgres = Postgres(servers)
postgres.start()
print(postgres.pid, servers.folder, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_server_outlives_the_tests(number: signal.Signals) -> None:
    tests = subprocess.Popen(
        [sys.executable, "-c", HANGS],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert tests.stdout is not None
    pid, folder = tests.stdout.readline().split()
    assert Path(folder).exists()

    tests.send_signal(number)
    tests.wait(timeout=10)

    assert eventually(lambda: not Path(folder).exists(), within=10)
    stat = Path(f"/proc/{pid}/stat")
    assert eventually(lambda: not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z")
