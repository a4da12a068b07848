"""Commendations on the wire (R-41)."""

from collections.abc import Iterable

from approval.domain.commendation import EVERYBODY, Commendation, Terms
from approval.wire import requests
from chassis.instants import timestamp
from kpi.approval.v1 import commendations_pb2 as pb


def given(listed: Iterable[pb.Commendation]) -> list[tuple[str, Terms]]:
    """Return what is stated for whom."""
    return [
        (
            requests.identifier(each.person_id, field=f"commendations[{index}].person_id")
            if each.person_id
            else EVERYBODY,
            Terms(
                each.form,
                each.amount if each.HasField("amount") else None,
                each.source,
                each.achievements,
            ),
        )
        for index, each in enumerate(listed)
    ]


def commendation(stated: Commendation) -> pb.Commendation:
    """Return what is stated now."""
    return pb.Commendation(
        person_id=stated.person_id,
        form=stated.terms.form,
        amount=stated.terms.amount,
        source=stated.terms.source,
        achievements=stated.terms.achievements,
        revision=stated.revision,
        set_by=stated.set_by,
        set_at=timestamp(stated.set_at),
    )
