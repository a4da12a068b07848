"""What a run prints: tables that fit, JSON that scripts can rely on, every page."""

import json

import grpc
import pytest

from integration.cli.conftest import Kpi, Services
from kpi.approval.v1 import approval_pb2 as approval
from kpi.operations.v1 import operations_pb2 as operations
from kpi.planning.v1 import planning_pb2 as planning
from kpi.reward.v1 import reward_pb2 as reward
from kpi.types.v1 import types_pb2 as types

PEOPLE = [
    planning.Person(
        person_id=f"p-{number}",
        full_name=f"Nguyễn Thị Hoàng Yến {number}",
        unit_id="VP-UBND",
        title="Chuyên viên văn hóa - xã hội và công tác thanh niên",
        role=types.ROLE_STAFF,
        duty_group="chuyen-vien",
    )
    for number in range(7)
]


def pages(request: planning.ListPeopleRequest, context: grpc.ServicerContext) -> planning.ListPeopleResponse:
    """Three people a page, whatever is asked for."""
    start = int(request.page_token or 0)
    token = str(start + 3) if start + 3 < len(PEOPLE) else ""
    return planning.ListPeopleResponse(people=PEOPLE[start : start + 3], next_page_token=token)


def test_a_list_is_one_json_array_of_every_page(services: Services, kpi: Kpi) -> None:
    services.answers["ListPeople"] = pages

    ran = kpi("people", "list", "--month", "2026-03", "--json")

    found = json.loads(ran.stdout)
    assert ran.exit_code == 0
    assert [each["person_id"] for each in found] == [each.person_id for each in PEOPLE]
    assert (found[0]["role"], found[0]["in_charge_ids"], found[0]["revision"]) == ("ROLE_STAFF", [], "0")
    assert len(services.requests("ListPeople")) == 3


@pytest.mark.parametrize("width", [60, 100])
def test_a_table_fits_the_terminal_and_loses_nothing(services: Services, kpi: Kpi, width: int) -> None:
    services.answers["ListPeople"] = pages

    ran = kpi("people", "list", "--month", "2026-03", COLUMNS=str(width))

    lines = ran.stdout.splitlines()
    assert max(map(len, lines)) <= width
    assert all(each.person_id in ran.stdout for each in PEOPLE)
    assert "…" not in ran.stdout
    assert "thanh" in ran.stdout


def test_tables_speak_vietnamese_by_default(services: Services, kpi: Kpi) -> None:
    services.answers["ListFunds"] = reward.ListFundsResponse(
        funds=[reward.Fund(fund_id="f-1", kind=reward.FUND_KIND_BONUS, amount=1_234_000_000, balance=5)]
    )

    vietnamese = kpi("fund", "list", KPI_LANG="")
    english = kpi("--lang", "en", "fund", "list", KPI_LANG="")

    assert "Số tiền" in vietnamese.stdout
    assert "1.234.000.000" in vietnamese.stdout
    assert "tiền thưởng" in vietnamese.stdout
    assert "1,234,000,000" in english.stdout
    assert "bonus" in english.stdout


@pytest.mark.parametrize(
    ("environment", "heading"),
    [
        ({"KPI_LANG": "", "LANG": "en_US.UTF-8"}, "Amount"),
        ({"KPI_LANG": "", "LANG": "C.UTF-8"}, "Số tiền"),
        ({"KPI_LANG": "vi", "LANG": "en_US.UTF-8"}, "Số tiền"),
        ({"KPI_LANG": "", "LC_ALL": "vi_VN.UTF-8", "LANG": "en_US.UTF-8"}, "Số tiền"),
    ],
)
def test_the_language_comes_from_the_setting_or_the_locale(
    services: Services, kpi: Kpi, environment: dict[str, str], heading: str
) -> None:
    services.answers["ListFunds"] = reward.ListFundsResponse(funds=[reward.Fund(fund_id="f-1")])

    assert heading in kpi("fund", "list", **environment).stdout


def test_the_services_are_told_the_language_and_the_token(services: Services, kpi: Kpi) -> None:
    services.answers["ListPeople"] = pages

    kpi("people", "list", "--month", "2026-03", "--lang", "vi", "--token", "abc", "--ward", "phuc-loi")

    assert services.metadata[0]["accept-language"] == "vi"
    assert services.metadata[0]["authorization"] == "Bearer abc"


def test_the_ward_comes_from_the_token(services: Services, kpi: Kpi) -> None:
    services.answers["ListPeople"] = pages

    kpi("people", "list", "--month", "2026-03")
    kpi("people", "list", "--month", "2026-03", KPI_WARD="nghia-lam")

    assert [each.ward_id for each in services.requests("ListPeople")][::3] == ["phuc-loi", "nghia-lam"]


