"""The five ways a use case says no.

A kind says what the caller should do next; the subclass says why. The gRPC server and the event worker each
read the kind and nothing else, so a new reason needs no change in either::

    Refusal
    ├── Invalid     the request is wrong in any state          INVALID_ARGUMENT
    ├── Forbidden   the caller may never do it                 PERMISSION_DENIED
    ├── NotFound    no such record is known here, or not yet   NOT_FOUND
    ├── Blocked     a rule forbids it in the present state     FAILED_PRECONDITION
    └── Stale       the record is not what the caller saw      ABORTED
"""

import re
from typing import ClassVar

_DAY_OR_MONTH = re.compile(r"2\d{3}-(0[1-9]|1[0-2])(-\d{2})?")


class Refusal(Exception):
    """An anticipated no. It is an answer, not a fault, and is never logged as one."""

    vi: ClassVar[str] = ""
    """What a person is told in Vietnamese; may use the facts as ``{name}``."""

    en: ClassVar[str] = ""
    """The same in English."""

    def __init__(self, **facts: object) -> None:
        self.facts = {name: str(value) for name, value in facts.items()}
        super().__init__(self.told("en"))

    @property
    def reason(self) -> str:
        """The machine-readable reason: ``UnmarkedLines`` is ``UNMARKED_LINES``."""
        words = r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"
        return re.sub(words, "_", type(self).__name__).upper()

    def told(self, language: str) -> str:
        """Return the sentence for a person in ``vi`` or ``en``, with the facts filled in.

        A fact that is a day or a month is written as the language writes it; the fact itself stays as it is.
        """
        template = self.vi if language == "vi" else self.en

        def fact(found: re.Match[str]) -> str:
            value = self.facts.get(found[1], found[0])
            if language == "vi" and _DAY_OR_MONTH.fullmatch(value):
                return "/".join(reversed(value.split("-")))
            return value

        return re.sub(r"\{(\w+)\}", fact, template)


class Invalid(Refusal):
    """The request is wrong in any state: send another."""


class Forbidden(Refusal):
    """The caller may never do it: ask someone who may."""


class NotFound(Refusal):
    """No such record is known here, or not yet."""


class Blocked(Refusal):
    """A rule forbids it in the present state: change the state first."""


class Stale(Refusal):
    """The record is not what the caller saw: look again, then decide."""
