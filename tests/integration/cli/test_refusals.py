"""How a run ends: a sentence, the reason and its facts, a documented exit code, and never a stack."""

import json
import threading
import time
from pathlib import Path

import grpc
import pytest
from google.rpc import status_pb2
from grpc_status import rpc_status

from chassis.errors import Blocked, Forbidden, Invalid, NotFound, Refusal, Stale
from chassis.rpc import statuses
from integration.cli.conftest import Kpi, Services
from kpi.approval.v1 import approval_pb2 as approval
from kpi.operations.v1 import audit_pb2
from kpi.planning.v1 import planning_pb2 as planning
from support.ports import free_port


def refusing(refusal: type[Refusal]) -> Refusal:
    kind = type(
        "QuotaExceeded", (refusal,), {"vi": "Vượt tỷ lệ {limit}.", "en": "Over the quota of {limit}."}
    )
    found: Refusal = kind(limit=3, scope="VP-UBND")
    return found


def aborting(status: status_pb2.Status) -> object:
    def answer(request: object, context: grpc.ServicerContext) -> None:
        context.abort_with_status(rpc_status.to_status(status))

    return answer


@pytest.mark.parametrize(
    ("kind", "code"), [(Invalid, 2), (Blocked, 3), (Stale, 3), (Forbidden, 4), (NotFound, 5)]
)
def test_a_refusal_is_told_with_its_reason_and_facts(
    services: Services, kpi: Kpi, kind: type[Refusal], code: int
) -> None:
    services.answers["Decide"] = aborting(statuses.refused(refusing(kind), "approval"))  # type: ignore[assignment]

    vietnamese = kpi("decide", "--month", "2026-03", "--all", "--lang", "vi")
    english = kpi("decide", "--month", "2026-03", "--all")

    assert (vietnamese.exit_code, english.exit_code) == (code, code)
    assert vietnamese.stderr == "Vượt tỷ lệ 3.\n[QUOTA_EXCEEDED] limit=3 scope=VP-UBND\n"
    assert english.stderr == "Over the quota of 3.\n[QUOTA_EXCEEDED] limit=3 scope=VP-UBND\n"
    assert english.stdout == ""


def test_a_refusal_for_scripts(services: Services, kpi: Kpi) -> None:
    services.answers["Decide"] = aborting(statuses.refused(refusing(Blocked), "approval"))  # type: ignore[assignment]

    ran = kpi("decide", "--month", "2026-03", "--all", "--json")

    assert json.loads(ran.stderr) == {
        "error": {
            "code": "FAILED_PRECONDITION",
            "reason": "QUOTA_EXCEEDED",
            "message": "Over the quota of 3.",
            "facts": {"limit": "3", "scope": "VP-UBND"},
        }
    }
    assert ran.stdout == ""


@pytest.mark.parametrize(
    ("code", "ends"),
    [
        (grpc.StatusCode.UNAUTHENTICATED, 4),
        (grpc.StatusCode.INTERNAL, 1),
        (grpc.StatusCode.UNIMPLEMENTED, 1),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, 1),
        (grpc.StatusCode.DEADLINE_EXCEEDED, 6),
    ],
)
def test_other_codes(services: Services, kpi: Kpi, code: grpc.StatusCode, ends: int) -> None:
    services.answers["GetPlan"] = lambda _, context: context.abort(code, "no")

    ran = kpi("plan", "show", "p-1", "--month", "2026-03")

    assert ran.exit_code == ends
    assert "Traceback" not in ran.stderr
    assert code.name in ran.stderr


def test_what_nobody_foresaw_ends_without_a_stack(services: Services, kpi: Kpi) -> None:
    services.answers["GetPlan"] = planning.GetPlanResponse()

    ran = kpi("plan", "show", "p-1", "--month", "2026-03", "--token", "é")

    assert ran.exit_code != 0
    assert "Traceback" not in ran.stderr
    assert ran.stderr


