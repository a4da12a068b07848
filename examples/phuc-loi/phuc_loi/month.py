"""The whole month, put together from its parts."""

from dataclasses import dataclass

from phuc_loi.assess import Assessment, WorkingTime, assessment, working_time
from phuc_loi.pools import Entry, catalogue
from phuc_loi.ward import Person, people
from phuc_loi.work import Task, plans

TWINS = ("tie_school", "tie_office", "tie_counter")
"""Special cases whose people the ranking cannot tell apart (R-22)."""


@dataclass(frozen=True, slots=True)
class Month:
    """Everything that the workbook holds, by person id where it is a person's."""

    people: list[Person]
    catalogue: list[Entry]
    tasks: dict[str, list[Task]]
    times: dict[str, WorkingTime]
    assessments: dict[str, Assessment]

    def called(self, case: str) -> list[str]:
        """Return the ids of those who stand for a special case."""
        return [each.person_id for each in self.people if each.case == case]


def march() -> Month:
    """Return March 2026; the same every time."""
    ward, entries = people(), catalogue()
    first = {case: next(each.person_id for each in ward if each.case == case) for case in TWINS}
    return Month(
        ward,
        entries,
        plans(ward, entries),
        {each.person_id: working_time(each) for each in ward},
        {each.person_id: assessment(each, first.get(each.case, "")) for each in ward},
    )
