"""One ward on all five services: a month from the plan to the payment, with an appeal, for who may see what.

The services run behind their own gRPC doors on SQLite; their events are handed on here, in order.
"""

import importlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from google.protobuf.json_format import Parse
from google.protobuf.message import Message
from sqlalchemy import select

from chassis.bus import Event
from chassis.db.tables import outbox
from integration.planning.ward import message, person, task, workbook
from kpi.approval.v1 import approval_pb2 as approval
from kpi.planning.v1 import causes_pb2, deliveries_pb2, evidence_pb2, okr_pb2
from kpi.planning.v1 import planning_pb2 as planning
from kpi.reward.v1 import reward_pb2 as reward
from kpi.types.v1 import types_pb2 as types
from support.service import Caller, Running, running

WARD, ELSEWHERE, MONTH = "phuc-loi", "long-bien", "2026-03"
SERVICES = ("planning", "scoring", "approval", "reward", "notification")

CALLERS: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "stranger": ("lan", ("staff",), WARD),
    "colleague": ("binh", ("staff",), WARD),
    "himself": ("an", ("staff",), WARD),
    "superior": ("deputy", ("staff",), WARD),
    "decider": ("boss", ("staff",), WARD),
    "above": ("chair", ("staff",), WARD),
    "clerk": ("van-thu", ("staff", "clerk"), WARD),
    "organizer": ("to-chuc", ("staff", "organizer"), WARD),
    "finance": ("ke-toan", ("staff", "finance"), WARD),
    "auditor": ("thanh-tra", ("staff", "auditor"), WARD),
    "operator": ("van-hanh", ("staff", "operator"), WARD),
    "elsewhere": (
        "an",
        ("staff", "clerk", "organizer", "finance", "auditor", "operator"),
        ELSEWHERE,
    ),
}
"""Who calls, besides nobody: the person (an), whom deputy leads and boss decides about; chair is above them;
binh is in the same unit, lan in another; and somebody with every role, of another ward."""

