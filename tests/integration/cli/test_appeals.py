"""Appeals from the command line (R-30)."""

from integration.cli.conftest import Kpi, Services
from kpi.approval.v1 import approval_pb2 as approval
from kpi.types.v1 import types_pb2 as types


def test_an_answer_is_sent_as_it_is_given(services: Services, kpi: Kpi) -> None:
    services.answers["AnswerAppeal"] = approval.AnswerAppealResponse(
        appeal=approval.Appeal(appeal_id="k-1", outcome=approval.APPEAL_OUTCOME_UPHELD)
    )

    ran = kpi(
        *("appeal", "answer", "k-1", "--ward", "phuc-loi", "--outcome", "upheld", "--grade", "B"),
        *("--answer", "hồ sơ đủ"),
    )

    assert ran.exit_code == 0, ran.output
    [sent] = services.requests("AnswerAppeal")
    assert (sent.appeal_id, sent.outcome, sent.grade) == (
        "k-1",
        approval.APPEAL_OUTCOME_UPHELD,
        types.GRADE_B,
    )
    assert sent.request_id


def test_whoever_is_to_correct_reads_what_was_returned_and_why(services: Services, kpi: Kpi) -> None:
    returned = approval.Return(
        step=approval.STEP_SELF_ASSESSMENT, reason="Chưa nêu sáng kiến", returned_by="boss"
    )
    services.answers["GetEvaluation"] = approval.GetEvaluationResponse(
        evaluation=approval.Evaluation(person_id="an", returns=[returned])
    )

    ran = kpi("evaluation", "show", "an", "--ward", "phuc-loi", "--month", "2026-03")

    assert ran.exit_code == 0, ran.output
    assert "Chưa nêu sáng kiến" in ran.stdout
    assert "boss" in ran.stdout
    assert "self assessment" in ran.stdout
