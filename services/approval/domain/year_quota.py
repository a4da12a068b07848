"""How many of a scope and group may be graded A in a year (R-21, R-24).

Counted as for a month, of the year's means: a person stands in the scope and group of the last month in which
he was scored. The rate is the usual one: a decision on record allows more for one month, not for a year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from approval.domain.case import Case
from approval.domain.grade import Grade
from approval.domain.person import Person, named
from approval.domain.quota import Group, Terms, group_of, maximum
from approval.domain.year import Year
from chassis.errors import Blocked

GOOD = Decimal(70)
"""The least total of band B (R-20)."""


class YearQuotaBroken(Blocked):
    """More would hold A in the year than its quota of the scope and group allows (R-24)."""

    vi = (
        "Vượt tỷ lệ loại A năm {year} của {scope}, nhóm {group}: được {limit} người "
        "(M = {members}, tính trên {base}, q = {rate}), sẽ có {count}: {holders}. "
        "Ghi loại khác, hoặc ghi lại người khác trước."
    )
    en = (
        "Too many A of {year} in {scope}, group {group}: at most {limit} "
        "(M = {members}, of {base}, q = {rate}), it would be {count}: {holders}. "
        "Record another grade, or change somebody else's first."
    )


@dataclass(frozen=True, slots=True)
class YearMember:
    """A person in the year's count.

    :param group: ``None`` where no month was scored: the quota does not bind him
    :param eligible: counts in M: the year's mean in band A or B, no blocker in an evaluated month
    """

    person: Person
    group: Group | None
    eligible: bool


@dataclass(frozen=True, slots=True)
class YearTally:
    """A group as it stands in a year.

    :param members: M
    :param base: of whom A_max is counted: M, or those graded A or B and undecided of M, if these are fewer
    :param holders: who holds A
    :param limit: A_max
    """

    group: Group
    members: int
    base: int
    holders: tuple[Person, ...]
    limit: int


def year_member(cases: Mapping[str, Case], year: Year) -> YearMember:
    """Return what a person counts as.

    :param cases: of the months in which he belongs to the ward, by month; not empty
    """
    scored = [month for month in sorted(cases) if group_of(cases[month])]
    mean = year.mean
    blocked = any((score := cases[each].score) is not None and score.blocker for each in scored)
    return YearMember(
        cases[max(cases)].person,
        group_of(cases[scored[-1]]) if scored else None,
        mean is not None and mean >= GOOD and not blocked,
    )


def year_tally(
    group: Group, members: Mapping[str, YearMember], grades: Mapping[str, Grade | None], terms: Terms
) -> YearTally:
    """Return how a group stands against the year's quota.

    :param grades: of the year, by person; ``None`` or absent while nothing is recorded
    """
    eligible = good_or_better = 0
    holders: list[Person] = []
    for person_id, member in sorted(members.items()):
        if member.group != group:
            continue
        grade = grades.get(person_id)
        eligible += member.eligible
        good_or_better += member.eligible if grade is None else grade.good_or_better
        if grade is Grade.A:
            holders.append(member.person)
    base = min(eligible, good_or_better)
    return YearTally(group, eligible, base, tuple(holders), maximum(base, terms))


def check_year_quota(
    year: str,
    person_id: str,
    grade: Grade,
    members: Mapping[str, YearMember],
    grades: Mapping[str, Grade | None],
    terms: Terms,
) -> None:
    """Refuse a grade of the year that breaks the quota; others in a group that is over it already are free.

    :param members: everybody of the person's group
    :param grades: of the year as they are recorded now
    :raises YearQuotaBroken: if an A is one too many, or a lower grade takes the base from the A of others
    """
    group = members[person_id].group
    if group is None:
        return
    then = year_tally(group, members, {**grades, person_id: grade}, terms)
    narrows = then.limit < year_tally(group, members, grades, terms).limit
    if len(then.holders) > then.limit and (grade is Grade.A or narrows):
        raise YearQuotaBroken(
            year=year,
            scope=group.scope,
            group=group.duty_group,
            limit=then.limit,
            members=then.members,
            base=then.base,
            rate=terms.rate,
            count=len(then.holders),
            holders=named(then.holders),
        )
