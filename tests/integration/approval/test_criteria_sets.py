"""R-18: people are assessed with the criteria of their personnel type, as the month's policy has them.

A policy is data with the personnel types it covers; of the regulation the criteria differ by type, and the
rest is whole for everybody.
"""

import io
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import grpc
import openpyxl
import pytest

from approval import policies
from approval.usecases.imports import sheet
from chassis.sheets import Page, comma_separated, workbook
from kpi.approval.v1 import approval_pb2 as pb
from kpi.approval.v1 import policies_pb2
from kpi.operations.v1 import audit_pb2
from kpi.types.v1 import types_pb2
from support.service import Running

from .test_policies import LAST_MONTH, OWN, approve, open_month, policy_id, propose, simulate
from .test_record import scored, time, work
from .ward import MAXIMA, WARD, OwnCaller, Ward, choose, refused

TEACHERS: dict[str, Any] = {
    "id": "nha-giao",
    "personnel_types": ["public_employee"],
    "basis": "Quyết định 88/QĐ-UBND về viên chức",
    "criteria": [
        {"id": "I.1", "group": "I", "maximum": "10", "name": "Đạo đức nhà giáo"},
        {"id": "II.1", "group": "II", "maximum": "6", "name": "Chất lượng giảng dạy"},
        {"id": "II.5", "group": "II", "maximum": "4", "name": "Phối hợp với phụ huynh"},
        {"id": "III.1", "group": "III", "maximum": "10", "name": "Đổi mới phương pháp"},
    ],
}
TEACHING = {each["id"]: each["maximum"] for each in TEACHERS["criteria"]}
BY_TYPE: dict[str, Any] = {each: OWN[each] for each in ("legal_basis", "from_month", "deadlines")} | {
    "criteria_sets": [TEACHERS]
}
TEACHER = types_pb2.PERSONNEL_TYPE_PUBLIC_EMPLOYEE


@pytest.fixture
def town(service: Running) -> Ward:
    """A ward that has not opened its month; th-1 teaches, vp-1 is a civil servant, others unknown."""
    found = Ward(service, LAST_MONTH)
    found.hear(*found.news())
    found.hear(
        found.person("th-1", personnel_type=TEACHER),
        found.person("vp-1", personnel_type=types_pb2.PERSONNEL_TYPE_CIVIL_SERVANT),
    )
    return found


@pytest.fixture
def school(town: Ward) -> Ward:
    """The same with the month opened by a regulation that has a set for viên chức."""
    propose(town, BY_TYPE)
    approve(town)
    open_month(town)
    return town


def values(points: dict[str, str], reason: str = "") -> list[pb.CriterionValue]:
    return [pb.CriterionValue(criterion_id=id_, points=given, reason=reason) for id_, given in points.items()]


def assess(ward: Ward, person_id: str, points: dict[str, str], reason: str = "") -> None:
    own = pb.SelfAssessment(person_id=person_id, values=values(points, reason))
    ward.as_(person_id).SubmitSelfAssessments(
        pb.SubmitSelfAssessmentsRequest(ward_id=WARD, month=ward.month, self_assessments=[own])
    )


def criteria(caller: OwnCaller, **asked: Any) -> pb.ListCriteriaResponse:
    found: pb.ListCriteriaResponse = caller.ListCriteria(
        pb.ListCriteriaRequest(ward_id=WARD, month=LAST_MONTH, **asked)
    )
    return found


def names(given: Iterable[Any]) -> list[str]:
    return [each.criterion_id for each in given]


def give_back(ward: Ward, person_id: str, step: pb.Step, by: str) -> None:
    ward.as_(by).ReturnEvaluation(
        pb.ReturnEvaluationRequest(
            ward_id=WARD, month=ward.month, person_id=person_id, step=step, reason="chấm lại"
        )
    )


