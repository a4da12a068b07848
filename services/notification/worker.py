"""Notification's event side: what happens is told to whom it concerns."""

from functools import cache

from sqlalchemy.orm import Session

from chassis import days
from chassis.bus import Event, Worker, every, subscribe, wake
from chassis.db import Sessions
from kpi.approval.v1.events_pb2 import DecisionMade, GradePublished, RemarksGiven
from kpi.notification.v1.events_pb2 import Delivered, DeliveryFailed
from kpi.planning.v1.events_pb2 import PersonChanged, PlanApproved, PlanReturned, WardChanged
from kpi.reward.v1.events_pb2 import AllocationPosted
from notification import delivery, usecases, wire
from notification.domain.notice import Notice
from notification.settings import MailServer


@cache
def mail_server() -> MailServer | None:
    """Return where this process hands mail over; None where mail is off."""
    return MailServer.read()


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

    @subscribe(RemarksGiven)
    def on_remarks_given(self, session: Session, events: list[Event[RemarksGiven]]) -> None:
        _tell(session, [wire.remarks_given(event.body) for event in events])

    @subscribe(DecisionMade)
    def on_decision_made(self, session: Session, events: list[Event[DecisionMade]]) -> None:
        _tell(session, [wire.decision_made(event.body) for event in events])

    @subscribe(GradePublished)
    def on_grade_published(self, session: Session, events: list[Event[GradePublished]]) -> None:
        _tell(session, [wire.grade_published(event.body) for event in events])

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
        return delivery.deliver(sessions, server, clock=days.now) if server else False


def _tell(session: Session, notices: list[Notice]) -> None:
    usecases.tell(session, notices, mail_on=mail_server() is not None, at=days.now())
    wake(session, "mail")
