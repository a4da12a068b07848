"""The example month from the workbook to the finance file, embedded and on RabbitMQ with PostgreSQL."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from e2e.conftest import Letters, Play, on
from kpi.approval.v1 import approval_pb2 as approval
from kpi.operations.v1 import audit_pb2
from kpi.planning.v1 import planning_pb2 as planning
from kpi.reward.v1 import reward_pb2 as reward
from kpi.scoring.v1 import scoring_pb2 as scoring
from kpi_cli.client import SERVICES
from kpi_cli.demo.month import FINANCE, ORGANIZER
from kpi_cli.stack import Stack
from support.servers import RabbitMQ
from support.waiting import eventually

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="session")
def subscriber(production_vhost: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A stock nameko service that listens before the month begins, and the file it writes."""
    out = tmp_path_factory.mktemp("stock") / "grades.jsonl"
    script = Path(__file__).parent / "stock_subscriber.py"
    command = [sys.executable, "-W", "ignore", str(script), production_vhost, str(out)]
    with subprocess.Popen(command) as process:
        eventually(out.exists, within=30)
        yield out
        process.kill()


@pytest.fixture(scope="session")
def production_month(production_stack: tuple[Stack, Path], subscriber: Path) -> Play:
    """The month, played to its end on fifteen processes; they still run."""
    stack, state = production_stack
    play = on(stack, state, state / "out")
    play.play()
    return play


def test_both_modes_give_the_same_month(embedded_month: Play, production_month: Play) -> None:
    assert embedded_month.told == production_month.told
    assert embedded_month.exports() == production_month.exports()
    for question in ("grades", "quotas"):
        one, other = (
            [_plain(each) for each in getattr(play.month, question)()]
            for play in (embedded_month, production_month)
        )
        assert one == other


def _plain(message: object) -> str:
    for field in ("published_at", "revision"):
        message.ClearField(field) if field in message.DESCRIPTOR.fields_by_name else None  # type: ignore[attr-defined]
    return str(message)


def test_the_export_adds_up(production_month: Play) -> None:
    """R-40: count, sum and digest; R-33: the ledger balances."""
    month = production_month.month
    rows = list(csv.DictReader(io.StringIO(production_month.exports()["csv"].decode("utf-8-sig"))))
    assert month.run
    assert len(rows) >= month.run.people
    finance = month.as_(FINANCE, "finance").reward
    pieces = list(finance.ExportRun(reward.ExportRunRequest(ward_id="phuc-loi", run_id=month.run.run_id)))
    summary = pieces[-1].summary
    content = b"".join(each.chunk for each in pieces)
    assert content == production_month.exports()["csv"]
    assert (summary.count, summary.sum) == (month.run.people, month.run.distributed)
    assert summary.sha256 == hashlib.sha256(content).hexdigest()
    assert month.run.distributed + month.run.undistributed == month.story.fund["amount"]
    assert finance.ListEntries(reward.ListEntriesRequest(ward_id="phuc-loi")).imbalance == 0


def test_everybody_is_told_the_same_as_published(production_month: Play) -> None:
    grades = production_month.month.grades()
    people = {each.person_id for each in production_month.month.people()}
    assert {each.person_id for each in grades} == people


def test_every_queue_is_durable_quorum_and_empty(
    production_month: Play, rabbitmq: RabbitMQ, production_vhost: str
) -> None:
    vhost = production_vhost.rsplit("/", 1)[1]

    def busy() -> list[str]:
        listed = rabbitmq.ctl(
            "-q", "-p", vhost, "list_queues", "--no-table-headers", "name", "type", "durable", "messages"
        )
        rows = [line.split("\t") for line in listed.strip().splitlines()]
        ours = [row for row in rows if not row[0].startswith("evt-")]
        assert len(ours) > 30
        assert {(kind, durable) for _, kind, durable, _ in ours} == {("quorum", "true")}
        return [row[0] for row in rows if row[3] != "0"]

    eventually(lambda: not busy(), within=30)


def test_a_stock_nameko_service_gets_every_grade(production_month: Play, subscriber: Path) -> None:
    """R-44."""
    wanted = {each.person_id for each in production_month.month.grades()}

    def got() -> list[str]:
        return [json.loads(line)["person_id"] for line in subscriber.read_text().splitlines()]

    eventually(lambda: set(got()) >= wanted, within=30)
    assert sorted(got()) == sorted(wanted)


