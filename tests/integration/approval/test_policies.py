"""Policies of evaluation are data: a month keeps the one it was opened with (R-2, R-18, R-21, R-26, R-32)."""

import hashlib
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import grpc
import openpyxl
import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from approval import policies
from approval.usecases import watching
from approval.usecases.imports import sheet
from chassis import audit
from chassis.days import Month, end_of_day, legal_day
from chassis.sheets import Page, workbook
from kpi.approval.v1 import approval_pb2 as pb
from kpi.approval.v1 import policies_pb2
from kpi.operations.v1 import audit_pb2
from support.service import Running

from .test_record import scored, time, work
from .ward import WARD, Ward, choose, refused

SHIPPED: dict[str, Any] = json.loads(files(policies).joinpath("phuc-loi.json").read_text("utf-8"))
LAST_MONTH = str(Month.parse(f"{legal_day(datetime.now(UTC)):%Y-%m}").plus(-1))
"""Under the shipped policy every deadline of its steps but publication has passed, whatever day it is."""

TWO_MONTHS_LATER = {"before_day": 28, "months_later": 2}
EASY = dict.fromkeys(("self_assessment", "remarks", "decision", "publication"), TWO_MONTHS_LATER)
BROAD = [each for each in SHIPPED["criteria"] if each["group"] != "II"]
BROAD[2:2] = [
    {"id": "II.1", "group": "II", "maximum": "5", "name": "Năng lực"},
    {"id": "II.2", "group": "II", "maximum": "5", "name": "Trách nhiệm"},
]
CHAIR_DECIDES = {
    "posts": ["staff"],
    "unit_kinds": ["office"],
    "decided_by": ["committee_chair"],
    "basis": "Quy chế của phường, Điều 4",
}
OWN: dict[str, Any] = {
    "legal_basis": ["Quy chế 05/QC-UBND"],
    "from_month": "2026-01",
    "quota": {"rate": "0.4", "highest_rate": "0.5", "base": "good_or_better"},
    "deadlines": {"usual": EASY, "december": EASY},
    "criteria": BROAD,
    "competence": [CHAIR_DECIDES, *SHIPPED["competence"]],
}
BROAD_POINTS = {each["id"]: each["maximum"] for each in BROAD}


@pytest.fixture
def town(service: Running) -> Ward:
    """A ward of nine people that has opened nothing yet, in a month that has just ended."""
    found = Ward(service, LAST_MONTH)
    found.hear(*found.news())
    return found


def policy_id(ward: Ward) -> str:
    return f"quy-che-{ward.id}"


def propose(ward: Ward, document: dict[str, Any] | str = OWN, **given: Any) -> policies_pb2.Policy:
    asked = {
        "ward_id": WARD,
        "policy_id": policy_id(ward),
        "document": document if isinstance(document, str) else json.dumps(document),
        "based_on": "phuc-loi",
    } | given
    by = asked.pop("by", "to-chuc")
    reply = ward.as_(by, "staff", "organizer").ProposePolicy(policies_pb2.ProposePolicyRequest(**asked))
    found: policies_pb2.Policy = reply.policy
    return found


def approve(ward: Ward, by: str = "pho-to-chuc", **given: Any) -> policies_pb2.ApprovePolicyResponse:
    asked = {"ward_id": WARD, "policy": f"{policy_id(ward)}@1", "decision": "12/QĐ-UBND"} | given
    found: policies_pb2.ApprovePolicyResponse = ward.as_(by, "staff", "organizer").ApprovePolicy(
        policies_pb2.ApprovePolicyRequest(**asked)
    )
    return found


def open_month(ward: Ward, month: str = LAST_MONTH) -> str:
    opened: str = ward.organizer.OpenMonth(pb.OpenMonthRequest(ward_id=WARD, month=month)).month.policy
    return opened


def assess(ward: Ward, *person_ids: str, **points: str) -> None:
    """Submit self-assessments by the criteria of :data:`OWN`."""
    given = BROAD_POINTS | {name.replace("_", "."): each for name, each in points.items()}
    for each in person_ids:
        own = [pb.CriterionValue(criterion_id=id_, points=most) for id_, most in given.items()]
        ward.as_(each).SubmitSelfAssessments(
            pb.SubmitSelfAssessmentsRequest(
                ward_id=WARD,
                month=ward.month,
                self_assessments=[pb.SelfAssessment(person_id=each, values=own)],
            )
        )


