"""Planning's event side: a decided month is locked, and a delegate sees what the delegator sees."""

from datetime import date

from sqlalchemy.orm import Session

from chassis.bus import Event, Worker, subscribe
from chassis.instants import instant
from kpi.approval.v1.events_pb2 import DecisionMade, DelegationRecorded
from kpi.planning.v1.events_pb2 import CatalogueApproved
from planning import usecases
from planning.domain.delegation import Delegation
from planning.usecases.decisions import Decided


class PlanningWorker(Worker):
    name = "planning"
    unheard = (CatalogueApproved,)

    @subscribe(DecisionMade)
    def on_decision_made(self, session: Session, events: list[Event[DecisionMade]]) -> None:
        usecases.lock_months(
            session,
            [
                Decided(
                    ward_id=each.body.ward_id,
                    month=each.body.month,
                    person_id=each.body.person_id,
                    revision=each.body.revision,
                    decided_at=instant(each.body, "decided_at"),
                )
                for each in events
            ],
        )

    @subscribe(DelegationRecorded)
    def on_delegation_recorded(self, session: Session, events: list[Event[DelegationRecorded]]) -> None:
        usecases.keep_delegations(
            session,
            [
                Delegation(
                    ward_id=each.body.ward_id,
                    delegation_id=each.body.delegation_id,
                    from_person_id=each.body.from_person_id,
                    to_person_id=each.body.to_person_id,
                    from_day=date.fromisoformat(each.body.from_day),
                    to_day=date.fromisoformat(each.body.to_day),
                )
                for each in events
            ],
        )
