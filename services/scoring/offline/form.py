"""The form in which a month is written down: JSON to values of :mod:`scoring.domain`, and results to JSON.

The input has ``people`` and, where they differ from the default, ``policy`` and ``units``. Amounts are exact
decimals, in quotes or not; counts are whole numbers. An id is known by Unicode's composed form, so that two
ways to type one Vietnamese letter are one letter, and is printed as it was typed.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chassis.strict_json import Object
from scoring.domain import policy as policies
from scoring.domain.person import LeaderFieldOnStaff, Person, Role
from scoring.domain.policy import Cap, FaultScope, Policy, QuotaBase
from scoring.domain.quota import Scope
from scoring.domain.score import Result
from scoring.domain.unfit import Unfit
from scoring.domain.work import Fault, Kind, Task

COUNT_LIMIT = 1_000_000
"""The most that a count of outputs or faults may be."""

HALF_DAYS_LIMIT = 62
"""The half-days of the longest month."""

_TOP = frozenset({"policy", "units", "people"})
_POLICY = frozenset({"quota_base", "quota_rate", "cap", "fault_scope", "attendance_threshold"})
_UNIT = frozenset({"id", "quota_rate", "quota_decision"})
_LEADER_ONLY = ("manages", "organising", "unity")
_PERSON = frozenset(
    {
        "id",
        "unit",
        "group",
        "quota_scope",
        "role",
        "required_half_days",
        "worked_half_days",
        "common_score",
        "blocker",
        "tasks",
        *_LEADER_ONLY,
    }
)
_TASK = frozenset({"code", "coefficient", "assigned", "accepted", "kind", "faults"})
_FAULT = frozenset({"count", "failed_reviews", "excused_reviews", "missed_deadlines", "excused_deadlines"})

_KINDS = {kind.value: kind for kind in Kind}


class UnknownUnit(Unfit):
    """A person's unit is not among the units listed."""

    vi = "đơn vị {unit} không có trong units; thêm vào units hoặc sửa lại mã đơn vị"
    en = "the unit {unit} is not among units; add it there, or correct it"


@dataclass(frozen=True, slots=True)
class Month:
    """A month as it was written down."""

    policy: Policy
    scopes: tuple[Scope, ...]
    people: tuple[Person, ...]
    typed: Mapping[str, str]
    """Each person's id as it was typed, by the composed form that it is known by."""


def month(file: Object) -> Month:
    """Return the month that a file describes.

    :raises BadInput: at the first place that is not as the form says
    :raises UnknownUnit: where units are listed and a person's is not among them
    """
    file.only(_TOP)
    policy = _policy(file.child("policy")) if file.has("policy") else policies.DEFAULT
    scopes = tuple(_unit(each) for each in file.children("units")) if file.has("units") else ()
    people = []
    typed = {}
    for each in file.children("people"):
        person = _person(each)
        people.append(person)
        typed[person.id] = each.text("id")
    if scopes:
        _check_units(people, scopes)
    return Month(policy, scopes, tuple(people), typed)


def result(outcome: Result, typed: Mapping[str, str]) -> dict[str, object]:
    """Return one result as the form writes it: totals with 2 decimals, ratios with 4."""
    written: dict[str, object] = {"id": typed[outcome.person_id], "status": outcome.status.value}
    if outcome.reason is not None:
        written["reason"] = outcome.reason.value
    if outcome.waiting_for:
        written["waiting_for"] = [typed[id_] for id_ in outcome.waiting_for]
    if (score := outcome.score) is not None:
        written["total"] = f"{score.total:f}"
        written["band"] = score.band.value
        written["ratios"] = {ratio.name: f"{ratio.shown():f}" for ratio in score.ratios}
        written["grade"] = score.grade.value
        written["quota"] = score.placement.mark.value
    return written


def _policy(given: Object) -> Policy:
    given.only(_POLICY)
    policy = policies.DEFAULT
    if given.has("quota_base"):
        policy = replace(policy, quota_base=QuotaBase(given.choice("quota_base", list(QuotaBase))))
    if given.has("quota_rate"):
        policy = replace(policy, quota_rate=given.decimal("quota_rate", least=0))
    if given.has("cap"):
        policy = replace(policy, cap=Cap(given.choice("cap", list(Cap))))
    if given.has("fault_scope"):
        policy = replace(policy, fault_scope=FaultScope(given.choice("fault_scope", list(FaultScope))))
    if given.has("attendance_threshold"):
        policy = replace(policy, attendance_threshold=given.decimal("attendance_threshold", least=0))
    return policy


def _unit(given: Object) -> Scope:
    given.only(_UNIT)
    id_ = _name(given, "id")
    decision = given.text("quota_decision") if given.has("quota_decision") else None
    if decision is None and not given.has("quota_rate"):
        return Scope(id_)
    return Scope(id_, given.decimal("quota_rate", least=0), decision)


def _person(given: Object) -> Person:
    given.only(_PERSON)
    role = Role(given.choice("role", list(Role))) if given.has("role") else Role.STAFF
    leads = role is Role.LEADER
    for name in () if leads else _LEADER_ONLY:
        if given.has(name):
            raise LeaderFieldOnStaff(place=given.at(name))
    return Person(
        id=_name(given, "id"),
        unit=_name(given, "unit"),
        group=_name(given, "group"),
        quota_scope=_name(given, "quota_scope") if given.has("quota_scope") else "",
        role=role,
        required_half_days=given.integer("required_half_days", least=1, most=HALF_DAYS_LIMIT),
        worked_half_days=given.integer("worked_half_days", least=0, most=HALF_DAYS_LIMIT),
        common_score=given.decimal("common_score", least=0),
        manages=tuple(_composed(each) for each in given.texts("manages")) if leads else (),
        organising=given.integer("organising") if leads else None,
        unity=given.integer("unity") if leads else None,
        blocker=given.text("blocker") if given.has("blocker") else None,
        tasks=tuple(_task(each) for each in given.children("tasks")),
    )


def _task(given: Object) -> Task:
    given.only(_TASK)
    return Task(
        given.decimal("coefficient", least=0),
        given.decimal("assigned", least=0),
        given.decimal("accepted", least=0),
        _KINDS[given.choice("kind", _KINDS)] if given.has("kind") else Kind.PLANNED,
        tuple(_fault(each) for each in given.children("faults")) if given.has("faults") else (),
        given.text("code") if given.has("code") else "",
    )


def _fault(given: Object) -> Fault:
    given.only(_FAULT)
    return Fault(
        given.integer("count", least=1, most=COUNT_LIMIT) if given.has("count") else 1,
        _count(given, "failed_reviews"),
        _count(given, "excused_reviews"),
        _count(given, "missed_deadlines"),
        _count(given, "excused_deadlines"),
    )


def _count(given: Object, name: str) -> int:
    return given.integer(name, least=0, most=COUNT_LIMIT) if given.has(name) else 0


def _name(given: Object, name: str) -> str:
    return _composed(given.text(name))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _check_units(people: Sequence[Person], scopes: Sequence[Scope]) -> None:
    units = {scope.id for scope in scopes}
    for index, person in enumerate(people):
        if person.unit not in units:
            raise UnknownUnit(place=f"people[{index}].unit", unit=person.unit)