def simulate(ward: Ward, policy: str, **fields: Any) -> pb.SimulatePolicyResponse:
    request = policies_pb2.SimulatePolicyRequest(ward_id=WARD, month=ward.month, policy=policy, **fields)
    found: pb.SimulatePolicyResponse = ward.organizer.SimulatePolicy(request)
    return found


def digests(service: Running) -> dict[str, str]:
    """Return a digest of every table's rows."""
    with service.sessions() as session:
        found = {}
        for table in inspect(session.get_bind()).get_table_names():
            rows = sorted(repr(tuple(row)) for row in session.execute(text(f'SELECT * FROM "{table}"')))
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        return found


def test_a_proposal_is_kept_whole_and_opens_no_month_before_somebody_else_approves_it(town: Ward) -> None:
    found = propose(town)

    assert (found.version, found.owner, found.based_on, found.proposed_by) == (
        1, town.id, "phuc-loi@1", "to-chuc",
    )  # fmt: skip
    assert found.state == policies_pb2.POLICY_STATE_PROPOSED
    written = json.loads(found.document)
    assert (written["id"], written["criteria"], written["reminders"]) == (
        policy_id(town), BROAD, SHIPPED["reminders"],
    )  # fmt: skip
    assert open_month(town) == "phuc-loi@1"

    assert refused(approve, town, by="to-chuc")[:2] == (grpc.StatusCode.PERMISSION_DENIED, "OWN_PROPOSAL")
    assert refused(approve, town, decision=" ")[1] == "DECISION_MISSING"
    assert refused(approve, town, policy="khong-co@1")[:2] == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_POLICY")
    approved = approve(town)
    assert (approved.policy.state, approved.policy.approved_by, approved.policy.decision) == (
        policies_pb2.POLICY_STATE_APPROVED, "pho-to-chuc", "12/QĐ-UBND",
    )  # fmt: skip
    assert approved.open_months == 1
    assert approve(town) == approved
    assert refused(approve, town, decision="13/QĐ")[1] == "APPROVED_OTHERWISE"
    clerk = town.clerk.ProposePolicy
    assert refused(clerk, policies_pb2.ProposePolicyRequest(ward_id=WARD))[0] is (
        grpc.StatusCode.PERMISSION_DENIED
    )


def test_a_version_approved_later_leaves_an_open_month_as_it_is(town: Ward, service: Running) -> None:
    assert open_month(town) == "phuc-loi@1"
    propose(town)
    approve(town)

    assert open_month(town) == "phuc-loi@1"
    of = policies_pb2.GetPolicyRequest(ward_id=WARD, month=LAST_MONTH)
    assert town.organizer.GetPolicy(of).policy.policy_id == "phuc-loi"
    of.month = "2090-01"
    assert town.organizer.GetPolicy(of).policy.policy_id == policy_id(town)
    assert open_month(town, "2090-01") == f"{policy_id(town)}@1"
    town.assess("vp-1")  # by the ten criteria of the shipped one
    listed = town.organizer.ListMonths(pb.ListMonthsRequest(ward_id=WARD)).months
    assert [(each.month, each.policy) for each in listed] == [
        ("2090-01", f"{policy_id(town)}@1"), (LAST_MONTH, "phuc-loi@1"),
    ]  # fmt: skip
    change = text("UPDATE month SET policy = 'x@1' WHERE ward_id = :ward")
    with pytest.raises(DBAPIError, match="keeps the policy"), service.sessions.begin() as session:
        session.execute(change, {"ward": town.id})


