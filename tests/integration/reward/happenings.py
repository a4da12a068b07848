"""A month as planning and approval announce it, the worker's handlers fed with it, and reward's own doors."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.bus import Event
from chassis.db import Sessions
from kpi.approval.v1.events_pb2 import DecisionMade, GradePublished, MonthPublished
from kpi.planning.v1.events_pb2 import (
    MonthLocked,
    PersonChanged,
    UnitChanged,
    WardChanged,
    WorkingTimeRecorded,
)
from kpi.planning.v1.planning_pb2 import Person, Unit, Ward, WorkingTime
from kpi.reward.v1 import reward_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from reward import worker
from support.service import Running

WARD = "phuc-loi"
MONTH = "2026-03"
FUND = "f-2026-03"
AT = datetime(2026, 3, 27, 2, 0, tzinfo=UTC)


def timestamp(at: datetime = AT) -> Timestamp:
    result = Timestamp()
    result.FromDatetime(at)
    return result


def happen(sessions: Sessions, bodies: Iterable[Message]) -> None:
    """Hand events to the worker's handlers, one transaction for each run of one type, as the bus does."""
    handlers = {
        each.type: method
        for method in vars(worker.RewardWorker).values()
        for each in getattr(method, "nameko_entrypoints", ())
        if hasattr(each, "type")
    }
    for type_, run in groupby(bodies, key=lambda body: body.DESCRIPTOR.full_name):
        with sessions.begin() as session:
            handlers[type_](worker.RewardWorker(), session, [_event(each) for each in run])


def _event(body: Message) -> Event[Any]:
    return Event(
        id=str(uuid.uuid4()),
        type=body.DESCRIPTOR.full_name,
        source=body.DESCRIPTOR.full_name.split(".")[1],
        subject="",
        time=AT,
        correlation_id="c",
        body=body,
    )


# -- What a month consists of --------------------------------------------------------------------------------


def someone(
    name: str,
    grade: str | None = "B",
    score: str | None = "80.00",
    salary: str = "3.00",
    days: tuple[int, int] = (44, 44),
) -> dict[str, Any]:
    """A person as the offline commands take one."""
    return {
        "id": name,
        "grade": grade,
        "score": score,
        "salary_coefficient": salary,
        "worked_half_days": days[0],
        "required_half_days": days[1],
    }


ANH = someone("p-anh", "A", "95.50", "3.99")
BINH = someone("p-binh", "B", "82.00", "3.33")
CHI = someone("p-chi", "C", "61.25", "2.34", (40, 44))
DUNG = someone("p-dung", "D", "42.00", "2.67")
EM = someone("p-em", None, None, "3.00", (10, 44))
"""Not evaluated: worked under half of the month (R-11)."""

FIVE = [ANH, BINH, CHI, DUNG, EM]


def month(people: Sequence[dict[str, Any]] = FIVE, *, lock_follows: bool = False) -> list[Message]:
    """Everything that is announced of a month of these people, but the locks, in the order of a calm day."""
    return [
        ward(),
        unit(),
        *(person(each["id"], salary_coefficient=each["salary_coefficient"]) for each in people),
        *(working_time(each, lock_follows=lock_follows) for each in people),
        *(decision(each) for each in people),
        *(publication(each) for each in people),
        whole(len(people)),
    ]


def ward(name: str = "Phường Phúc Lợi", revision: int = 1) -> WardChanged:
    return WardChanged(ward_id=WARD, ward=Ward(ward_id=WARD, name=name), revision=revision)


def unit(unit_id: str = "u-1", name: str = "Văn phòng", revision: int = 1) -> UnitChanged:
    return UnitChanged(ward_id=WARD, unit=Unit(ward_id=WARD, unit_id=unit_id, name=name, revision=revision))


def person(person_id: str, **fields: Any) -> PersonChanged:
    told: dict[str, Any] = {
        "from_month": "2026-01",
        "full_name": f"Người {person_id}",
        "unit_id": "u-1",
        "personnel_type": types.PERSONNEL_TYPE_CIVIL_SERVANT,
        "role": types.ROLE_STAFF,
        "salary_coefficient": "3.00",
        "active": True,
        "revision": 1,
    } | fields
    return PersonChanged(ward_id=WARD, person=Person(ward_id=WARD, person_id=person_id, **told))


