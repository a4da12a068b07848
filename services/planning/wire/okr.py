"""Objectives, key results and readings, between messages and values."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from chassis.errors import Invalid
from chassis.instants import instant, timestamp
from kpi.planning.v1 import okr_pb2 as pb
from planning.domain.ids import given, month
from planning.domain.okr import (
    MOST_KEY_RESULTS,
    MOST_LINKS,
    MOST_READINGS,
    KeyResult,
    Link,
    LinkedTask,
    Objective,
    Owner,
    Period,
    Reading,
    Shown,
)
from planning.wire.enums import Words
from planning.wire.messages import decimal as shown_decimal
from planning.wire.requests import decimal, limited, text

OWNERS: Final[Words[pb.OwnerKind, Owner]] = Words(
    {
        pb.OWNER_KIND_WARD: Owner.WARD,
        pb.OWNER_KIND_UNIT: Owner.UNIT,
        pb.OWNER_KIND_PERSON: Owner.PERSON,
    },
    {
        word: pb.OwnerKind.Name(word)
        for word in (pb.OWNER_KIND_WARD, pb.OWNER_KIND_UNIT, pb.OWNER_KIND_PERSON)
    },
)

_PLACES: Final = 6


class BadInstant(Invalid):
    """An instant is missing or lies outside the years 1 to 9999."""

    vi = "{field}: thiếu hoặc không phải là thời điểm."
    en = "{field}: missing, or no instant."


def share(number: Fraction | None) -> str:
    """Return a share with 6 decimals, half-up (away from zero); empty for none."""
    if number is None:
        return ""
    scale = 10**_PLACES
    units = (abs(number.numerator) * scale * 2 + number.denominator) // (number.denominator * 2)
    return format(Decimal(units if number >= 0 else -units).scaleb(-_PLACES), "f")


def owner(word: pb.OwnerKind, field: str = "owner_kind") -> Owner | None:
    """Return the kind of owner a list is filtered by, None for every kind."""
    return None if word == pb.OWNER_KIND_UNSPECIFIED else OWNERS.read(word, field)


def read_objective(ward_id: str, message: pb.Objective) -> Objective:
    """Return an objective as it was handed in."""
    at = "objective"
    limited(len(message.key_results), MOST_KEY_RESULTS, f"{at}.key_results")
    return Objective(
        ward_id=ward_id,
        objective_id=given(message.objective_id, f"{at}.objective_id"),
        title=text(message.title, f"{at}.title"),
        owner=OWNERS.read(message.owner_kind, f"{at}.owner_kind"),
        owner_id=given(message.owner_id, f"{at}.owner_id") if message.owner_id else "",
        period=Period.parse(message.period, f"{at}.period"),
        above_id=given(message.above_id, f"{at}.above_id") if message.above_id else "",
        weight=_weight(message.weight, f"{at}.weight"),
        dropped=message.dropped,
        key_results=tuple(
            _read_key_result(each, f"{at}.key_results[{place}]")
            for place, each in enumerate(message.key_results)
        ),
    )


def _read_key_result(message: pb.KeyResult, at: str) -> KeyResult:
    limited(len(message.tasks), MOST_LINKS, f"{at}.tasks")
    return KeyResult(
        key_result_id=message.key_result_id,
        name=text(message.name, f"{at}.name"),
        measure=text(message.unit_of_measure, f"{at}.unit_of_measure"),
        start=decimal(message.start, f"{at}.start"),
        target=decimal(message.target, f"{at}.target"),
        weight=_weight(message.weight, f"{at}.weight"),
        links=tuple(
            Link(
                given(each.person_id, f"{at}.tasks[{place}].person_id"),
                month(each.month, f"{at}.tasks[{place}].month"),
                given(each.task_id, f"{at}.tasks[{place}].task_id"),
            )
            for place, each in enumerate(message.tasks)
        ),
    )


def _weight(words: str, field: str) -> Decimal:
    return decimal(words, field) if words else Decimal(1)


def read_readings(messages: Sequence[pb.Reading]) -> list[Reading]:
    """Return readings as they were handed in."""
    limited(len(messages), MOST_READINGS, "readings")
    return [
        Reading(
            objective_id=given(each.objective_id, f"readings[{place}].objective_id"),
            key_result_id=given(each.key_result_id, f"readings[{place}].key_result_id"),
            value=decimal(each.value, f"readings[{place}].value"),
            measured_at=_instant(each, f"readings[{place}].measured_at"),
            source=each.source,
            reference=each.reference,
            note=text(each.note, f"readings[{place}].note"),
        )
        for place, each in enumerate(messages)
    ]


def _instant(message: pb.Reading, field: str) -> datetime:
    try:
        found = instant(message, "measured_at")
    except (ValueError, OverflowError) as error:
        raise BadInstant(field=field) from error
    if found is None:
        raise BadInstant(field=field)
    return found


def objective(shown: Shown) -> pb.Objective:
    """Return an objective with how far it is."""
    value = shown.objective
    return pb.Objective(
        ward_id=value.ward_id,
        objective_id=value.objective_id,
        title=value.title,
        owner_kind=OWNERS.out(value.owner),
        owner_id=value.owner_id,
        period=str(value.period),
        above_id=value.above_id,
        weight=shown_decimal(value.weight),
        dropped=value.dropped,
        key_results=[_key_result(each, shown.tasks) for each in value.key_results],
        aligned=[_aligned(each, reached) for each, reached in shown.aligned],
        progress=share(shown.progress),
        revision=value.revision,
    )


def _key_result(value: KeyResult, tasks: Mapping[Link, LinkedTask]) -> pb.KeyResult:
    said = value.measured
    return pb.KeyResult(
        key_result_id=value.key_result_id,
        name=value.name,
        unit_of_measure=value.measure,
        start=shown_decimal(value.start),
        target=shown_decimal(value.target),
        weight=shown_decimal(value.weight),
        tasks=[_link(each, tasks.get(each)) for each in value.links],
        current=shown_decimal(said.current) if said else "",
        measured_at=timestamp(said.at) if said else None,
        reading_count=said.count if said else 0,
        progress=share(value.progress),
        raw_progress=share(value.raw_progress),
    )


def _link(value: Link, served: LinkedTask | None) -> pb.TaskLink:
    found = pb.TaskLink(person_id=value.person_id, month=str(value.month), task_id=value.task_id)
    if served:
        found.name = served.task.name
        found.quantity = shown_decimal(served.task.quantity)
        found.accepted = shown_decimal(served.accepted)
    return found


def _aligned(value: Objective, reached: Fraction | None) -> pb.AlignedObjective:
    return pb.AlignedObjective(
        objective_id=value.objective_id,
        title=value.title,
        owner_kind=OWNERS.out(value.owner),
        owner_id=value.owner_id,
        weight=shown_decimal(value.weight),
        progress=share(reached),
    )


def reading(value: Reading) -> pb.Reading:
    """Return a reading."""
    return pb.Reading(
        objective_id=value.objective_id,
        key_result_id=value.key_result_id,
        value=shown_decimal(value.value),
        measured_at=timestamp(value.measured_at),
        source=value.source,
        reference=value.reference,
        note=value.note,
        recorded_by=value.recorded_by,
        recorded_at=timestamp(value.recorded_at),
    )
