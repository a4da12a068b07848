"""The offline commands, run as a ward runs them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CASES = Path(__file__).parents[2] / "cases"

POLICY = {
    "mode": "pool",
    "coefficients": {"A": "1.0", "B": "0.8", "C": "0.5", "D": "0"},
    "by_score": True,
    "by_salary": True,
    "by_attendance": True,
}

SOMEONE = {
    "id": "a",
    "grade": "A",
    "score": "95.00",
    "salary_coefficient": "3.33",
    "worked_half_days": 44,
    "required_half_days": 44,
}


def run(*arguments: str, given: object = None) -> "subprocess.CompletedProcess[bytes]":
    content = given if isinstance(given, bytes) else json.dumps(given).encode()
    return subprocess.run(
        [sys.executable, "-m", "reward", *arguments], input=content, capture_output=True, check=False
    )


def allocate(given: object, *options: str) -> Any:
    done = run("allocate", "-", *options, given=given)
    assert (done.returncode, done.stderr) == (0, b"")
    return json.loads(done.stdout)


def month(*people: dict[str, object], fund: object = 10_000_000, **policy: object) -> dict[str, object]:
    return {"fund": fund, "policy": {**POLICY, **policy}, "people": list(people)}


def case(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("path", sorted((CASES / "reward").glob("*.json")), ids=lambda path: path.stem)
def test_the_cases(path: Path) -> None:
    given = case(path)

    assert allocate(given["input"]) == given["expected"]


@pytest.mark.parametrize(
    "path",
    [path for path in sorted((CASES / "bad").glob("*.json")) if case(path)["command"].startswith("reward")],
    ids=lambda path: path.stem,
)
def test_the_bad_cases(path: Path) -> None:
    given = case(path)

    refused(run("allocate", "-", given=given["input"]), given["place"])


def test_two_ways_to_type_one_name_are_one_person() -> None:
    """A city's lists mix composed and decomposed letters (Unicode NFC, NFD)."""
    composed, decomposed = "H\u1ed3ng", "Ho\u0302\u0300ng"
    given = month({**SOMEONE, "id": composed}, {**SOMEONE, "id": decomposed})

    refused(run("allocate", "-", given=given), "people[1].id")


def test_a_complaint_is_vietnamese_unless_english_is_asked_for() -> None:
    given = month({**SOMEONE, "score": None})

    assert "cần một số" in run("allocate", "-", given=given).stderr.decode()
    assert "is needed" in run("check", "-", "--language", "en", given=given).stderr.decode()


def refused(done: "subprocess.CompletedProcess[bytes]", place: str) -> None:
    assert done.returncode == 2
    assert done.stdout == b""
    [line] = done.stderr.decode().splitlines()
    assert line.startswith(f"{place}: ")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"id": None}, "people[0].id"),
        ({"id": ""}, "people[0].id"),
        ({"id": 7}, "people[0].id"),
        ({"id": "a\nb"}, "people[0].id"),
        ({"grade": "a"}, "people[0].grade"),
        ({"grade": True}, "people[0].grade"),
        ({"score": "100.01"}, "people[0].score"),
        ({"score": "-0.01"}, "people[0].score"),
        ({"score": None}, "people[0].score"),
        ({"score": "NaN"}, "people[0].score"),
        ({"score": "Infinity"}, "people[0].score"),
        ({"score": "9_0"}, "people[0].score"),
        ({"score": "٩٠"}, "people[0].score"),
        ({"score": ["90"]}, "people[0].score"),
        ({"salary_coefficient": "-3"}, "people[0].salary_coefficient"),
        ({"salary_coefficient": True}, "people[0].salary_coefficient"),
        ({"salary_coefficient": None}, "people[0].salary_coefficient"),
        ({"worked_half_days": -1}, "people[0].worked_half_days"),
        ({"worked_half_days": 1.5}, "people[0].worked_half_days"),
        ({"worked_half_days": "44"}, "people[0].worked_half_days"),
        ({"required_half_days": 0}, "people[0].required_half_days"),
        ({"personnel_type": "teacher"}, "people[0].personnel_type"),
        ({"amount": 1}, "people[0].amount"),
        ({"salery": 1}, "people[0].salery"),
    ],
)
def test_a_slip_in_a_person_is_pointed_at(change: dict[str, object], place: str) -> None:
    refused(run("allocate", "-", given=month({**SOMEONE, **change})), place)


@pytest.mark.parametrize("name", list(SOMEONE))
def test_what_a_paid_person_lacks_is_named(name: str) -> None:
    refused(
        run("allocate", "-", given=month({key: value for key, value in SOMEONE.items() if key != name})),
        f"people[0].{name}",
    )


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "input"),
        (b"   \n", "input"),
        (b"[]", "input"),
        (b"null", "input"),
        (b"{", "line 1 column 2"),
        (b"\xff\xfe{\x00}\x00", "input"),
        (b"[" * 200_000, "input"),
        (b'{"fund": 1, "fund": 2}', "fund"),
        (b'{"fund": NaN, "policy": "phuc-loi", "people": []}', "fund"),
        (b'{"fund": 1e999999999, "policy": "phuc-loi", "people": []}', "fund"),
        (b'{"fund": ' + b"9" * 100_000 + b', "policy": "phuc-loi", "people": []}', "fund"),
        (b'{"fund": 1.0, "policy": "phuc-loi", "people": []}', "fund"),
        (b'{"fund": true, "policy": "phuc-loi", "people": []}', "fund"),
        (b'{"fund": 1, "policy": "phuc-loi", "people": {}}', "people"),
        (b'{"fund": 1, "policy": "phuc-loi", "people": [1]}', "people[0]"),
        (b'{"fund": 1, "policy": "phuc-loi"}', "people"),
        (b'{"fund": 1, "policy": "no-such", "people": []}', "policy"),
        (b'{"fund": 1, "policy": [], "people": []}', "policy"),
        (b'{"fund": 1, "people": []}', "policy"),
        (b'{"policy": "phuc-loi", "people": []}', "fund"),
        (b'{"fund": 1, "policy": "phuc-loi", "people": [], "month": "2026-03"}', "month"),
    ],
)
def test_a_slip_in_the_file_is_pointed_at(content: bytes, place: str) -> None:
    refused(run("allocate", "-", given=content), place)


