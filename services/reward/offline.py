"""The commands that need no service: ``python -m reward allocate FILE`` and ``python -m reward check FILE``.

Both read one JSON object from a file, or from standard input if FILE is ``-``, and print one on standard
output. They import the law and nothing else: a ward can check a month by hand wherever there is Python.

Input::

    fund      đồng, a whole number of 0 or more; for check it may be left out
    policy    the id of a shipped policy, such as "phuc-loi", or an object (reward/policies/__init__.py)
    people[]  id                   unique
              grade                "A" to "D"; null: not evaluated, or too little is known
              score                "0" to "100"
              salary_coefficient   exact decimal
              worked_half_days     whole number; over the required ones it counts as all of them
              required_half_days   whole number
              personnel_type       optional: cadre, civil_servant, public_employee, contract_worker
              amount               for check, and only there: the đồng that the list proposes

What the policy does not count of a person, or counts for nothing, may be null or left out.

``allocate`` prints ``{"allocations": [{"id", "amount"}, ...], "distributed", "undistributed"}``, the people
in the order of the input. Where the law forbids the result it prints ``{"error": "fund_exceeded",
"shortfall"}`` or ``{"error": "no_equal_sharing", "violations": [...], "counts": {...}}`` (R-38), and no
amounts. ``--explain`` adds ``"explanations"``: for each person the factors, the weight, the exact quota, the
remainder, what settled the amount, and the same in sentences.

``check`` prints ``{"fair", "violations": [...], "counts": {...}, "distributed"}`` and, with a fund, either
``undistributed`` or ``"error": "fund_exceeded"`` with the ``shortfall``. A violation has ``rule`` (R-38a:
grades, R-38b: scores, R-38c: spread, R-38d: nothing is due, R-35: the weight is 0), ``people`` (who gets too
little, then who shows it), ``vi`` and ``en``. The first 20 of each rule are listed; ``counts`` says how many
there are.

Exit status: 0 when there is an answer, and for allocate a refusal is an answer; 1 when check finds the list
unfair or over the fund; 2 when the input is bad, with one line on standard error that begins with the place
(``people[1].id: ...``) and nothing on standard output. ``--language vi``, the default, or ``en``.
"""

import argparse
import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from chassis.strict_json import BadInput, Object, load
from reward import policies
from reward.domain.allocate import FundExceeded, allocate
from reward.domain.explanation import Explanation, explain, plain
from reward.domain.fairness import NoEqualSharing, Verdict, check
from reward.domain.policy import Grade, Policy
from reward.domain.weight import Person

LONGEST_PERIOD: Final = 1_000
"""Half-days: more than a year has."""

Answer = tuple[dict[str, object], int]
"""What is printed, and the exit status."""

_FILE: Final = frozenset({"fund", "policy", "people"})
_PERSON: Final = frozenset(
    {
        "id",
        "grade",
        "score",
        "salary_coefficient",
        "worked_half_days",
        "required_half_days",
        "personnel_type",
    }
)
_GRADES: Final = frozenset(grade.value for grade in Grade)


