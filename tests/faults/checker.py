"""Compares what was acknowledged with what stands in the databases, the ledger and the subscribers' logs."""

from collections import Counter
from dataclasses import dataclass, field, fields
from itertools import groupby
from typing import Any
from uuid import UUID

from chassis import audit, topology
from faults.expected import grade
from faults.load import MONTH, PEOPLE, Load, Ward
from faults.rig import Rig


@dataclass(slots=True)
class Verdict:
    """The counts, in Jepsen's words, and what they are made of.

    :param attempted: commands that were sent
    :param acknowledged: commands that were answered
    :param lost: events whose transaction stands and that did not take effect at a subscriber, and
        acknowledged commands whose effect is nowhere
    :param duplicated_delivery: messages that a handler's process was given again (allowed)
    :param duplicated_effect: effects that stand twice
    :param reordered_applied: rows that went back to an older revision
    :param unexpected: wrong values, effects without cause, dead letters, wrong answers
    :param recovered: commands that never were answered and that took effect nevertheless
    """

    attempted: int = 0
    acknowledged: int = 0
    lost: int = 0
    duplicated_delivery: int = 0
    duplicated_effect: int = 0
    reordered_applied: int = 0
    unexpected: int = 0
    recovered: int = 0
    imbalance: int = 0
    drained: bool = True
    settled_s: float = 0.0
    told: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """True if every promise was kept."""
        wrong = self.lost, self.duplicated_effect, self.reordered_applied, self.unexpected, self.imbalance
        return not any(wrong) and self.drained

    def numbers(self) -> dict[str, Any]:
        """Return the counts by their names."""
        names = ("attempted", "acknowledged", "lost", "duplicated_delivery", "duplicated_effect",
                 "reordered_applied", "unexpected", "recovered", "imbalance")  # fmt: skip
        return {each: getattr(self, each) for each in names}

    def line(self) -> str:
        """Return the counts as one line."""
        counts = ", ".join(f"{name} {value}" for name, value in self.numbers().items())
        return f"{counts}, drained {'yes' if self.drained else 'NO'}, settled in {self.settled_s:.1f} s"


@dataclass(frozen=True, slots=True)
class Before:
    """What stood in the logs when a scenario began."""

    positions: dict[str, int]
    deliveries: dict[str, int]
    inversions: dict[str, int]
    dead: dict[str, int]
    effects: dict[str, int]


def before(rig: Rig) -> Before:
    """Return where a scenario begins."""
    ask = {
        "positions": "SELECT coalesce(max(position), 0) FROM outbox",
        "inversions": "SELECT coalesce(max(position), 0) FROM fault_inversion",
        "effects": "SELECT coalesce(max(position), 0) FROM fault_effect",
        "dead": "SELECT count(*) FROM parked WHERE dead_at IS NOT NULL",
    }
    found = {
        name: {service: int(rig.rows(service, statement)[0][0]) for service in rig.urls}
        for name, statement in ask.items()
    }
    deliveries = {each.name: each.stat().st_size for each in (rig.folder / "deliveries").glob("*.log")}
    return Before(deliveries=deliveries, **found)


def check(
    rig: Rig, load: Load, begun: Before, *, dead_allowed: int = 0, foreign: frozenset[UUID] = frozenset()
) -> Verdict:
    """Return the verdict over a scenario.

    :param dead_allowed: dead letters that the scenario itself made
    :param foreign: ids of messages that the scenario put into queues itself
    """
    verdict = Verdict(
        attempted=len(load.oracle.commands),
        acknowledged=sum(each.acknowledged for each in load.oracle.commands),
    )
    _events(rig, begun, verdict, foreign)
    _deliveries(rig, begun, verdict)
    for service in rig.urls:
        [(inverted,)] = rig.rows(
            service, "SELECT count(*) FROM fault_inversion WHERE position > %s", begun.inversions[service]
        )
        verdict.reordered_applied += inverted
        if inverted:
            places = rig.rows(
                service,
                "SELECT DISTINCT place FROM fault_inversion WHERE position > %s",
                begun.inversions[service],
            )
            verdict.told.append(f"{service}: older revisions over newer ones in {places}")
        [(dead,)] = rig.rows(service, "SELECT count(*) FROM parked WHERE dead_at IS NOT NULL")
        if dead - begun.dead[service] > dead_allowed:
            verdict.unexpected += dead - begun.dead[service] - dead_allowed
            why = rig.rows(service, "SELECT reason, detail FROM parked WHERE dead_at IS NOT NULL LIMIT 3")
            verdict.told.append(f"{service}: {dead} dead letters, such as {why}")
    _months(rig, load, verdict)
    _logs(rig, verdict)
    verdict.unexpected += len(load.oracle.surprises) + load.oracle.bare
    verdict.told += load.oracle.surprises[:10]
    if load.oracle.bare:
        verdict.told.append(f"{load.oracle.bare} times UNAVAILABLE without retry information")
    if moving := rig.moving():
        verdict.drained = False
        verdict.told.append(moving)
    return verdict


def _logs(rig: Rig, verdict: Verdict) -> None:
    """Every service's log of every ward is one unbroken chain (R-32)."""
    columns = [each.name for each in fields(audit.Entry)]
    for service in rig.urls:
        found = rig.rows(service, f"SELECT {', '.join(columns)} FROM audit_entry ORDER BY ward_id, number")
        entries = (audit.Entry(**dict(zip(columns, row, strict=True))) for row in found)
        for ward_id, of_ward in groupby(entries, key=lambda each: each.ward_id):
            if fault := audit.verify(of_ward).fault:
                verdict.unexpected += 1
                verdict.told.append(
                    f"{service}: the log of {ward_id} breaks at {fault.number}: {fault.problem}"
                )


