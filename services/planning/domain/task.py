"""A task of a plan (nhiệm vụ được giao): what must be clear about it, and what kind it is (R-4, R-7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from planning.domain.catalogue import HUNDREDTH, Entry
from planning.domain.ids import valid
from planning.domain.problem import Problem
from planning.domain.window import Window

MOST_TASKS: Final = 200
"""Tasks of a person's month, at most."""
MOST_QUANTITY: Final = Decimal(1_000_000)
QUANTITY_PLACES: Final = Decimal("0.001")
MOST_COEFFICIENT: Final = Decimal(100_000)
LONGEST_TEXT: Final = 1_000
LONGEST_NAME: Final = 500
"""Characters of a task's name: it travels with every announcement of the month's work."""


class Kind(Enum):
    """What a task counts for (R-7; NĐ335 Đ.18.1.d)."""

    PLANNED = "planned"
    """Counts in assigned and, when accepted, in done."""
    EXTRA = "extra"
    """Đột xuất, phát sinh: counts in done only."""
    TAKEN_OVER = "taken_over"
    """Nhận thay: counts in done only."""
    HANDED_OVER = "handed_over"
    """Chuyển giao: stays assigned and is never done."""
    WITHDRAWN = "withdrawn"
    """Rút, hoãn by the authority for an objective cause: counts in neither."""

    @property
    def can_be_done(self) -> bool:
        """True if a result may be recorded for it."""
        return self not in (Kind.HANDED_OVER, Kind.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a plan. A draft may lack anything but the id and the kind."""

    task_id: str
    kind: Kind
    catalogue_code: str = ""
    """Empty for work outside the catalogue."""
    name: str = ""
    output: str = ""
    due_on: date | None = None
    responsibility: str = ""
    authority: str = ""
    quantity: Decimal | None = None
    coefficient: Decimal | None = None
    """Taken from the catalogue when the task is assigned, and kept from then on (R-3)."""
    counterpart_id: str = ""
    reason: str = ""
    unit_item_id: str = ""
    """The item of the unit's plan that it belongs to; may be empty."""
    counterpart_task_id: str = ""
    """The line in the colleague's plan, for work that was handed over in both plans at once (R-7)."""


_CLEARS: Final[Sequence[tuple[str, str, str]]] = (
    ("name", "rõ việc: nội dung công việc", "work: what is to be done"),
    ("due_on", "rõ thời gian: thời hạn", "time: the deadline"),
    ("responsibility", "rõ trách nhiệm", "responsibility"),
    ("output", "rõ sản phẩm: sản phẩm đầu ra", "output"),
    ("authority", "rõ thẩm quyền: ai quyết định về sản phẩm", "authority: who decides about the output"),
    ("quantity", "số lượng", "quantity"),
    (
        "coefficient",
        "hệ số quy đổi (công việc ngoài danh mục phải tự ghi)",
        "coefficient, for work outside the catalogue",
    ),
)


def missing(task: Task) -> list[Problem]:
    """Return what a task must say and does not (R-4; the person, the sixth clear, is the plan's).

    Also what its kind asks for: whom it was taken over from or handed over to, who withdrew it and why (R-7).
    """
    found = [
        Problem(part, f"thiếu {vi}", f"lacks {en}")
        for part, vi, en in _CLEARS
        if getattr(task, part) in (None, "")
    ]
    match task.kind:
        case Kind.TAKEN_OVER | Kind.HANDED_OVER if not task.counterpart_id:
            found.append(
                Problem("counterpart_id", "thiếu người chuyển giao hoặc nhận thay", "lacks the colleague")
            )
        case Kind.WITHDRAWN if not task.counterpart_id:
            found.append(Problem("counterpart_id", "thiếu người quyết định rút", "lacks who withdrew it"))
    if task.kind in (Kind.HANDED_OVER, Kind.WITHDRAWN) and not task.reason:
        found.append(Problem("reason", "thiếu lý do", "lacks the reason"))
    return found


def problems(task: Task, window: Window) -> Iterable[Problem]:
    """Return what is wrong with what a task says, be it a draft or not."""
    if not valid(task.task_id):
        yield Problem("task_id", f"mã “{task.task_id[:64]}” không hợp lệ", f"“{task.task_id[:64]}” is no id")
    if task.unit_item_id and not valid(task.unit_item_id):
        yield Problem("unit_item_id", "mã không hợp lệ", "it is no id")
    for part in ("name", "output", "responsibility", "authority", "reason"):
        longest = LONGEST_NAME if part == "name" else LONGEST_TEXT
        if len(getattr(task, part)) > longest:
            yield Problem(part, f"dài quá {longest} ký tự", f"has more than {longest} characters")
    if task.due_on is not None and task.due_on not in window:
        first, last = window.first_on.strftime("%d/%m/%Y"), window.last_on.strftime("%d/%m/%Y")
        yield Problem(
            "due_on",
            f"ngoài kỳ của tháng, từ {first} đến {last}",
            f"is outside the month's window, {window.first_on} to {window.last_on}",
        )
    if task.quantity is not None and not _fits(task.quantity, MOST_QUANTITY, QUANTITY_PLACES):
        yield Problem(
            "quantity",
            f"phải lớn hơn 0, tối đa {MOST_QUANTITY}, không quá 3 chữ số thập phân",
            f"must be above 0, at most {MOST_QUANTITY}, with at most 3 decimals",
        )
    if task.coefficient is not None and not _fits(task.coefficient, MOST_COEFFICIENT, HUNDREDTH):
        yield Problem(
            "coefficient",
            f"phải lớn hơn 0, tối đa {MOST_COEFFICIENT}, không quá 2 chữ số thập phân",
            f"must be above 0, at most {MOST_COEFFICIENT}, with at most 2 decimals",
        )
    if task.counterpart_id and task.kind in (Kind.PLANNED, Kind.EXTRA):
        yield Problem(
            "counterpart_id",
            "chỉ ghi khi nhận thay, chuyển giao hoặc rút",
            "is for work taken over, handed over or withdrawn",
        )


def assigned(task: Task, catalogue: Mapping[str, Entry], before: Task | None) -> tuple[Task, list[Problem]]:
    """Return the task with what the catalogue says about it, and what disagrees with the catalogue (R-3).

    :param catalogue: the entries in force in the month, by code
    :param before: the same task in the version in force: what it took from an earlier catalogue stays
    """
    if not task.catalogue_code:
        return task, []
    if as_assigned := _as_assigned(task, before):
        kept, name, output = as_assigned.coefficient, as_assigned.name, as_assigned.output
    elif entry := catalogue.get(task.catalogue_code):
        kept, name, output = entry.coefficient, entry.task, entry.output
    else:
        return task, [
            Problem(
                "catalogue_code",
                f"không có mã {task.catalogue_code} trong danh mục đang có hiệu lực",
                f"the catalogue in force has no code {task.catalogue_code}",
            )
        ]
    found = []
    if task.coefficient is not None and task.coefficient != kept:
        found.append(
            Problem(
                "coefficient",
                f"danh mục ghi hệ số {kept} cho mã {task.catalogue_code}",
                f"the catalogue has {kept} for the code {task.catalogue_code}",
            )
        )
    filled = replace(task, coefficient=kept, name=task.name or name, output=task.output or output)
    return filled, found


def outdated(task: Task, catalogue: Mapping[str, Entry], before: Task | None) -> Problem | None:
    """Return what a catalogue that came in force after a task was written has otherwise (R-3).

    :param catalogue: the entries in force in the month, by code
    :param before: the same task in the version in force, which keeps what it was assigned with
    """
    code = task.catalogue_code
    if not code or _as_assigned(task, before):
        return None
    now = catalogue[code].coefficient if code in catalogue else None
    if now == task.coefficient:
        return None
    return Problem(
        "coefficient",
        f"mã {code} trong danh mục đang có hiệu lực {f'có hệ số {now}' if now else 'không còn'}, kế hoạch lấy"
        f" {task.coefficient} từ danh mục trước: hãy lưu lại kế hoạch",
        f"the catalogue in force has {now or 'nothing'} for the code {code}, the plan took {task.coefficient}"
        " from the one before: save the plan again",
    )


def _as_assigned(task: Task, before: Task | None) -> Task | None:
    """Return the task in force whose coefficient a task of the same work keeps (R-3)."""
    if before is None or before.catalogue_code != task.catalogue_code or before.coefficient is None:
        return None
    return before


def _fits(number: Decimal, most: Decimal, places: Decimal) -> bool:
    return number.is_finite() and 0 < number <= most and number == number.quantize(places)
