"""Planning's event side: a decided month is locked."""

from sqlalchemy.orm import Session

from chassis.bus import Event, Worker, subscribe
from chassis.instants import instant
from kpi.approval.v1.events_pb2 import DecisionMade
from kpi.planning.v1.events_pb2 import CatalogueApproved
from planning import usecases
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