def _events(rig: Rig, begun: Before, verdict: Verdict, foreign: frozenset[UUID]) -> None:
    """Every announced event has one effect at each of its subscribers, and no effect is without its event."""
    announced: dict[str, set[UUID]] = {}
    for service in rig.urls:
        found = rig.rows(
            service, "SELECT event_id, type FROM outbox WHERE position > %s", begun.positions[service]
        )
        for id_, type_ in found:
            announced.setdefault(type_, set()).add(id_)
    for service, types in rig.takes.items():
        effects: dict[str, Counter[UUID]] = {}
        for id_, handler in rig.rows(
            service, "SELECT event_id, handler FROM fault_effect WHERE position > %s", begun.effects[service]
        ):
            effects.setdefault(handler, Counter())[id_] += 1
        for type_ in types:
            handler = topology.queue(service, type_)
            had, wanted = effects.get(handler, Counter()), announced.get(type_, set())
            missing = wanted - had.keys()
            twice = sum(count - 1 for count in had.values())
            verdict.lost += len(missing)
            verdict.duplicated_effect += twice
            strange = had.keys() - wanted - foreign
            verdict.unexpected += len(strange)
            if missing or twice or strange:
                verdict.told.append(
                    f"{handler}: {len(missing)} missing, {twice} twice, {len(strange)} without cause"
                )


def _deliveries(rig: Rig, begun: Before, verdict: Verdict) -> None:
    given: Counter[tuple[str, str]] = Counter()
    for path in (rig.folder / "deliveries").glob("*.log"):
        with path.open() as lines:
            lines.seek(begun.deliveries.get(path.name, 0))
            for line in lines:
                parts = line.split()
                if len(parts) == 4:
                    given[parts[0], parts[1]] += 1
    verdict.duplicated_delivery = sum(count - 1 for count in given.values())


def _months(rig: Rig, load: Load, verdict: Verdict) -> None:
    """What stands in the databases about each ward is what its acknowledged commands make of it."""
    for service in ("reward",):
        [(imbalance,)] = rig.rows(service, "SELECT coalesce(sum(amount), 0) FROM entry")
        verdict.imbalance = abs(int(imbalance))
    for ward in load.wards:
        if ward.stage == "acknowledged":
            _month(rig, ward, verdict)
    kinds: Counter[str] = Counter(each.kind for each in load.oracle.commands if not each.acknowledged)
    if kinds:
        verdict.told.append(f"never answered: {dict(kinds)}")
        verdict.recovered = sum(
            _stands(rig, each.ward_id, each.kind) for each in load.oracle.commands if not each.acknowledged
        )


def _stands(rig: Rig, ward_id: str, kind: str) -> bool:
    """True if a command that was never answered took effect, for the kinds that leave a row of their own."""
    asked = {
        "import": ("planning", "ward"), "open": ("approval", "month"), "publish": ("approval", "grade"),
        "fund": ("reward", "fund"), "allocate": ("reward", "run"),
        "acknowledged": ("reward", "acknowledgement"),
    }  # fmt: skip
    if kind not in asked:
        return False
    service, table = asked[kind]
    return bool(rig.rows(service, f"SELECT 1 FROM {table} WHERE ward_id = %s LIMIT 1", ward_id))


def _month(rig: Rig, ward: Ward, verdict: Verdict) -> None:
    totals, shares = ward.totals, ward.shares()
    asked = {
        "planning result": ("planning", "accepted::text", "result"),
        "reward decision": ("reward", "grade", "decision"),
        "approval grade": ("approval", "grade", "grade"),
        "published grade": ("reward", "grade", "published_grade"),
        "working time": ("reward", "worked_half_days", "working_time"),
        "allocation": ("reward", "amount", "allocation"),
    }
    facts: dict[str, dict[str, Any]] = {"answered allocation": dict(ward.amounts)}
    for name, (service, column, table) in asked.items():
        statement = f"SELECT person_id, {column} FROM {table} WHERE ward_id = %s"
        facts[name] = _pairs(rig, service, statement, ward)
    grades = {each: grade(total) for each, total in totals.items()}
    wanted: dict[str, dict[str, Any]] = {
        "planning result": {each: str(pieces) for each, pieces in ward.done.items()},
        "reward decision": grades,
        "approval grade": grades,
        "published grade": grades,
        "working time": dict(ward.time_worked),
        "allocation": shares,
        "answered allocation": shares,
    }
    for name, right in wanted.items():
        found = {each: facts[name].get(each) for each in right}
        gone = sum(value is None for value in found.values())
        wrong = sum(value is not None and str(value) != str(right[each]) for each, value in found.items())
        verdict.lost += gone
        verdict.unexpected += wrong
        if gone or wrong:
            verdict.told.append(f"{ward.id}: {name} is {found}, must be {right}")
    [(runs, posted, balance)] = rig.rows(
        "reward",
        "SELECT (SELECT count(*) FROM run WHERE ward_id = %(w)s),"
        " (SELECT count(DISTINCT posting_id) FROM entry WHERE ward_id = %(w)s),"
        " (SELECT coalesce(sum(amount), 0) FROM entry WHERE ward_id = %(w)s)".replace("%(w)s", "%s"),
        ward.id, ward.id, ward.id,
    )  # fmt: skip
    if runs != 1:
        verdict.duplicated_effect += runs - 1
        verdict.told.append(f"{ward.id}: {runs} runs, {posted} postings")
    verdict.imbalance += abs(int(balance))


def _pairs(rig: Rig, service: str, statement: str, ward: Ward) -> dict[str, Any]:
    return {str(row[0]).rpartition(".")[2]: row[1] for row in rig.rows(service, statement, ward.id)}


__all__ = ["MONTH", "PEOPLE", "Before", "Verdict", "before", "check"]