def test_everybody_is_told_his_own_criteria_and_the_default_ones_where_no_set_covers_him(
    school: Ward,
) -> None:
    teacher = criteria(school.as_("th-1"), person_id="th-1")

    assert (teacher.criteria_set, teacher.basis) == ("nha-giao", TEACHERS["basis"])
    assert list(teacher.personnel_types) == [TEACHER]
    assert {each.criterion_id: each.maximum for each in teacher.criteria} == TEACHING
    for who in ("vp-1", "vp-2"):  # a civil servant, and one of whose type nothing is known
        found = criteria(school.as_(who), person_id=who)
        assert (found.criteria_set, found.basis, names(found.criteria)) == ("", "", [*MAXIMA])
    assert names(criteria(school.clerk).criteria) == [*MAXIMA]
    assert names(criteria(school.clerk, personnel_type=TEACHER).criteria) == [*TEACHING]
    assert school.evaluation("th-1").criteria_set == "nha-giao"
    assert school.evaluation("vp-1").criteria_set == ""


def test_a_persons_criteria_are_for_those_who_may_know_where_his_evaluation_stands(school: Ward) -> None:
    for caller in (school.as_("th-truong"), school.as_("ct"), school.clerk, school.organizer):
        assert criteria(caller, person_id="th-1").criteria_set == "nha-giao"

    code, reason, _ = refused(criteria, school.as_("vp-1"), person_id="th-1")
    assert (code, reason) == (grpc.StatusCode.PERMISSION_DENIED, "NOT_YOURS")
    assert refused(criteria, school.clerk, person_id="ai-do")[1] == "UNKNOWN_PERSON"
    assert refused(criteria, school.clerk, person_id="th-1", personnel_type=TEACHER)[1] == "PERSON_OR_TYPE"
    assert refused(criteria, school.clerk, personnel_type=99)[1] == "UNKNOWN_PERSONNEL_TYPE"


def test_all_three_assess_with_the_set_of_the_persons_type(school: Ward) -> None:
    code, reason, facts = refused(assess, school, "th-1", MAXIMA)
    assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "REDUCTION_WITHOUT_REASON")
    assert (facts["criterion"], facts["maximum"]) == ("I.1", "10")
    assert refused(assess, school, "vp-1", TEACHING)[1] == "POINTS_OUT_OF_RANGE"

    assess(school, "th-1", TEACHING)
    school.remark("th-1")
    ruled = values(TEACHING | {"II.5": "3"}, "chưa họp phụ huynh")
    setting = pb.SetDecisionValuesRequest(ward_id=WARD, month=LAST_MONTH, person_id="th-1", values=ruled)
    found = school.as_("th-truong").SetDecisionValues(setting).evaluation
    by_others = [*ruled[:2], pb.CriterionValue(criterion_id="II.2", points="2.5"), ruled[3]]
    wrong = pb.SetDecisionValuesRequest(ward_id=WARD, month=LAST_MONTH, person_id="th-1", values=by_others)

    assert names(found.self_assessment.values) == names(found.remarks.values) == [*TEACHING]
    assert (found.self_points, found.review_points, found.decision_points) == ("30", "30", "29")
    assert school.general("th-1")["general"] == "29"
    assert refused(school.as_("th-truong").SetDecisionValues, wrong)[1] == "UNKNOWN_CRITERION"


def test_what_he_was_assessed_with_stays_until_it_is_returned(school: Ward) -> None:
    assess(school, "th-1", TEACHING)
    civil = types_pb2.PERSONNEL_TYPE_CIVIL_SERVANT
    school.hear(school.person("th-1", personnel_type=civil))

    assert criteria(school.as_("th-1"), person_id="th-1").criteria_set == "nha-giao"
    school.remark("th-1")
    give_back(school, "th-1", pb.STEP_REMARKS, "th-truong")
    assert school.evaluation("th-1").criteria_set == "nha-giao"
    give_back(school, "th-1", pb.STEP_SELF_ASSESSMENT, "th-truong")

    assert criteria(school.as_("th-1"), person_id="th-1").criteria_set == ""
    assess(school, "th-1", MAXIMA)
    assert (school.evaluation("th-1").criteria_set, school.evaluation("th-1").self_points) == ("", "30.0")
    # Who was assessed by the default ones keeps those, too.
    assess(school, "vp-1", MAXIMA)
    school.hear(school.person("vp-1", personnel_type=TEACHER))
    school.remark("vp-1")
    assert names(school.evaluation("vp-1").remarks.values) == [*MAXIMA]


