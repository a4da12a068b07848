"""Reward's event side: it keeps what planning and approval announce, and acts on none of it."""

from sqlalchemy.orm import Session

from chassis.bus import Event, Worker, subscribe
from kpi.approval.v1.events_pb2 import DecisionMade, GradePublished, MonthPublished
from kpi.planning.v1.events_pb2 import (
    MonthLocked,
    PersonChanged,
    UnitChanged,
    WardChanged,
    WorkingTimeRecorded,
)
from kpi.reward.v1.events_pb2 import RunAcknowledged, RunPosted
from reward import wire
from reward.storage import copies


class RewardWorker(Worker):
    name = "reward"
    unheard = (RunPosted, RunAcknowledged)

    @subscribe(WardChanged)
    def on_ward_changed(self, session: Session, events: list[Event[WardChanged]]) -> None:
        copies.keep_wards(session, [wire.ward(event.body) for event in events])

    @subscribe(UnitChanged)
    def on_unit_changed(self, session: Session, events: list[Event[UnitChanged]]) -> None:
        copies.keep_units(session, [wire.unit(event.body) for event in events])

    @subscribe(PersonChanged)
    def on_person_changed(self, session: Session, events: list[Event[PersonChanged]]) -> None:
        copies.keep_posts(session, [wire.post(event.body) for event in events])

    @subscribe(WorkingTimeRecorded)
    def on_working_time_recorded(self, session: Session, events: list[Event[WorkingTimeRecorded]]) -> None:
        copies.keep_working_times(session, [wire.working_time(event.body) for event in events])

    @subscribe(MonthLocked)
    def on_month_locked(self, session: Session, events: list[Event[MonthLocked]]) -> None:
        copies.keep_month_locks(session, [wire.month_lock(event.body) for event in events])

    @subscribe(DecisionMade)
    def on_decision_made(self, session: Session, events: list[Event[DecisionMade]]) -> None:
        copies.keep_decisions(session, [wire.decision(event.body) for event in events])

    @subscribe(GradePublished)
    def on_grade_published(self, session: Session, events: list[Event[GradePublished]]) -> None:
        copies.keep_published_grades(session, [wire.published_grade(event.body) for event in events])

    @subscribe(MonthPublished)
    def on_month_published(self, session: Session, events: list[Event[MonthPublished]]) -> None:
        copies.keep_published_months(session, [wire.published_month(event.body) for event in events])
