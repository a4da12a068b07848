"""Policies, periods and plans by the command ``kpi`` against the running service."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from integration.scoring.ward import MONTH, Ward, line
from kpi.planning.v1.events_pb2 import WorkFault
from kpi_cli.program import cli
from support import tokens

Kpi = Callable[..., Result]


@pytest.fixture
def kpi(ward: Ward) -> Kpi:
    def run(person: str, *arguments: str, language: str = "en") -> Result:
        environment = {
            "KPI_SCORING_ADDRESS": ward.service.address,
            "KPI_TOKEN": tokens.token(person, "organizer", wards=("*",)),
            "KPI_WARD": ward.ward_id,
            "KPI_LANG": language,
        }
        return CliRunner().invoke(cli, arguments, env=environment)

    return run


@pytest.fixture
def scored(ward: Ward) -> Ward:
    for number in range(6):
        ward.tell(ward.person(f"p{number}"), *ward.good_month(f"p{number}", str(22 + number)))
    ward.tell(ward.results("p5", line("1", "2", "2", WorkFault(outputs=1, failed_reviews=4))))
    ward.compute()
    return ward


def test_a_policy_from_proposal_to_simulation(scored: Ward, kpi: Kpi) -> None:
    propose = ("policy", "propose", scored.ward_id, "--from-month", "2026-01", "--legal-basis", "QC 01")
    proposed = kpi("an", *propose, "--set", "fault_scope=line", "--for", "public-employee")
    assert proposed.exit_code == 0, proposed.output
    assert "line" in proposed.stdout
    assert kpi("an", *propose, "--set", "fault_scope").exit_code == 2
    again = kpi("an", *propose, "--set", "fault_scope=line", "--json")
    assert json.loads(again.stdout)["version"] == 2

    name = f"{scored.ward_id}@2"
    told = json.loads(kpi("an", "policy", "diff", "default@1", name, "--json").stdout)
    assert [each["name"] for each in told] == ["fault_scope", "legal_basis"]

    moves = json.loads(kpi("an", "policy", "simulate", name, "--month", MONTH, "--json").stdout)
    assert [(each["person_id"], each["total_after"]) for each in moves] == [("p5", "73.67")]
    shown = kpi("an", "policy", "simulate", name, "--month", MONTH, language="vi").stdout
    assert "1 trong 6 người sẽ thay đổi." in shown

    assert kpi("an", "policy", "approve", name, "--document", "9/QĐ").exit_code == 4
    approved = kpi("binh", "policy", "approve", name, "--document", "9/QĐ")
    assert approved.stdout == f"{name} is in force; months scored again: 1.\n"
    assert f'"{name}"' not in kpi("an", "policy", "list", "--state", "proposed", "--json").stdout
    assert "9/QĐ" in kpi("an", "policy", "show", scored.ward_id).stdout


def test_a_quarter_and_a_plan(scored: Ward, kpi: Kpi) -> None:
    listed = json.loads(kpi("an", "score", "period", "2026-Q2", "--json").stdout)
    assert [each["person_id"] for each in listed] == [f"p{number}" for number in range(6)]
    one = kpi("an", "score", "period", "2026-Q2", "--person", "p4")
    assert "(96.00) / 1" in one.stdout

    planned = kpi("an", "quota", "plan", "--month", MONTH, "--wanted", "p4=B")
    assert planned.exit_code == 0, planned.output
    assert "VP: 4 start from A, 1 of at most 1 keep it." in planned.stdout
    assert kpi("an", "quota", "plan", "--month", MONTH, "--wanted", "p4").exit_code == 2
    small = kpi(
        "an", "score", "unit-grade", "VP", "2026", "--grade", "B", "--document", "5/TB", "--head", "p1"
    )
    assert small.exit_code == 2
    assert "NOT_THE_HEAD" in small.stderr
