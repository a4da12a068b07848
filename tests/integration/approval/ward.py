"""A small ward: planning's and scoring's events as they would come, and the steps of a month."""

import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.message import Message
from sqlalchemy import select

from chassis.bus import Event
from chassis.db.tables import outbox
from kpi.approval.v1 import approval_pb2 as pb
from kpi.planning.v1 import events_pb2 as planning
from kpi.planning.v1 import planning_pb2
from kpi.scoring.v1 import events_pb2 as scoring
from kpi.scoring.v1 import scoring_pb2
from kpi.types.v1 import types_pb2
from support.service import Caller, Running, refusal

WARD = "phuc-loi"
"""What tests call the ward; each test's is another one in the database, see :class:`OwnCaller`."""
MONTH = "2090-12"
"""A month whose deadlines lie ahead."""
PAST = "2026-03"
"""A month whose deadlines have passed."""

MAXIMA = {
    "I.1": "5",
    "I.2": "5",
    "II.1": "2.5",
    "II.2": "2.5",
    "II.3": "2.5",
    "II.4": "2.5",
    "III.1": "2.5",
    "III.2": "2.5",
    "III.3": "2.5",
    "III.4": "2.5",
}

LETTERS = {
    "A": types_pb2.GRADE_A,
    "B": types_pb2.GRADE_B,
    "C": types_pb2.GRADE_C,
    "D": types_pb2.GRADE_D,
    "": types_pb2.GRADE_UNSPECIFIED,
}


def values(**points: str) -> list[pb.CriterionValue]:
    """A value for every criterion, full unless said otherwise (``II_1="2"``)."""
    given = {name.replace("_", "."): text for name, text in points.items()}
    return [
        pb.CriterionValue(
            criterion_id=each,
            points=given.get(each, most),
            reason="chưa có sáng kiến" if each in given else "",
        )
        for each, most in MAXIMA.items()
    ]


_numbers = itertools.count(1)


class OwnCaller:
    """Calls the service for one test's ward, where the request names :data:`WARD`."""

    def __init__(self, caller: Caller, ward_id: str) -> None:
        self._caller, self._ward_id = caller, ward_id

    def __getattr__(self, method: str) -> Callable[[Any], Any]:
        call = getattr(self._caller, method)

        def own(request: Any) -> Any:
            sent = type(request)()
            sent.CopyFrom(request)
            if sent.ward_id == WARD:
                sent.ward_id = self._ward_id
            return call(sent)

        return own


