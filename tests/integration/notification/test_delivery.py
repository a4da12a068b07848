"""R-42: mail goes out once, through a real SMTP server, whatever dies meanwhile."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from email import message_from_bytes, policy

import grpc
import pytest
from sqlalchemy import select

from chassis.db import Sessions
from chassis.db.tables import outbox
from integration.notification import happenings as h
from integration.notification.conftest import Post
from integration.notification.happenings import Clock
from kpi.notification.v1 import notification_pb2 as pb
from kpi.operations.v1 import audit_pb2
from notification import worker
from notification.domain.mail import MOST_ATTEMPTS
from notification.settings import MailServer
from support.ports import free_port
from support.service import Running, refusal
from support.waiting import eventually

LATER = timedelta(days=1)


@pytest.fixture(autouse=True)
def on(monkeypatch: pytest.MonkeyPatch, mail_server: MailServer) -> None:
    """The worker under test has this mail server."""
    monkeypatch.setattr(worker, "mail_server", lambda: mail_server)


@pytest.fixture
def clock() -> Clock:
    return Clock(h.AT + timedelta(days=10_000))


def mails(service: Running, state: int = 0) -> list[pb.Mail]:
    reply = service.as_("o-1", "operator").ListMails(pb.ListMailsRequest(ward_id=h.WARD, state=state))  # type: ignore[arg-type]
    return list(reply.mails)


def states(service: Running) -> dict[str, int]:
    return {each.person_id: each.state for each in mails(service)}


def announced(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return [row.type.rpartition(".")[2] for row in session.execute(select(outbox.c.type))]


def test_a_mail_reaches_its_person_once(
    service: Running, sessions: Sessions, post: Post, mail_server: MailServer, clock: Clock
) -> None:
    h.happen(sessions, h.ward(), h.person("p-1", "Nguyễn Văn Minh"), h.person("p-2"))
    h.happen(sessions, h.payment("p-1"), h.payment("p-2", 5_000_000), h.payment("p-1"))

    h.deliver(sessions, mail_server, clock)
    clock.move(LATER)
    h.deliver(sessions, mail_server, clock)

    assert sorted(post.addresses()) == ["p-1@x.example", "p-2@x.example"]
    assert post.connections == 1
    content = dict(post.taken)["p-1@x.example"]
    found = message_from_bytes(content, policy=policy.default)
    assert found["To"].addresses[0].display_name == "Nguyễn Văn Minh"
    text = found.get_content()
    assert "1.234.000 đồng" in text
    assert "5.000.000" not in text
    assert states(service) == {"p-1": pb.MAIL_STATE_SENT, "p-2": pb.MAIL_STATE_SENT}
    assert announced(sessions) == ["Delivered", "Delivered"]


def test_mail_that_is_off_is_kept_as_skipped(
    service: Running, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "mail_server", lambda: None)
    h.happen(sessions, h.person("p-1"), h.payment("p-1"))

    [mail] = mails(service)
    assert (mail.state, mail.detail) == (pb.MAIL_STATE_SKIPPED, "mail is off")


def test_who_wants_no_mail_gets_none_and_reads_it_in_the_inbox(
    service: Running, sessions: Sessions, post: Post, mail_server: MailServer, clock: Clock
) -> None:
    """R-42: preferences per person."""
    h.happen(sessions, h.person("p-1"), h.person("p-2"), h.person("p-3", email=""))
    for person_id, wanted in (
        ("p-1", pb.Preferences(mail_off=True)),
        ("p-2", pb.Preferences(muted_topics=[pb.TOPIC_PAYMENT])),
    ):
        service.as_(person_id).SetPreferences(pb.SetPreferencesRequest(ward_id=h.WARD, preferences=wanted))
    h.happen(sessions, *(h.payment(each) for each in ("p-1", "p-2", "p-3")), h.decision("p-2"))

    h.deliver(sessions, mail_server, clock)

    assert post.addresses() == ["p-2@x.example"]
    details = {each.detail for each in mails(service, pb.MAIL_STATE_SKIPPED)}
    assert details == {"the person wants no mail", "the person muted this topic", "no address is known"}
    reply = service.as_("p-1").ListMessages(pb.ListMessagesRequest(ward_id=h.WARD))
    assert len(reply.messages) == 1


def test_what_the_server_refuses_for_good_fails_at_once(
    service: Running, sessions: Sessions, post: Post, mail_server: MailServer, clock: Clock
) -> None:
    post.rcpt["p-1@x.example"] = "550 no such mailbox"
    post.text["p-2@x.example"] = "554 looks like spam"
    h.happen(sessions, *(h.person(each) for each in ("p-1", "p-2", "p-3")))
    h.happen(sessions, *(h.payment(each) for each in ("p-1", "p-2", "p-3")))

    h.deliver(sessions, mail_server, clock)
    clock.move(LATER)
    h.deliver(sessions, mail_server, clock)

    assert states(service) == {
        "p-1": pb.MAIL_STATE_FAILED,
        "p-2": pb.MAIL_STATE_FAILED,
        "p-3": pb.MAIL_STATE_SENT,
    }
    assert {each.detail for each in mails(service, pb.MAIL_STATE_FAILED)} == {
        "550 no such mailbox",
        "554 looks like spam",
    }
    assert sorted(announced(sessions)) == ["Delivered", "DeliveryFailed", "DeliveryFailed"]
    assert len(post.offered) == 3


@pytest.mark.parametrize("answers", ["rcpt", "text"])
def test_later_means_later_and_in_the_end_never(
    service: Running, sessions: Sessions, post: Post, mail_server: MailServer, clock: Clock, answers: str
) -> None:
    getattr(post, answers)["p-1@x.example"] = "451 busy, try later"
    h.happen(sessions, h.person("p-1"), h.payment("p-1"))

    h.deliver(sessions, mail_server, clock)
    h.deliver(sessions, mail_server, clock)
    [mail] = mails(service)
    assert (mail.state, mail.attempts, mail.detail) == (pb.MAIL_STATE_WAITING, 1, "451 busy, try later")

    for _ in range(MOST_ATTEMPTS):
        clock.move(LATER)
        h.deliver(sessions, mail_server, clock)

    [mail] = mails(service)
    assert (mail.state, mail.attempts) == (pb.MAIL_STATE_FAILED, MOST_ATTEMPTS)
    assert announced(sessions) == ["DeliveryFailed"]
    assert post.taken == []


def test_a_server_that_is_away_costs_a_try_and_no_mail(
    service: Running, sessions: Sessions, post: Post, mail_server: MailServer, clock: Clock
) -> None:
    h.happen(sessions, h.person("p-1"), h.payment("p-1"))
    away = MailServer(host="127.0.0.1", port=free_port(), sender=mail_server.sender)

    h.deliver(sessions, away, clock)
    [mail] = mails(service)
    assert (mail.state, mail.attempts) == (pb.MAIL_STATE_WAITING, 1)
    assert "refused" in mail.detail

    clock.move(timedelta(seconds=31))
    h.deliver(sessions, mail_server, clock)
    assert post.addresses() == ["p-1@x.example"]


def test_a_connection_that_breaks_over_the_text_leaves_the_mail_uncertain(
    service: Running, sessions: Sessions, post: Post, mail_server: MailServer, clock: Clock
) -> None:
    def hang_up(address: str, server: object) -> str | None:
        if address == "p-1@x.example":
            server.transport.abort()  # type: ignore[attr-defined]
        return None

    post.on_text = hang_up
    h.happen(sessions, h.person("p-1"), h.payment("p-1"))

    h.deliver(sessions, mail_server, clock)
    clock.move(LATER)
    h.deliver(sessions, mail_server, clock)

    assert states(service) == {"p-1": pb.MAIL_STATE_UNCERTAIN}
    assert len(post.taken) == 1


DYING = """
import sys
from chassis import days, db
from notification.settings import MailServer
from notification.worker import deliver
deliver(db.sessions(sys.argv[1]), MailServer.read(), clock=days.now)
"""


def test_a_process_that_is_killed_while_handing_over_sends_nothing_twice(
    url: str, service: Running, sessions: Sessions, post: Post, mail_server: MailServer, clock: Clock
) -> None:
    """Nobody knows whether the server has it, so only an operator's word sends it again."""
    reached, leave = threading.Event(), threading.Event()

    def hold(address: str, server: object) -> str | None:
        if address == "p-2@x.example" and not reached.is_set():
            reached.set()
            leave.wait(20)
        return None

    post.on_text = hold
    people = ("p-1", "p-2", "p-3")
    h.happen(sessions, *(h.person(each) for each in people))
    for each in people:
        h.happen(sessions, h.payment(each))
    environment = os.environ | {
        "SMTP_URL": f"smtp://127.0.0.1:{mail_server.port}",
        "MAIL_FROM": "KPI <kpi@x.example>",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    process = subprocess.Popen([sys.executable, "-c", DYING, url], env=environment)
    try:
        assert reached.wait(20)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        leave.set()
    eventually(lambda: "p-2@x.example" in post.addresses())
    assert states(service)["p-2"] == pb.MAIL_STATE_WAITING

    h.deliver(sessions, mail_server, clock)
    h.deliver(sessions, mail_server, clock)

    assert states(service) == {
        "p-1": pb.MAIL_STATE_SENT,
        "p-2": pb.MAIL_STATE_UNCERTAIN,
        "p-3": pb.MAIL_STATE_SENT,
    }
    assert sorted(post.addresses()) == [f"{each}@x.example" for each in people]

    [uncertain] = mails(service, pb.MAIL_STATE_UNCERTAIN)
    request = pb.ResendMailsRequest(ward_id=h.WARD, mail_ids=[uncertain.mail_id])
    assert service.as_("o-1", "operator").ResendMails(request).count == 1
    assert service.as_("o-1", "operator").ResendMails(request).count == 0
    h.deliver(sessions, mail_server, clock)

    copies = [content for address, content in post.taken if address == "p-2@x.example"]
    assert len(copies) == 2
    ids = {message_from_bytes(each)["Message-ID"] for each in copies}
    assert ids == {f"<{uncertain.mail_id}@x.example>"}


def test_what_was_sent_is_not_sent_again_on_anybodys_word(
    service: Running, sessions: Sessions, mail_server: MailServer, clock: Clock
) -> None:
    h.happen(sessions, h.person("p-1"), h.payment("p-1"))
    h.deliver(sessions, mail_server, clock)
    [sent] = mails(service)

    with pytest.raises(grpc.RpcError) as no:
        service.as_("o-1", "operator").ResendMails(
            pb.ResendMailsRequest(ward_id=h.WARD, mail_ids=[sent.mail_id])
        )
    assert refusal(no.value)[:2] == (grpc.StatusCode.FAILED_PRECONDITION, "MAIL_NOT_RESENDABLE")

    with pytest.raises(grpc.RpcError) as no:
        service.as_("o-1", "operator").ResendMails(pb.ResendMailsRequest(ward_id=h.WARD, mail_ids=["m-0"]))
    assert refusal(no.value)[:2] == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_MAIL")


def test_a_mail_that_failed_goes_to_the_corrected_address(
    service: Running, sessions: Sessions, post: Post, mail_server: MailServer, clock: Clock
) -> None:
    post.rcpt["p-1@x.example"] = "550 no such mailbox"
    h.happen(sessions, h.person("p-1"), h.payment("p-1"))
    h.deliver(sessions, mail_server, clock)
    h.happen(sessions, h.person("p-1", email="minh@x.example", revision=2))
    [failed] = mails(service)

    service.as_("o-1", "operator").ResendMails(
        pb.ResendMailsRequest(ward_id=h.WARD, mail_ids=[failed.mail_id])
    )
    h.deliver(sessions, mail_server, clock)

    assert post.addresses() == ["minh@x.example"]
    logged = service.operations_as("kt", "auditor", wards=(h.WARD,)).ListAuditEntries(
        audit_pb2.ListAuditEntriesRequest(ward_id=h.WARD)
    )
    assert [(each.action, each.subject_id, each.actor_id, each.before) for each in logged.entries] == [
        ("resend_mail", failed.mail_id, "o-1", '{"state":"failed"}')
    ]


def test_replicas_at_once_send_each_mail_once(
    service: Running, sessions: Sessions, post: Post, mail_server: MailServer, clock: Clock
) -> None:
    people = [f"p-{number:02d}" for number in range(40)]
    h.happen(sessions, *(h.person(each) for each in people), *(h.payment(each) for each in people))

    threads = [
        threading.Thread(target=worker.deliver, args=(sessions, mail_server), kwargs={"clock": clock})
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(post.addresses()) == [f"{each}@x.example" for each in people]
    assert set(states(service).values()) == {pb.MAIL_STATE_SENT}
    assert announced(sessions).count("Delivered") == 40


def test_mails_by_state_and_page(service: Running, sessions: Sessions) -> None:
    h.happen(sessions, *(h.person(f"p-{each}") for each in range(5)))
    h.happen(sessions, *(h.payment(f"p-{each}") for each in range(5)))
    organizer = service.as_("o-1", "organizer")
    request = pb.ListMailsRequest(ward_id=h.WARD, state=pb.MAIL_STATE_WAITING, page_size=3)

    first = organizer.ListMails(request)
    request.page_token = first.next_page_token
    second = organizer.ListMails(request)

    assert [*first.mails, *second.mails] == mails(service)
    assert second.next_page_token == ""
    request.page_token = "x"
    with pytest.raises(grpc.RpcError) as no:
        organizer.ListMails(request)
    assert refusal(no.value)[1] == "BAD_PAGE_TOKEN"
