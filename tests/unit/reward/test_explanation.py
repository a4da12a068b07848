"""Every amount can be checked by hand."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from reward import policies
from reward.domain.allocate import Settled, allocate
from reward.domain.explanation import explain, plain
from reward.domain.weight import Person
from unit.reward.drawn import people, person, pool


def test_plain_numbers_are_exact() -> None:
    assert plain(Fraction("0.8267")) == "0.8267"
    assert plain(Fraction(5)) == "5"
    assert plain(Fraction(1, 8)) == "0.125"
    assert plain(Fraction(31, 44)) == "31/44"
    assert plain(Fraction(0)) == "0"


def test_the_lines_say_what_was_multiplied() -> None:
    policy = pool()
    staff = [person("p", "B", "82.67", "2.67", (31, 44)), person("q", "A", "97.37", "3.66")]
    run = allocate(123_456_789, policy, staff)

    [first, _] = explain(run, policy, staff)

    weight = Fraction("0.8") * Fraction("0.8267") * Fraction("2.67") * Fraction(31, 44)
    assert first.weight == weight
    assert first.lines("vi", 1000)[0] == (
        "Trọng số = hệ số xếp loại 0,8 × điểm/100 0,8267 × hệ số lương 2,67 × ngày công 31/44"
        f" = {plain(weight)} (R-35)"
    )
    assert first.lines("en", 1000)[-1] == f"Amount: {run.shares[0].amount:,} đ"
    assert first.lines("vi", 1000)[-1] == f"Số tiền: {run.shares[0].amount:,} đ".replace(",", ".")


def test_it_says_which_tie_decided() -> None:
    policy = pool(by_score=False, by_salary=False, by_attendance=False)
    staff = [person("c", score="80"), person("b", score="81"), person("a", score="80")]

    def ties(fund: int) -> list[str]:
        return [each.tie for each in explain(allocate(fund, policy, staff), policy, staff)]

    assert ties(1_000) == ["score", "score", "score"]
    assert ties(2_000) == ["id", "score", "id"]
    assert ties(3_000) == ["", "", ""]


def test_a_floor_is_said() -> None:
    policy = policies.shipped("da-nang-2026")
    staff = [person("p", "B", "80", "2.34", (22, 44))]

    [only] = explain(allocate(10_000_000, policy, staff), policy, staff)

    assert (only.rule, only.settled, only.amount) == ("R-36", Settled.FLOOR, 1_500_000)
    assert only.exact == Fraction("0.3") * Fraction("2.34") / 2 * 2_340_000
    assert "Nâng lên mức tối thiểu của loại" in only.lines("vi", 1000)


@given(st.integers(0, 10**9), people())
def test_units_and_remainder_give_the_amount(fund: int, staff: list[Person]) -> None:
    policy = pool()
    run = allocate(fund, policy, staff)
    for each, share in zip(explain(run, policy, staff), run.shares, strict=True):
        assert each.exact == (each.units + each.remainder) * 1000
        assert share.amount == (each.units + (each.settled is Settled.REMAINDER)) * 1000
