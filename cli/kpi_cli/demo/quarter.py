"""A quarter: months one after another, with what a month alone does not show (R-2, R-5, R-21, R-24, R-30)."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from chassis import days
from kpi.approval.v1 import approval_pb2 as approval
from kpi.planning.v1 import planning_pb2 as planning
from kpi.reward.v1 import adjustments_pb2 as pb
from kpi.reward.v1 import reward_pb2 as reward
from kpi.scoring.v1 import scoring_pb2 as scoring
from kpi_cli.client import Platform
from kpi_cli.demo import work
from kpi_cli.demo.month import CLERK, FINANCE, ORGANIZER, Month, MonthFailed, Step, refuse_errors
from kpi_cli.demo.story import QuarterStory

PAGE = 1000
OUTCOMES = {"upheld": "chấp nhận", "dismissed": "không chấp nhận"}


@dataclass(slots=True)
class Quarter:
    """A quarter under way.

    :param token: returns a token for a person with roles
    :param out: holds a folder a month for the finance files and the record
    """

    story: QuarterStory
    platform: Platform
    token: Callable[[str, tuple[str, ...]], str]
    out: Path
    months: list[Month] = field(default_factory=list)
    adjustments: dict[str, list[pb.Adjustment]] = field(default_factory=dict)
    """What upheld appeals changed in money, by month (R-39)."""

    def __post_init__(self) -> None:
        self.months = [
            Month(each, self.platform, self.token, self.out / each.month) for each in self.story.months
        ]

    def steps(self) -> Iterator[Step]:
        """Give the steps of all months in their order, and the quarter's own at the end."""
        for month in self.months:
            told = month.story
            before = work.before(month)
            if told.amendment:
                before.setdefault("results", []).append(
                    _step("amend", "Điều chỉnh kế hoạch đã duyệt", "Amend", self._amend, month)
                )
            if told.objectives:
                before.setdefault("open", []).append(
                    _step("objectives", "Nhập mục tiêu, số đo", "Import objectives", self._objectives, month)
                )
            if told.quota_rates:
                before["scores"] = [_step("rate", "Tăng tỷ lệ loại A", "Quota rate", self._rate, month)]
            if told.delegations:
                before["decisions"] = [_step("delegate", "Ủy quyền", "Delegate", self._delegate, month)]
            for each in month.steps():
                yield from (_dated(extra, told.month) for extra in before.get(each.name, ()))
                yield _dated(each, told.month)
            if told.appeals:
                yield from (_dated(each, told.month) for each in self._after_appeals(month))
        yield Step("period", f"Kết quả {self.story.period}", self.story.period, self._period)

    def _after_appeals(self, month: Month) -> Iterator[Step]:
        """Give the steps of a paid month: appeals, the record's next version, the difference."""
        yield _step("appeals", "Kiến nghị và trả lời", "Appeals", self._appeals, month)
        for each in month.steps():
            if each.name == "record":
                yield replace(each, name="record again", vi="Lập lại hồ sơ theo kết quả mới")
        if month.story.adjustment_fund:
            yield _step("adjust", "Chi điều chỉnh sau kiến nghị", "Adjust", self._adjust, month)

    def periods(self) -> list[scoring.PeriodScore]:
        """Return what the quarter came to for everybody."""
        last = self.months[-1]
        request = scoring.ListPeriodsRequest(
            ward_id=last.story.ward_id, period=self.story.period, page_size=PAGE
        )
        return list(last.as_(ORGANIZER, "organizer").scoring.pages("ListPeriods", request, "periods"))

    def amounts(self, month: str) -> dict[str, int]:
        """Return what a month's run pays: đồng by person."""
        [played] = [each for each in self.months if each.story.month == month]
        if not played.run:
            raise MonthFailed(f"nothing is allocated for {month}")
        request = reward.ListAllocationsRequest(
            ward_id=played.story.ward_id, run_id=played.run.run_id, page_size=PAGE
        )
        finance = played.as_(FINANCE, "finance").reward
        return {
            each.person_id: each.amount for each in finance.pages("ListAllocations", request, "allocations")
        }

    def _amend(self, month: Month) -> str:
        """Take the changed plans over, submit them, and let each one's superior approve."""
        path, story = month.story.amendment, month.story
        if path is None:
            raise MonthFailed("no amendment is told")
        clerk = month.as_(CLERK, "clerk")
        self._import(month, path, ["tasks"])
        submit = planning.SubmitPlansRequest(ward_id=story.ward_id, month=story.month, all=True)
        submitted = clerk.planning.SubmitPlans(submit).count
        approve = planning.ApprovePlansRequest(ward_id=story.ward_id, month=story.month)
        superiors = sorted({each.superior_id for each in month.people()} - {""})
        approved = sum(month.as_(each).planning.ApprovePlans(approve).count for each in superiors)
        return f"{submitted} → {approved}"

    def _objectives(self, month: Month) -> str:
        sheets = ["objectives", "key_results", "readings"]
        answer = self._import(month, month.story.workbook, sheets)
        return ", ".join(f"{sheet} {answer.rows[sheet]}" for sheet in sheets)

    def _import(self, month: Month, path: Path, sheets: list[str]) -> planning.ImportWorkbookResponse:
        answer: planning.ImportWorkbookResponse = month.as_(CLERK, "clerk").planning.ImportWorkbook(
            planning.ImportWorkbookRequest(
                ward_id=month.story.ward_id,
                month=month.story.month,
                file_name=path.name,
                content=path.read_bytes(),
                sheets=sheets,
            )
        )
        refuse_errors(answer)
        return answer

    def _rate(self, month: Month) -> str:
        rates = month.story.quota_rates
        headers = ("Quota scope", "Rate", "Decision", "Decided on", "Signer", "Reason")
        fields = ("quota_scope", "rate", "decision", "decided_on", "signer", "reason")
        self._sheet(month, "quota_rates", [headers, *([each[name] for name in fields] for each in rates)])
        return ", ".join(f"{each['quota_scope']} {each['rate']}" for each in rates)

    def _delegate(self, month: Month) -> str:
        """Give each delegation from today on, for as many days as told: a delegate acts on its days only."""
        story, today = month.story, days.legal_day(days.now())
        rows: list[Sequence[str]] = [("Delegated by", "Delegated to", "From day", "To day", "Document")]
        for each in story.delegations:
            who = (each["from_person_id"], each["to_person_id"])
            last = today + timedelta(days=each["days"] - 1)
            rows.append((*who, today.isoformat(), last.isoformat(), each["document"]))
            month.acting[who[0]] = who[1]
        self._sheet(month, "delegations", rows)
        return ", ".join(f"{each['from_person_id']} → {each['to_person_id']}" for each in story.delegations)

    def _sheet(self, month: Month, name: str, rows: Sequence[Sequence[str]]) -> None:
        """Hand decisions over as a sheet of CSV, as an organizer who keeps them in a spreadsheet does."""
        written = io.StringIO()
        csv.writer(written, delimiter=";").writerows(rows)
        refuse_errors(
            month.as_(ORGANIZER, "organizer").approval.ImportDecisions(
                approval.ImportDecisionsRequest(
                    ward_id=month.story.ward_id,
                    month=month.story.month,
                    file_name=f"{name}.csv",
                    content=written.getvalue().encode(),
                    sheets=[name],
                )
            )
        )

    def _adjust(self, month: Month) -> str:
        """Post what the new decisions are worth beyond what was paid, on a fund of its own."""
        story, fund = month.story, month.story.adjustment_fund
        if not month.run or fund is None:
            raise MonthFailed("there is no run to adjust, or no fund to pay from")
        month.create_fund(fund)
        answer = month.as_(FINANCE, "finance").reward.AdjustRun(
            pb.AdjustRunRequest(
                ward_id=story.ward_id,
                run_id=month.run.run_id,
                fund_id=fund["fund_id"],
                request_id=f"adjust-{story.ward_id}-{fund['fund_id']}",
            )
        )
        self.adjustments[story.month] = list(answer.adjustments)
        month.settle()
        told = (f"{each.person_id} {each.difference:+,}".replace(",", ".") for each in answer.adjustments)
        return ", ".join(told)

    def _appeals(self, month: Month) -> str:
        """Let each appeal, and whoever is the decider's superior answer."""
        story = month.story
        for each in story.appeals:
            appeal = (
                month.as_(each["person_id"])
                .approval.SubmitAppeal(
                    approval.SubmitAppealRequest(ward_id=story.ward_id, month=story.month, text=each["text"])
                )
                .appeal
            )
            month.as_(appeal.answerer_id).approval.AnswerAppeal(
                approval.AnswerAppealRequest(
                    ward_id=story.ward_id,
                    appeal_id=appeal.appeal_id,
                    outcome=f"APPEAL_OUTCOME_{each['outcome'].upper()}",
                    grade=f"GRADE_{each['grade']}" if each.get("grade") else None,
                    answer=each["answer"],
                    document=each["document"],
                )
            )
        month.settle()
        return ", ".join(f"{each['person_id']}: {OUTCOMES[each['outcome']]}" for each in story.appeals)

    def _period(self) -> str:
        found = self.periods()
        return f"{sum(each.evaluated > 0 for each in found)} / {len(found)}"


def _step(name: str, vi: str, en: str, run: Callable[[Month], str], month: Month) -> Step:
    return Step(name, vi, en, lambda: run(month))


def _dated(step: Step, month: str) -> Step:
    printed = f"{month[5:]}/{month[:4]}"
    return replace(step, name=f"{month} {step.name}", vi=f"{printed}: {step.vi}", en=f"{printed}: {step.en}")