def test_a_service_that_is_away_is_asked_again_with_the_same_request_id(services: Services, kpi: Kpi) -> None:
    def flaky(request: approval.DecideRequest, context: grpc.ServicerContext) -> approval.DecideResponse:
        if len(services.requests("Decide")) < 3:
            context.abort(grpc.StatusCode.UNAVAILABLE, "starting")
        return approval.DecideResponse(person_ids=["p-1"])

    services.answers["Decide"] = flaky

    ran = kpi("decide", "--month", "2026-03", "--all")

    ids = {each.request_id for each in services.requests("Decide")}
    assert ran.exit_code == 0
    assert len(services.requests("Decide")) == 3
    assert len(ids) == 1
    assert ids != {""}


def test_a_service_that_is_busy_is_not_asked_sooner_than_it_says(services: Services, kpi: Kpi) -> None:
    asked: list[float] = []

    def busy(request: approval.DecideRequest, context: grpc.ServicerContext) -> approval.DecideResponse:
        asked.append(time.monotonic())
        if len(asked) == 1:
            context.abort_with_status(rpc_status.to_status(statuses.busy("approval", retry_after_s=1)))
        return approval.DecideResponse(person_ids=["p-1"])

    services.answers["Decide"] = busy

    assert kpi("decide", "--month", "2026-03", "--all").exit_code == 0
    assert len(asked) == 2
    assert asked[1] - asked[0] >= 1


def test_a_delegation_is_repeated_as_one(services: Services, kpi: Kpi) -> None:
    services.answers["Delegate"] = lambda _, context: context.abort(grpc.StatusCode.UNAVAILABLE, "gone")
    days = ("--from-day", "2026-03-01", "--to-day", "2026-03-31")

    ran = kpi("delegate", "--from", "p-1", "--to", "p-2", *days, "--document", "12/QĐ")

    sent = services.requests("Delegate")
    assert ran.exit_code == 6
    assert len(sent) > 1
    assert len({each.request_id for each in sent}) == 1
    assert sent[0].request_id


def test_a_service_that_is_nowhere(kpi: Kpi) -> None:
    nowhere = kpi(
        "plan", "show", "p-1", "--month", "2026-03", KPI_PLANNING_ADDRESS=f"127.0.0.1:{free_port()}"
    )
    unknown = kpi("plan", "show", "p-1", "--month", "2026-03", KPI_PLANNING_ADDRESS="")

    assert (nowhere.exit_code, unknown.exit_code) == (6, 6)
    assert "KPI_PLANNING_ADDRESS" in unknown.stderr


def test_every_call_has_a_deadline(services: Services, kpi: Kpi) -> None:
    done = threading.Event()
    services.answers["GetPlan"] = lambda *_: done.wait(30)

    ran = kpi("plan", "show", "p-1", "--month", "2026-03", "--timeout", "0.3")
    done.set()

    assert ran.exit_code == 6
    assert "DEADLINE_EXCEEDED" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("plan", "show"), "PERSON"),
        (("plan", "show", "p-1"), "--month"),
        (("plan", "list", "--month", "2026-03", "--state", "lost"), "--state: lost is none of draft"),
        (("plan", "list", "--moth", "2026-03"), "no option --moth"),
        (("plam",), "no command plam"),
        (("plan", "submit", "--month", "2026-03"), "exactly one of --person, --unit, --all"),
        (("plan", "submit", "p-1", "--all", "--month", "2026-03"), "exactly one of"),
        (("decide", "--month", "2026-03"), "--person, --file, --unit or --all"),
        (("decide", "--month", "2026-03", "--grade", "A", "--all"), "--person is missing"),
        (("import", "nothing.xlsx", "--month", "2026-03"), "nothing.xlsx"),
        (("replay", "approval", "grade_published", "--since", "gestern"), "gestern is no time"),
        (("people", "list", "--month", "2026-03", "--token", "x"), "token cannot be read"),
        (("people", "list", "--month", "2026-03", "--as", "p-1"), "No development key"),
    ],
)
def test_a_wrong_command_line_says_what_is_wrong(kpi: Kpi, arguments: tuple[str, ...], told: str) -> None:
    ran = kpi(*arguments)

    assert ran.exit_code == 2
    assert told in ran.stderr
    assert "Traceback" not in ran.stderr


