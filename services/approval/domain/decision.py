"""Deciding grades (quyết định xếp loại): who may, on what, in which order, within which quota.

R-2, R-20 to R-22, R-27, R-28; HD II.2, II.3.

Decisions are made together or not at all: the quota binds a group as a whole, and a leader may be decided in
one go with the people in his charge.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from approval.domain.case import Case, State
from approval.domain.criteria import check_text
from approval.domain.evaluation import NoRemarks
from approval.domain.grade import Grade
from approval.domain.person import Person, named
from approval.domain.quota import Group, Tally, Terms, group_of, tally
from approval.domain.score import Outcome
from chassis.errors import Blocked, Forbidden, Invalid, Refusal, Stale


class NothingToDecide(Invalid):
    """A request to decide names somebody, a unit, or all."""

    vi = "Chưa nêu ai cần quyết định: ghi từng người, hoặc một đơn vị, hoặc tất cả."
    en = "Nobody is named to be decided: give people, a unit, or all."


class PersonTwice(Invalid):
    """Each person stands once in a request."""

    vi = "{people} có trong yêu cầu hai lần."
    en = "{people} stands in the request twice."


class DecidedByCity(Forbidden):
    """The city decides about the ward's first leaders (R-2)."""

    vi = "Thành phố đánh giá, xếp loại {people}: ghi nhận kết quả kèm số văn bản."
    en = "The city decides about {people}: record its result with the document's number."


class NobodyCompetent(Blocked):
    """The table of competence leads to nobody (R-2)."""

    vi = "Chưa xác định được người có thẩm quyền đối với {people}: {problem_vi}."
    en = "Nobody is competent to decide about {people}: {problem_en}."


class OwnCase(Forbidden):
    """Nobody decides about himself, by delegation neither (R-2)."""

    vi = "Không ai tự quyết định xếp loại cho mình."
    en = "Nobody decides about himself."


class NotCompetent(Forbidden):
    """Only the competent authority decides, or whom it delegated (R-2)."""

    vi = "Bạn không có thẩm quyền quyết định xếp loại {people}, hoặc ủy quyền không còn hiệu lực."
    en = "You are not competent to decide about {people}, or the delegation is not in force today."


class AlreadyPublished(Blocked):
    """A published grade changes only by an upheld appeal (R-30)."""

    vi = "Kết quả của {people} đã công bố; chỉ thay đổi qua giải quyết kiến nghị."
    en = "The grade of {people} is published: only an upheld appeal changes it."


class NotGraded(Blocked):
    """Nothing is decided about whoever is not evaluated (R-11, R-14)."""

    vi = "{people} không thuộc diện đánh giá tháng này nên không xếp loại."
    en = "{people}: not evaluated this month, so there is nothing to decide."


class NoScore(Blocked):
    """A decision rests on a score (R-14, R-16)."""

    vi = "{people} chưa có điểm tháng: giao việc, chờ tính điểm, hoặc đặt không đánh giá kèm lý do."
    en = "{people}: no score yet. Assign work, wait for the score, or set not evaluated with a reason."


class ScoreBehind(Blocked):
    """The score does not yet hold what was assessed or recorded last."""

    vi = "Điểm của {people} chưa tính theo đánh giá, kết quả, ngày công mới nhất: thử lại sau giây lát."
    en = "The score of {people} lacks the newest assessment, results or working time: try again in a moment."


class ScoreMoved(Stale):
    """The score is not the one that the authority saw."""

    vi = "Điểm của {people} đã thay đổi từ khi bạn xem: xem lại rồi quyết định."
    en = "The score of {people} has changed since you saw it: look again, then decide."


class TieNotChosen(Blocked):
    """Whom the ranking cannot tell apart the authority must choose, each with a reason (R-22)."""

    vi = "{people} bằng điểm ở ngưỡng tỷ lệ loại A: phải chọn A hoặc B cho từng người, kèm lý do."
    en = "{people}: tied at the quota's cut. Choose A or B for each of them, with a reason."


class DeviationWithoutReason(Invalid):
    """Deciding otherwise than proposed, in a tie, or anew, needs a reason (R-22, R-28)."""

    vi = "Quyết định khác đề xuất, chọn khi bằng điểm hoặc quyết định lại đối với {people} phải ghi lý do."
    en = (
        "State a reason for {people}: it differs from the proposal, chooses in a tie, or replaces a decision."
    )


class PeopleFirst(Blocked):
    """A leader is decided after the people in his charge (R-27)."""

    vi = "{people} phải được quyết định sau những người mình phụ trách; còn chờ: {waiting}."
    en = "{people} must be decided after the people in their charge; still waiting for: {waiting}."