class Ward:
    """Drives one approval service, for a ward of its own."""

    def __init__(self, service: Running, month: str = MONTH) -> None:
        self.service, self.month = service, month
        self.id = f"{WARD}-{next(_numbers)}"
        self.revision = 0
        self.people: dict[str, planning_pb2.Person] = {}

    # -- who calls --------------------------------------------------------------------------------------

    def as_(self, person_id: str, *roles: str) -> OwnCaller:
        return OwnCaller(self.service.as_(person_id, *roles, wards=(self.id,)), self.id)

    @property
    def organizer(self) -> OwnCaller:
        return self.as_("to-chuc", "staff", "organizer")

    @property
    def clerk(self) -> OwnCaller:
        return self.as_("van-thu", "staff", "clerk")

    # -- what other services announced ------------------------------------------------------------------

    def hear(self, *events: Message) -> None:
        """Hand events to the worker's handlers, each run of one type in one transaction, as the bus does."""
        from approval.worker import ApprovalWorker

        handlers: dict[str, Any] = {}
        for method in vars(ApprovalWorker).values():
            for entrypoint in getattr(method, "nameko_entrypoints", ()):
                if hasattr(entrypoint, "type"):
                    handlers[entrypoint.type] = method
        batch: list[Message] = []
        for event in [*events, None]:
            if batch and (event is None or type(event) is not type(batch[0])):
                with self.service.sessions.begin() as session:
                    name = batch[0].DESCRIPTOR.full_name
                    handlers[name](ApprovalWorker(), session, [_event(each) for each in batch])
                batch = []
            if event is not None:
                own: Any = type(event)()
                own.CopyFrom(event)
                own.ward_id = self.id
                batch.append(own)

    def person(self, person_id: str, **fields: Any) -> planning.PersonChanged:
        """Return news of a person; what is not said stays as it was said last."""
        known = self.people.get(person_id) or planning_pb2.Person(
            ward_id=WARD,
            person_id=person_id,
            from_month="2026-01",
            full_name=f"Họ Tên {person_id}",
            unit_id="vp",
            post="staff",
            role=types_pb2.ROLE_STAFF,
            duty_group="chuyen-mon",
            active=True,
        )
        changed = planning_pb2.Person()
        changed.CopyFrom(known)
        in_charge = fields.pop("in_charge_ids", None)
        for name, value in fields.items():
            setattr(changed, name, value)
        if in_charge is not None:
            changed.in_charge_ids[:] = in_charge
        changed.revision = known.revision + 1
        self.people[person_id] = changed
        return planning.PersonChanged(ward_id=WARD, person=changed)

    def unit(self, unit_id: str, kind: types_pb2.UnitKind, revision: int = 1) -> planning.UnitChanged:
        return planning.UnitChanged(
            ward_id=WARD,
            unit=planning_pb2.Unit(
                ward_id=WARD,
                unit_id=unit_id,
                name=unit_id,
                kind=kind,
                revision=revision,
            ),
        )

    def settle(self) -> None:
        """Let the ward be known, and open its month."""
        self.hear(*self.news())
        self.organizer.OpenMonth(pb.OpenMonthRequest(ward_id=WARD, month=self.month))

    def news(self) -> list[Message]:
        leads = types_pb2.ROLE_LEADER
        return [
            planning.WardChanged(
                ward_id=WARD,
                ward=planning_pb2.Ward(ward_id=WARD, name="Phường Phúc Lợi", city="Hà Nội"),
                revision=1,
            ),
            self.unit("lanh-dao", types_pb2.UNIT_KIND_LEADERSHIP),
            self.unit("vp", types_pb2.UNIT_KIND_OFFICE),
            self.unit("th", types_pb2.UNIT_KIND_SCHOOL),
            self.person("bt", unit_id="lanh-dao", post="party_secretary", role=leads, duty_group="lanh-dao"),
            self.person(
                "ct",
                unit_id="lanh-dao",
                post="committee_chair",
                role=leads,
                superior_id="bt",
                duty_group="lanh-dao",
                in_charge_ids=["vp-truong"],
            ),
            self.person(
                "vp-truong",
                post="unit_head",
                role=leads,
                superior_id="ct",
                in_charge_ids=["vp-pho", "vp-1", "vp-2", "vp-3"],
                duty_group="quan-ly",
            ),
            self.person(
                "vp-pho",
                post="unit_deputy",
                role=leads,
                superior_id="vp-truong",
                in_charge_ids=["vp-1"],
                duty_group="quan-ly",
            ),
            self.person("vp-1", superior_id="vp-pho"),
            self.person("vp-2", superior_id="vp-truong"),
            self.person("vp-3", superior_id="vp-truong"),
            self.person(
                "th-truong",
                unit_id="th",
                post="unit_head",
                role=leads,
                superior_id="ct",
                duty_group="quan-ly",
            ),
            self.person("th-1", unit_id="th", superior_id="th-truong"),
        ]

    def score(self, person_id: str, total: str, **fields: Any) -> scoring.ScorecardComputed:
        """Return a score with that total, as scoring would compute it from what is assessed now."""
        self.revision += 1
        told = self.general(person_id)
        band = band_of(total) if total else ""
        leads = self.people[person_id].role == types_pb2.ROLE_LEADER
        result = scoring_pb2.Score(
            ward_id=WARD,
            person_id=person_id,
            unit_id=self.people[person_id].unit_id,
            month=self.month,
            status=scoring_pb2.SCORE_STATUS_EVALUATED,
            total=total,
            band=LETTERS[band],
            proposed_grade=LETTERS["D" if told.get("blocker") else band],
            quota=scoring_pb2.QUOTA_OUTCOME_NONE,
            general=told.get("general", ""),
            quota_scope=self.people[person_id].quota_scope or self.people[person_id].unit_id,
            duty_group=self.people[person_id].duty_group,
            blocker=told.get("blocker", ""),
            policy="default@1",
            revision=self.revision,
        )
        if leads and told:
            result.ratios.dd = f"{told['organising'] / 100:.4f}"
            result.ratios.e = f"{told['unity'] / 100:.4f}"
        for name, value in fields.items():
            setattr(result, name, value)
        return scoring.ScorecardComputed(ward_id=WARD, score=result)

    def score_all(self, totals: Mapping[str, str]) -> None:
        """Announce scores and quota proposals for totals, as scoring would (R-21, R-22)."""
        groups: dict[tuple[str, str], list[str]] = {}
        found = {each: self.score(each, total) for each, total in totals.items()}
        for each, event in found.items():
            groups.setdefault((event.score.quota_scope, event.score.duty_group), []).append(each)
        quotas = []
        for (scope, group), members in groups.items():
            rated = [e for e in members if band_of(totals[e]) in "AB" and not found[e].score.blocker]
            best = sorted(
                (e for e in rated if band_of(totals[e]) == "A"),
                key=lambda e: Fraction(totals[e]),
                reverse=True,
            )
            limit = literal_limit(len(rated))
            kept = best[:limit]
            at_cut = {totals[e] for e in kept[-1:]} & {totals[e] for e in best[limit : limit + 1]}
            tied = [e for e in best if totals[e] in at_cut]
            kept = [e for e in kept if e not in tied]
            lowered = [e for e in best if e not in kept and e not in tied]
            for names, outcome in (
                (kept, scoring_pb2.QUOTA_OUTCOME_KEPT),
                (lowered, scoring_pb2.QUOTA_OUTCOME_LOWERED),
                (tied, scoring_pb2.QUOTA_OUTCOME_TIE),
            ):
                for name in names:
                    found[name].score.quota = outcome
                    if outcome != scoring_pb2.QUOTA_OUTCOME_KEPT:
                        found[name].score.proposed_grade = types_pb2.GRADE_B
            self.revision += 1
            quotas.append(
                scoring.QuotaProposed(
                    ward_id=WARD,
                    quota=scoring_pb2.Quota(
                        ward_id=WARD,
                        month=self.month,
                        quota_scope=scope,
                        duty_group=group,
                        base=len(rated),
                        rate="0.20",
                        quota_base="good",
                        limit=limit,
                        kept_ids=kept,
                        lowered_ids=lowered,
                        tied_ids=tied,
                        revision=self.revision,
                    ),
                )
            )
        self.hear(*found.values(), *quotas)

    # -- what approval announced --------------------------------------------------------------------------

    def announced(self, event: str) -> list[dict[str, Any]]:
        """Return the bodies of what was announced under a name, in order."""
        with self.service.sessions() as session:
            rows = session.execute(
                select(outbox.c.body)
                .where(outbox.c.type == f"kpi.approval.v1.{event}")
                .order_by(outbox.c.position)
            )
            found = [json.loads(body) for (body,) in rows]
        return [{**each, "ward_id": WARD} for each in found if each["ward_id"] == self.id]

    def general(self, person_id: str) -> dict[str, Any]:
        """Return the newest GeneralAssessed of a person, or nothing."""
        found = [each for each in self.announced("GeneralAssessed") if each["person_id"] == person_id]
        return max(found, key=lambda each: int(each["revision"]), default={})

    # -- steps ----------------------------------------------------------------------------------------------

    def assess(self, *person_ids: str, **points: str) -> None:
        """Submit self-assessments, each by the person himself."""
        for each in person_ids:
            self.as_(each).SubmitSelfAssessments(
                pb.SubmitSelfAssessmentsRequest(
                    ward_id=WARD,
                    month=self.month,
                    self_assessments=[pb.SelfAssessment(person_id=each, values=values(**points))],
                )
            )

    def remark(self, *person_ids: str, **fields: Any) -> None:
        """Record remarks, each by the direct superior."""
        for each in person_ids:
            leads = self.people[each].role == types_pb2.ROLE_LEADER
            both = {"organising": 100, "unity": 100} if leads else {}
            self.as_(self.people[each].superior_id).SubmitRemarks(
                pb.SubmitRemarksRequest(
                    ward_id=WARD,
                    month=self.month,
                    remarks=[pb.Remarks(person_id=each, **{**both, **fields})],
                )
            )

    def prepare(self, totals: Mapping[str, str]) -> None:
        """Take these people as far as the decision."""
        self.assess(*totals)
        self.remark(*totals)
        self.score_all(totals)

    def decide(self, decider: str, decisions: Sequence[pb.GradeDecision] = (), **fields: Any) -> list[str]:
        response = self.as_(decider).Decide(
            pb.DecideRequest(ward_id=WARD, month=self.month, decisions=decisions, **fields)
        )
        return list(response.person_ids)

    def evaluation(self, person_id: str, caller: OwnCaller | Caller | None = None) -> pb.Evaluation:
        found: pb.Evaluation = (
            (caller or self.organizer)
            .GetEvaluation(pb.GetEvaluationRequest(ward_id=WARD, person_id=person_id, month=self.month))
            .evaluation
        )
        return found

    def state(self, person_id: str) -> str:
        return state_name(self.evaluation(person_id).state)

    def publish(self, unit_id: str = "") -> pb.PublishResponse:
        found: pb.PublishResponse = self.organizer.Publish(
            pb.PublishRequest(ward_id=WARD, month=self.month, unit_id=unit_id)
        )
        return found


