"""``kpi demo``: play a month or a quarter on a fresh embedded stack, and show what came of it."""

import shutil
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import click
import grpc
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from chassis import auth, days
from kpi.planning.v1 import planning_pb2 as planning
from kpi.types.v1 import types_pb2 as types
from kpi_cli.client import Platform, failure
from kpi_cli.demo.month import ORGANIZER, Month, MonthFailed, Step
from kpi_cli.demo.picture import draw
from kpi_cli.demo.quarter import Quarter
from kpi_cli.demo.showing import dong, show_quarter, show_steps
from kpi_cli.demo.story import QuarterStory, Story
from kpi_cli.exits import Broken
from kpi_cli.stack import Stack, StackFailed, embedded_environment

_EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
EXAMPLES = {
    "month": _EXAMPLES / "phuc-loi" / "month.json",
    "quarter": _EXAMPLES / "binh-minh-quarter" / "quarter.json",
}


@click.command()
@click.option(
    "--example",
    type=click.Choice(list(EXAMPLES)),
    default="month",
    show_default=True,
    help="A month of about 170 people, or a quarter of 17 with an appeal, a transfer and an amended plan.",
)
@click.option(
    "--story",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Another month: what its people decide that no rule decides for them.",
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("out"))
@click.option("--state", type=click.Path(path_type=Path, file_okay=False), default=Path("var/demo"))
def demo(example: str, story: Path | None, out: Path, state: Path) -> None:
    """Play a month or a quarter of a made-up ward, from workbook to finance file, without any server."""
    console = Console()
    # A demo begins with a new ward every time.
    shutil.rmtree(state, ignore_errors=True)
    took: list[tuple[str, str, float]] = []
    began = time.perf_counter()
    try:
        with (
            console.status("Khởi động năm dịch vụ…"),
            Stack(state=state, environment=embedded_environment(state), ports="free") as stack,
        ):
            took.append(("Khởi động năm dịch vụ", "2 tiến trình", time.perf_counter() - began))
            platform = Platform(stack.grpc)
            if example == "quarter" and not story:
                quarter = Quarter(QuarterStory.read(EXAMPLES[example]), platform, _tokens(state), out)
                _play(quarter.steps(), console, took)
                console.print(f"[bold]Tổng thời gian: {time.perf_counter() - began:.1f} s[/bold]")
                show_quarter(quarter, console, took)
            else:
                month = Month(Story.read(story or EXAMPLES["month"]), platform, _tokens(state), out)
                _play(month.steps(), console, took)
                console.print(f"[bold]Tổng thời gian: {time.perf_counter() - began:.1f} s[/bold]")
                _show(month, console, took, out)
            platform.close()
    except (MonthFailed, StackFailed, Broken) as error:
        console.print(f"[red]{error}[/red]")
        sys.exit(1)
    except grpc.RpcError as error:
        said = failure(error, "vi")
        console.print(f"[red]{said.reason}: {said.told}[/red]")
        sys.exit(1)


def _tokens(state: Path) -> Callable[[str, tuple[str, ...]], str]:
    def token(person_id: str, roles: tuple[str, ...]) -> str:
        return auth.issue(
            state,
            person_id=person_id,
            wards=["*"],
            roles=roles,
            at=days.now(),
            lifetime=timedelta(hours=1),
        )

    return token


def _play(played: Iterable[Step], console: Console, took: list[tuple[str, str, float]]) -> None:
    steps = list(played)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        bar = progress.add_task("", total=len(steps))
        for step in steps:
            progress.update(bar, description=step.vi)
            began = time.perf_counter()
            result = step.run()
            took.append((step.vi, result, time.perf_counter() - began))
            progress.console.print(f"  [green]✓[/green] {step.vi}: {result}", highlight=False)
            progress.advance(bar)


def _show(month: Month, console: Console, took: list[tuple[str, str, float]], out: Path) -> None:
    story = month.story
    request = planning.ListUnitsRequest(ward_id=story.ward_id, page_size=1000)
    organizer = month.as_(ORGANIZER, "organizer")
    units = {each.unit_id: each.name for each in organizer.planning.pages("ListUnits", request, "units")}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for grade in month.grades():
        letter = types.Grade.Name(grade.grade)[-1] if grade.grade else "–"
        counts[grade.unit_id][letter] += 1
    printed = f"{story.month[5:]}/{story.month[:4]}"
    table = Table(title=f"Xếp loại tháng {printed} theo đơn vị")
    for heading in ("Đơn vị", "A", "B", "C", "D", "–", "Tổng"):
        table.add_column(heading, justify="left" if heading == "Đơn vị" else "right")
    for unit_id in sorted(counts):
        row = counts[unit_id]
        table.add_row(units[unit_id], *(str(row[letter]) for letter in "ABCD–"), str(row.total()))
    total = sum(counts.values(), Counter[str]())
    table.add_section()
    table.add_row("Toàn phường", *(str(total[letter]) for letter in "ABCD–"), str(total.total()))
    console.print(table)

    quotas = Table(title="Tỷ lệ xếp loại A (R-21)")
    for heading in ("Phạm vi", "Nhóm", "M", "q", "Tối đa", "Giữ A", "Hạ B", "Bằng nhau"):
        quotas.add_column(heading, justify="left" if heading in ("Phạm vi", "Nhóm") else "right")
    for quota in month.quotas():
        if quota.base:
            numbers = (quota.base, quota.rate, quota.limit)
            people = (len(quota.kept_ids), len(quota.lowered_ids), len(quota.tied_ids))
            quotas.add_row(quota.quota_scope, quota.duty_group, *map(str, (*numbers, *people)))
    console.print(quotas)

    if month.run:
        run = month.run
        money = Table(title=f"Thu nhập tăng thêm, chính sách {run.policy}")
        money.add_column("Loại")
        money.add_column("Số tiền (đồng)", justify="right")
        for letter, amount in sorted(run.by_grade.items()):
            money.add_row(letter, dong(amount))
        money.add_section()
        money.add_row("Đã phân bổ", dong(run.distributed))
        money.add_row("Còn lại trong quỹ", dong(run.undistributed))
        console.print(money)

    show_steps(console, took)

    chart = out / f"xep-loai-{story.ward_id}-{story.month}.svg"
    named = {units[unit_id]: row for unit_id, row in counts.items()}
    title = f"Xếp loại tháng {printed}, {total.total()} người"
    draw(title, [units[unit_id] for unit_id in sorted(counts)], named, chart)
    for path in (*month.papers.values(), *month.exports.values(), chart):
        console.print(f"  {path}", highlight=False)


if __name__ == "__main__":
    demo()
