"""Scoring's event side: facts come in, and stale months are computed."""

import logging
import time

from sqlalchemy.orm import Session

from chassis import db
from chassis.bus import Event, Worker, every, subscribe, wake
from chassis.db import Sessions
from kpi.approval.v1.events_pb2 import DelegationRecorded, GeneralAssessed, MonthPublished, QuotaRateDecided
from kpi.planning.v1.events_pb2 import PersonChanged, PlanApproved, ResultsRecorded, WorkingTimeRecorded
from scoring import usecases, wire

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0
"""Seconds between two looks for stale months that nobody rang for: after a crash, or from another replica."""


class ScoringWorker(Worker):
    name = "scoring"

    @subscribe(PersonChanged)
    def on_person_changed(self, session: Session, events: list[Event[PersonChanged]]) -> None:
        posts = [wire.post(event.body) for event in events]
        usecases.keep_posts(session, posts, at=db.clock(session))
        wake(session, "recompute")

    @subscribe(PlanApproved)
    def on_plan_approved(self, session: Session, events: list[Event[PlanApproved]]) -> None:
        work = [wire.work(event.body.ward_id, event.body.work) for event in events]
        usecases.keep_work(session, work, at=db.clock(session))
        wake(session, "recompute")

    @subscribe(ResultsRecorded)
    def on_results_recorded(self, session: Session, events: list[Event[ResultsRecorded]]) -> None:
        work = [wire.work(event.body.ward_id, event.body.work) for event in events]
        usecases.keep_work(session, work, at=db.clock(session))
        wake(session, "recompute")

    @subscribe(WorkingTimeRecorded)
    def on_working_time_recorded(self, session: Session, events: list[Event[WorkingTimeRecorded]]) -> None:
        times = [wire.working_time(event.body) for event in events]
        usecases.keep_working_times(session, times, at=db.clock(session))
        wake(session, "recompute")

    @subscribe(GeneralAssessed)
    def on_general_assessed(self, session: Session, events: list[Event[GeneralAssessed]]) -> None:
        assessments = [wire.assessment(event.body) for event in events]
        usecases.keep_assessments(session, assessments, at=db.clock(session))
        wake(session, "recompute")

    @subscribe(QuotaRateDecided)
    def on_quota_rate_decided(self, session: Session, events: list[Event[QuotaRateDecided]]) -> None:
        rates = [wire.quota_rate(event.body) for event in events]
        usecases.keep_quota_rates(session, rates, at=db.clock(session))
        wake(session, "recompute")

    @subscribe(DelegationRecorded)
    def on_delegation_recorded(self, session: Session, events: list[Event[DelegationRecorded]]) -> None:
        usecases.keep_delegations(session, [wire.delegation(event.body) for event in events])

    @subscribe(MonthPublished)
    def on_month_published(self, session: Session, events: list[Event[MonthPublished]]) -> None:
        for ward_id, month, at in sorted(wire.closing(event.body) for event in events):
            usecases.close_month(session, ward_id=ward_id, month=month, at=at)
        wake(session, "recompute")

    @every(LOOK_EVERY, "recompute")
    def recompute(self, sessions: Sessions) -> bool:
        """Compute the stale month whose turn it is; True if there may be another."""
        with db.reading(sessions) as session:
            turn = usecases.next_month(session, at=db.clock(session))
        if turn is None:
            return False
        if turn.wait:
            # More facts may come while this sleeps, so the turn is looked up again afterwards.
            time.sleep(turn.wait.total_seconds())
            return True
        try:
            compute_month(sessions, turn.ward_id, turn.month)
        except Exception as error:
            if db.unavailable(error):
                raise
            if not db.conflicted(error):
                log.exception("cannot compute a month", extra={"ward_id": turn.ward_id, "month": turn.month})
                with sessions.begin() as session:
                    usecases.postpone_month(
                        session, ward_id=turn.ward_id, month=turn.month, at=db.clock(session)
                    )
        return True


def compute_month(sessions: Sessions, ward_id: str, month: str) -> bool:
    """Compute a ward's month and announce what changed; False if somebody else has done so meanwhile."""
    began = time.monotonic()
    with db.reading(sessions) as session:
        taken = usecases.take_month(session, ward_id=ward_id, month=month)
        at = db.clock(session)
    if taken is None:
        return False
    computed = usecases.compute(taken, at=at)
    about = {"ward_id": ward_id, "month": month}
    for circle in computed.circles:
        log.error("people are in one another's charge: correct their posts", extra=about | {"ids": circle})
    with sessions.begin() as session:
        kept = usecases.announce_month(session, computed, at=db.clock(session))
    log.info(
        "computed a month" if kept else "somebody else computed the month",
        extra=about
        | {
            "people": len(computed.scored.people),
            "scores": len(computed.announced),
            "quotas": len(computed.quotas),
            "ms": round(1000 * (time.monotonic() - began)),
        },
    )
    return kept
