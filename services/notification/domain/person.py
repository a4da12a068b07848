"""Whom notices are for, and what they want."""

from dataclasses import dataclass
from typing import Literal

from chassis.errors import Invalid
from notification.domain.notice import Topic

Language = Literal["vi", "en"]


class UnknownLanguage(Invalid):
    """Messages are written in Vietnamese or English."""

    vi = "Ngôn ngữ {language} không được hỗ trợ: hãy chọn vi hoặc en, hoặc để trống."
    en = "There is no language {language}: choose vi or en, or leave it empty."


@dataclass(frozen=True, slots=True)
class Person:
    """A person as planning tells of him."""

    full_name: str
    email: str
    """May be empty."""
    language: Language


@dataclass(frozen=True, slots=True)
class Post:
    """A person from a month on."""

    ward_id: str
    person_id: str
    from_month: str
    revision: int
    person: Person


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person wants (R-42). The inbox has everything whatever is wanted by mail."""

    language: Language | None = None
    """None: what planning says of the person."""
    mail_off: bool = False
    muted: frozenset[Topic] = frozenset()


def language(text: str) -> Language:
    """Return the language that planning states; Vietnamese unless it says English."""
    return "en" if text == "en" else "vi"


def chosen_language(text: str) -> Language | None:
    """Return the language that a person chose, or None for no choice.

    :raises UnknownLanguage: for anything but vi, en and nothing
    """
    match text:
        case "":
            return None
        case "vi" | "en":
            return text
        case _:
            raise UnknownLanguage(language=text, field="preferences.language")
