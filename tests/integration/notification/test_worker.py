"""The worker as a process, on RabbitMQ and PostgreSQL, killed while mails go out."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from google.protobuf.message import Message
from kombu.connection import Connection
from sqlalchemy import select

from chassis import db, migrations, outbox, topology
from integration.notification import happenings as h
from integration.notification.conftest import Post
from notification.settings import MailServer
from notification.storage.rows import MailRow
from notification.worker import NotificationWorker
from support.ports import free_port
from support.waiting import eventually

PEOPLE = [f"p-{number:03d}" for number in range(60)]


@contextmanager
def worker(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "notification", "worker"], env=environment, stdout=output, stderr=output
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def publish(url: str, bodies: Iterable[Message]) -> None:
    """Publish events as the relays of the other services do."""
    with Connection(url) as connection, connection.Producer() as producer:  # type: ignore[no-untyped-call]
        for body in bodies:
            type_ = body.DESCRIPTOR.full_name
            name, event_id = topology.event_name(type_), str(uuid.uuid4())
            producer.publish(
                outbox.body(body),
                exchange=topology.exchange(name.source),
                routing_key=name.key,
                content_type="application/json",
                content_encoding="utf-8",
                message_id=event_id,
                headers={
                    "cloudEvents_id": event_id,
                    "cloudEvents_source": name.source,
                    "cloudEvents_specversion": "1.0",
                    "cloudEvents_type": type_,
                    "cloudEvents_time": datetime.now(UTC).isoformat(),
                },
            )


def test_a_wrong_setting_ends_the_worker_when_it_starts() -> None:
    environment = os.environ | {"SMTP_URL": "smpt://mail.example", "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(
        [sys.executable, "-m", "notification", "worker"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith("notification: SMTP_URL cannot be read")


def slowly(address: str, server: object) -> None:
    """Take a little time over a text, so that the kill falls between two mails or into one."""
    time.sleep(0.02)


def states(sessions: db.Sessions) -> Counter[str]:
    with sessions() as session:
        return Counter(session.scalars(select(MailRow.state)))


def test_a_worker_that_is_killed_sends_no_mail_twice(
    database_url: str, amqp_url: str, post: Post, mail_server: MailServer, tmp_path: Path
) -> None:
    """R-42: at most the one mail that was in flight is uncertain; every other goes out exactly once."""
    migrations.migrate("notification", database_url)
    topology.declare(amqp_url, NotificationWorker)
    sessions = db.sessions(database_url)
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "AMQP_URL": amqp_url,
        "SMTP_URL": f"smtp://127.0.0.1:{mail_server.port}",
        "MAIL_FROM": "KPI <kpi@x.example>",
        "METRICS_ADDRESS": f"127.0.0.1:{free_port()}",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    post.on_text = slowly
    notices: list[Message] = [h.payment(each) for each in PEOPLE]
    # Half of the people are told of only after their money was.
    publish(amqp_url, [*(h.person(each) for each in PEOPLE[:30]), *notices, *notices])

    with worker(environment, tmp_path / "first.log") as process:
        eventually(lambda: len(post.taken) >= 10, within=60)
        process.send_signal(signal.SIGKILL)
        process.wait()
    publish(amqp_url, [*(h.person(each) for each in PEOPLE[30:]), *notices])
    with worker(environment, tmp_path / "second.log") as process:
        eventually(
            lambda: states(sessions)["sent"] + states(sessions)["uncertain"] == len(PEOPLE), within=120
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0

    received = Counter(post.addresses())
    assert max(received.values()) == 1
    assert states(sessions)["uncertain"] <= 1
    assert states(sessions)["sent"] >= len(PEOPLE) - 1
    assert len(received) >= len(PEOPLE) - 1
    lines = [
        json.loads(line) for line in (tmp_path / "second.log").read_text().splitlines() if line[:1] == "{"
    ]
    assert [line for line in lines if line["level"] in ("error", "critical")] == []
    db.engine(sessions).dispose()
