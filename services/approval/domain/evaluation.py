"""The evaluation of one person in one month, and the steps it takes before the decision.

R-14, R-17, R-18, R-20; HD IV.1.

Every step gives a new value with the next revision. Who may take a step is asked elsewhere
(:mod:`approval.domain.access`); here is what the step must hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from approval.domain.criteria import DEFAULT_SET, Criterion, Value, check_text, check_values, points
from approval.domain.grade import Grade
from chassis.errors import Blocked, Invalid

LONGEST_TEXT = 10_000
"""Characters of strengths, weaknesses and remarks."""

LONGEST_DOCUMENT = 200
"""Characters of a document's name or number."""

FULL, HALF = 100, 50
"""What đ and e may be (R-17)."""


class Stage(StrEnum):
    """Whose values of the general criteria count now."""

    SELF = "self"
    REVIEW = "review"
    DECISION = "decision"


class AlreadyRemarked(Blocked):
    """A self-assessment stands once the superior has remarked on it."""

    vi = "{people} đã có nhận xét của cấp trên, không sửa bản tự đánh giá nữa."
    en = "{people}: the superior has remarked, so the self-assessment stands."


class AlreadyDecided(Blocked):
    """What was decided on is not changed afterwards."""

    vi = "{people} đã được quyết định xếp loại tháng này; các bước trước đó không sửa được nữa."
    en = "{people}: the month is decided, so the steps before it stand."


class NoSelfAssessment(Blocked):
    """Remarks answer a self-assessment, unless it is overdue and the reviewer gives every value."""

    vi = (
        "{people} chưa tự đánh giá: chờ đến hết hạn tự đánh giá, "
        "hoặc sau hạn thì người nhận xét tự chấm đủ các tiêu chí."
    )
    en = (
        "{people}: no self-assessment yet. Wait for it; once it is overdue, "
        "the reviewer may remark with a value for every criterion."
    )


class NoRemarks(Blocked):
    """The deciding authority acts on the superior's remarks."""

    vi = "{people} chưa có nhận xét của cấp trên trực tiếp."
    en = "{people}: the direct superior has not remarked yet."


class NothingToReturn(Blocked):
    """What is returned for correction was submitted before."""

    vi = "{people} chưa có nội dung này để trả lại."
    en = "{people}: there is nothing of this to return."


class ReturnWithoutReason(Invalid):
    """Whoever returns a step says what is to be corrected."""

    vi = "Trả lại phải ghi lý do."
    en = "State why it is returned."


class NotReturnable(Invalid):
    """A self-assessment or remarks are returned."""

    vi = "Chỉ trả lại được bản tự đánh giá hoặc nhận xét."
    en = "Only a self-assessment or remarks can be returned."


class LeadershipValueMissing(Invalid):
    """A leader's remarks state đ and e, each 100 or 50 (R-17)."""

    vi = "Với người lãnh đạo, {what} phải là 100 hoặc 50, không phải {given}."
    en = "For a leader, {what} must be 100 or 50, not {given}."


class LeadershipValueUnfit(Invalid):
    """đ and e are for leaders only (R-15)."""

    vi = "Chỉ người lãnh đạo mới có {what}: bỏ trống với người không giữ chức vụ."
    en = "Only leaders have {what}: leave it out for staff."


class FactMissing(Invalid):
    """50 needs a recorded fact (R-17)."""

    vi = "Chấm {what} mức 50 phải ghi rõ sự việc."
    en = "A value of 50 for {what} needs the recorded fact."


class ReasonMissing(Invalid):
    """A person is set to "not evaluated" with a reason (R-14)."""

    vi = "Phải ghi lý do không đánh giá."
    en = "State why the person is not evaluated."


class HasScore(Blocked):
    """Whoever has a score is graded; "not evaluated" is for a month that gives none (R-14)."""

    vi = "{people} đã có điểm tháng này nên phải được xếp loại."
    en = "{people}: the month has a score, so it must be graded."


