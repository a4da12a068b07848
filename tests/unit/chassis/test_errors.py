"""What a refusal tells a person, and what it tells a program."""

from chassis.errors import Blocked


class _Closed(Blocked):
    vi = "Tháng {month} đã khóa đến hết ngày {last_day}; đợt {run}."
    en = "The month {month} is locked until {last_day}; run {run}."


def test_days_and_months_are_written_as_the_language_writes_them() -> None:
    refusal = _Closed(month="2026-03", last_day="2026-04-04", run="f-2026-03.1")

    assert refusal.told("vi") == "Tháng 03/2026 đã khóa đến hết ngày 04/04/2026; đợt f-2026-03.1."
    assert refusal.told("en") == "The month 2026-03 is locked until 2026-04-04; run f-2026-03.1."
    assert refusal.facts == {"month": "2026-03", "last_day": "2026-04-04", "run": "f-2026-03.1"}
