"""Notification on both databases, and a mail server that does as it is told."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from chassis.db import Sessions
from notification.settings import MailServer
from support.ports import free_port
from support.service import Running, running


@pytest.fixture(params=["postgresql", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/notification.db"
    found: str = request.getfixturevalue("database_url")
    return found


@pytest.fixture
def service(url: str) -> Iterator[Running]:
    with running("notification", url) as found:
        yield found


@pytest.fixture
def sessions(service: Running) -> Sessions:
    return service.sessions


class Post:
    """A real SMTP server in a thread; it takes mail, unless ``rcpt`` or ``text`` hold another answer."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.offered: list[str] = []
        self.rcpt: dict[str, str] = {}
        self.text: dict[str, str] = {}
        self.on_text: Callable[[str, SMTP], str | None] | None = None
        self.connections = 0

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.offered.append(address)
        if address in self.rcpt:
            return self.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_EHLO(
        self, server: SMTP, session: Any, envelope: Any, name: str, responses: list[str]
    ) -> list[str]:
        session.host_name = name
        self.connections += 1
        return responses

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        address = envelope.rcpt_tos[0]
        if self.on_text and (answer := self.on_text(address, server)):
            return answer
        if address in self.text:
            return self.text[address]
        self.taken.append((address, envelope.content))
        return "250 taken"

    def addresses(self) -> list[str]:
        return [address for address, _ in self.taken]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def mail_server(post: Post) -> Iterator[MailServer]:
    port = free_port()
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    found = MailServer.read(
        {"SMTP_URL": f"smtp://127.0.0.1:{port}?timeout=5", "MAIL_FROM": "KPI <kpi@x.example>"}
    )
    assert found
    yield found
    controller.stop()
