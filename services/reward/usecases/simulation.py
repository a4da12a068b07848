"""What a fund would pay under another policy; nothing is changed (R-37)."""

from sqlalchemy.orm import Session

from reward.domain.fund import Fund
from reward.domain.run import Allocated, Run, share_out
from reward.domain.simulation import Simulation, compare
from reward.storage import copies, funds, runs
from reward.usecases import policies


def simulate_policy(session: Session, *, ward_id: str, fund_id: str, policy: str, current: str) -> Simulation:
    """Share a fund out under another policy, proposed or approved, whatever its months.

    :param current: what to compare with where nothing is posted yet
    :raises UnknownFund, UnknownPolicy: if there is none
    :raises MonthNotPublished, GradesMissing, InputsMissing, FundExceeded, NoEqualSharing: as an allocation
    """
    fund = funds.take(session, ward_id, fund_id)
    posted = runs.of_fund(session, ward_id, fund_id)
    if posted:
        before, were = runs.take(session, ward_id, posted), runs.allocated(session, ward_id, posted)
    else:
        before, were = _shared(session, fund, current, "current")
    after, would = _shared(session, fund, policy, "policy")
    return compare(before, were, after, would)


def _shared(session: Session, fund: Fund, policy: str, field: str) -> tuple[Run, list[Allocated]]:
    chosen = policies.named(session, fund.ward_id, policy, field)
    month = copies.published_month(session, fund.ward_id, fund.month)
    members = month.everybody(chosen.policy)
    return share_out(fund, chosen.policy, chosen.document, month.ward_name or fund.ward_id, members)
