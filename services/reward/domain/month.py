"""What is known of a ward's month, put together from what the other services announced.

News arrives late and in any order, and money must not depend on that: a fund is shared out only when every
grade of the month is here, with the decision behind it and whatever the policy counts. Until then it is
refused, and the refusal says what is missing and of whom.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from chassis.days import Month
from chassis.errors import Blocked
from reward.domain.policy import Grade, Policy
from reward.domain.weight import Person

NAMED: Final = 20
"""The most people that a refusal names for each thing that is missing; all are counted."""


class MonthNotPublished(Blocked):
    """Money follows published grades."""

    vi = "Tháng {month} chưa công bố xong, hoặc tin công bố chưa đến: chờ công bố rồi phân bổ."
    en = "{month} is not published whole, or the news has not come yet: wait for the publication."


class GradesMissing(Blocked):
    """Every published grade of the month has to be here."""

    vi = "Tháng {month} công bố {count} người, mới nhận được {known}: thử lại sau giây lát."
    en = "{month} was published for {count} people, {known} of them are known here: try again in a moment."


class WardNotKnown(Blocked):
    """The finance file names the ward."""

    vi = "Chưa có thông tin về phường {ward_id}: thử lại sau giây lát."
    en = "Nothing is known of the ward {ward_id} yet: try again in a moment."


class InputsMissing(Blocked):
    """Something that the policy counts, or that the finance file states, is not known of somebody."""

    vi = "Chưa đủ dữ liệu tháng {month} cho {count} người. Còn thiếu: {missing_vi}."
    en = "{month} lacks something for {count} people. Missing: {missing_en}."


class InputsBehind(Blocked):
    """What is known here is older than what planning had acknowledged when the decision locked the month.

    The publication comes by way of scoring and approval, working time and posts straight from planning:
    either may be first.
    """

    vi = (
        "Số liệu tháng {month} của {count} người ở đây chưa phải bản cuối cùng: {behind_vi}. Tin đang đến, "
        "thử lại sau giây lát; nếu lâu không đến, người vận hành chạy: {remedy}."
    )
    en = (
        "What is known here of {month} is not the last of it for {count} people: {behind_en}. The news is on "
        "its way: try again in a moment. If it stays away, an operator runs: {remedy}."
    )


@dataclass(frozen=True, slots=True)
class PublishedGrade:
    """A grade as it was published; None and no decision: not evaluated."""

    unit_id: str
    grade: Grade | None
    decision_id: str


Version = tuple[str, int]
"""First month and revision of a post, which order the posts of a person."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The newest decision about a person's month."""

    decision_id: str
    grade: Grade | None
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class Post:
    """The post that a person holds in a month."""

    full_name: str
    unit_id: str
    personnel_type: str | None
    leads: bool
    salary_coefficient: Decimal | None
    version: Version = ("", 0)


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Half-days of a month.

    :param lock_follows: planning announces the month's lock, which its versions before locks did not
    """

    worked: int
    required: int
    revision: int = 0
    lock_follows: bool = False


@dataclass(frozen=True, slots=True)
class MonthLock:
    """The last revisions that planning acknowledged before the decision about a person's month locked it.

    :param working_time: 0 if no working time was recorded
    :param post: a post changes after the lock as well, so a newer one is as good
    """

    working_time: int
    post: Version


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a run: what his money depends on, and what finance knows him by."""

    person: Person
    full_name: str
    unit_id: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class PublishedMonth:
    """Everything known of a ward's month; the mappings are by person, but for ``units`` (id to name)."""

    ward_id: str
    month: str
    ward_name: str | None
    count: int | None
    """How many grades were published, as the publication said; None: not published."""
    grades: Mapping[str, PublishedGrade]
    decisions: Mapping[str, Decision]
    posts: Mapping[str, Post]
    times: Mapping[str, WorkingTime]
    units: Mapping[str, str]
    locks: Mapping[str, MonthLock] = field(default_factory=dict)

    def everybody(self, policy: Policy) -> list[Member]:
        """Return everybody with a published grade whom the policy covers, by id.

        :raises MonthNotPublished: before the publication of the whole month
        :raises GradesMissing: if fewer or more grades are known than were published
        :raises WardNotKnown: if the ward is not known
        :raises InputsMissing, InputsBehind: as `members`
        """
        if self.count is None:
            raise MonthNotPublished(month=self.month)
        if self.count != len(self.grades):
            raise GradesMissing(month=self.month, count=self.count, known=len(self.grades))
        if self.ward_name is None:
            raise WardNotKnown(ward_id=self.ward_id)
        return self.members(policy, self.grades)

    def members(self, policy: Policy, person_ids: Iterable[str]) -> list[Member]:
        """Return those of these people whom the policy covers, by id.

        :raises InputsMissing: if something needed is not known of one of them
        :raises InputsBehind: if something that counts is older here than planning had acknowledged
        """
        missing: defaultdict[str, list[str]] = defaultdict(list)
        behind: defaultdict[str, list[str]] = defaultdict(list)
        found = []
        for person_id in sorted(person_ids):
            post = self.posts.get(person_id)
            if post and post.personnel_type and not policy.covers(post.personnel_type):
                continue
            lacking = list(self._lacking(policy, person_id))
            for what in lacking:
                missing[what].append(person_id)
            if lacking:
                continue
            if self.grades[person_id].grade:
                for what in self._behind(person_id):
                    behind[what].append(person_id)
            found.append(self._member(person_id))
        if missing:
            raise _inputs_missing(self.month, missing)
        if behind:
            raise _inputs_behind(self.month, behind)
        return found

    def _lacking(self, policy: Policy, person_id: str) -> Iterable[str]:
        published, post = self.grades.get(person_id), self.posts.get(person_id)
        if published is None:
            yield "grade"
            return
        decision = self.decisions.get(person_id)
        if published.decision_id:
            if decision is None or decision.decision_id != published.decision_id:
                yield "decision"
        elif decision and decision.grade:
            # A grade was decided, and its publication or the record that withdrew it is still to come.
            yield "decision"
        if published.unit_id and published.unit_id not in self.units:
            yield "unit"
        if post is None:
            yield "person"
            return
        if policy.personnel_types and not post.personnel_type:
            yield "personnel_type"
        if not published.grade or not policy.coefficients_for(post.personnel_type)[published.grade]:
            return
        if policy.by_score and decision and decision.total is None:
            yield "score"
        if policy.by_salary and post.salary_coefficient is None:
            yield "salary_coefficient"
        time = self.times.get(person_id)
        if policy.by_attendance and (time is None or not time.required):
            yield "working_time"

    def _behind(self, person_id: str) -> Iterable[str]:
        """Say what planning had acknowledged newer than it is known here (R-10, R-35)."""
        time, lock = self.times.get(person_id), self.locks.get(person_id)
        if lock is None:
            if time and time.lock_follows:
                yield "month_locked"
            return
        if (time.revision if time else 0) < lock.working_time:
            yield "working_time_recorded"
        if self.posts[person_id].version < lock.post:
            yield "person_changed"

    def _member(self, person_id: str) -> Member:
        published, post = self.grades[person_id], self.posts[person_id]
        decision, time = self.decisions.get(person_id), self.times.get(person_id)
        person = Person(
            id=person_id,
            grade=published.grade,
            score=decision.total if decision and published.grade else None,
            salary_coefficient=post.salary_coefficient,
            worked_half_days=time.worked if time else None,
            required_half_days=time.required if time else None,
            personnel_type=post.personnel_type,
        )
        return Member(person, post.full_name, published.unit_id, self.units.get(published.unit_id, ""))


