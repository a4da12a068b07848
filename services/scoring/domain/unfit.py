"""Refusing a month that cannot be scored as it is given."""

from typing import Self

from chassis.errors import Invalid


class Unfit(Invalid):
    """The input breaks a rule; the fact ``place`` says where, such as ``people[3].tasks[0].accepted``."""

    @property
    def place(self) -> str:
        """Where the fault stands, from the top of the input."""
        return self.facts["place"]

    def within(self, outer: str) -> Self:
        """Return the same refusal seen from further out: ``accepted`` within ``tasks[0]``."""
        return type(self)(**{**self.facts, "place": f"{outer}.{self.place}"})