def test_the_type_is_that_of_the_month(school: Ward) -> None:
    school.hear(
        school.person("vp-2", from_month=LAST_MONTH, personnel_type=TEACHER),
        school.person("vp-3", from_month="2091-01", personnel_type=TEACHER),
    )

    assert school.evaluation("vp-2").criteria_set == "nha-giao"
    assert school.evaluation("vp-3").criteria_set == ""


def take(ward: Ward, content: bytes, name: str = "danh-gia.xlsx") -> pb.ImportAssessmentsResponse:
    found: pb.ImportAssessmentsResponse = ward.clerk.ImportAssessments(
        pb.ImportAssessmentsRequest(
            ward_id=WARD,
            month=LAST_MONTH,
            file_name=name,
            content=content,
            self_assessments=True,
            remarks=True,
            document="12/HS",
        )
    )
    return found


def own_columns(points: dict[str, str], stage: str = "self") -> dict[str, Any]:
    return {f"{stage}_{id_}": Decimal(given) for id_, given in points.items()}


def test_a_workbook_has_columns_for_every_set_and_each_row_keeps_to_its_persons(school: Ward) -> None:
    policy = policies.stored(school.organizer.GetPolicy(of_month()).policy.document)
    layout = sheet(policy.criteria, *(each.criteria for each in policy.sets), own=True)
    headers = [each.vi for each in layout.columns]
    assert headers[1:12] == [f"{id_} (tự chấm)" for id_ in [*[*MAXIMA][:6], "II.5", *[*MAXIMA][6:]]]
    reviewed = own_columns(TEACHING | {"II.5": "3"}, "review")
    rows: list[dict[str, Any]] = [
        {"person_id": "vp-1", **own_columns(MAXIMA)},
        {"person_id": "th-1", **own_columns(TEACHING), **reviewed, "review_reason": "chưa họp phụ huynh"},
    ]

    done = take(school, workbook([Page(layout, rows)]))
    again = take(school, workbook([Page(layout, rows)]))

    assert (done.applied, done.self_assessments, done.remarks) == (True, 2, 1)
    assert again.applied
    teacher = school.evaluation("th-1")
    assert (teacher.criteria_set, teacher.self_points, teacher.review_points) == ("nha-giao", "30", "29")
    assert names(teacher.self_assessment.values) == [*TEACHING]
    assert names(school.evaluation("vp-1").self_assessment.values) == [*MAXIMA]
    assert len([each for each in school.announced("GeneralAssessed") if each["person_id"] == "th-1"]) == 1


def of_month() -> policies_pb2.GetPolicyRequest:
    return policies_pb2.GetPolicyRequest(ward_id=WARD, month=LAST_MONTH)


def test_points_in_the_columns_of_another_set_are_told_cell_by_cell(school: Ward) -> None:
    policy = policies.stored(school.organizer.GetPolicy(of_month()).policy.document)
    layout = sheet(policy.criteria, *(each.criteria for each in policy.sets), own=True)
    rows: list[dict[str, Any]] = [
        {"person_id": "vp-1", **own_columns(MAXIMA | {"I.1": "10"})},  # his maximum is 5
        {"person_id": "vp-2", **own_columns(MAXIMA), "self_II.5": Decimal(1)},
        {"person_id": "th-1", **own_columns({each: TEACHING[each] for each in ("I.1", "II.1", "III.1")})},
        {"person_id": "vp-3", **own_columns(MAXIMA), "review_II.5": Decimal(1)},
    ]

    found = take(school, workbook([Page(layout, rows)]))

    assert not found.applied
    assert [(each.column, each.reason_en.split(",")[0]) for each in found.errors] == [
        ("I.1 (tự chấm)", "10 points for criterion I.1 are not within 0 to 5."),
        ("II.5 (tự chấm)", "not one of this person's criteria"),
        ("II.5 (tự chấm)", "it must not be empty"),
        ("II.5 (cấp thẩm quyền)", "not one of this person's criteria"),
    ]
    assert school.evaluation("vp-1").self_points == ""


