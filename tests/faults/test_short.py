"""A short selection of the fault suite: the same scenarios with few faults, and one arm of the control.

``make faults`` runs all of it.
"""

import os
import secrets
from collections.abc import Callable, Iterator

import pytest

from faults import control
from faults.checker import Verdict
from faults.rig import Rig
from faults.scenarios import load
from faults.stage import Stage

pytestmark = pytest.mark.timeout(600)

SEED = int(os.environ.get("FAULTS_SEED") or secrets.randbelow(10**6))
"""Printed with every failure; ``FAULTS_SEED`` runs it again."""


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Fifteen processes on a broker and a database server of their own."""
    result = Rig(tmp_path_factory.mktemp("faults"))
    try:
        result.start()
        yield result
    finally:
        result.close()


def _judged(rig: Rig, run: Callable[[Stage], Verdict]) -> Verdict:
    stage = Stage(rig, SEED, short=True)
    verdict = run(stage)
    print(f"seed {SEED}: {verdict.line()}", *stage.notes, *verdict.told, sep="\n  ")  # noqa: T201
    return verdict


@pytest.mark.parametrize(
    "scenario",
    [
        "s01_worker_killed",
        "s02_relay_and_api_killed",
        "s03_broker_killed",
        "s05_database_restarted",
        "s08_delivered_three_times",
    ],
)
def test_nothing_is_lost_and_nothing_doubled(rig: Rig, scenario: str) -> None:
    verdict = _judged(rig, load(scenario).run)

    assert verdict.passed, (SEED, verdict.line(), verdict.told)
    assert verdict.acknowledged > 0


def test_without_the_inbox_the_suite_sees_it(rig: Rig) -> None:
    verdict = _judged(rig, control.ARMS["off-inbox"])

    assert control.seen("off-inbox", verdict), (SEED, verdict.line())
