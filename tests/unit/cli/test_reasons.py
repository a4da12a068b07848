"""Why a month has no total is told in words (R-11, R-14, R-16)."""

import pytest

from kpi_cli.commands.scores import reason
from scoring.domain.score import Reason


@pytest.mark.parametrize("code", list(Reason))
def test_every_reason_of_scoring_has_words(code: Reason) -> None:
    assert reason(code.value) != code.value
    assert "_" not in reason(code.value)


def test_a_later_reason_is_shown_as_it_is() -> None:
    assert (reason("something_new"), reason("")) == ("something_new", "")
