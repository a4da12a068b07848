"""Sharing out a fund (R-35, R-36, R-38) and entering it into the ledger (R-33)."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from chassis import outbox
from chassis.auth import Actor
from chassis.days import Month
from reward import wire
from reward.domain import ledger
from reward.domain.policy import Policy
from reward.domain.run import (
    Allocated,
    PolicyNotInForce,
    Run,
    RunAlreadyPosted,
    first_run_id,
    share_out,
)
from reward.storage import copies, funds, runs
from reward.storage import ledger as books
from reward.usecases import log, policies


def allocate(
    session: Session, *, ward_id: str, fund_id: str, policy: str, preview: bool, actor: Actor, at: datetime
) -> tuple[Run, list[Allocated]]:
    """Share out a fund among the month's published grades, and post it unless it is a preview.

    :raises UnknownFund, UnknownPolicy, NotApproved, PolicyNotInForce, RunAlreadyPosted: before anything is
        computed
    :raises MonthNotPublished, GradesMissing, WardNotKnown, InputsMissing: while something is not here yet
    :raises FundExceeded, NoEqualSharing: where the law forbids the result
    """
    fund = funds.take(session, ward_id, fund_id, hold=not preview)
    version = policies.usable(session, ward_id, policy, post=not preview)
    chosen = version.policy
    _check_in_force(chosen, fund.month)
    posted = None if preview else runs.of_fund(session, ward_id, fund_id)
    if posted:
        raise RunAlreadyPosted(fund_id=fund_id, run_id=posted)
    month = copies.published_month(session, ward_id, fund.month)
    members = month.everybody(chosen)
    run, allocated = share_out(fund, chosen, version.document, month.ward_name or ward_id, members)
    if preview:
        return run, allocated
    run = replace(run, run_id=first_run_id(fund_id), posted_at=at, posted_by=actor.person_id)
    _post(session, run, allocated, at=at)
    log.run_posted(session, run, actor_id=actor.person_id, at=at)
    return run, allocated


def _check_in_force(policy: Policy, month: str) -> None:
    if not policy.in_force(Month.parse(month)):
        period = f"{policy.effective_from or '…'} – {policy.effective_until or '…'}"
        raise PolicyNotInForce(policy=f"{policy.id}@{policy.version}", month=month, period=period)


def _post(session: Session, run: Run, allocated: list[Allocated], *, at: datetime) -> None:
    runs.put(session, run, allocated)
    entry = ledger.run_posted(
        run.fund_id,
        {each.person_id: each.amount for each in allocated},
        f"Phân bổ {run.kind.vi.lower()} tháng {run.month} theo chính sách {run.policy}",
    )
    books.post(session, run.ward_id, f"run:{run.run_id}", entry, at)
    outbox.add_all(
        session,
        [
            (wire.run_posted(run), run.run_id),
            *((wire.allocation_posted(run, each), each.person_id) for each in allocated if each.amount),
        ],
    )
