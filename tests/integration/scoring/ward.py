"""A ward whose events reach scoring, as its neighbours would tell them."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from google.protobuf.json_format import Parse
from google.protobuf.message import Message
from sqlalchemy import select

from chassis.bus import Event
from chassis.db.tables import outbox
from kpi.approval.v1 import events_pb2 as approval
from kpi.planning.v1 import events_pb2 as planning
from kpi.planning.v1 import planning_pb2
from kpi.scoring.v1 import events_pb2 as announced
from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from scoring.worker import ScoringWorker, compute_month
from support.service import Running

CASES = Path(__file__).parents[2] / "cases" / "scoring"
MONTH = "2026-05"
WARD = "phuc-loi"

_HANDLERS = {
    planning.PersonChanged: "on_person_changed",
    planning.PlanApproved: "on_plan_approved",
    planning.ResultsRecorded: "on_results_recorded",
    planning.WorkingTimeRecorded: "on_working_time_recorded",
    approval.GeneralAssessed: "on_general_assessed",
    approval.QuotaRateDecided: "on_quota_rate_decided",
    approval.DelegationRecorded: "on_delegation_recorded",
    approval.MonthPublished: "on_month_published",
}


@dataclass
class Ward:
    """One ward's month: what is told to the service, and what it answers."""

    service: Running
    ward_id: str = WARD
    month: str = MONTH
    revisions: dict[tuple[str, ...], int] = field(default_factory=dict)

    def next_revision(self, *about: str) -> int:
        self.revisions[about] = self.revisions.get(about, 0) + 1
        return self.revisions[about]

    def tell(self, *messages: Message) -> None:
        """Handle events in the order given, neighbours of one type in one batch."""
        batch: list[Message] = []
        for message in messages:
            if batch and type(batch[0]) is not type(message):
                self._handle(batch)
                batch = []
            batch.append(message)
        if batch:
            self._handle(batch)

    def _handle(self, batch: list[Message]) -> None:
        handler = getattr(ScoringWorker(), _HANDLERS[type(batch[0])])
        with self.service.sessions.begin() as session:
            handler(session, [event(message) for message in batch])

    def compute(self) -> bool:
        return compute_month(self.service.sessions, self.ward_id, self.month)

    def scores(
        self, person_id: str = "organizer", role: str = "organizer", **filters: Any
    ) -> dict[str, pb.Score]:
        request = pb.ListScoresRequest(ward_id=self.ward_id, month=self.month, page_size=1000, **filters)
        caller = self.service.as_(person_id, role, wards=("*",))
        return {score.person_id: score for score in caller.ListScores(request).scores}

    def quotas(
        self, person_id: str = "organizer", role: str = "organizer"
    ) -> dict[tuple[str, str], pb.Quota]:
        request = pb.ListQuotasRequest(ward_id=self.ward_id, month=self.month, page_size=1000)
        found = self.service.as_(person_id, role, wards=("*",)).ListQuotas(request).quotas
        return {(quota.quota_scope, quota.duty_group): quota for quota in found}

    def month_state(self) -> pb.GetMonthResponse:
        request = pb.GetMonthRequest(ward_id=self.ward_id, month=self.month)
        answer: pb.GetMonthResponse = self.service.as_("x", wards=("*",)).GetMonth(request)
        return answer

    def explain(
        self, person_id: str, caller: str = "organizer", role: str = "organizer"
    ) -> pb.ExplainScoreResponse:
        request = pb.ExplainScoreRequest(ward_id=self.ward_id, month=self.month, person_id=person_id)
        answer: pb.ExplainScoreResponse = self.service.as_(caller, role, wards=("*",)).ExplainScore(request)
        return answer

    def announced_scores(self) -> list[pb.Score]:
        return [each.score for each in self._announced(announced.ScorecardComputed)]

    def announced_quotas(self) -> list[pb.Quota]:
        return [each.quota for each in self._announced(announced.QuotaProposed)]

    def announced_unit_grades(self) -> list[pb.UnitGrade]:
        return [each.unit_grade for each in self._announced(announced.UnitGradeRecorded)]

    def _announced(self, type_: Any) -> list[Any]:
        with self.service.sessions() as session:
            bodies = session.scalars(
                select(outbox.c.body)
                .where(outbox.c.type == type_.DESCRIPTOR.full_name)
                .order_by(outbox.c.position)
            ).all()
        found = [Parse(body, type_()) for body in bodies]
        return [each for each in found if each.ward_id == self.ward_id]

    # What the neighbours tell; each call is the next revision.

    def person(self, person_id: str, **changes: Any) -> planning.PersonChanged:
        from_month = changes.get("from_month", "2026-01")
        given: dict[str, Any] = {
            "ward_id": self.ward_id,
            "person_id": person_id,
            "from_month": from_month,
            "unit_id": "VP",
            "role": types.ROLE_STAFF,
            "duty_group": "specialist",
            "active": True,
            "revision": self.next_revision("post", person_id, from_month),
        }
        return planning.PersonChanged(ward_id=self.ward_id, person=planning_pb2.Person(**(given | changes)))

    def leader(self, person_id: str, *in_charge: str, **changes: Any) -> planning.PersonChanged:
        given = {"role": types.ROLE_LEADER, "in_charge_ids": in_charge, "duty_group": "heads"}
        return self.person(person_id, **(given | changes))

    def work(self, person_id: str, *lines: planning.WorkLine) -> planning.MonthWork:
        return planning.MonthWork(
            person_id=person_id,
            unit_id="VP",
            month=self.month,
            revision=self.next_revision("work", person_id),
            lines=lines or [line()],
        )

    def plan(self, person_id: str, *lines: planning.WorkLine) -> planning.PlanApproved:
        return planning.PlanApproved(
            ward_id=self.ward_id, plan_id=f"plan-{person_id}", version=1, work=self.work(person_id, *lines)
        )

    def results(self, person_id: str, *lines: planning.WorkLine) -> planning.ResultsRecorded:
        return planning.ResultsRecorded(ward_id=self.ward_id, work=self.work(person_id, *lines))

    def time(self, person_id: str, worked: int = 44, required: int = 44) -> planning.WorkingTimeRecorded:
        return planning.WorkingTimeRecorded(
            ward_id=self.ward_id,
            month=self.month,
            working_time=planning_pb2.WorkingTime(
                person_id=person_id, required_half_days=required, worked_half_days=worked
            ),
            revision=self.next_revision("time", person_id),
        )

    def assessed(self, person_id: str, general: str = "30", **changes: Any) -> approval.GeneralAssessed:
        given: dict[str, Any] = {
            "ward_id": self.ward_id,
            "person_id": person_id,
            "month": self.month,
            "general": general,
            "stage": "review" if general else "",
            "revision": self.next_revision("assessed", person_id),
        }
        return approval.GeneralAssessed(**(given | changes))

    def quota_rate(self, scope: str, rate: str, decision: str = "") -> approval.QuotaRateDecided:
        return approval.QuotaRateDecided(
            ward_id=self.ward_id,
            month=self.month,
            quota_scope=scope,
            rate=rate,
            decision=decision,
            revision=self.next_revision("rate", scope),
        )

    def published(self, at: datetime) -> approval.MonthPublished:
        message = approval.MonthPublished(
            ward_id=self.ward_id, month=self.month, count=1, revision=self.next_revision("published")
        )
        message.published_at.FromDatetime(at)
        return message

    # Policies, through the door.

    def propose(
        self,
        policy_id: str = "",
        *,
        by: str = "proposer",
        wards: tuple[str, ...] = ("*",),
        settings: Mapping[str, str] | None = None,
        **changes: Any,
    ) -> pb.Policy:
        given: dict[str, Any] = {
            "ward_id": self.ward_id,
            "policy_id": policy_id or self.ward_id,
            "legal_basis": ["Quy chế 01-QC/ĐU"],
            "from_month": "2026-01",
            "settings": settings or {},
        }
        request = pb.ProposePolicyRequest(**(given | changes))
        answer: pb.ProposePolicyResponse = self.service.as_(by, "organizer", wards=wards).ProposePolicy(
            request
        )
        return answer.policy

    def approve(
        self, policy: str, *, by: str = "approver", wards: tuple[str, ...] = ("*",), document: str = "9/QĐ"
    ) -> pb.ApprovePolicyResponse:
        request = pb.ApprovePolicyRequest(ward_id=self.ward_id, policy=policy, document=document)
        answer: pb.ApprovePolicyResponse = self.service.as_(by, "organizer", wards=wards).ApprovePolicy(
            request
        )
        return answer

    def put_in_force(self, policy_id: str = "", **changes: Any) -> str:
        proposed = self.propose(policy_id, **changes)
        name = f"{proposed.policy_id}@{proposed.version}"
        self.approve(name)
        return name

    def month_policy(self) -> pb.GetPolicyResponse:
        request = pb.GetPolicyRequest(ward_id=self.ward_id, month=self.month)
        answer: pb.GetPolicyResponse = self.service.as_("x", wards=("*",)).GetPolicy(request)
        return answer

    def good_month(self, person_id: str, general: str = "30", **marks: int) -> list[Message]:
        """Return what makes somebody evaluated with everything done."""
        return [
            self.plan(person_id, line(accepted="0")),
            self.results(person_id, line()),
            self.time(person_id),
            self.assessed(person_id, general, **marks),
        ]

    def leading_month(self, person_id: str, general: str = "30") -> list[Message]:
        return self.good_month(person_id, general, organising=100, unity=100)


