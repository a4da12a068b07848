"""Paying what new decisions change after a run (R-39): an entry of its own, nobody else is touched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from chassis import outbox
from chassis.auth import Actor
from chassis.errors import Blocked
from reward import policies, wire
from reward.domain import ledger
from reward.domain.adjustment import Adjustment, adjust
from reward.domain.allocate import FundExceeded, Settled, Share
from reward.domain.fund import Fund
from reward.domain.month import PublishedMonth
from reward.domain.policy import Grade, Policy
from reward.domain.run import UNGRADED, Allocated, Run, RunAlreadyPosted, first_run_id
from reward.domain.weight import Person
from reward.storage import adjustments, copies, funds, runs
from reward.storage import ledger as books
from reward.storage.adjustments import Posted
from reward.usecases import log


class RunOfAdjustments(Blocked):
    """What follows an adjustment is reckoned from the run that shared out the money."""

    vi = "{run_id} là đợt chi điều chỉnh: hãy điều chỉnh đợt gốc {adjusts}."
    en = "{run_id} is a run of adjustments: adjust the run that it follows, {adjusts}."


class NothingToAdjust(Blocked):
    """Nobody is owed more than he got."""

    vi = "Không ai được chi thêm sau đợt {run_id}."
    en = "Nobody is owed more since run {run_id}."


class OtherKindOfFund(Blocked):
    """Funds are separate (R-34)."""

    vi = "Quỹ {fund_id} không cùng loại với đợt {run_id}: cần quỹ {wanted}."
    en = "Fund {fund_id} is of another kind than run {run_id}: give one of {wanted}."


@dataclass(frozen=True, slots=True)
class Changed:
    """A person whose grade or score is not what a run counted, and what that changes."""

    was: Allocated
    now: Allocated
    """As the new decision sees him, with the difference as his amount where it is paid."""
    decision_id: str
    adjustment: Adjustment


def adjust_run(
    session: Session, *, ward_id: str, run_id: str, fund_id: str, preview: bool, actor: Actor, at: datetime
) -> tuple[str, list[Changed]]:
    """Return who has a difference to a run since, and post what is owed unless it is a preview.

    What is owed is a run of its own on a fund of its own: it is in the books, exported and acknowledged like
    any other, beside the next month's. Differences below 0 are shown and not posted. Salary coefficient and
    half-days stay those that the run counted: a decision changes grade and score.

    :return: the id of the run that was posted (empty for a preview), and who has a difference, by person
    :raises UnknownRun, RunOfAdjustments: if there is no such run to adjust
    :raises InputsMissing, InputsBehind: while a new decision is not here whole
    :raises UnknownFund, OtherKindOfFund, RunAlreadyPosted, FundExceeded: if the fund cannot pay it
    :raises NothingToAdjust: if nobody is owed anything
    """
    # Two who post what the same run owes take turns, whatever funds they name.
    runs.hold(session, ward_id, run_id)
    run = runs.take(session, ward_id, run_id)
    if adjusts := adjustments.adjusted_run(session, ward_id, run_id):
        raise RunOfAdjustments(run_id=run_id, adjusts=adjusts, field="run_id")
    changed = _changed(session, run)
    if preview:
        return "", changed
    owed = [each for each in changed if each.adjustment.payable]
    if not owed:
        raise NothingToAdjust(run_id=run_id)
    fund = _fund(session, run, fund_id, sum(each.adjustment.payable for each in owed))
    posted = _run(run, fund, owed, actor.person_id, at)
    _post(session, run, posted, owed, at=at)
    log.run_adjusted(session, posted, adjusts=run_id, actor_id=actor.person_id, at=at)
    return posted.run_id, changed


def _changed(session: Session, run: Run) -> list[Changed]:
    month = copies.published_month(session, run.ward_id, run.month)
    paid = adjustments.paid(session, run.ward_id, run.run_id)
    policy = policies.stored(run.policy_document)
    everybody = runs.allocated(session, run.ward_id, run.run_id)
    moved = [each for each in everybody if _moved(month, each) or each.person_id in paid]
    found = []
    members = month.members(policy, [each.person_id for each in moved])
    for was, member in zip(moved, members, strict=True):
        # By person both: so they come in one order.
        person = replace(was.member.person, grade=member.person.grade, score=member.person.score)
        adjustment = _adjustment(policy, run, was, person, paid)
        if adjustment.difference:
            decision = month.decisions.get(was.person_id)
            now = Allocated(
                replace(was.member, person=person),
                Share(was.person_id, adjustment.payable, 0, Settled.ROUNDING),
            )
            found.append(Changed(was, now, decision.decision_id if decision else "", adjustment))
    return found


def _adjustment(policy: Policy, run: Run, was: Allocated, now: Person, paid: Mapping[str, int]) -> Adjustment:
    before = was.amount + paid.get(was.person_id, 0)
    found = adjust(policy, run.value_per_weight, was.member.person, now, before=was.amount)
    return Adjustment(was.person_id, before, found.after)


def _moved(month: PublishedMonth, was: Allocated) -> bool:
    """True if a person's published grade or its score is another than a run counted, or is on its way."""
    published, decision = month.grades.get(was.person_id), month.decisions.get(was.person_id)
    if published is None:
        return True
    if decision and published.decision_id and decision.decision_id != published.decision_id:
        return True
    score = decision.total if decision and published.grade else None
    return (published.grade, score) != (was.member.person.grade, was.member.person.score)


