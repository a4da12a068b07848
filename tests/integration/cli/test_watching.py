"""Who decides whom, whom a month waits for, and years, from the command line (R-2, R-24, R-26)."""

import json

from integration.cli.conftest import Kpi, Services
from kpi.approval.v1 import approval_pb2 as approval
from kpi.types.v1 import types_pb2 as types

GAP = approval.Finding(
    code="no_holder",
    severity=approval.SEVERITY_BLOCKING,
    person_id="vp-1",
    unit_id="vp",
    reason="không ai giữ chức vụ unit_head",
    remedy="ghi nhận người giữ",
)


def test_r2_a_check_with_gaps_tells_each_and_its_remedy_and_fails(services: Services, kpi: Kpi) -> None:
    services.answers["CheckMonth"] = approval.CheckMonthResponse(
        findings=[GAP], people=9, blocking=1, policy="phuc-loi@1"
    )

    ran = kpi("month", "check", "2026-03", "--ward", "phuc-loi", COLUMNS="200")

    assert ran.exit_code == 3
    assert "vp-1" in ran.output
    assert "ghi nhận người giữ" in ran.output
    assert "phuc-loi@1" in ran.output


def test_r2_a_check_without_gaps_is_done(services: Services, kpi: Kpi) -> None:
    services.answers["CheckMonth"] = approval.CheckMonthResponse(people=9, policy="phuc-loi@1")

    assert kpi("month", "check", "2026-03", "--ward", "phuc-loi", "--severity", "blocking").exit_code == 0
    [sent] = services.requests("CheckMonth")
    assert sent.severity == approval.SEVERITY_BLOCKING


def test_every_page_of_findings_is_shown(services: Services, kpi: Kpi) -> None:
    def pages(request: approval.CheckMonthRequest, _: object) -> approval.CheckMonthResponse:
        last = bool(request.page_token)
        return approval.CheckMonthResponse(
            findings=[GAP], people=9, blocking=2, next_page_token="" if last else "x"
        )

    services.answers["CheckMonth"] = pages

    ran = kpi("month", "check", "2026-03", "--ward", "phuc-loi", "--json")

    assert len(json.loads(ran.stdout)) == 2
    assert ran.exit_code == 3


def test_r26_the_late_ones_are_listed(services: Services, kpi: Kpi) -> None:
    services.answers["ListWaiting"] = approval.ListWaitingResponse(
        waiting=[
            approval.Waiting(
                person_id="vp-pho",
                step=approval.STEP_REMARKS,
                count=3,
                late=True,
                days_late=2,
                told=[
                    approval.Told(person_id="vp-truong", kind=approval.REMINDER_KIND_SUPERIOR),
                    approval.Told(person_id="ct", kind=approval.REMINDER_KIND_ABOVE),
                ],
            )
        ]
    )

    ran = kpi("waiting", "--late", "--month", "2026-03", "--ward", "phuc-loi", COLUMNS="200")

    assert ran.exit_code == 0, ran.output
    [sent] = services.requests("ListWaiting")
    assert sent.late
    assert "vp-truong, ct" in ran.output


def test_opening_strictly_is_asked_for(services: Services, kpi: Kpi) -> None:
    services.answers["OpenMonth"] = approval.OpenMonthResponse(
        month=approval.Month(month="2026-03", policy="phuc-loi@1"), findings=[GAP], finding_count=1
    )

    ran = kpi("month", "open", "2026-03", "--ward", "phuc-loi", "--strict")

    assert ran.exit_code == 0, ran.output
    assert services.requests("OpenMonth")[0].strict
    assert "month check" in ran.output


def test_r24_a_year_is_recorded_as_it_is_given(services: Services, kpi: Kpi) -> None:
    services.answers["RecordYearResult"] = approval.RecordYearResultResponse(
        result=approval.YearResult(revision=1, grade=types.GRADE_B, document="15/QĐ")
    )

    ran = kpi(
        *("year", "record", "vp-1", "2026", "--ward", "phuc-loi", "--self-grade", "A", "--grade", "B"),
        *("--document", "15/QĐ"),
    )

    assert ran.exit_code == 0, ran.output
    [sent] = services.requests("RecordYearResult")
    assert (sent.year, sent.self_grade, sent.grade) == ("2026", types.GRADE_A, types.GRADE_B)
    assert sent.request_id


def test_the_month_comes_from_the_environment_where_the_line_has_none(services: Services, kpi: Kpi) -> None:
    services.answers["CheckMonth"] = approval.CheckMonthResponse(people=9)

    assert kpi("month", "check", "--ward", "phuc-loi", KPI_MONTH="2026-04").exit_code == 0
    assert kpi("month", "check", "2026-03", "--ward", "phuc-loi", KPI_MONTH="2026-04").exit_code == 0
    assert kpi("month", "check", "--ward", "phuc-loi").exit_code == 2

    assert [sent.month for sent in services.requests("CheckMonth")] == ["2026-04", "2026-03"]


def test_r2_a_delegation_is_ended_at_once_or_on_a_day(services: Services, kpi: Kpi) -> None:
    services.answers["EndDelegation"] = approval.EndDelegationResponse(
        delegation=approval.Delegation(
            delegation_id="d-1", to_day="2026-03-09", ended_by="to-chuc", end_document="9/UQ"
        )
    )

    at_once = kpi("end-delegation", "d-1", "--ward", "phuc-loi", "--document", "9/UQ")
    later = kpi(
        "end-delegation", "d-1", "--ward", "phuc-loi", "--document", "9/UQ", "--last-day", "2026-03-12"
    )

    assert at_once.exit_code == later.exit_code == 0
    assert "to-chuc" in at_once.output
    sent = services.requests("EndDelegation")
    assert [each.last_day for each in sent] == ["", "2026-03-12"]
    assert {(each.delegation_id, each.document) for each in sent} == {("d-1", "9/UQ")}
