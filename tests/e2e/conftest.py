"""Whole months through real processes, on both brokers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from chassis import auth
from kpi_cli.client import SERVICES, Platform
from kpi_cli.demo.month import Month
from kpi_cli.demo.story import Story
from kpi_cli.stack import PROCFILE, Stack, embedded_environment
from support.ports import free_port
from support.servers import Postgres, RabbitMQ

STORY = Path(__file__).resolve().parents[2] / "examples" / "phuc-loi" / "month.json"


@dataclass(slots=True)
class Play:
    """A month on a stack, step by step."""

    stack: Stack
    month: Month
    told: dict[str, str] = field(default_factory=dict)
    """What came of each step, by its name."""

    def play(self, *, before: Callable[[str], None] = lambda _: None, tries: int = 1) -> None:
        """Run every step; ``before`` is called with each step's name, and may disturb the stack."""
        for step in self.month.steps():
            before(step.name)
            for attempt in range(1, tries + 1):
                try:
                    self.told[step.name] = step.run()
                    break
                except grpc.RpcError as error:
                    # A step can be run again: what is done stays done, what is not is done now.
                    if error.code() is not grpc.StatusCode.UNAVAILABLE or attempt == tries:
                        raise

    def exports(self) -> dict[str, bytes]:
        """Return the finance files by format."""
        return {name: path.read_bytes() for name, path in self.month.exports.items()}


def on(stack: Stack, state: Path, out: Path) -> Play:
    """Return the example month, to be played on a running stack."""

    def token(person_id: str, roles: tuple[str, ...]) -> str:
        return auth.issue(
            state,
            person_id=person_id,
            wards=["phuc-loi"],
            roles=roles,
            at=datetime.now(UTC),
            lifetime=timedelta(hours=2),
        )

    return Play(stack, Month(Story.read(STORY), Platform(stack.grpc), token, out))


class Letters(MessageHandler):
    """Keeps what a mail server receives."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.received: list[tuple[str, str, str]] = []
        """Sender, which tells the stack it came from, receiver, and message id."""

    def handle_message(self, message: object) -> None:
        headers = dict(message.items())  # type: ignore[attr-defined]
        self.received.append((headers["X-MailFrom"], headers["X-RcptTo"], headers["Message-ID"]))


@pytest.fixture(scope="session")
def letters() -> Iterator[Letters]:
    """A real mail server that keeps what it receives."""
    result = Letters(free_port())
    controller = Controller(result, hostname="127.0.0.1", port=result.port)
    controller.start()
    yield result
    controller.stop()


def production_environment(
    state: Path, postgres: Postgres, amqp_url: str, smtp_port: int, prefix: str
) -> dict[str, str]:
    """Return the settings of fifteen processes on a broker and five databases."""
    auth.create_key(state)
    databases = {
        f"DATABASE_URL_{service.upper()}": postgres.create_database(f"{prefix}_{service}")
        for service in SERVICES
    }
    return {
        **databases,
        "AMQP_URL": amqp_url,
        "AUTH_JWKS": str(state / "jwks.json"),
        "KPI_STATE": str(state),
        "SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "MAIL_FROM": f"{prefix}@phuc-loi.example.org",
    }


@pytest.fixture(scope="session")
def embedded_month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """The month, played to its end without broker and server; the stack still runs."""
    state = tmp_path_factory.mktemp("embedded")
    environment = embedded_environment(state)
    with Stack(state=state, environment=environment, ports="free") as stack:
        play = on(stack, state, state / "out")
        play.play()
        yield play


@pytest.fixture(scope="session")
def production_vhost(rabbitmq: RabbitMQ) -> Iterator[str]:
    """The virtual host of the month on RabbitMQ."""
    with rabbitmq.fresh_vhost() as url:
        yield url


@pytest.fixture(scope="session")
def production_stack(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, production_vhost: str, letters: Letters
) -> Iterator[tuple[Stack, Path]]:
    """Fifteen processes on RabbitMQ and PostgreSQL."""
    state = tmp_path_factory.mktemp("production")
    environment = production_environment(
        state,
        postgres,
        production_vhost,
        letters.port,
        "month",
    )
    with Stack(state=state, environment=environment, procfile=PROCFILE, ports="free") as stack:
        yield stack, state
