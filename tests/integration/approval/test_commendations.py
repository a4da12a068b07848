"""R-41 at the door: the organizer states form, amount and source; the list is issued anew, never edited."""

import re
from dataclasses import replace

import grpc
import pytest

from approval.domain.grade import Grade
from approval.storage import evaluations
from kpi.approval.v1 import approval_pb2 as pb
from kpi.approval.v1 import commendations_pb2

from .test_record import fetch, make, scored, time, words, work
from .ward import MONTH, WARD, OwnCaller, Ward, choose, refused

TOTALS = {"th-1": "66.00", "th-truong": "75.00"}
FORM, SOURCE = "Giấy khen", "Quỹ thi đua, khen thưởng"


@pytest.fixture
def graded(ward: Ward) -> Ward:
    """The ward is the school alone; both of its people were published with an A."""
    ward.prepare(TOTALS)
    ward.hear(*(scored(ward, each, total) for each, total in TOTALS.items()))
    ward.hear(*(work(ward, each) for each in TOTALS), *(time(each) for each in TOTALS))
    ward.decide("th-truong", [choose("th-1")])
    ward.decide("ct", [choose("th-truong")])
    ward.publish("th")
    ward.hear(*(ward.person(each, active=False) for each in ward.people if each not in TOTALS))
    with ward.service.sessions.begin() as session:
        found = evaluations.grades(session, ward.id, MONTH, unit_ids=None, after=None, most=9)
        raised = [replace(each, grade=Grade.A, revision=each.revision + 1) for each in found]
        evaluations.publish(session, ward.id, MONTH, raised, by="to-chuc")
    return ward


def stated(caller: OwnCaller, *given: commendations_pb2.Commendation) -> list[commendations_pb2.Commendation]:
    request = commendations_pb2.SetCommendationsRequest(ward_id=WARD, month=MONTH, commendations=given)
    return list(caller.SetCommendations(request).commendations)


def everybody(amount: int = 300_000) -> commendations_pb2.Commendation:
    return commendations_pb2.Commendation(form=FORM, amount=amount, source=SOURCE)


def test_r41_the_list_bears_what_is_stated_and_its_sum(graded: Ward) -> None:
    own = commendations_pb2.Commendation(person_id="th-1", amount=500_000, achievements="Sáng kiến số hóa")
    done = stated(graded.organizer, everybody(), own)
    assert [(each.person_id, each.revision, each.set_by) for each in done] == [
        ("", 1, "to-chuc"),
        ("th-1", 1, "to-chuc"),
    ]

    make(graded)

    told = words(fetch(graded.organizer, "commendations/1.xlsx")[0])
    assert told.count(FORM) == told.count(SOURCE) == 2
    assert "Sáng kiến số hóa" in told
    assert {"500000", "300000", "800000", "Tổng cộng"} <= set(told)
    assert not any("để trống" in each for each in told)
    assert fetch(graded.organizer, "commendations/1.pdf")[0].startswith(b"%PDF")


def test_r41_an_issued_list_stays_and_a_change_makes_a_new_one(graded: Ward) -> None:
    make(graded)
    first = {form: fetch(graded.organizer, f"commendations/1.{form}")[0] for form in ("pdf", "xlsx")}
    assert any("để trống" in each for each in words(first["xlsx"]))
    stated(graded.organizer, everybody())

    records, made = make(graded)

    assert made == 2
    assert {each for each in records if "commend" in each} == {"commendations/2.pdf", "commendations/2.xlsx"}
    assert {form: fetch(graded.organizer, f"commendations/1.{form}")[0] for form in first} == first
    # The same again is no change, neither of what is stated nor of the list.
    assert [each.revision for each in stated(graded.organizer, everybody())] == [1]
    assert make(graded)[1] == 0
    assert [each.revision for each in stated(graded.organizer, everybody(0))] == [2]
    assert make(graded)[1] == 2


def test_r32_it_is_logged(graded: Ward) -> None:
    stated(graded.organizer, everybody())
    stated(graded.organizer, everybody(1))
    stated(graded.organizer, everybody(1))

    found = graded.organizer.ListAuditEntries(
        pb.ListAuditEntriesRequest(ward_id=WARD, month=MONTH, page_size=1_000)
    ).entries

    entries = [each for each in found if each.action == "set_commendation"]
    assert len(entries) == 2
    assert re.search(r'"amount": ?"?300000\b', entries[1].before)
    assert re.search(r'"amount": ?"?1\b', entries[1].after)


@pytest.mark.parametrize(
    ("given", "reason", "field"),
    [
        ([], "NO_COMMENDATIONS", "commendations"),
        ([everybody()] * 2, "COMMENDED_TWICE", "commendations[1].person_id"),
        ([everybody(-1)], "BAD_COMMENDATION_AMOUNT", "commendations[0].amount"),
        ([everybody(1_000_000_001)], "BAD_COMMENDATION_AMOUNT", "commendations[0].amount"),
        ([everybody(2**63 - 1)], "BAD_COMMENDATION_AMOUNT", "commendations[0].amount"),
        ([commendations_pb2.Commendation(form="x" * 201)], "TEXT_TOO_LONG", "commendations[0].form"),
        (
            [commendations_pb2.Commendation(achievements="x")],
            "SHARED_ACHIEVEMENTS",
            "commendations[0].achievements",
        ),
    ],
)
def test_r41_what_cannot_be_is_refused_by_its_place(
    ward: Ward, given: list[commendations_pb2.Commendation], reason: str, field: str
) -> None:
    code, told, facts = refused(stated, ward.organizer, *given)
    assert (code, told, facts["field"]) == (grpc.StatusCode.INVALID_ARGUMENT, reason, field)


def test_r29_the_organizer_states_it_and_nothing_of_himself(ward: Ward) -> None:
    assert refused(stated, ward.as_("th-truong"), everybody())[0] == grpc.StatusCode.PERMISSION_DENIED
    own = commendations_pb2.Commendation(person_id="th-1", amount=1)
    assert refused(stated, ward.as_("th-1", "organizer"), own)[1] == "OWN_CASE"
    nobody = commendations_pb2.Commendation(person_id="nobody", amount=1)
    assert refused(stated, ward.organizer, nobody)[1] == "UNKNOWN_PERSON"


def test_r41_what_is_stated_is_read_back_page_by_page_by_the_offices(graded: Ward) -> None:
    own = commendations_pb2.Commendation(person_id="th-1", amount=500_000)
    stated(graded.organizer, everybody(), own)
    newest = stated(graded.organizer, everybody(400_000))

    def listed(caller: OwnCaller) -> list[commendations_pb2.Commendation]:
        token, found = "", []
        while True:
            reply = caller.ListCommendations(
                commendations_pb2.ListCommendationsRequest(
                    ward_id=WARD, month=MONTH, page_size=1, page_token=token
                )
            )
            assert len(reply.commendations) == 1
            found += reply.commendations
            token = reply.next_page_token
            if not token:
                return found

    found = listed(graded.organizer)
    assert [(each.person_id, each.amount, each.revision) for each in found] == [
        ("", 400_000, 2),
        ("th-1", 500_000, 1),
    ]
    assert found[0] == newest[0]
    assert listed(graded.as_("kiem-tra", "auditor")) == found
    assert refused(listed, graded.as_("th-1"))[0] is grpc.StatusCode.PERMISSION_DENIED
