"""The form in which a month is written down: JSON to values of :mod:`scoring.domain`, and results to JSON.

The input has ``people`` and, where they differ from the default, ``policy`` and ``units``. All amounts are
exact decimals in quotes; counts are whole numbers.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scoring.domain import policy as policies
from scoring.domain.person import Person, Role
from scoring.domain.policy import Cap, FaultScope, Policy, QuotaBase
from scoring.domain.quota import Scope
from scoring.domain.score import Result
from scoring.domain.unfit import Unfit
from scoring.domain.work import Fault, Kind, Task
from scoring.offline import strict_json as read
from scoring.offline.strict_json import Fields, MissingField

PEOPLE_LIMIT = 1_000_000
TASKS_LIMIT = 10_000
FAULTS_LIMIT = 10_000
HALF_DAYS_LIMIT = 62
"""The half-days of the longest month."""

_TOP = frozenset({"policy", "units", "people"})
_POLICY = frozenset({"quota_base", "quota_rate", "cap", "fault_scope", "attendance_threshold"})
_UNIT = frozenset({"id", "quota_rate", "quota_decision"})
_PERSON_NEEDS = (
    "id",
    "unit",
    "group",
    "required_half_days",
    "worked_half_days",
    "common_score",
    "tasks",
)
_LEADER_NEEDS = ("manages", "organising", "unity")
_PERSON = frozenset({*_PERSON_NEEDS, *_LEADER_NEEDS, "quota_scope", "role", "blocker"})
_TASK_NEEDS = ("coefficient", "assigned", "accepted")
_TASK = frozenset({*_TASK_NEEDS, "code", "kind", "faults"})
_FAULT = frozenset({"count", "failed_reviews", "excused_reviews", "missed_deadlines", "excused_deadlines"})

_KINDS = {kind.value: kind for kind in Kind}
_ROLES = {role.value: role for role in Role}
_CAPS = {cap.value: cap for cap in Cap}
_FAULT_SCOPES = {scope.value: scope for scope in FaultScope}
_QUOTA_BASES = {base.value: base for base in QuotaBase}


class UnknownUnit(Unfit):
    """A person's unit is not among the units listed."""

    vi = "đơn vị {unit} không có trong units; thêm vào units hoặc sửa lại mã đơn vị"
    en = "the unit {unit} is not among units; add it there, or correct it"


class TooManyHalfDays(Unfit):
    """No month has that many half-days."""

    vi = "giá trị {found} vượt {limit} nửa ngày, số nửa ngày của tháng dài nhất"
    en = "{found} is over {limit} half-days, those of the longest month"


class LeaderOnly(Unfit):
    """Only a leader has the field."""

    vi = "chỉ người có role là leader mới có mục này; bỏ mục này hoặc ghi role là leader"
    en = "only a leader has this field; leave it out, or set role to leader"


@dataclass(frozen=True, slots=True)
class Month:
    """A month as it was written down."""

    policy: Policy
    scopes: tuple[Scope, ...]
    people: tuple[Person, ...]
    spelled: Mapping[str, str]
    """Each id as it was typed, by the composed form that it is known by."""


def month(document: object, top: str = "input") -> Month:
    """Return the month that a parsed document describes.

    :param top: what to call the document in a refusal
    :raises Unfit: at the first place that is not as the form says
    """
    found = read.fields(document, "", _TOP, ("people",), top)
    policy = _policy(found["policy"]) if "policy" in found else policies.DEFAULT
    scopes = _units(found["units"]) if "units" in found else ()
    people = tuple(
        _person(each, f"people[{index}]")
        for index, each in enumerate(read.entries(found["people"], "people", PEOPLE_LIMIT))
    )
    if scopes:
        _check_units(people, scopes)
    return Month(policy, scopes, people, _spelled(found["people"]))


def _policy(value: object) -> Policy:
    found = read.fields(value, "policy", _POLICY, ())
    default = policies.DEFAULT
    return replace(
        default,
        quota_rate=read.optional(found, "quota_rate", "policy", read.amount, default.quota_rate),
        attendance_threshold=read.optional(
            found, "attendance_threshold", "policy", read.amount, default.attendance_threshold
        ),
        cap=read.optional(found, "cap", "policy", _cap, default.cap),
        fault_scope=read.optional(found, "fault_scope", "policy", _fault_scope, default.fault_scope),
        quota_base=read.optional(found, "quota_base", "policy", _quota_base, default.quota_base),
    )


def _cap(value: object, place: str) -> Cap:
    return read.choice(value, place, _CAPS)


def _fault_scope(value: object, place: str) -> FaultScope:
    return read.choice(value, place, _FAULT_SCOPES)


def _quota_base(value: object, place: str) -> QuotaBase:
    return read.choice(value, place, _QUOTA_BASES)


def _role(value: object, place: str) -> Role:
    return read.choice(value, place, _ROLES)


