"""R-29 at the door: every field of an evaluation, for everybody who may ask, before and after publication."""

import grpc
import pytest

from kpi.approval.v1 import approval_pb2 as pb

from .ward import MONTH, WARD, OwnCaller, Ward, choose, ids, refused

ALL = {"self_assessment", "remarks", "score", "decision", "letter"}
OWN = {"self_assessment", "remarks", "score"}


def secrets(found: pb.Evaluation) -> set[str]:
    """Return which kinds of secret stand in an evaluation."""
    decision = found.decision
    shown = {
        "self_assessment": found.HasField("self_assessment") or found.self_points,
        "remarks": found.HasField("remarks") or found.review_points,
        "score": found.total or found.band or found.proposed_grade or found.quota,
        "decision": decision.total or decision.decided_by or decision.reason or found.decision_points,
        "letter": decision.grade,
    }
    return {name for name, present in shown.items() if present}


@pytest.fixture
def decided(ward: Ward) -> Ward:
    ward.prepare({"vp-1": "80.00", "th-1": "66.00", "th-truong": "75.00"})
    ward.decide("th-truong", [choose("th-1")])
    ward.decide("ct", [choose("th-truong")])
    return ward


def seen(ward: Ward, caller: OwnCaller, person_id: str = "th-1") -> set[str] | None:
    """Return which secrets a caller sees of a person, alone and in a list; None for nothing at all."""
    request = pb.ListEvaluationsRequest(ward_id=WARD, month=MONTH)
    listed = {each.person_id: each for each in caller.ListEvaluations(request).evaluations}
    if person_id not in listed:
        code, reason, _ = refused(ward.evaluation, person_id, caller)
        assert (code, reason) == (grpc.StatusCode.PERMISSION_DENIED, "NOT_YOURS")
        return None
    found = secrets(ward.evaluation(person_id, caller))
    assert found == secrets(listed[person_id])
    return found


@pytest.mark.parametrize(
    ("who", "roles", "before", "after"),
    [
        ("th-1", (), OWN, ALL),
        ("th-truong", (), ALL, ALL),
        ("ct", (), ALL, ALL),
        ("bt", (), ALL, ALL),
        ("to-chuc", ("organizer",), ALL, ALL),
        ("thanh-tra", ("auditor",), ALL, ALL),
        ("van-thu", ("clerk",), set(), {"letter"}),
        ("vp-truong", (), None, None),
        ("vp-1", (), None, None),
    ],
)
def test_each_field_for_each_caller(
    decided: Ward, who: str, roles: tuple[str, ...], before: set[str] | None, after: set[str] | None
) -> None:
    caller = decided.as_(who, *roles)

    assert seen(decided, caller) == before
    decided.publish("th")
    assert seen(decided, caller) == after


def test_finance_sees_letters_and_no_evaluation(decided: Ward) -> None:
    decided.publish("th")
    finance = decided.as_("ke-toan", "finance")

    assert refused(decided.evaluation, "th-1", finance)[0] == grpc.StatusCode.PERMISSION_DENIED
    request = pb.ListGradesRequest(ward_id=WARD, month=MONTH)
    assert ids(finance.ListGrades(request).grades) == ["th-1", "th-truong"]


def test_letters_go_to_the_unit(decided: Ward) -> None:
    """R-29, R-43."""
    decided.publish("th")

    def letters(who: str, *roles: str, unit_id: str = "") -> list[str]:
        request = pb.ListGradesRequest(ward_id=WARD, month=MONTH, unit_id=unit_id)
        return ids(decided.as_(who, *roles).ListGrades(request).grades)

    assert letters("th-1") == ["th-1", "th-truong"]
    assert letters("th-1", unit_id="th") == ["th-1", "th-truong"]
    assert letters("vp-1") == []
    assert letters("ct") == ["th-1", "th-truong"]
    assert letters("van-thu", "clerk") == ["th-1", "th-truong"]
    assert refused(letters, "vp-1", unit_id="th")[:2] == (grpc.StatusCode.PERMISSION_DENIED, "OTHER_UNIT")


def test_nothing_is_published_before_it_is(decided: Ward) -> None:
    request = pb.ListGradesRequest(ward_id=WARD, month=MONTH)

    assert ids(decided.organizer.ListGrades(request).grades) == []


def test_what_waits_for_the_caller(ward: Ward) -> None:
    ward.assess("vp-1", "vp-2")
    ward.remark("vp-2")

    def mine(who: str, *roles: str) -> list[str]:
        request = pb.ListEvaluationsRequest(ward_id=WARD, month=MONTH, awaiting_me=True)
        return ids(ward.as_(who, *roles).ListEvaluations(request).evaluations)

    assert mine("vp-3") == ["vp-3"]
    assert mine("vp-pho") == ["vp-1", "vp-pho"]
    assert mine("vp-truong") == ["vp-2", "vp-truong"]
    assert mine("to-chuc", "organizer") == ["bt", "ct"]


def test_another_ward_is_out_of_reach(ward: Ward) -> None:
    stranger = ward.service.as_("to-chuc", "organizer", wards=("long-bien",))

    assert refused(ward.evaluation, "th-1", stranger)[0] == grpc.StatusCode.PERMISSION_DENIED
    request = pb.GetEvaluationRequest(ward_id="long-bien", person_id="th-1", month=MONTH)
    assert refused(stranger.GetEvaluation, request)[:2] == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_MONTH")