def test_a_command_says_what_it_did_or_prints_the_reply(services: Services, kpi: Kpi) -> None:
    services.answers["Publish"] = approval.PublishResponse(count=170, month_published=True, late=True)

    told = kpi("publish", "--month", "2026-03", "--lang", "vi")
    printed = kpi("publish", "--month", "2026-03", "--json")

    assert told.stdout == "Đã công bố 170 kết quả. Cả tháng đã được công bố. Quá thời hạn.\n"
    assert json.loads(printed.stdout) == {"count": 170, "month_published": True, "late": True}


def test_an_explanation_is_printed_as_the_service_wrote_it(services: Services, kpi: Kpi) -> None:
    services.answers["ExplainAllocation"] = reward.ExplainAllocationResponse(lines=["1 × 2 = 2", "=> 2.000"])

    assert kpi("run", "explain", "r-1", "p-1").stdout == "1 × 2 = 2\n=> 2.000\n"


def test_months_with_deadlines_counts_and_who_is_awaited(services: Services, kpi: Kpi) -> None:
    month = approval.Month(month="2026-03", counts={"awaiting_remarks": 12})
    month.deadlines.add(step=approval.STEP_REMARKS, last_day="2026-03-25")
    reply = approval.GetMonthResponse(month=month)
    reply.awaited.add(person_id="p-7", step=approval.STEP_REMARKS, count=12, late=True)
    services.answers["GetMonth"] = reply

    ran = kpi("month", "show", "2026-03", "--lang", "vi")

    assert ran.exit_code == 0
    for text in ("25/03/2026", "nhận xét", "p-7", "12", "chờ nhận xét"):
        assert text in ran.stdout


def test_status_of_services_that_answer_and_that_do_not(services: Services, kpi: Kpi) -> None:
    services.answers["GetStatus"] = operations.GetStatusResponse(
        version="0.1.0", schema_revision="0001", dead=3
    )

    ran = kpi("status", "--json", KPI_REWARD_ADDRESS="127.0.0.1:1")

    found = {each["service"]: each for each in json.loads(ran.stdout)}
    assert ran.exit_code == 6
    assert {name: each["state"] for name, each in found.items()} == {
        "planning": "runs",
        "scoring": "runs",
        "approval": "runs",
        "reward": "away",
        "notification": "runs",
    }
    assert found["planning"]["dead"] == "3"
    nowhere = kpi("status", "--service", "reward", "--json", "--lang", "vi", KPI_REWARD_ADDRESS="")
    [away] = json.loads(nowhere.stdout)
    assert away["detail"].startswith("Không biết địa chỉ của reward")
    assert kpi("status", "--service", "planning").exit_code == 0


def event(number: int) -> operations.TailEventsResponse:
    return operations.TailEventsResponse(
        event_id=f"e-{number}", type="kpi.approval.v1.GradePublished", subject=f"p-{number}", body="{}"
    )


def test_events_of_all_services_are_followed_at_once(services: Services, kpi: Kpi) -> None:
    services.answers["TailEvents"] = lambda *_: iter([event(1), event(2)])

    ran = kpi("events", "tail", "--type", "grade_published", "--since", "2026-03-27T08:00", "--json")

    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.exit_code == 0
    assert len(found) == 10
    assert {each["service"] for each in found} == {
        "planning",
        "scoring",
        "approval",
        "reward",
        "notification",
    }
    types_asked = {each.type for each in services.requests("TailEvents")}
    assert "kpi.approval.v1.GradePublished" in types_asked
    assert {each.since.ToJsonString() for each in services.requests("TailEvents")} == {"2026-03-27T01:00:00Z"}


def test_following_stops_after_so_many(services: Services, kpi: Kpi) -> None:
    def endless(request: object, context: grpc.ServicerContext) -> object:
        number = 0
        while context.is_active():
            number += 1
            yield event(number)

    services.answers["TailEvents"] = endless

    ran = kpi("events", "tail", "--service", "approval", "--limit", "3")

    assert len(ran.stdout.splitlines()) == 3
    assert "approval.grade_published  p-1" in ran.stdout


def test_parked_events_of_all_services(services: Services, kpi: Kpi) -> None:
    services.answers["ListParkedEvents"] = operations.ListParkedEventsResponse(
        parked_events=[
            operations.ParkedEvent(
                parked_id="k-1", state=operations.PARKED_STATE_DEAD, reason="NOBODY_TO_TELL"
            )
        ]
    )
    services.answers["DropParkedEvents"] = operations.DropParkedEventsResponse(count=2)

    listed = kpi("parked", "list", "--json")
    dropped = kpi("parked", "drop", "reward", "k-1", "k-2", "--reason", "đã nhập tay")

    assert len(json.loads(listed.stdout)) == 5
    [request] = services.requests("DropParkedEvents")
    assert (list(request.parked_ids), request.reason) == (["k-1", "k-2"], "đã nhập tay")
    assert "2" in dropped.stdout
