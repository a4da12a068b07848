"""When results were accepted, and whose word stands (R-8, R-12), through the door and the workbook."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import grpc
import pytest
from sqlalchemy import select

from chassis import days
from chassis.db.tables import audit_entry
from kpi.planning.v1 import deliveries_pb2
from kpi.planning.v1 import events_pb2 as events
from kpi.planning.v1 import planning_pb2 as pb

from .test_deliveries import delivers, delivery
from .test_rights import confirms
from .ward import Ward, message, refused

INVALID = grpc.StatusCode.INVALID_ARGUMENT
DENIED = grpc.StatusCode.PERMISSION_DENIED
LAST, AFTER = date(2026, 3, 24), date(2026, 3, 26)

On = Callable[[date], None]


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> On:
    """Set the day in Viet Nam on which the door is called; at first the day after the window."""

    def set_(day: date) -> None:
        # Half past one in the morning there; in UTC it is still the day before.
        at = datetime(day.year, day.month, day.day, 1, 30, tzinfo=days.VIET_NAM).astimezone(UTC)
        monkeypatch.setattr(days, "now", lambda: at)

    set_(AFTER)
    return set_


@pytest.fixture
def planned(ward: Ward, on: On) -> Ward:
    """An's plan is in force, and so is the deputy's: T1 with ten outputs each."""
    for who in ("an", "deputy"):
        ward.in_force(who, message("T1", quantity="10"))
    return ward


def result(accepted: str, on: str = "", *faults: pb.Fault) -> pb.TaskResult:
    return pb.TaskResult(task_id="T1", accepted=accepted, accepted_on=on, faults=faults)


def row(person_id: str, accepted: str, **given: Any) -> dict[str, Any]:
    return {"person_id": person_id, "task_id": "T1", "accepted": Decimal(accepted)} | given


def stands(ward: Ward, person_id: str = "an") -> tuple[str, str, str, str]:
    [task] = ward.plan(person_id).tasks
    return task.accepted, task.accepted_on, task.vouched_on, task.stated_by


def counted(ward: Ward) -> str:
    """What was announced last as accepted."""
    return str(ward.events(events.ResultsRecorded)[-1].work.lines[0].accepted)


def logged(ward: Ward) -> list[Any]:
    """What the log says results became."""
    with ward.service.sessions() as session:
        found = session.scalars(
            select(audit_entry.c.after)
            .where(audit_entry.c.ward_id == ward.id, audit_entry.c.action == "record_results")
            .order_by(audit_entry.c.number)
        )
        return [json.loads(each)["results"]["T1"] for each in found]


def test_a_stated_day_is_kept_shown_and_logged(planned: Ward) -> None:
    """R-12: the window's last day is in it."""
    planned.records("an", result("4", "2026-03-24"))
    assert stands(planned) == ("4", "2026-03-24", "", "")
    assert counted(planned) == "4"
    assert planned.events(events.ResultsRecorded)[-1].work.lines[0].accepted_on == "2026-03-24"
    assert logged(planned)[-1]["accepted_on"] == "2026-03-24"


def test_what_was_accepted_after_the_window_is_refused_and_then_counts_nothing(planned: Ward) -> None:
    """R-12: the quantity accepted by the window's end is what counts, 0 if there was none."""
    code, reason, facts = refused(planned.records, "an", result("4", "2026-03-25"))
    assert (code, reason, facts["field"]) == (INVALID, "BAD_RESULTS", "results[0].accepted_on")
    assert not planned.events(events.ResultsRecorded)
    planned.records("an", result("4", "2026-03-20"))
    planned.records("an", result("0"))
    assert (stands(planned), counted(planned)) == (("0", "", "", ""), "0")


def test_a_day_in_the_future_is_refused_in_viet_nams_time(planned: Ward, on: On) -> None:
    """R-12: half past six in the evening of the 21st in UTC is the 22nd there."""
    on(date(2026, 3, 22))
    assert refused(planned.records, "an", result("1", "2026-03-23"))[1] == "BAD_RESULTS"
    assert refused(planned.records, "an", result("1", "22/03/2026"))[1] == "BAD_DAY"
    planned.records("an", result("1", "2026-03-22"))


