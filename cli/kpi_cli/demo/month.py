"""The steps of a month, each done through the services' doors by the person whose step it is."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

from kpi.approval.v1 import approval_pb2 as approval
from kpi.operations.v1 import operations_pb2 as operations
from kpi.planning.v1 import planning_pb2 as planning
from kpi.reward.v1 import reward_pb2 as reward
from kpi.scoring.v1 import scoring_pb2 as scoring
from kpi.types.v1 import types_pb2 as types
from kpi_cli import downloads, output
from kpi_cli.client import SERVICES, Caller, Platform, failure
from kpi_cli.demo.story import Story

CLERK, ORGANIZER, FINANCE, OPERATOR = "van-thu", "to-chuc", "ke-toan", "van-hanh"
"""Accounts of the offices that keep the month going; everybody else acts as himself."""

PAPERS_S = 600.0
"""How long a ward's documents may take."""

SETTLE_S = 180.0
"""How long announced changes may take to arrive everywhere."""


class MonthFailed(Exception):
    """The month cannot go on; the message says at which step and why."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``run`` returns in a few words what came of it."""

    name: str
    vi: str
    en: str
    run: Callable[[], str]


@dataclass(slots=True)
class Month:
    """A month under way.

    :param token: returns a token for a person with roles
    :param out: folder for the finance files and the record
    """

    story: Story
    platform: Platform
    token: Callable[[str, tuple[str, ...]], str]
    out: Path
    run: reward.Run | None = None
    exports: dict[str, Path] = field(default_factory=dict)
    papers: dict[str, Path] = field(default_factory=dict)
    """The record's archive, and of its documents a sheet and a unit's summary."""
    acting: dict[str, str] = field(default_factory=dict)
    """Who decides for whom by delegation: from the competent person to the delegate (R-2)."""

    def steps(self) -> Iterator[Step]:
        """Give the steps in their order; each may be run again after it broke off."""
        yield Step(
            "people", "Nhập đơn vị, nhân sự, danh mục, kế hoạch", "Import people and plans", self._people
        )
        yield Step("plans", "Trình và phê duyệt kế hoạch", "Submit and approve plans", self._plans)
        yield Step("results", "Nhập kết quả, sai sót, ngày công", "Import results", self._results)
        yield Step("open", "Mở kỳ đánh giá", "Open the month", self._open)
        yield Step("self", "Tự đánh giá", "Self-assessments", self._self_assessments)
        yield Step("remarks", "Nhận xét của cấp có thẩm quyền", "Superiors' remarks", self._remarks)
        yield Step("scores", "Chấm điểm", "Scores", self._scores)
        yield Step("decisions", "Quyết định xếp loại", "Decisions", self._decisions)
        yield Step("publish", "Công bố", "Publication", self._publish)
        yield Step("record", "Lập hồ sơ tháng (phiếu, danh sách)", "Issue the record", self._record)
        yield Step("allocate", "Phân bổ thu nhập tăng thêm", "Allocation", self._allocate)
        yield Step("export", "Xuất tệp cho kế toán, xác nhận", "Finance export", self._export)

    def as_(self, person_id: str, *roles: str) -> Caller:
        """Return the services as a person calls them; without roles as a plain public servant."""
        return self.platform.as_(self.token(person_id, roles or ("staff",)), deadline_s=120)

    def settle(self) -> None:
        """Wait until everything that was announced has arrived and is computed.

        :raises MonthFailed: if it does not within the limit, or an event was parked
        """
        deadline = time.monotonic() + SETTLE_S
        quiet = 0
        while quiet < 2:  # noqa: PLR2004  # an event may be between two services at the first look
            why = self._moving()
            quiet = 0 if why else quiet + 1
            if why and time.monotonic() > deadline:
                raise MonthFailed(f"not settled within {SETTLE_S:.0f} s: {why}")
            time.sleep(0.1)

    # -- Steps --------------------------------------------------------------------------------------------

    def _people(self) -> str:
        # The ward's row names the decision that puts the catalogue in force: the organizer's to enter.
        organizer = self.as_(ORGANIZER, "organizer")
        answer = self._import(["ward", "units", "people", "catalogue", "tasks"], by=organizer)
        return ", ".join(f"{sheet} {count}" for sheet, count in sorted(answer.rows.items()))

    def _plans(self) -> str:
        story, clerk = self.story, self.as_(CLERK, "clerk")
        submitted = clerk.planning.SubmitPlans(
            planning.SubmitPlansRequest(ward_id=story.ward_id, month=story.month, all=True)
        ).count
        superiors = {each.superior_id for each in self.people()}
        approved = 0
        for superior in sorted(superiors - {""}):
            request = planning.ApprovePlansRequest(ward_id=story.ward_id, month=story.month)
            approved += self.as_(superior).planning.ApprovePlans(request).count
        request = planning.ApprovePlansRequest(ward_id=story.ward_id, month=story.month)
        approved += self.as_(ORGANIZER, "organizer").planning.ApprovePlans(request).count
        return f"{submitted} → {approved}"

    def _results(self) -> str:
        answer = self._import(["results", "faults", "working_time"], by=self.as_(CLERK, "clerk"))
        return ", ".join(f"{sheet} {count}" for sheet, count in sorted(answer.rows.items()))

    def _open(self) -> str:
        # A month is opened of a ward that approval has heard of.
        self.settle()
        request = approval.OpenMonthRequest(ward_id=self.story.ward_id, month=self.story.month)
        month = self.as_(ORGANIZER, "organizer").approval.OpenMonth(request).month
        self.settle()
        return ", ".join(output.day(each.last_day) for each in month.deadlines)

    def _self_assessments(self) -> str:
        answer = self._import_assessments(self_assessments=True)
        return f"{answer.self_assessments}"

    def _remarks(self) -> str:
        answer = self._import_assessments(remarks=True)
        story, organizer = self.story, self.as_(ORGANIZER, "organizer")
        for person_id, reason in story.not_evaluated.items():
            organizer.approval.SetNotEvaluated(
                approval.SetNotEvaluatedRequest(
                    ward_id=story.ward_id, month=story.month, person_id=person_id, reason=reason
                )
            )
        for each in story.external:
            organizer.approval.RecordExternalResult(
                approval.RecordExternalResultRequest(
                    ward_id=story.ward_id,
                    month=story.month,
                    person_id=each["person_id"],
                    grade=f"GRADE_{each['grade']}",
                    document=each["document"],
                    total=each.get("total", ""),
                )
            )
        return f"{answer.remarks}"

    def _scores(self) -> str:
        self.settle()
        request = scoring.GetMonthRequest(ward_id=self.story.ward_id, month=self.story.month)
        month = self.as_(ORGANIZER, "organizer").scoring.GetMonth(request)
        if month.waiting or month.insufficient_data:
            raise MonthFailed(f"{month.insufficient_data} without data, {month.waiting} waiting for them")
        return f"{month.evaluated} / {month.people}"

    def _decisions(self) -> str:
        """Let every authority decide, those with the deepest charge first (R-27)."""
        decided = 0
        while waiting := self._deciders():
            progress = 0
            refusals = []
            for decider in waiting:
                try:
                    if delegate := self.acting.get(decider):
                        progress += self._decide(delegate)
                    progress += self._decide(decider)
                except grpc.RpcError as error:
                    if error.code() is not grpc.StatusCode.FAILED_PRECONDITION:
                        raise
                    refusals.append(f"{decider}: {failure(error, 'en').told}")
            if not progress:
                raise MonthFailed("nobody can decide: " + "; ".join(refusals))
            decided += progress
        return f"{decided}"

    def _publish(self) -> str:
        request = approval.PublishRequest(ward_id=self.story.ward_id, month=self.story.month)
        answer = self.as_(ORGANIZER, "organizer").approval.Publish(request)
        self.settle()
        grades = Counter(types.Grade.Name(each.grade)[-1] for each in self.grades() if each.grade)
        return f"{answer.count}: " + ", ".join(f"{grade} {grades[grade]}" for grade in "ABCD")

    def _record(self) -> str:
        """Issue the ward's documents, and keep the archive with a sheet and a summary to look at."""
        story, organizer = self.story, self.as_(ORGANIZER, "organizer").approval
        asked = approval.MakeRecordsRequest(ward_id=story.ward_id, month=story.month)
        issued = [
            each
            for piece in organizer.MakeRecords(asked, deadline_s=PAPERS_S)
            for each in piece.records
            if each.format == approval.RECORD_FORMAT_PDF
        ]
        self.out.mkdir(parents=True, exist_ok=True)
        request = approval.GetRecordArchiveRequest(ward_id=story.ward_id, month=story.month)
        archive, self.papers["archive"] = downloads.saved(
            organizer.GetRecordArchive(request, deadline_s=PAPERS_S), "summary", self.out
        )
        for name, kind in (
            ("sheet", approval.RECORD_KIND_SHEET),
            ("summary", approval.RECORD_KIND_UNIT_SUMMARY),
            ("commendations", approval.RECORD_KIND_COMMENDATIONS),
        ):
            # The last sheet of a unit is a public servant's who leads nobody.
            chosen = max((each for each in issued if each.kind == kind), key=lambda each: each.record_id)
            wanted = approval.GetRecordRequest(
                ward_id=story.ward_id, month=story.month, record_id=chosen.record_id
            )
            _, self.papers[name] = downloads.saved(organizer.GetRecord(wanted), "record", self.out)
        return f"{len(issued)} PDF, {archive.sha256[:16]}"

    def create_fund(self, fund: Mapping[str, Any]) -> None:
        """Record a fund of the month; the same again changes nothing."""
        story = self.story
        self.as_(FINANCE, "finance").reward.CreateFund(
            reward.CreateFundRequest(
                ward_id=story.ward_id,
                fund_id=fund["fund_id"],
                month=story.month,
                kind=f"FUND_KIND_{fund['kind'].upper()}",
                source=fund["source"],
                legal_basis=fund["legal_basis"],
                amount=fund["amount"],
            )
        )

    def _allocate(self) -> str:
        story, finance = self.story, self.as_(FINANCE, "finance")
        fund = story.fund
        self.create_fund(fund)
        answer = finance.reward.Allocate(
            reward.AllocateRequest(
                ward_id=story.ward_id,
                fund_id=fund["fund_id"],
                policy=story.policy,
                request_id=f"allocate-{story.ward_id}-{fund['fund_id']}",
            )
        )
        self.run = answer.run
        return f"{self.run.distributed:,} + {self.run.undistributed:,}".replace(",", ".")

    def _export(self) -> str:
        if not self.run:
            raise MonthFailed("nothing is allocated")
        finance = self.as_(FINANCE, "finance")
        digests: list[str] = []
        self.out.mkdir(parents=True, exist_ok=True)
        for name, form in (("csv", reward.EXPORT_FORMAT_CSV), ("xlsx", reward.EXPORT_FORMAT_XLSX)):
            request = reward.ExportRunRequest(ward_id=self.story.ward_id, run_id=self.run.run_id, format=form)
            summary, self.exports[name] = downloads.saved(
                finance.reward.ExportRun(request), "summary", self.out
            )
            digests.append(summary.sha256)
        finance.reward.AcknowledgeRun(
            reward.AcknowledgeRunRequest(
                ward_id=self.story.ward_id, run_id=self.run.run_id, sha256=digests[0]
            )
        )
        self.settle()
        return digests[0][:16]

    # -- Questions ----------------------------------------------------------------------------------------

    def people(self) -> list[planning.Person]:
        """Return the ward's people of the month."""
        request = planning.ListPeopleRequest(
            ward_id=self.story.ward_id, month=self.story.month, page_size=1000
        )
        return list(self.as_(ORGANIZER, "organizer").planning.pages("ListPeople", request, "people"))

    def grades(self) -> list[approval.PublishedGrade]:
        """Return the published grades."""
        request = approval.ListGradesRequest(
            ward_id=self.story.ward_id, month=self.story.month, page_size=1000
        )
        return list(self.as_(ORGANIZER, "organizer").approval.pages("ListGrades", request, "grades"))

    def evaluations(self) -> list[approval.Evaluation]:
        """Return every evaluation, as the organizer sees it."""
        request = approval.ListEvaluationsRequest(
            ward_id=self.story.ward_id, month=self.story.month, page_size=1000
        )
        organizer = self.as_(ORGANIZER, "organizer")
        return list(organizer.approval.pages("ListEvaluations", request, "evaluations"))

    def scores(self) -> list[scoring.Score]:
        """Return every score."""
        request = scoring.ListScoresRequest(
            ward_id=self.story.ward_id, month=self.story.month, page_size=1000
        )
        return list(self.as_(ORGANIZER, "organizer").scoring.pages("ListScores", request, "scores"))

    def quotas(self) -> list[scoring.Quota]:
        """Return every quota."""
        request = scoring.ListQuotasRequest(
            ward_id=self.story.ward_id, month=self.story.month, page_size=1000
        )
        return list(self.as_(ORGANIZER, "organizer").scoring.pages("ListQuotas", request, "quotas"))

    # -- Inside -------------------------------------------------------------------------------------------

    def _import(self, sheets: list[str], *, by: Caller) -> planning.ImportWorkbookResponse:
        answer: planning.ImportWorkbookResponse = by.planning.ImportWorkbook(
            planning.ImportWorkbookRequest(
                ward_id=self.story.ward_id,
                month=self.story.month,
                file_name=self.story.workbook.name,
                content=self.story.workbook.read_bytes(),
                sheets=sheets,
            )
        )
        refuse_errors(answer)
        return answer

    def _import_assessments(
        self, *, self_assessments: bool = False, remarks: bool = False
    ) -> approval.ImportAssessmentsResponse:
        answer: approval.ImportAssessmentsResponse = self.as_(CLERK, "clerk").approval.ImportAssessments(
            approval.ImportAssessmentsRequest(
                ward_id=self.story.ward_id,
                month=self.story.month,
                file_name=self.story.workbook.name,
                content=self.story.workbook.read_bytes(),
                document=self.story.document,
                self_assessments=self_assessments,
                remarks=remarks,
            )
        )
        refuse_errors(answer)
        return answer

    def _deciders(self) -> list[str]:
        """Return who has somebody to decide about, those furthest from the top first."""
        evaluations = self.evaluations()
        decider_of = {each.person_id: each.decider_id for each in evaluations}

        def depth(person_id: str) -> int:
            seen: set[str] = set()
            while person_id and person_id not in seen:
                seen.add(person_id)
                person_id = decider_of.get(person_id, "")
            return len(seen)

        waiting = {
            each.decider_id
            for each in evaluations
            if each.state == approval.EVALUATION_STATE_AWAITING_DECISION
        }
        return sorted(waiting, key=lambda decider: (-depth(decider), decider))

    def _decide(self, decider: str) -> int:
        story = self.story
        request = approval.ListEvaluationsRequest(
            ward_id=story.ward_id, month=story.month, awaiting_me=True, page_size=1000
        )
        caller = self.as_(decider)
        mine = [
            each.person_id
            for each in caller.approval.pages("ListEvaluations", request, "evaluations")
            if each.state == approval.EVALUATION_STATE_AWAITING_DECISION
        ]
        if not mine:
            return 0
        decisions = [
            approval.GradeDecision(
                person_id=person_id,
                grade=f"GRADE_{story.choices[person_id][0]}",
                reason=story.choices[person_id][1],
            )
            for person_id in mine
            if person_id in story.choices
        ]
        answer = caller.approval.Decide(
            approval.DecideRequest(ward_id=story.ward_id, month=story.month, decisions=decisions, all=True)
        )
        return len(answer.person_ids)

    def _moving(self) -> str:
        """Return what still moves, or nothing."""
        operator, organizer = self.as_(OPERATOR, "operator"), self.as_(ORGANIZER, "organizer")
        for service in SERVICES:
            status = operator.operations(service).GetStatus(operations.GetStatusRequest())
            if status.dead:
                raise MonthFailed(f"{service} has {status.dead} dead events: kpi parked list")
            if status.outbox_length or status.parked:
                return f"{service}: outbox {status.outbox_length}, parked {status.parked}"
        ward, month = self.story.ward_id, self.story.month
        people = {each.person_id for each in self.people()}
        if organizer.scoring.GetMonth(scoring.GetMonthRequest(ward_id=ward, month=month)).stale:
            return "scoring computes"
        scores = {each.person_id: each.revision for each in self.scores()}
        if scores.keys() != people:
            return f"scoring knows {len(scores)} of {len(people)} people"
        try:
            evaluations = {each.person_id: each.score_revision for each in self.evaluations()}
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.NOT_FOUND:
                return ""
            raise
        behind = sum(evaluations.get(person_id) != revision for person_id, revision in scores.items())
        return f"approval has {behind} older scores" if behind else ""


def refuse_errors(answer: Any) -> None:
    """Refuse a file of which nothing was taken over.

    :raises MonthFailed: with the first bad cells
    """
    if not answer.applied:
        told = [f"{each.sheet}!{each.row} {each.column}: {each.reason_en}" for each in answer.errors[:10]]
        raise MonthFailed(f"{answer.error_count} bad cells: " + "; ".join(told))