def test_a_file_is_read_and_a_missing_one_is_named(tmp_path: Path) -> None:
    file = tmp_path / "tháng 3.json"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(month(SOMEONE)).encode())

    assert json.loads(run("allocate", str(file)).stdout)["distributed"] == 10_000_000
    refused(run("allocate", str(tmp_path / "none.json")), str(tmp_path / "none.json"))
    refused(run("allocate", str(tmp_path)), str(tmp_path))


def test_nothing_is_asked_of_who_is_not_paid() -> None:
    answer = allocate(
        month(SOMEONE, {"id": "n", "grade": None}, {"id": "d", "grade": "D", "required_half_days": 0})
    )

    assert [each["amount"] for each in answer["allocations"]] == [10_000_000, 0, 0]


def test_decimals_may_be_json_numbers() -> None:
    asked = month({**SOMEONE, "score": 95.0, "salary_coefficient": 3.33})

    assert allocate(asked) == allocate(month(SOMEONE))


def test_a_shipped_policy_can_be_named() -> None:
    given = {"fund": 100_000_000, "policy": "hcmc-2025", "people": [SOMEONE]}

    assert allocate(given)["distributed"] == 14_025_960


def test_equal_sharing_is_refused_with_the_pairs() -> None:
    """R-38: a policy that pays everybody the same."""
    answer = allocate(
        month(
            SOMEONE,
            {**SOMEONE, "id": "b", "grade": "B", "score": "80.00"},
            coefficients={"A": "1", "B": "1", "C": "1", "D": "0"},
            by_score=False,
        )
    )

    assert answer["error"] == "no_equal_sharing"
    assert "allocations" not in answer
    assert (answer["violations"][0]["rule"], answer["violations"][0]["people"]) == ("R-38a", ["a", "b"])


def test_explain_adds_what_can_be_checked_by_hand() -> None:
    answer = allocate(month(SOMEONE, fund=1_234_567), "--explain", "--language", "en")

    [explained] = answer["explanations"]
    assert explained["factors"] == {
        "coefficient": "1",
        "score": "0.95",
        "salary_coefficient": "3.33",
        "attendance": "1",
    }
    assert (explained["weight"], explained["exact"], explained["units"]) == ("3.1635", "1234000", 1234)
    assert explained["lines"][-1] == "Amount: 1,234,000 đ"
    assert answer["undistributed"] == 567


def test_check_says_whether_a_list_is_fair() -> None:
    good = month(
        {**SOMEONE, "amount": 6_000_000},
        {**SOMEONE, "id": "b", "grade": "B", "score": "80", "amount": 4_000_000},
    )
    done = run("check", "-", given=good)

    assert done.returncode == 0
    assert json.loads(done.stdout) == {
        "fair": True,
        "violations": [],
        "counts": {},
        "distributed": 10_000_000,
        "undistributed": 0,
    }


def test_check_names_what_is_not_fair() -> None:
    bad = month(
        {**SOMEONE, "amount": 5_000_000},
        {**SOMEONE, "id": "b", "grade": "B", "score": "80", "amount": 5_000_000},
    )
    del bad["fund"]
    done = run("check", "-", given=bad)
    answer = json.loads(done.stdout)

    assert done.returncode == 1
    assert answer["fair"] is False
    assert answer["counts"] == {"R-38a": 1, "R-38c": 2}
    assert answer["violations"][0]["people"] == ["a", "b"]
    assert "undistributed" not in answer


def test_check_says_that_the_fund_does_not_suffice() -> None:
    done = run("check", "-", given=month({**SOMEONE, "amount": 10_000_001}))

    assert done.returncode == 1
    assert json.loads(done.stdout)["shortfall"] == 1


@pytest.mark.parametrize("amount", [-1, "5", 1.5, None])
def test_check_needs_whole_amounts(amount: object) -> None:
    refused(run("check", "-", given=month({**SOMEONE, "amount": amount})), "people[0].amount")


def test_what_allocate_gives_check_finds_fair() -> None:
    given = case(CASES / "reward" / "pool-03.json")
    amounts = {each["id"]: each["amount"] for each in given["expected"]["allocations"]}
    people = [{**each, "amount": amounts[each["id"]]} for each in given["input"]["people"]]

    assert run("check", "-", given={**given["input"], "people": people}).returncode == 0


def test_the_commands_need_nothing_but_the_standard_library() -> None:
    """A ward checks by hand on any machine that has Python."""
    code = (
        "import sys; from reward.offline import run; run(['allocate', '-']);"
        "sys.exit(bool({'sqlalchemy', 'grpc', 'kombu', 'nameko', 'eventlet', 'google'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(month(SOMEONE)).encode(),
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0
