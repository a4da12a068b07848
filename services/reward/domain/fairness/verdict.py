"""What a check of R-38 finds, and how it is told."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from chassis.errors import Blocked

NAMED: Final = 20
"""The most violations of one clause that are named; all are counted."""

TOLD: Final = 10
"""The most violations whose people a refusal carries: it travels in headers."""


class Clause(Enum):
    """What a list can violate. The value is what people and programs are shown."""

    GRADE = "R-38a"
    """A higher grade has a higher n."""
    SCORE = "R-38b"
    """Within a grade a higher score has no lower n, and a higher one where the policy counts scores."""
    SPREAD = "R-38c"
    """The best paid grade is `min_spread` times the worst paid, and not everybody has the same n."""
    NOTHING = "R-38d"
    """D, not evaluated and too little known get 0."""
    WEIGHTLESS = "R-35"
    """Who weighs nothing gets nothing."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation: who gets too little and who shows it; for a payment that is not due, who is paid."""

    clause: Clause
    person_ids: tuple[str, ...]
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check of a list found: the first `NAMED` violations of each clause, and how many there are."""

    violations: tuple[Violation, ...]
    counts: dict[Clause, int]

    @property
    def fair(self) -> bool:
        """True if nothing was found."""
        return not self.counts

    @property
    def total(self) -> int:
        """How many violations there are, those that are not named among them."""
        return sum(self.counts.values())


class NoEqualSharing(Blocked):
    """The list shares money equally where the law forbids it (cào bằng)."""

    vi = "Danh sách vi phạm nguyên tắc không cào bằng ({rules}; {count} trường hợp): {first_vi}."
    en = "The list breaks the rule against equal sharing ({rules}; {count} times): {first_en}."

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        first = verdict.violations[0]
        super().__init__(
            count=verdict.total,
            rules=", ".join(f"{clause.value}={count}" for clause, count in verdict.counts.items()),
            pairs="; ".join(
                f"{each.clause.value} {' < '.join(each.person_ids)}" for each in verdict.violations[:TOLD]
            ),
            first_vi=first.vi,
            first_en=first.en,
        )


class Report:
    """Collects violations: counts all, names the first of each clause."""

    def __init__(self) -> None:
        self._named: dict[Clause, list[Violation]] = {clause: [] for clause in Clause}
        self._counts: dict[Clause, int] = dict.fromkeys(Clause, 0)

    def add(self, clause: Clause, tell: Callable[[], tuple[tuple[str, ...], str, str]]) -> None:
        """Count a violation; ``tell`` is called only if it is to be named."""
        self._counts[clause] += 1
        if len(self._named[clause]) < NAMED:
            self._named[clause].append(Violation(clause, *tell()))

    def verdict(self) -> Verdict:
        """Return what was collected, by clause."""
        return Verdict(
            tuple(violation for named in self._named.values() for violation in named),
            {clause: count for clause, count in self._counts.items() if count},
        )
