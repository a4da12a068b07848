"""Tables of what was played."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from kpi.types.v1 import types_pb2 as types
from kpi_cli.demo.quarter import Quarter


def show_quarter(quarter: Quarter, console: Console, took: Sequence[tuple[str, str, float]]) -> None:
    """Print everybody's totals, published grades and class of the quarter, and what an appeal moved."""
    last = quarter.months[-1]
    names = {each.person_id: each.full_name for each in last.people()}
    letters = {
        month.story.month: {each.person_id: _letter(each.grade) for each in month.grades()}
        for month in quarter.months
    }
    table = Table(title=f"Kết quả {quarter.story.period} (R-24)")
    table.add_column("Họ và tên")
    for heading in ("Đơn vị", *(month[5:] for month in letters), "Trung bình", "Mức", "Đề xuất"):
        table.add_column(heading, justify="right")
    for each in quarter.periods():
        totals = {month.month: month.total or "–" for month in each.months}
        table.add_row(
            names.get(each.person_id, each.person_id),
            each.unit_id,
            *(f"{totals.get(month, '–')} {of.get(each.person_id, '–')}" for month, of in letters.items()),
            each.total or "–",
            _letter(each.band),
            _letter(each.proposed_grade),
        )
    console.print(table)
    for month in quarter.months:
        if before := quarter.previews.get(month.story.month):
            _show_appeals(month.story.month, before, names, quarter, console)
    show_steps(console, took)
    for month in quarter.months:
        for path in (*month.papers.values(), *month.exports.values()):
            console.print(f"  {path}", highlight=False)


def _show_appeals(
    month: str, before: dict[str, int], names: dict[str, str], quarter: Quarter, console: Console
) -> None:
    after = quarter.amounts(month)
    table = Table(title=f"Thu nhập tăng thêm tháng {month[5:]}/{month[:4]} trước và sau kiến nghị")
    for heading in ("Họ và tên", "Trước", "Sau", "Chênh lệch"):
        table.add_column(heading, justify="left" if heading == "Họ và tên" else "right")
    for person_id, amount in sorted(before.items()):
        row = (amount, after[person_id], after[person_id] - amount)
        table.add_row(names.get(person_id, person_id), *map(dong, row))
    console.print(table)


def show_steps(console: Console, took: Sequence[tuple[str, str, float]]) -> None:
    """Print how long each step took."""
    steps = Table(title="Thời gian từng bước")
    steps.add_column("Bước")
    steps.add_column("Kết quả", overflow="fold")
    steps.add_column("Giây", justify="right")
    for name, result, seconds in took:
        steps.add_row(name, result, f"{seconds:.2f}")
    console.print(steps)


def dong(amount: int) -> str:
    """Return an amount as it is printed in Việt Nam."""
    return f"{amount:,}".replace(",", ".")


def _letter(grade: int) -> str:
    return types.Grade.Name(grade)[-1] if grade else "–"