def test_r2_who_decides_follows_the_months_policy(town: Ward) -> None:
    propose(town)
    approve(town)
    open_month(town)
    assess(town, "vp-1", "vp-2", "vp-3")
    town.remark("vp-1", "vp-2", "vp-3")
    town.hear(*(town.score(each, "80") for each in ("vp-1", "vp-2", "vp-3")))

    assert refused(town.decide, "vp-truong", [choose("vp-1", "B")])[1] == "NOT_COMPETENT"
    assert town.decide("ct", [choose("vp-1", "B")]) == ["vp-1"]

    who = pb.ListCompetenceRequest(ward_id=WARD, month=LAST_MONTH, unit_id="vp")
    deciders = {each.person_id: each for each in town.organizer.ListCompetence(who).competences}
    assert {deciders[each].decider_id for each in ("vp-1", "vp-2", "vp-3", "vp-truong")} == {"ct"}
    assert deciders["vp-1"].basis == CHAIR_DECIDES["basis"]
    assert deciders["vp-pho"].decider_id == "vp-truong"
    checked = town.organizer.CheckMonth(pb.CheckMonthRequest(ward_id=WARD, month=LAST_MONTH))
    assert checked.policy == f"{policy_id(town)}@1"
    assert town.evaluation("vp-1").decision.policy == f"{policy_id(town)}@1"


def test_r2_the_check_before_opening_holds_a_month_against_the_policy_it_would_get(town: Ward) -> None:
    nobody = CHAIR_DECIDES | {"decided_by": ["council_chair"]}
    propose(town, OWN | {"competence": [nobody, *SHIPPED["competence"]]})
    of = pb.CheckMonthRequest(ward_id=WARD, month=LAST_MONTH)
    before = town.organizer.CheckMonth(of)
    approve(town)

    after = town.organizer.CheckMonth(of)

    assert (before.policy, before.blocking) == ("phuc-loi@1", 0)
    assert (after.policy, after.blocking) == (f"{policy_id(town)}@1", 3)


def test_r26_when_a_step_is_late_follows_the_months_policy(town: Ward, service: Running) -> None:
    other = Ward(service, LAST_MONTH)
    other.settle()
    propose(town)
    approve(town)
    open_month(town)

    assess(town, "vp-1")
    other.assess("vp-1")

    assert not town.evaluation("vp-1").self_assessed_late
    assert other.evaluation("vp-1").self_assessed_late
    month = town.organizer.GetMonth(pb.GetMonthRequest(ward_id=WARD, month=LAST_MONTH)).month
    last = Month.parse(LAST_MONTH).plus(2).day(27).isoformat()
    assert {each.last_day for each in month.deadlines} == {last}


def test_r18_what_a_self_assessment_accepts_follows_the_months_policy(town: Ward) -> None:
    propose(town)
    approve(town)
    open_month(town)

    _, reason, facts = refused(town.assess, "vp-1")

    assert (reason, facts["criterion"], facts["maximum"]) == ("REDUCTION_WITHOUT_REASON", "II.1", "5")
    reply = refused(assess, town, "vp-1", II_3="2.5")
    assert (reply[1], reply[2]["criterion"]) == ("UNKNOWN_CRITERION", "II.3")
    _, reason, facts = refused(assess, town, "vp-1", II_1="5.5")
    assert (reason, facts["maximum"]) == ("POINTS_OUT_OF_RANGE", "5")
    assess(town, "vp-1")
    assert town.evaluation("vp-1").self_points == "30.0"
    of = pb.ListCriteriaRequest(ward_id=WARD, month=LAST_MONTH)
    assert [each.criterion_id for each in town.clerk.ListCriteria(of).criteria] == [*BROAD_POINTS]
    of.month = "2025-12"
    assert refused(town.clerk.ListCriteria, of)[1] == "NO_POLICY"


def test_r21_a_decision_on_record_allows_what_the_months_policy_lets_it(town: Ward) -> None:
    propose(town, OWN | {"quota": {"rate": "0.1", "highest_rate": "0.15", "base": "good"}})
    approve(town)
    open_month(town)

    def decide_rate(rate: str) -> Any:
        return town.organizer.DecideQuotaRate(
            pb.DecideQuotaRateRequest(
                ward_id=WARD,
                month=LAST_MONTH,
                quota_scope="vp",
                rate=rate,
                decision="7/QĐ",
                decided_on="2026-04-01",
                signer="Chủ tịch",
                reason="dẫn đầu",
            )
        )

    _, reason, facts = refused(decide_rate, "0.2")
    assert (reason, facts["highest"]) == ("RATE_OUT_OF_RANGE", "0.15")
    decide_rate("0.12")


