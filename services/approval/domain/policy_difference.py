"""In what two policies differ: field by field, and who decides whom as it works (R-2).

Criteria are compared by their id, within the default set and within each set for personnel types. The table
of competence is compared by what it says of each post and kind of unit, so that a row that only stands
elsewhere is no difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from approval.domain.competence import POSTS, UNIT_KINDS, Rule
from approval.domain.criteria import Criterion
from approval.domain.policy import Policy

Difference = dict[str, tuple[object, object]]
"""What the one says and what the other, by name; ``None`` for nothing."""


def difference(left: Policy, right: Policy) -> Difference:
    """Return in what two policies differ, by name; their ids and versions are not compared."""
    ones, others = dict(_fields(left)), dict(_fields(right))
    return _differing(ones, others) | _competence(left.competence, right.competence)


def _fields(policy: Policy) -> Iterator[tuple[str, object]]:
    yield "legal_basis", list(policy.legal_basis)
    yield "from_month", policy.from_month
    yield "until_month", policy.until_month or None
    yield "quota.rate", _number(policy.quota.rate)
    yield "quota.highest_rate", _number(policy.highest_rate)
    yield "quota.base", policy.quota.base.value
    for name, calendar in (("usual", policy.calendar.usual), ("december", policy.calendar.december)):
        for step, before in calendar.items():
            yield f"deadlines.{name}.{step.value}.before_day", before.day
            yield f"deadlines.{name}.{step.value}.months_later", before.months_later
    yield "reminders.days_before", list(policy.reminders.before)
    yield "reminders.superior_after", policy.reminders.superior
    yield "reminders.above_after", policy.reminders.above
    yield from _criteria("criteria", policy.criteria)
    if policy.sets:
        yield "criteria_sets", [each.id for each in policy.sets]
    for each in policy.sets:
        place = f"criteria_sets.{each.id}"
        yield f"{place}.personnel_types", sorted(each.personnel_types)
        yield f"{place}.basis", each.basis
        yield from _criteria(f"{place}.criteria", each.criteria)


def _criteria(place: str, criteria: Sequence[Criterion]) -> Iterator[tuple[str, object]]:
    yield place, [each.id for each in criteria]
    for each in criteria:
        yield f"{place}.{each.id}.name", each.name
        yield f"{place}.{each.id}.maximum", _number(each.maximum)


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _differing(ones: Mapping[str, object], others: Mapping[str, object]) -> Difference:
    return {
        name: (ones.get(name), others.get(name))
        for name in sorted({*ones, *others})
        if ones.get(name) != others.get(name)
    }


def _competence(left: Sequence[Rule], right: Sequence[Rule]) -> Difference:
    found: Difference = {}
    for post in sorted(POSTS):
        by_kind = {
            kind: _differing(dict(_said(left, post, kind)), dict(_said(right, post, kind)))
            for kind in sorted(UNIT_KINDS)
        }
        if all(each == by_kind[min(UNIT_KINDS)] for each in by_kind.values()):
            by_kind = {"": by_kind[min(UNIT_KINDS)]}
        for kind, differing in by_kind.items():
            place = f"competence.{post}@{kind}" if kind else f"competence.{post}"
            found |= {f"{place}.{name}": values for name, values in differing.items()}
    return found


def _said(table: Sequence[Rule], post: str, kind: str) -> Iterator[tuple[str, object]]:
    rule = next((each for each in table if each.fits(post, kind)), None)
    if rule is None:
        return
    yield "decided_by", "city" if rule.city else list(rule.holders)
    yield "basis", rule.basis
    if rule.within_unit:
        yield "within_unit", True
    if rule.setting:
        yield "setting", rule.setting