def _units(value: object) -> tuple[Scope, ...]:
    scopes = []
    for index, each in enumerate(read.entries(value, "units", PEOPLE_LIMIT)):
        place = f"units[{index}]"
        found = read.fields(each, place, _UNIT, ("id",))
        if "quota_decision" in found and "quota_rate" not in found:
            raise MissingField(place=f"{place}.quota_rate")
        scopes.append(
            Scope(
                read.text(found["id"], f"{place}.id"),
                read.optional(found, "quota_rate", place, read.amount),
                read.optional(found, "quota_decision", place, read.text),
            )
        )
    return tuple(scopes)


def _person(value: object, place: str) -> Person:
    found = read.fields(value, place, _PERSON, _PERSON_NEEDS)
    id_ = read.text(found["id"], f"{place}.id")
    unit = read.text(found["unit"], f"{place}.unit")
    group = read.text(found["group"], f"{place}.group")
    required = _half_days(found["required_half_days"], f"{place}.required_half_days")
    worked = _half_days(found["worked_half_days"], f"{place}.worked_half_days")
    common = read.amount(found["common_score"], f"{place}.common_score")
    role = read.optional(found, "role", place, _role, Role.STAFF)
    _check_leader_fields(found, place, role)
    manages = tuple(
        read.text(each, f"{place}.manages[{index}]")
        for index, each in enumerate(read.entries(found.get("manages", []), f"{place}.manages", PEOPLE_LIMIT))
    )
    tasks = tuple(
        _task(each, f"{place}.tasks[{index}]")
        for index, each in enumerate(read.entries(found["tasks"], f"{place}.tasks", TASKS_LIMIT))
    )
    return Person(
        id=id_,
        unit=unit,
        group=group,
        required_half_days=required,
        worked_half_days=worked,
        common_score=common,
        tasks=tasks,
        role=role,
        manages=manages,
        organising=read.optional(found, "organising", place, read.count),
        unity=read.optional(found, "unity", place, read.count),
        blocker=read.optional(found, "blocker", place, read.text),
        quota_scope=read.optional(found, "quota_scope", place, read.text, ""),
    )


def _half_days(value: object, place: str) -> int:
    half_days = read.count(value, place)
    if half_days > HALF_DAYS_LIMIT:
        raise TooManyHalfDays(place=place, found=half_days, limit=HALF_DAYS_LIMIT)
    return half_days


def _check_leader_fields(found: Fields, place: str, role: Role) -> None:
    for name in _LEADER_NEEDS:
        if role is Role.STAFF and name in found:
            raise LeaderOnly(place=f"{place}.{name}")
        if role is Role.LEADER and name not in found:
            raise MissingField(place=f"{place}.{name}")


def _task(value: object, place: str) -> Task:
    found = read.fields(value, place, _TASK, _TASK_NEEDS)
    faults: tuple[Fault, ...] = ()
    if "faults" in found:
        faults = tuple(
            _fault(each, f"{place}.faults[{index}]")
            for index, each in enumerate(read.entries(found["faults"], f"{place}.faults", FAULTS_LIMIT))
        )
    return Task(
        read.amount(found["coefficient"], f"{place}.coefficient"),
        read.amount(found["assigned"], f"{place}.assigned"),
        read.amount(found["accepted"], f"{place}.accepted"),
        read.choice(found["kind"], f"{place}.kind", _KINDS) if "kind" in found else Kind.PLANNED,
        faults,
        read.text(found["code"], f"{place}.code") if "code" in found else "",
    )


def _fault(value: object, place: str) -> Fault:
    found = read.fields(value, place, _FAULT, ())
    return Fault(
        read.optional(found, "count", place, read.count, 1),
        read.optional(found, "failed_reviews", place, read.count, 0),
        read.optional(found, "excused_reviews", place, read.count, 0),
        read.optional(found, "missed_deadlines", place, read.count, 0),
        read.optional(found, "excused_deadlines", place, read.count, 0),
    )


def _spelled(people: object) -> dict[str, str]:
    typed = [each["id"] for each in people] if isinstance(people, list) else []
    return {unicodedata.normalize("NFC", id_): id_ for id_ in typed}


def _check_units(people: Sequence[Person], scopes: Sequence[Scope]) -> None:
    units = {scope.id for scope in scopes}
    for index, person in enumerate(people):
        if person.unit not in units:
            raise UnknownUnit(place=f"people[{index}].unit", unit=person.unit)


def result(outcome: Result, spelled: Mapping[str, str]) -> dict[str, object]:
    """Return one result as the form writes it: totals with 2 decimals, ratios with 4."""
    written: dict[str, object] = {"id": spelled[outcome.person_id], "status": outcome.status.value}
    if outcome.reason is not None:
        written["reason"] = outcome.reason.value
    if outcome.waiting_for:
        written["waiting_for"] = [spelled[id_] for id_ in outcome.waiting_for]
    if (score := outcome.score) is not None:
        written["total"] = f"{score.total:f}"
        written["band"] = score.band.value
        written["ratios"] = {ratio.name: f"{ratio.shown():f}" for ratio in score.ratios}
        written["grade"] = score.grade.value
        written["quota"] = score.placement.mark.value
    return written
