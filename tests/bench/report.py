"""What the benchmark leaves: a table, JSON and charts in ``out/bench``."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.measuring import Comparison

INK, OURS, THEIRS, MISSED = "#1f2a37", "#1f5f8b", "#9aa5b1", "#b5442e"


def write(found: dict[str, Any], comparisons: Sequence[Comparison], folder: Path) -> None:
    """Write everything; ``found`` goes into the JSON as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (folder / "results.md").write_text(table(found, comparisons), "utf-8")
    if comparisons:
        ratios(comparisons, folder / "ratios.svg")


def table(found: dict[str, Any], comparisons: Sequence[Comparison]) -> str:
    """Return the table in Markdown, ratios first, those that miss their target among them."""
    machine = found["machine"]
    lines = [
        "# Benchmark",
        "",
        (
            f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB,"
            f" {machine['system']},"
            f" Python {machine['python']}, {machine['postgresql']}, RabbitMQ {machine['rabbitmq']};"
            f" load average {machine['load_average_at_start']} at the start,"
            f" {machine['load_average_at_end']} at the end."
        ),
        "",
        "Medians of runs made in turn. Spread: from the least to the greatest run, as a part of the median.",
        "",
        "| ratio | target | measured | against | ours | theirs | unit | spread | note |",
        "| ---: | ---: | --- | --- | ---: | ---: | --- | ---: | --- |",
    ]
    for each in comparisons:
        sign = "≥" if each.better == "high" else "<"
        goal = "reported" if each.target is None else f"{sign} {each.target:g}"
        mark = {True: "", False: " **missed**", None: ""}[each.met]
        spread = f"{each.ours.spread:.0%} / {each.theirs.spread:.0%}"
        lines.append(
            f"| {each.ratio:.3g}{mark} | {goal} | {each.what} | {each.against} | {number(each.ours.median)}"
            f" | {number(each.theirs.median)} | {each.unit} | {spread} | {each.note} |"
        )
    return "\n".join(lines) + "\n"


def number(value: float) -> str:
    """Return a figure with as many digits as it deserves."""
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 100 else f"{value:.3g}"


def ratios(comparisons: Sequence[Comparison], path: Path) -> None:
    """Draw each ratio beside its target, on one logarithmic scale."""
    from matplotlib.figure import Figure

    shown = [each for each in comparisons if each.target is not None]
    figure = Figure(figsize=(10, 0.62 * len(shown) + 1.2), layout="constrained")
    axes = figure.subplots()
    for place, each in enumerate(reversed(shown)):
        axes.barh(place, each.ratio, color=OURS if each.met else MISSED, height=0.55)
        target = each.target or 0.0
        axes.plot([target, target], [place - 0.38, place + 0.38], color=INK, linewidth=2)
        axes.annotate(
            f"{each.ratio:.2g}×", (each.ratio, place), xytext=(4, 0), textcoords="offset points", va="center"
        )
    axes.set_yticks(
        range(len(shown)), [f"{each.what}\nagainst {each.against}" for each in reversed(shown)], fontsize=7
    )
    axes.set_xscale("log")
    axes.set_xlabel("ours / theirs; the black mark is the target (for latency: at most)")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path)


def lines(
    series: dict[str, tuple[Sequence[float], Sequence[float]]],
    path: Path,
    *,
    x: str,
    y: str,
    logarithmic: bool = False,
) -> None:
    """Draw lines."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4), layout="constrained")
    axes = figure.subplots()
    for name, (xs, ys) in series.items():
        axes.plot(xs, ys, label=name, marker="o" if len(xs) < 10 else "")
    if logarithmic:
        axes.set_xscale("log")
        axes.set_yscale("log")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.savefig(path)