def test_a_ward_goes_before_the_city_and_the_city_before_the_shipped(service: Running) -> None:
    one, two = Ward(service, "2095-03"), Ward(service, "2095-03")
    for each in (one, two):
        each.hear(*each.news())
    city = service.as_("so-noi-vu", "organizer", wards=("*",))
    asked = policies_pb2.ProposePolicyRequest(
        ward_id=one.id,
        city=True,
        policy_id=f"thanh-pho-{one.id}",
        document=json.dumps({"from_month": "2095-02", "legal_basis": ["Quy định của Thành phố"]}),
        based_on="phuc-loi",
    )
    assert refused(one.organizer.ProposePolicy, asked)[1] == "NOT_FOR_THE_CITY"
    found = city.ProposePolicy(asked).policy
    assert found.owner == "*"
    approval = policies_pb2.ApprovePolicyRequest(
        ward_id=one.id, policy=f"{found.policy_id}@1", decision="1/QĐ"
    )
    assert refused(one.organizer.ApprovePolicy, approval)[1] == "NOT_FOR_THE_CITY"
    service.as_("giam-doc", "organizer", wards=("*",)).ApprovePolicy(approval)
    base = f"{found.policy_id}@1"
    own = propose(one, {"from_month": "2095-01", "legal_basis": ["Quy chế"]}, based_on=base)
    assert own.based_on == base
    approve(one)

    assert open_month(one, "2095-03") == f"{own.policy_id}@1"
    assert open_month(two, "2095-03") == base
    assert open_month(two, "2095-01") == "phuc-loi@1"

    def listed(ward: Ward) -> list[str]:
        names, token = [], ""
        while True:
            page = ward.as_("x").ListPolicies(
                policies_pb2.ListPoliciesRequest(ward_id=WARD, page_size=1, page_token=token)
            )
            names += [f"{each.policy_id}@{each.version}" for each in page.policies]
            token = page.next_page_token
            if not token:
                return names

    assert f"{own.policy_id}@1" in listed(one)
    assert f"{own.policy_id}@1" not in listed(two)
    assert {"phuc-loi@1", base} <= {*listed(two)}
    taken = refused(propose, two, OWN, policy_id=own.policy_id)
    assert taken[1] == "POLICY_ID_TAKEN"
    assert refused(propose, two, OWN, based_on=own.policy_id)[2]["field"] == "based_on"


def test_proposals_at_once_are_versions_one_after_another(town: Ward) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda number: propose(town, by=f"nguoi-{number}"), range(4)))

    assert sorted(each.version for each in made) == [1, 2, 3, 4]


def test_a_document_of_lone_halves_of_characters_is_refused(town: Ward) -> None:
    _, reason, facts = refused(propose, town, '{"legal_basis": ["\\ud800"]}')

    assert (reason, facts["field"]) == ("BAD_DOCUMENT", "document.legal_basis[0]")


def spoilt(**fields: Any) -> dict[str, Any]:
    return OWN | fields


@pytest.mark.parametrize(
    ("given", "reason", "field"),
    [
        ({"policy_id": "Quy Chế"}, "BAD_POLICY_ID", "policy_id"),
        ({"policy_id": "phuc-loi"}, "POLICY_ID_TAKEN", ""),
        ({"based_on": "khong-co"}, "UNKNOWN_POLICY", "based_on"),
        ({"document": "{"}, "BAD_DOCUMENT", "document"),
        ({"document": "[]"}, "BAD_DOCUMENT", "document"),
        ({"document": '{"a": ' * 900 + "1" + "}" * 900}, "BAD_DOCUMENT", "document"),
        ({"document": '{"quota": {"rate": "0.1", "rate": "0.9"}}'}, "BAD_DOCUMENT", "document.rate"),
        ({"document": '{"colour": "red"}'}, "BAD_DOCUMENT", "document.colour"),
        ({"document": '{"quota": {"rate": ' + "9" * 5_000 + "}}"}, "BAD_DOCUMENT", "document.quota.rate"),
        ({"document": json.dumps(spoilt(from_month="March"))}, "BAD_DOCUMENT", "document.from_month"),
        ({"document": json.dumps(spoilt(legal_basis=[]))}, "BAD_DOCUMENT", "document.legal_basis"),
        ({"document": json.dumps(spoilt(criteria=BROAD[:4]))}, "BAD_DOCUMENT", "document.criteria"),
        ({"document": '{"legal_basis": ["QC"]}', "based_on": ""}, "BAD_DOCUMENT", "document.quota"),
        (
            {"document": '{"deadlines": {"usual": {"remarks": {"before_day": 24}}}}'},
            "BAD_DOCUMENT",
            "document.deadlines.usual.remarks.before_day",
        ),
        (
            {"document": json.dumps(spoilt(competence=[CHAIR_DECIDES | {"posts": ["mayor"]}]))},
            "BAD_DOCUMENT",
            "document.competence[0].posts[0]",
        ),
    ],
)
def test_a_bad_proposal_is_refused_at_its_place(
    town: Ward, given: dict[str, Any], reason: str, field: str
) -> None:
    _, found, facts = refused(propose, town, **given)

    assert (found, facts.get("field", "")) == (reason, field)


