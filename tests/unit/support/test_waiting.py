"""Waiting answers with the first true answer, and says what it saw when none came."""

import pytest

from support.waiting import eventually


def test_the_first_true_answer_is_returned() -> None:
    answers = iter([0, None, "", "here", "later"])
    assert eventually(lambda: next(answers), every=0) == "here"


def test_an_assertion_that_fails_is_asked_again() -> None:
    numbers = iter(range(5))

    def question() -> bool:
        assert next(numbers) == 3
        return True

    assert eventually(question, every=0)


def test_the_last_answer_is_told_when_none_came() -> None:
    with pytest.raises(AssertionError, match=r"not within 0 s: .*nothing last answered \[\]"):
        eventually(nothing, within=0)


def test_the_last_assertion_is_told_when_none_held() -> None:
    with pytest.raises(AssertionError, match=r"last failed with so it is"):
        eventually(refusing, within=0)


def test_a_bug_in_the_question_is_not_waited_for() -> None:
    with pytest.raises(ZeroDivisionError):
        eventually(lambda: 1 // 0, within=60)


def nothing() -> list[int]:
    return []


def refusing() -> bool:
    raise AssertionError("so it is")
