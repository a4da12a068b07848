"""Real months of small wards, driven through gRPC from a seed, each command told to the oracle."""

import hashlib
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from chassis import auth, sheets, topology
from faults import expected
from faults.oracle import Oracle
from faults.rig import Rig
from kpi.approval.v1 import approval_pb2 as approval
from kpi.operations.v1 import operations_pb2 as operations
from kpi.planning.v1 import planning_pb2 as planning
from kpi.reward.v1 import reward_pb2 as reward
from kpi_cli.client import OPTIONS, SERVICES, Platform, failure
from planning.wire import layout

MONTH = "2026-03"
REQUIRED = 44
STAFF = ("an", "binh", "chi")
PEOPLE = ("chair", "head", *STAFF)
SALARY = {"chair": Decimal("5.2"), "head": Decimal("4.4"), "an": Decimal("3.33"), "binh": Decimal("2.67"),
          "chi": Decimal("3.99")}  # fmt: skip
EAGER = [
    *OPTIONS,
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
]
AGAIN = (
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.CANCELLED,
)


class Stopped(Exception):
    """The load was told to stop in the middle of a month."""


@dataclass(slots=True)
class Ward:
    """A ward and what its people do in the month, decided by the seed before the month begins."""

    id: str
    rounds: list[dict[str, int]]
    """Accepted pieces by person, one mapping for each round of results."""
    worked: list[dict[str, int]]
    """Half-days by person, one mapping for each round of working time."""
    fund: int
    done: dict[str, int] = field(default_factory=dict)
    """Accepted pieces that were acknowledged last."""
    time_worked: dict[str, int] = field(default_factory=dict)
    stage: str = ""
    """The last step that was acknowledged."""
    amounts: dict[str, int] = field(default_factory=dict)
    run_id: str = ""

    @property
    def totals(self) -> dict[str, Decimal]:
        """What each person's total must be."""
        found = {each: expected.total(self.done[each], leader=each == "head") for each in PEOPLE[1:]}
        return found | {"chair": expected.CHAIR_TOTAL}

    def shares(self) -> dict[str, int]:
        """What each person must get of the fund."""
        return expected.shares(
            self.fund,
            {
                each: (expected.grade(total), total, SALARY[each], self.time_worked[each], REQUIRED)
                for each, total in self.totals.items()
            },
        )