def test_mail_reaches_people_once(production_month: Play, letters: Letters) -> None:
    """R-42: never twice for one cause."""
    addressed = {each.email for each in production_month.month.people() if each.email}

    def received() -> list[tuple[str, str]]:
        return [(to, message_id) for sender, to, message_id in letters.received if "month@" in sender]

    eventually(lambda: addressed <= {to for to, _ in received()}, within=60)
    ids = [message_id for _, message_id in received()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("person_id", "roles", "service", "method", "request_"),
    [
        ("somebody", ("staff",), "approval", "OpenMonth", approval.OpenMonthRequest(month="2026-03")),
        (
            "somebody",
            ("staff",),
            "reward",
            "Allocate",
            reward.AllocateRequest(fund_id="x", policy="phuc-loi"),
        ),
        (
            "somebody",
            ("staff",),
            "planning",
            "ImportWorkbook",
            planning.ImportWorkbookRequest(month="2026-03"),
        ),
        ("somebody", ("operator",), "scoring", "ListScores", scoring.ListScoresRequest(month="2026-03")),
        ("somebody", ("finance",), "approval", "Publish", approval.PublishRequest(month="2026-03")),
    ],
)
def test_without_the_right_a_call_is_refused(
    production_month: Play,
    person_id: str,
    roles: tuple[str, ...],
    service: str,
    method: str,
    request_: object,
) -> None:
    request_.ward_id = "phuc-loi"  # type: ignore[attr-defined]
    caller = production_month.month.as_(person_id, *roles)

    with pytest.raises(grpc.RpcError) as no:
        getattr(getattr(caller, service), method)(request_)

    assert no.value.code() is grpc.StatusCode.PERMISSION_DENIED


@pytest.mark.parametrize("mode", ["embedded_month", "production_month"])
def test_r32_every_service_logged_the_month_in_an_unbroken_chain(
    request: pytest.FixtureRequest, mode: str
) -> None:
    """What notification is asked for in this month changes nothing: its log is empty."""
    auditor = request.getfixturevalue(mode).month.as_("kiem-tra", "auditor")
    counts, actions = {}, set()
    for service in SERVICES:
        operations = auditor.operations(service)
        found = operations.VerifyAudit(audit_pb2.VerifyAuditRequest(ward_id="phuc-loi"))
        assert found.intact, f"{service}: {found.broken_at} {found.problem}"
        counts[service] = found.count
        asked = audit_pb2.ListAuditEntriesRequest(ward_id="phuc-loi", page_size=1000)
        actions |= {each.action for each in operations.pages("ListAuditEntries", asked, "entries")}
    assert all(counts[each] for each in ("planning", "approval", "reward"))
    assert {"import_plan", "submit_plan", "approve_plan", "record_working_time"} <= actions
    assert {"decide", "publish", "create_fund", "allocate"} <= actions


def test_a_token_of_another_ward_sees_nothing(
    production_month: Play, production_stack: tuple[Stack, Path]
) -> None:
    from datetime import UTC, datetime

    from chassis import auth

    _, state = production_stack
    stranger = auth.issue(
        state,
        person_id="x",
        wards=["ba-dinh"],
        roles=["staff", "clerk", "organizer", "finance", "auditor"],
        at=datetime.now(UTC),
    )
    caller = production_month.month.platform.as_(stranger)
    for service, method, request in (
        ("planning", "ListPeople", planning.ListPeopleRequest(month="2026-03")),
        ("scoring", "ListScores", scoring.ListScoresRequest(month="2026-03")),
        ("approval", "ListEvaluations", approval.ListEvaluationsRequest(month="2026-03")),
        ("approval", "ListGrades", approval.ListGradesRequest(month="2026-03")),
        ("reward", "ListFunds", reward.ListFundsRequest()),
    ):
        request.ward_id = "phuc-loi"
        with pytest.raises(grpc.RpcError) as no:
            getattr(getattr(caller, service), method)(request)
        assert no.value.code() is grpc.StatusCode.PERMISSION_DENIED
        request.ward_id = "ba-dinh"
        try:
            assert not getattr(getattr(caller, service), method)(request).ListFields()
        except grpc.RpcError as error:
            assert error.code() is grpc.StatusCode.NOT_FOUND  # noqa: PT017


def test_a_published_month_is_closed_to_changes(production_month: Play) -> None:
    """Published grades are superseded, never edited."""
    month = production_month.month
    [grade, *_] = [each for each in month.grades() if each.grade]
    evaluation = next(each for each in month.evaluations() if each.person_id == grade.person_id)
    decider = evaluation.decider_id or ORGANIZER

    with pytest.raises(grpc.RpcError) as no:
        month.as_(decider).approval.Decide(
            approval.DecideRequest(
                ward_id="phuc-loi",
                month=month.story.month,
                decisions=[
                    approval.GradeDecision(
                        person_id=grade.person_id, grade=approval.GradeDecision().grade, reason="x"
                    )
                ],
            )
        )

    assert no.value.code() in (grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.PERMISSION_DENIED)
