"""The sheet working_time (R-10)."""

from sqlalchemy.orm import Session

from chassis.sheets import Row
from planning import storage
from planning.domain.plan import MonthDecided
from planning.domain.working_time import Leave, WorkingTime, problems, worked
from planning.usecases import working_time
from planning.usecases.imports.draft import Draft

_LEAVE = ("unpaid", "sick", "maternity", "annual")


def check(session: Session, draft: Draft) -> None:
    """Find what the file says about working time, and what of it is new."""
    rows: dict[str, Row] = {}
    found: list[WorkingTime] = []
    for row in draft.rows("working_time"):
        person_id = draft.present("working_time", row)
        if person_id in rows:
            draft.wrong("working_time", row, "person_id", "lặp lại", "it is there twice")
        elif person_id and not row.bad:
            rows[person_id] = row
            if time := _time(draft, row, person_id):
                found.append(time)
    draft.working_times = working_time.changes(session, draft.ward_id, draft.month, found)
    changed = {each.person_id for each in draft.working_times}
    for person_id in sorted(storage.decided(session, draft.ward_id, draft.month, changed)):
        refusal = MonthDecided(person_id=person_id, month=draft.month)
        draft.wrong("working_time", rows[person_id], "person_id", refusal.told("vi"), refusal.told("en"))


def keep(session: Session, draft: Draft) -> None:
    """Keep what changed and announce it."""
    working_time.keep(
        session, draft.ward_id, draft.month, draft.working_times, actor=draft.actor, at=draft.at
    )


def _time(draft: Draft, row: Row, person_id: str) -> WorkingTime | None:
    required, stated = row.integer("required_half_days") or 0, row.integer("worked_half_days")
    counts = draft.settings.counts(draft.month).annual_leave_counts
    leave = Leave(**{each: row.integer(each) or 0 for each in _LEAVE})
    left = worked(required, leave, annual_leave_counts=counts)
    if stated is None and left < 0:
        draft.wrong(
            "working_time",
            row,
            "required_half_days",
            "số buổi nghỉ nhiều hơn số buổi phải làm",
            "there is more leave than the month requires",
        )
        return None
    if stated is not None and leave != Leave() and stated != left:
        draft.wrong(
            "working_time",
            row,
            "worked_half_days",
            f"phải là {left}: số buổi phải làm trừ số buổi nghỉ",
            f"it must be {left}: what is required less the leave",
        )
        return None
    found = WorkingTime(person_id, required, left if stated is None else stated)
    wrong = list(problems(found))
    for problem in wrong:
        draft.blame("working_time", row, problem)
    return None if wrong else found
