"""Tables of what was played."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from kpi.reward.v1.adjustments_pb2 import Adjustment
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
    for paid in quarter.adjustments.items():
        _show_adjustments(*paid, console)
    show_steps(console, took)
    for month in quarter.months:
        for path in (*month.papers.values(), *month.exports.values()):
            console.print(f"  {path}", highlight=False)


def _show_adjustments(month: str, adjustments: Sequence[Adjustment], console: Console) -> None:
    table = Table(title=f"Điều chỉnh thu nhập tăng thêm tháng {month[5:]}/{month[:4]} sau kiến nghị (R-39)")
    for heading in ("Họ và tên", "Mức cũ", "Mức mới", "Đã chi", "Theo quyết định mới", "Chênh lệch"):
        table.add_column(heading, justify="left" if heading == "Họ và tên" else "right")
    for each in adjustments:
        grades = (_letter(each.grade_before), _letter(each.grade_after))
        table.add_row(each.full_name, *grades, *map(dong, (each.before, each.after, each.difference)))
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
