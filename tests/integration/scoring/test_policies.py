"""Policies are data: proposed, approved by somebody else, in force by month, kept by closed months."""

from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from integration.scoring.ward import MONTH, Ward, line
from kpi.planning.v1.events_pb2 import WorkFault
from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from support.service import refusal

LINE = {"fault_scope": "line"}


def refused(method: Any, request: Any) -> tuple[grpc.StatusCode, str, dict[str, str]]:
    with pytest.raises(grpc.RpcError) as no:
        method(request)
    return refusal(no.value)


@pytest.fixture
def faulty(ward: Ward) -> Ward:
    """One of two outputs of s failed twice: 94.17 by output, 88.33 by line; t did everything."""
    ward.tell(
        ward.person("s"),
        *ward.good_month("s"),
        ward.results("s", line("1", "2", "2", WorkFault(outputs=1, failed_reviews=2))),
        ward.person("t"),
        *ward.good_month("t"),
    )
    ward.compute()
    return ward


def test_a_proposal_changes_nothing_until_somebody_else_approves_it(faulty: Ward) -> None:
    proposed = faulty.propose(settings=LINE)
    name = f"{faulty.ward_id}@1"
    assert (proposed.state, proposed.owner, proposed.based_on) == (
        pb.POLICY_STATE_PROPOSED,
        faulty.ward_id,
        "default@1",
    )
    assert proposed.settings["fault_scope"] == "line"
    assert proposed.settings["excellent"] == "90"
    assert faulty.month_policy().policy_id == "default"

    own = pb.ApprovePolicyRequest(ward_id=faulty.ward_id, policy=name, document="9/QĐ")
    assert refused(faulty.service.as_("proposer", "organizer", wards=("*",)).ApprovePolicy, own)[:2] == (
        grpc.StatusCode.PERMISSION_DENIED,
        "OWN_PROPOSAL",
    )
    assert not faulty.month_state().stale

    approved = faulty.approve(name)
    assert (approved.policy.approved_by, approved.policy.document, approved.months) == ("approver", "9/QĐ", 1)
    assert faulty.month_policy().policy.policy_id == faulty.ward_id
    faulty.compute()

    score = faulty.scores()["s"]
    assert (score.total, score.policy) == ("88.33", name)
    assert faulty.explain("s").score.total == "88.33"


def test_approving_twice_has_one_effect_and_another_document_is_refused(faulty: Ward) -> None:
    name = faulty.put_in_force(settings=LINE)

    assert faulty.approve(name).months == 0
    request = pb.ApprovePolicyRequest(ward_id=faulty.ward_id, policy=name, document="10/QĐ")
    caller = faulty.service.as_("third", "organizer", wards=("*",))
    assert refused(caller.ApprovePolicy, request)[:2] == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "APPROVED_OTHERWISE",
    )


def test_a_change_is_a_new_version_and_the_old_one_stays_as_it_was(faulty: Ward) -> None:
    first = faulty.put_in_force(settings=LINE)
    second = faulty.put_in_force(settings={"cap": "total"}, from_month="2026-04")

    assert (first, second) == (f"{faulty.ward_id}@1", f"{faulty.ward_id}@2")
    caller = faulty.service.as_("x", wards=("*",))
    shown = caller.GetPolicy(pb.GetPolicyRequest(ward_id=faulty.ward_id, policy=first))
    assert shown.settings["fault_scope"] == "line"
    assert shown.settings["cap"] == "component"
    earlier = Ward(faulty.service, faulty.ward_id, "2026-03")
    assert earlier.month_policy().version == 1
    assert faulty.month_policy().version == 2