def choose(person_id: str, grade: str = "", reason: str = "", score_revision: int = 0) -> pb.GradeDecision:
    return pb.GradeDecision(
        person_id=person_id,
        grade=LETTERS[grade],
        reason=reason,
        score_revision=score_revision,
    )


def state_name(state: pb.EvaluationState) -> str:
    return pb.EvaluationState.Name(state).removeprefix("EVALUATION_STATE_")


def refused(call: Any, *arguments: Any, **fields: Any) -> tuple[grpc.StatusCode, str, dict[str, str]]:
    """Make a call that must be refused; return its code, reason and facts."""
    with pytest.raises(grpc.RpcError) as caught:
        call(*arguments, **fields)
    return refusal(caught.value)


def band_of(total: str) -> str:
    number = Fraction(total)
    return "A" if number >= 90 else "B" if number >= 70 else "C" if number >= 50 else "D"


def literal_limit(members: int, rate: Fraction = Fraction(1, 5)) -> int:
    """The most A for which A <= q * B with A + B = members, found by trying (R-21)."""
    return max(a for a in range(members + 1) if a <= rate * (members - a))


def ids(entries: Iterable[Any]) -> list[str]:
    return [each.person_id for each in entries]


def _event(body: Message) -> Event[Any]:
    return Event(
        id=str(uuid4()),
        type=body.DESCRIPTOR.full_name,
        source="test",
        subject="",
        time=datetime.now(UTC),
        correlation_id="",
        body=body,
    )
