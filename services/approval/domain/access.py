"""Who may act on, and who may see what of, a person's month (R-2, R-29).

Publication gives class letters to the unit. Score, remarks and evidence are for the person and the competent
people: the direct superior, the competent authority (and whom either delegated), and those above them. The
organizer and the auditor see everything. The clerk, who enters from signed paper, sees where things stand and
what he entered himself.

====================  ====  ========  =========  =======  =========  =====
view                  self  superior  authority  above    organizer  clerk
                                                          auditor
====================  ====  ========  =========  =======  =========  =====
standing              yes   yes       yes        yes      yes        yes
self-assessment       yes   yes       yes        yes      yes        own entries
remarks               yes   yes       yes        yes      yes        own entries
score                 yes   yes       yes        yes      yes        no
decision              once  yes       yes        yes      yes        letter, once
                      pub.                                           published
====================  ====  ========  =========  =======  =========  =====

Colleagues see no evaluation at all, only the published letters of their unit. A person learns of the decision
about himself when it is published: until then the authority may decide again.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from approval.domain.case import Case, State
from approval.domain.person import Roster
from chassis.errors import Blocked, Forbidden, Invalid, NotFound


class NotYours(Forbidden):
    """An evaluation is for the person and the competent people (R-29)."""

    vi = "Bạn không được xem kết quả đánh giá của {person}."
    en = "You may not see the evaluation of {person}."


class NotForYou(Forbidden):
    """A step is taken by whom it belongs to, or by the clerk from signed paper."""

    vi = "Chỉ {person}, hoặc văn thư theo bản giấy đã ký, được nộp bản tự đánh giá này."
    en = "Only {person}, or the clerk from signed paper, may submit this self-assessment."


class NotReviewer(Forbidden):
    """Remarks come from the direct superior (HD IV.1)."""

    vi = "Chỉ cấp trên trực tiếp của {person}, người được ủy quyền, hoặc văn thư theo bản giấy được nhận xét."
    en = "Only the direct superior of {person}, a delegate, or the clerk from signed paper may remark."


class PaperMissing(Invalid):
    """What a clerk enters for somebody stands on a signed paper."""

    vi = "Nhập thay phải ghi tên hoặc số của bản giấy đã ký."
    en = "Entering for somebody else needs the name or number of the signed paper."


class DelegationToHimself(Invalid):
    """A delegation is from one person to another."""

    vi = "Người ủy quyền và người được ủy quyền phải là hai người khác nhau."
    en = "A delegation is from one person to another: give two different people."


class DelegationBackwards(Invalid):
    """A delegation lasts at least a day."""

    vi = "Ngày cuối {to_day} trước ngày đầu {from_day}."
    en = "The last day {to_day} is before the first day {from_day}."


class UnknownDelegation(NotFound):
    """The ward has no such delegation."""

    vi = "Phường không có ủy quyền {delegation}."
    en = "The ward has no delegation {delegation}."


class DelegationOver(Blocked):
    """What has ended stays as it was."""

    vi = "Ủy quyền {delegation} đã hết hiệu lực sau ngày {to_day}."
    en = "The delegation {delegation} was over after {to_day}."


class EndNotEarlier(Invalid):
    """A delegation is ended earlier than told, and not for days on which it was used."""

    vi = "Ngày cuối {to_day} phải từ {earliest} (chấm dứt ngay) đến trước {present}."
    en = "The last day {to_day} must be from {earliest}, which ends it at once, to before {present}."


class DocumentMissing(Invalid):
    """What is recorded on paper's authority names the paper."""

    vi = "Phải ghi số văn bản."
    en = "State the document's number."


@dataclass(frozen=True, slots=True)
class Delegation:
    """One person may act for another on these legal days, both included (ủy quyền; R-2)."""

    id: str
    from_person_id: str
    to_person_id: str
    from_day: date
    to_day: date
    document: str

    def check(self) -> None:
        """Refuse a delegation that cannot be meant.

        :raises Invalid: for one to oneself, backwards, or without a document
        """
        if self.from_person_id == self.to_person_id:
            raise DelegationToHimself(field="to_person_id")
        if self.to_day < self.from_day:
            raise DelegationBackwards(from_day=self.from_day, to_day=self.to_day, field="to_day")
        if not self.document:
            raise DocumentMissing(field="document")

    def ended(self, last_day: date | None, today: date) -> "Delegation":
        """Return this delegation with an earlier last day; what was done by it before stays done.

        :param last_day: yesterday, which ends it at once, or later; None for yesterday
        :param today: the legal day
        :raises DelegationOver: if its last day has passed
        :raises EndNotEarlier: if the day is before yesterday, or not before the present last day
        """
        if self.to_day < today:
            raise DelegationOver(delegation=self.id, to_day=self.to_day)
        earliest = today - timedelta(days=1)
        last = last_day or earliest
        if not earliest <= last < self.to_day:
            raise EndNotEarlier(to_day=last, earliest=earliest, present=self.to_day, field="last_day")
        return replace(self, to_day=last)


