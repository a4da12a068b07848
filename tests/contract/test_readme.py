"""What README and docs say of files and commands that need no service is so."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMAND = re.compile(r"^\.venv/bin/python (-m (?:scoring|reward) .+)$", re.MULTILINE)
OFFLINE = COMMAND.findall(PAGES[0].read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    files = [each for each in links if not re.match(r"[a-z]+:", each)]

    assert [each for each in files if not (page.parent / each).exists()] == []


@pytest.mark.parametrize("command", OFFLINE)
def test_the_readme_s_offline_commands_answer(command: str) -> None:
    done = subprocess.run(
        [sys.executable, *shlex.split(command)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("{")


def test_the_readme_names_offline_commands() -> None:
    assert len(OFFLINE) == 2