def test_what_is_recorded_late_without_its_day_counts_and_is_marked(planned: Ward, on: On) -> None:
    """R-12: existing clients go on, and the superior and the log see it."""
    on(LAST)
    planned.records("an", result("2"))
    assert stands(planned) == ("2", "", "", "")
    on(AFTER)
    planned.records("an", result("2"))
    planned.records("an", result("5"))
    [task] = planned.plan("an", by=planned.as_("deputy")).tasks
    assert (task.accepted, task.accepted_on, task.vouched_on) == ("5", "", "2026-03-26")
    assert (counted(planned), logged(planned)[-1]["vouched_on"]) == ("5", "2026-03-26")
    announced = planned.events(events.ResultsRecorded)[-1].work.lines[0]
    assert (announced.accepted_on, announced.vouched_on) == ("", "2026-03-26")
    assert len(planned.events(events.ResultsRecorded)) == 2
    planned.records("an", result("5", "2026-03-23"))
    assert stands(planned) == ("5", "2026-03-23", "", "")
    # The day alone is news: the quantity is as before, the record prints the day.
    announced = planned.events(events.ResultsRecorded)[-1].work.lines[0]
    assert (announced.accepted, announced.accepted_on, announced.vouched_on) == ("5", "2026-03-23", "")


def test_a_ward_demands_the_day_from_a_version_on(planned: Ward) -> None:
    """R-12: a setting of the ward, kept when the next ward sheet says nothing of it."""
    planned.records("an", result("1"))
    assert planned.imports(ward=[planned.row(acceptance_date="required")]).applied
    assert planned.imports(ward=[planned.row(december_cut_off=9)]).applied
    assert refused(planned.records, "an", result("2"))[2]["field"] == "results[0].accepted_on"
    late = delivery("HS-1")
    assert refused(delivers, planned, late)[2]["field"] == "deliveries[0].accepted_on"
    [error] = planned.imports(results=[row("an", "2")]).errors
    assert (error.sheet, error.column) == ("results", "Ngày nghiệm thu")
    planned.records("an", result("1"))
    planned.records("an", result("2", "2026-03-24"))
    assert planned.imports(ward=[planned.row(acceptance_date="optional")]).applied
    planned.records("an", result("3"))


def test_the_workbook_states_days_and_names_the_cell_of_a_late_one(planned: Ward) -> None:
    """R-12."""
    done = planned.imports(
        results=[
            row("an", "4", accepted_on=date(2026, 3, 26)),
            row("deputy", "4", accepted_on=date(2026, 3, 20)),
        ]
    )
    [error] = done.errors
    assert (error.sheet, error.row, error.column) == ("results", 2, "Ngày nghiệm thu")
    assert "24/03/2026" in error.reason_vi
    assert not done.applied
    done = planned.imports(results=[row("an", "4"), row("deputy", "4", accepted_on=date(2026, 3, 20))])
    assert done.applied, done.errors
    assert stands(planned) == ("4", "", "2026-03-26", "chief")
    assert stands(planned, "deputy") == ("4", "2026-03-20", "", "chief")
    announced = len(planned.events(events.ResultsRecorded))
    assert planned.imports(results=[row("an", "4"), row("deputy", "4")], by=planned.clerk).applied
    assert len(planned.events(events.ResultsRecorded)) == announced


def test_deliveries_state_days_too(planned: Ward) -> None:
    """R-12: the task has the latest of them, and the mark of one without."""
    found = refused(delivers, planned, delivery("HS-1", accepted_on="2026-03-25"))
    assert (found[0], found[2]["field"]) == (INVALID, "deliveries[0].accepted_on")
    [kept] = delivers(planned, delivery("HS-1", accepted_on="2026-03-24"))
    assert kept.accepted_on == "2026-03-24"
    delivers(planned, delivery("HS-2", accepted_on="2026-03-02"))
    assert stands(planned) == ("2", "2026-03-24", "", "clerk")
    request = deliveries_pb2.ListDeliveriesRequest(ward_id=planned.id, person_id="an", month="2026-03")
    listed = planned.clerk.ListDeliveries(request).deliveries
    assert [each.accepted_on for each in listed] == ["2026-03-24", "2026-03-02"]
    delivers(planned, delivery("HS-3"))
    assert stands(planned) == ("3", "2026-03-24", "2026-03-26", "clerk")
    assert refused(delivers, planned, delivery("HS-1", accepted_on="2026-03-23"))[1] == "DELIVERY_TAKEN"