def working_time(
    given: dict[str, Any], revision: int = 1, *, lock_follows: bool = False
) -> WorkingTimeRecorded:
    return WorkingTimeRecorded(
        ward_id=WARD,
        month=MONTH,
        working_time=WorkingTime(
            person_id=given["id"],
            required_half_days=given["required_half_days"],
            worked_half_days=given["worked_half_days"],
        ),
        revision=revision,
        lock_follows=lock_follows,
    )


def lock(given: dict[str, Any], **fields: Any) -> MonthLocked:
    """Planning's answer to the decision: which facts are the last."""
    told: dict[str, Any] = {
        "decision_revision": 1,
        "working_time_revision": 1,
        "post_from_month": "2026-01",
        "post_revision": 1,
    } | fields
    return MonthLocked(ward_id=WARD, person_id=given["id"], month=MONTH, **told)


def _grade(given: dict[str, Any]) -> Any:
    return types.Grade.Value(f"GRADE_{given['grade']}") if given["grade"] else types.GRADE_UNSPECIFIED


def decision(given: dict[str, Any], revision: int = 1) -> DecisionMade:
    return DecisionMade(
        ward_id=WARD,
        person_id=given["id"],
        unit_id="u-1",
        month=MONTH,
        decision_id=f"d-{given['id']}-{revision}",
        revision=revision,
        grade=_grade(given),
        total=given["score"] or "",
        decided_by="p-boss",
        decided_at=timestamp(),
    )


def publication(given: dict[str, Any], revision: int = 1, decided: int = 1) -> GradePublished:
    """The publication number ``revision`` of the decision number ``decided``."""
    return GradePublished(
        ward_id=WARD,
        person_id=given["id"],
        unit_id="u-1",
        month=MONTH,
        grade=_grade(given),
        decision_id=f"d-{given['id']}-{decided}" if given["grade"] else "",
        revision=revision,
        published_at=timestamp(),
    )


def whole(count: int, revision: int = 1) -> MonthPublished:
    return MonthPublished(ward_id=WARD, month=MONTH, count=count, revision=revision, published_at=timestamp())


# -- Reward's doors ------------------------------------------------------------------------------------------


def record_fund(service: Running, amount: int = 10_000_000, fund_id: str = FUND, **fields: Any) -> pb.Fund:
    asked: dict[str, Any] = {
        "ward_id": WARD,
        "fund_id": fund_id,
        "month": MONTH,
        "kind": pb.FUND_KIND_SUPPLEMENTARY_INCOME,
        "source": "Ngân sách phường",
        "legal_basis": "Nghị quyết 01/2026",
        "amount": amount,
    } | fields
    reply: pb.CreateFundResponse = service.as_("k-1", "finance").CreateFund(pb.CreateFundRequest(**asked))
    return reply.fund


def allocate(service: Running, **fields: Any) -> pb.AllocateResponse:
    asked: dict[str, Any] = {"ward_id": WARD, "fund_id": FUND, "policy": "phuc-loi"} | fields
    reply: pb.AllocateResponse = service.as_("k-1", "finance").Allocate(pb.AllocateRequest(**asked))
    return reply


def allocations(service: Running, run_id: str = f"{FUND}.1") -> dict[str, int]:
    """Who got how much, by the stream."""
    request = pb.StreamAllocationsRequest(ward_id=WARD, run_id=run_id)
    pieces = service.as_("k-1", "finance").StreamAllocations(request)
    return {each.person_id: each.amount for piece in pieces for each in piece.allocations}


def export(service: Running, form: Any, run_id: str = f"{FUND}.1") -> tuple[bytes, pb.ExportSummary]:
    """A finance file and its summary, put together as a client does."""
    request = pb.ExportRunRequest(ward_id=WARD, run_id=run_id, format=form)
    pieces = list(service.as_("k-1", "finance").ExportRun(request))
    assert [each.HasField("summary") for each in pieces] == [False] * (len(pieces) - 1) + [True]
    assert all(0 < len(each.chunk) <= 64 * 1024 for each in pieces)
    return b"".join(each.chunk for each in pieces), pieces[-1].summary
