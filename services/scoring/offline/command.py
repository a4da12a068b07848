"""The command ``score``: what it reads, prints and exits with.

Exit status: 0 when everybody has a result; 2 for bad input, with one line on standard error that begins with
the place, and nothing on standard output; 1 when the results could not be written.
"""

import argparse
import contextlib
import json
import os
from collections.abc import Sequence
from typing import Literal

from chassis import strict_json
from chassis.strict_json import BadInput, Object
from scoring.domain.explanation import as_json, explain
from scoring.domain.score import score_month
from scoring.domain.unfit import Unfit
from scoring.offline import form
from scoring.offline.wording import Language, worded

BAD_INPUT = 2
NOT_WRITTEN = 1
INTERRUPTED = 130

Shape = Literal["results", "explained", "text"]


def score_file(file: Object, *, shape: Shape = "results", language: Language = "vi") -> str:
    """Return what to print for a month written down as JSON.

    :param shape: ``results`` or ``explained`` as JSON, or ``text``
    :raises BadInput: if it is not in the form
    :raises Unfit: if it breaks a rule
    """
    month = form.month(file)
    results = score_month(month.policy, month.people, month.scopes)
    if shape == "text":
        paragraphs = (
            worded(person, result, explain(month.policy, person, result), language)
            for person, result in zip(month.people, results, strict=True)
        )
        return "\n".join(paragraphs)
    written = [form.result(result, month.typed) for result in results]
    if shape == "explained":
        for person, result, entry in zip(month.people, results, written, strict=True):
            entry["explanation"] = as_json(explain(month.policy, person, result))
    return json.dumps({"results": written}, ensure_ascii=False, indent=1) + "\n"


def run(arguments: Sequence[str]) -> int:
    """Run the command with its arguments and return the exit status."""
    options = _parser().parse_args(arguments)
    shape: Shape = "text" if options.text else "explained" if options.explain else "results"
    try:
        printed = score_file(
            strict_json.load(options.file).within("input"), shape=shape, language=options.lang
        )
    except BadInput as refusal:
        _complain(refusal.told(options.lang))
        return BAD_INPUT
    except Unfit as refusal:
        _complain(f"{refusal.place}: {refusal.told(options.lang)}")
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    return _print(printed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scoring score",
        description="Score a month that is written down as JSON, without any service running.",
    )
    parser.add_argument("file", metavar="FILE", help="the month; - reads standard input")
    parser.add_argument("--explain", action="store_true", help="add to each result its explanation")
    parser.add_argument("--text", action="store_true", help="print the arithmetic for people instead of JSON")
    parser.add_argument("--lang", choices=("vi", "en"), default="vi", help="language of texts (default: vi)")
    return parser


def _print(printed: str) -> int:
    try:
        remaining = memoryview(printed.encode())
        while remaining:
            remaining = remaining[os.write(1, remaining) :]
    except BrokenPipeError:
        return NOT_WRITTEN  # whoever was reading has read enough
    except OSError as error:
        _complain(f"stdout: {error.strerror}")
        return NOT_WRITTEN
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _complain(line: str) -> None:
    with contextlib.suppress(OSError):
        os.write(2, f"{line}\n".encode())
