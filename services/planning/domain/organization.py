"""Wards, units and people, and who leads whom (R-1, R-16)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Final, Self

from chassis.days import Month
from chassis.errors import NotFound
from planning.domain.problem import Problem
from planning.domain.window import DECEMBER_CUT_OFF, Window, WindowRule, last_on


class UnknownWard(NotFound):
    """The ward is not registered here."""

    vi = "Chưa có phường {ward_id}: hãy nhập trang ward trước."
    en = "The ward {ward_id} is not known: import its ward sheet first."


class UnknownPerson(NotFound):
    """Nobody of that id holds a post in the ward in that month."""

    vi = "Không có người mã {person_id} đang công tác trong tháng {month}."
    en = "Nobody with the id {person_id} holds a post in {month}."


class UnitKind(Enum):
    """What a unit is; decides who decides whom (R-2)."""

    LEADERSHIP = "leadership"
    PARTY_BODY = "party_body"
    FRONT = "front"
    COUNCIL = "council"
    OFFICE = "office"
    CENTRE = "centre"
    SCHOOL = "school"


class PersonnelType(Enum):
    """What law a person serves under."""

    CADRE = "cadre"
    CIVIL_SERVANT = "civil_servant"
    PUBLIC_EMPLOYEE = "public_employee"
    CONTRACT_WORKER = "contract_worker"


class Role(Enum):
    """Whether a person leads (R-15)."""

    STAFF = "staff"
    LEADER = "leader"


POSTS: Final = (
    "party_secretary",
    "party_standing_deputy",
    "council_chair",
    "council_vice_chair",
    "council_committee_head",
    "council_committee_deputy",
    "committee_chair",
    "committee_vice_chair",
    "front_chair",
    "mass_org_head",
    "mass_org_deputy",
    "unit_head",
    "unit_deputy",
    "staff",
)
"""Codes of posts, for the table of who decides whom (R-2, HD II.3)."""


@dataclass(frozen=True, slots=True)
class Counting:
    """How a ward counts from a month on."""

    from_month: Month
    window_rule: WindowRule = WindowRule.FROM_25_TO_24
    december_cut_off: int = DECEMBER_CUT_OFF
    annual_leave_counts: bool = False
    """True if annual leave counts as worked (R-10)."""
    acceptance_date_required: bool = False
    """True if results recorded after the month's window must state when they were accepted (R-12)."""


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward (phường, xã) and how it counts; that changes from a month on, never for earlier ones (R-9)."""

    ward_id: str
    name: str
    city: str
    counting: tuple[Counting, ...] = ()
    """By month, each until the next; the first one counts for earlier months too."""
    revision: int = 0

    def counts(self, month: Month) -> Counting:
        """Return how the ward counts a month."""
        standing = [each for each in self.counting if each.from_month <= month] or self.counting[:1]
        return standing[-1] if standing else Counting(month)

    def counted(self, given: Counting) -> "Ward":
        """Return the ward as it counts from ``given.from_month`` on, until what was said of a later month."""
        if replace(self.counts(given.from_month), from_month=given.from_month) == given and self.counting:
            return self
        kept = [each for each in self.counting if each.from_month != given.from_month]
        return replace(self, counting=tuple(sorted([*kept, given], key=lambda each: each.from_month)))

    def window(self, month: Month) -> Window:
        """Return the days whose work belongs to a month (R-9). The windows of all months touch."""
        return Window(self._last_on(month.plus(-1)) + timedelta(days=1), self._last_on(month))

    def month_of(self, day: date) -> Month:
        """Return the one month that a day's work belongs to (R-9)."""
        month = Month(day.year, day.month)
        return month if day in self.window(month) else month.plus(1)

    def _last_on(self, month: Month) -> date:
        how = self.counts(month)
        return last_on(month, how.window_rule, how.december_cut_off)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit (cơ quan, đơn vị)."""

    ward_id: str
    unit_id: str
    name: str
    kind: UnitKind
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """A person with the main post that he holds from a month on (CBCCVC)."""

    ward_id: str
    person_id: str
    from_month: Month
    full_name: str
    unit_id: str
    personnel_type: PersonnelType
    post: str
    title: str
    role: Role
    salary_coefficient: Decimal
    superior_id: str = ""
    in_charge_ids: tuple[str, ...] = ()
    duty_group: str = ""
    quota_scope: str = ""
    email: str = ""
    language: str = "vi"
    active: bool = True
    revision: int = 0

    def holds(self, other: Self | None, month: Month) -> "Person | None":
        """Return the post to keep when this one is reported for ``month``; None when nothing changed.

        :param other: the post held so far: the newest from ``month`` or before
        """
        if other is None:
            return replace(self, from_month=month, revision=1)
        if replace(self, from_month=other.from_month, revision=other.revision) == other:
            return None
        if other.from_month == month:
            return replace(self, from_month=month, revision=other.revision + 1)
        return replace(self, from_month=month, revision=1)


def superiors(superior_of: Mapping[str, str], person_id: str) -> tuple[str, ...]:
    """Return the direct superior and everybody above, nearest first.

    :param superior_of: from each person who holds a post to the direct superior's id, empty for none. The
        chain ends at the first superior who holds no post
    """
    found: list[str] = []
    above = superior_of.get(person_id, "")
    while above in superior_of and above not in found and above != person_id:
        found.append(above)
        above = superior_of[above]
    return tuple(found)


def subordinates(superior_of: Mapping[str, str], person_id: str) -> set[str]:
    """Return everybody whom a person leads, directly or through others."""
    below: dict[str, list[str]] = {}
    for each, above in superior_of.items():
        below.setdefault(above, []).append(each)
    found: set[str] = set()
    waiting = list(below.get(person_id, ())) if person_id else []
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += below.get(each, ())
    return found - {person_id}


def circle(leads: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return people who lead one another in a circle, the first one again at the end; else nobody (R-16).

    :param leads: from each person to those whom he leads
    """
    done: set[str] = set()
    for start in sorted(leads):
        path: list[str] = []
        on_path: set[str] = set()
        # Each entry is a person whose followers are still to be walked; a chain of leaders may be long.
        steps = [(start, iter(sorted(leads.get(start, ()))))] if start not in done else []
        if steps:
            path.append(start)
            on_path.add(start)
        while steps:
            person, following = steps[-1]
            step = next((each for each in following if each not in done), None)
            if step is None:
                steps.pop()
                path.pop()
                on_path.discard(person)
                done.add(person)
            elif step in on_path:
                around = path[path.index(step) :]
                first = around.index(min(around))
                return (*around[first:], *around[:first], around[first])
            else:
                steps.append((step, iter(sorted(leads.get(step, ())))))
                path.append(step)
                on_path.add(step)
    return ()


