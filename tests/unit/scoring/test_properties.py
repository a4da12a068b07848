"""What holds for every month: properties, against a second and slower reading of the rules in fractions."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import floor
from random import Random
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.band import Band
from scoring.domain.grade import Grade, QuotaMark
from scoring.domain.person import Person, Role
from scoring.domain.policy import DEFAULT, Cap, FaultScope, Policy, QuotaBase
from scoring.domain.quota import Scope
from scoring.domain.score import Result, Status, score_month
from scoring.domain.work import Fault, Kind, Task
from unit.scoring.months import staff

Each = TypeVar("Each")

coefficients = st.integers(0, 3200).map(lambda cents: Decimal(cents) / 100)
commons = st.integers(0, 120).map(lambda quarters: Decimal(quarters) / 4)


@st.composite
def fault_lists(draw: st.DrawFn, outputs: int) -> tuple[Fault, ...]:
    found = []
    while outputs > 0 and draw(st.booleans()):
        count = draw(st.integers(1, outputs))
        outputs -= count
        failed, missed = draw(st.integers(0, 5)), draw(st.integers(0, 5))
        found.append(Fault(count, failed, draw(st.integers(0, failed)), missed, draw(st.integers(0, missed))))
    return tuple(found)


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    kind = draw(st.sampled_from(Kind))
    assigned = draw(st.integers(0, 6))
    tenths = draw(st.integers(0, 10 * assigned if kind is Kind.PLANNED else 60))
    accepted = Decimal(tenths) / 10
    faults = draw(fault_lists(-(-tenths // 10)))
    return Task(draw(coefficients), Decimal(assigned), accepted, kind, faults)


policies = st.builds(
    lambda **changes: replace(DEFAULT, **changes),
    cap=st.sampled_from(Cap),
    fault_scope=st.sampled_from(FaultScope),
    quota_base=st.sampled_from(QuotaBase),
    quota_rate=st.sampled_from([Decimal("0.20"), Decimal("0.15"), Decimal(0)]),
)


@st.composite
def months(draw: st.DrawFn, most: int = 14) -> list[Person]:
    """Two units, two groups; leaders are in charge of people who stand before them."""
    people: list[Person] = []
    for number in range(draw(st.integers(0, most))):
        leads = draw(st.booleans()) and bool(people)
        below = draw(st.sets(st.sampled_from([each.id for each in people]), max_size=3)) if leads else ()
        people.append(
            Person(
                id=f"p{number}",
                unit=draw(st.sampled_from(["VP", "KT"])),
                group=draw(st.sampled_from(["x", "x", "x", "y"])),
                required_half_days=44,
                worked_half_days=draw(st.sampled_from([44, 44, 44, 22, 21])),
                common_score=draw(st.one_of(st.just(Decimal(30)), commons, st.none())),
                tasks=tuple(
                    draw(
                        st.one_of(
                            st.just([Task(Decimal(1), Decimal(2), Decimal(2))]), st.lists(tasks(), max_size=4)
                        )
                    )
                ),
                role=Role.LEADER if leads else Role.STAFF,
                manages=tuple(below),
                organising=draw(st.sampled_from([100, 50])) if leads else None,
                unity=draw(st.sampled_from([100, 50])) if leads else None,
                blocker=draw(st.sampled_from([None, None, None, "1/QĐ"])),
                set_aside=draw(st.sampled_from([False, False, False, True])),
            )
        )
    return people


def by_id(found: list[Result]) -> dict[str, Result]:
    return {result.person_id: result for result in found}


@given(policies, months(), st.randoms(use_true_random=False))
def test_no_order_changes_anything(policy: Policy, people: list[Person], chance: Random) -> None:
    """Not that of people, of tasks, of faults or of those in charge."""
    shuffled = []
    for person in people:
        mixed = [replace(task, faults=_shuffle(chance, task.faults)) for task in person.tasks]
        shuffled.append(
            replace(person, tasks=_shuffle(chance, mixed), manages=_shuffle(chance, person.manages))
        )

    found = score_month(policy, people)

    assert by_id(score_month(policy, _shuffle(chance, shuffled))) == by_id(found)
    assert score_month(policy, people) == found
    assert [each.person_id for each in found] == [each.id for each in people]


def _shuffle(chance: Random, items: Iterable[Each]) -> tuple[Each, ...]:
    mixed = list(items)
    chance.shuffle(mixed)
    return tuple(mixed)


@given(policies, months())
def test_scores_follow_the_rules_read_in_fractions(policy: Policy, people: list[Person]) -> None:
    """R-12, R-13, R-15, R-16, R-19, as plainly as they can be written."""
    found = by_id(score_month(policy, people))
    totals: dict[str, Fraction] = {}
    for person in people:  # those in charge of others stand after them
        score = found[person.id].score
        if score is None:
            continue
        sums = [sum(column, Fraction(0)) for column in zip(*map(_line(policy), person.tasks), strict=True)]
        ratios = [part / sums[0] for part in sums[1:]]
        if policy.cap is Cap.COMPONENT:
            ratios = [min(Fraction(1), each) for each in ratios]
        if person.role is Role.LEADER:
            under = any(totals[id_] < 50 for id_ in person.manages if id_ in totals)
            assert person.organising is not None
            assert person.unity is not None
            ratios += [
                Fraction(1, 2) if under else Fraction(1),
                Fraction(person.organising, 100),
                Fraction(person.unity, 100),
            ]
        mean = min(Fraction(1), sum(ratios, Fraction(0)) / len(ratios))
        assert person.common_score is not None
        exact = Fraction(person.common_score) + 70 * mean
        totals[person.id] = Fraction(floor(exact * 100 + Fraction(1, 2)), 100)
        assert Fraction(score.total) == totals[person.id]
        assert 0 <= score.total <= 100


def _line(policy: Policy) -> Callable[[Task], list[Fraction]]:
    def line(task: Task) -> list[Fraction]:
        coefficient, accepted = Fraction(task.coefficient), Fraction(task.accepted)
        in_assigned = task.kind in (Kind.PLANNED, Kind.HANDED_OVER)
        in_done = task.kind in (Kind.PLANNED, Kind.EXTRA, Kind.TAKEN_OVER)
        failed = [(each.outputs, each.failed_reviews - each.excused_reviews) for each in task.faults]
        missed = [(each.outputs, each.missed_deadlines - each.excused_deadlines) for each in task.faults]
        return [
            coefficient * Fraction(task.assigned) * in_assigned,
            coefficient * accepted * in_done,
            coefficient * left(accepted, failed) * in_done,
            coefficient * left(accepted, missed) * in_done,
        ]

    def left(accepted: Fraction, counts: list[tuple[int, int]]) -> Fraction:
        if policy.fault_scope is FaultScope.LINE:
            times = sum(outputs * faults for outputs, faults in counts)
            return accepted * (1 - min(Fraction(1), Fraction(times, 4)))
        lost = sum(
            (outputs * min(Fraction(1), Fraction(faults, 4)) for outputs, faults in counts), Fraction(0)
        )
        return max(Fraction(0), accepted - lost)

    return line


@given(st.lists(tasks(), max_size=3), coefficients, st.lists(fault_lists(1), min_size=1, max_size=6))
def test_splitting_a_planned_line_into_equal_lines_changes_no_total(
    others: list[Task], coefficient: Decimal, faults_of_each: list[tuple[Fault, ...]]
) -> None:
    """R-12 by output: three outputs in one line, or one in each of three."""
    number = Decimal(len(faults_of_each))
    joined = Task(coefficient, number, number, faults=sum(faults_of_each, ()))
    split = [Task(coefficient, Decimal(1), Decimal(1), faults=faults) for faults in faults_of_each]

    one, many = score_month(DEFAULT, [staff("one", joined, *others), staff("many", *split, *others)])

    assert (one.status, one.reason) == (many.status, many.reason)
    if one.score is not None and many.score is not None:
        assert one.score.ratios == many.score.ratios
        assert one.score.total == many.score.total


@st.composite
def lines(draw: st.DrawFn) -> Task:
    """A line of any kind with whole outputs."""
    kind = draw(st.sampled_from(Kind))
    assigned = draw(st.integers(0, 4))
    accepted = draw(st.integers(0, assigned if kind is Kind.PLANNED else 5))
    return Task(draw(coefficients), Decimal(assigned), Decimal(accepted), kind, draw(fault_lists(accepted)))


@given(st.lists(tasks(), max_size=3), lines(), st.integers(2, 6), st.sampled_from(Cap))
def test_splitting_a_line_of_any_kind_into_equal_lines_changes_no_total(
    others: list[Task], part: Task, parts: int, cap: Cap
) -> None:
    """R-12 by output, R-13: quantities and faulty outputs divided equally among as many lines."""
    joined = replace(
        part,
        assigned=part.assigned * parts,
        accepted=part.accepted * parts,
        faults=tuple(replace(each, outputs=each.outputs * parts) for each in part.faults),
    )
    policy = replace(DEFAULT, cap=cap)

    one, many = score_month(policy, [staff("one", joined, *others), staff("many", *[part] * parts, *others)])

    assert (one.status, one.reason) == (many.status, many.reason)
    if one.score is not None and many.score is not None:
        assert one.score.ratios == many.score.ratios
        assert (one.score.total, one.score.band) == (many.score.total, many.score.band)


@given(policies, st.lists(tasks(), min_size=1, max_size=4), st.data())
def test_another_fault_never_raises_a_score(policy: Policy, work: list[Task], data: st.DataObject) -> None:
    """R-12."""
    faulty = [index for index, task in enumerate(work) if task.faults]
    if not faulty:
        return
    at = data.draw(st.sampled_from(faulty))
    worse = data.draw(
        st.sampled_from(
            [
                replace(work[at].faults[0], failed_reviews=work[at].faults[0].failed_reviews + 1),
                replace(work[at].faults[0], missed_deadlines=work[at].faults[0].missed_deadlines + 1),
            ]
        )
    )
    more = list(work)
    more[at] = replace(work[at], faults=(worse, *work[at].faults[1:]))

    before, after = score_month(policy, [staff("before", *work), staff("after", *more)])

    assert before.status is after.status
    if before.score is not None and after.score is not None:
        assert after.score.total <= before.score.total


@given(
    policies,
    st.integers(1, 3),
    st.integers(0, 2),
    st.sampled_from([("failed_reviews", "excused_reviews"), ("missed_deadlines", "excused_deadlines")]),
)
def test_each_fault_more_on_an_output_never_raises_a_score(
    policy: Policy, outputs: int, excused: int, names: tuple[str, str]
) -> None:
    """R-12: from none to beyond the fourth, where the output is lost already; nothing hides the loss."""

    def work(number: int) -> Task:
        fault = Fault(**dict(zip(names, (number + excused, excused), strict=True)))
        return Task(Decimal(1), Decimal(outputs), Decimal(outputs), Kind.PLANNED, (fault,))

    found = score_month(policy, [staff(f"p{number}", work(number)) for number in range(7)])

    totals = [each.score.total for each in found if each.score is not None]
    assert len(totals) == len(found)
    assert totals == sorted(totals, reverse=True)
    assert totals[0] > totals[1]


@given(policies, st.lists(tasks(), min_size=1, max_size=4), st.data())
def test_a_first_fault_never_raises_a_score(policy: Policy, work: list[Task], data: st.DataObject) -> None:
    """R-12: one fault more, on an output that had none."""
    clean = [
        index
        for index, task in enumerate(work)
        if sum(fault.outputs for fault in task.faults) + 1 <= task.accepted
    ]
    if not clean:
        return
    at = data.draw(st.sampled_from(clean))
    fault = data.draw(st.sampled_from([Fault(failed_reviews=1), Fault(missed_deadlines=1)]))
    more = list(work)
    more[at] = replace(work[at], faults=(*work[at].faults, fault))

    before, after = score_month(policy, [staff("before", *work), staff("after", *more)])

    assert before.status is after.status
    if before.score is not None and after.score is not None:
        assert after.score.total <= before.score.total


@given(
    policies,
    st.one_of(
        st.lists(st.tuples(st.integers(12, 30), st.integers(1, 3), st.integers(0, 19)), max_size=60),
        # Nearly alike and many: ties at the cut.
        st.lists(st.tuples(st.integers(29, 30), st.just(1), st.integers(1, 19)), min_size=12, max_size=40),
    ),
    st.sampled_from([None, Decimal("0.25"), Decimal("0.1")]),
)
def test_the_quota_is_never_exceeded_and_leaves_no_place_that_can_be_filled(
    policy: Policy, drawn: list[tuple[int, int, int]], rate: Decimal | None
) -> None:
    """R-21, R-22."""
    people = [
        staff(
            f"p{index}",
            Task(Decimal(1), Decimal(volume), Decimal(volume)),
            common=str(common),
            group=f"g{index % 2}",
            blocker="1/QĐ" if odd == 0 else None,
        )
        for index, (common, volume, odd) in enumerate(drawn)
    ]
    found = by_id(score_month(policy, people, [] if rate is None else [Scope("VP", rate, "12/QĐ")]))
    groups: defaultdict[str, list[Person]] = defaultdict(list)
    for person in people:
        groups[person.group].append(person)
    q = Fraction(policy.quota_rate if rate is None else rate)
    for members in groups.values():
        scores = {person.id: score for person in members if (score := found[person.id].score) is not None}
        grades = [score.grade for score in scores.values()]
        a, b = grades.count(Grade.A), grades.count(Grade.B)
        base = b if policy.quota_base is QuotaBase.GOOD else a + b
        assert a <= q * base
        candidates = [
            person.id for person in members if person.blocker is None and scores[person.id].band is Band.A
        ]
        ties = [id_ for id_ in candidates if scores[id_].placement.mark is QuotaMark.TIE]
        lowered = [id_ for id_ in candidates if scores[id_].placement.mark is QuotaMark.LOWERED]
        one_more = b - 1 if policy.quota_base is QuotaBase.GOOD else a + b
        if lowered and not ties:
            assert a + 1 > q * one_more
        assert len(ties) != 1
        if ties:
            assert a + 1 <= q * one_more
        kept = [scores[id_] for id_ in candidates if id_ not in ties and id_ not in lowered]
        assert all(score.grade is Grade.A for score in kept)
        for low in (*ties, *lowered):
            assert all(score.total >= scores[low].total for score in kept)


@given(policies, months())
def test_a_score_depends_on_nothing_but_its_own_inputs(policy: Policy, people: list[Person]) -> None:
    """Colleagues move a person's grade under the quota; total and band they move only through d."""
    together = by_id(score_month(policy, people))
    for person in people:
        if person.role is Role.STAFF:
            (alone,) = score_month(policy, [replace(person, unit="ZZ", group="zz", blocker=None)])
            assert alone.status is together[person.id].status
            if alone.score is not None:
                score = together[person.id].score
                assert score is not None
                assert (alone.score.total, alone.score.band) == (score.total, score.band)


@given(policies, months())
def test_everybody_has_a_score_or_a_reason(policy: Policy, people: list[Person]) -> None:
    """R-11, R-14, R-16."""
    found = by_id(score_month(policy, people))
    unsettled = {
        id_ for id_, each in found.items() if each.status in (Status.INSUFFICIENT_DATA, Status.WAITING)
    }
    for person in people:
        result = found[person.id]
        assert (
            (result.score is None) == (result.reason is not None) == (result.status is not Status.EVALUATED)
        )
        if result.status is Status.WAITING:
            assert set(result.waiting_for) == unsettled & set(person.manages)
        else:
            assert result.waiting_for == ()
        if result.status is Status.EVALUATED:
            assert not unsettled & set(person.manages)
