"""What planning and scoring announced, as rows of the local copies."""

from decimal import Decimal
from typing import Any

from approval.wire.letters import grade
from chassis.days import Month
from chassis.instants import instant
from kpi.planning.v1 import events_pb2 as planning
from kpi.scoring.v1 import events_pb2 as scoring
from kpi.scoring.v1 import scoring_pb2
from kpi.types.v1 import types_pb2

Row = dict[str, Any]

_STATUS = {
    scoring_pb2.SCORE_STATUS_EVALUATED: "evaluated",
    scoring_pb2.SCORE_STATUS_NOT_EVALUATED: "not_evaluated",
    scoring_pb2.SCORE_STATUS_INSUFFICIENT_DATA: "insufficient_data",
    scoring_pb2.SCORE_STATUS_WAITING: "waiting",
}
_OUTCOME = {
    scoring_pb2.QUOTA_OUTCOME_NONE: "none",
    scoring_pb2.QUOTA_OUTCOME_KEPT: "kept",
    scoring_pb2.QUOTA_OUTCOME_LOWERED: "lowered",
    scoring_pb2.QUOTA_OUTCOME_TIE: "tie",
}


def ward(event: planning.WardChanged) -> Row:
    """Return a ward as a row."""
    return {
        "ward_id": event.ward_id,
        "name": event.ward.name,
        "city": event.ward.city,
        "revision": event.revision,
    }


def unit(event: planning.UnitChanged) -> Row:
    """Return a unit as a row."""
    given = event.unit
    return {
        "ward_id": event.ward_id,
        "unit_id": given.unit_id,
        "name": given.name,
        "kind": _code(types_pb2.UnitKind.Name, given.kind, "UNIT_KIND_"),
        "revision": given.revision,
    }


def post(event: planning.PersonChanged) -> Row:
    """Return the post that a person holds from a month on as a row."""
    given = event.person
    return {
        "ward_id": event.ward_id,
        "person_id": given.person_id,
        "from_month": str(Month.parse(given.from_month)),
        "full_name": given.full_name,
        "unit_id": given.unit_id,
        "post": given.post,
        "title": given.title,
        "personnel_type": _code(types_pb2.PersonnelType.Name, given.personnel_type, "PERSONNEL_TYPE_"),
        "leads": given.role == types_pb2.ROLE_LEADER,
        "superior_id": given.superior_id,
        "in_charge_ids": sorted(given.in_charge_ids),
        "duty_group": given.duty_group,
        "quota_scope": given.quota_scope,
        "active": given.active,
        "revision": given.revision,
    }


def score(event: scoring.ScorecardComputed) -> Row:
    """Return a score as a row."""
    given = event.score
    return {
        "ward_id": event.ward_id,
        "month": given.month,
        "person_id": given.person_id,
        "status": _STATUS.get(given.status, "insufficient_data"),
        "reason": given.reason,
        "total": _exact(given.total),
        "band": grade(given.band),
        "proposed": grade(given.proposed_grade),
        "outcome": _OUTCOME.get(given.quota),
        "general": _exact(given.general),
        "organising": _hundred(given.ratios.dd),
        "unity": _hundred(given.ratios.e),
        "ratios": _ratios(given.ratios) if given.HasField("ratios") else None,
        "quota_scope": given.quota_scope,
        "duty_group": given.duty_group,
        "blocker": given.blocker,
        "policy": given.policy,
        "computed_at": instant(given, "computed_at"),
        "working_time_revision": given.working_time_revision,
        "work_revision": given.work_revision,
        "revision": given.revision,
    }


def quota(event: scoring.QuotaProposed) -> Row:
    """Return a quota as a row."""
    given = event.quota
    return {
        "ward_id": event.ward_id,
        "month": given.month,
        "quota_scope": given.quota_scope,
        "duty_group": given.duty_group,
        "rate": _exact(given.rate),
        "quota_base": given.quota_base,
        "members": given.base,
        "maximum": given.limit,
        "kept_ids": list(given.kept_ids),
        "lowered_ids": list(given.lowered_ids),
        "tied_ids": list(given.tied_ids),
        "revision": given.revision,
    }


def unit_grade(event: scoring.UnitGradeRecorded) -> Row:
    """Return a unit's grade of a year as a row."""
    given = event.unit_grade
    return {
        "ward_id": event.ward_id,
        "year": given.period,
        "unit_id": given.unit_id,
        "grade": grade(given.grade),
        "document": given.document,
        "head_id": given.head_id,
        "revision": given.revision,
    }


def work(ward_id: str, given: planning.MonthWork) -> Row:
    """Return the counted work of a person's month as a row."""
    return {
        "ward_id": ward_id,
        "month": given.month,
        "person_id": given.person_id,
        "lines": [
            {
                "id": each.task_id,
                "kind": _code(types_pb2.TaskKind.Name, each.kind, "TASK_KIND_"),
                "code": each.catalogue_code,
                "name": each.name,
                "coefficient": each.coefficient,
                "assigned": each.assigned,
                "accepted": each.accepted,
                "faults": [
                    [
                        fault.outputs,
                        fault.failed_reviews,
                        fault.excused_reviews,
                        fault.missed_deadlines,
                        fault.excused_deadlines,
                    ]
                    for fault in each.faults
                ],
                "accepted_on": each.accepted_on,
                "vouched_on": each.vouched_on,
            }
            for each in given.lines
        ],
        "revision": given.revision,
    }


def working_time(event: planning.WorkingTimeRecorded) -> Row:
    """Return the half-days of a person's month as a row."""
    given = event.working_time
    return {
        "ward_id": event.ward_id,
        "month": event.month,
        "person_id": given.person_id,
        "required": given.required_half_days,
        "worked": given.worked_half_days,
        "revision": event.revision,
    }


def _ratios(given: scoring_pb2.Ratios) -> dict[str, str]:
    """Return the ratios that are there, by letter."""
    letters = ("a", "b", "c", "d", "dd", "e")
    return {each: value for each in letters if (value := getattr(given, each))}


def _code(name: Any, number: int, prefix: str) -> str:
    """Return a number's name in lower case without its prefix; empty if unspecified or unknown."""
    try:
        code = str(name(number)).removeprefix(prefix).lower()
    except ValueError:
        return ""
    return "" if code == "unspecified" else code


def _exact(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _hundred(ratio: str) -> int:
    """Return a ratio such as 0.5000 as it was recorded: 50."""
    return int(Decimal(ratio) * 100) if ratio else 0