PEOPLE: tuple[dict[str, Any], ...] = (
    {
        "person_id": "chair",
        "role": "leader",
        "post": "committee_chair",
        "in_charge_ids": ("boss", "head"),
        "unit_id": "ld",
    },
    {
        "person_id": "boss",
        "role": "leader",
        "post": "unit_head",
        "superior_id": "chair",
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
    {"person_id": "an", "superior_id": "deputy", "unit_id": "vp", "email": "an@ward.example"},
    {"person_id": "binh", "superior_id": "deputy", "unit_id": "vp"},
    {
        "person_id": "head",
        "role": "leader",
        "post": "unit_head",
        "superior_id": "chair",
        "in_charge_ids": ("lan",),
        "unit_id": "school",
    },
    {"person_id": "lan", "superior_id": "head", "unit_id": "school"},
)
IDS = tuple(each["person_id"] for each in PEOPLE)


class World:
    """All services, and what the requests name."""

    def __init__(self, services: Mapping[str, Running], folder: Path) -> None:
        self.services, self.folder = services, folder
        self.names: dict[str, str] = {}
        self._sent = dict.fromkeys(SERVICES, 0)
        self._handlers = {name: _handlers(name) for name in SERVICES}

    def as_(self, service: str, caller: str) -> Caller:
        person_id, roles, ward = CALLERS[caller]
        return self.services[service].as_(person_id, *roles, wards=(ward,))

    def by(self, service: str, person_id: str) -> Caller:
        return self.services[service].as_(person_id)

    def hand_on(self) -> None:
        """Hand every event on until nobody has anything new to say."""
        while sum(self._hand_on(each) for each in SERVICES):
            self._compute()

    def _hand_on(self, service: str) -> int:
        with self.services[service].sessions() as session:
            rows = session.execute(
                select(outbox).where(outbox.c.position > self._sent[service]).order_by(outbox.c.position)
            ).all()
        for row in rows:
            self._sent[service] = row.position
            for other, handlers in self._handlers.items():
                if row.type in handlers:
                    worker, method, kind = handlers[row.type]
                    event: Event[Any] = Event(
                        id=str(row.event_id),
                        type=row.type,
                        source=service,
                        subject=row.subject,
                        time=row.recorded_at,
                        correlation_id=row.correlation_id,
                        body=Parse(row.body, kind()),
                    )
                    with self.services[other].sessions.begin() as session:
                        method(worker, session, [event])
        return len(rows)

    def _compute(self) -> None:
        from scoring.worker import compute_month

        compute_month(self.services["scoring"].sessions, WARD, MONTH)

    def keep(self) -> None:
        """Remember every database as it is."""
        for each in SERVICES:
            _copy(self.folder / f"{each}.db", self.folder / f"{each}.kept.db")

    def restore(self, service: str) -> None:
        """Put a database back as it was kept."""
        _copy(self.folder / f"{service}.kept.db", self.folder / f"{service}.db")


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Run the services and play the month."""
    with ExitStack() as stack:
        found = World(
            {each: stack.enter_context(running(each, f"sqlite:///{folder / each}.db")) for each in SERVICES},
            folder,
        )
        _plan(found)
        _assess(found)
        _decide(found)
        _pay(found)
        _begin(found)
        found.keep()
        yield found


def _plan(of: World) -> None:
    clerk, organizer = of.as_("planning", "clerk"), of.as_("planning", "organizer")
    content = workbook(
        ward=[
            {
                "ward_id": WARD,
                "name": "Phường Phúc Lợi",
                "city": "Hà Nội",
                "standard_points": Decimal(5),
                "decision": "283/QĐ-UBND",
                "proposed_by": "vp",
            }
        ],
        units=[
            {"unit_id": "ld", "name": "Lãnh đạo phường", "kind": "leadership"},
            {"unit_id": "vp", "name": "Văn phòng", "kind": "office"},
            {"unit_id": "school", "name": "Trường Tiểu học", "kind": "school"},
        ],
        people=[person(**each) for each in PEOPLE],
        catalogue=[
            {
                "code": "DC.05",
                "task": "Báo cáo định kỳ",
                "output": "Văn bản",
                "complexity_group": "N1",
                "points": Decimal(5),
            }
        ],
        tasks=[task(each, "T1") for each in IDS],
        working_time=[{"person_id": each, "required_half_days": 44, "worked_half_days": 44} for each in IDS],
    )
    chief = of.services["planning"].as_("chief", "clerk", "organizer")
    done = chief.ImportWorkbook(
        planning.ImportWorkbookRequest(ward_id=WARD, month=MONTH, file_name="a.xlsx", content=content)
    )
    assert done.applied, done.errors
    clerk.SubmitPlans(planning.SubmitPlansRequest(ward_id=WARD, month=MONTH, all=True))
    approve = planning.ApprovePlansRequest(ward_id=WARD, month=MONTH)
    for each in (of.by("planning", "deputy"), of.by("planning", "boss"), of.by("planning", "head")):
        each.ApprovePlans(approve)
    of.by("planning", "chair").ApprovePlans(approve)
    organizer.ApprovePlans(approve)
    for each in IDS:
        clerk.RecordResults(
            planning.RecordResultsRequest(
                ward_id=WARD,
                month=MONTH,
                person_id=each,
                results=[
                    planning.TaskResult(
                        task_id="T1",
                        accepted="2",
                        evidence="Tờ trình của an",
                        faults=[planning.Fault(fault_id="F1", outputs=1, failed_reviews=1)],
                    )
                ],
            )
        )
    of.hand_on()


def _assess(of: World) -> None:
    clerk, organizer = of.as_("approval", "clerk"), of.as_("approval", "organizer")
    organizer.OpenMonth(approval.OpenMonthRequest(ward_id=WARD, month=MONTH))
    values = _values(of)
    within = [each for each in PEOPLE if each["person_id"] != "chair"]
    clerk.SubmitSelfAssessments(
        approval.SubmitSelfAssessmentsRequest(
            ward_id=WARD,
            month=MONTH,
            self_assessments=[
                approval.SelfAssessment(
                    person_id=each["person_id"], values=values, strengths="Chủ động", document="Phiếu"
                )
                for each in within
                if each["person_id"] != "an"
            ],
        )
    )
    of.by("approval", "an").SubmitSelfAssessments(
        approval.SubmitSelfAssessmentsRequest(
            ward_id=WARD,
            month=MONTH,
            self_assessments=[approval.SelfAssessment(person_id="an", values=values, strengths="Chủ động")],
        )
    )
    for each in within:
        leads: dict[str, Any] = {"organising": 100, "unity": 100} if each.get("role") == "leader" else {}
        of.by("approval", each["superior_id"]).SubmitRemarks(
            approval.SubmitRemarksRequest(
                ward_id=WARD,
                month=MONTH,
                remarks=[approval.Remarks(person_id=each["person_id"], text="Hoàn thành", **leads)],
            )
        )
    of.hand_on()


def _decide(of: World) -> None:
    organizer = of.as_("approval", "organizer")
    organizer.RecordExternalResult(
        approval.RecordExternalResultRequest(
            ward_id=WARD,
            month=MONTH,
            person_id="chair",
            grade=types.GRADE_B,
            document="312-TB/TU",
            total="85.00",
        )
    )
    for decider in ("boss", "head", "chair"):
        of.by("approval", decider).Decide(approval.DecideRequest(ward_id=WARD, month=MONTH, all=True))
    done = organizer.Publish(approval.PublishRequest(ward_id=WARD, month=MONTH))
    assert done.month_published
    appeal = of.by("approval", "an").SubmitAppeal(
        approval.SubmitAppealRequest(ward_id=WARD, month=MONTH, text="Đề nghị xem lại")
    )
    of.names["appeal_id"] = appeal.appeal.appeal_id
    organizer.Delegate(
        approval.DelegateRequest(
            ward_id=WARD,
            from_person_id="boss",
            to_person_id="deputy",
            from_day="2026-01-01",
            to_day="2026-01-31",
            document="7/UQ",
        )
    )
    of.hand_on()
    list(organizer.MakeRecords(approval.MakeRecordsRequest(ward_id=WARD, month=MONTH)))


def _pay(of: World) -> None:
    finance = of.as_("reward", "finance")
    finance.CreateFund(
        reward.CreateFundRequest(
            ward_id=WARD,
            fund_id="f",
            month=MONTH,
            kind=reward.FUND_KIND_SUPPLEMENTARY_INCOME,
            source="Ngân sách phường",
            legal_basis="NQ 12/NQ-HĐND",
            amount=100_000_000,
        )
    )
    run = finance.Allocate(reward.AllocateRequest(ward_id=WARD, fund_id="f", policy="phuc-loi")).run
    of.names["run_id"] = run.run_id
    of.hand_on()


def _begin(of: World) -> None:
    """Months in which the person's next step is each of those that somebody takes.

    In 2026-04 nothing is done; in 2026-05 the plan is a draft and the self-assessment waits for remarks; in
    2026-06 the plan waits for approval and the remarks for the decision; in 2026-07 the plan is in force.
    """
    an, clerk, deputy = of.by("planning", "an"), of.as_("planning", "clerk"), of.by("planning", "deputy")
    for month in ("2026-05", "2026-06", "2026-07"):
        an.SavePlan(
            planning.SavePlanRequest(
                ward_id=WARD,
                month=month,
                person_id="an",
                tasks=[message("T1", due_on=f"{month}-10")],
            )
        )
        if month != "2026-05":
            clerk.SubmitPlans(planning.SubmitPlansRequest(ward_id=WARD, month=month, person_ids=["an"]))
    deputy.ApprovePlans(planning.ApprovePlansRequest(ward_id=WARD, month="2026-07", person_ids=["an"]))
    an.RecordResults(
        planning.RecordResultsRequest(
            ward_id=WARD,
            month="2026-07",
            person_id="an",
            results=[
                planning.TaskResult(
                    task_id="T1",
                    accepted="1",
                    evidence="Tờ trình của an",
                    faults=[planning.Fault(fault_id="F1", outputs=1, failed_reviews=1)],
                )
            ],
        )
    )
    _evidence(of)
    of.hand_on()
    organizer = of.as_("approval", "organizer")
    for month in ("2026-04", "2026-05", "2026-06"):
        organizer.OpenMonth(approval.OpenMonthRequest(ward_id=WARD, month=month))
        if month == "2026-04":
            continue
        of.by("approval", "an").SubmitSelfAssessments(
            approval.SubmitSelfAssessmentsRequest(
                ward_id=WARD,
                month=month,
                self_assessments=[approval.SelfAssessment(person_id="an", values=_values(of))],
            )
        )
    of.by("approval", "deputy").SubmitRemarks(
        approval.SubmitRemarksRequest(
            ward_id=WARD, month="2026-06", remarks=[approval.Remarks(person_id="an", text="Hoàn thành")]
        )
    )
    of.hand_on()


def _evidence(of: World) -> None:
    """Let the month 2026-07 have evidence, a claimed cause, a delivery and an objective."""
    an, clerk = of.by("planning", "an"), of.as_("planning", "clerk")
    attached = an.AttachEvidence(
        evidence_pb2.AttachEvidenceRequest(
            ward_id=WARD,
            person_id="an",
            month="2026-07",
            task_id="T1",
            title="Tờ trình của an",
            file_name="to-trinh.pdf",
            content=b"%PDF-1.4\n%%EOF\n",
        )
    )
    of.names["evidence_id"] = attached.evidence.evidence_id
    an.RequestObjectiveCause(
        causes_pb2.RequestObjectiveCauseRequest(
            ward_id=WARD,
            person_id="an",
            month="2026-07",
            task_id="T1",
            fault_id="F1",
            reviews=1,
            cause="Mất điện toàn khu vực",
        )
    )
    clerk.DeliverResults(
        deliveries_pb2.DeliverResultsRequest(
            ward_id=WARD,
            deliveries=[
                deliveries_pb2.Delivery(
                    system="one-door",
                    reference="r0",
                    sequence=1,
                    person_id="an",
                    month="2026-07",
                    task_id="T1",
                    quantity="1",
                )
            ],
        )
    )
    an.SaveObjective(
        okr_pb2.SaveObjectiveRequest(
            ward_id=WARD,
            objective=okr_pb2.Objective(
                ward_id=WARD,
                objective_id="O-an",
                title="Giải quyết hồ sơ đúng hạn",
                owner_kind=okr_pb2.OWNER_KIND_PERSON,
                owner_id="an",
                period="2026-07",
                key_results=[
                    okr_pb2.KeyResult(
                        key_result_id="K1", name="Tỷ lệ", unit_of_measure="%", start="0", target="100"
                    )
                ],
            ),
        )
    )
    read = okr_pb2.Reading(
        objective_id="O-an", key_result_id="K1", value="40", source="one-door", reference="r1"
    )
    read.measured_at.FromJsonString("2026-07-05T00:00:00Z")
    an.RecordReadings(okr_pb2.RecordReadingsRequest(ward_id=WARD, readings=[read]))


def _values(of: World) -> list[approval.CriterionValue]:
    criteria = of.as_("approval", "clerk").ListCriteria(approval.ListCriteriaRequest(ward_id=WARD)).criteria
    return [approval.CriterionValue(criterion_id=each.criterion_id, points=each.maximum) for each in criteria]


def _handlers(service: str) -> dict[str, tuple[Any, Any, type[Message]]]:
    module = importlib.import_module(f"{service}.worker")
    kind = getattr(module, f"{service.capitalize()}Worker")
    return {
        entrypoint.type: (kind(), method, entrypoint.event)
        for method in vars(kind).values()
        for entrypoint in getattr(method, "nameko_entrypoints", ())
        if hasattr(entrypoint, "type")
    }


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as read, sqlite3.connect(target) as written:
        read.backup(written)
    read.close()
    written.close()
