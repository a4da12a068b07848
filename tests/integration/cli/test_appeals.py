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
