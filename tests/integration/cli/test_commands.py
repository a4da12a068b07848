"""What commands send: files, options, defaults."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.cli.conftest import Kpi, Services
from kpi.approval.v1 import approval_pb2 as approval
from kpi.approval.v1 import templates_pb2 as approval_templates
from kpi.planning.v1 import planning_pb2 as planning
from kpi.planning.v1 import templates_pb2 as planning_templates
from kpi.reward.v1 import reward_pb2 as reward
from kpi.types.v1 import types_pb2 as types
from support import tokens

MONTH = ("--month", "2026-03")


def test_an_import_sends_the_file_and_tells_what_it_gave(
    services: Services, kpi: Kpi, tmp_path: Path
) -> None:
    services.answers["ImportWorkbook"] = planning.ImportWorkbookResponse(
        applied=True, rows={"people": 170, "units": 12}
    )
    file = tmp_path / "thang-3.xlsx"
    file.write_bytes(b"PK workbook")

    ran = kpi("import", str(file), *MONTH, "--sheets", "units, people", "--dry-run")

    [request] = services.requests("ImportWorkbook")
    assert ran.exit_code == 0
    assert "people: 170, units: 12" in ran.stdout
    assert (request.content, request.file_name, list(request.sheets), request.dry_run) == (
        b"PK workbook",
        "thang-3.xlsx",
        ["units", "people"],
        True,
    )
    assert request.request_id


def test_bad_cells_are_a_table_and_exit_code_2(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    reply = planning.ImportWorkbookResponse(error_count=1500)
    reply.errors.add(
        sheet="people", row=7, column="Email", value="x@", reason_vi="thư sai", reason_en="not an address"
    )
    services.answers["ImportWorkbook"] = reply
    file = tmp_path / "people.csv"
    file.write_text("x")

    table = kpi("import", str(file), *MONTH, "--sheets", "people")
    vietnamese = kpi("import", str(file), *MONTH, "--sheets", "people", "--lang", "vi")
    printed = kpi("import", str(file), *MONTH, "--sheets", "people", "--json")

    assert (table.exit_code, vietnamese.exit_code, printed.exit_code) == (2, 2, 2)
    assert [
        text for text in ("people", "7", "Email", "x@", "not an address") if text not in table.stdout
    ] == []
    assert "thư sai" in vietnamese.stdout
    assert "1499" in table.stderr
    assert json.loads(printed.stdout)["errors"][0]["row"] == 7


def test_a_file_that_is_too_large_is_not_sent(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    file = tmp_path / "big.xlsx"
    with file.open("wb") as sparse:
        sparse.truncate(16 * 1024 * 1024)

    ran = kpi("import", str(file), *MONTH)

    assert (ran.exit_code, services.calls) == (2, [])


def test_assessments_of_a_workbook(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    services.answers["ImportAssessments"] = approval.ImportAssessmentsResponse(
        applied=True, self_assessments=170
    )
    file = tmp_path / "thang-3.xlsx"
    file.write_bytes(b"PK")

    own = kpi("assess", "import", str(file), *MONTH, "--document", "Hồ sơ 3")
    kpi("remarks", "import", str(file), *MONTH, "--document", "Hồ sơ 3")

    first, second = services.requests("ImportAssessments")
    assert "170" in own.stdout
    assert (first.self_assessments, first.remarks, first.document) == (True, False, "Hồ sơ 3")
    assert (second.self_assessments, second.remarks) == (False, True)


def test_the_sheets_of_decisions_of_a_workbook(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    services.answers["ImportDecisions"] = approval.ImportDecisionsResponse(
        applied=True, rows={"decisions": 12, "appeals": 1}
    )
    file = tmp_path / "thang-3.xlsx"
    file.write_bytes(b"PK")

    done = kpi("import-decisions", str(file), *MONTH, "--sheets", "decisions, appeals", "--document", "76/QĐ")
    services.answers["ImportDecisions"] = approval.ImportDecisionsResponse(
        errors=[approval.CellError(sheet="decisions", row=7, column="Lý do", reason_en="say why")],
        error_count=1,
    )
    wrong = kpi("import-decisions", str(file), *MONTH, "--dry-run")

    first, second = services.requests("ImportDecisions")
    assert (done.exit_code, "appeals: 1, decisions: 12" in done.stdout) == (0, True)
    assert (list(first.sheets), first.document, first.dry_run) == (["decisions", "appeals"], "76/QĐ", False)
    assert (wrong.exit_code, "say why" in wrong.stdout, second.dry_run) == (2, True, True)


def test_a_self_assessment_takes_the_maximum_where_nothing_is_said(services: Services, kpi: Kpi) -> None:
    services.answers["ListCriteria"] = approval.ListCriteriaResponse(
        criteria=[approval.Criterion(criterion_id=name, maximum="5") for name in ("I.1", "I.2")]
    )
    services.answers["SubmitSelfAssessments"] = approval.SubmitSelfAssessmentsResponse(count=1)

    ran = kpi("assess", "submit", *MONTH, "--value", "I.2=4.5", "--because", "I.2=đi muộn", "--grade", "A")
    unknown = kpi("assess", "submit", *MONTH, "--value", "I.3=4.5")
    malformed = kpi("assess", "submit", *MONTH, "--value", "I.2")

    [request] = services.requests("SubmitSelfAssessments")
    [own] = request.self_assessments
    assert ran.exit_code == 0
    assert own.person_id == "p-1"
    assert {each.person_id for each in services.requests("ListCriteria")} == {"p-1"}
    assert [(each.criterion_id, each.points, each.reason) for each in own.values] == [
        ("I.1", "5", ""),
        ("I.2", "4.5", "đi muộn"),
    ]
    assert own.proposed_grade == types.GRADE_A
    assert (unknown.exit_code, malformed.exit_code) == (2, 2)


def test_several_from_json(services: Services, kpi: Kpi) -> None:
    services.answers["SubmitRemarks"] = approval.SubmitRemarksResponse(count=2)
    given = json.dumps([{"person_id": "p-1", "text": "tốt", "organising": 100}, {"person_id": "p-2"}])

    ran = kpi("remarks", "submit", *MONTH, "--file", "-", input=given)
    wrong = kpi("remarks", "submit", *MONTH, "--file", "-", input='[{"person_id": "p-1"}, {"txet": 1}]')
    nothing = kpi("remarks", "submit", *MONTH, "--file", "-", input="no json")

    [request] = services.requests("SubmitRemarks")
    assert ran.exit_code == 0
    assert [each.person_id for each in request.remarks] == ["p-1", "p-2"]
    assert (wrong.exit_code, nothing.exit_code) == (2, 2)
    assert "entry 2" in wrong.stderr


def test_decisions(services: Services, kpi: Kpi) -> None:
    services.answers["Decide"] = approval.DecideResponse(person_ids=["p-1", "p-2"], late=1)

    kpi("decide", *MONTH, "--person", "p-1", "--grade", "b", "--reason", "vi phạm", "--unit", "VP-UBND")

    [request] = services.requests("Decide")
    [decision] = request.decisions
    assert (decision.person_id, decision.grade, decision.reason) == ("p-1", types.GRADE_B, "vi phạm")
    assert (request.unit_id, request.all) == ("VP-UBND", False)


def test_results_by_options_and_by_workbook(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    services.answers["RecordResults"] = planning.RecordResultsResponse()
    services.answers["GetPlan"] = planning.GetPlanResponse()
    services.answers["ImportWorkbook"] = planning.ImportWorkbookResponse(applied=True)
    file = tmp_path / "ket-qua.xlsx"
    file.write_bytes(b"PK")

    kpi("result", "record", *MONTH, "--person", "p-1", "--task", "t-1", "--accepted", "2")
    kpi("result", "record", str(file), *MONTH)
    neither = kpi("result", "record", *MONTH)

    [recorded], [imported] = services.requests("RecordResults"), services.requests("ImportWorkbook")
    assert (recorded.results[0].task_id, recorded.results[0].accepted) == ("t-1", "2")
    assert list(imported.sheets) == ["results", "faults"]
    assert neither.exit_code == 2


def test_a_result_by_options_leaves_the_faults_that_stand(services: Services, kpi: Kpi) -> None:
    """R-8: recording replaces, and the options cannot name a fault."""
    fault = planning.Fault(fault_id="f-1", outputs=1, failed_reviews=1, note="sai số liệu")
    tasks = [planning.Task(task_id="t-0"), planning.Task(task_id="t-1", evidence="12/BC", faults=[fault])]
    services.answers["GetPlan"] = planning.GetPlanResponse(plan=planning.Plan(tasks=tasks))
    services.answers["RecordResults"] = planning.RecordResultsResponse()

    kpi("result", "record", *MONTH, "--person", "p-1", "--task", "t-1", "--accepted", "2")

    [recorded] = services.requests("RecordResults")
    assert recorded.results == [
        planning.TaskResult(task_id="t-1", accepted="2", evidence="12/BC", faults=[fault])
    ]


@pytest.mark.parametrize(
    ("language", "mark"),
    [
        ("en", "recorded after the window (26/03/2026), acceptance date not stated"),
        ("vi", "ghi nhận sau kỳ (26/03/2026), chưa nêu ngày nghiệm thu"),
    ],
)
def test_a_plan_marks_what_was_recorded_late_without_its_day(
    services: Services, kpi: Kpi, language: str, mark: str
) -> None:
    """R-12: where the superior looks at results."""
    late = planning.Task(task_id="t-1", accepted="2", vouched_on="2026-03-26")
    dated = planning.Task(task_id="t-2", accepted="2", accepted_on="2026-03-24", stated_by="p-9")
    services.answers["GetPlan"] = planning.GetPlanResponse(plan=planning.Plan(tasks=[late, dated]))
    services.answers["RecordResults"] = planning.RecordResultsResponse()

    day = ("--accepted-on", "2026-03-24")
    kpi("result", "record", *MONTH, "--person", "p-1", "--task", "t-2", "--accepted", "2", *day)
    ran = kpi("plan", "show", "p-1", *MONTH, KPI_LANG=language, COLUMNS="400")

    [recorded] = services.requests("RecordResults")
    assert recorded.results[0].accepted_on == "2026-03-24"
    assert mark in ran.stdout
    assert all(each in ran.stdout for each in ("24/03/2026", "p-9"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--amount", "1.5"), "--amount: cần một số nguyên ≥ 1."),
        (("--amount", "0"), "--amount: cần một số nguyên ≥ 1."),
        (("--kind", "x"), "--kind: "),
    ],
)
def test_a_value_that_does_not_fit_is_told_in_vietnamese(
    services: Services, kpi: Kpi, given: tuple[str, ...], told: str
) -> None:
    ran = kpi("fund", "create", "f-1", *MONTH, "--source", "s", "--legal-basis", "l", *given, KPI_LANG="vi")

    assert ran.exit_code == 2
    assert ran.stderr.startswith(told)
    assert " is not " not in ran.stderr


def test_the_program_s_options_may_stand_anywhere(services: Services, kpi: Kpi) -> None:
    services.answers["ListMonths"] = approval.ListMonthsResponse()

    assert kpi("--json", "month", "list").stdout == "[]\n"
    assert kpi("month", "--json", "list").stdout == "[]\n"
    assert kpi("month", "list", "--json").stdout == "[]\n"


def test_the_catalogue_of_a_month_and_of_a_version(services: Services, kpi: Kpi) -> None:
    services.answers["ListCatalogueEntries"] = planning.ListCatalogueEntriesResponse(
        entries=[planning.CatalogueEntry(code="N1.01", task="Tiếp dân", coefficient="1.50")]
    )

    searched = kpi("catalogue", "search", "tiếp", *MONTH)
    kpi("catalogue", "list", "--version", "3")
    neither = kpi("catalogue", "list")

    first, second = services.requests("ListCatalogueEntries")
    assert "N1.01" in searched.stdout
    assert (first.query, first.month, first.version) == ("tiếp", "2026-03", 0)
    assert (second.query, second.month, second.version) == ("", "", 3)
    assert neither.exit_code == 2


CONTENT = b"person_id,amount\np-1,1000\n" * 5000


def exporting(
    content: bytes, announced: bytes = CONTENT, count: int = 2, *, ends: bool = True
) -> Callable[..., Any]:
    def answer(request: reward.ExportRunRequest, context: object) -> Iterator[reward.ExportRunResponse]:
        for start in range(0, len(content), 65536):
            yield reward.ExportRunResponse(chunk=content[start : start + 65536])
        if ends:
            yield reward.ExportRunResponse(
                summary=reward.ExportSummary(
                    file_name="phuc-loi-2026-03.csv",
                    count=count,
                    sum=5000,
                    sha256=hashlib.sha256(announced).hexdigest(),
                )
            )

    return answer


@pytest.fixture
def run(services: Services) -> None:
    services.answers["GetRun"] = reward.GetRunResponse(run=reward.Run(people=3, paid=2, distributed=5000))


@pytest.mark.usefixtures("run")
def test_an_export_is_there_whole(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    services.answers["ExportRun"] = exporting(CONTENT)
    folder = tmp_path / "out"
    folder.mkdir()

    named = kpi("export", "r-1", "--out", str(tmp_path / "chi.csv"), "--format", "csv")
    placed = kpi("export", "r-1", "--out", str(folder), "--json")

    assert (named.exit_code, placed.exit_code) == (0, 0)
    assert (tmp_path / "chi.csv").read_bytes() == CONTENT
    assert [each.name for each in folder.iterdir()] == ["phuc-loi-2026-03.csv"]
    assert json.loads(placed.stdout)["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert services.requests("ExportRun")[0].format == reward.EXPORT_FORMAT_CSV


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (exporting(CONTENT[:-1]), "damaged"),
        (exporting(CONTENT, ends=False), "broke off"),
        (exporting(CONTENT, count=9), "not kept"),
    ],
)
def test_a_damaged_export_leaves_nothing_behind(
    services: Services, kpi: Kpi, tmp_path: Path, answer: Callable[..., Any], told: str
) -> None:
    services.answers["ExportRun"] = answer
    out = tmp_path / "out"
    out.mkdir()
    (out / "chi.csv").write_text("older")

    ran = kpi("export", "r-1", "--out", str(out / "chi.csv"))

    assert ran.exit_code == 1
    assert told in ran.stderr
    assert [(each.name, each.read_text()) for each in out.iterdir()] == [("chi.csv", "older")]


@pytest.mark.usefixtures("run")
def test_an_export_s_own_name_cannot_leave_the_folder(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    def answer(request: object, context: object) -> Iterator[reward.ExportRunResponse]:
        summary = reward.ExportSummary(
            file_name="../../etc/x.csv", count=2, sum=5000, sha256=hashlib.sha256(b"x").hexdigest()
        )
        yield reward.ExportRunResponse(chunk=b"x", summary=summary)

    services.answers["ExportRun"] = answer
    out = tmp_path / "a" / "out"
    out.mkdir(parents=True)

    assert kpi("export", "r-1", "--out", str(out)).exit_code == 0
    assert [each.name for each in out.iterdir()] == ["..-..-etc-x.csv"]


def test_finance_acknowledges_the_file_it_has(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    services.answers["AcknowledgeRun"] = reward.AcknowledgeRunResponse(run=reward.Run(run_id="r-1"))
    file = tmp_path / "chi.csv"
    file.write_bytes(CONTENT)

    kpi("acknowledge", "r-1", "--file", str(file))

    assert services.requests("AcknowledgeRun")[0].sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_a_ledger_that_does_not_balance_is_a_fault(services: Services, kpi: Kpi) -> None:
    services.answers["ListEntries"] = reward.ListEntriesResponse(
        entries=[reward.Entry(position=1, account="fund:f-1", amount=-5)], imbalance=-5
    )

    ran = kpi("ledger")

    assert ran.exit_code == 1
    assert "does not balance" in ran.stderr


def test_a_list_is_checked_against_equal_sharing(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    reply = reward.CheckProposalResponse(violation_count=1)
    reply.violations.add(rule="R-38a", person_ids=["p-1", "p-2"], detail="B gets more than A")
    services.answers["CheckProposal"] = reply
    file = tmp_path / "list.csv"
    file.write_text("person_id,amount\np-1,1000000\np-2,2000000\n")

    ran = kpi("check", str(file), *MONTH, "--policy", "phuc-loi")
    file.write_text("person_id,amount\np-1,1.5\n")
    wrong = kpi("check", str(file), *MONTH, "--policy", "phuc-loi")

    [request] = services.requests("CheckProposal")
    assert (ran.exit_code, wrong.exit_code) == (3, 2)
    assert [(each.person_id, each.amount) for each in request.amounts] == [("p-1", 1000000), ("p-2", 2000000)]
    assert "R-38a" in ran.stdout
    assert "list.csv:2" in wrong.stderr


def test_tokens_for_development(kpi: Kpi) -> None:
    state = str(tokens.key_folder())

    issued = kpi(
        "token",
        "issue",
        "--person",
        "p-9",
        "--ward",
        "phuc-loi",
        "--role",
        "clerk",
        "--hours",
        "2",
        KPI_STATE=state,
    )
    who = kpi("whoami", "--json", KPI_TOKEN=issued.stdout.strip())
    unknown = kpi("token", "issue", "--person", "p-9", "--role", "boss", KPI_STATE=state)

    claims = json.loads(who.stdout)
    assert (claims["sub"], claims["wards"], claims["roles"]) == ("p-9", ["phuc-loi"], ["clerk"])
    assert claims["exp"] - claims["iat"] == 7200
    assert tokens.keys().actor(issued.stdout.strip()).person_id == "p-9"
    assert (unknown.exit_code, "boss" in unknown.stderr) == (2, True)


def test_acting_as_somebody(services: Services, kpi: Kpi) -> None:
    services.answers["ListMonths"] = approval.ListMonthsResponse()
    state = str(tokens.key_folder())

    kpi("month", "list", "--ward", "phuc-loi", "--as", "p-3:clerk,organizer", KPI_STATE=state)

    actor = tokens.keys().actor(services.metadata[0]["authorization"].removeprefix("Bearer "))
    assert (actor.person_id, actor.roles, actor.wards) == (
        "p-3",
        frozenset({"clerk", "organizer"}),
        frozenset({"*"}),
    )


def test_a_token_that_was_kept_is_used(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    services.answers["ListMonths"] = approval.ListMonthsResponse()
    environment = {"KPI_STATE": str(tokens.key_folder()), "KPI_TOKEN_FILE": str(tmp_path / "token")}

    kept = kpi("token", "issue", "--person", "p-5", "--ward", "phuc-loi", "--save", **environment)
    listed = kpi("month", "list", KPI_TOKEN="", **environment)

    assert (kept.exit_code, kept.stdout, listed.exit_code) == (0, "", 0)
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600
    assert services.requests("ListMonths")[0].ward_id == "phuc-loi"


def test_replaying_what_was_announced(services: Services, kpi: Kpi) -> None:
    from kpi.operations.v1 import operations_pb2 as operations

    services.answers["ReplayOutbox"] = operations.ReplayOutboxResponse(count=171)

    ran = kpi("replay", "approval", "grade_published", "--since", "2026-03-01", "--queue", "so-noi-vu")

    [request] = services.requests("ReplayOutbox")
    assert "171" in ran.stdout
    assert (request.type, request.queue) == ("kpi.approval.v1.GradePublished", "so-noi-vu")
    assert request.since.ToJsonString() == "2026-02-28T17:00:00Z"


def test_a_template_is_fetched_from_the_service_that_reads_it(
    services: Services, kpi: Kpi, tmp_path: Path
) -> None:
    content = b"PK of a workbook"
    told = {"content": content, "sha256": hashlib.sha256(content).hexdigest()}
    services.answers["GetTemplate"] = planning_templates.GetTemplateResponse(file_name="w.xlsx", **told)

    ran = kpi("template", "month", "--sheets", "tasks, results", "--out", str(tmp_path))
    decisions = kpi("template", "decisions", "--out", str(tmp_path / "qd.xlsx"), "--json")
    without = kpi("template", "assessments", "--out", str(tmp_path))
    assessments = kpi("template", "assessments", "--month", "2026-03", "--out", str(tmp_path))

    months, decided, assessed = services.requests("GetTemplate")
    assert (ran.exit_code, list(months.sheets)) == (0, ["tasks", "results"])
    assert (tmp_path / "w.xlsx").read_bytes() == content
    assert decided.kind == approval_templates.TEMPLATE_KIND_DECISIONS
    assert json.loads(decisions.stdout)["path"] == str(tmp_path / "qd.xlsx")
    assert (without.exit_code, "--month" in without.stderr) == (2, True)
    assert (assessments.exit_code, assessed.month) == (0, "2026-03")
    assert assessed.kind == approval_templates.TEMPLATE_KIND_ASSESSMENTS


def test_a_template_that_arrives_damaged_is_not_kept(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    services.answers["GetTemplate"] = planning_templates.GetTemplateResponse(
        file_name="w.xlsx", content=b"PK", sha256="0" * 64
    )
    ran = kpi("template", "month", "--out", str(tmp_path))
    assert (ran.exit_code, [each.name for each in tmp_path.glob("*.xlsx")]) == (1, [])