@dataclass(frozen=True, slots=True)
class GivenSelfAssessment:
    """A self-assessment as it is submitted.

    :param proposed: the grade the person proposes
    :param document: name or number of the signed paper; empty when the person sends it himself
    :param place: where it stands in the request
    """

    person_id: str
    values: tuple[Value, ...]
    strengths: str = ""
    weaknesses: str = ""
    proposed: Grade | None = None
    document: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class GivenRemarks:
    """Remarks as they are submitted; no values take the self-assessment's over.

    :param organising: đ of a leader, 100 or 50; 0 for staff, and ``unity`` (e) likewise
    :param blocker: number of the document that proposes D whatever the score (R-20); empty for none
    :param place: where they stand in the request
    """

    person_id: str
    values: tuple[Value, ...] = ()
    text: str = ""
    organising: int = 0
    organising_fact: str = ""
    unity: int = 0
    unity_fact: str = ""
    blocker: str = ""
    document: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who takes a step, when, and whether that is late."""

    by: str
    at: datetime
    late: bool = False


@dataclass(frozen=True, slots=True)
class SelfAssessment:
    """Tự đánh giá, as it is kept; ``by`` entered it."""

    values: tuple[Value, ...]
    points: Decimal
    strengths: str
    weaknesses: str
    proposed: Grade | None
    document: str
    by: str
    at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class Remarks:
    """Nhận xét của cấp trên trực tiếp, with the reviewer's values, as they are kept; ``by`` entered them."""

    values: tuple[Value, ...]
    points: Decimal
    text: str
    organising: int
    organising_fact: str
    unity: int
    unity_fact: str
    blocker: str
    document: str
    by: str
    at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class DecisionValues:
    """The deciding authority's values of the general criteria."""

    values: tuple[Value, ...]
    points: Decimal
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """Set so by the authority, with a reason (R-14)."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Return:
    """A step returned for correction (trả lại); ``step`` is ``self_assessment`` or ``remarks``."""

    step: str
    reason: str
    by: str
    authority_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A person's month before the decision; ``revision`` 0 while nothing is recorded.

    :param criteria_set: the policy's set that the values are for; says nothing while nobody has assessed
    """

    person_id: str
    revision: int = 0
    self_assessment: SelfAssessment | None = None
    remarks: Remarks | None = None
    decision_values: DecisionValues | None = None
    not_evaluated: NotEvaluated | None = None
    criteria_set: str = DEFAULT_SET

    @property
    def assessed(self) -> bool:
        """True while anybody's values stand: those that follow are for the same criteria."""
        return bool(self.self_assessment or self.remarks)

    @property
    def stage(self) -> Stage | None:
        """Whose values count: the deciding authority's, else the reviewer's, else the person's."""
        if self.decision_values:
            return Stage.DECISION
        if self.remarks:
            return Stage.REVIEW
        return Stage.SELF if self.self_assessment else None

    @property
    def general(self) -> Decimal | None:
        """The sum of the values that count; ``None`` while there are none."""
        holder = self.decision_values or self.remarks or self.self_assessment
        return holder.points if holder else None

    def assess(
        self,
        given: GivenSelfAssessment,
        criteria: Sequence[Criterion],
        entry: Entry,
        *,
        remarks_follow: bool = False,
        criteria_set: str = DEFAULT_SET,
    ) -> "Evaluation":
        """Return the evaluation with a self-assessment, given or changed (R-18).

        :param criteria_set: the id of the criteria, kept with the values
        :param remarks_follow: True when new remarks come with it and replace the old ones
        :raises AlreadyRemarked: once the superior has remarked
        :raises Invalid: if a value is wrong
        """
        place = given.place
        if self.remarks and not remarks_follow:
            raise AlreadyRemarked(people=self.person_id, field=place)
        values = check_values(given.values, criteria, place=f"{place}.values")
        kept = SelfAssessment(
            values=values,
            points=points(values),
            strengths=check_text(given.strengths, place=f"{place}.strengths", most=LONGEST_TEXT),
            weaknesses=check_text(given.weaknesses, place=f"{place}.weaknesses", most=LONGEST_TEXT),
            proposed=given.proposed,
            document=check_text(given.document, place=f"{place}.document", most=LONGEST_DOCUMENT),
            by=entry.by,
            at=entry.at,
            late=entry.late,
        )
        return replace(self, self_assessment=kept, criteria_set=criteria_set, revision=self.revision + 1)

    def remark(
        self,
        given: GivenRemarks,
        criteria: Sequence[Criterion],
        entry: Entry,
        *,
        leads: bool,
        self_overdue: bool,
        criteria_set: str = DEFAULT_SET,
    ) -> "Evaluation":
        """Return the evaluation with the superior's remarks, given or changed (R-17, R-18, R-20).

        Without values the self-assessment's are taken over. New remarks drop the deciding authority's values:
        those answered the old ones.

        :param self_overdue: True when the self-assessment's deadline has passed
        :param criteria_set: the id of the criteria, kept with the values
        :raises NoSelfAssessment: if there is none and it is not overdue, or no values are given
        :raises Invalid: if a value, đ or e is wrong
        """
        own, place = self.self_assessment, given.place
        if own is None and not (self_overdue and given.values):
            raise NoSelfAssessment(people=self.person_id, field=place)
        values = own.values if own and not given.values else given.values
        values = check_values(values, criteria, place=f"{place}.values")
        _check_leadership(given, leads=leads)
        kept = Remarks(
            values=values,
            points=points(values),
            text=check_text(given.text, place=f"{place}.text", most=LONGEST_TEXT),
            organising=given.organising,
            organising_fact=check_text(given.organising_fact, place=f"{place}.organising_fact"),
            unity=given.unity,
            unity_fact=check_text(given.unity_fact, place=f"{place}.unity_fact"),
            blocker=check_text(given.blocker, place=f"{place}.blocker", most=LONGEST_DOCUMENT),
            document=check_text(given.document, place=f"{place}.document", most=LONGEST_DOCUMENT),
            by=entry.by,
            at=entry.at,
            late=entry.late,
        )
        return replace(
            self, remarks=kept, decision_values=None, criteria_set=criteria_set, revision=self.revision + 1
        )

    def value(self, values: Sequence[Value], criteria: Sequence[Criterion], entry: Entry) -> "Evaluation":
        """Return the evaluation with the deciding authority's values (R-18).

        :raises NoRemarks: before the superior has remarked
        :raises Invalid: if a value is wrong
        """
        if self.remarks is None:
            raise NoRemarks(people=self.person_id)
        checked = check_values(values, criteria)
        decided = DecisionValues(checked, points(checked), entry.by, entry.at)
        return replace(self, decision_values=decided, revision=self.revision + 1)

    def set_not_evaluated(self, reason: str, entry: Entry) -> "Evaluation":
        """Return the evaluation set to "not evaluated" (R-14).

        :raises ReasonMissing: without a reason
        """
        stated = check_text(reason, place="reason")
        if not stated:
            raise ReasonMissing(field="reason")
        return replace(
            self, not_evaluated=NotEvaluated(stated, entry.by, entry.at), revision=self.revision + 1
        )

    def clear_not_evaluated(self) -> "Evaluation":
        """Return the evaluation with that taken back; the same one where nothing was set."""
        if self.not_evaluated is None:
            return self
        return replace(self, not_evaluated=None, revision=self.revision + 1)

    def return_self_assessment(self) -> "Evaluation":
        """Return the evaluation without its self-assessment, which the person corrects.

        He is then assessed with the criteria of the type that he has by then.

        :raises NothingToReturn: if there is none
        :raises AlreadyRemarked: once the superior has remarked: the authority returns those first
        """
        if self.remarks:
            raise AlreadyRemarked(people=self.person_id)
        if self.self_assessment is None:
            raise NothingToReturn(people=self.person_id)
        return replace(self, self_assessment=None, criteria_set=DEFAULT_SET, revision=self.revision + 1)

    def return_remarks(self) -> "Evaluation":
        """Return the evaluation without remarks, which the superior corrects, and without what answered them.

        :raises NothingToReturn: if there are none
        """
        if self.remarks is None:
            raise NothingToReturn(people=self.person_id)
        kept = self.criteria_set if self.self_assessment else DEFAULT_SET
        return replace(
            self, remarks=None, decision_values=None, criteria_set=kept, revision=self.revision + 1
        )


def _check_leadership(given: GivenRemarks, *, leads: bool) -> None:
    for what, value, fact in (
        ("organising", given.organising, given.organising_fact),
        ("unity", given.unity, given.unity_fact),
    ):
        place = f"{given.place}.{what}"
        if not leads:
            if value or fact.strip():
                raise LeadershipValueUnfit(what=what, field=place)
            continue
        if value not in (FULL, HALF):
            raise LeadershipValueMissing(what=what, given=value, field=place)
        if value == HALF and not fact.strip():
            raise FactMissing(what=what, field=f"{place}_fact")