def run(arguments: Sequence[str]) -> int:
    """Run a command: its name, then its arguments. Return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        given = load(options.file).within("input")
        if options.command == "allocate":
            answer, status = _allocate(given, language=options.language if options.explain else None)
        else:
            answer, status = _check(given)
    except BadInput as problem:
        sys.stderr.buffer.write(f"{problem.told(options.language)}\n".encode())
        return 2
    sys.stdout.buffer.writelines(_written(answer))
    sys.stdout.buffer.flush()
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reward", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, help_text in (
        ("allocate", "share out a fund by a policy"),
        ("check", "check amounts proposed by hand against R-38, no equal sharing"),
    ):
        command = commands.add_parser(
            name,
            help=help_text,
            description=__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_argument("file", metavar="FILE", help="a JSON file, or - for standard input")
        if name == "allocate":
            command.add_argument("--explain", action="store_true", help="say how each amount came about")
        command.add_argument("--language", choices=("vi", "en"), default="vi", help="of the sentences")
    return parser


def _allocate(given: Object, *, language: str | None) -> Answer:
    given.only(_FILE)
    fund = given.integer("fund", least=0, most=policies.LARGEST_MONEY)
    policy = _policy(given)
    people = [_person(each.only(_PERSON), policy) for each in _unique(given)]
    try:
        allocation = allocate(fund, policy, people)
    except FundExceeded as refusal:
        return {"error": "fund_exceeded", "shortfall": refusal.shortfall}, 0
    except NoEqualSharing as refusal:
        return {"error": "no_equal_sharing", **_found(refusal.verdict)}, 0
    answer: dict[str, object] = {
        "allocations": [{"id": share.person_id, "amount": share.amount} for share in allocation.shares],
        "distributed": allocation.distributed,
        "undistributed": allocation.undistributed,
    }
    if language:
        answer["explanations"] = [
            _explained(each, policy, language) for each in explain(allocation, policy, people)
        ]
    return answer, 0


def _check(given: Object) -> Answer:
    given.only(_FILE)
    fund = given.integer("fund", least=0, most=policies.LARGEST_MONEY) if given.has("fund") else None
    policy = _policy(given)
    people: list[Person] = []
    amounts: list[int] = []
    for each in _unique(given):
        people.append(_person(each.only(_PERSON | {"amount"}), policy))
        amounts.append(each.integer("amount", least=0, most=policies.LARGEST_MONEY))
    verdict = check(policy, people, amounts)
    distributed = sum(amounts)
    answer: dict[str, object] = {"fair": verdict.fair, **_found(verdict), "distributed": distributed}
    exceeded = fund is not None and distributed > fund
    if fund is not None:
        answer |= (
            {"error": "fund_exceeded", "shortfall": distributed - fund}
            if exceeded
            else {"undistributed": fund - distributed}
        )
    return answer, 0 if verdict.fair and not exceeded else 1


def _policy(given: Object) -> Policy:
    if not given.is_text("policy"):
        return policies.read(given.child("policy"))
    return policies.shipped(given.choice("policy", policies.SHIPPED))


def _unique(given: Object) -> Iterable[Object]:
    """Iterate over the people, and refuse an id that comes again, however its letters are composed."""
    seen: set[str] = set()
    for each in given.children("people"):
        name = each.text("id")
        known = unicodedata.normalize("NFC", name)
        if known in seen:
            raise each.refuse("id", f"{name} is on the list twice", f"{name} có hai lần trong danh sách")
        seen.add(known)
        yield each


def _person(given: Object, policy: Policy) -> Person:
    grade = None if given.null("grade") else Grade(given.choice("grade", _GRADES))
    kind = given.choice("personnel_type", policies.PERSONNEL_TYPES) if given.has("personnel_type") else None
    if not policy.covers(kind):
        covered = ", ".join(policy.personnel_types)
        raise given.refuse(
            "personnel_type",
            f"is not one that the policy covers: {covered}",
            f"không thuộc đối tượng của chính sách: {covered}",
        )
    paid = grade is not None and policy.coefficients_for(kind)[grade] > 0
    return Person(
        id=given.text("id"),
        grade=grade,
        score=_score(given, needed=paid and policy.by_score),
        salary_coefficient=_salary(given, needed=paid and policy.by_salary),
        worked_half_days=_half_days(given, "worked_half_days", needed=paid and policy.by_attendance),
        required_half_days=_half_days(
            given, "required_half_days", needed=paid and policy.by_attendance, least=1 if paid else 0
        ),
        personnel_type=kind,
    )


def _score(given: Object, *, needed: bool) -> Decimal | None:
    if not needed and (not given.has("score") or given.null("score")):
        return None
    return given.decimal("score", least=0, most=100, places=6)


def _salary(given: Object, *, needed: bool) -> Decimal | None:
    if not needed and (not given.has("salary_coefficient") or given.null("salary_coefficient")):
        return None
    return given.decimal("salary_coefficient", least=0, most=1_000, places=6)


def _half_days(given: Object, name: str, *, needed: bool, least: int = 0) -> int | None:
    if not needed and (not given.has(name) or given.null(name)):
        return None
    return given.integer(name, least=least if needed else 0, most=LONGEST_PERIOD)


def _found(verdict: Verdict) -> dict[str, object]:
    return {
        "violations": [
            {
                "rule": violation.clause.value,
                "people": list(violation.person_ids),
                "vi": violation.vi,
                "en": violation.en,
            }
            for violation in verdict.violations
        ],
        "counts": {clause.value: count for clause, count in verdict.counts.items()},
    }


def _explained(each: Explanation, policy: Policy, language: str) -> dict[str, object]:
    return {
        "id": each.person_id,
        "rule": each.rule,
        "factors": {factor.name: plain(factor.value) for factor in each.factors},
        "weight": plain(each.weight),
        "value_per_weight": plain(each.value),
        "base": each.base,
        "exact": plain(each.exact),
        "units": each.units,
        "remainder": plain(each.remainder),
        "settled": each.settled.value,
        "tie": each.tie,
        "amount": each.amount,
        "lines": list(each.lines(language, policy.rounding_unit)),
    }


def _written(answer: Mapping[str, object]) -> Iterable[bytes]:
    """Yield JSON with one row of a list on each line: a city's list stays readable, and quick to write."""
    write: Callable[[object], str] = json.JSONEncoder(ensure_ascii=False).encode
    yield b"{\n"
    last = len(answer) - 1
    for index, (name, value) in enumerate(answer.items()):
        comma = "," if index < last else ""
        if isinstance(value, list) and value:
            rows = ",\n  ".join(map(write, value))
            yield f" {write(name)}: [\n  {rows}\n ]{comma}\n".encode()
        else:
            yield f" {write(name)}: {write(value)}{comma}\n".encode()
    yield b"}\n"
