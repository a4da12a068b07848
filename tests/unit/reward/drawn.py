"""What the tests of money are made of: people, policies, and strategies that draw them."""

from decimal import Decimal

from hypothesis import strategies as st

from reward.domain.policy import Grade, Mode, Policy
from reward.domain.weight import Person

GENERIC = {Grade.A: Decimal("1.0"), Grade.B: Decimal("0.8"), Grade.C: Decimal("0.5"), Grade.D: Decimal(0)}

DECENT = {Grade.A: (9000, 10000), Grade.B: (7000, 8999), Grade.C: (5000, 6999), Grade.D: (0, 4999)}
"""Scores in hundredths that fit the grade."""


def pool(
    *, by_score: bool = True, by_salary: bool = True, by_attendance: bool = True, unit: int = 1000
) -> Policy:
    return Policy(Mode.POOL, GENERIC, by_score, by_salary, by_attendance, unit)


def rate(
    coefficients: dict[Grade, str] | None = None,
    *,
    multiple: str = "1",
    unit: int = 1000,
    floor: dict[Grade, int] | None = None,
    cap: dict[Grade, int] | None = None,
) -> Policy:
    table = GENERIC if coefficients is None else {each: Decimal(text) for each, text in coefficients.items()}
    return Policy(
        Mode.RATE,
        table,
        by_score=False,
        by_salary=True,
        by_attendance=True,
        rounding_unit=unit,
        rate=Decimal(multiple),
        base_salary=2_340_000,
        floor=floor or {},
        cap=cap or {},
    )


def person(
    name: str,
    grade: str | None = "B",
    score: str | None = "80",
    salary: str = "3.00",
    days: tuple[int, int] = (44, 44),
    kind: str | None = None,
) -> Person:
    return Person(
        name,
        None if grade is None else Grade(grade),
        None if score is None else Decimal(score),
        Decimal(salary),
        *days,
        kind,
    )


@st.composite
def people(draw: st.DrawFn, least: int = 0, most: int = 12, *, decent: bool = True) -> list[Person]:
    """Draw people with different ids; decent ones have the scores that belong to their grades."""
    found = []
    for index in range(draw(st.integers(least, most))):
        grade = draw(st.sampled_from([*Grade, None]))
        low, high = DECENT[grade] if decent and grade else (0, 10000)
        required = draw(st.sampled_from([40, 42, 44]))
        found.append(
            Person(
                f"p{index:02d}",
                grade,
                None if grade is None else Decimal(draw(st.integers(low, high))).scaleb(-2),
                Decimal(draw(st.sampled_from([234, 267, 300, 333, 498, 678]))).scaleb(-2),
                draw(st.integers(0, required + 4)),
                required,
            )
        )
    return draw(st.permutations(found))


POLICIES = st.builds(
    pool,
    by_score=st.booleans(),
    by_salary=st.booleans(),
    by_attendance=st.booleans(),
    unit=st.sampled_from([1, 500, 1000, 7000]),
)

FUNDS = st.one_of(st.integers(0, 20_000), st.integers(0, 10**10))
