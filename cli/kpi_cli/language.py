"""In which language a person is spoken to: ``--lang``, else ``KPI_LANG``, the locale, Vietnamese."""

from collections.abc import Mapping, Sequence
from typing import Literal

from kpi_cli.texts import VIETNAMESE

Language = Literal["vi", "en"]


class _Chosen:
    language: Language = "vi"


def choose(arguments: Sequence[str], environ: Mapping[str, str]) -> Language:
    """Set and return the language for this run.

    :param arguments: the command line; read ahead of its parsing, because help is in a language too
    """
    given = ""
    for index, argument in enumerate(arguments):
        if argument == "--lang" and index + 1 < len(arguments):
            given = arguments[index + 1]
        elif argument.startswith("--lang="):
            given = argument.partition("=")[2]
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG", "")
    wanted = given or environ.get("KPI_LANG") or locale
    _Chosen.language = "en" if wanted.lower().startswith("en") else "vi"
    return _Chosen.language


def current() -> Language:
    """Return the language of this run."""
    return _Chosen.language


def t(english: str, **facts: object) -> str:
    """Return a text in the language of this run, with ``{name}`` replaced by the facts."""
    text = english if _Chosen.language == "en" else VIETNAMESE.get(english, english)
    return text.format(**facts) if facts else text
