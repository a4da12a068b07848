"""The text of a notice: a template in the person's language, filled with what concerns him.

A template is a file ``templates/<language>/<name>.txt``: the subject, an empty line, the text. ``$name``
stands for a fact. A line whose facts are all unknown is left out, so one template serves a decision
that is the first and one that replaces another. A decision's text tells no result: the person learns it when
it is published (R-29). A subject holds no grade, score or amount: it shows on locked screens and in lists of
mails.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from chassis.days import Month
from notification.domain import formats
from notification.domain.notice import Notice, Topic
from notification.domain.person import Language, Person

NAMES = (
    "plan_approved",
    "plan_returned",
    "remarks",
    "decision",
    "publication",
    "publication_not_evaluated",
    "payment",
    "deadline_before",
    "deadline_passed",
    "deadline_superior",
    "deadline_above",
    "deadline_nothing_assigned",
    "deadline_nothing_assigned_below",
    "cause_requested",
    "cause_confirmed",
    "cause_refused",
    "appeal_submitted",
    "appeal_upheld",
    "appeal_dismissed",
    "unit_plan_submitted",
    "unit_plan_approved",
    "unit_plan_returned",
    "returned_self_assessment",
    "returned_remarks",
)
"""Every template there is; each exists in both languages."""

FACTS = frozenset(
    {
        "full_name", "ward", "month", "occurred_at", "by", "version", "reason", "tasks", "grade",
        "replaces", "amount", "fund", "step", "last_day", "days_left", "count", "late_count", "late", "task",
        "unit", "person",
    }
)  # fmt: skip
"""What a template may name."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A text for one person."""

    subject: str
    """One line."""
    body: str
    language: Language


def write(notice: Notice, person: Person, *, language: Language, ward: str, by: str) -> Letter:
    """Return the letter that tells ``person`` of ``notice``.

    :param ward: the ward's name
    :param by: full name of the one who acted; empty if it is not known
    """
    facts = _facts(notice, person, language, ward, by)
    subject, body = _template(_name(notice), language)
    return Letter(
        subject=formats.line(subject.substitute(facts)),
        body="\n".join(each.substitute(facts) for each in body if _said(each, facts)).strip() + "\n",
        language=language,
    )


def _name(notice: Notice) -> str:
    if notice.topic is Topic.DEADLINE:
        return f"deadline_{notice.facts['kind']}"
    if notice.topic is Topic.OBJECTIVE_CAUSE:
        return f"cause_{notice.facts['state']}"
    if notice.topic is Topic.APPEAL:
        return f"appeal_{notice.facts['state']}"
    if notice.topic is Topic.UNIT_PLAN:
        return f"unit_plan_{notice.facts['state']}"
    if notice.topic is Topic.RETURNED:
        return f"returned_{notice.facts['step']}"
    if notice.topic is Topic.PUBLICATION and not notice.facts.get("grade"):
        return "publication_not_evaluated"
    return str(notice.topic)


def _facts(notice: Notice, person: Person, language: Language, ward: str, by: str) -> dict[str, str]:
    given = notice.facts
    facts = dict.fromkeys(FACTS, "")
    facts |= {
        "full_name": formats.line(person.full_name),
        "ward": formats.line(ward),
        "month": formats.month(Month.parse(notice.month), language),
        "occurred_at": formats.instant(notice.occurred_at, language),
        "by": formats.line(by),
        "version": given.get("version", ""),
        "tasks": given.get("tasks", ""),
        "task": formats.line(given.get("task", "")),
        "unit": formats.line(given.get("unit", "")),
        "person": formats.line(given.get("person", "")),
        "reason": formats.prose(given.get("reason", "")),
    }
    if grade := given.get("grade"):
        facts["grade"] = formats.GRADES[language][grade]
    if notice.topic in (Topic.DECISION, Topic.PUBLICATION) and notice.revision > 1:
        facts["replaces"] = str(notice.revision)
    if amount := given.get("amount"):
        facts["amount"] = formats.money(int(amount), language)
    if fund := given.get("fund"):
        facts["fund"] = formats.FUNDS[language].get(fund, fund)
    if step := given.get("step"):
        facts["step"] = formats.STEPS[language].get(step, step)
    if last_day := given.get("last_day"):
        facts["last_day"] = formats.day(date.fromisoformat(last_day))
    for each in ("days_left", "count", "late_count"):
        facts[each] = given.get(each, "")
    facts["late"] = formats.line(given.get("late", ""))
    return facts


def _said(template: string.Template, facts: Mapping[str, str]) -> bool:
    named = template.get_identifiers()
    return not named or any(facts[name] for name in named)


@cache
def _template(name: str, language: Language) -> tuple[string.Template, tuple[string.Template, ...]]:
    text = resources.files("notification").joinpath("templates", language, f"{name}.txt").read_text("utf-8")
    subject, _, body = text.partition("\n\n")
    return string.Template(subject), tuple(string.Template(line) for line in body.splitlines())
