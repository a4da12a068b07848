"""Policies of approval as JSON, one file a version: criteria, deadlines, who decides whom, the quota.

The fields of a policy::

    id, version, legal_basis, from_month     what it is, and the first month it is for (YYYY-MM)
    quota         rate q and the highest that a decision may allow; base "good" or "good_or_better" (R-21)
    deadlines     usual and december: by step, "before_day" of the month that is "months_later" (R-26)
    reminders     optional: days_before each deadline that people are reminded (texts such as "3"), and after
                  how many days the superior, then his superior, is told of who is late (R-26, R-42)
    criteria      the general criteria in order: id, group, name, maximum in points (R-18)
    competence    the table of R-2, in order; the first row that fits a person decides:
                  posts, unit_kinds (all if not given), decided_by ("city", or posts of which the first that
                  somebody holds decides), within_unit (look in the person's own unit only), basis, and
                  setting: the name of our reading where the text is silent
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from approval.domain.competence import POSTS, UNIT_KINDS, Rule
from approval.domain.criteria import Criterion
from approval.domain.deadlines import Before, Calendar, Step
from approval.domain.policy import Policy, in_force
from approval.domain.quota import QuotaBase, Terms
from approval.domain.reminders import Days
from chassis.days import Month
from chassis.strict_json import Object, parse

SHIPPED: Final = ("phuc-loi",)
CITY: Final = "city"


@cache
def shipped() -> tuple[Policy, ...]:
    """Return every version that this release knows."""
    return tuple(read(parse(files(__name__).joinpath(f"{name}.json").read_text("utf-8"))) for name in SHIPPED)


def for_month(month: str) -> Policy:
    """Return the policy that a month is opened with.

    :raises NoPolicy: if the month is before the first one
    """
    return in_force(shipped(), month)


def called(name: str) -> Policy:
    """Return the policy with that id and version, such as ``phuc-loi@1``.

    :raises KeyError: if this release does not know it
    """
    return {each.name: each for each in shipped()}[name]


def read(given: Object) -> Policy:
    """Read a policy.

    :raises BadInput: at the first field that is wrong
    """
    given.only(
        {
            "id",
            "version",
            "legal_basis",
            "from_month",
            "quota",
            "deadlines",
            "reminders",
            "criteria",
            "competence",
        }
    )
    quota = given.child("quota").only({"rate", "highest_rate", "base"})
    calendars = given.child("deadlines").only({"usual", "december"})
    return Policy(
        id=given.text("id"),
        version=given.integer("version", least=1, most=10**6),
        legal_basis=tuple(given.texts("legal_basis")),
        from_month=_month(given, "from_month"),
        criteria=tuple(_criterion(each) for each in given.children("criteria")),
        calendar=Calendar(_calendar(calendars.child("usual")), _calendar(calendars.child("december"))),
        competence=tuple(_rule(each) for each in given.children("competence")),
        quota=Terms(
            quota.decimal("rate", above=0, most=1, places=4),
            QuotaBase(quota.choice("base", frozenset(each.value for each in QuotaBase))),
        ),
        highest_rate=quota.decimal("highest_rate", above=0, most=1, places=4),
        reminders=_reminders(given.child("reminders")) if given.has("reminders") else Days(),
    )


def _month(given: Object, name: str) -> str:
    try:
        return str(Month.parse(given.text(name)))
    except ValueError:
        raise given.refuse(name, "must be a month such as 2026-03") from None


def _reminders(given: Object) -> Days:
    given.only({"days_before", "superior_after", "above_after"})
    return Days(
        tuple(int(each) for each in _ordered(given, "days_before", frozenset("123456789"))),
        given.integer("superior_after", least=0, most=30),
        given.integer("above_after", least=0, most=30),
    )


def _criterion(given: Object) -> Criterion:
    given.only({"id", "group", "name", "maximum"})
    maximum = given.decimal("maximum", above=0, most=30, places=2)
    return Criterion(given.text("id"), given.text("group"), given.text("name"), maximum)


def _calendar(given: Object) -> Mapping[Step, Before]:
    given.only({step.value for step in Step})
    return {step: _before(given.child(step.value)) for step in Step}


def _before(given: Object) -> Before:
    given.only({"before_day", "months_later"})
    return Before(
        given.integer("before_day", least=2, most=28), given.integer("months_later", least=0, most=2)
    )


def _rule(given: Object) -> Rule:
    given.only({"posts", "unit_kinds", "decided_by", "within_unit", "setting", "basis"})
    city = given.is_text("decided_by")
    return Rule(
        posts=_some(given, "posts", POSTS),
        unit_kinds=_some(given, "unit_kinds", UNIT_KINDS) if given.has("unit_kinds") else frozenset(),
        city=city and given.choice("decided_by", frozenset({CITY})) == CITY,
        holders=() if city else _ordered(given, "decided_by", POSTS - {"staff"}),
        within_unit=given.has("within_unit") and given.boolean("within_unit"),
        basis=given.text("basis"),
        setting=given.text("setting") if given.has("setting") else "",
    )


def _some(given: Object, name: str, known: frozenset[str]) -> frozenset[str]:
    return frozenset(_ordered(given, name, known))


def _ordered(given: Object, name: str, known: frozenset[str]) -> tuple[str, ...]:
    found = tuple(given.texts(name))
    for each in found:
        if each not in known:
            raise given.refuse(name, f"{each!r} must be one of {', '.join(sorted(known))}")
    return found
