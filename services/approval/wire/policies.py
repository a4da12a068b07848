"""Policies and what another one would change, on the wire."""

from collections.abc import Sequence
from decimal import Decimal

from approval.domain.competence import Competence
from approval.domain.policy_version import Version
from approval.domain.simulation import Effect, GroupMove, Misfit, Room, Simulation
from approval.wire.events import STEPS
from chassis.instants import timestamp
from kpi.approval.v1 import approval_pb2 as pb
from kpi.approval.v1 import policies_pb2

MOST_GROUPS = 100
"""Groups that a reply names."""

ROOMS = {
    Room.NONE: policies_pb2.ROOM_FOR_A_UNSPECIFIED,
    Room.WITHIN: policies_pb2.ROOM_FOR_A_WITHIN,
    Room.BEYOND: policies_pb2.ROOM_FOR_A_BEYOND,
    Room.TIED: policies_pb2.ROOM_FOR_A_TIED,
}


def policy(given: Version) -> policies_pb2.Policy:
    """Return a version with what is on record about it."""
    if given.shipped:
        state = policies_pb2.POLICY_STATE_SHIPPED
    elif given.approved:
        state = policies_pb2.POLICY_STATE_APPROVED
    else:
        state = policies_pb2.POLICY_STATE_PROPOSED
    return policies_pb2.Policy(
        policy_id=given.policy.id,
        version=given.policy.version,
        legal_basis=given.policy.legal_basis,
        from_month=given.policy.from_month,
        until_month=given.policy.until_month,
        document=given.document,
        owner=given.owner,
        state=state,
        based_on=given.based_on,
        proposed_by=given.proposed_by,
        proposed_at=timestamp(given.proposed_at),
        approved_by=given.approved_by,
        approved_at=timestamp(given.approved_at),
        decision=given.decision,
    )


def simulation(
    given: Simulation, shown: Sequence[Effect], *, token: str, language: str
) -> pb.SimulatePolicyResponse:
    """Return a page of effects with the whole month's sums."""
    late = [each for effect in given.effects for each in effect.late]
    return pb.SimulatePolicyResponse(
        effects=[_effect(each, language) for each in shown],
        next_page_token=token,
        affected=len(given.effects),
        people=given.people,
        policy_before=given.before.name,
        policy_after=given.after.name,
        deadlines=[
            pb.DeadlineMove(
                step=STEPS[each.step],
                last_day_before=each.before.isoformat(),
                last_day_after=each.after.isoformat(),
            )
            for each in given.deadlines
        ],
        groups=[_group(each) for each in given.groups[:MOST_GROUPS]],
        decided_by_others=sum(each.other_decider for each in given.effects),
        late_appearing=sum(each.after for each in late),
        late_vanishing=sum(each.before for each in late),
        beyond_quota=sum(each.beyond for each in given.effects),
        misfitting=sum(bool(each.misfits) for each in given.effects),
        other_criteria=sum(each.other_set for each in given.effects),
    )


def _effect(given: Effect, language: str) -> pb.PolicyEffect:
    return pb.PolicyEffect(
        person_id=given.person.id,
        full_name=given.person.full_name,
        unit_id=given.person.unit_id,
        decider_before=_decider(given.decider_before, language),
        decider_after=_decider(given.decider_after, language),
        late_steps=[
            pb.LateStepMove(
                step=STEPS[each.step],
                taken_at=timestamp(each.taken_at),
                late_before=each.before,
                late_after=each.after,
            )
            for each in given.late
        ],
        room_before=ROOMS[given.room_before],
        room_after=ROOMS[given.room_after],
        misfits=[_misfit(each) for each in given.misfits],
        criteria_set_before=given.set_before,
        criteria_set_after=given.set_after,
    )


def _decider(given: Competence, language: str) -> policies_pb2.SimulatedDecider:
    return policies_pb2.SimulatedDecider(
        decider_id=given.decider_id, external=given.external, nobody_competent=given.told(language)
    )


def _misfit(given: Misfit) -> policies_pb2.CriterionMisfit:
    return policies_pb2.CriterionMisfit(
        stage=given.stage.value,
        criterion_id=given.criterion_id,
        points=_digits(given.value.points) if given.value else "",
        maximum=_digits(given.criterion.maximum) if given.criterion else "",
    )


def _digits(value: Decimal) -> str:
    return f"{value:f}"


def _group(given: GroupMove) -> policies_pb2.GroupMove:
    return policies_pb2.GroupMove(
        quota_scope=given.before.group.scope,
        duty_group=given.before.group.duty_group,
        members=given.before.members,
        holders=len(given.before.holders),
        limit_before=given.before.limit,
        limit_after=given.after.limit,
    )
