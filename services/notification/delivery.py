"""Handing mails over: what is claimed is committed before the server hears of it."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from chassis.db import Sessions
from notification import smtp, storage, usecases
from notification.domain.mail import Deferred, Mail, Outcome
from notification.settings import MailServer

BATCH = 200
"""Mails that go over one connection, at most."""

TURN = timedelta(seconds=3)
"""How long one run claims mails: a worker that is told to stop finishes the run it is in."""

log = logging.getLogger(__name__)


def deliver(sessions: Sessions, server: MailServer, *, clock: Callable[[], datetime]) -> bool:
    """Hand mails over that are due, one connection for all of them; True if there may be more.

    Each mail is claimed in a transaction that commits before the server hears of it, and its outcome is noted
    in the next one. So a process that dies leaves at most one mail of which nobody knows, and no process
    sends that again by itself. Runs at once are safe: each claims its own mails.
    """
    with sessions.begin() as session:
        left = usecases.give_up_knowing(session)
        due = storage.due(session, clock())
    if left:
        log.warning("a process died while handing mails over", extra={"mail_ids": left})
    if not due:
        return False
    claim = str(uuid.uuid4())
    try:
        with smtp.connect(server) as connection:
            return _hand_over(sessions, connection, claim, clock)
    except smtp.Unreachable as error:
        log.warning("the mail server is away", extra={"error": str(error)})
        with sessions.begin() as session:
            usecases.postpone_mails(
                session, limit=BATCH, outcome=Deferred(str(error)), claim=claim, at=clock()
            )
        return False


def _hand_over(
    sessions: Sessions, connection: smtp.Connection, claim: str, clock: Callable[[], datetime]
) -> bool:
    """Hand due mails over while the connection and the turn last; True if there may be more."""
    until = clock() + TURN
    tried: tuple[Mail, Outcome] | None = None
    for turn in range(BATCH + 1):
        with sessions.begin() as session:
            if tried:
                sending, outcome = tried
                usecases.record_outcome(session, sending=sending, claim=claim, outcome=outcome, at=clock())
            if not connection.open:
                # A server that hangs up after every mail is asked again at the timer's pace, not at once.
                return False
            if turn == BATCH or clock() >= until:
                return True
            mail = usecases.claim_mail(session, claim=claim, at=clock())
        if mail is None:
            return False
        tried = (mail, connection.hand_over(mail))
    raise AssertionError("unreachable")
