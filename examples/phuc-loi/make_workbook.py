"""Makes the example: the workbook, the story it is played by, and what must come out of it.

Run it with the project's Python, ``.venv/bin/python examples/phuc-loi/make_workbook.py [FOLDER]``. The same
bytes come out every time, on any machine; without a folder they replace the files beside this one.
"""

import hashlib
import sys
from collections import Counter
from pathlib import Path

from phuc_loi.book import EXPECTED, STORY, WORKBOOK, book, expected, story
from phuc_loi.month import march
from phuc_loi.outcome import outcome


def main(folder: Path) -> None:
    """Write the files into a folder and tell what they hold."""
    month = march()
    result = outcome(month)
    content = book(month)
    folder.joinpath(WORKBOOK).write_bytes(content)
    folder.joinpath(STORY).write_text(story(month, result), "utf-8", newline="\n")
    folder.joinpath(EXPECTED).write_text(expected(month, result), "utf-8", newline="\n")
    grades = Counter(result.grades.values())
    told = ", ".join(f"{grade} {grades[grade]}" for grade in "ABCD")
    tasks = sum(len(each) for each in month.tasks.values())
    print(f"{len(month.people)} people, {tasks} tasks; {told}, not evaluated {grades['']}")
    print(f"{WORKBOOK} {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
