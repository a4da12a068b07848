"""Objectives, key results and readings through planning's door (R-6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from kpi.planning.v1 import okr_pb2 as pb
from planning.storage import schema
from support.service import Caller

from .ward import MONTH, Ward, message, refused

INVALID = grpc.StatusCode.INVALID_ARGUMENT
BLOCKED = grpc.StatusCode.FAILED_PRECONDITION
DENIED = grpc.StatusCode.PERMISSION_DENIED
MISSING = grpc.StatusCode.NOT_FOUND


def key_result(
    key_result_id: str = "K1", start: str = "0", target: str = "100", **given: Any
) -> pb.KeyResult:
    words: dict[str, Any] = {"name": "Hồ sơ đúng hạn", "unit_of_measure": "%"} | given
    return pb.KeyResult(key_result_id=key_result_id, start=start, target=target, **words)


def saves(
    ward: Ward,
    objective_id: str,
    *key_results: pb.KeyResult,
    by: Caller | None = None,
    expected_revision: int = 0,
    **given: Any,
) -> pb.Objective:
    whose: dict[str, Any] = {
        "owner_kind": pb.OWNER_KIND_WARD,
        "period": "2026-Q1",
        "title": "Nâng chỉ số hài lòng",
    }
    request = pb.SaveObjectiveRequest(
        ward_id=ward.id,
        objective=pb.Objective(objective_id=objective_id, key_results=key_results, **whose | given),
        expected_revision=expected_revision,
    )
    reply: pb.SaveObjectiveResponse = (by or ward.clerk).SaveObjective(request)
    return reply.objective


def gets(ward: Ward, objective_id: str, by: Caller | None = None) -> pb.Objective:
    reply: pb.GetObjectiveResponse = (by or ward.clerk).GetObjective(
        pb.GetObjectiveRequest(ward_id=ward.id, objective_id=objective_id)
    )
    return reply.objective


def lists(ward: Ward, by: Caller, **given: Any) -> pb.ListObjectivesResponse:
    request = pb.ListObjectivesRequest(**{"ward_id": ward.id, "period": "2026-Q1"} | given)
    reply: pb.ListObjectivesResponse = by.ListObjectives(request)
    return reply


def reading(reference: str, value: str, *, day: int = 5, **given: Any) -> pb.Reading:
    at = Timestamp()
    at.FromDatetime(datetime(2026, 3, day, tzinfo=UTC))
    words: dict[str, Any] = {
        "objective_id": "W1",
        "key_result_id": "K1",
        "source": "igate",
        "measured_at": at,
    } | given
    return pb.Reading(reference=reference, value=value, **words)


def measures(ward: Ward, *readings: pb.Reading, by: Caller | None = None) -> list[pb.Reading]:
    reply: pb.RecordReadingsResponse = (by or ward.clerk).RecordReadings(
        pb.RecordReadingsRequest(ward_id=ward.id, readings=readings)
    )
    return list(reply.readings)


PERSON: dict[str, Any] = {"owner_kind": pb.OWNER_KIND_PERSON, "period": MONTH}
UNIT: dict[str, Any] = {"owner_kind": pb.OWNER_KIND_UNIT, "owner_id": "vp"}


def test_progress_rolls_up_from_people_to_the_ward(ward: Ward) -> None:
    saves(ward, "W1")
    assert gets(ward, "W1").progress == ""
    saves(ward, "U1", key_result("K1", "10", "2"), above_id="W1", weight="3", **UNIT)
    saves(ward, "A1", key_result(), above_id="U1", owner_id="an", **PERSON)
    saves(ward, "W2", key_result(), above_id="W1")
    measures(
        ward,
        reading("r1", "4", objective_id="U1"),
        reading("r2", "50", objective_id="A1"),
        reading("r3", "120.5", objective_id="W2"),
    )
    found = gets(ward, "W1")
    assert [(each.objective_id, each.weight, each.progress) for each in found.aligned] == [
        ("U1", "3", "0.625000"),
        ("W2", "1", "1.000000"),
    ]
    assert found.progress == "0.718750"
    assert [(each.progress, each.raw_progress) for each in gets(ward, "W2").key_results] == [
        ("1.000000", "1.205000")
    ]
    assert [(each.objective_id, each.progress) for each in lists(ward, ward.clerk).objectives] == [
        ("A1", "0.500000"),
        ("U1", "0.625000"),
        ("W1", "0.718750"),
        ("W2", "1.000000"),
    ]


def test_saving_again_changes_only_what_differs(ward: Ward) -> None:
    first = saves(ward, "W1", key_result(weight="2"), key_result("K2", "-5", "-50.5"))
    assert (first.revision, first.weight, first.key_results[1].target) == (1, "1", "-50.5")
    assert saves(ward, "W1", *first.key_results, title=first.title).revision == 1
    measures(ward, reading("r1", "40"))
    changed = saves(ward, "W1", key_result(target="80"), expected_revision=1)
    assert (changed.revision, changed.key_results[0].current, changed.progress) == (2, "40", "0.500000")
    code, reason, _ = refused(saves, ward, "W1", key_result(), expected_revision=1)
    assert (code, reason) == (grpc.StatusCode.ABORTED, "OBJECTIVE_CHANGED")
    assert refused(saves, ward, "W1", key_result("K9"))[1] == "BAD_OBJECTIVE"
    assert refused(saves, ward, "W1", key_result(), period="2026-Q2")[2]["field"] == "objective.period"


def test_no_circles(ward: Ward) -> None:
    saves(ward, "A")
    saves(ward, "B", above_id="A")
    saves(ward, "C", above_id="B")
    for above in ("A", "C"):
        code, _, facts = refused(saves, ward, "A", above_id=above)
        assert (code, facts["field"]) == (INVALID, "objective.above_id")
    assert refused(saves, ward, "A", above_id="Z")[:2] == (MISSING, "UNKNOWN_OBJECTIVE")
    assert gets(ward, "A").above_id == ""


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"title": " "}, "BAD_OBJECTIVE"),
        ({"owner_id": "vp"}, "BAD_OBJECTIVE"),
        ({"owner_kind": pb.OWNER_KIND_UNIT, "owner_id": "nowhere"}, "BAD_OBJECTIVE"),
        ({"owner_kind": pb.OWNER_KIND_PERSON, "owner_id": "ghost"}, "UNKNOWN_PERSON"),
        ({"owner_kind": 0}, "BAD_CHOICE"),
        ({"period": "2026"}, "BAD_PERIOD"),
        ({"weight": "-1"}, "BAD_OBJECTIVE"),
        ({"weight": "1e3"}, "BAD_NUMBER"),
    ],
)
def test_what_an_objective_may_not_say(ward: Ward, given: dict[str, Any], reason: str) -> None:
    assert refused(saves, ward, "W1", **given)[1] == reason
    assert not lists(ward, ward.clerk).objectives


def test_tasks_that_serve_a_key_result_are_shown_to_those_who_may_see_them(ward: Ward) -> None:
    ward.in_force("an", message("T1"))
    link = pb.TaskLink(person_id="an", month=MONTH, task_id="T1")
    saves(ward, "U1", key_result(tasks=[link]), **UNIT)
    [seen] = gets(ward, "U1", ward.as_("deputy")).key_results[0].tasks
    assert (seen.name, seen.quantity, seen.accepted) == ("Báo cáo định kỳ", "2", "")
    [hidden] = gets(ward, "U1", ward.as_("binh")).key_results[0].tasks
    assert (hidden.task_id, hidden.name, hidden.quantity) == ("T1", "", "")
    for wrong in (
        pb.TaskLink(person_id="an", month=MONTH, task_id="T9"),
        pb.TaskLink(person_id="an", month="2026-04", task_id="T1"),
    ):
        code, _, facts = refused(saves, ward, "U1", key_result(tasks=[link, wrong]), **UNIT)
        assert code is INVALID
        assert facts["field"].startswith("objective.key_results[0].tasks[1]")


def test_a_repeated_reading_counts_once(ward: Ward) -> None:
    saves(ward, "W1", key_result())
    first = measures(ward, reading("r1", "10"), reading("r1", "10.0"), reading("r2", "20", day=6))
    assert [each.recorded_by for each in first] == ["clerk"] * 3
    assert measures(ward, reading("r1", "10"), by=ward.both)[0] == first[0]
    assert gets(ward, "W1").key_results[0].reading_count == 2
    code, reason, facts = refused(measures, ward, reading("r3", "30"), reading("r1", "11"))
    assert (code, reason, facts["field"]) == (BLOCKED, "REFERENCE_TAKEN", "readings[1].reference")
    assert gets(ward, "W1").key_results[0].current == "20"
    assert measures(ward, reading("r1", "11", source="other"))[0].value == "11"


def test_a_late_reading_is_kept_and_the_newest_counts(ward: Ward) -> None:
    saves(ward, "W1", key_result())
    measures(ward, reading("r1", "60", day=9))
    measures(ward, reading("r2", "30", day=3))
    measures(ward, reading("r3", "55", day=9, note="đính chính"))
    found = gets(ward, "W1").key_results[0]
    assert (found.current, found.reading_count, found.progress) == ("55", 3, "0.550000")
    request = pb.ListReadingsRequest(ward_id=ward.id, objective_id="W1", key_result_id="K1", page_size=2)
    page: pb.ListReadingsResponse = ward.as_("lan").ListReadings(request)
    request.page_token = page.next_page_token
    rest: pb.ListReadingsResponse = ward.as_("lan").ListReadings(request)
    assert [each.reference for each in [*page.readings, *rest.readings]] == ["r1", "r2", "r3"]
    assert not rest.next_page_token


def test_bad_readings_are_refused_whole(ward: Ward) -> None:
    saves(ward, "W1", key_result())
    soon = Timestamp()
    soon.FromDatetime(datetime.now(UTC) + timedelta(hours=1))
    for wrong, reason in (
        (reading("r2", "1", key_result_id="K9"), "UNKNOWN_KEY_RESULT"),
        (reading("r2", "1", objective_id="W9"), "UNKNOWN_OBJECTIVE"),
        (reading("", "1"), "BAD_READINGS"),
        (reading("r2", "1", source=""), "BAD_READINGS"),
        (reading("r2", "1", measured_at=soon), "BAD_READINGS"),
        (reading("r2", "1", measured_at=None), "BAD_INSTANT"),
        (reading("r2", "một"), "BAD_NUMBER"),
    ):
        assert refused(measures, ward, reading("r1", "1"), wrong)[1] == reason
    assert not gets(ward, "W1").key_results[0].reading_count
    saves(ward, "W1", key_result(), dropped=True)
    assert refused(measures, ward, reading("r1", "1"))[:2] == (BLOCKED, "OBJECTIVE_DROPPED")


def test_readings_are_only_added_whoever_is_connected(ward: Ward) -> None:
    saves(ward, "W1", key_result())
    measures(ward, reading("r1", "1"))
    for change in (update(schema.reading).values(value=2), delete(schema.reading)):
        with pytest.raises(DBAPIError, match="only added"), ward.service.sessions.begin() as session:
            session.execute(change)


def test_who_writes_which_objective(ward: Ward) -> None:
    may = {
        "ward": {"organizer"},
        "unit": {"organizer", "boss", "deputy"},
        "person": {"boss", "deputy", "an"},
    }
    owners: dict[str, dict[str, Any]] = {"ward": {}, "unit": UNIT, "person": {**PERSON, "owner_id": "an"}}
    for kind, whose in owners.items():
        for who in ("organizer", "boss", "deputy", "an", "binh", "head"):
            by = ward.organizer if who == "organizer" else ward.as_(who)
            if who in may[kind]:
                saves(ward, f"{kind}-{who}", key_result(), by=by, **whose)
                measures(ward, reading(f"{kind}-{who}", "1", objective_id=f"{kind}-{who}"), by=by)
            else:
                saves(ward, f"{kind}-{who}", key_result(), **whose)
                assert refused(saves, ward, f"{kind}-{who}", by=by, **whose)[:2] == (
                    DENIED,
                    "NOT_YOUR_OBJECTIVE",
                )
                given = reading(f"{kind}-{who}", "1", objective_id=f"{kind}-{who}")
                assert refused(measures, ward, given, by=by)[1] == "NOT_YOUR_OBJECTIVE"


def test_who_sees_which_objective(ward: Ward) -> None:
    saves(ward, "W1")
    saves(ward, "U1", above_id="W1", **UNIT)
    for who in ("an", "binh", "lan"):
        saves(ward, f"P-{who}", key_result(), above_id="W1", owner_id=who, **PERSON)

    def seen(by: Caller) -> list[str]:
        listed: list[str] = []
        token = ""
        while True:
            page = lists(ward, by, page_size=1, page_token=token)
            listed += [each.objective_id for each in page.objectives]
            if not (token := page.next_page_token):
                break
        assert ["U1", *(each for each in listed if each[0] == "P")] == sorted(
            (each.objective_id for each in gets(ward, "W1", by).aligned), key=lambda each: each[0] == "P"
        )
        return listed

    assert seen(ward.as_("an")) == ["P-an", "U1", "W1"]
    assert seen(ward.as_("deputy")) == ["P-an", "P-binh", "U1", "W1"]
    assert seen(ward.organizer) == ["P-an", "P-binh", "P-lan", "U1", "W1"]
    assert refused(gets, ward, "P-lan", ward.as_("an"))[:2] == (DENIED, "NOT_YOURS")
    listing = pb.ListReadingsRequest(ward_id=ward.id, objective_id="P-lan", key_result_id="K1")
    assert refused(ward.as_("an").ListReadings, listing)[1] == "NOT_YOURS"
    assert [each.objective_id for each in lists(ward, ward.clerk, owner_id="an").objectives] == ["P-an"]
    assert [each.objective_id for each in lists(ward, ward.clerk, period=MONTH).objectives] == [
        "P-an",
        "P-binh",
        "P-lan",
    ]
    assert len(lists(ward, ward.clerk, above_id="W1").objectives) == 4
    assert [
        each.objective_id for each in lists(ward, ward.clerk, owner_kind=pb.OWNER_KIND_UNIT).objectives
    ] == ["U1"]
