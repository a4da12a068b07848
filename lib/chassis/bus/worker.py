"""What a service's event side is made of."""

import inspect
from datetime import timedelta
from typing import ClassVar

from google.protobuf.message import Message
from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from chassis import db, inbox, outbox, topology
from chassis.bus.store import Database
from chassis.bus.subscription import Subscription
from chassis.bus.timer import every
from chassis.db import Sessions
from chassis.db.tables import request as requests

ANSWERS_KEPT = timedelta(days=30)
"""How long a command that is sent again gets the answer it got before."""


class Worker:
    """A service's event side: subclass it, name it, subscribe its methods.

    ::

        class ScoringWorker(Worker):
            name = "scoring"
            unheard = (QuotaProposed,)

            @subscribe(PlanApproved)
            def on_plan_approved(self, session: Session, events: list[Event[PlanApproved]]) -> None:
                usecases.keep_plans(session, [wire.plan(event.body) for event in events])

            @every(60, "reminders")
            def remind(self, sessions: Sessions) -> bool | None: ...
    """

    name: ClassVar[str]
    """The service's name; nameko's too."""

    unheard: ClassVar[tuple[type[Message], ...]] = ()
    """Its events that no service needs to subscribe to. Any other stays in the outbox until somebody does."""

    sessions = Database()

    @classmethod
    def interest(cls) -> topology.Interest:
        """Return what the service takes and announces, for :func:`chassis.topology.declare`."""
        takes = [
            entrypoint.type
            for _, method in inspect.getmembers(cls, inspect.isfunction)
            for entrypoint in getattr(method, "nameko_entrypoints", ())
            if isinstance(entrypoint, Subscription)
        ]
        if twice := {each for each in takes if takes.count(each) > 1}:
            raise TypeError(f"{cls.__name__} subscribes twice to {sorted(twice)}: one queue has one handler")
        unheard = [each.DESCRIPTOR.full_name for each in cls.unheard]
        return topology.Interest(cls.name, sorted(takes), unheard)

    @every(600, "purge")
    def purge(self, sessions: Sessions) -> bool:
        """Delete what was sent and handled long ago, a slice at a time."""
        more = False
        for purge in (outbox.purge, inbox.purge, _forget_answers):
            with sessions.begin() as session:
                more = purge(session) or more
        return more


def _forget_answers(session: Session) -> bool:
    """Forget a slice of the answers to commands of long ago; True if more may be left."""
    before = db.clock(session) - ANSWERS_KEPT
    key = (requests.c.actor, requests.c.method, requests.c.request_id)
    old = select(*key).where(requests.c.answered_at < before).limit(outbox.SLICE)
    gone = session.execute(delete(requests).where(tuple_(*key).in_(old)))
    return gone.rowcount == outbox.SLICE  # type: ignore[attr-defined, no-any-return]
