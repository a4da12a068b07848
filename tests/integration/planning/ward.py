"""A small ward and the workbooks that people send for it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.json_format import Parse
from google.protobuf.message import Message
from sqlalchemy import select

from chassis import sheets
from chassis.bus import Event
from chassis.db.tables import outbox
from kpi.approval.v1.events_pb2 import DecisionMade, DelegationRecorded
from kpi.planning.v1 import planning_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from planning.wire import layout
from planning.worker import PlanningWorker
from support.service import Caller, Running, refusal

MONTH = "2026-03"

Rows = Sequence[Mapping[str, Any]]

PEOPLE: Rows = [
    {
        "person_id": "boss",
        "role": "leader",
        "post": "unit_head",
        "in_charge_ids": ("deputy", "an", "binh"),
        "unit_id": "vp",
    },
    {
        "person_id": "deputy",
        "role": "leader",
        "post": "unit_deputy",
        "superior_id": "boss",
        "in_charge_ids": ("an", "binh"),
        "unit_id": "vp",
    },
    {"person_id": "an", "superior_id": "deputy", "unit_id": "vp"},
    {"person_id": "binh", "superior_id": "deputy", "unit_id": "vp"},
    {
        "person_id": "head",
        "role": "leader",
        "post": "unit_head",
        "in_charge_ids": ("lan",),
        "unit_id": "school",
    },
    {"person_id": "lan", "superior_id": "head", "unit_id": "school"},
]


def person(**given: Any) -> dict[str, Any]:
    """A row of the people sheet."""
    return {
        "full_name": f"Nguyễn {given['person_id'].capitalize()}",
        "personnel_type": "civil_servant",
        "post": "staff",
        "title": "Chuyên viên",
        "role": "staff",
        "salary_coefficient": Decimal("3.33"),
        "duty_group": "Tổng hợp",
    } | given


def task(person_id: str, task_id: str, **given: Any) -> dict[str, Any]:
    """A row of the tasks sheet."""
    return {
        "person_id": person_id,
        "task_id": task_id,
        "kind": "planned",
        "catalogue_code": "DC.05",
        "due_on": date(2026, 3, 20),
        "responsibility": "Chủ trì",
        "authority": "Trưởng đơn vị",
        "quantity": Decimal(2),
    } | given


def message(task_id: str, **given: Any) -> pb.Task:
    """A task of a SavePlan request."""
    return pb.Task(
        **{
            "task_id": task_id,
            "kind": types.TASK_KIND_PLANNED,
            "catalogue_code": "DC.05",
            "due_on": "2026-03-20",
            "responsibility": "Chủ trì",
            "authority": "Trưởng đơn vị",
            "quantity": "2",
        }
        | given
    )


def workbook(**pages: Rows) -> bytes:
    """An XLSX workbook of these sheets."""
    known = {each.name: each for each in layout.SHEETS}
    return sheets.workbook([sheets.Page(known[name], rows) for name, rows in pages.items()])


def _event(body: Any, subject: str) -> Event[Any]:
    return Event(
        id=str(uuid4()),
        type=body.DESCRIPTOR.full_name,
        source="approval",
        subject=subject,
        time=datetime.now(UTC),
        correlation_id="",
        body=body,
    )


class Ward:
    """A ward behind planning's door."""

    def __init__(self, service: Running, ward_id: str) -> None:
        self.service, self.id = service, ward_id
        self.clerk = self.as_("clerk", "clerk")
        self.organizer = self.as_("organizer", "organizer")
        self.both = self.as_("chief", "clerk", "organizer")

    def as_(self, person_id: str, *roles: str) -> Caller:
        """A caller of this ward; without roles a plain public servant."""
        return self.service.as_(person_id, *roles, wards=(self.id,))

    def row(self, **given: Any) -> dict[str, Any]:
        """The row of the ward sheet."""
        return {"ward_id": self.id, "name": "Phường Phúc Lợi", "city": "Hà Nội"} | given

    def organization(self) -> dict[str, Rows]:
        """The sheets that describe the ward."""
        return {
            "ward": [
                self.row(standard_points=Decimal(5), decision="283/QĐ-UBND", proposed_by="vp"),
            ],
            "units": [
                {"unit_id": "vp", "name": "Văn phòng", "kind": "office"},
                {"unit_id": "school", "name": "Trường Tiểu học", "kind": "school"},
            ],
            "people": [person(**each) for each in PEOPLE],
            "catalogue": [
                {
                    "code": code,
                    "task": words,
                    "output": "Văn bản",
                    "complexity_group": group,
                    "points": Decimal(points),
                }
                for code, words, group, points in (
                    ("DC.01", "Soạn thảo văn bản hành chính đơn giản", "N1", 5),
                    ("DC.05", "Báo cáo định kỳ", "N3", 60),
                    ("DC.16", "Phát hành văn bản đi", "N1", 3),
                )
            ],
        }

    def settle(self) -> None:
        """Describe the ward."""
        done = self.imports(**self.organization())
        assert done.applied, done.errors

    def imports(
        self,
        month: str = MONTH,
        by: Caller | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002
        **pages: Rows,
    ) -> pb.ImportWorkbookResponse:
        """Import a workbook of these sheets."""
        return self.sends(workbook(**pages), month=month, by=by, dry_run=dry_run)

    def sends(
        self, content: bytes, *, month: str = MONTH, by: Caller | None = None, **given: Any
    ) -> pb.ImportWorkbookResponse:
        """Import a file."""
        request = pb.ImportWorkbookRequest(
            **{"ward_id": self.id, "month": month, "file_name": "thang.xlsx", "content": content} | given
        )
        reply: pb.ImportWorkbookResponse = (by or self.both).ImportWorkbook(request)
        return reply

    def saves(self, person_id: str, *tasks: pb.Task, by: Caller | None = None, **given: Any) -> pb.Plan:
        """Save a plan, by the person himself unless said otherwise."""
        request = pb.SavePlanRequest(
            **{"ward_id": self.id, "month": MONTH, "person_id": person_id, "tasks": tasks} | given
        )
        reply: pb.SavePlanResponse = (by or self.as_(person_id)).SavePlan(request)
        return reply.plan

    def submits(self, *person_ids: str, by: Caller | None = None, **given: Any) -> int:
        """Submit plans, by the clerk unless said otherwise."""
        request = pb.SubmitPlansRequest(
            **{"ward_id": self.id, "month": MONTH, "person_ids": person_ids} | given
        )
        reply: pb.SubmitPlansResponse = (by or self.clerk).SubmitPlans(request)
        return reply.count

    def takes_over(self, person_id: str, *givers: str) -> None:
        """A plan that waits for approval: what DC.05 these people hand over, two of each, written by hand."""
        lines = [
            message(f"N-{each}", kind=types.TASK_KIND_TAKEN_OVER, counterpart_id=each) for each in givers
        ]
        self.saves(person_id, *lines)
        self.submits(person_id)

    def approves(self, by: Caller, *person_ids: str) -> int:
        """Approve plans."""
        request = pb.ApprovePlansRequest(ward_id=self.id, month=MONTH, person_ids=person_ids)
        reply: pb.ApprovePlansResponse = by.ApprovePlans(request)
        return reply.count

    def in_force(self, person_id: str, *tasks: pb.Task) -> pb.Plan:
        """A plan that was saved, submitted and approved by the direct superior."""
        self.saves(person_id, *tasks)
        self.submits(person_id)
        above = {"an": "deputy", "binh": "deputy", "deputy": "boss", "lan": "head"}.get(person_id)
        assert self.approves(self.as_(above) if above else self.organizer, person_id) == 1
        return self.plan(person_id)

    def plan(self, person_id: str, by: Caller | None = None) -> pb.Plan:
        """The newest version of a person's plan."""
        request = pb.GetPlanRequest(ward_id=self.id, month=MONTH, person_id=person_id)
        reply: pb.GetPlanResponse = (by or self.clerk).GetPlan(request)
        return reply.plan

    def records(self, person_id: str, *results: pb.TaskResult, by: Caller | None = None) -> pb.Plan:
        """Record results, by the person himself unless said otherwise."""
        request = pb.RecordResultsRequest(ward_id=self.id, month=MONTH, person_id=person_id, results=results)
        reply: pb.RecordResultsResponse = (by or self.as_(person_id)).RecordResults(request)
        return reply.plan

    def decided(self, person_id: str, revision: int = 1) -> None:
        """Approval announces that a person's month was decided."""
        body = DecisionMade(ward_id=self.id, person_id=person_id, month=MONTH, revision=revision)
        with self.service.sessions.begin() as session:
            PlanningWorker.on_decision_made(PlanningWorker(), session, [_event(body, person_id)])

    def delegated(self, from_: str, to: str, from_day: date, to_day: date, id_: str = "d1") -> None:
        """Approval announces that one person may act for another from day to day."""
        body = DelegationRecorded(
            ward_id=self.id,
            delegation_id=id_,
            from_person_id=from_,
            to_person_id=to,
            from_day=from_day.isoformat(),
            to_day=to_day.isoformat(),
            document="7/UQ",
        )
        with self.service.sessions.begin() as session:
            PlanningWorker.on_delegation_recorded(PlanningWorker(), session, [_event(body, id_)])

    def events(self, *types_: type[Message]) -> list[Any]:
        """What was announced about this ward, in order."""
        wanted = {each.DESCRIPTOR.full_name: each for each in types_}
        with self.service.sessions() as session:
            rows = session.execute(
                select(outbox.c.type, outbox.c.body)
                .where(outbox.c.type.in_(wanted))
                .order_by(outbox.c.position)
            ).all()
        found = [Parse(row.body, wanted[row.type]()) for row in rows]
        return [each for each in found if each.ward_id == self.id]


def refused(call: Any, *arguments: Any, **given: Any) -> tuple[grpc.StatusCode, str, dict[str, str]]:
    """Make a call that must be refused; return the code, the reason and the facts."""
    with pytest.raises(grpc.RpcError) as error:
        call(*arguments, **given)
    return refusal(error.value)
