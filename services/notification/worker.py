"""Notification's event side: what happens is told to whom it concerns, and mails are handed over."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy.orm import Session

from chassis import days
from chassis.bus import Event, Worker, every, subscribe, wake
from chassis.db import Sessions
from kpi.approval.v1.events_pb2 import (
    AppealAnswered,
    AppealSubmitted,
    DeadlineReminded,
    DecisionMade,
    EvaluationReturned,
    GradePublished,
    RemarksGiven,
)
from kpi.notification.v1.events_pb2 import Delivered, DeliveryFailed
from kpi.planning.v1.events_pb2 import (
    ObjectiveCauseAnswered,
    ObjectiveCauseRequested,
    PersonChanged,
    PlanApproved,
    PlanReturned,
    UnitPlanAnswered,
    UnitPlanSubmitted,
    WardChanged,
)
from kpi.reward.v1.events_pb2 import AllocationPosted
from notification import storage, usecases, wire
from notification.domain.mail import Deferred, Mail, Outcome
from notification.domain.notice import Notice
from notification.settings import MailServer
from notification.wire import smtp

BATCH = 200
"""Mails that go over one connection, at most."""

TURN = timedelta(seconds=3)
"""How long one run claims mails: a worker that is told to stop finishes the run it is in."""

log = logging.getLogger(__name__)


@cache
def mail_server() -> MailServer | None:
    """Return where this process hands mail over; None where mail is off."""
    return MailServer.read()


mail_server()  # a wrong setting ends the process when it starts, not when the first mail is due


class NotificationWorker(Worker):
    name = "notification"
    unheard = (Delivered, DeliveryFailed)

    @subscribe(WardChanged)
    def on_ward_changed(self, session: Session, events: list[Event[WardChanged]]) -> None:
        usecases.know_wards(session, [wire.ward(event.body) for event in events])

    @subscribe(PersonChanged)
    def on_person_changed(self, session: Session, events: list[Event[PersonChanged]]) -> None:
        usecases.know_people(session, [wire.post(event.body) for event in events])
        wake(session, "pending")

    @subscribe(PlanApproved)
    def on_plan_approved(self, session: Session, events: list[Event[PlanApproved]]) -> None:
        _tell(session, [wire.plan_approved(event.body) for event in events])

    @subscribe(PlanReturned)
    def on_plan_returned(self, session: Session, events: list[Event[PlanReturned]]) -> None:
        _tell(session, [wire.plan_returned(event.body) for event in events])

    @subscribe(UnitPlanSubmitted)
    def on_unit_plan_submitted(self, session: Session, events: list[Event[UnitPlanSubmitted]]) -> None:
        _tell(session, [notice for event in events for notice in wire.unit_plan_submitted(event.body)])

    @subscribe(UnitPlanAnswered)
    def on_unit_plan_answered(self, session: Session, events: list[Event[UnitPlanAnswered]]) -> None:
        _tell(session, [notice for event in events for notice in wire.unit_plan_answered(event.body)])

    @subscribe(ObjectiveCauseRequested)
    def on_objective_cause_requested(
        self, session: Session, events: list[Event[ObjectiveCauseRequested]]
    ) -> None:
        _tell(session, [notice for event in events for notice in wire.cause_requested(event.body)])

    @subscribe(ObjectiveCauseAnswered)
    def on_objective_cause_answered(
        self, session: Session, events: list[Event[ObjectiveCauseAnswered]]
    ) -> None:
        _tell(session, [wire.cause_answered(event.body) for event in events])

    @subscribe(RemarksGiven)
    def on_remarks_given(self, session: Session, events: list[Event[RemarksGiven]]) -> None:
        _tell(session, [wire.remarks_given(event.body) for event in events])

    @subscribe(EvaluationReturned)
    def on_evaluation_returned(self, session: Session, events: list[Event[EvaluationReturned]]) -> None:
        _tell(session, [wire.evaluation_returned(each.body) for each in events if each.body.recipient_id])

    @subscribe(DecisionMade)
    def on_decision_made(self, session: Session, events: list[Event[DecisionMade]]) -> None:
        _tell(session, [wire.decision_made(event.body) for event in events])

    @subscribe(GradePublished)
    def on_grade_published(self, session: Session, events: list[Event[GradePublished]]) -> None:
        _tell(session, [wire.grade_published(event.body) for event in events])

    @subscribe(AppealSubmitted)
    def on_appeal_submitted(self, session: Session, events: list[Event[AppealSubmitted]]) -> None:
        _tell(session, [wire.appeal_submitted(each.body) for each in events if each.body.answerer_id])

    @subscribe(AppealAnswered)
    def on_appeal_answered(self, session: Session, events: list[Event[AppealAnswered]]) -> None:
        _tell(session, [wire.appeal_answered(event.body) for event in events])

    @subscribe(DeadlineReminded)
    def on_deadline_reminded(self, session: Session, events: list[Event[DeadlineReminded]]) -> None:
        _tell(session, [wire.deadline_reminded(event.body) for event in events])

    @subscribe(AllocationPosted)
    def on_allocation_posted(self, session: Session, events: list[Event[AllocationPosted]]) -> None:
        _tell(session, [wire.allocation_posted(event.body) for event in events])

    @every(10.0, "pending")
    def pending(self, sessions: Sessions) -> bool:
        with sessions.begin() as session:
            return usecases.tell_pending(session, mail_on=mail_server() is not None, at=days.now())

    @every(2.0, "mail")
    def mail(self, sessions: Sessions) -> bool:
        server = mail_server()
        return deliver(sessions, server, clock=days.now) if server else False


def _tell(session: Session, notices: list[Notice]) -> None:
    usecases.tell(session, notices, mail_on=mail_server() is not None, at=days.now())
    wake(session, "mail")


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
