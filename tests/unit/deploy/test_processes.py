"""The lists of processes agree: Procfile, compose file and Prometheus name the same fifteen."""

import re
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from prometheus_client import Counter, Gauge, Histogram

from chassis import metrics
from chassis.settings import SERVICES

DEPLOY = Path(__file__).parents[3] / "deploy"
ROLES = ("api", "worker", "relay")
PROCESSES = {f"{service}-{role}": ["python", "-m", service, role] for service in SERVICES for role in ROLES}


def _compose() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    return services


def test_procfile_runs_every_role_of_every_service() -> None:
    lines = (DEPLOY / "Procfile").read_text().splitlines()
    assert dict(line.split(": ") for line in lines) == {
        name: " ".join(command) for name, command in PROCESSES.items()
    }


def test_compose_runs_the_same_and_the_migrations() -> None:
    compose = _compose()
    assert {name: compose[name]["command"] for name in PROCESSES} == {
        name: [command[-1]] for name, command in PROCESSES.items()
    }
    others = compose.keys() - PROCESSES
    assert others == {f"{service}-migrate" for service in SERVICES} | {"rabbitmq", "postgres", "prometheus"}


def test_every_process_waits_for_its_own_migration() -> None:
    for name, process in _compose().items():
        service, _, role = name.partition("-")
        if role in ROLES:
            waits = process["depends_on"][f"{service}-migrate"]
            assert waits == {"condition": "service_completed_successfully"}, name


def test_no_service_gets_the_database_of_another() -> None:
    for name, process in _compose().items():
        service = name.partition("-")[0]
        if service in SERVICES:
            assert process["build"]["args"] == {"SERVICE": service}
            url = process["environment"]["DATABASE_URL"]
            assert url.startswith(f"postgresql+psycopg://kpi_{service}:$"), name
            assert url.endswith(f"@postgres:5432/{service}"), name


def test_ports_are_published_on_the_loopback_interface_only() -> None:
    ports = [port for process in _compose().values() for port in process.get("ports", [])]
    assert len(ports) == len(SERVICES) + 4
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_the_compose_file_holds_no_secret() -> None:
    example = (DEPLOY / ".env.example").read_text()
    for name, process in _compose().items():
        for variable, value in process.get("environment", {}).items():
            if "PASSWORD" in variable or "://" in str(value):
                required = value.partition("${")[2].partition(":?")[0]
                assert required, f"{name}: {variable} must be required from the environment"
                assert f"\n{required}=\n" in example


def test_prometheus_asks_every_process() -> None:
    jobs = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())["scrape_configs"]
    (targets,) = [job["static_configs"][0]["targets"] for job in jobs if job["job_name"] == "kpi"]
    assert targets == [f"{name}:9100" for name in PROCESSES]


def test_every_alert_asks_for_a_metric_that_exists() -> None:
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"][0]["rules"]
    asked = {name for rule in rules for name in re.findall(r"\bkpi_\w+", rule["expr"])}
    kept = [each for each in vars(metrics).values() if isinstance(each, Counter | Gauge | Histogram)]
    families = [family for each in kept for family in each.collect()]
    shown = {each.name + ("_total" if each.type == "counter" else "") for each in families}
    assert asked
    assert asked <= shown
