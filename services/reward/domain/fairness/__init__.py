"""No equal sharing (tuyệt đối không cào bằng): R-38, on a run and on a list that a unit proposes by hand.

What is compared is the *normalized* amount n = amount / (salary coefficient x attendance), without the
base share, of people whose amount no floor or cap set, among those with one table of coefficients (Hải
Phòng has a second one for viên chức).

**Rounding.** Amounts come in units (1,000 đồng), so each may be up to one unit off the exact share, and
n up to unit/basis. A list is therefore blamed only for what rounding cannot explain. For a person x
with a higher claim than y, let E be the difference n(x) - n(y) that the policy's own weights make, at
the list's value per weight. It is a violation when n(x) <= n(y) **and** n(x) - n(y) falls short of E by
a unit on each side or more. So two people of one grade with 95.00 and 85.00 points must differ; with
95.00 and 94.99, a few đồng apart, they may get the same.

**Speed.** All pairs of 150,000 people are 11 billion. Every quantity above splits into a part of x and
a part of y, so each clause asks whether some y lies above and to the right of x, which sorting answers.
Fractions are compared as integers: with S at least the square of the greatest denominator, floor(S·p)
orders fractions exactly as p does. A person who gets too little counts once, and is named with one
person that shows it.
"""

from collections import defaultdict
from collections.abc import Sequence

from reward.domain.fairness.clauses import check_nothing, check_table
from reward.domain.fairness.line import lines, worth
from reward.domain.fairness.outright import outright
from reward.domain.fairness.verdict import NAMED, Clause, NoEqualSharing, Report, Verdict, Violation
from reward.domain.policy import Mode, Policy
from reward.domain.rate import base_shares, rated
from reward.domain.weight import Person, Weights, weigh

__all__ = ["NAMED", "Clause", "NoEqualSharing", "Verdict", "Violation", "check", "check_weighed"]


def check(policy: Policy, people: Sequence[Person], amounts: Sequence[int]) -> Verdict:
    """Check amounts against R-38, whoever made them. ``amounts`` is in the order of ``people``, in đồng.

    :raises MissingFactor: if the policy counts a factor that a person with a paid grade lacks
    """
    return check_weighed(policy, people, weigh(policy, people), amounts)


def check_weighed(
    policy: Policy, people: Sequence[Person], weights: Weights, amounts: Sequence[int]
) -> Verdict:
    """Do what `check` does, for a caller that has the weights."""
    report = Report()
    check_nothing(report, people, weights, amounts)
    bases = base_shares(policy, weights)
    parts = [amount - base for amount, base in zip(amounts, bases, strict=True)]
    if policy.mode is Mode.RATE:
        moved = [
            bound is not None and amount == paid
            for (amount, bound), paid in zip(rated(policy, people, weights), amounts, strict=True)
        ]
    else:
        moved = [False] * len(people)
    table_of = {
        kind: id(policy.coefficients_for(kind)) for kind in {person.personnel_type for person in people}
    }
    tables: defaultdict[int, list[int]] = defaultdict(list)
    for index, (person, basis, bounded) in enumerate(zip(people, weights.bases, moved, strict=True)):
        if basis and not bounded and person.grade is not None:
            tables[table_of[person.personnel_type]].append(index)
    value = worth(policy, weights, parts)
    for chosen in tables.values():
        paid = any(parts[index] for index in chosen)
        if paid and not outright(policy, people, weights, parts, chosen, value):
            check_table(report, policy, lines(policy, people, weights, parts, chosen, value))
    return report.verdict()
