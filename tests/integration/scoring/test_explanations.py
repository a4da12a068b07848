"""An explanation can be checked by hand, and is always the one of the score that is shown: R-23."""

import itertools
import threading
from fractions import Fraction

import grpc
import pytest
from sqlalchemy import update

from integration.scoring.ward import MONTH, Ward, case, line, told
from kpi.planning.v1.events_pb2 import WorkFault
from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from scoring.storage.rows import ScoreRow
from support.service import refusal


def steps(answer: pb.ExplainScoreResponse) -> dict[str, tuple[str, str, str]]:
    return {step.name: (step.rule, step.formula, step.result) for step in answer.steps}


def in_english(ward: Ward, person_id: str) -> str:
    caller = ward.service.as_(person_id, wards=("*",))
    caller._metadata = (*caller._metadata, ("accept-language", "en"))
    request = pb.ExplainScoreRequest(ward_id=ward.ward_id, month=MONTH, person_id=person_id)
    text: str = caller.ExplainScore(request).text
    return text


@pytest.fixture
def worked(ward: Ward) -> Ward:
    """Two tasks of s: one with a late output, one extra; a leader above with d halved by t."""
    lines = [
        line("2.5", "4", "3", WorkFault(outputs=1, missed_deadlines=2), code="VP.01", name="Tờ trình"),
        line("1", "0", "2", kind="extra", task_id="t2", name="Họp đột xuất"),
    ]
    ward.tell(
        ward.leader("l", "s", "t"),
        ward.person("s"),
        ward.person("t"),
        *ward.good_month("s", "27.5"),
        *ward.good_month("t", "0"),
        ward.results("s", *lines),
        ward.results("t", line("1", "4", "1")),
        *ward.leading_month("l"),
    )
    ward.compute()
    return ward


def test_every_step_is_there_with_its_rule(worked: Ward) -> None:
    answer = worked.explain("s", "s", "staff")

    assert [(task.task_id, task.name, task.kind) for task in answer.tasks] == [
        ("t1", "Tờ trình", types.TASK_KIND_PLANNED),
        ("t2", "Họp đột xuất", types.TASK_KIND_EXTRA),
    ]
    first = answer.tasks[0]
    assert (first.coefficient, first.assigned, first.accepted) == ("2.5", "4", "3")
    converted = (first.converted_assigned, first.converted_done, first.converted_good, first.converted_timely)
    assert converted == ("10", "7.5", "7.5", "6.25")
    assert steps(answer) == {
        "attendance": ("R-11", "44 ≥ 0.5 × 44", "evaluated"),
        "assigned": ("R-12", "10 + 0", "10"),
        "done": ("R-12", "7.5 + 2", "9.5"),
        "good": ("R-12", "7.5 + 2", "9.5"),
        "timely": ("R-12", "6.25 + 2", "8.25"),
        "a": ("R-13", "9.5 / 10", "0.95"),
        "b": ("R-13", "9.5 / 10", "0.95"),
        "c": ("R-13", "8.25 / 10", "0.825"),
        "task_ratio": ("R-15", "(a + b + c) / 3", "109/120"),
        "total": ("R-19", "27.5 + 70 × (9.5 + 9.5 + 8.25) / (3 × 10) = 91.083333…", "91.08"),
        "band": ("R-20", "A ≥ 90, B ≥ 70, C ≥ 50", "A"),
        "A_max": ("R-21", "⌊0.2 × 1 / (1 + 0.2)⌋", "0"),
        "rank": ("R-22", "total 91.08, task_ratio 0.908333…, b 0.95, c 0.825, done 9.5", "1"),
        "quota": ("R-22", "1 > 0", "lowered"),
        "proposed_grade": ("R-25", "A, lowered", "B"),
    }
    assert answer.quota.base == 1
    assert answer.score == worked.scores()["s"]


def test_a_leaders_d_names_whose_total_halved_it(worked: Ward) -> None:
    found = steps(worked.explain("l", "l", "staff"))

    assert found["d"] == ("R-16", "50 / 100 (t < 50)", "0.5")
    assert found["task_ratio"][1:] == ("(a + b + c + d + đ + e) / 6", str(Fraction(11, 12)))


def test_the_text_is_in_the_callers_language(worked: Ward) -> None:
    text = worked.explain("s", "s", "staff").text
    assert "1. VP.01 Tờ trình (theo kế hoạch): giao 2,5 × 4 = 10" in text
    assert "91,083333… → 91,08 [R-19]" in text
    assert "Đề xuất xếp loại: B [R-25]" in text

    text = in_english(worked, "s")
    assert "1. VP.01 Tờ trình (planned): assigned 2.5 × 4 = 10" in text
    assert "Proposed grade: B [R-25]" in text