@dataclass(slots=True)
class Load:
    """Plays wards' months until told to stop.

    :param prefix: makes the wards' ids differ from those of other scenarios on the same rig
    :param rounds: how often results and working time are recorded in a month
    :param patience: seconds after which a command is given up and counts as never acknowledged
    """

    rig: Rig
    oracle: Oracle
    seed: int
    prefix: str
    rounds: int = 6
    patience: float = 90.0
    wards: list[Ward] = field(default_factory=list)
    latest: list[tuple[float, float]] = field(default_factory=list)
    """When a command was answered, and the seconds it took with all its tries."""
    early: int = 0
    """Allocations refused because what reward knew was older than what planning had acknowledged."""
    failure: BaseException | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _given_up: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _tokens: dict[tuple[str, ...], str] = field(default_factory=dict)
    _platform: Platform | None = None
    _guests: int = 0
    _criteria: list[tuple[str, str]] = field(default_factory=list)

    def start(self, clients: int) -> None:
        """Begin with so many wards at once."""
        self._platform = Platform(self.rig.stack.grpc)
        for service in SERVICES:
            channel = grpc.insecure_channel(self.rig.stack.grpc[service], EAGER)
            self._platform._channels[service] = channel
        for number in range(clients):
            self._threads.append(threading.Thread(target=self._client, args=(number,), daemon=True))
        for each in self._threads:
            each.start()

    def finish(self, within: float = 240.0) -> None:
        """Begin no new ward, and return when the months under way are through.

        :raises Exception: what a client died of
        """
        self._stop.set()
        deadline = time.monotonic() + within
        for each in self._threads:
            each.join(max(0.0, deadline - time.monotonic()))
        late = [each for each in self._threads if each.is_alive()]
        self._given_up.set()
        for each in late:
            each.join(30)
        if self.failure:
            raise self.failure
        if stuck := [each.id + ":" + each.stage for each in self.wards if each.stage != "acknowledged"]:
            raise AssertionError(f"months not through within {within} s: {stuck}")
        if self._platform:
            self._platform.close()

    def acknowledged(self) -> int:
        """How many commands were acknowledged so far."""
        return sum(each.acknowledged for each in self.oracle.commands)

    def months(self) -> int:
        """How many months are through."""
        return sum(each.stage == "acknowledged" for each in self.wards)

    def guest_id(self) -> str:
        """Return the id of the ward that :meth:`guest` will play next."""
        return f"{self.prefix}-guest-{self._guests}"

    def guest(self) -> None:
        """Play one more ward's month beside the others; :meth:`finish` waits for it too."""
        draw = random.Random(f"{self.seed} {self.prefix} guest {self._guests}")
        ward = self._ward(draw, self.guest_id())
        self._guests += 1
        self.wards.append(ward)

        def play() -> None:
            try:
                self._month(ward, draw)
            except Stopped:
                return
            except BaseException as error:  # noqa: BLE001  # told by finish
                self.failure = error
                self._stop.set()

        thread = threading.Thread(target=play, daemon=True)
        self._threads.append(thread)
        thread.start()

    # -- A client -----------------------------------------------------------------------------------------

    def _client(self, number: int) -> None:
        draw = random.Random(f"{self.seed} {self.prefix} {number}")
        turn = 0
        try:
            while not self._stop.is_set():
                ward = self._ward(draw, f"{self.prefix}-{number}-{turn}")
                with self._lock:
                    self.wards.append(ward)
                self._month(ward, draw)
                turn += 1
        except Stopped:
            return
        except BaseException as error:  # noqa: BLE001  # told by finish
            self.failure = error
            self._stop.set()

    def _ward(self, draw: random.Random, id_: str) -> Ward:
        def accepted() -> dict[str, int]:
            return {"head": draw.randint(3, 7)} | {each: draw.randint(3, 8) for each in STAFF}

        rounds = [accepted() for _ in range(self.rounds)]
        worked = [{each: draw.randint(30, REQUIRED) for each in PEOPLE} for _ in range(self.rounds)]
        return Ward(id_, rounds, worked, fund=draw.randint(20_000, 90_000) * 1000)

    def _month(self, ward: Ward, draw: random.Random) -> None:
        """Play a month to its end."""
        at: dict[str, Any] = {"ward_id": ward.id, "month": MONTH}
        office = ("clerk", "organizer")
        self._send(
            ward, "import", "planning", "ImportWorkbook", ("chief", *office),
            planning.ImportWorkbookRequest(**at, file_name="thang.xlsx", content=_workbook(ward.id)), draw,
        )  # fmt: skip
        self._send(ward, "submit", "planning", "SubmitPlans", ("chief", *office),
                   planning.SubmitPlansRequest(**at, all=True), draw)  # fmt: skip
        for superior, roles in (
            (f"{ward.id}.head", ("staff",)),
            (f"{ward.id}.chair", ("staff",)),
            ("chief", office),
        ):
            self._send(ward, "approve", "planning", "ApprovePlans", (superior, *roles),
                       planning.ApprovePlansRequest(**at), draw)  # fmt: skip
        for accepted, worked in zip(ward.rounds, ward.worked, strict=True):
            for person, pieces in accepted.items():
                result = planning.TaskResult(task_id="T", accepted=str(pieces))
                request = planning.RecordResultsRequest(
                    **at, person_id=f"{ward.id}.{person}", results=[result]
                )
                self._send(ward, "results", "planning", "RecordResults", ("chief", *office), request, draw)
                ward.done[person] = pieces
            entries = [
                planning.WorkingTime(
                    person_id=f"{ward.id}.{each}", required_half_days=REQUIRED, worked_half_days=half_days
                )
                for each, half_days in worked.items()
            ]
            self._send(ward, "time", "planning", "RecordWorkingTime", ("chief", *office),
                       planning.RecordWorkingTimeRequest(**at, entries=entries), draw)  # fmt: skip
            ward.time_worked.update(worked)
        self._assess(ward, draw)
        self._await_scores(ward)
        for decider in ("head", "chair"):
            self._send(ward, "decide", "approval", "Decide", (f"{ward.id}.{decider}", "staff"),
                       approval.DecideRequest(**at, all=True), draw, waits=True)  # fmt: skip
        self._send(ward, "publish", "approval", "Publish", ("chief", *office),
                   approval.PublishRequest(**at), draw)  # fmt: skip
        self._pay(ward, draw)

    def _assess(self, ward: Ward, draw: random.Random) -> None:
        at: dict[str, Any] = {"ward_id": ward.id, "month": MONTH}
        office = ("clerk", "organizer")
        # A month is opened once its people have arrived.
        self._send(ward, "open", "approval", "OpenMonth", ("chief", *office),
                   approval.OpenMonthRequest(**at), draw, waits=True)  # fmt: skip
        self._until(ward, "people", lambda: len(self._evaluations(ward)) == len(PEOPLE))
        criteria = self._points(ward)
        judged = [f"{ward.id}.{each}" for each in PEOPLE[1:]]
        own = [
            approval.SelfAssessment(person_id=each, values=criteria, document="12/BC-UBND", strengths="x")
            for each in judged
        ]
        self._send(ward, "self", "approval", "SubmitSelfAssessments", ("chief", *office),
                   approval.SubmitSelfAssessmentsRequest(**at, self_assessments=own), draw)  # fmt: skip
        remarks = [
            approval.Remarks(
                person_id=each, values=criteria, text="Hoàn thành", document="13/BC-UBND",
                organising=100 if each.endswith(".head") else 0,
                unity=100 if each.endswith(".head") else 0,
            )
            for each in judged
        ]  # fmt: skip
        self._send(ward, "remarks", "approval", "SubmitRemarks", ("chief", *office),
                   approval.SubmitRemarksRequest(**at, remarks=remarks), draw)  # fmt: skip
        external = approval.RecordExternalResultRequest(
            **at,
            person_id=f"{ward.id}.chair",
            grade="GRADE_B",
            document="5/QD",
            total=str(expected.CHAIR_TOTAL),
        )
        self._send(ward, "external", "approval", "RecordExternalResult", ("chief", *office), external, draw)

    def _pay(self, ward: Ward, draw: random.Random) -> None:
        finance = ("finance", "finance")
        fund = reward.CreateFundRequest(
            ward_id=ward.id, fund_id="quy", month=MONTH, kind="FUND_KIND_SUPPLEMENTARY_INCOME",
            source="Ngân sách", legal_basis="NQ 1", amount=ward.fund,
        )  # fmt: skip
        self._send(ward, "fund", "reward", "CreateFund", finance, fund, draw, waits=True)
        request = reward.AllocateRequest(ward_id=ward.id, fund_id="quy", policy="phuc-loi")
        answer = self._send(ward, "allocate", "reward", "Allocate", finance, request, draw, waits=True)
        ward.run_id = answer.run.run_id
        page = reward.ListAllocationsRequest(ward_id=ward.id, run_id=ward.run_id, page_size=100)
        listed = self._ask(ward, "reward", "ListAllocations", finance, page)
        ward.amounts = {each.person_id.rpartition(".")[2]: each.amount for each in listed.allocations}
        digest = self._exported(ward, finance)
        acknowledge = reward.AcknowledgeRunRequest(ward_id=ward.id, run_id=ward.run_id, sha256=digest)
        self._send(ward, "acknowledged", "reward", "AcknowledgeRun", finance, acknowledge, draw)

    def _exported(self, ward: Ward, who: tuple[str, ...]) -> str:
        request = reward.ExportRunRequest(
            ward_id=ward.id, run_id=ward.run_id, format=reward.EXPORT_FORMAT_CSV
        )

        def read() -> str:
            content = b""
            for piece in self.caller(who).reward.ExportRun(request, deadline_s=20):
                content += piece.chunk
            return hashlib.sha256(content).hexdigest()

        return str(self._again(ward, "ExportRun", read))

    def _await_scores(self, ward: Ward) -> None:
        wanted = ward.totals

        def told() -> bool:
            found = {each.person_id.rpartition(".")[2]: each for each in self._evaluations(ward)}
            return all(
                each in found
                and found[each].total
                and Decimal(found[each].total) == total
                and found[each].proposed_grade
                # Nobody decides about people of a unit that is not known yet.
                and found[each].decider_id
                for each, total in wanted.items()
                if each != "chair"
            )

        self._until(ward, "scores", told)

    def _evaluations(self, ward: Ward) -> list[Any]:
        request = approval.ListEvaluationsRequest(ward_id=ward.id, month=MONTH, page_size=100)
        reply = self._ask(ward, "approval", "ListEvaluations", ("chief", "organizer"), request)
        return list(reply.evaluations)

    def _points(self, ward: Ward) -> list[Any]:
        if not self._criteria:
            request = approval.ListCriteriaRequest(ward_id=ward.id, page_size=100)
            reply = self._ask(ward, "approval", "ListCriteria", ("chief", "organizer"), request)
            self._criteria = [(each.criterion_id, each.maximum) for each in reply.criteria]
        return [approval.CriterionValue(criterion_id=id_, points=most) for id_, most in self._criteria]

    # -- Calls --------------------------------------------------------------------------------------------

    def _send(
        self, ward: Ward, kind: str, service: str, method: str, who: tuple[str, ...], request: Any,
        draw: random.Random, *, waits: bool = False,
    ) -> Any:  # fmt: skip
        """Send a command until it is answered, and tell the oracle; sometimes send it once more.

        :param waits: a FAILED_PRECONDITION means that news has not arrived yet
        """
        has_id = "request_id" in request.DESCRIPTOR.fields_by_name
        if has_id:
            request.request_id = f"{draw.getrandbits(96):024x}"
        command = self.oracle.attempt(
            kind, ward.id, {"method": method, "request": getattr(request, "request_id", "")}
        )
        began = time.monotonic()

        def call() -> Any:
            command.tries += 1
            return getattr(getattr(self.caller(who), service), method)(request, deadline_s=20)

        answer = self._again(ward, method, call, waits=waits)
        command.seconds = time.monotonic() - began
        self.latest.append((time.time(), command.seconds))
        written = answer.SerializeToString(deterministic=True)
        self.oracle.acknowledge(command, hashlib.sha256(written).hexdigest()[:16])
        ward.stage = kind
        if method == "ImportWorkbook" and not answer.applied:
            raise AssertionError(f"import refused: {answer.errors[:3]}")
        if has_id and draw.random() < 0.2:
            again = self._again(ward, method, call, waits=waits)
            if again.SerializeToString(deterministic=True) != written:
                self.oracle.surprise(f"{ward.id}: {method} answered {request.request_id} in two ways")
        return answer

    def _ask(self, ward: Ward, service: str, method: str, who: tuple[str, ...], request: Any) -> Any:
        def call() -> Any:
            return getattr(getattr(self.caller(who), service), method)(request, deadline_s=20)

        return self._again(ward, method, call, waits=True, gone=True)

    def _again(
        self, ward: Ward, what: str, call: Callable[[], Any], *, waits: bool = False, gone: bool = False
    ) -> Any:
        deadline = time.monotonic() + self.patience
        pause = 0.1
        while True:
            try:
                return call()
            except grpc.RpcError as error:
                code = error.code()
                self._note(code, error)
                if code is grpc.StatusCode.FAILED_PRECONDITION:
                    self.early += failure(error, "en").reason == "INPUTS_BEHIND"
                passing = (
                    code in AGAIN
                    or (waits and code is grpc.StatusCode.FAILED_PRECONDITION)
                    or ((gone or waits) and code is grpc.StatusCode.NOT_FOUND)
                )
                if not passing or time.monotonic() > deadline:
                    self.oracle.surprise(f"{ward.id}: {what} {code.name} {error.details()}"[:400])
                    raise
            self._pause(pause)
            pause = min(pause * 1.5, 1.0)

    def _note(self, code: grpc.StatusCode, error: Any) -> None:
        if code is not grpc.StatusCode.UNAVAILABLE:
            return
        self.oracle.unavailable += 1
        status: status_pb2.Status | None = rpc_status.from_call(error)
        if status is None:
            return  # nobody answered: the process is away
        retry = error_details_pb2.RetryInfo()
        if not any(each.Unpack(retry) for each in status.details):
            self.oracle.bare += 1

    def _until(self, ward: Ward, what: str, question: Callable[[], bool]) -> None:
        deadline = time.monotonic() + self.patience
        pause = 0.05
        while not question():
            if time.monotonic() > deadline:
                self.oracle.surprise(f"{ward.id}: {what} did not arrive within {self.patience} s")
                raise AssertionError(f"{ward.id}: {what} did not arrive within {self.patience} s")
            self._pause(pause)
            pause = min(pause * 1.5, 0.5)

    def _pause(self, seconds: float) -> None:
        if self._given_up.wait(seconds):
            raise Stopped

    def fill(self, type_: str, queue: str) -> int:
        """Have a queue filled from the outbox by the one command; return how many events are sent again.

        From a day before, because what perished may have waited long.
        """
        request = operations.ReplayOutboxRequest(type=type_, queue=queue)
        request.since.FromDatetime(datetime.now(UTC) - timedelta(days=1))
        operator = self.caller(("van-hanh", "operator")).operations(topology.event_name(type_).source)
        return int(operator.ReplayOutbox(request).count)

    def caller(self, who: tuple[str, ...]) -> Any:
        """Return the services as somebody calls them: a person id and roles."""
        assert self._platform
        if who not in self._tokens:
            self._tokens[who] = auth.issue(
                self.rig.folder, person_id=who[0], wards=["*"], roles=who[1:], at=datetime.now(UTC),
                lifetime=timedelta(hours=3),
            )  # fmt: skip
        return self._platform.as_(self._tokens[who], deadline_s=20, tries=1)


