"""The example quarter: made again byte for byte, and reckoned by nothing of the product."""

import ast
import csv
import json
import re
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "binh-minh-quarter"


def test_the_script_makes_the_committed_files_byte_for_byte(tmp_path: Path) -> None:
    subprocess.run([sys.executable, EXAMPLE / "make_quarter.py", tmp_path], check=True, capture_output=True)

    made = sorted(each.name for each in tmp_path.iterdir())
    assert len(made) == 6
    for name in made:
        assert (tmp_path / name).read_bytes() == (EXAMPLE / name).read_bytes(), f"make {name} again"


def test_what_is_expected_is_reckoned_from_the_workbooks_with_nothing_of_the_product() -> None:
    source = (EXAMPLE / "reckon.py").read_text("utf-8")
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert imported - set(sys.stdlib_module_names) == {"openpyxl"}
    # Isolated: the facts beside the script are out of its reach.
    told = subprocess.run(
        [sys.executable, "-I", EXAMPLE / "reckon.py"], check=True, capture_output=True, encoding="utf-8"
    )
    assert told.stdout == (EXAMPLE / "expected.csv").read_text("utf-8")


def test_the_readme_tells_of_everybody_whom_the_story_names() -> None:
    text = (EXAMPLE / "README.md").read_text("utf-8")
    told = set(re.findall(r"BM-\d\d", (EXAMPLE / "quarter.json").read_text("utf-8")))
    assert told <= set(re.findall(r"BM-\d\d", text))
    with (EXAMPLE / "expected.csv").open(encoding="utf-8", newline="") as source:
        [adjusted] = [int(row["adjusted"]) for row in csv.DictReader(source) if row["adjusted"]]
    assert f"{adjusted:,} đồng" in text
    for month in json.loads((EXAMPLE / "quarter.json").read_text("utf-8"))["months"]:
        assert month["workbook"] in text
