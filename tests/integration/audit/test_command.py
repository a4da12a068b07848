"""kpi audit against all five services: intact, kept outside, exported, and tampered with (R-32)."""

import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from chassis import audit
from chassis.audit import Change
from chassis.settings import SERVICES
from kpi_cli.program import cli
from support import tokens
from support.service import Running, running

with warnings.catch_warnings():
    # The library under the event door says that it is old.
    warnings.simplefilter("ignore")
    import chassis.bus  # noqa: F401

WARD = "phuc-loi"
Kpi = Callable[..., Result]


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Running]]:
    """Every service, each with three changes of the ward in its log and the same key."""
    key = tmp_path / "audit.pem"
    key.write_bytes(
        Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    monkeypatch.setenv("AUDIT_KEY", str(key))
    with ExitStack() as stack:
        found = {
            name: stack.enter_context(running(name, f"sqlite:///{tmp_path}/{name}.db")) for name in SERVICES
        }
        for each in found.values():
            with each.sessions.begin() as session:
                changes = [Change("change", "thing", f"t{n}", None, {"n": n}) for n in (1, 2, 3)]
                audit.record(session, WARD, "2026-03", changes, actor_id="an", at=datetime.now(UTC))
        yield found


@pytest.fixture
def kpi(services: dict[str, Running]) -> Kpi:
    environment = {f"KPI_{name.upper()}_ADDRESS": each.address for name, each in services.items()}
    environment |= {"KPI_TOKEN": tokens.token("kt", "auditor"), "KPI_LANG": "en", "KPI_WARD": WARD}
    return lambda *arguments: CliRunner().invoke(cli, arguments, env=environment)


def rewrite(service: Running, statement: str) -> None:
    """Change the log as whoever owns the database could."""
    with service.sessions.begin() as session:
        for each in ("update", "delete", "replace"):
            session.execute(text(f"DROP TRIGGER audit_entry_no_{each}"))
        session.execute(text(statement))


def test_r32_all_logs_are_verified_kept_and_exported(kpi: Kpi, tmp_path: Path) -> None:
    kept, file = tmp_path / "kept.json", tmp_path / "log.jsonl"

    assert "15 entries" in kpi("audit", "verify", "--keep", str(kept)).output
    assert kpi("audit", "verify", "--checkpoint", str(kept)).exit_code == 0
    assert kpi("audit", "export", str(file)).exit_code == 0

    lines = [json.loads(each) for each in file.read_text("utf-8").splitlines()]
    assert [(each["service"], each["number"]) for each in lines] == [
        (service, str(number)) for service in SERVICES for number in (1, 2, 3)
    ]
    assert {each["service"] for each in json.loads(kept.read_text("utf-8"))} == set(SERVICES)


@pytest.mark.parametrize(
    ("service", "statement", "place"),
    [
        ("planning", "UPDATE audit_entry SET after = '{}' WHERE number = 2", 2),
        ("scoring", "DELETE FROM audit_entry WHERE number = 1", 1),
        ("approval", "UPDATE audit_entry SET number = 9 WHERE number = 2", 2),
        ("reward", "UPDATE audit_entry SET authority_id = 'ct' WHERE number = 3", 3),
        ("notification", "DELETE FROM audit_entry WHERE number = 2", 2),
    ],
)
def test_r32_the_service_and_the_place_are_named(
    services: dict[str, Running], kpi: Kpi, service: str, statement: str, place: int
) -> None:
    rewrite(services[service], statement)

    ran = kpi("audit", "verify")

    assert ran.exit_code == 1
    assert f"{service}: the ward log is not intact at entry {place}" in ran.output
    assert ran.output.count("is not intact") == 1


def test_r32_a_cut_off_end_shows_against_what_was_kept(
    services: dict[str, Running], kpi: Kpi, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.json"
    assert kpi("audit", "verify", "--keep", str(kept)).exit_code == 0
    rewrite(services["reward"], "DELETE FROM audit_entry WHERE number = 3")

    assert kpi("audit", "verify").exit_code == 0
    ran = kpi("audit", "verify", "--checkpoint", str(kept))

    assert ran.exit_code == 1
    assert "reward: the ward log is not intact at entry 3" in ran.output