@pytest.mark.parametrize("superior", ["deputy", "boss"])
def test_nobody_raises_what_his_superior_lowered(planned: Ward, superior: str) -> None:
    """R-8: not in steps either; the superior may."""
    planned.records("an", result("8"))
    planned.records("an", result("3"), by=planned.as_(superior))
    code, reason, facts = refused(planned.records, "an", result("4"))
    assert (code, reason, facts["field"]) == (DENIED, "RESULT_OF_ANOTHER", "results[0].accepted")
    assert (facts["stated"], facts["stated_by"]) == ("3", superior)
    planned.records("an", result("1"))
    assert refused(planned.records, "an", result("4"))[1] == "RESULT_OF_ANOTHER"
    planned.records("an", result("3"))
    assert counted(planned) == "3"
    planned.records("an", result("8"), by=planned.as_(superior))
    assert stands(planned)[0] == "8"


def test_a_superior_who_states_the_same_stands_by_it(planned: Ward) -> None:
    """R-8: and by the faults that the person found himself."""
    fault = pb.Fault(fault_id="F1", outputs=1, failed_reviews=1)
    planned.records("an", result("3", "", fault))
    planned.records("an", result("3", "", fault), by=planned.as_("deputy"))
    assert refused(planned.records, "an", result("4", "", fault))[1] == "RESULT_OF_ANOTHER"
    code, reason, facts = refused(planned.records, "an", result("3"))
    assert (code, reason, facts["field"]) == (DENIED, "FAULT_OF_ANOTHER", "results[0].faults")


def test_what_a_system_delivered_is_not_the_persons_to_raise(planned: Ward) -> None:
    """R-8: what it takes back altogether no longer bounds him."""
    delivers(planned, delivery("HS-1", "2"))
    assert refused(planned.records, "an", result("3"))[2]["stated_by"] == "clerk"
    delivers(planned, delivery("HS-1", "0", 2))
    planned.records("an", result("3"))


def test_an_office_is_no_way_around_ones_superior(planned: Ward) -> None:
    """R-8: a clerk, through the door, by deliveries, and by the workbook, with the cell."""
    fault = pb.Fault(fault_id="F1", outputs=1, failed_reviews=1)
    planned.records("an", result("3", "", fault), by=planned.as_("deputy"))
    himself = planned.as_("an", "clerk")
    assert refused(planned.records, "an", result("4", "", fault), by=himself)[1] == "RESULT_OF_ANOTHER"
    assert refused(planned.records, "an", result("3"), by=himself)[1] == "FAULT_OF_ANOTHER"
    found = refused(delivers, planned, delivery("HS-1"), by=himself)
    assert (found[1], found[2]["field"]) == ("RESULT_OF_ANOTHER", "deliveries[0].quantity")

    [error] = planned.imports(results=[row("an", "4")], by=himself).errors
    assert (error.sheet, error.row, error.column) == ("results", 2, "Số lượng hoàn thành")
    assert "deputy" in error.reason_vi
    assert "bảo lưu ý kiến" in error.reason_vi
    key = {"person_id": "an", "task_id": "T1", "fault_id": "F1", "outputs": 1}
    [error] = planned.imports(faults=[key | {"missed_deadlines": 1}], by=himself).errors
    assert (error.sheet, error.column) == ("faults", "Mã sai sót")
    excused = key | {"failed_reviews": 1, "excused_reviews": 1, "confirmed_by": "deputy", "cause": "Bão"}
    [error] = planned.imports(faults=[excused], by=himself).errors
    assert (error.sheet, error.column) == ("faults", "Người xác nhận")
    assert stands(planned)[0] == "3"

    assert planned.imports(results=[row("an", "4")], by=planned.clerk).applied
    assert stands(planned) == ("4", "", "2026-03-26", "clerk")


def test_what_is_excused_stays_excused_when_the_person_takes_the_file_in(planned: Ward) -> None:
    """R-8: the same file again alters nothing in his favour."""
    fault = pb.Fault(fault_id="F1", outputs=1, missed_deadlines=1)
    planned.records("an", result("3", "", fault), by=planned.as_("deputy"))
    confirms(planned, "deputy")
    before = planned.plan("an")
    same = {"person_id": "an", "task_id": "T1", "fault_id": "F1", "outputs": 1, "missed_deadlines": 1}
    done = planned.imports(results=[row("an", "3")], faults=[same], by=planned.as_("an", "clerk"))
    assert done.applied, done.errors
    assert planned.plan("an") == before
