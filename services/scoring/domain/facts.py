"""What scoring keeps of what the other services announced, and the people that a month is made of from it.

Every fact is complete in itself and carries a revision; of two about one thing the greater revision holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.domain import charge
from scoring.domain.exact import ZERO
from scoring.domain.person import COMMON_MAXIMUM, CommonOverMaximum, NotFullOrHalf, Person, Role
from scoring.domain.quota import Scope
from scoring.domain.unfit import Unfit
from scoring.domain.work import NotACount, Task


@dataclass(frozen=True, slots=True)
class Post:
    """What a person is from a month on, until his next post (R-1).

    :param from_month: ``YYYY-MM``
    :param quota_scope: empty means the unit (R-21)
    :param manages: ids of those in a leader's charge (R-16)
    :param superior_id: empty for those whom nobody in the ward leads
    :param active: false once he has left
    :param personnel_type: ``cadre``, ``civil_servant``, …; empty if it was not stated
    """

    ward_id: str
    person_id: str
    from_month: str
    revision: int
    unit: str
    group: str
    role: Role
    quota_scope: str = ""
    superior_id: str = ""
    manages: tuple[str, ...] = ()
    active: bool = True
    personnel_type: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A task as it is counted, with what it is called."""

    task_id: str
    name: str
    task: Task


@dataclass(frozen=True, slots=True)
class Work:
    """All counted work of a person's month (R-7, R-8, R-12)."""

    ward_id: str
    month: str
    person_id: str
    revision: int
    lines: tuple[Line, ...]

    def check(self) -> None:
        """Refuse work that no month can hold.

        :raises Unfit: at ``lines[i].…``
        """
        for index, line in enumerate(self.lines):
            try:
                line.task.check()
            except Unfit as refusal:
                raise refusal.within(f"lines[{index}]") from None


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Required and worked half-days of a person's month (R-10)."""

    ward_id: str
    month: str
    person_id: str
    revision: int
    required: int
    worked: int

    def check(self) -> None:
        """Refuse time below nothing.

        :raises NotACount: at ``required_half_days`` or ``worked_half_days``
        """
        for place, found in (("required_half_days", self.required), ("worked_half_days", self.worked)):
            if found < 0:
                raise NotACount(place=place, found=found, least=0)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the superiors said of a person's month: the general criteria, đ and e, and what stands in the way.

    :param common_score: ``None`` until somebody has assessed it (R-18)
    :param organising: đ, 100 or 50; ``None`` until it is recorded (R-17); ``unity`` (e) likewise
    :param blocker: number of the document that proposes D; empty for none (R-20)
    :param set_aside: the authority decided not to evaluate (R-14)
    """

    ward_id: str
    month: str
    person_id: str
    revision: int
    common_score: Decimal | None
    organising: int | None = None
    unity: int | None = None
    blocker: str = ""
    set_aside: bool = False

    def check(self) -> None:
        """Refuse points and marks that nobody can have.

        :raises CommonOverMaximum: at ``general``
        :raises NotFullOrHalf: at ``organising`` or ``unity``
        """
        common = self.common_score
        if common is not None and not (common.is_finite() and ZERO <= common <= COMMON_MAXIMUM):
            raise CommonOverMaximum(place="general", found=common)
        for place, found in (("organising", self.organising), ("unity", self.unity)):
            if found not in (None, 50, 100):
                raise NotFullOrHalf(place=place, found=found)


@dataclass(frozen=True, slots=True)
class QuotaRate:
    """The rate that was decided for a quota's scope in a month (R-21)."""

    ward_id: str
    month: str
    revision: int
    scope: Scope


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """Everything known of a ward's month.

    :param posts: of each person the newest that has begun by then, those who left among them
    :param tasks: a person's counted tasks and the revision they have; ``times`` and ``assessments`` likewise
    :param scopes: the scopes that have a rate of their own
    """

    posts: Sequence[Post]
    tasks: Mapping[str, tuple[int, tuple[Task, ...]]] = field(default_factory=dict)
    times: Mapping[str, WorkingTime] = field(default_factory=dict)
    assessments: Mapping[str, Assessment] = field(default_factory=dict)
    scopes: Sequence[Scope] = ()

    def people(self) -> list[Person]:
        """Return who belongs to the month: everybody in an active post, with facts or without.

        Somebody whose required half-days are not recorded, or 0, has no known working time: attendance
        cannot be judged (R-11), so the month says ``insufficient_data`` with the reason ``no_working_time``.
        A leader's charge is limited to those who belong to the month; relations that form a cycle are taken
        out and named (:func:`scoring.domain.charge.untangled`).
        """
        active = {post.person_id: post for post in self.posts if post.active}
        return charge.untangled([self._person(active[id_], active) for id_ in sorted(active)])

    def sources(self) -> dict[str, str]:
        """Return which revision of which fact each person's month is computed from.

        Equal sources are equal facts, so that nothing else needs to be compared.
        """
        return {post.person_id: self._sources(post) for post in self.posts}

    def _sources(self, post: Post) -> str:
        work = self.tasks.get(post.person_id)
        time = self.times.get(post.person_id)
        assessment = self.assessments.get(post.person_id)
        return " ".join(
            (
                f"post={post.from_month}/{post.revision}",
                f"work={work[0] if work else '-'}",
                f"time={time.revision if time else '-'}",
                f"assessment={assessment.revision if assessment else '-'}",
            )
        )

    def _person(self, post: Post, active: Mapping[str, Post]) -> Person:
        time = self.times.get(post.person_id)
        assessment = self.assessments.get(post.person_id)
        leads = post.role is Role.LEADER
        manages = (id_ for id_ in dict.fromkeys(post.manages) if id_ in active) if leads else ()
        return Person(
            id=post.person_id,
            unit=post.unit,
            group=post.group,
            quota_scope=post.quota_scope,
            personnel_type=post.personnel_type,
            role=post.role,
            manages=tuple(manages),
            required_half_days=(time.required or None) if time else None,
            worked_half_days=time.worked if time else 0,
            tasks=self.tasks.get(post.person_id, (0, ()))[1],
            common_score=assessment.common_score if assessment else None,
            organising=assessment.organising if assessment and leads else None,
            unity=assessment.unity if assessment and leads else None,
            blocker=(assessment.blocker or None) if assessment else None,
            set_aside=assessment.set_aside if assessment else False,
        )