def event(body: Message) -> Event[Any]:
    return Event(
        id=str(uuid.uuid4()),
        type=body.DESCRIPTOR.full_name,
        source=body.DESCRIPTOR.full_name.split(".")[1],
        subject="",
        time=datetime.now(UTC),
        correlation_id="test",
        body=body,
    )


def line(
    coefficient: str = "1",
    assigned: str = "1",
    accepted: str | None = None,
    *faults: planning.WorkFault,
    kind: str = "planned",
    code: str = "",
    task_id: str = "t1",
    name: str = "",
) -> planning.WorkLine:
    return planning.WorkLine(
        task_id=task_id,
        kind=f"TASK_KIND_{kind.upper()}",
        catalogue_code=code,
        name=name,
        coefficient=coefficient,
        assigned=assigned,
        accepted=assigned if accepted is None else accepted,
        faults=faults,
    )


def case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return found


def told(ward: Ward, month: Mapping[str, Any]) -> list[Message]:
    """Return the events of a month that a case file describes, some facts in more than one revision."""
    found: list[Message] = [
        ward.quota_rate(unit["id"], unit["quota_rate"], unit.get("quota_decision", ""))
        for unit in month.get("units", ())
        if "quota_rate" in unit
    ]
    for person in month["people"]:
        found += _told(ward, person)
    return found


