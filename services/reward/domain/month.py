"""What is known of a ward's month, put together from what the other services announced.

News arrives late and in any order, and money must not depend on that: a fund is shared out only when every
grade of the month is here, with the decision behind it and whatever the policy counts. Until then it is
refused, and the refusal says what is missing and of whom.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

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


@dataclass(frozen=True, slots=True)
class PublishedGrade:
    """A grade as it was published; None and no decision: not evaluated."""

    unit_id: str
    grade: Grade | None
    decision_id: str


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


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Half-days of a month."""

    worked: int
    required: int


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

    def everybody(self, policy: Policy) -> list[Member]:
        """Return everybody with a published grade, by id.

        :raises MonthNotPublished: before the publication of the whole month
        :raises GradesMissing: if fewer or more grades are known than were published
        :raises WardNotKnown: if the ward is not known
        :raises InputsMissing: as `members`
        """
        if self.count is None:
            raise MonthNotPublished(month=self.month)
        if self.count != len(self.grades):
            raise GradesMissing(month=self.month, count=self.count, known=len(self.grades))
        if self.ward_name is None:
            raise WardNotKnown(ward_id=self.ward_id)
        return self.members(policy, self.grades)

    def members(self, policy: Policy, person_ids: Iterable[str]) -> list[Member]:
        """Return these people, by id.

        :raises InputsMissing: if something needed is not known of one of them
        """
        missing: defaultdict[str, list[str]] = defaultdict(list)
        found = []
        for person_id in sorted(person_ids):
            lacking = list(self._lacking(policy, person_id))
            for what in lacking:
                missing[what].append(person_id)
            if not lacking:
                found.append(self._member(person_id))
        if missing:
            raise _inputs_missing(self.month, missing)
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
        if not published.grade or not policy.coefficients_for(post.personnel_type)[published.grade]:
            return
        if policy.by_score and decision and decision.total is None:
            yield "score"
        if policy.by_salary and post.salary_coefficient is None:
            yield "salary_coefficient"
        time = self.times.get(person_id)
        if policy.by_attendance and (time is None or not time.required):
            yield "working_time"

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
    "score": ("điểm", "score"),
    "salary_coefficient": ("hệ số lương", "salary coefficient"),
    "working_time": ("ngày công phải làm và đã làm", "required and worked time"),
}


def _inputs_missing(month: str, missing: Mapping[str, list[str]]) -> InputsMissing:
    vi, en = [], []
    for what, (what_vi, what_en) in _TOLD.items():
        if ids := missing.get(what):
            named = ", ".join(ids[:NAMED]) + (", …" if len(ids) > NAMED else "")
            vi.append(f"{what_vi}: {len(ids)} người ({named})")
            en.append(f"{what_en}: {len(ids)} people ({named})")
    return InputsMissing(
        month=month,
        count=len({each for ids in missing.values() for each in ids}),
        missing=", ".join(f"{what}={len(missing[what])}" for what in _TOLD if what in missing),
        missing_vi="; ".join(vi),
        missing_en="; ".join(en),
    )