def _fund(session: Session, run: Run, fund_id: str, payable: int) -> Fund:
    fund = funds.take(session, run.ward_id, fund_id, hold=True)
    if fund.kind is not run.kind:
        raise OtherKindOfFund(fund_id=fund_id, run_id=run.run_id, wanted=run.kind.vi.lower(), field="fund_id")
    if posted := runs.of_fund(session, run.ward_id, fund_id):
        raise RunAlreadyPosted(fund_id=fund_id, run_id=posted)
    if payable > fund.amount:
        raise FundExceeded(payable - fund.amount)
    return fund


def _run(run: Run, fund: Fund, owed: Sequence[Changed], actor_id: str, at: datetime) -> Run:
    total = sum(each.adjustment.payable for each in owed)
    sums: dict[str, int] = {}
    for each in owed:
        grade: Grade | None = each.now.member.person.grade
        letter = grade.value if grade else UNGRADED
        sums[letter] = sums.get(letter, 0) + each.adjustment.payable
    return replace(
        run,
        run_id=first_run_id(fund.fund_id),
        fund_id=fund.fund_id,
        people=len(owed),
        paid=len(owed),
        distributed=total,
        undistributed=fund.amount - total,
        by_grade=sums,
        posted_at=at,
        posted_by=actor_id,
        acknowledgement=None,
    )


def _post(session: Session, run: Run, posted: Run, owed: Sequence[Changed], *, at: datetime) -> None:
    runs.put(session, posted, [each.now for each in owed])
    adjustments.put(
        session,
        posted.ward_id,
        posted.run_id,
        [
            Posted(
                each.was.person_id,
                run.run_id,
                each.decision_id,
                each.adjustment.before,
                each.adjustment.after,
            )
            for each in owed
        ],
    )
    entry = ledger.run_posted(
        posted.fund_id,
        {each.was.person_id: each.adjustment.payable for each in owed},
        f"Điều chỉnh {posted.kind.vi.lower()} tháng {posted.month} theo quyết định mới, sau đợt {run.run_id}",
    )
    books.post(session, posted.ward_id, f"run:{posted.run_id}", entry, at)
    outbox.add_all(
        session,
        [
            (wire.run_posted(posted), posted.run_id),
            *((wire.allocation_posted(posted, each.now), each.was.person_id) for each in owed),
        ],
    )
