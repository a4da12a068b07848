"""``python -m scoring score FILE``, as a person runs it."""

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest

CASES = Path(__file__).parents[2] / "cases"
SERVICES = Path(__file__).parents[3] / "services"
COMMAND = (sys.executable, "-m", "scoring", "score")
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": os.pathsep.join((str(SERVICES), str(SERVICES.parent / "lib"))),
    "LC_ALL": "C",  # the output is UTF-8 wherever it runs
}

PERSON: dict[str, Any] = {
    "id": "p",
    "unit": "VP",
    "group": "specialist",
    "required_half_days": 44,
    "worked_half_days": 44,
    "common_score": "30",
    "tasks": [{"coefficient": "1", "assigned": "2", "accepted": "1", "faults": [{"failed_reviews": 1}]}],
}
LEADER: dict[str, Any] = {
    **PERSON,
    "id": "l",
    "role": "leader",
    "organising": 100,
    "unity": 50,
    "manages": ["p"],
}


def score(document: str | bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    given = document.encode() if isinstance(document, str) else document
    return subprocess.run(
        [*COMMAND, *options, "-"], input=given, capture_output=True, env=ENVIRONMENT, timeout=60, check=False
    )


def month(*people: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"people": list(people or (PERSON,)), **more}


def changed(of: dict[str, Any], **changes: object) -> dict[str, Any]:
    return {**of, **changes}


def without(of: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in of.items() if key != name}


def with_task(**changes: object) -> dict[str, Any]:
    return month(changed(PERSON, tasks=[{**PERSON["tasks"][0], **changes}]))


def with_fault(**counts: object) -> dict[str, Any]:
    return with_task(faults=[counts])


def assert_refused(ran: subprocess.CompletedProcess[bytes], place: str) -> None:
    said = ran.stderr.decode()
    assert ran.returncode == 2, said
    assert ran.stdout == b""
    assert said.count("\n") == 1
    assert said.endswith("\n")
    assert said.startswith(f"{place}: ")
    assert "Traceback" not in said


@pytest.mark.parametrize("name", ["leaders", "quota-tie-at-cut", "ward-20-1"])
def test_results_go_to_standard_output_as_json(name: str, tmp_path: Path) -> None:
    case = json.loads((CASES / "scoring" / f"{name}.json").read_text(encoding="utf-8"))
    file = tmp_path / "tháng 3.json"
    file.write_text(json.dumps(case["input"]), encoding="utf-8")

    ran = subprocess.run([*COMMAND, str(file)], capture_output=True, env=ENVIRONMENT, timeout=60, check=False)

    assert (ran.returncode, ran.stderr) == (0, b"")
    assert json.loads(ran.stdout) == case["expected"]


@pytest.mark.parametrize(
    "name",
    [
        path.stem
        for path in sorted((CASES / "bad").glob("*.json"))
        if json.loads(path.read_text(encoding="utf-8"))["command"] == "scoring score"
    ],
)
def test_each_bad_case_ends_with_status_2_and_one_line(name: str) -> None:
    case = json.loads((CASES / "bad" / f"{name}.json").read_text(encoding="utf-8"))

    assert_refused(score(json.dumps(case["input"])), case["place"])


ODD_MONTHS: list[tuple[dict[str, Any], str]] = [
    ({}, "people"),
    (month(extra=1), "extra"),
    ({"people": {}}, "people"),
    ({"people": None}, "people"),
    ({"people": ["p"]}, "people[0]"),
    (month(units=None), "units"),
    (month(policy=[]), "policy"),
    (month(policy={"cap": "none"}), "policy.cap"),
    (month(policy={"quota_rate": "0.21"}), "policy.quota_rate"),
    (month(policy={"attendance_threshold": "50"}), "policy.attendance_threshold"),
    (month(policy={"month_window": "calendar"}), "policy.month_window"),
    (month(units=[{"id": "KT"}]), "people[0].unit"),
    (month(units=[{"id": "VP"}, {"id": "VP"}]), "units[1].id"),
    (month(units=[{"id": "VP", "quota_decision": "1/QĐ"}]), "units[0].quota_rate"),
    (month(units=[{"id": "VP", "quota_rate": "0.2000001"}]), "units[0].quota_decision"),
    (month(changed(PERSON, id="")), "people[0].id"),
    (month(changed(PERSON, id=7)), "people[0].id"),
    (month(changed(PERSON, id="a\nb")), "people[0].id"),
    (month(changed(PERSON, id="\ud800")), "people[0].id"),
    (month(changed(PERSON, group=None)), "people[0].group"),
    (month(changed(PERSON, role="boss")), "people[0].role"),
    (month(changed(PERSON, required_half_days=True)), "people[0].required_half_days"),
    (month(changed(PERSON, required_half_days=0)), "people[0].required_half_days"),
    (month(changed(PERSON, required_half_days="44")), "people[0].required_half_days"),
    (month(changed(PERSON, worked_half_days=21.5)), "people[0].worked_half_days"),
    (month(changed(PERSON, worked_half_days=-1)), "people[0].worked_half_days"),
    (month(changed(PERSON, worked_half_days=63)), "people[0].worked_half_days"),
    (month(changed(PERSON, common_score=True)), "people[0].common_score"),
    (month(changed(PERSON, common_score=None)), "people[0].common_score"),
    (month(changed(PERSON, common_score="ba mươi")), "people[0].common_score"),
    (month(changed(PERSON, common_score="3e1")), "people[0].common_score"),
    (month(changed(PERSON, common_score="1_0")), "people[0].common_score"),
    (month(changed(PERSON, common_score="١٠")), "people[0].common_score"),
    (month(changed(PERSON, common_score=" 10")), "people[0].common_score"),
    (month(changed(PERSON, common_score="-1")), "people[0].common_score"),
    (month(changed(PERSON, common_score="1" * 5000)), "people[0].common_score"),
    (month(changed(PERSON, blocker="")), "people[0].blocker"),
    (month(changed(PERSON, tasks=None)), "people[0].tasks"),
    (month(without(PERSON, "tasks")), "people[0].tasks"),
    (month(changed(PERSON, organising=100)), "people[0].organising"),
    (month(changed(PERSON, manages=[])), "people[0].manages"),
    (month(PERSON, without(LEADER, "organising")), "people[1].organising"),
    (month(PERSON, without(LEADER, "unity")), "people[1].unity"),
    (month(PERSON, without(LEADER, "manages")), "people[1].manages"),
    (month(PERSON, changed(LEADER, unity="100")), "people[1].unity"),
    (month(PERSON, changed(LEADER, unity=True)), "people[1].unity"),
    (month(PERSON, changed(LEADER, manages="p")), "people[1].manages"),
    (month(PERSON, changed(LEADER, manages=["p", "p"])), "people[1].manages[1]"),
    (month(PERSON, changed(LEADER, manages=["p", None])), "people[1].manages[1]"),
    (month(PERSON, changed(LEADER, manages=["l"])), "people[1].manages"),
    (with_task(weight="1"), "people[0].tasks[0].weight"),
    (with_task(coefficient="Infinity"), "people[0].tasks[0].coefficient"),
    (with_task(assigned=[]), "people[0].tasks[0].assigned"),
    (with_task(kind=1), "people[0].tasks[0].kind"),
    (with_task(faults={}), "people[0].tasks[0].faults"),
    (with_task(faults=[None]), "people[0].tasks[0].faults[0]"),
    (with_fault(count=0), "people[0].tasks[0].faults[0].count"),
    (with_fault(count=10**7), "people[0].tasks[0].faults[0].count"),
    (with_fault(failed_reviews="1"), "people[0].tasks[0].faults[0].failed_reviews"),
    (with_fault(missed_deadlines=-1), "people[0].tasks[0].faults[0].missed_deadlines"),
    (with_fault(excused_deadlines=1), "people[0].tasks[0].faults[0].excused_deadlines"),
    (with_fault(late=1), "people[0].tasks[0].faults[0].late"),
]


@pytest.mark.parametrize(("document", "place"), ODD_MONTHS, ids=[place for _, place in ODD_MONTHS])
def test_a_slip_in_the_form_is_refused_at_its_place(document: dict[str, Any], place: str) -> None:
    assert_refused(score(json.dumps(document)), place)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        pytest.param("", "input", id="empty"),
        pytest.param(" \n", "input", id="blank"),
        pytest.param("xin chào", "line 1 column 1", id="no JSON"),
        pytest.param('{"people": [}', "line 1 column 13", id="broken JSON"),
        pytest.param("[]", "input", id="not an object"),
        pytest.param("[" * 200_000, "input", id="deep"),
        pytest.param('{"people": []}'.encode("utf-16"), "input", id="UTF-16"),
        pytest.param(b'{"people": [], "\xff": 1}', "input", id="not UTF-8"),
        pytest.param('{"people": [], "people": []}', "people", id="twice"),
        pytest.param('{"people": [{"id": "p", "id": "q"}]}', "people[0].id", id="twice inside"),
        pytest.param(
            json.dumps(month()).replace('"30"', "1e999999999"), "people[0].common_score", id="huge exponent"
        ),
        pytest.param(json.dumps(month()).replace('"30"', "1" * 10**6), "people[0].common_score", id="huge"),
        pytest.param(json.dumps(month()).replace('"30"', "NaN"), "people[0].common_score", id="NaN"),
        pytest.param(
            json.dumps(month()).replace('"30"', "-Infinity"), "people[0].common_score", id="infinite"
        ),
    ],
)
def test_what_is_no_month_is_refused(document: str | bytes, place: str) -> None:
    assert_refused(score(document), place)


