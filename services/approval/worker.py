"""Approval's event door: keep what planning and scoring announced, and tell people of deadlines."""

from sqlalchemy.orm import Session

from approval.usecases import copies, watching
from approval.wire import news
from chassis import days
from chassis.bus import Event, Worker, every, subscribe
from chassis.db import Sessions
from kpi.approval.v1.events_pb2 import MonthOpened
from kpi.planning.v1.events_pb2 import (
    PersonChanged,
    PlanApproved,
    ResultsRecorded,
    UnitChanged,
    WardChanged,
    WorkingTimeRecorded,
)
from kpi.scoring.v1.events_pb2 import QuotaProposed, ScorecardComputed, UnitGradeRecorded


class ApprovalWorker(Worker):
    name = "approval"
    unheard = (MonthOpened,)

    @subscribe(WardChanged)
    def on_ward_changed(self, session: Session, events: list[Event[WardChanged]]) -> None:
        copies.keep_wards(session, [news.ward(each.body) for each in events])

    @subscribe(UnitChanged)
    def on_unit_changed(self, session: Session, events: list[Event[UnitChanged]]) -> None:
        copies.keep_units(session, [news.unit(each.body) for each in events])

    @subscribe(PersonChanged)
    def on_person_changed(self, session: Session, events: list[Event[PersonChanged]]) -> None:
        copies.keep_posts(session, [news.post(each.body) for each in events])

    @subscribe(ScorecardComputed)
    def on_scorecard_computed(self, session: Session, events: list[Event[ScorecardComputed]]) -> None:
        copies.keep_scores(session, [news.score(each.body) for each in events])

    @subscribe(QuotaProposed)
    def on_quota_proposed(self, session: Session, events: list[Event[QuotaProposed]]) -> None:
        copies.keep_quotas(session, [news.quota(each.body) for each in events])

    @subscribe(UnitGradeRecorded)
    def on_unit_grade_recorded(self, session: Session, events: list[Event[UnitGradeRecorded]]) -> None:
        copies.keep_unit_grades(session, [news.unit_grade(each.body) for each in events])

    @subscribe(PlanApproved)
    def on_plan_approved(self, session: Session, events: list[Event[PlanApproved]]) -> None:
        copies.keep_work(session, [news.work(each.body.ward_id, each.body.work) for each in events])

    @subscribe(ResultsRecorded)
    def on_results_recorded(self, session: Session, events: list[Event[ResultsRecorded]]) -> None:
        copies.keep_work(session, [news.work(each.body.ward_id, each.body.work) for each in events])

    @subscribe(WorkingTimeRecorded)
    def on_working_time_recorded(self, session: Session, events: list[Event[WorkingTimeRecorded]]) -> None:
        copies.keep_working_time(session, [news.working_time(each.body) for each in events])

    @every(60.0, "reminders")
    def reminders(self, sessions: Sessions) -> bool:
        at = days.now()
        with sessions() as session:
            watched = watching.months_to_watch(session)
        for ward_id, month in watched:
            with sessions.begin() as session:
                watching.remind(session, ward_id=ward_id, month=month, at=at)
        return False