def test_an_object_within_a_document_says_only_what_differs(town: Ward) -> None:
    found = propose(town, '{"deadlines": {"usual": {"decision": {"before_day": 27}}}}')

    written = json.loads(found.document)["deadlines"]
    assert written["december"] == SHIPPED["deadlines"]["december"]
    assert written["usual"]["decision"] == {"before_day": 27, "months_later": 0}
    assert written["usual"]["remarks"] == SHIPPED["deadlines"]["usual"]["remarks"]


def test_a_change_is_a_new_version_and_the_database_keeps_the_old_one(town: Ward, service: Running) -> None:
    propose(town)
    approve(town)
    again = propose(town, {"from_month": "2026-02"}, based_on=policy_id(town))

    assert (again.version, again.based_on) == (2, f"{policy_id(town)}@1")
    newest = policies_pb2.GetPolicyRequest(ward_id=WARD, policy=policy_id(town))
    assert town.as_("vp-1").GetPolicy(newest).policy.version == 1
    for table in ("policy_version", "policy_approval"):
        for statement in (f"UPDATE {table} SET version = 9", f"DELETE FROM {table}"):
            refusal = pytest.raises(DBAPIError, match="never changed or deleted")
            with refusal, service.sessions.begin() as session:
                session.execute(text(statement))


def test_two_policies_are_compared_by_what_they_do(town: Ward) -> None:
    propose(town)

    found = town.as_("vp-1").DiffPolicies(
        policies_pb2.DiffPoliciesRequest(ward_id=WARD, left="phuc-loi", right=f"{policy_id(town)}@1")
    )

    told = {each.name: (each.left, each.right) for each in found.differences}
    assert told["quota.rate"] == ('"0.2"', '"0.4"')
    assert told["criteria.II.1.maximum"] == ('"2.5"', '"5"')
    assert told["criteria.II.3.maximum"] == ('"2.5"', "")
    assert told["deadlines.usual.decision.months_later"] == ("0", "2")
    assert told["competence.staff@office.decided_by"] == ('["unit_head"]', '["committee_chair"]')
    assert [name for name in told if "competence.unit_deputy" in name] == []
    assert [*told] == sorted(told)


