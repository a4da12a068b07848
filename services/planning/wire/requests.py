"""From requests to values; what cannot be read is refused with its field."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from chassis.errors import Invalid
from kpi.planning.v1 import planning_pb2 as pb
from planning.domain.catalogue import MOST_ENTRIES, Entry, Section
from planning.domain.plan import State
from planning.domain.results import Fault, Result
from planning.domain.task import MOST_TASKS, Task
from planning.domain.working_time import WorkingTime
from planning.wire.enums import KINDS, STATES

MOST_PEOPLE: Final = 5_000
"""People whom one request names."""

_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")


class BadNumber(Invalid):
    """A number is written as a plain decimal."""

    vi = "{field}: “{given}” không phải là số thập phân như 12.5."
    en = "{field}: “{given}” is not a decimal such as 12.5."


class BadDay(Invalid):
    """A day is written YYYY-MM-DD."""

    vi = "{field}: “{given}” không phải là ngày như 2026-03-20."
    en = "{field}: “{given}” is not a day such as 2026-03-20."


class BadText(Invalid):
    """A text holds no control characters."""

    vi = "{field}: có ký tự điều khiển."
    en = "{field}: it holds a control character."


class TooMany(Invalid):
    """A request names at most so many things."""

    vi = "{field}: tối đa {most}."
    en = "{field}: at most {most} are taken at a time."


class BadSection(Invalid):
    """An entry's section is leadership, shared or unit."""

    vi = "{field}: phải là leadership, shared hoặc unit."
    en = "{field}: it must be leadership, shared or unit."


def text(words: str, field: str) -> str:
    """Return a text in its canonical form, without spaces around it.

    :raises BadText: if it holds control characters other than line ends and tabs
    """
    if any(unicodedata.category(each) == "Cc" and each not in "\n\r\t" for each in words):
        raise BadText(field=field)
    return unicodedata.normalize("NFC", words).strip()


def decimal(words: str, field: str) -> Decimal:
    """Return a decimal.

    :raises BadNumber: if it is none
    """
    if not _NUMBER.fullmatch(words):
        raise BadNumber(field=field, given=words[:40])
    return Decimal(words)


def day(words: str, field: str) -> date:
    """Return a day.

    :raises BadDay: if it is none
    """
    try:
        found = date.fromisoformat(words)
    except ValueError as error:
        raise BadDay(field=field, given=words[:40]) from error
    if found.isoformat() != words:
        raise BadDay(field=field, given=words[:40])
    return found


def limited(count: int, most: int, field: str) -> None:
    """Refuse more than ``most`` things.

    :raises TooMany: if there are more
    """
    if count > most:
        raise TooMany(field=field, most=most)


def tasks(messages: Sequence[pb.Task]) -> list[Task]:
    """Return the tasks of a plan as they were handed in; results in them are left aside."""
    limited(len(messages), MOST_TASKS, "tasks")
    return [_task(each, f"tasks[{place}]") for place, each in enumerate(messages)]


def _task(message: pb.Task, at: str) -> Task:
    return Task(
        task_id=message.task_id,
        kind=KINDS.read(message.kind, f"{at}.kind"),
        catalogue_code=text(message.catalogue_code, f"{at}.catalogue_code"),
        name=text(message.name, f"{at}.name"),
        output=text(message.output, f"{at}.output"),
        due_on=day(message.due_on, f"{at}.due_on") if message.due_on else None,
        responsibility=text(message.responsibility, f"{at}.responsibility"),
        authority=text(message.authority, f"{at}.authority"),
        quantity=decimal(message.quantity, f"{at}.quantity") if message.quantity else None,
        coefficient=decimal(message.coefficient, f"{at}.coefficient") if message.coefficient else None,
        counterpart_id=message.counterpart_id,
        reason=text(message.reason, f"{at}.reason"),
        unit_item_id=message.unit_item_id,
    )


def results(messages: Sequence[pb.TaskResult]) -> list[Result]:
    """Return results as they were handed in; what excuses faults is confirmed separately and left aside."""
    limited(len(messages), MOST_TASKS, "results")
    found = []
    for place, message in enumerate(messages):
        at = f"results[{place}]"
        faults = tuple(
            Fault(
                fault_id=each.fault_id,
                outputs=each.outputs,
                failed_reviews=each.failed_reviews,
                missed_deadlines=each.missed_deadlines,
                note=text(each.note, f"{at}.faults[{number}].note"),
            )
            for number, each in enumerate(message.faults)
        )
        accepted = decimal(message.accepted, f"{at}.accepted")
        accepted_on = day(message.accepted_on, f"{at}.accepted_on") if message.accepted_on else None
        evidence = text(message.evidence, f"{at}.evidence")
        found.append(Result(message.task_id, accepted, evidence, faults, accepted_on))
    return found


def entries(messages: Sequence[pb.CatalogueEntry]) -> tuple[list[Entry], list[Decimal | None]]:
    """Return a catalogue's entries without their coefficients, and the coefficients that were given."""
    limited(len(messages), MOST_ENTRIES, "entries")
    found: list[Entry] = []
    given: list[Decimal | None] = []
    for place, each in enumerate(messages):
        at = f"entries[{place}]"
        found.append(
            Entry(
                code=text(each.code, f"{at}.code"),
                task=text(each.task, f"{at}.task"),
                output=text(each.output, f"{at}.output"),
                complexity_group=text(each.complexity_group, f"{at}.complexity_group"),
                points=decimal(each.points, f"{at}.points"),
                coefficient=Decimal(0),
                section=section(each.section or Section.SHARED.value, f"{at}.section"),
                unit=text(each.unit, f"{at}.unit"),
            )
        )
        given.append(decimal(each.coefficient, f"{at}.coefficient") if each.coefficient else None)
    return found, given


def section(words: str, field: str) -> Section:
    """Return whom an entry is for.

    :raises BadSection: if it is none of the three
    """
    try:
        return Section(words)
    except ValueError as error:
        raise BadSection(field=field) from error


def working_times(messages: Sequence[pb.WorkingTime]) -> list[WorkingTime]:
    """Return working time as it was handed in."""
    limited(len(messages), MOST_PEOPLE, "entries")
    return [WorkingTime(each.person_id, each.required_half_days, each.worked_half_days) for each in messages]


def state(word: pb.PlanState, field: str = "state") -> State | None:
    """Return the state a list is filtered by, None for every state."""
    return None if word == pb.PLAN_STATE_UNSPECIFIED else STATES.read(word, field)