@dataclass(frozen=True, slots=True)
class Viewer:
    """The caller.

    :param acting_for: the caller, and those who delegated to him today
    :param sees_all: organizer or auditor
    """

    person_id: str
    acting_for: frozenset[str]
    clerk: bool = False
    organizer: bool = False
    sees_all: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """What a viewer may see of one evaluation."""

    standing: bool = False
    self_assessment: bool = False
    remarks: bool = False
    score: bool = False
    decision: bool = False
    letter: bool = False
    """The grade of a published decision, without score and reason."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A person's month and how much of it somebody may see."""

    case: Case
    view: View
    policy: str = ""
    """The approval policy and version in force in the month."""
    criteria_set: str = ""
    """The id of the criteria that the person is assessed with."""


EVERYTHING = View(standing=True, self_assessment=True, remarks=True, score=True, decision=True, letter=True)


def view(case: Case, viewer: Viewer, roster: Roster) -> View:
    """Return what a viewer may see of a person's month (R-29)."""
    published = case.published is not None
    if viewer.sees_all or competent(case, viewer, roster):
        return EVERYTHING
    himself = case.person.id == viewer.person_id
    own, remarks = case.evaluation.self_assessment, case.evaluation.remarks
    return View(
        standing=himself or viewer.clerk,
        self_assessment=himself or (viewer.clerk and own is not None and own.by == viewer.person_id),
        remarks=himself or (viewer.clerk and remarks is not None and remarks.by == viewer.person_id),
        score=himself,
        decision=himself and published,
        letter=(himself or viewer.clerk) and published,
    )


def competent(case: Case, viewer: Viewer, roster: Roster) -> bool:
    """True for the superior, the authority, those whom they delegated, and those above; never for oneself."""
    if case.person.id == viewer.person_id:
        return False
    decider = case.competence.decider_id
    concerned = {case.reviewer_id, decider} - {""}
    if concerned & viewer.acting_for:
        return True
    above = roster.above(case.person)
    if decider in roster.people:
        above |= roster.above(roster.people[decider])
    return viewer.person_id in above


def concerns(case: Case, viewer: Viewer) -> bool:
    """True if some step of a person's month is the viewer's to take, whatever is recorded of it so far."""
    if case.person.id == viewer.person_id or viewer.organizer:
        return True
    if case.competence.decider_id in viewer.acting_for:
        return True
    return case.reviewer_id in viewer.acting_for if case.reviewer_id else viewer.clerk


def awaits(case: Case, viewer: Viewer) -> bool:
    """True if the next step of a person's month is the viewer's to take."""
    others = case.person.id != viewer.person_id
    match case.state:
        case State.AWAITING_SELF_ASSESSMENT:
            return not others
        case State.AWAITING_REMARKS:
            if not case.reviewer_id:
                return viewer.organizer or viewer.clerk
            return others and case.reviewer_id in viewer.acting_for
        case State.AWAITING_DECISION:
            return others and case.competence.decider_id in viewer.acting_for
        case State.AWAITING_EXTERNAL:
            return viewer.organizer
        case _:
            return False


def check_assesses(case: Case, viewer: Viewer, document: str, *, place: str) -> None:
    """Refuse whoever may not submit a self-assessment.

    :raises NotForYou: unless it is the viewer's own or he is the clerk
    :raises PaperMissing: if the clerk enters it without naming the signed paper
    """
    if case.person.id == viewer.person_id:
        return
    if not viewer.clerk:
        raise NotForYou(person=case.person, field=place)
    if not document.strip():
        raise PaperMissing(field=f"{place}.document")


def check_remarks(case: Case, viewer: Viewer, document: str, *, place: str) -> None:
    """Refuse whoever may not remark.

    The clerk may enter anybody's, his own among them: the superior signed the paper.

    :raises NotReviewer: unless the viewer is the direct superior, his delegate, the clerk, or, where nobody
        in the ward is the superior, the organizer
    :raises PaperMissing: if he enters it from paper without naming it
    """
    himself = case.person.id == viewer.person_id
    if not himself and case.reviewer_id and case.reviewer_id in viewer.acting_for:
        return
    if not (viewer.clerk or (viewer.organizer and not case.reviewer_id and not himself)):
        raise NotReviewer(person=case.person, field=place)
    if not document.strip():
        raise PaperMissing(field=f"{place}.document")


def check_returns(case: Case, viewer: Viewer) -> None:
    """Refuse whoever may not return a self-assessment: the direct superior does, or his delegate.

    :raises NotReviewer: for anybody else; where nobody in the ward is the superior, the organizer returns it
    """
    himself = case.person.id == viewer.person_id
    reviews = case.reviewer_id in viewer.acting_for if case.reviewer_id else viewer.organizer
    if himself or not reviews:
        raise NotReviewer(person=case.person)


def acting_for(actor_id: str, delegations: Collection[Delegation], day: date) -> frozenset[str]:
    """Return the caller and those who delegated to him for that legal day (R-2)."""
    return frozenset({actor_id}) | {
        each.from_person_id
        for each in delegations
        if each.to_person_id == actor_id and each.from_day <= day <= each.to_day
    }