def test_a_month_under_another_policy_tells_whom_it_would_touch_and_changes_nothing(
    town: Ward, service: Running
) -> None:
    propose(town)
    approve(town)
    open_month(town)
    assess(town, "vp-1", "vp-2", "vp-3")
    town.remark("vp-1", "vp-2", "vp-3")
    totals = {"vp-1": "95", "vp-2": "80", "vp-3": "80"}
    town.hear(*(town.score(each, total) for each, total in totals.items()))
    town.decide("ct", [choose("vp-1", "A")])
    before = digests(service)

    found = simulate(town, "phuc-loi")

    assert (found.policy_before, found.policy_after, found.people) == (
        f"{policy_id(town)}@1", "phuc-loi@1", 9,
    )  # fmt: skip
    effects = {each.person_id: each for each in found.effects}
    staff = ("vp-1", "vp-2", "vp-3")
    assert {(effects[e].decider_before.decider_id, effects[e].decider_after.decider_id) for e in staff} == {
        ("ct", "vp-truong")
    }
    assert found.decided_by_others == 3
    first = effects["vp-1"]
    assert (first.room_before, first.room_after) == (
        policies_pb2.ROOM_FOR_A_WITHIN, policies_pb2.ROOM_FOR_A_BEYOND,
    )  # fmt: skip
    assert found.beyond_quota == 1
    [group] = found.groups
    assert (group.quota_scope, group.members, group.holders) == ("vp", 3, 1)
    assert (group.limit_before, group.limit_after) == (1, 0)
    assert [(e.late_before, e.late_after, e.HasField("taken_at")) for e in first.late_steps[:3]] == [
        (False, True, True)
    ] * 3
    assert not effects["bt"].late_steps[0].HasField("taken_at")
    assert found.late_vanishing == 0
    own = {(e.stage, e.criterion_id): (e.points, e.maximum) for e in first.misfits if e.stage == "self"}
    assert own == {
        ("self", "II.1"): ("5", "2.5"), ("self", "II.2"): ("5", "2.5"),
        ("self", "II.3"): ("", "2.5"), ("self", "II.4"): ("", "2.5"),
    }  # fmt: skip
    assert found.misfitting == 3
    last = Month.parse(LAST_MONTH)
    deadlines = {each.step: (each.last_day_before, each.last_day_after) for each in found.deadlines}
    assert deadlines[pb.STEP_PUBLICATION][0] == last.plus(2).day(27).isoformat()
    assert len(deadlines) == 4

    pages = simulate(town, "phuc-loi", page_size=1)
    assert (len(pages.effects), pages.affected) == (1, found.affected)
    rest = simulate(town, "phuc-loi", page_token=pages.next_page_token)
    assert [*pages.effects, *rest.effects] == [*found.effects]
    assert simulate(town, policy_id(town)).affected == 0
    assert digests(service) == before


def test_a_proposal_is_simulated_before_its_approval_and_late_steps_vanish(
    town: Ward, service: Running
) -> None:
    open_month(town)
    town.assess("vp-1")
    propose(town, {"deadlines": {"usual": EASY, "december": EASY}})
    before = digests(service)

    found = simulate(town, f"{policy_id(town)}@1")

    effects = {each.person_id: each for each in found.effects}
    assert [each.step for each in effects["vp-1"].late_steps] == [pb.STEP_SELF_ASSESSMENT, pb.STEP_REMARKS]
    assert found.late_appearing == found.beyond_quota == found.misfitting == found.decided_by_others == 0
    assert found.late_vanishing >= len(found.effects) > 0
    assert digests(service) == before
    assert refused(simulate, town, policy_id(town))[1] == "UNKNOWN_POLICY"
    unopened = Ward(service, "2090-02")
    assert refused(simulate, unopened, "phuc-loi")[1] == "UNKNOWN_MONTH"
    plain = policies_pb2.SimulatePolicyRequest(ward_id=WARD, month=LAST_MONTH, policy="phuc-loi")
    assert refused(town.as_("vp-truong").SimulatePolicy, plain)[0] is grpc.StatusCode.PERMISSION_DENIED


def test_an_extension_on_record_holds_where_it_is_later(town: Ward) -> None:
    open_month(town)
    later = legal_day(datetime.now(UTC)) + timedelta(days=400)
    town.organizer.ExtendDeadline(
        pb.ExtendDeadlineRequest(
            ward_id=WARD,
            month=LAST_MONTH,
            step=pb.STEP_REMARKS,
            last_day=later.isoformat(),
            reason="bão",
        )
    )
    propose(town, {"deadlines": {"usual": EASY, "december": EASY}})

    found = simulate(town, f"{policy_id(town)}@1")

    remarks = next(each for each in found.deadlines if each.step == pb.STEP_REMARKS)
    assert (remarks.last_day_before, remarks.last_day_after) == (later.isoformat(), later.isoformat())


