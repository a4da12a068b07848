"""JSON read strictly: every complaint names the place."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from chassis.strict_json import BadInput, Object, parse


def complaint(content: str | bytes, read: Callable[[Object], object] = lambda given: given) -> str:
    with pytest.raises(BadInput) as refused:
        read(parse(content))
    assert str(refused.value) == f"{refused.value.place}: {refused.value.problem}"
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "input: tệp trống: cần một đối tượng JSON"),
        ("[]", "input: cần một đối tượng JSON, không phải danh sách"),
        ('{"n": 1, "n": 2}', "n: ghi hai lần; bỏ bớt một"),
        ("{}", "n: còn thiếu"),
        ('{"n": null}', "n: cần một số nguyên, không phải null"),
        ('{"n": "x"}', 'n: cần một số nguyên, không phải "x"'),
        ('{"n": 9}', "n: phải từ 1 đến 6, không phải 9"),
    ],
)
def test_a_vietnamese_complaint_has_no_english_in_it(content: str, told: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(content).integer("n", least=1, most=6)

    assert refused.value.told("vi") == told


def test_places_grow_with_the_depth() -> None:
    given = parse('{"people": [{"tasks": [{"accepted": "1"}, {"accepted": "x"}]}]}')
    [someone] = given.children("people")
    first, second = someone.children("tasks")

    assert given.place == "input"
    assert second.place == "people[0].tasks[1]"
    assert first.decimal("accepted") == 1
    with pytest.raises(BadInput, match=r"^people\[0\]\.tasks\[1\]\.accepted: "):
        second.decimal("accepted")


@pytest.mark.parametrize(
    ("raw", "value"),
    [('"3.33"', "3.33"), ("3.33", "3.33"), ("44", "44"), ('"-0.0"', "0"), ('"007"', "7"), ('"0.10"', "0.1")],
)
def test_decimals_are_exact(raw: str, value: str) -> None:
    read = parse(f'{{"n": {raw}}}').decimal("n")

    assert read == Decimal(value)
    assert not read.is_signed()


@pytest.mark.parametrize(
    "raw",
    [
        "NaN",
        "-Infinity",
        "1e9",
        "1E-9",
        '"1e9"',
        '"NaN"',
        '"0x1"',
        '" 1"',
        '"1_0"',
        '"١"',
        '".5"',
        '"5."',
        '"+5"',
        "true",
        "null",
        "[]",
        "{}",
        "9" * 29,
        '""',
    ],
)
def test_anything_else_is_no_decimal(raw: str) -> None:
    assert complaint(f'{{"n": {raw}}}', lambda given: given.decimal("n")).startswith("n: ")


@pytest.mark.parametrize("raw", ["1.0", '"1"', "true", "null", "1e2", "NaN", "9" * 5000])
def test_anything_else_is_no_integer(raw: str) -> None:
    assert complaint(f'{{"n": {raw}}}', lambda given: given.integer("n")).startswith("n: ")


def test_bounds_are_said() -> None:
    given = parse('{"n": 7, "d": "7.125"}')

    assert given.integer("n", least=7, most=7) == 7
    assert complaint('{"n": 7}', lambda given: given.integer("n", least=8)) == "n: must be at least 8, not 7"
    assert (
        complaint('{"n": 7}', lambda given: given.integer("n", least=1, most=6))
        == "n: must be from 1 to 6, not 7"
    )
    assert (
        complaint('{"d": "0"}', lambda given: given.decimal("d", above=0)) == "d: must be more than 0, not 0"
    )
    assert given.decimal("d", places=3) == Decimal("7.125")
    assert complaint('{"d": "7.125"}', lambda given: given.decimal("d", places=2)).startswith("d: at most 2")


def test_unknown_missing_and_repeated_names_are_refused() -> None:
    assert (
        complaint('{"a": 1, "b": 2}', lambda given: given.only({"a"}))
        == "b: unknown field; the fields here are a"
    )
    assert complaint("{}", lambda given: given.text("a")) == "a: missing"
    assert complaint('{"a": 1, "a": 1}') == "a: given twice"
    assert (
        complaint('{"a": [{"b": 1, "b": 1}]}', lambda given: list(given.children("a")))
        == "a[0].b: given twice"
    )


def test_strings_are_printable_and_not_empty() -> None:
    for raw in ('""', '"  "', '"a\\u0000"', '"a\\nb"', '"\\ud800"', '"' + "x" * 1001 + '"', "1", "null"):
        assert complaint(f'{{"a": {raw}}}', lambda given: given.text("a")).startswith("a: ")
    assert parse('{"a": "Nguyễn Thị Hoa"}').text("a") == "Nguyễn Thị Hoa"
    assert complaint('{"a": ["x", ""]}', lambda given: given.texts("a")) == "a[1]: must not be empty"


def test_true_and_options() -> None:
    assert parse('{"a": false}').boolean("a") is False
    assert (
        complaint('{"a": 0}', lambda given: given.boolean("a")) == "a: true or false is needed, not a number"
    )
    assert (
        complaint('{"a": "z"}', lambda given: given.choice("a", {"y", "x"}))
        == 'a: must be one of x, y, not "z"'
    )


def test_what_is_no_object_is_refused() -> None:
    assert complaint("[]") == "input: an object is needed, not a list"
    assert complaint('"x"') == "input: an object is needed, not a string"
    assert complaint("") == "input: empty: a JSON object is needed"
    assert complaint('{"a": }').startswith("line 1 column 7: not JSON: ")
    assert complaint('{"a":' * 100_000) == "input: nested too deeply"
    assert complaint(b'{"a": "\xe9"}').startswith("input: not UTF-8 at byte 7")


def test_a_byte_order_mark_is_skipped() -> None:
    assert parse(b'\xef\xbb\xbf{"a": 1}').integer("a") == 1


def test_a_complaint_is_one_line() -> None:
    assert complaint('{"a\\nb": 1}', lambda given: given.only(set())).count("\n") == 0
    assert complaint('{"a": "x\\ny"}', lambda given: given.choice("a", {"x"})).count("\n") == 0