def _workbook(ward_id: str) -> bytes:
    people = [
        {
            "person_id": f"{ward_id}.{each}", "full_name": f"Nguyễn {each.capitalize()}",
            "unit_id": "ld" if each == "chair" else "vp", "personnel_type": "civil_servant",
            "post": {"chair": "committee_chair", "head": "unit_head"}.get(each, "staff"),
            "title": "Công chức", "role": "leader" if each in ("chair", "head") else "staff",
            "salary_coefficient": SALARY[each],
            "superior_id": {"chair": None, "head": f"{ward_id}.chair"}.get(each, f"{ward_id}.head"),
            "in_charge_ids": {
                "chair": (f"{ward_id}.head",), "head": tuple(f"{ward_id}.{name}" for name in STAFF)
            }.get(each),
            "duty_group": "Tổng hợp", "email": f"{each}@{ward_id}.example.org",
        }
        for each in PEOPLE
    ]  # fmt: skip
    tasks = [
        {
            "person_id": f"{ward_id}.{each}", "task_id": "T", "kind": "planned", "name": "Báo cáo",
            "output": "Báo cáo", "due_on": date(2026, 3, 20), "responsibility": "Chủ trì",
            "authority": "Trưởng đơn vị", "quantity": Decimal(expected.QUANTITY), "coefficient": Decimal(1),
        }
        for each in PEOPLE
    ]  # fmt: skip
    pages: dict[str, list[dict[str, Any]]] = {
        "ward": [{"ward_id": ward_id, "name": "Phường", "city": "Hà Nội"}],
        "units": [
            {"unit_id": "ld", "name": "Lãnh đạo", "kind": "leadership"},
            {"unit_id": "vp", "name": "Văn phòng", "kind": "office"},
        ],
        "people": people,
        "tasks": tasks,
    }
    known = {each.name: each for each in layout.SHEETS}
    return sheets.workbook(
        [
            sheets.Page(known[name], [{k: v for k, v in row.items() if v is not None} for row in rows])
            for name, rows in pages.items()
        ]
    )