@pytest.mark.parametrize(
    ("told_of", "rule", "vi", "en"),
    [
        ("no-time", "R-11", "chưa có thời gian làm việc", "working time is not recorded"),
        ("no-work", "R-14", "chưa được giao nhiệm vụ nào", "nothing was assigned"),
        ("no-marks", "R-17", "chưa chấm đ, e", "đ and e are not assessed"),
        ("circle", "R-16", "thành vòng giữa circle", "circle are in one another's charge"),
        ("away", "R-11", "làm việc dưới mức tối thiểu", "worked less than needed"),
    ],
)
def test_why_there_is_no_score_is_told_too(ward: Ward, told_of: str, rule: str, vi: str, en: str) -> None:
    ward.tell(
        ward.person("no-time"),
        ward.person("no-work"),
        ward.leader("no-marks"),
        ward.leader("circle", "circle"),
        ward.person("away"),
        ward.plan("no-time"),
        ward.time("no-work"),
        ward.time("away", 1),
        *ward.good_month("no-marks"),
        *ward.leading_month("circle"),
    )
    ward.compute()
    answer = ward.explain(told_of, told_of, "staff")

    assert vi in answer.text
    assert en in in_english(ward, told_of)
    assert steps(answer)["status"][0] == rule
    assert not answer.HasField("quota")
    assert answer.score.total == ""


def test_an_explanation_is_of_the_stored_score_whatever_came_since(worked: Ward) -> None:
    before = worked.explain("s")

    worked.tell(
        worked.results("s", line("2.5", "4", "0")),
        worked.time("s", 0),
        worked.assessed("s", "1"),
        worked.quota_rate("VP", "0.25", "1/QĐ"),
        worked.leader("l"),
        worked.person("s", unit_id="KT"),
    )
    assert worked.month_state().stale
    assert worked.explain("s") == before

    worked.compute()
    assert worked.explain("s").score.revision == before.score.revision + 1
    assert steps(worked.explain("s"))["attendance"] == ("R-11", "0 ≥ 0.5 × 44", "not_evaluated")


def test_an_explanation_follows_facts_that_leave_the_score_as_it_was(worked: Ward) -> None:
    before = worked.explain("t")

    worked.tell(worked.results("t", line("1", "4", "1", name="Việc đổi tên")))
    worked.compute()

    after = worked.explain("t")
    assert after.score.work_revision > before.score.work_revision
    for each in (before.score, after.score):
        for named in ("work_revision", "revision", "computed_at"):
            each.ClearField(named)
    assert after.score == before.score
    assert [task.name for task in after.tasks] == ["Việc đổi tên"]


def test_better_no_explanation_than_one_that_differs(worked: Ward) -> None:
    with worked.service.sessions.begin() as session:
        session.execute(
            update(ScoreRow)
            .where(ScoreRow.ward_id == worked.ward_id, ScoreRow.person_id == "s")
            .values(lines=[])
        )
    with pytest.raises(grpc.RpcError) as no:
        worked.explain("s")
    assert refusal(no.value)[:2] == (grpc.StatusCode.FAILED_PRECONDITION, "EXPLANATION_DIFFERS")

    with worked.service.sessions.begin() as session:
        session.execute(update(ScoreRow).where(ScoreRow.ward_id == worked.ward_id).values(policy="new@7"))
    with pytest.raises(grpc.RpcError) as no:
        worked.explain("s")
    assert refusal(no.value)[:2] == (grpc.StatusCode.FAILED_PRECONDITION, "UNKNOWN_POLICY")


def test_every_score_of_a_ward_is_explained_to_its_total(ward: Ward) -> None:
    ward.tell(*told(ward, case("ward-20-1")["input"]))
    ward.compute()

    for id_, score in ward.scores().items():
        answer = ward.explain(id_)
        assert answer.score == score
        found = steps(answer)
        if not score.total:
            assert (
                found["status"][2] == pb.ScoreStatus.Name(score.status).removeprefix("SCORE_STATUS_").lower()
            )
            continue
        assert found["total"][2] == score.total
        for name in ("assigned", "done", "good", "timely"):
            parts = sum(Fraction(getattr(task, f"converted_{name}")) for task in answer.tasks)
            assert parts == Fraction(found[name][2])
        exact = Fraction(score.general) + 70 * Fraction(found["task_ratio"][2])
        assert abs(exact - Fraction(score.total)) <= Fraction(1, 200)
        mean = sum(Fraction(found[name][2]) for name in ("a", "b", "c", "d", "dd", "e") if name in found)
        assert mean / (6 if score.ratios.d else 3) == Fraction(found["task_ratio"][2])


def test_no_computation_ever_comes_between_a_score_and_its_explanation(worked: Ward) -> None:
    done = threading.Event()

    def change() -> None:
        for general in itertools.cycle(("10", "20", "")):
            if done.is_set():
                return
            worked.tell(worked.assessed("s", general), worked.time("s", 20 + 2 * len(general)))
            worked.compute()

    changing = threading.Thread(target=change)
    changing.start()
    seen = set()
    try:
        for _ in range(60):
            answer = worked.explain("s")
            found = steps(answer)
            seen.add(answer.score.revision)
            if answer.score.total:
                assert found["total"][2] == answer.score.total
                assert found["total"][1].startswith(answer.score.general)
                assert answer.quota.base > 0
            else:
                assert found["status"][1] == answer.score.reason
    finally:
        done.set()
        changing.join(30)
    assert len(seen) > 1