def test_without_a_token_the_remedy_is_told(kpi: Kpi) -> None:
    ran = kpi("people", "list", "--month", "2026-03", KPI_TOKEN="")

    assert ran.exit_code == 2
    assert "KPI_TOKEN" in ran.stderr


def test_help_tells_the_exit_codes(kpi: Kpi) -> None:
    english, vietnamese = kpi("--help"), kpi("--help", "--lang", "vi")

    assert (english.exit_code, vietnamese.exit_code) == (0, 0)
    assert "3 refused by a rule" in english.stdout
    assert "3 bị quy định từ chối" in vietnamese.stdout
    assert "Cách dùng:" in vietnamese.stdout


@pytest.mark.parametrize(
    ("written", "english", "vietnamese"),
    [
        ("", "plan.json is empty.", "plan.json rỗng."),
        ("\ufeff[{,", "plan.json is no JSON: see line 1, column 3.", "plan.json không phải JSON: xem dòng 1"),
        (
            '[{}, {"work": "x"}]',
            "entry 2: work: there is no such field; there are task_id,",
            "không có trường",
        ),
        ('[{"kind": "PLANNED"}]', "kind: PLANNED is none of TASK_KIND_PLANNED,", "không thuộc"),
        ('[{"quantity": 3}]', "quantity: write 3 as text, in quotation marks.", "dạng văn bản"),
        ('["x"]', "entry 1: an object in braces is needed.", "cần một đối tượng"),
        ('[{"faults": {}}]', "faults: a list in brackets is needed.", "cần một danh sách"),
        ('[{"faults": [{}, {"outputs": "ba"}]}]', "faults[1].outputs: a whole number", "cần một số nguyên"),
    ],
)
def test_a_file_that_does_not_fit_is_told_with_its_place_in_the_language_of_the_run(
    kpi: Kpi, tmp_path: Path, written: str, english: str, vietnamese: str
) -> None:
    file = tmp_path / "plan.json"
    file.write_text(written, "utf-8")
    save = ("plan", "save", "an", str(file), "--ward", "phuc-loi", "--month", "2026-03")

    in_english, in_vietnamese = kpi(*save), kpi(*save, "--lang", "vi")

    assert (in_english.exit_code, in_vietnamese.exit_code) == (2, 2)
    assert english in in_english.stderr
    assert vietnamese in in_vietnamese.stderr


def test_what_stands_too_much_on_the_line_is_told_in_vietnamese(kpi: Kpi) -> None:
    ran = kpi("plan", "diff", "an", "1", "2", "--ward", "phuc-loi", "--month", "2026-03", "--lang", "vi")

    assert ran.exit_code == 2
    assert ran.stderr.startswith("Thừa trên dòng lệnh: 1 2.\n")
    assert kpi("plan", "diff", "an", "--month", "--lang", "vi").stderr.startswith("--month cần một giá trị.")


def test_a_place_where_no_file_can_be_written_is_told_in_vietnamese(
    services: Services, kpi: Kpi, tmp_path: Path
) -> None:
    services.answers["VerifyAudit"] = audit_pb2.VerifyAuditResponse(intact=True)
    (tmp_path / "file").write_text("")
    export = ("audit", "export", "--ward", "phuc-loi", "--lang", "vi")

    missing = kpi(*export, str(tmp_path / "none" / "log.jsonl"))
    beneath = kpi(*export, str(tmp_path / "file" / "log.jsonl"))

    assert (missing.exit_code, beneath.exit_code) == (2, 2)
    assert "log.jsonl: không có tệp hoặc thư mục này." in missing.stderr
    assert "log.jsonl: hãy nêu một tệp trong thư mục đã có." in beneath.stderr
