"""The clauses of R-38, each over all the people at once."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from itertools import groupby
from operator import attrgetter

from reward.domain.fairness.line import Line
from reward.domain.fairness.telling import tell_grades, tell_nothing, tell_same, tell_scores, tell_spread
from reward.domain.fairness.verdict import Clause, Report
from reward.domain.policy import Grade, Policy
from reward.domain.weight import Person, Weights

_DUE_NOTHING = frozenset({None, Grade.D})


def check_nothing(report: Report, people: Sequence[Person], weights: Weights, amounts: Sequence[int]) -> None:
    """R-38 (d), and the zero that a weight of 0 is due by R-35."""
    for index, (person, amount) in enumerate(zip(people, amounts, strict=True)):
        if not amount:
            continue
        if person.grade in _DUE_NOTHING:  # whatever the policy gives a D: no policy is above R-38
            report.add(Clause.NOTHING, partial(tell_nothing, person, amount))
        elif not (weights.values[index] and weights.bases[index]):
            report.add(Clause.WEIGHTLESS, partial(tell_nothing, person, amount))


def check_table(report: Report, policy: Policy, lines: list[Line]) -> None:
    """R-38 (a), (b) and (c), among people with one table of coefficients."""
    by_grade: dict[Grade, list[Line]] = {grade: [] for grade in Grade}
    for line in lines:
        by_grade[line.grade].append(line)
    grades = list(Grade)
    for rank, grade in enumerate(grades):
        unlike = [below for below in grades[rank + 1 :] if policy.compared(grade, below)]
        _check_grades(report, by_grade[grade], [line for below in unlike for line in by_grade[below]])
    for same in by_grade.values():
        _check_scores(report, same)
    _check_spread(report, policy, by_grade)
    _check_same(report, lines)


def _check_grades(report: Report, higher: list[Line], lower: list[Line]) -> None:
    """R-38 (a)."""
    if not higher or not lower or min(line.n for line in higher) > max(line.n for line in lower):
        return
    lower = sorted(lower, key=attrgetter("n"), reverse=True)
    falling = [-line.n for line in lower]
    best_value = _running_best(lower, attrgetter("value"))
    best_at_least = _running_best(lower, attrgetter("at_least"))
    for line in higher:
        # Where the policy itself pays the higher grade nothing, nothing is not too little beside nothing.
        find = bisect_right if line.value else bisect_left
        seen = find(falling, -line.n) - 1
        if seen < 0:
            continue
        if best_value[seen].value >= line.value:
            shown = best_value[seen]
        elif best_at_least[seen].at_least >= line.at_most:
            shown = best_at_least[seen]
        else:
            continue
        report.add(Clause.GRADE, partial(tell_grades, line, shown))


def _check_scores(report: Report, same: list[Line]) -> None:
    """R-38 (b), within one grade. Who has no score (R-2) cannot be compared."""
    score = attrgetter("score")
    rising = sorted((line for line in same if line.score >= 0), key=score)
    suspects: list[Line] = []
    greatest: int | None = None
    for _, tied in groupby(rising, key=score):
        group = list(tied)
        if greatest is not None:
            suspects.extend(line for line in group if line.at_most <= greatest)
        best = max(line.at_least for line in group)
        greatest = best if greatest is None else max(greatest, best)
    if not suspects:
        return
    # Few lists come here. Does a suspect stand beside one with a lower score and no lower n that is too near?
    places = {value: place for place, value in enumerate(sorted({line.score for line in rising}))}
    wanted = {id(line) for line in suspects}
    tree: list[Line | None] = [None] * (len(places) + 1)
    for _, level in groupby(sorted(rising, key=attrgetter("n"), reverse=True), key=attrgetter("n")):
        equals = list(level)
        for line in equals:
            _enter(tree, places[line.score], line)
        for line in equals:
            if id(line) not in wanted:
                continue
            shown = _greatest_below(tree, places[line.score])
            if shown is not None and shown.at_least >= line.at_most:
                report.add(Clause.SCORE, partial(tell_scores, line, shown))


def _enter(tree: list[Line | None], place: int, line: Line) -> None:
    """Enter a line in a Fenwick tree of the greatest `at_least` by place."""
    node = place + 1
    while node < len(tree):
        present = tree[node]
        if present is None or present.at_least < line.at_least:
            tree[node] = line
        node += node & -node


def _greatest_below(tree: list[Line | None], place: int) -> Line | None:
    """Return the line with the greatest `at_least` at any lower place."""
    greatest: Line | None = None
    node = place
    while node:
        present = tree[node]
        if present is not None and (greatest is None or present.at_least > greatest.at_least):
            greatest = present
        node -= node & -node
    return greatest


def _check_spread(report: Report, policy: Policy, by_grade: dict[Grade, list[Line]]) -> None:
    """R-38 (c), first half. Grades that the policy makes equal count as one."""
    groups: dict[str, list[Line]] = {}
    equal = "".join(grade.value for grade in Grade if grade in policy.equal_grades)
    for grade, same in by_grade.items():
        if any(line.amount for line in same):
            groups.setdefault(equal if grade in policy.equal_grades else grade.value, []).extend(same)
    if len(groups) < 2:  # noqa: PLR2004 - nothing to compare one with
        return
    means = {name: Fraction(sum(line.n for line in same), len(same)) for name, same in groups.items()}
    ranked = sorted(means, key=means.__getitem__, reverse=True)  # stable: equal means are two grades still
    best, worst = ranked[0], ranked[-1]
    most = _mean(groups[best], policy.rounding_unit)
    least = _mean(groups[worst], -policy.rounding_unit)
    if most < Fraction(policy.min_spread) * least:
        spread = means[best] / means[worst]
        report.add(Clause.SPREAD, partial(tell_spread, best, worst, spread, policy))


def _mean(lines: list[Line], rounding: int) -> Fraction:
    """Return the mean n (on the scale of `Line.n`) with every amount moved by a rounding unit."""
    shift = 2 * max(line.basis for line in lines).bit_length()
    moved = sum(((line.amount + rounding) << shift) // line.basis for line in lines)
    return Fraction(moved, len(lines) << shift)


def _check_same(report: Report, lines: list[Line]) -> None:
    """R-38 (c), second half: refused where the policy tells them apart by more than rounding."""
    if min(line.n for line in lines) != max(line.n for line in lines):
        return
    if len({line.score for line in lines}) < 2:  # noqa: PLR2004 - the scores do not differ
        return
    short = min(lines, key=attrgetter("at_most"))
    shown = max(lines, key=attrgetter("at_least"))
    if short.at_most <= shown.at_least:
        report.add(Clause.SPREAD, partial(tell_same, short, shown, len(lines)))


def _running_best(lines: list[Line], key: Callable[[Line], int]) -> list[Line]:
    """Return for each place the line with the greatest key so far."""
    best: list[Line] = []
    for line in lines:
        best.append(line if not best or key(line) > key(best[-1]) else best[-1])
    return best
