"""Everybody can check a result by hand: R-23."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from chassis.strict_json import parse
from scoring.domain.explanation import as_json, explain
from scoring.domain.person import Person
from scoring.domain.policy import DEFAULT, Cap, FaultScope, Policy, QuotaBase
from scoring.domain.quota import Scope
from scoring.domain.score import score_month
from scoring.domain.work import Fault, Kind
from scoring.offline import score_file
from unit.scoring.months import leader, staff, task


def explained(
    people: list[Person], policy: Policy = DEFAULT, scopes: tuple[Scope, ...] = ()
) -> list[dict[str, Any]]:
    found = score_month(policy, people, scopes)
    written = [as_json(explain(policy, *pair)) for pair in zip(people, found, strict=True)]
    assert json.loads(json.dumps(written)) == written
    return written  # type: ignore[return-value]


MIXED = staff(
    "p",
    task("1", "10"),
    task("12", "2", "2", Fault(failed_reviews=2)),
    task("16", "1", "1", Fault(missed_deadlines=1)),
    common="27",
)


def test_the_arithmetic_is_written_out() -> None:
    (found,) = explained([MIXED])

    assert [line["arithmetic"]["good"] for line in found["tasks"]] == [
        "1 × 10 = 10",
        "12 × (2 − 0.5) = 18",
        "16 × 1 = 16",
    ]
    assert found["tasks"][1]["arithmetic"]["lost_quality"] == "1 × min(1, 0.25 × 2) = 0.5"
    assert found["sums"] == {"assigned": "50", "done": "50", "good": "44", "timely": "46"}
    assert [(ratio["name"], ratio["uncapped"]) for ratio in found["ratios"]] == [
        ("a", "1"),
        ("b", "0.88"),
        ("c", "0.92"),
    ]
    assert found["total"]["task_ratio"] == "14/15"
    assert found["total"]["task_points"] == "65.3333"
    assert found["total"]["arithmetic"] == "27 + 70 × (50 + 44 + 46) / (3 × 50) = 92.333333… → 92.33"
    assert found["quota"]["arithmetic"] == "⌊0.2 × 1 / (1 + 0.2)⌋ = 0"
    assert (found["quota"]["members"], found["quota"]["maximum"], found["quota"]["rank"]) == (1, 0, 1)
    assert found["graded"]["grade"] == "B"


def test_the_parts_add_up_to_the_sums() -> None:
    people = [
        staff("p", *MIXED.tasks, task("3", "2", kind=Kind.EXTRA), task("5", "1", "0", kind=Kind.HANDED_OVER)),
    ]
    (found,) = explained(people)

    for name in ("assigned", "done", "good", "timely"):
        assert sum(Decimal(line["units"][name]) for line in found["tasks"]) == Decimal(found["sums"][name])
    # a = 56/55 and so counts as 1; b = 50/55 and c = 52/55 do not reach it.
    assert [ratio["uncapped"] for ratio in found["ratios"]] == ["1.0182", "0.9091", "0.9455"]
    assert Fraction(found["total"]["task_ratio"]) == (1 + Fraction(50, 55) + Fraction(52, 55)) / 3
    assert "assigned" not in found["tasks"][3]["arithmetic"]
    assert list(found["tasks"][4]["arithmetic"]) == ["assigned"]


def test_amounts_written_differently_are_explained_alike() -> None:
    """What is kept of 2.5 also serves 2.50: no figure may show which of them came first."""
    short, long = staff("p", task("2.5", "4", "3")), staff("p", task("2.50", "4.0", "3.00"))

    assert explained([short]) == explained([long])
    assert explained([short])[0]["tasks"][0]["arithmetic"]["done"] == "2.5 × 3 = 7.5"


def test_a_leader_sees_who_halves_his_field() -> None:
    found = explained([staff("s", task("1", "5", "0")), staff("t"), leader("l", "t", "s", unity=50)])[2]

    assert found["halved_by"] == ["s"]
    assert found["total"]["formula"] == "(a + b + c + d + đ + e) / 6"
    assert (
        found["total"]["arithmetic"]
        == "30 + 70 × (1 + 1 + 1 + 50 % × 1 + 100 % × 1 + 50 % × 1) / (6 × 1) = 88.333333… → 88.33"
    )
    assert [(ratio["name"], ratio["rule"]) for ratio in found["ratios"]][3:] == [
        ("d", "R-16"),
        ("dd", "R-17"),
        ("e", "R-17"),
    ]


def test_a_cap_on_the_total_is_written_out() -> None:
    policy = replace(DEFAULT, cap=Cap.TOTAL)
    (found,) = explained([staff("p", task("1", "5"), task(kind=Kind.EXTRA))], policy)

    assert found["total"]["arithmetic"] == "30 + 70 × min(1, (6 + 6 + 6) / (3 × 5)) = 100 → 100.00"


def test_a_fault_on_the_line_is_written_out() -> None:
    policy = replace(DEFAULT, fault_scope=FaultScope.LINE)
    (found,) = explained([staff("p", task("2.7", "3", "3", Fault(missed_deadlines=2)))], policy)

    assert found["tasks"][0]["arithmetic"]["lost_timeliness"] == "3 × min(1, 0.25 × 2) = 1.5"
    assert found["tasks"][0]["arithmetic"]["timely"] == "2.7 × (3 − 1.5) = 4.05"


def test_a_loss_cut_at_what_was_accepted_is_written_out() -> None:
    (found,) = explained([staff("p", task("1", "1", "0.8", Fault(failed_reviews=5)))])

    assert found["tasks"][0]["arithmetic"]["lost_quality"] == "min(0.8, 1 × min(1, 0.25 × 5)) = 0.8"


def test_the_quota_is_written_out_with_its_decision() -> None:
    policy = replace(DEFAULT, quota_base=QuotaBase.GOOD_OR_BETTER)
    people = [staff(f"p{each}") for each in range(5)]
    found = explained(people, policy, (Scope("VP", Decimal("0.25"), "12/QĐ-UBND"),))[0]

    assert found["quota"]["arithmetic"] == "⌊0.25 × 5⌋ = 1"
    assert found["quota"]["decision"] == "12/QĐ-UBND"
    assert (found["quota"]["mark"], found["quota"]["rank"], found["quota"]["tied"]) == ("tie", 1, 5)
    assert found["quota"]["ranked_by"] == {
        "total": "100.00",
        "task_ratio": "1",
        "b": "1",
        "c": "1",
        "done": "1",
    }


def test_whoever_has_no_score_sees_what_there_is() -> None:
    idle, absent = explained([staff("p", tasks=()), staff("q", worked_half_days=21)])

    assert idle["sums"]["assigned"] == "0"
    assert (absent["attendance"]["worked"], absent["attendance"]["rule"]) == (21, "R-11")
    assert idle["total"] is None
    assert absent["quota"] is None


def test_every_part_names_its_rule_and_the_policy() -> None:
    (found,) = explained([MIXED])
    named = json.dumps(found)

    for rule in ("R-7", "R-11", "R-12", "R-13", "R-15", "R-19", "R-20", "R-21", "R-22", "R-25"):
        assert f'"{rule}"' in named
    assert (found["policy_id"], found["policy_version"]) == (DEFAULT.id, DEFAULT.version)


MONTH = """{"people": [
  {"id": "Hà", "unit": "VP", "group": "cv", "required_half_days": 44, "worked_half_days": 44,
   "common_score": "27", "tasks": [{"code": "DC.05", "coefficient": "12", "assigned": "2", "accepted": "2",
   "faults": [{"failed_reviews": 2}]}]},
  {"id": "An", "unit": "VP", "group": "cv", "required_half_days": 44, "worked_half_days": 44,
   "common_score": "5", "tasks": [{"coefficient": "1", "assigned": "5", "accepted": "1"},
   {"coefficient": "2", "assigned": "1", "accepted": "0", "kind": "withdrawn"}]},
  {"id": "Chi", "unit": "VP", "group": "cv", "required_half_days": 44, "worked_half_days": 44,
   "common_score": "5", "tasks": []},
  {"id": "Lê", "unit": "VP", "group": "tp", "required_half_days": 44, "worked_half_days": 44,
   "common_score": "30", "role": "leader", "organising": 50, "unity": 100, "manages": ["An"],
   "blocker": "7/QĐ", "tasks": [{"coefficient": "1", "assigned": "1", "accepted": "1"}]},
  {"id": "Tổ", "unit": "VP", "group": "tp", "required_half_days": 44, "worked_half_days": 44,
   "common_score": "30", "role": "leader", "organising": 50, "unity": 100, "manages": ["Chi"], "tasks":
   [{"coefficient": "1", "assigned": "1", "accepted": "1"}]}
]}"""


def test_people_read_the_arithmetic_in_vietnamese() -> None:
    found = score_file(parse(MONTH), shape="text")

    assert "Hà (đơn vị VP, nhóm cv)" in found
    assert "1. DC.05 (theo kế hoạch): giao 12 × 2 = 24" in found
    assert "đạt chất lượng 12 × (2 − 0,5) = 18" in found
    assert "Tổng điểm = 27 + 70 × (24 + 18 + 24) / (3 × 24) = 91,166666… → 91,17 [R-19]" in found
    assert "hoãn hoặc hủy): không tính vào số giao và số hoàn thành" in found
    assert "d = 50 / 100 = 0,5 [R-16] (do tổng điểm dưới 50 của: An)" in found
    assert "đ = 50 / 100 = 0,5 [R-17]" in found
    assert "Có văn bản 7/QĐ: đề xuất loại D" in found
    assert "chưa được giao nhiệm vụ nào [R-14]" in found
    assert "Chờ kết quả của: Chi [R-16]" in found
    assert "Đề xuất xếp loại: B [R-25]" in found


def test_people_read_the_arithmetic_in_english() -> None:
    found = score_file(parse(MONTH), shape="text", language="en")

    assert "Total = 27 + 70 × (24 + 18 + 24) / (3 × 24) = 91.166666… → 91.17 [R-19]" in found
    assert "Over the quota: proposed for B, the score as it is" in found


def test_an_explanation_does_not_change_the_result() -> None:
    bare = json.loads(score_file(parse(MONTH)))["results"]
    explained_ones = json.loads(score_file(parse(MONTH), shape="explained"))["results"]

    assert [{name: each[name] for name in each if name != "explanation"} for each in explained_ones] == bare
    assert all("explanation" in each for each in explained_ones)