def test_r32_proposing_and_approving_are_logged(town: Ward, service: Running) -> None:
    propose(town)
    approve(town)

    auditor = service.operations_as("kt", "auditor", wards=(town.id,))
    found = auditor.ListAuditEntries(audit_pb2.ListAuditEntriesRequest(ward_id=town.id)).entries
    assert [(each.action, each.subject_id, each.actor_id, each.authority_id) for each in found] == [
        ("propose_policy", f"{policy_id(town)}@1", "to-chuc", audit.office("organizer")),
        ("approve_policy", f"{policy_id(town)}@1", "pho-to-chuc", audit.office("organizer")),
    ]
    assert json.loads(json.loads(found[0].after)["document"])["criteria"] == BROAD
    assert json.loads(found[1].after) == {"approved": True, "decision": "12/QĐ-UBND"}


def test_the_example_in_the_documentation_is_a_policy(town: Ward) -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "cli.md").read_text("utf-8")
    document = page.partition("<<'JSON'\n")[2].partition("\nJSON\n")[0]

    written = json.loads(propose(town, document).document)

    assert written["deadlines"]["usual"]["decision"] == {"before_day": 27, "months_later": 0}
    assert written["quota"] == SHIPPED["quota"] | {"highest_rate": "0.22"}
    assert len(written["criteria"]) == 7


def test_r18_a_workbook_is_laid_out_by_the_months_criteria(town: Ward) -> None:
    propose(town)
    approve(town)
    open_month(town)
    criteria = policies.stored(json.dumps(OWN | {"id": "x", "version": 1})).criteria
    own: dict[str, Any] = {f"self_{each}": Decimal(most) for each, most in BROAD_POINTS.items()}

    def take(page: Page) -> pb.ImportAssessmentsResponse:
        found: pb.ImportAssessmentsResponse = town.clerk.ImportAssessments(
            pb.ImportAssessmentsRequest(
                ward_id=WARD,
                month=LAST_MONTH,
                file_name="danh-gia.xlsx",
                content=workbook([page]),
                self_assessments=True,
                document="12/HS",
            )
        )
        return found

    done = take(Page(sheet(criteria, own=True), [{"person_id": "vp-1", **own}]))
    too_much: dict[str, Any] = {"person_id": "vp-2", **own, "self_III.1": Decimal(5)}
    refusal = take(Page(sheet(criteria, own=True), [too_much]))

    assert (done.applied, done.self_assessments) == (True, 1)
    assert town.evaluation("vp-1").self_points == "30.0"
    assert (refusal.applied, [each.column for each in refusal.errors]) == (False, ["III.1 (tự chấm)"])


def test_r31_the_sheet_on_record_has_the_months_criteria(town: Ward) -> None:
    propose(town)
    approve(town)
    open_month(town)
    assess(town, "th-1", "th-truong")
    town.remark("th-1", "th-truong")
    for each, total in (("th-1", "66"), ("th-truong", "75")):
        done, worked = work(town, each), time(each)
        done.work.month = worked.month = LAST_MONTH
        town.hear(scored(town, each, total), done, worked)
    town.decide("th-truong", [choose("th-1")])
    town.decide("ct", [choose("th-truong")])
    town.publish("th")

    list(town.organizer.MakeRecords(pb.MakeRecordsRequest(ward_id=WARD, month=LAST_MONTH, unit_id="th")))

    asked = pb.GetRecordRequest(ward_id=WARD, month=LAST_MONTH, record_id="sheet/th-1/1.xlsx")
    content = b"".join(each.chunk for each in town.organizer.GetRecord(asked))
    book = openpyxl.load_workbook(io.BytesIO(content))
    words = [cell for page in book for row in page.iter_rows(values_only=True) for cell in row]
    assert "Trách nhiệm" in words
    assert "Tinh thần trách nhiệm" not in words


def test_r42_people_are_reminded_by_the_months_policy(town: Ward, service: Running) -> None:
    propose(town, OWN | {"reminders": {"days_before": ["7"], "superior_after": 3, "above_after": 5}})
    approve(town)
    open_month(town)
    due = end_of_day(Month.parse(LAST_MONTH).plus(2).day(27))

    def told(at: datetime) -> int:
        with service.sessions.begin() as session:
            return watching.remind(session, ward_id=town.id, month=LAST_MONTH, at=at)

    assert told(due - timedelta(days=8)) == 0
    assert told(due - timedelta(days=7)) > 0
    assert told(due - timedelta(days=1)) == 0
    assert told(due) > 0
    assert told(due + timedelta(days=2)) == 0
    assert told(due + timedelta(days=3)) > 0
