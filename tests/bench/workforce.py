"""A city's month made up from a number, as plain values that every arm turns into its own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

WARD_SIZE = 1_190
UNITS = 30
TASKS = 15


@dataclass(frozen=True, slots=True)
class Job:
    """A task; ``faults`` are failed reviews and missed deadlines, of one output each."""

    coefficient: str
    assigned: int
    accepted: int
    extra: bool
    failed: int
    missed: int


@dataclass(frozen=True, slots=True)
class Employee:
    """A person's month."""

    id: str
    unit: str
    group: str
    leader: bool
    manages: tuple[str, ...]
    common: str
    worked: int
    jobs: tuple[Job, ...]


def wards(people: int) -> Iterator[list[Employee]]:
    """Yield wards of at most 1,190 people, the last one smaller."""
    for start in range(0, people, WARD_SIZE):
        count = min(WARD_SIZE, people - start)
        ids = [f"p{start + number:06d}" for number in range(count)]
        yield [_employee(number, ids) for number in range(count)]


def unlike(each: Employee) -> Employee:
    """Return the person with tasks that nobody else has: other quantities, a few outputs more or less."""
    number = int(each.id.removeprefix("p"))
    jobs = []
    for task, job in enumerate(each.jobs):
        more = 10 + number * TASKS + task
        jobs.append(replace(job, assigned=job.assigned + more, accepted=job.accepted + more))
    return replace(each, jobs=tuple(jobs))


def _employee(number: int, ids: list[str]) -> Employee:
    unit = number % UNITS
    leader = number < min(UNITS, len(ids))
    return Employee(
        ids[number],
        f"u{unit:02d}",
        "lead" if leader else f"g{number % 3}",
        leader,
        tuple(ids[number + UNITS :: UNITS]) if leader else (),
        f"{20 + (number * 7) % 10}.{number % 4 * 25:02d}",
        44 - (number % 5 == 0) * 2 - (number % 97 == 0) * 30,
        tuple(_job(number, task) for task in range(TASKS)),
    )


def _job(number: int, task: int) -> Job:
    mix = (number * 31 + task * 17) % 101
    assigned = 1 + mix % 4
    return Job(
        f"{Decimal(25 * (2 + mix % 15)) / 100:.2f}",
        assigned,
        assigned - (mix % 9 == 0),
        task == TASKS - 1,
        1 if mix % 11 == 0 and assigned > 1 else 0,
        1 if mix % 13 == 0 and assigned > 1 else 0,
    )