def test_a_file_may_lack_the_columns_of_a_set_that_nobody_in_it_has(school: Ward) -> None:
    policy = policies.stored(school.organizer.GetPolicy(of_month()).policy.document)
    page = Page(sheet(policy.criteria, own=True), [{"person_id": "vp-1", **own_columns(MAXIMA)}])

    assert take(school, comma_separated(page), "danh-gia.csv").applied
    assert school.evaluation("vp-1").self_points == "30.0"


def test_the_difference_of_two_regulations_shows_sets(town: Ward) -> None:
    propose(town, BY_TYPE)
    wider = TEACHERS | {"personnel_types": ["public_employee", "contract_worker"], "basis": "Quyết định 99"}
    wider["criteria"] = [each | {"name": "Đạo đức"} for each in TEACHERS["criteria"][:1]] + wider["criteria"][
        1:
    ]
    propose(town, {"criteria_sets": [wider]}, based_on=f"{policy_id(town)}@1")

    def told(left: str, right: str) -> dict[str, tuple[str, str]]:
        request = policies_pb2.DiffPoliciesRequest(ward_id=WARD, left=left, right=right)
        return {each.name: (each.left, each.right) for each in town.clerk.DiffPolicies(request).differences}

    approve(town)
    first = told("phuc-loi", f"{policy_id(town)}@1")
    assert first["criteria_sets"] == ("", '["nha-giao"]')
    assert first["criteria_sets.nha-giao.personnel_types"] == ("", '["public_employee"]')
    assert first["criteria_sets.nha-giao.criteria.II.5.maximum"] == ("", '"4"')
    assert not [name for name in first if name.startswith("criteria.")]
    assert told(f"{policy_id(town)}@1", f"{policy_id(town)}@2") == {
        "criteria_sets.nha-giao.personnel_types": (
            '["public_employee"]',
            '["contract_worker", "public_employee"]',
        ),
        "criteria_sets.nha-giao.basis": (f'"{TEACHERS["basis"]}"', '"Quyết định 99"'),
        "criteria_sets.nha-giao.criteria.I.1.name": ('"Đạo đức nhà giáo"', '"Đạo đức"'),
    }


@pytest.mark.parametrize(
    ("sets", "place", "says"),
    [
        (
            [TEACHERS | {"criteria": TEACHERS["criteria"][1:]}],
            "criteria_sets[0].criteria",
            "group I is missing",
        ),
        (
            [
                TEACHERS,
                TEACHERS | {"id": "hop-dong", "personnel_types": ["contract_worker", "public_employee"]},
            ],
            "criteria_sets[1].personnel_types[1]",
            "is in the set nha-giao already",
        ),
        (
            [TEACHERS | {"personnel_types": ["teacher"]}],
            "criteria_sets[0].personnel_types[0]",
            "one of cadre",
        ),
    ],
)
def test_a_slip_in_a_set_is_refused_with_its_place(
    town: Ward, sets: list[dict[str, Any]], place: str, says: str
) -> None:
    code, reason, facts = refused(propose, town, {"criteria_sets": sets})

    assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "BAD_DOCUMENT")
    assert facts["field"] == f"document.{place}"
    assert says in facts["problem"]


