"""Deliveries of other systems, between messages and values."""

from collections.abc import Sequence

from chassis.instants import timestamp
from kpi.planning.v1 import deliveries_pb2 as pb
from planning.domain.deliveries import MOST_DELIVERIES, Delivery
from planning.domain.ids import given, month
from planning.wire.messages import decimal as shown_decimal
from planning.wire.requests import day, decimal, limited, text


def read_deliveries(messages: Sequence[pb.Delivery]) -> list[Delivery]:
    """Return deliveries as they were handed in."""
    limited(len(messages), MOST_DELIVERIES, "deliveries")
    found = []
    for place, each in enumerate(messages):
        at = f"deliveries[{place}]"
        found.append(
            Delivery(
                system=each.system,
                reference=each.reference,
                sequence=each.sequence or 1,
                person_id=given(each.person_id, f"{at}.person_id"),
                month=month(each.month, f"{at}.month"),
                task_id=given(each.task_id, f"{at}.task_id"),
                quantity=decimal(each.quantity, f"{at}.quantity"),
                evidence=" ".join(text(each.evidence, f"{at}.evidence").split()),
                accepted_on=day(each.accepted_on, f"{at}.accepted_on") if each.accepted_on else None,
            )
        )
    return found


def delivery(value: Delivery) -> pb.Delivery:
    """Return a delivery."""
    return pb.Delivery(
        system=value.system,
        reference=value.reference,
        sequence=value.sequence,
        person_id=value.person_id,
        month=str(value.month),
        task_id=value.task_id,
        quantity=shown_decimal(value.quantity),
        evidence=value.evidence,
        accepted_on=value.accepted_on.isoformat() if value.accepted_on else "",
        delivered_by=value.delivered_by,
        delivered_at=timestamp(value.delivered_at),
    )