def test_a_field_with_a_line_break_in_its_name_stays_on_one_line() -> None:
    ran = score(json.dumps(month(changed(PERSON, **{"a\nb\u2028c": 1}))))

    assert ran.returncode == 2
    assert len(ran.stderr.decode().splitlines()) == 1
    assert ran.stderr.startswith(b"people[0].")


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [*COMMAND, name], capture_output=True, env=ENVIRONMENT, cwd=tmp_path, timeout=60, check=False
    )

    assert_refused(ran, name)


def test_a_closed_standard_input_is_refused() -> None:
    ran = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *COMMAND, "-"],
        capture_output=True,
        env=ENVIRONMENT,
        timeout=60,
        check=False,
    )

    assert_refused(ran, "-")


def test_json_numbers_are_as_exact_as_those_in_quotes() -> None:
    """R-19: 19.995 + 70 is 90.00; as a binary float 19.995 is a little less."""
    person = changed(PERSON, common_score=0, tasks=[{"coefficient": 0.1, "assigned": 3, "accepted": 3}])
    exact = json.dumps(month(person)).replace('"common_score": 0', '"common_score": 19.995')

    ran = score(exact)

    assert json.loads(ran.stdout)["results"][0]["total"] == "90.00"


def test_vietnamese_ids_are_printed_as_they_were_typed() -> None:
    composed = unicodedata.normalize("NFC", "Nguyễn Thị Ường")
    decomposed = unicodedata.normalize("NFD", composed)
    people = [changed(PERSON, id=decomposed, tasks=[]), changed(LEADER, manages=[composed])]

    results = json.loads(score(json.dumps(month(*people), ensure_ascii=False)).stdout)["results"]

    assert results[0]["id"] == decomposed
    assert results[1]["waiting_for"] == [decomposed]
    assert_refused(score(json.dumps(month(people[0], changed(PERSON, id=composed)))), "people[1].id")