def test_a_simulation_tells_whose_points_would_not_fit_his_types_set(town: Ward) -> None:
    propose(town, BY_TYPE)
    open_month(town)  # by the shipped one: the other is a proposal
    town.assess("th-1", "vp-1", "vp-2")

    found = simulate(town, f"{policy_id(town)}@1")

    effects = {each.person_id: each for each in found.effects}
    moved = {
        each.person_id: (each.criteria_set_before, each.criteria_set_after)
        for each in found.effects
        if each.criteria_set_before != each.criteria_set_after
    }
    assert (moved, found.other_criteria, found.misfitting) == ({"th-1": ("", "nha-giao")}, 1, 1)
    misfits = {each.criterion_id: (each.points, each.maximum) for each in effects["th-1"].misfits}
    assert misfits == {
        "I.2": ("5", ""),
        "II.2": ("2.5", ""),
        "II.3": ("2.5", ""),
        "II.4": ("2.5", ""),
        "II.5": ("", "4"),
        "III.2": ("2.5", ""),
        "III.3": ("2.5", ""),
        "III.4": ("2.5", ""),
    }


def test_r31_the_sheet_on_record_shows_the_persons_own_criteria(school: Ward) -> None:
    assess(school, "th-1", TEACHING)
    assess(school, "th-truong", MAXIMA)
    school.remark("th-1", "th-truong")
    for each, total in (("th-1", "66"), ("th-truong", "75")):
        done, worked = work(school, each), time(each)
        done.work.month = worked.month = LAST_MONTH
        school.hear(scored(school, each, total), done, worked)
    school.decide("th-truong", [choose("th-1")])
    school.decide("ct", [choose("th-truong")])
    # His type is another one since: what he was assessed with is printed all the same.
    school.hear(school.person("th-1", personnel_type=types_pb2.PERSONNEL_TYPE_CADRE))
    school.publish("th")
    list(school.organizer.MakeRecords(pb.MakeRecordsRequest(ward_id=WARD, month=LAST_MONTH, unit_id="th")))

    def printed(person_id: str) -> list[object]:
        asked = pb.GetRecordRequest(ward_id=WARD, month=LAST_MONTH, record_id=f"sheet/{person_id}/1.xlsx")
        content = b"".join(each.chunk for each in school.organizer.GetRecord(asked))
        book = openpyxl.load_workbook(io.BytesIO(content))
        return [cell for page in book for row in page.iter_rows(values_only=True) for cell in row]

    teacher, head = printed("th-1"), printed("th-truong")
    assert {"Đạo đức nhà giáo", "Phối hợp với phụ huynh", f"(Tiêu chí theo {TEACHERS['basis']})"} <= {
        *teacher
    }
    assert "Ý thức kỷ luật, kỷ cương" not in teacher
    assert "Ý thức kỷ luật, kỷ cương" in head
    assert not [each for each in head if "Tiêu chí theo" in str(each)]


def test_the_regulation_shown_has_its_sets_whole(school: Ward) -> None:
    shown = school.as_("vp-1").GetPolicy(of_month()).policy

    assert json.loads(shown.document)["criteria_sets"] == [TEACHERS]


def test_r32_the_log_says_by_which_set_a_person_was_assessed(school: Ward, service: Running) -> None:
    assess(school, "th-1", TEACHING)
    assess(school, "vp-1", MAXIMA)

    auditor = service.operations_as("kt", "auditor", wards=(school.id,))
    found = auditor.ListAuditEntries(audit_pb2.ListAuditEntriesRequest(ward_id=school.id)).entries
    after = {each.subject_id: json.loads(each.after) for each in found if each.action == "self_assess"}
    assert after["th-1"]["criteria_set"] == "nha-giao"
    assert "criteria_set" not in after["vp-1"]


def test_the_example_in_the_documentation_is_a_regulation(town: Ward) -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "cli.md").read_text("utf-8")
    document = next(
        each for each in re.findall(r"```json\n(.*?)\n```", page, re.DOTALL) if "criteria_sets" in each
    )

    written = json.loads(propose(town, document).document)

    assert [each["id"] for each in written["criteria_sets"]] == ["nha-giao"]
