"""A large ward's month is shared out while somebody waits for it."""

import time

from chassis.db import Sessions
from integration.reward import happenings as h
from kpi.reward.v1 import reward_pb2 as pb
from support.service import Running

PEOPLE = 1_200
"""More than any ward has."""

PATIENCE_S = 20.0
"""For all of it; it takes one second where nothing else runs."""


def test_a_large_ward_in_seconds(service: Running, sessions: Sessions) -> None:
    letters = {"A": 90, "B": 75, "C": 55}
    people = [
        h.someone(f"p-{number:04d}", letter, f"{letters[letter] + number % 9}.{number % 100:02d}", "3.33")
        for number, letter in enumerate("ABBBC" * (PEOPLE // 5))
    ]
    h.happen(sessions, h.month(people))
    h.record_fund(service, 4_000_000_000)
    began = time.perf_counter()

    run = h.allocate(service).run
    content, summary = h.export(service, pb.EXPORT_FORMAT_CSV)
    workbook, _ = h.export(service, pb.EXPORT_FORMAT_XLSX)
    paid = h.allocations(service)

    assert time.perf_counter() - began < PATIENCE_S
    assert (run.people, summary.count, len(paid)) == (PEOPLE, PEOPLE, PEOPLE)
    assert run.distributed == summary.sum == sum(paid.values())
    assert content
    assert workbook