def test_nobody_is_a_month_too() -> None:
    assert json.loads(score('{"people": []}').stdout) == {"results": []}


def test_the_same_input_gives_the_same_bytes() -> None:
    document = (CASES / "scoring" / "ward-20-1.json").read_text(encoding="utf-8")
    given = json.dumps(json.loads(document)["input"])

    assert score(given, "--explain").stdout == score(given, "--explain").stdout


def test_a_refusal_speaks_either_language() -> None:
    document = json.dumps(with_task(accepted="3"))

    assert "lớn hơn số được giao 2" in score(document).stderr.decode()
    assert "but only 2 assigned" in score(document, "--lang", "en").stderr.decode()


def test_a_reader_that_leaves_gets_no_stack_trace() -> None:
    case = json.loads((CASES / "scoring" / "ward-160-4.json").read_text(encoding="utf-8"))
    with subprocess.Popen(
        [*COMMAND, "--explain", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(json.dumps(case["input"]).encode())
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 1


def test_results_that_cannot_be_written_are_no_success() -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        ran = subprocess.run(
            [*COMMAND, "-"],
            input=json.dumps(month()).encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
            timeout=60,
            check=False,
        )

    assert ran.returncode == 1
    assert ran.stderr.startswith(b"stdout: ")


def test_the_command_loads_nothing_but_the_standard_library() -> None:
    """It runs where nothing is installed."""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _BARE, str(SERVICES), str(SERVICES.parent / "lib")],
        input=json.dumps(month()).encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["results"][0]["status"] == "evaluated"


_BARE = """
import runpy, sys
sys.path[:0] = sys.argv[1:3]
sys.argv[1:] = ["score", "-"]
runpy.run_module("scoring", run_name="__main__", alter_sys=True)
"""
