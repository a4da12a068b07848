"""Reserved opinions and appeals (bảo lưu ý kiến, kiến nghị), and who answers (R-30).

From publication on a person may put an opinion on record, or appeal to the superior of the decider. The
decision stays in force until a new one replaces it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from approval.domain.access import Viewer
from approval.domain.case import Case, Decision
from approval.domain.competence import Competence, Rule, competence
from approval.domain.decision import OwnCase
from approval.domain.person import Roster
from chassis.days import end_of_day
from chassis.errors import Blocked, Forbidden, Invalid, NotFound

DAYS = 7
"""Working days to answer an appeal."""

LONGEST_TEXT = 10_000
"""Characters of an opinion, an appeal and an answer."""


class NotPublished(Blocked):
    """Opinions, appeals and replacements are about a published grade."""

    vi = "Kết quả của {person} chưa được công bố."
    en = "{person}: the grade is not published yet."


class NotYourAppeal(Forbidden):
    """A person speaks for himself, or the clerk enters his signed paper."""

    vi = "Chỉ {person}, hoặc văn thư theo bản giấy đã ký, được nêu ý kiến hoặc kiến nghị này."
    en = "Only {person}, or the clerk from signed paper, may reserve this opinion or appeal."


class TextMissing(Invalid):
    """An opinion, an appeal and an answer say something."""

    vi = "Phải ghi nội dung."
    en = "State the text."


class AppealOpen(Blocked):
    """A decision is appealed once."""

    vi = "{person} đã kiến nghị về quyết định này, đang chờ trả lời đến hết ngày {last_day}."
    en = "{person} has appealed against this decision already; the answer is due until {last_day}."


class AppealDone(Blocked):
    """An answered appeal stays answered."""

    vi = "Kiến nghị của {person} về quyết định này đã được trả lời."
    en = "The appeal of {person} against this decision is answered."


class UnknownAppeal(NotFound):
    """The ward has no such appeal."""

    vi = "Phường không có kiến nghị {appeal}."
    en = "The ward has no appeal {appeal}."


class OpinionNotAnswered(Blocked):
    """A reserved opinion is recorded and not answered."""

    vi = "Ý kiến bảo lưu chỉ được ghi nhận, không trả lời như kiến nghị."
    en = "A reserved opinion is on record and is not answered: only appeals are."


class NotAnswerer(Forbidden):
    """The superior of the decider answers, or the organizer records the city's answer."""

    vi = "Chỉ cấp trên của người quyết định ({who}) được trả lời kiến nghị này."
    en = "Only the superior of the decider ({who}) answers this appeal."


class OwnDecision(Forbidden):
    """An appeal goes to the superior of the decider, so the decider does not answer it by delegation."""

    vi = "Bạn đã quyết định xếp loại {person} nên không trả lời kiến nghị về quyết định đó theo ủy quyền."
    en = "You decided about {person}: an appeal against it is not yours to answer, by delegation neither."


class NobodyAnswers(Blocked):
    """The superior of the decider must be known."""

    vi = "Chưa xác định được cấp trên của người quyết định: {problem_vi}."
    en = "The superior of the decider is not known: {problem_en}."


class OutcomeMissing(Invalid):
    """An answer upholds or dismisses."""

    vi = "Phải ghi kết quả: chấp nhận hoặc không chấp nhận kiến nghị."
    en = "State the outcome: upheld or dismissed."


class GradeOfDismissed(Invalid):
    """A dismissed appeal leaves the decision as it is."""

    vi = "Không chấp nhận kiến nghị thì không ghi mức xếp loại mới."
    en = "A dismissed appeal has no new grade: leave it out."


class GradeUnchanged(Invalid):
    """A decision is replaced by another grade."""

    vi = "Mức xếp loại mới phải khác mức hiện tại ({grade})."
    en = "The new grade must differ from the present one ({grade})."


class NotReplacer(Forbidden):
    """The decider or his superior replaces a decision."""

    vi = "Chỉ người đã quyết định hoặc cấp trên của người đó được thay quyết định xếp loại của {person}."
    en = "Only who decided, or that person's superior, may replace the decision about {person}."


