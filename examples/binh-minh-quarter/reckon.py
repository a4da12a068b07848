"""Reckons the quarter by the rules, from the workbooks and the story alone, with nothing of the product.

``reckon.py [FOLDER]`` prints ``expected.csv``. Exact fractions; written to be read beside the
rules, not to be fast.
"""

import csv
import io
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import openpyxl

Row = dict[str, Any]

HEADER = (
    "period",
    "person_id",
    "unit",
    "status",
    "total",
    "band",
    "mark",
    "grade",
    "amount",
    "adjusted",
)
COEFFICIENTS = {
    "A": Fraction(1),
    "B": Fraction(8, 10),
    "C": Fraction(5, 10),
    "D": Fraction(0),
    "": Fraction(0),
}
"""Of the policy phuc-loi; nothing for D and for no grade."""
BANDS = {"A": 90, "B": 70, "C": 50, "D": 0}
DONG = 1000
"""The rounding unit."""
USUAL = Fraction(20, 100)


@dataclass
class Card:
    """What one person's month comes to; ``merits`` is the ranking of R-22."""

    id: str
    unit: str
    scope: str
    group: str
    salary: Fraction
    attendance: Fraction
    total: Fraction | None = None
    merits: tuple[Fraction, ...] = ()
    mark: str = ""
    grade: str = ""
    stated: Fraction | None = None
    """The total that the grade rests on: the city's for those whom it decides."""

    @property
    def band(self) -> str:
        """R-20."""
        return band(self.total)