@pytest.mark.parametrize("approved", [False, True])
@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE policy SET settings = '{"cap": "total"}'""",
        "UPDATE policy SET legal_basis = '[]'",
        "UPDATE policy SET from_month = '2020-01'",
        "DELETE FROM policy",
    ],
)
def test_the_database_itself_keeps_what_a_policy_says(ward: Ward, statement: str, *, approved: bool) -> None:
    name = ward.put_in_force() if approved else f"{ward.propose().policy_id}@1"
    reader = ward.service.as_("x", wards=("*",))
    request = pb.GetPolicyRequest(ward_id=ward.ward_id, policy=name)
    before = reader.GetPolicy(request)

    with (
        pytest.raises(DBAPIError, match="never changed or deleted"),
        ward.service.sessions.begin() as session,
    ):
        session.execute(text(f"{statement} WHERE policy_id = :id"), {"id": ward.ward_id})

    assert reader.GetPolicy(request) == before
    if not approved:
        ward.approve(name)
    with pytest.raises(DBAPIError), ward.service.sessions.begin() as session:
        session.execute(
            text("UPDATE policy SET document = 'khác' WHERE policy_id = :id"), {"id": ward.ward_id}
        )


def test_a_ward_inherits_from_the_city_and_may_override(ward: Ward) -> None:
    # Far in the future, so that no other test's months are touched.
    ward.month = "2031-01"
    city = ward.put_in_force(
        f"city-{ward.ward_id}", city=True, from_month="2031-01", until_month="2031-06",
        settings={"quota_rate": "0.15"},
    )  # fmt: skip
    assert ward.month_policy().policy.owner == "*"
    assert ward.month_policy().settings["quota_rate"] == "0.15"

    own = ward.propose(from_month="2031-02", settings={"quota_base": "good_or_better"})
    assert (own.based_on, own.settings["quota_rate"]) == (city, "0.15")
    ward.approve(f"{ward.ward_id}@1")

    def in_force(month: str) -> str:
        return Ward(ward.service, ward.ward_id, month).month_policy().policy_id

    assert in_force("2031-01") == city.partition("@")[0]
    assert in_force("2031-02") == ward.ward_id
    other = Ward(ward.service, f"{ward.ward_id}x", "2031-02")
    assert other.month_policy().policy_id == city.partition("@")[0]
    assert Ward(ward.service, f"{ward.ward_id}x", "2031-07").month_policy().policy_id == "default"


def test_the_city_s_policies_are_for_those_who_may_act_in_every_ward(ward: Ward) -> None:
    request = pb.ProposePolicyRequest(
        ward_id=ward.ward_id, city=True, policy_id="x", legal_basis=["a"], from_month="2031-01"
    )
    caller = ward.service.as_("p", "organizer", wards=(ward.ward_id,))
    assert refused(caller.ProposePolicy, request)[:2] == (
        grpc.StatusCode.PERMISSION_DENIED,
        "NOT_FOR_THE_CITY",
    )


def test_another_ward_s_policy_is_not_shown_and_its_id_is_taken(ward: Ward) -> None:
    ward.put_in_force("own-" + ward.ward_id)
    other = Ward(ward.service, f"{ward.ward_id}x")
    request = pb.GetPolicyRequest(ward_id=other.ward_id, policy=f"own-{ward.ward_id}@1")
    assert refused(ward.service.as_("x", wards=("*",)).GetPolicy, request)[1] == "NO_SUCH_POLICY"
    taken = pb.ProposePolicyRequest(
        ward_id=other.ward_id, policy_id=f"own-{ward.ward_id}", legal_basis=["a"], from_month="2026-01"
    )
    assert refused(ward.service.as_("p", "organizer", wards=("*",)).ProposePolicy, taken)[1] == (
        "POLICY_ID_TAKEN"
    )


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"policy_id": "Phúc Lợi"}, "BAD_POLICY_ID", "policy_id"),
        ({"policy_id": ""}, "BAD_POLICY_ID", "policy_id"),
        ({"legal_basis": []}, "LEGAL_BASIS_MISSING", "legal_basis"),
        ({"legal_basis": [" "]}, "LEGAL_BASIS_MISSING", "legal_basis"),
        ({"from_month": "2026"}, "BAD_MONTH", "from_month"),
        ({"until_month": "2025-12"}, "ENDS_BEFORE_IT_BEGINS", "until_month"),
        ({"based_on": "nothing@1"}, "NO_SUCH_POLICY", "based_on"),
        ({"personnel_types": [0]}, "NOT_STATED", "personnel_types[0]"),
        ({"settings": {"colour": "red"}}, "UNKNOWN_SETTING", "settings.colour"),
        ({"settings": {"cap": "none"}}, "BAD_SETTING", "settings.cap"),
        ({"settings": {"quota_rate": "0.21"}}, "POLICY_RATE_TOO_HIGH", "settings.quota_rate"),
        ({"settings": {"quota_rate": "1e-1"}}, "BAD_SETTING", "settings.quota_rate"),
        (
            {"settings": {"attendance_threshold": "2"}},
            "THRESHOLD_OUT_OF_RANGE",
            "settings.attendance_threshold",
        ),
        ({"settings": {"good": "95"}}, "BANDS_OUT_OF_ORDER", "settings.excellent"),
    ],
)
def test_bad_proposals_are_refused_at_their_place(
    ward: Ward, changes: dict[str, Any], reason: str, field: str
) -> None:
    given = {"ward_id": ward.ward_id, "policy_id": "p", "legal_basis": ["a"], "from_month": "2026-01"}
    request = pb.ProposePolicyRequest(**(given | changes))
    code, found, facts = refused(ward.service.as_("p", "organizer", wards=("*",)).ProposePolicy, request)
    assert (found, facts["field"]) == (reason, field)
    assert code in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND)


def test_people_are_scored_with_the_policy_of_their_personnel_type(faulty: Ward) -> None:
    """R-1: viên chức by line, everybody else as before; each score says so."""
    faulty.tell(faulty.person("s", personnel_type=types.PERSONNEL_TYPE_PUBLIC_EMPLOYEE))
    name = faulty.put_in_force(settings=LINE, personnel_types=[types.PERSONNEL_TYPE_PUBLIC_EMPLOYEE])
    faulty.compute()

    scores = faulty.scores()
    assert (scores["s"].total, scores["s"].policy) == ("88.33", name)
    assert scores["t"].policy == "default@1"
    of_month = faulty.month_policy()
    assert (of_month.policy_id, [f"{each.policy_id}@{each.version}" for each in of_month.policies]) == (
        "default",
        [name, "default@1"],
    )
    assert faulty.explain("s").score.policy == name


def test_a_closed_month_keeps_its_policy_whatever_is_approved_later(faulty: Ward) -> None:
    """Facts may still change it; a policy may not."""
    faulty.tell(faulty.published(datetime.now(UTC)))
    name = faulty.propose(settings=LINE)
    assert faulty.approve(f"{name.policy_id}@1").months == 0
    assert not faulty.month_state().stale
    faulty.tell(faulty.assessed("s", "29"))
    faulty.compute()

    score = faulty.scores()["s"]
    assert (score.total, score.policy) == ("93.17", "default@1")
    of_month = faulty.month_policy()
    assert (of_month.closed, of_month.policy_id) == (True, "default")
    open_month = Ward(faulty.service, faulty.ward_id, "2026-06")
    assert open_month.month_policy().policy_id == faulty.ward_id


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_policy_approved_after_the_publication_is_taken_back_when_that_is_told(
    faulty: Ward, order: tuple[int, int]
) -> None:
    """MonthPublished may come late, twice and in any order: the first publication counts."""
    published = datetime.now(UTC) - timedelta(minutes=5)
    faulty.put_in_force(settings=LINE)
    faulty.compute()
    assert faulty.scores()["s"].total == "88.33"
    told = [faulty.published(published), faulty.published(datetime.now(UTC) + timedelta(minutes=5))]

    for index in order:
        faulty.tell(told[index])
    assert faulty.month_state().stale
    faulty.compute()

    assert faulty.scores()["s"].policy == "default@1"
    assert faulty.scores()["s"].total == "94.17"


def test_a_month_that_is_closed_before_anything_is_known_of_it(ward: Ward) -> None:
    ward.tell(ward.published(datetime.now(UTC)))
    ward.put_in_force(settings=LINE)
    assert not ward.month_state().stale

    ward.tell(ward.person("s"), *ward.good_month("s"))
    ward.compute()

    assert ward.scores()["s"].policy == "default@1"


def test_a_month_that_is_closed_while_it_is_computed_is_computed_again(faulty: Ward) -> None:
    from scoring import usecases

    published = datetime.now(UTC) - timedelta(minutes=5)
    faulty.put_in_force(settings=LINE)
    with faulty.service.sessions() as session:
        taken = usecases.take_month(session, ward_id=faulty.ward_id, month=MONTH)
    assert taken is not None
    faulty.tell(faulty.published(published))

    with faulty.service.sessions.begin() as session:
        now = datetime.now(UTC)
        assert not usecases.announce_month(session, usecases.compute(taken, at=now), at=now)
    faulty.compute()

    assert faulty.scores()["s"].policy == "default@1"


def test_policies_are_listed_by_pages_and_compared(ward: Ward) -> None:
    id_ = f"a-{ward.ward_id}"
    ward.put_in_force(id_, settings={"cap": "total"})
    ward.propose(id_, settings={"cap": "total", "quota_rate": "0.1"}, legal_basis=["Quy chế 02"])
    caller = ward.service.as_("x", "auditor", wards=("*",))
    found, token = [], ""
    while True:
        page = caller.ListPolicies(
            pb.ListPoliciesRequest(ward_id=ward.ward_id, page_size=1, page_token=token)
        )
        found += [f"{each.policy_id}@{each.version}" for each in page.policies]
        token = page.next_page_token
        if not token:
            break
    assert [name for name in found if "city-" not in name] == [f"{id_}@1", f"{id_}@2", "default@1"]
    waiting = caller.ListPolicies(
        pb.ListPoliciesRequest(ward_id=ward.ward_id, state=pb.POLICY_STATE_PROPOSED)
    )
    assert [each.version for each in waiting.policies if each.policy_id == id_] == [2]

    request = pb.DiffPoliciesRequest(ward_id=ward.ward_id, left="default@1", right=f"{id_}@2")
    differences = {each.name: (each.left, each.right) for each in caller.DiffPolicies(request).differences}
    assert differences["cap"] == ("component", "total")
    assert differences["quota_rate"] == ("0.2", "0.1")
    assert set(differences) == {"cap", "quota_rate", "legal_basis"}


def test_a_simulation_tells_who_would_move_and_changes_nothing(faulty: Ward) -> None:
    faulty.propose(settings=LINE)
    before = (faulty.scores(), faulty.announced_scores(), faulty.month_state())
    caller = faulty.service.as_("o", "organizer", wards=("*",))
    request = pb.SimulatePolicyRequest(ward_id=faulty.ward_id, month=MONTH, policy=f"{faulty.ward_id}@1")
    found = caller.SimulatePolicy(request)

    [move] = found.moves
    assert (move.person_id, move.total_before, move.total_after) == ("s", "94.17", "88.33")
    assert (found.moved, found.people, list(found.policies_before)) == (1, 2, ["default@1"])
    assert (dict(found.grades_before), dict(found.grades_after)) == ({"B": 2}, {"B": 2})
    assert (move.quota_before, move.quota_after) == (pb.QUOTA_OUTCOME_LOWERED, pb.QUOTA_OUTCOME_NONE)
    assert (faulty.scores(), faulty.announced_scores(), faulty.month_state()) == before

    faulty.approve(f"{faulty.ward_id}@1")
    faulty.compute()
    assert faulty.scores()["s"].total == move.total_after
    assert not caller.SimulatePolicy(request).moves


def test_a_simulation_comes_in_pages(ward: Ward) -> None:
    ids = [f"p{number}" for number in range(5)]
    for id_ in ids:
        ward.tell(ward.person(id_), *ward.good_month(id_))
        ward.tell(ward.results(id_, line("1", "2", "2", WorkFault(outputs=1, failed_reviews=2))))
    ward.compute()
    ward.propose(settings=LINE)
    request = pb.SimulatePolicyRequest(
        ward_id=ward.ward_id, month=MONTH, policy=f"{ward.ward_id}@1", page_size=2
    )
    caller = ward.service.as_("o", "auditor", wards=("*",))
    found = []
    while True:
        page = caller.SimulatePolicy(request)
        found += [move.person_id for move in page.moves]
        assert page.moved == 5
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert found == ids


def test_a_month_of_which_nothing_is_known_cannot_be_simulated(ward: Ward) -> None:
    request = pb.SimulatePolicyRequest(ward_id=ward.ward_id, month="2040-01", policy="default@1")
    caller = ward.service.as_("o", "organizer", wards=("*",))
    assert refused(caller.SimulatePolicy, request)[:2] == (grpc.StatusCode.NOT_FOUND, "MONTH_NOT_KNOWN")