class QuotaBroken(Blocked):
    """More would hold A than the quota of the scope and group allows (R-21, R-28)."""

    vi = (
        "Vượt tỷ lệ loại A của {scope}, nhóm {group}: được {limit} người (tính trên {base}), "
        "sẽ có {count}: {holders}. Hạ người khác xuống B kèm lý do, hoặc giữ B."
    )
    en = (
        "Too many A in {scope}, group {group}: at most {limit} (of {base}), it would be {count}: {holders}."
        " Take somebody else down to B with a reason, or leave it at B."
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """What the authority wants for one person.

    :param grade: ``None`` to decide as proposed
    :param score_revision: of the score the authority saw; 0 for the present one
    :param place: where it stands in the request; empty for those swept in by unit or ward
    """

    person_id: str
    grade: Grade | None = None
    reason: str = ""
    score_revision: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A choice that holds: what is to be recorded."""

    case: Case
    grade: Grade
    reason: str


@dataclass(frozen=True, slots=True)
class _Found:
    refusal: type[Refusal]
    case: Case
    facts: Mapping[str, str]


def decide(
    cases: Mapping[str, Case],
    choices: Sequence[Choice],
    *,
    actor_id: str,
    acting_for: Collection[str],
    terms: Callable[[Group], Terms],
) -> tuple[Ruling, ...]:
    """Return the rulings, in the order of the choices; all of them hold or none does.

    :param cases: by id, those chosen, those in their charge, and everybody who competes with one of them
    :param acting_for: the caller, and those who delegated to him today
    :param terms: q and its base for a scope and group
    :raises Refusal: the first kind met, naming up to twenty people it is about and how many others are
        refused
    """
    rulings, found, grades = _weighed(cases, choices, actor_id=actor_id, acting_for=acting_for)
    _raise_first(found)
    _check_quota(cases, rulings, grades, terms)
    return tuple(rulings)


def refusals(
    cases: Mapping[str, Case],
    choices: Sequence[Choice],
    *,
    actor_id: str,
    acting_for: Collection[str],
    terms: Callable[[Group], Terms],
) -> dict[str, Refusal]:
    """Return why choices cannot be decided together, by person; nothing if they can.

    Every choice is told, where :func:`decide` raises at the first kind. A broken quota is about everybody who
    was to get an A in that scope and group, or about all of the group where nobody was.

    :raises PersonTwice: if a person stands in the choices twice
    """
    rulings, found, grades = _weighed(cases, choices, actor_id=actor_id, acting_for=acting_for)
    told = {
        each.case.person.id: each.refusal(people=each.case.person, count=1, **each.facts) for each in found
    }
    by_group: dict[Group, list[Ruling]] = {}
    for ruling in rulings:
        if (group := group_of(ruling.case)) is not None:
            by_group.setdefault(group, []).append(ruling)
    for together in by_group.values():
        try:
            _check_quota(cases, together, grades, terms)
        except QuotaBroken as broken:
            best = [each for each in together if each.grade is Grade.A]
            told |= {each.case.person.id: broken for each in best or together}
    return told


def check_quota(cases: Mapping[str, Case], ruling: Ruling, terms: Callable[[Group], Terms]) -> None:
    """Refuse a ruling that replaces a decision and breaks the quota of its scope and group (R-28, R-30).

    :param cases: everybody of the ward's month, by id
    :raises QuotaBroken: if more would hold A than may
    """
    _check_quota(cases, [ruling], {ruling.case.person.id: ruling.grade}, terms)


def waits_for(case: Case, acting_for: Collection[str], actor_id: str) -> bool:
    """True if a person's decision waits for the caller (R-2)."""
    return (
        case.state is State.AWAITING_DECISION
        and case.competence.decider_id in acting_for
        and case.person.id != actor_id
    )


def check_competent(case: Case, *, actor_id: str, acting_for: Collection[str]) -> None:
    """Refuse whoever may not decide about a person (R-2).

    :raises Refusal: :class:`DecidedByCity`, :class:`NobodyCompetent`, :class:`OwnCase` or
        :class:`NotCompetent`
    """
    if refused := _incompetent(case, actor_id=actor_id, acting_for=acting_for):
        _raise_first([refused])


def _weighed(
    cases: Mapping[str, Case], choices: Sequence[Choice], *, actor_id: str, acting_for: Collection[str]
) -> tuple[list[Ruling], list[_Found], dict[str, Grade]]:
    """Return what holds, what is refused and why, and the grades that would stand; the quota aside."""
    found: list[_Found] = []
    rulings: list[Ruling] = []
    for choice in _once(choices):
        ruling = _rule(cases[choice.person_id], choice, actor_id=actor_id, acting_for=acting_for)
        if isinstance(ruling, Ruling):
            rulings.append(ruling)
        else:
            found.append(ruling)
    grades = {each.case.person.id: each.grade for each in rulings}
    # Who is refused himself is told so; that a leader waits for him says nothing more.
    ahead = grades.keys() | {each.case.person.id for each in found}
    found += [
        _Found(PeopleFirst, ruling.case, {"waiting": named(waiting)})
        for ruling in rulings
        if (waiting := _undecided(ruling.case, cases, ahead))
    ]
    return rulings, found, grades


def _incompetent(case: Case, *, actor_id: str, acting_for: Collection[str]) -> _Found | None:
    held = case.competence
    if held.external:
        return _Found(DecidedByCity, case, {})
    if held.problem:
        facts = {"problem_vi": held.told("vi"), "problem_en": held.told("en"), "problem": held.problem}
        return _Found(NobodyCompetent, case, facts)
    if case.person.id == actor_id:
        return _Found(OwnCase, case, {})
    if held.decider_id not in acting_for:
        return _Found(NotCompetent, case, {})
    return None


def _rule(case: Case, choice: Choice, *, actor_id: str, acting_for: Collection[str]) -> Ruling | _Found:
    """Return what holds for one person, quota and order aside, or why nothing does."""
    place = {"field": choice.place} if choice.place else {}
    if refused := _incompetent(case, actor_id=actor_id, acting_for=acting_for):
        return replace(refused, facts={**refused.facts, **place})
    stopped = {
        State.PUBLISHED: AlreadyPublished,
        State.NOT_EVALUATED: AlreadyPublished if case.published else NotGraded,
        State.AWAITING_SELF_ASSESSMENT: NoRemarks,
        State.AWAITING_REMARKS: NoRemarks,
    }.get(case.state)
    if stopped:
        return _Found(stopped, case, place)
    score = case.score
    if score is None or not score.evaluated or score.proposed is None or score.total is None:
        return _Found(NoScore, case, place)
    if choice.score_revision not in (0, score.revision):
        return _Found(ScoreMoved, case, {**place, "revision": str(score.revision)})
    if case.score_behind:
        return _Found(ScoreBehind, case, place)
    reason = check_text(choice.reason, place=f"{choice.place}.reason")
    tied = score.outcome is Outcome.TIE
    if tied and choice.grade is None:
        return _Found(TieNotChosen, case, place)
    grade = choice.grade or score.proposed
    if not reason and (tied or grade is not score.proposed or case.decision):
        return _Found(DeviationWithoutReason, case, {"field": f"{choice.place}.reason"} if place else {})
    return Ruling(case, grade, reason)


def _once(choices: Iterable[Choice]) -> Iterable[Choice]:
    seen: set[str] = set()
    for choice in choices:
        if choice.person_id in seen:
            raise PersonTwice(people=choice.person_id, field=choice.place)
        seen.add(choice.person_id)
        yield choice


def _undecided(leader: Case, cases: Mapping[str, Case], ahead: Collection[str]) -> list[Person]:
    """Return the people in a leader's charge who would still wait after this request (R-27)."""
    return [
        cases[each].person
        for each in leader.person.in_charge_ids
        if each in cases and each != leader.person.id and each not in ahead and not cases[each].settled
    ]


def _check_quota(
    cases: Mapping[str, Case],
    rulings: Sequence[Ruling],
    grades: Mapping[str, Grade],
    terms: Callable[[Group], Terms],
) -> None:
    """Refuse rulings after which more hold A than may, in any scope and group they touch (R-21, R-28).

    Giving an A leaves room for those who are still to be decided and hold A by the proposal: whoever wants to
    pass over one of them decides him in the same request, with a reason. Taking somebody out of A and B
    narrows the limit, which may not fall below the A that are decided. A group that is over its limit already
    (the score of somebody decided has changed since, or the city graded somebody A) does not stop any other
    B, C or D in it.
    """
    touched: dict[Group, bool] = {}
    for ruling in rulings:
        group = group_of(ruling.case)
        if group is not None:
            touched[group] = touched.get(group, False) or ruling.grade is Grade.A
    for group in sorted(touched):
        allowed = terms(group)
        then = tally(group, cases.values(), allowed, grades)
        if touched[group]:
            broken = len(then.holders) > then.limit
        else:
            narrowed = then.limit < tally(group, cases.values(), allowed).limit
            broken = narrowed and len(then.decided) > then.limit
        if broken:
            raise _quota_broken(then)


def _quota_broken(then: Tally) -> QuotaBroken:
    return QuotaBroken(
        scope=then.group.scope,
        group=then.group.duty_group,
        limit=then.limit,
        base=min(then.members, then.good_or_better),
        count=len(then.holders),
        holders=named(each.person for each in then.holders),
    )


def _raise_first(found: Sequence[_Found]) -> None:
    """Raise the first kind of refusal, naming everybody it is about, and count the other kinds."""
    if not found:
        return
    first = found[0]
    same = [each for each in found if each.refusal is first.refusal]
    others: dict[str, int] = {}
    for each in found:
        if each.refusal is not first.refusal:
            others[each.refusal.__name__] = others.get(each.refusal.__name__, 0) + 1
    facts = dict(first.facts)
    if others:
        facts["also_refused"] = ", ".join(f"{name}: {count}" for name, count in others.items())
    people = named(each.case.person for each in same)
    raise first.refusal(people=people, count=len(same), **facts)
