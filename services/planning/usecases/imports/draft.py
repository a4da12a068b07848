"""What an import is about to do, and what it is checked against."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from sqlalchemy.orm import Session

from chassis.auth import Actor
from chassis.days import Month
from chassis.sheets import Reading as File
from chassis.sheets import Row, Table
from planning import storage
from planning.domain.catalogue import Catalogue, Entry
from planning.domain.ids import valid
from planning.domain.okr import Objective, Reading
from planning.domain.organization import Counting, Person, Unit, UnknownWard, Ward
from planning.domain.plan import PersonMonth
from planning.domain.problem import Problem
from planning.domain.task import Task
from planning.domain.unit_plan import UnitPlan
from planning.domain.window import Window, WindowRule
from planning.domain.working_time import WorkingTime


@dataclass(slots=True)
class Draft:
    """The file, what is known, and what would be kept."""

    ward_id: str
    month: Month
    actor: Actor
    at: datetime
    reading: File
    ward: Ward | None = None
    """As it would be; None when it is not known and the file has no ward sheet."""
    ward_changed: bool = False
    units: list[Unit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    posts: dict[str, Person] = field(default_factory=dict)
    """Everybody as he would stand in the month, those who have left too."""
    catalogue: tuple[Catalogue, list[Entry]] | None = None
    entries: dict[str, Entry] = field(default_factory=dict)
    """The catalogue as it would be in force in the month, by code."""
    doubtful: set[str] = field(default_factory=set)
    """Codes of the catalogue sheet whose rows are bad: nothing is said about tasks with them."""
    spoiled: dict[str, dict[str, Task | None]] = field(default_factory=dict)
    """Of people whose tasks were not good enough to be taken: those that were, None for the others."""
    replaced: dict[str, set[str]] = field(default_factory=dict)
    """Of each person the tasks that the file gives a result for."""
    months: dict[str, tuple[PersonMonth, PersonMonth]] = field(default_factory=dict)
    """People's months before and after, of all whom the file names."""
    working_times: list[WorkingTime] = field(default_factory=list)
    unit_plans: list[tuple[UnitPlan, UnitPlan]] = field(default_factory=list)
    """Units' plans that would change, before and after."""
    unit_items: dict[str, set[str]] = field(default_factory=dict)
    """The items of each unit's plan, those of the file too, to which tasks may be linked."""
    objectives: list[tuple[Objective | None, Objective]] = field(default_factory=list)
    """Objectives that would change, before and after."""
    readings: list[Reading] = field(default_factory=list)

    @classmethod
    def begin(
        cls, session: Session, *, ward_id: str, month: Month, actor: Actor, at: datetime, reading: File
    ) -> Self:
        """Return the draft of an import with the ward as the file describes it."""
        result = cls(ward_id, month, actor, at, reading)
        before: Ward | None
        try:
            before = storage.ward(session, ward_id)
        except UnknownWard:
            before = None
        result.ward = result._ward(before)
        if result.ward is None and "ward" not in reading.tables and not reading.errors.count:
            raise UnknownWard(ward_id=ward_id)
        return result

    @property
    def known(self) -> bool:
        """True if the ward is known, so that the rest can be checked."""
        return self.ward is not None

    @property
    def settings(self) -> Ward:
        """The ward's settings; the defaults while it is not known."""
        return self.ward or Ward(self.ward_id, "", "")

    @property
    def window(self) -> Window:
        """The days whose work belongs to the month, as the ward counts."""
        return self.settings.window(self.month)

    def table(self, name: str) -> Table | None:
        """Return a sheet of the file, None when it is not there."""
        return self.reading.tables.get(name)

    def rows(self, name: str) -> Iterator[Row]:
        """Return the rows of a sheet, none when it is not there."""
        if table := self.table(name):
            yield from table.rows

    def wrong(self, sheet: str, row: Row | None, column: str, vi: str, en: str) -> None:
        """Note that a cell is wrong, unless it was complained about before."""
        table = self.reading.tables[sheet]
        if row is None or column not in row.bad:
            self.reading.errors.add(table.error(row, column, vi=vi, en=en))

    def blame(self, sheet: str, row: Row | None, problem: Problem) -> None:
        """Note a problem at the column that is called like the part it is about."""
        column = problem.part
        known = {each.name for each in self.reading.tables[sheet].sheet.columns}
        self.wrong(sheet, row, column if column in known else "", problem.vi, problem.en)

    def identified(self, sheet: str, row: Row, column: str) -> str:
        """Return the id in a cell; empty, and noted, when it is none."""
        found = row.text(column)
        if found and not valid(found):
            self.wrong(
                sheet,
                row,
                column,
                "mã chỉ gồm chữ không dấu, số, dấu . _ -, tối đa 64 ký tự, bắt đầu bằng chữ hoặc số",
                "an id is letters without accents, digits, . _ -, at most 64 characters",
            )
            return ""
        return found

    def present(self, sheet: str, row: Row) -> str:
        """Return the id of the person a row is about; empty, and noted, when nobody holds it."""
        found = self.identified(sheet, row, "person_id")
        if not found:
            return ""
        post = self.posts.get(found)
        if post is None or not post.active:
            self.wrong(
                sheet,
                row,
                "person_id",
                f"không có người mã {found} đang công tác trong tháng {self.month}",
                f"nobody with the id {found} holds a post in {self.month}",
            )
            return ""
        return found

    def _ward(self, before: Ward | None) -> Ward | None:
        table = self.table("ward")
        # A template's sheet that nobody filled in says nothing; whose ward is not known must fill it in.
        if table is None or (before and not table.rows):
            return before
        if len(table.rows) != 1:
            self.wrong("ward", None, "", "cần đúng một dòng", "it must have exactly one row")
        if not table.rows:
            return before
        row = table.rows[0]
        if row.text("ward_id") != self.ward_id:
            self.wrong(
                "ward",
                row,
                "ward_id",
                f"tệp này được nhập cho phường {self.ward_id}",
                f"the import is for the ward {self.ward_id}",
            )
        kept = before or Ward(self.ward_id, "", "")
        cut_off = row.integer("december_cut_off")
        counted = kept.counts(self.month)
        after = replace(kept, name=row.text("name"), city=row.text("city")).counted(
            Counting(
                from_month=self.month,
                window_rule=(
                    WindowRule(row.text("window_rule")) if row.has("window_rule") else counted.window_rule
                ),
                december_cut_off=counted.december_cut_off if cut_off is None else cut_off,
                annual_leave_counts=(
                    row.text("annual_leave") == "worked"
                    if row.has("annual_leave")
                    else counted.annual_leave_counts
                ),
                acceptance_date_required=(
                    row.text("acceptance_date") == "required"
                    if row.has("acceptance_date")
                    else counted.acceptance_date_required
                ),
            )
        )
        self.ward_changed = after != before
        return replace(after, revision=after.revision + 1) if self.ward_changed else after