def rows(path: Path, sheet: str) -> list[Row]:
    """Return a sheet's rows by its Vietnamese headers."""
    lines = list(openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def number(value: Any) -> Fraction:
    """Return a cell's number: what is written, not what a binary float makes of it."""
    return Fraction(str(value)) if value is not None else Fraction(0)


def half_up(value: Fraction, unit: Fraction) -> Fraction:
    """Return the nearest multiple of a unit; a half goes up."""
    return floor(value / unit + Fraction(1, 2)) * unit


def band(total: Fraction | None) -> str:
    """Return the letter of a total (R-20)."""
    if total is None:
        return ""
    return next(letter for letter, least in BANDS.items() if total >= least)


def month_cards(folder: Path, told: Row) -> dict[str, Card]:
    """Return everybody's card of a month: R-10 to R-20."""
    book = folder / told["workbook"]
    catalogue = {row["Mã"]: row for row in rows(book, "catalogue")}
    standard = number(rows(book, "ward")[0]["Điểm đơn vị chuẩn"])
    people = {row["Mã người"]: row for row in rows(book, "people")}
    tasks: dict[str, list[Row]] = {id_: [] for id_ in people}
    for row in rows(book, "tasks"):
        tasks[row["Mã người"]].append(row)
    if "amendment" in told:
        amended = rows(folder / told["amendment"], "tasks")
        tasks |= {row["Mã người"]: [] for row in amended}
        for row in amended:
            tasks[row["Mã người"]].append(row)
    while_the_month_runs(tasks, told)
    accepted = {
        (row["Mã người"], row["Mã nhiệm vụ"]): number(row["Số lượng hoàn thành"])
        for row in rows(book, "results")
    }
    faults: dict[tuple[str, str], list[Row]] = {}
    for row in rows(book, "faults"):
        faults.setdefault((row["Mã người"], row["Mã nhiệm vụ"]), []).append(row)
    for each in told.get("claims", []):
        # A confirmed claim excuses as much as it names; a refused one nothing.
        for row in faults[each["person_id"], each["task_id"]]:
            if each["confirmed"] and row["Mã sai sót"] == each["fault_id"]:
                row["Chậm được miễn"] = each["deadlines"]
    time = {row["Mã người"]: row for row in rows(book, "working_time")}
    assessed = {row["Mã người"]: row for row in rows(book, "assessments")}

    found: dict[str, Card] = {}

    def card(id_: str) -> Card:
        if id_ in found:
            return found[id_]
        person, given = people[id_], assessed[id_]
        required, worked = (number(time[id_][each]) for each in ("Số buổi phải làm", "Số buổi đã làm"))
        mine = Card(
            id_,
            person["Mã đơn vị"],
            person["Phạm vi tính tỷ lệ"] or person["Mã đơn vị"],
            person["Nhóm nhiệm vụ tương đồng"],
            number(person["Hệ số lương"]),
            min(Fraction(1), worked / required),
        )
        found[id_] = mine
        if 2 * worked < required:
            return mine
        sums = [Fraction(0)] * 4
        for task in tasks[id_]:
            point = number(catalogue[task["Mã danh mục"]]["Điểm"])
            k = half_up(point / standard, Fraction(1, 100))
            place = (id_, task["Mã nhiệm vụ"])
            done = accepted.get(place, Fraction(0))
            wrong = faults.get(place, [])
            kind = task["Loại"]
            if kind in ("Kế hoạch", "Chuyển giao"):
                sums[0] += k * number(task["Số lượng"])
            if kind in ("Kế hoạch", "Đột xuất", "Nhận thay"):
                sums[1] += k * done
                sums[2] += k * max(Fraction(0), done - lost(wrong, "Số lần chưa đạt", "Chưa đạt được miễn"))
                sums[3] += k * max(Fraction(0), done - lost(wrong, "Số lần chậm", "Chậm được miễn"))
        uncapped = [each / sums[0] for each in sums[1:]]
        ratios = [min(Fraction(1), each) for each in uncapped]
        if person["Vai trò"] == "Lãnh đạo":
            charge = [each.strip() for each in (person["Phụ trách"] or "").split(";") if each.strip()]
            below = [each.total for each in map(card, charge) if each.total is not None]
            ratios.append(Fraction(1, 2) if any(each < BANDS["C"] for each in below) else Fraction(1))
            ratios.append(Fraction(int(given["Tổ chức thực hiện (đ)"]), 100))
            ratios.append(Fraction(int(given["Đoàn kết (e)"]), 100))
        ratio = sum(ratios, Fraction(0)) / len(ratios)
        general = sum(
            (
                number(value)
                for header, value in given.items()
                if header and header.endswith("(cấp thẩm quyền)") and header[0] == "I"
            ),
            Fraction(0),
        )
        mine.total = mine.stated = half_up(general + 70 * ratio, Fraction(1, 100))
        mine.merits = (mine.total, ratio, uncapped[1], uncapped[2], sums[1])
        return mine

    for id_ in people:
        card(id_)
    return dict(sorted(found.items()))


def while_the_month_runs(tasks: dict[str, list[Row]], told: Row) -> None:
    """Add what was handed over, and what was given besides the plan, to people's tasks (R-7)."""
    for each in told.get("handovers", []):
        [whole] = [row for row in tasks[each["person_id"]] if row["Mã nhiệm vụ"] == each["task_id"]]
        part = {**whole, "Mã nhiệm vụ": each["line"], "Số lượng": each["quantity"]}
        whole["Số lượng"] = number(whole["Số lượng"]) - number(each["quantity"])
        tasks[each["person_id"]].append({**part, "Loại": "Chuyển giao"})
        tasks[each["receiver_id"]].append({**part, "Loại": "Nhận thay"})
    for each in told.get("ad_hoc", []):
        tasks[each["person_id"]].append(
            {
                "Mã nhiệm vụ": each["task_id"],
                "Mã danh mục": each["code"],
                "Loại": "Đột xuất",
                "Số lượng": each["quantity"],
            }
        )


def lost(faults: Sequence[Row], times: str, excused: str) -> Fraction:
    """Return what outputs lose: a quarter for each time that is not excused, a whole one at most (R-12)."""
    return sum(
        (
            number(row["Số sản phẩm"]) * min(Fraction(1), (number(row[times]) - number(row[excused])) / 4)
            for row in faults
        ),
        Fraction(0),
    )


def place(cards: Sequence[Card], rate_of: Callable[[str], Fraction]) -> None:
    """Propose grades within the quota of every scope and group: R-21, R-22."""
    for scope, group in {(each.scope, each.group) for each in cards}:
        members = [
            each for each in cards if (each.scope, each.group) == (scope, group) and each.total is not None
        ]
        count = sum(each.band in "AB" for each in members)
        rate = rate_of(scope)
        most = floor(rate * count / (1 + rate))
        first = sorted(
            (each for each in members if each.band == "A"), key=lambda each: each.merits, reverse=True
        )
        for each in members:
            each.mark, each.grade = "none", each.band
        for each in first:
            better = sum(other.merits > each.merits for other in first)
            equal = sum(other.merits == each.merits for other in first)
            each.mark = "kept" if better + equal <= most else "tie" if better < most else "lowered"
            each.grade = "A" if each.mark == "kept" else "B"


def shares(fund: int, cards: Sequence[Card]) -> tuple[dict[str, int], Fraction]:
    """Share a fund by largest remainder, and return what a weight of 1 is worth: R-35."""
    weights = {each.id: weight(each) for each in cards}
    whole, units = sum(weights.values(), Fraction(0)), fund // DONG
    quotas = {id_: units * each / whole for id_, each in weights.items()}
    given = {id_: floor(each) for id_, each in quotas.items()}
    score = {each.id: each.stated or Fraction(0) for each in cards}
    order = sorted(quotas, key=lambda id_: (given[id_] - quotas[id_], -score[id_], id_))
    for id_ in [each for each in order if quotas[each] > given[each]][: units - sum(given.values())]:
        given[id_] += 1
    return {id_: each * DONG for id_, each in given.items()}, units * DONG / whole


def weight(each: Card) -> Fraction:
    """Return grade × score × salary × attendance of the policy phuc-loi."""
    return (
        COEFFICIENTS.get(each.grade, Fraction(0))
        * (each.stated or Fraction(0))
        / 100
        * each.salary
        * each.attendance
    )


def expected(folder: Path) -> str:
    """Return everybody's months and quarter as CSV."""
    story = json.loads((folder / "quarter.json").read_text("utf-8"))
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(HEADER)
    by_person: dict[str, list[Card]] = {}
    for told in story["months"]:
        cards = month_cards(folder, told)
        rates = {each["quota_scope"]: Fraction(each["rate"]) for each in told.get("quota_rates", [])}
        place(list(cards.values()), lambda scope, rates=rates: rates.get(scope, USUAL))  # type: ignore[misc]
        for each in told["choices"]:
            cards[each["person_id"]].grade = each["grade"]
        for each in told["external"]:
            cards[each["person_id"]].grade = each["grade"]
            cards[each["person_id"]].stated = Fraction(each["total"])
        amounts, worth = shares(told["fund"]["amount"], list(cards.values()))
        adjusted: dict[str, int] = {}
        for each in told.get("appeals", []):
            if each["outcome"] == "upheld":
                # The fund is shared out by then: the difference at the run's worth, half up.
                mine = cards[each["person_id"]]
                mine.grade = each["grade"]
                adjusted[mine.id] = int(half_up(weight(mine) * worth, Fraction(DONG))) - amounts[mine.id]
        for id_, mine in cards.items():
            by_person.setdefault(id_, []).append(mine)
            writer.writerow((told["month"], *line(mine), amounts[id_], adjusted.get(id_, "")))
    quarter = [mean(months) for months in by_person.values()]
    place(quarter, lambda _: USUAL)
    for each in quarter:
        writer.writerow((story["period"], *line(each), "", ""))
    return target.getvalue()


def mean(months: Sequence[Card]) -> Card:
    """Return a period's card: the plain mean of the evaluated months, where the person was last (R-24)."""
    last = months[-1]
    found = Card(last.id, last.unit, last.scope, last.group, last.salary, last.attendance)
    counted = [each for each in months if each.total is not None]
    if counted:
        columns = list(zip(*(each.merits for each in counted), strict=True))
        means = [sum(column, Fraction(0)) / len(counted) for column in columns]
        found.total = half_up(means[0], Fraction(1, 100))
        found.merits = (found.total, *means[1:4], sum(columns[4], Fraction(0)))
    return found


def line(each: Card) -> tuple[str, ...]:
    """Return a card's columns."""
    if each.total is None:
        return (each.id, each.unit, "not_evaluated", "", "", "", "")
    return (each.id, each.unit, "evaluated", f"{float_free(each.total)}", each.band, each.mark, each.grade)


def float_free(total: Fraction) -> str:
    """Return a total with its two decimals."""
    cents = int(total * 100)
    return f"{cents // 100}.{cents % 100:02d}"


if __name__ == "__main__":
    sys.stdout.write(expected(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