class AppealKind(StrEnum):
    """What a person says."""

    OPINION = "opinion"
    """Bảo lưu ý kiến."""
    APPEAL = "appeal"
    """Kiến nghị."""


class Outcome(StrEnum):
    """What became of an appeal."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; ``authority_id`` is empty for the city's, ``new_decision_id`` for a dismissal."""

    outcome: Outcome
    text: str
    document: str
    by: str
    authority_id: str
    at: datetime
    late: bool
    new_decision_id: str = ""


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal or a reserved opinion; ``last_day`` to answer in time is ``None`` for an opinion."""

    id: str
    month: str
    person_id: str
    kind: AppealKind
    decision_id: str
    decision_revision: int
    text: str
    document: str
    by: str
    at: datetime
    last_day: date | None = None
    answer: Answer | None = None

    @property
    def open(self) -> bool:
        """True while an answer is owed."""
        return self.kind is AppealKind.APPEAL and self.answer is None

    def late(self, at: datetime) -> bool:
        """True if it was answered late, or is not answered and late at that instant."""
        if self.answer:
            return self.answer.late
        return self.last_day is not None and at >= end_of_day(self.last_day)


def decider(decision: Decision, case: Case, roster: Roster) -> str:
    """Return on whose authority a decision was made; empty for the city's.

    Where that person has left, who holds the post now stands for him.
    """
    authority = decision.authority_id
    return authority if not authority or authority in roster.people else case.competence.decider_id


def answerer(case: Case, roster: Roster, table: Sequence[Rule]) -> Competence:
    """Return who answers about the decision in force: the decider's own decider, or the city (R-30)."""
    found = decider(case.decision, case, roster) if case.decision else case.competence.decider_id
    return competence(roster.people[found], roster, table) if found else Competence(external=True)


def check_speaks(case: Case, viewer: Viewer) -> None:
    """Refuse who speaks for another without being the clerk, and whoever is too early.

    :raises NotYourAppeal: unless it is the viewer's own or he is the clerk
    :raises NotPublished: before publication
    """
    if case.person.id != viewer.person_id and not viewer.clerk:
        raise NotYourAppeal(person=case.person)
    if not case.published:
        raise NotPublished(person=case.person)


def check_once(case: Case, known: Collection[Appeal]) -> None:
    """Refuse a second appeal against the decision in force.

    :raises AppealOpen: while the first waits
    :raises AppealDone: once it is answered
    """
    for each in known:
        if each.kind is AppealKind.APPEAL and case.decision and each.decision_id == case.decision.id:
            raise (AppealOpen if each.open else AppealDone)(person=case.person, last_day=each.last_day)


def answers(by: Competence, case: Case, viewer: Viewer) -> bool:
    """True if the viewer answers an appeal about this case; never his own, nor against his own decision."""
    if case.person.id == viewer.person_id:
        return False
    if by.external:
        return viewer.organizer
    return by.decider_id in viewer.acting_for and not _judges_himself(by, case, viewer)


def check_answers(by: Competence, case: Case, viewer: Viewer, *, signed: bool = False) -> None:
    """Refuse whoever does not answer.

    :param signed: True where the organizer enters what whoever answers has signed
    :raises OwnCase: for one's own appeal
    :raises NobodyAnswers: if the superior of the decider is not known
    :raises OwnDecision: if a delegate of the superior made the decision, or it was made on his authority
    :raises NotAnswerer: if it is somebody else
    """
    if case.person.id == viewer.person_id:
        raise OwnCase(people=case.person)
    if by.problem:
        raise NobodyAnswers(problem_vi=by.told("vi"), problem_en=by.told("en"))
    if signed and viewer.organizer:
        return
    if not answers(by, case, viewer):
        if by.decider_id in viewer.acting_for:
            raise OwnDecision(person=case.person)
        raise NotAnswerer(who=by.decider_id or "Thành phố/the city")


def _judges_himself(by: Competence, case: Case, viewer: Viewer) -> bool:
    """True if a delegate of whoever answers decided himself, or had it decided on his authority."""
    made = case.decision
    return (
        viewer.person_id != by.decider_id
        and made is not None
        and viewer.person_id in (made.authority_id, made.decided_by)
    )