def charge_problems(people: Mapping[str, Person], changed: Iterable[str]) -> list[tuple[str, Problem]]:
    """Return what is wrong with who leads whom, with the person it is about (R-1, R-16).

    :param people: everybody who holds a post in the month, as it would be
    :param changed: whose posts are new or changed
    """
    named = sorted(set(changed))
    found: list[tuple[str, Problem]] = []
    direct: dict[str, list[str]] = {}
    for each in people.values():
        direct.setdefault(each.superior_id, []).append(each.person_id)
    for person_id in named:
        person = people.get(person_id)
        if person is None:
            if left := sorted(direct.get(person_id, ())):
                found.append((person_id, _still_leads(left)))
            continue
        found += ((person_id, problem) for problem in _problems_of(person, people, direct.get(person_id, [])))
    if not found:
        found += _circles(people, named)
    return found


def _problems_of(person: Person, people: Mapping[str, Person], reports: Sequence[str]) -> Iterable[Problem]:
    if person.superior_id == person.person_id:
        yield Problem("superior_id", "không thể là cấp trên của chính mình", "nobody is his own superior")
    elif person.superior_id and person.superior_id not in people:
        yield Problem(
            "superior_id",
            f"không có người mã {person.superior_id} đang công tác",
            f"nobody with the id {person.superior_id} holds a post",
        )
    if person.in_charge_ids and person.role is not Role.LEADER:
        yield Problem(
            "in_charge_ids", "chỉ lãnh đạo mới phụ trách người khác", "only leaders have people in charge"
        )
    for each in person.in_charge_ids:
        if each == person.person_id:
            yield Problem("in_charge_ids", "không thể phụ trách chính mình", "nobody is in his own charge")
        elif each not in people:
            yield Problem(
                "in_charge_ids",
                f"không có người mã {each} đang công tác",
                f"nobody with the id {each} holds a post",
            )
    if reports and person.role is not Role.LEADER:
        names = ", ".join(sorted(reports)[:5])
        yield Problem(
            "role",
            f"là cấp trên trực tiếp của {names} nên phải là lãnh đạo",
            f"leads {names}, so must be a leader",
        )


def _still_leads(left: Sequence[str]) -> Problem:
    names = ", ".join(left[:5])
    return Problem(
        "active",
        f"vẫn là cấp trên trực tiếp của {names}: hãy đổi cấp trên của họ trước",
        f"is still the direct superior of {names}: give them another one first",
    )


def _circles(people: Mapping[str, Person], named: Sequence[str]) -> Iterable[tuple[str, Problem]]:
    direct = {each.person_id: (each.superior_id,) for each in people.values() if each.superior_id}
    charge = {each.person_id: each.in_charge_ids for each in people.values()}
    for part, leads in (("superior_id", direct), ("in_charge_ids", charge)):
        if found := circle(leads):
            names = " → ".join(found)
            at = next((each for each in found if each in named), found[0])
            yield at, Problem(part, f"tạo thành vòng: {names}", f"they form a circle: {names}")
