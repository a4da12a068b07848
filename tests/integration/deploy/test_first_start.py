"""What the containers of the broker and the databases do on their first start, on the real programs."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import amqp
import psycopg
import pytest

from chassis.settings import SERVICES
from support.servers import Postgres, RabbitMQ

DEPLOY = Path(__file__).parents[3] / "deploy"
PASSWORDS = {f"KPI_{service.upper()}_DB_PASSWORD": f"secret'of\"{service}" for service in SERVICES}


@pytest.fixture
def prepared(postgres: Postgres) -> Iterator[Postgres]:
    psql = Path("/usr/lib/postgresql")
    programs = ":".join(str(path) for path in psql.glob("*/bin"))
    subprocess.run(
        [DEPLOY / "postgres" / "databases.sh"],
        env={
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(postgres.port),
            "POSTGRES_USER": "kpi",
            **PASSWORDS,
        },
        check=True,
        timeout=60,
    )
    yield postgres
    for service in SERVICES:
        postgres.drop_database(service)
    with psycopg.connect(_address(postgres, "kpi", "postgres"), autocommit=True) as connection:
        for service in SERVICES:
            connection.execute(f"DROP ROLE kpi_{service}")


def _address(postgres: Postgres, role: str, database: str) -> str:
    return f"host=127.0.0.1 port={postgres.port} user={role} dbname={database}"


def test_each_service_owns_its_database(prepared: Postgres) -> None:
    for service in SERVICES:
        with psycopg.connect(_address(prepared, f"kpi_{service}", service)) as connection:
            connection.execute("CREATE TABLE something (id int)")


def test_no_service_enters_the_database_of_another(prepared: Postgres) -> None:
    for service in SERVICES:
        for other in {*SERVICES} - {service}:
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(_address(prepared, f"kpi_{service}", other))


def test_each_role_has_its_own_password(prepared: Postgres) -> None:
    with psycopg.connect(_address(prepared, "kpi", "postgres")) as connection:
        rows = connection.execute(
            "SELECT rolname, rolpassword FROM pg_authid WHERE rolname LIKE 'kpi!_%' ESCAPE '!'"
        ).fetchall()
    assert {name for name, _ in rows} == {f"kpi_{service}" for service in SERVICES}
    assert len({password for _, password in rows}) == len(SERVICES)
    assert all(password.startswith("SCRAM-SHA-256$") for _, password in rows)


def _definitions(to: Path, password: str) -> None:
    subprocess.run(
        ["/bin/sh", DEPLOY / "rabbitmq" / "start.sh", DEPLOY / "rabbitmq" / "definitions.json", to, "true"],
        env={"PATH": os.environ["PATH"], "HOME": str(to.parent), "KPI_AMQP_PASSWORD": password},
        check=True,
        timeout=60,
    )


def test_the_broker_knows_the_one_user_by_the_password_of_the_environment(rabbitmq: RabbitMQ) -> None:
    file = rabbitmq.folder / "definitions.json"
    _definitions(file, "Mật-khẩu 1")
    try:
        rabbitmq.ctl("import_definitions", str(file))
        host = f"127.0.0.1:{rabbitmq.port}"
        with amqp.Connection(host, userid="kpi", password="Mật-khẩu 1", virtual_host="kpi") as connection:
            connection.channel().exchange_declare("planning.events", "topic")
        with (
            pytest.raises(amqp.exceptions.AccessRefused),
            amqp.Connection(host, userid="kpi", password="guest", virtual_host="kpi"),
        ):
            pass
    finally:
        file.unlink()
        rabbitmq.delete_vhost("kpi")
        rabbitmq.ctl("delete_user", "kpi")


def test_the_definitions_are_salted_and_closed_to_others(tmp_path: Path) -> None:
    hashes = set()
    for number in range(2):
        file = tmp_path / f"{number}.json"
        _definitions(file, "same")
        assert file.stat().st_mode & 0o077 == 0
        hashes.add(json.loads(file.read_text())["users"][0]["password_hash"])
    assert len(hashes) == 2


def test_the_broker_does_not_start_without_a_password(tmp_path: Path) -> None:
    start = ["/bin/sh", str(DEPLOY / "rabbitmq" / "start.sh"), "template", str(tmp_path / "out"), "true"]
    done = subprocess.run(
        start, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode != 0
    assert "KPI_AMQP_PASSWORD" in done.stderr
