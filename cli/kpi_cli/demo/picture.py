"""Draws how the grades fall, unit by unit."""

from collections.abc import Mapping, Sequence
from pathlib import Path

COLORS = {"A": "#1b7837", "B": "#7fbf7b", "C": "#fdb863", "D": "#b2182b", "–": "#bdbdbd"}
LABELS = {
    "A": "A – Hoàn thành xuất sắc",
    "B": "B – Hoàn thành tốt",
    "C": "C – Hoàn thành",
    "D": "D – Không hoàn thành",
    "–": "Không đánh giá",
}


def draw(title: str, units: Sequence[str], counts: Mapping[str, Mapping[str, int]], path: Path) -> None:
    """Write an SVG of stacked bars: one bar a unit, one color a grade. The same input gives the same bytes.

    :param units: names, from top to bottom
    :param counts: by unit's name and grade letter; ``–`` is "not evaluated"
    """
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "luong-hoa", "svg.fonttype": "none", "font.family": "sans-serif"})
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(10, 1.6 + 0.38 * len(units)), layout="constrained")
    left = [0] * len(units)
    for letter, color in COLORS.items():
        widths = [counts.get(unit, {}).get(letter, 0) for unit in units]
        bars = axes.barh(range(len(units)), widths, left=left, color=color, label=LABELS[letter])
        axes.bar_label(bars, [str(width) if width else "" for width in widths], label_type="center", size=8)
        left = [start + width for start, width in zip(left, widths, strict=True)]
    axes.set_yticks(range(len(units)), units)
    axes.invert_yaxis()
    axes.set_xlabel("Số người")
    axes.set_title(title)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside lower center", ncols=5, frameon=False, fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)
