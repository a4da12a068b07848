"""Policies, what changes with them, and plans of quotas as they go over the wire."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from chassis.instants import timestamp
from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from scoring.domain import settings
from scoring.domain.exact import plain
from scoring.domain.grade import Grade
from scoring.domain.in_force import Version
from scoring.domain.policy import DECIDED_RATE_MAXIMUM
from scoring.domain.quota_plan import GroupPlan, ScopePlan
from scoring.domain.simulation import Move, Simulation, grades
from scoring.wire.facts import PERSONNEL_TYPES
from scoring.wire.parsing import NotStated
from scoring.wire.scores import LETTERS, OUTCOMES, STATUSES, digits

_GRADES = {number: Grade(letter) for letter, number in LETTERS.items() if letter}


def personnel_types(given: Sequence[int]) -> frozenset[str]:
    """Return the personnel types that are named.

    :raises NotStated: for one that is unspecified or unknown
    """
    for index, number in enumerate(given):
        if number not in PERSONNEL_TYPES:
            raise NotStated(field=f"personnel_types[{index}]")
    return frozenset(PERSONNEL_TYPES[number] for number in given)  # type: ignore[index]


def grade(given: int) -> Grade | None:
    """Return a grade; ``None`` for the unspecified one."""
    return _GRADES.get(given)  # type: ignore[call-overload, no-any-return]


def wanted(given: Iterable[pb.WantedGrade]) -> dict[str, Grade]:
    """Return grades by person.

    :raises NotStated: where the person or the grade is missing, or somebody is named twice
    """
    found: dict[str, Grade] = {}
    for index, each in enumerate(given):
        letter = grade(each.grade)
        if letter is None:
            raise NotStated(field=f"wanted[{index}].grade")
        if not each.person_id or each.person_id in found:
            raise NotStated(field=f"wanted[{index}].person_id")
        found[each.person_id] = letter
    return found


def policy(version: Version) -> pb.Policy:
    """Return a policy's version as the contract writes it."""
    found = version.policy
    until = found.effective_until
    return pb.Policy(
        policy_id=found.id,
        version=found.version,
        owner=version.owner,
        legal_basis=found.legal_basis,
        from_month=f"{found.effective_on:%Y-%m}",
        until_month=f"{until:%Y-%m}" if until else "",
        personnel_types=[number for number, name in PERSONNEL_TYPES.items() if name in found.personnel_types],
        settings=settings.shown(found),
        based_on=version.based_on,
        state=pb.POLICY_STATE_APPROVED if version.approved else pb.POLICY_STATE_PROPOSED,
        proposed_by=version.proposed_by,
        proposed_at=timestamp(version.proposed_at),
        approved_by=version.approved_by,
        approved_at=timestamp(version.approved_at),
        document=version.document,
    )


def shown_policy(
    version: Version, in_force: Iterable[Version] = (), *, closed: bool = False
) -> pb.GetPolicyResponse:
    """Return a policy with every setting, and the others of the month."""
    found = version.policy
    also = {
        "decided_quota_rate_maximum": plain(DECIDED_RATE_MAXIMUM),
        "effective_on": found.effective_on.isoformat(),
        "effective_until": found.effective_until.isoformat() if found.effective_until else "",
        "personnel_types": ", ".join(sorted(found.personnel_types)),
    }
    return pb.GetPolicyResponse(
        policy_id=found.id,
        version=found.version,
        legal_basis="; ".join(found.legal_basis),
        from_month=f"{found.effective_on:%Y-%m}",
        settings=settings.shown(found) | also,
        policy=policy(version),
        policies=[policy(each) for each in in_force],
        closed=closed,
    )


def differences(found: Mapping[str, tuple[str, str]]) -> pb.DiffPoliciesResponse:
    """Return in what two policies differ."""
    return pb.DiffPoliciesResponse(
        differences=[
            pb.PolicyDifference(name=name, left=left, right=right) for name, (left, right) in found.items()
        ]
    )


def simulation(
    found: Simulation, shown: Iterable[Move], *, policies: Iterable[str], next_page_token: str
) -> pb.SimulatePolicyResponse:
    """Return who would move; ``shown`` is this page of them."""
    return pb.SimulatePolicyResponse(
        moves=[
            pb.PolicyMove(
                person_id=move.before.person_id,
                unit_id=move.before.unit,
                status_before=STATUSES[move.before.status],
                status_after=STATUSES[move.after.status],
                total_before=digits(move.before.total),
                total_after=digits(move.after.total),
                grade_before=LETTERS[move.before.grade or ""],
                grade_after=LETTERS[move.after.grade or ""],
                quota_before=OUTCOMES[move.before.mark],
                quota_after=OUTCOMES[move.after.mark],
            )
            for move in shown
        ],
        moved=len(found.moves),
        people=len(found.before.cards),
        grades_before=_counts(grades(found.before)),
        grades_after=_counts(grades(found.after)),
        policies_before=policies,
        next_page_token=next_page_token,
    )


def plans(scopes: Iterable[ScopePlan], totals: Mapping[str, Decimal]) -> pb.PlanQuotaResponse:
    """Return plans of quotas; ``totals`` of those named in them."""
    return pb.PlanQuotaResponse(
        scopes=[
            pb.ScopePlan(
                quota_scope=scope.scope,
                headcount=sum(group.headcount for group in scope.groups),
                base=sum(group.quota.members for group in scope.groups),
                limit=scope.limit,
                candidates=sum(group.quota.candidates for group in scope.groups),
                planned=sum(group.planned for group in scope.groups),
                groups=[_group(group) for group in scope.groups],
                changes=[
                    pb.QuotaChange(
                        person_id=change.person_id,
                        duty_group=change.group,
                        total=digits(totals[change.person_id]),
                        rank=change.rank,
                        from_grade=types.GRADE_A,
                        to_grade=types.GRADE_B,
                    )
                    for change in scope.changes
                ],
            )
            for scope in scopes
        ]
    )


def _group(group: GroupPlan) -> pb.GroupPlan:
    return pb.GroupPlan(
        duty_group=group.quota.group,
        headcount=group.headcount,
        base=group.quota.members,
        rate=plain(group.quota.rate),
        quota_base=group.quota.base.value,
        limit=group.quota.maximum,
        candidates=group.quota.candidates,
        over=group.over,
        limit_at_best=group.limit_at_best,
        least_for_one=group.least_for_one,
        tied_ids=group.tied,
        tied_places=group.tied_places,
    )


def _counts(found: Mapping[str, int]) -> dict[str, int]:
    return {letter or "none": count for letter, count in found.items()}