def _told(ward: Ward, person: Mapping[str, Any]) -> Iterable[Message]:
    id_ = person["id"]
    leads = person.get("role") == "leader"
    yield ward.person(
        id_,
        unit_id=person["unit"],
        duty_group=person["group"],
        quota_scope=person.get("quota_scope", ""),
        role=types.ROLE_LEADER if leads else types.ROLE_STAFF,
        in_charge_ids=person.get("manages", ()),
    )
    lines = [
        line(
            task["coefficient"],
            task["assigned"],
            task["accepted"],
            *(
                planning.WorkFault(
                    outputs=fault.get("count", 1),
                    failed_reviews=fault.get("failed_reviews", 0),
                    excused_reviews=fault.get("excused_reviews", 0),
                    missed_deadlines=fault.get("missed_deadlines", 0),
                    excused_deadlines=fault.get("excused_deadlines", 0),
                )
                for fault in task.get("faults", ())
            ),
            kind=task.get("kind", "planned"),
            code=task.get("code", ""),
            task_id=f"{id_}-{number}",
        )
        for number, task in enumerate(person["tasks"])
    ]
    begun = []
    for each in lines:
        bare = planning.WorkLine()
        bare.CopyFrom(each)
        bare.accepted = "0"
        bare.ClearField("faults")
        begun.append(bare)
    if lines:
        yield ward.plan(id_, *begun)
        yield ward.results(id_, *lines)
    yield ward.time(id_, person["worked_half_days"], person["required_half_days"])
    yield ward.assessed(id_, "", stage="")
    yield ward.assessed(
        id_,
        person["common_score"],
        organising=person.get("organising", 0),
        unity=person.get("unity", 0),
        blocker=person.get("blocker", ""),
    )


def outcome(score: pb.Score) -> dict[str, Any]:
    """Return a score as the case files write a result."""
    status = pb.ScoreStatus.Name(score.status).removeprefix("SCORE_STATUS_").lower()
    found: dict[str, Any] = {"id": score.person_id, "status": status}
    if score.reason:
        found["reason"] = score.reason
    if score.waiting_for:
        found["waiting_for"] = list(score.waiting_for)
    if status == "evaluated":
        shown = {name: getattr(score.ratios, name) for name in ("a", "b", "c", "d", "dd", "e")}
        found |= {
            "total": score.total,
            "band": letter(score.band),
            "ratios": {name: value for name, value in shown.items() if value},
            "grade": letter(score.proposed_grade),
            "quota": pb.QuotaOutcome.Name(score.quota).removeprefix("QUOTA_OUTCOME_").lower(),
        }
    return found


def letter(grade: int) -> str:
    return types.Grade.Name(grade).removeprefix("GRADE_")