_TOLD = {
    "grade": ("kết quả đã công bố", "published grade"),
    "decision": ("quyết định của kết quả đã công bố", "decision of the published grade"),
    "unit": ("tên đơn vị", "unit"),
    "person": ("hồ sơ nhân sự", "personal record"),
    "personnel_type": ("loại nhân sự", "personnel type"),
    "score": ("điểm", "score"),
    "salary_coefficient": ("hệ số lương", "salary coefficient"),
    "working_time": ("ngày công phải làm và đã làm", "required and worked time"),
}


_BEHIND = {
    "month_locked": ("chưa biết bản cuối cùng", "the last of it is not known yet"),
    "working_time_recorded": ("ngày công", "working time"),
    "person_changed": ("hồ sơ nhân sự", "personal record"),
}
"""What can be behind, by the key of planning's event that brings it."""


def _inputs_missing(month: str, missing: Mapping[str, list[str]]) -> InputsMissing:
    vi, en = _named(_TOLD, missing)
    return InputsMissing(
        month=month,
        count=_count(missing),
        missing=", ".join(f"{what}={len(missing[what])}" for what in _TOLD if what in missing),
        missing_vi=vi,
        missing_en=en,
    )


def _inputs_behind(month: str, behind: Mapping[str, list[str]]) -> InputsBehind:
    vi, en = _named(_BEHIND, behind)
    since = f"{Month.parse(month).plus(-1)}-01"
    return InputsBehind(
        month=month,
        count=_count(behind),
        behind=", ".join(f"{what}={len(behind[what])}" for what in _BEHIND if what in behind),
        behind_vi=vi,
        behind_en=en,
        remedy="; ".join(
            f"kpi replay planning {what} --since {since} --queue reward.planning.{what}"
            for what in _BEHIND
            if what in behind
        ),
    )


def _named(told: Mapping[str, tuple[str, str]], found: Mapping[str, list[str]]) -> tuple[str, str]:
    """Return what was found of whom, in Vietnamese and in English."""
    vi, en = [], []
    for what, (what_vi, what_en) in told.items():
        if ids := found.get(what):
            named = ", ".join(ids[:NAMED]) + (", …" if len(ids) > NAMED else "")
            vi.append(f"{what_vi}: {len(ids)} người ({named})")
            en.append(f"{what_en}: {len(ids)} people ({named})")
    return "; ".join(vi), "; ".join(en)


def _count(found: Mapping[str, list[str]]) -> int:
    return len({each for ids in found.values() for each in ids})
