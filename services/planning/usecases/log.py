"""What the log of changes says of plans, results and the ward's master records (R-32).

One entry for each object that somebody answers for: a person's month and not each of its tasks, since a month
is what is written, approved and decided about; of it, what differs.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from chassis import audit
from chassis.audit import Change
from chassis.auth import Actor
from planning.domain.catalogue import Catalogue, Entry
from planning.domain.plan import PersonMonth, Version

OFFICES = ("clerk", "organizer")


def plans(
    action: str,
    changes: Iterable[tuple[PersonMonth, PersonMonth]],
    actor: Actor,
    authority_id: str | None = None,
) -> list[Change]:
    """Return the changes of people's months: the plan's state and version, tasks and results that differ.

    :param authority_id: on whose authority; None for the caller's own, or the person's for whom a clerk types
    """
    found = []
    for before, after in changes:
        if before is after:
            continue
        was, now = _plan(before.newest, after.newest)
        results = _different(before.results, after.results)
        if results != ({}, {}):
            was["results"], now["results"] = results
        authority = on_behalf(actor, after.person_id) if authority_id is None else authority_id
        found.append(Change(action, "plan", after.person_id, was, now, authority))
    return found


def different(
    action: str, kind: str, changes: Iterable[tuple[str, Any, Any]], authority_id: str = ""
) -> list[Change]:
    """Return the changes of values of one dataclass, of each what differs.

    :param changes: of each the id, what it was (``None`` for nothing) and what it is
    """
    return [
        Change(action, kind, subject_id, None if before is None else was, now, authority_id)
        for subject_id, before, after in changes
        for was, now in [audit.changed(before, after)]
        if before != after
    ]


def catalogue(
    action: str, before: Catalogue | None, after: Catalogue, entries: Iterable[Entry], authority_id: str
) -> list[Change]:
    """Return the change of a version of the catalogue; a new one with the digest of its entries.

    The entries themselves are kept as they were proposed: the digest shows when one was touched.
    """
    [found] = different(action, "catalogue", [(str(after.version), before, after)], authority_id)
    if before is None and isinstance(found.after, dict):
        found.after["entries"] = sha256(audit.canonical(list(entries)).encode()).hexdigest()
    return [found]


def on_behalf(actor: Actor, person_id: str) -> str:
    """Return on whose authority a person's month is written: a clerk writes what the person signed."""
    return person_id if actor.has("clerk") else ""


def by_office(actor: Actor) -> str:
    """Return on whose authority the ward's records are kept: an office's, unless it is the caller's own."""
    return next((audit.office(each) for each in OFFICES if actor.has(each)), "")


def _plan(before: Version | None, after: Version | None) -> tuple[dict[str, object], dict[str, object]]:
    was: dict[str, object] = {}
    now: dict[str, object] = {}
    if before == after:
        return was, now
    for side, version in ((was, before), (now, after)):
        if version:
            side |= {"version": version.number, "state": version.state}
            if version.reason:
                side["reason"] = version.reason
    tasks = _different(
        {each.task_id: each for each in before.tasks} if before else {},
        {each.task_id: each for each in after.tasks} if after else {},
    )
    if tasks != ({}, {}):
        was["tasks"], now["tasks"] = tasks
    return was, now


def _different(
    before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, object]]:
    ids = [each for each in {**before, **after} if before.get(each) != after.get(each)]
    return (
        {each: before[each] for each in ids if each in before},
        {each: after[each] for each in ids if each in after},
    )
