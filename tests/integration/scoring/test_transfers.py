"""Who changes post is scored where his main post of the month is: R-1."""

from integration.scoring.ward import Ward, line
from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.types.v1 import types_pb2 as types


def test_the_main_post_of_the_month_decides_where_a_transferred_person_competes(ward: Ward) -> None:
    """R-1, R-21: one person, one unit, one quota; all of the month's work counts there."""
    ward.tell(
        ward.person("s", unit_id="VP", duty_group="specialist"),
        ward.person("s", from_month="2026-05", unit_id="KT", duty_group="accountant"),
        *ward.good_month("s"),
        ward.results("s", line(task_id="at-VP"), line("2", "3", "3", task_id="at-KT")),
    )
    ward.compute()

    score = ward.scores()["s"]
    assert (score.unit_id, score.quota_scope, score.duty_group) == ("KT", "KT", "accountant")
    assert {key: quota.base for key, quota in ward.quotas().items()} == {("KT", "accountant"): 1}
    assert [task.task_id for task in ward.explain("s").tasks] == ["at-VP", "at-KT"]
    before = Ward(ward.service, ward.ward_id, "2026-04")
    before.tell(*before.good_month("s"))
    before.compute()
    assert before.scores()["s"].unit_id == "VP"


def test_a_post_that_changes_again_within_the_month_is_the_one_told_last(ward: Ward) -> None:
    """R-1: a post of a month is corrected by its next revision; a post of the next month changes nothing."""
    first = ward.person("s", from_month="2026-05", unit_id="KT")
    second = ward.person("s", from_month="2026-05", unit_id="TP")
    ward.tell(ward.person("s"), second, first, ward.person("s", from_month="2026-06", unit_id="YT"))
    ward.tell(*ward.good_month("s"))
    ward.compute()

    assert ward.scores()["s"].unit_id == "TP"
    assert set(ward.quotas()) == {("TP", "specialist")}


def test_who_becomes_a_leader_is_scored_as_one_for_the_whole_month(ward: Ward) -> None:
    """R-1, R-15."""
    ward.tell(
        ward.person("s"),
        ward.leader("s", from_month="2026-05"),
        *ward.leading_month("s"),
    )
    ward.compute()

    score = ward.scores()["s"]
    assert (score.ratios.d, score.ratios.dd, score.ratios.e) == ("1.0000", "1.0000", "1.0000")


def test_who_comes_from_another_unit_leaves_no_quota_behind(ward: Ward) -> None:
    """R-1, R-21: told late, after the month was computed at the old post."""
    ward.tell(ward.person("s"), *ward.good_month("s"))
    ward.compute()
    assert set(ward.quotas()) == {("VP", "specialist")}

    ward.tell(ward.person("s", from_month="2026-05", unit_id="KT", role=types.ROLE_STAFF))
    ward.compute()

    assert set(ward.quotas()) == {("KT", "specialist")}
    assert ward.scores()["s"].status == pb.SCORE_STATUS_EVALUATED
