"""What a page's key is made of."""

from typing import Final

from chassis.rpc import Page
from chassis.rpc.paging import BadPageToken

LONGEST_NUMBER: Final = 9
"""Digits of a version's number."""


def after(page: Page) -> str:
    """Return the id after which to go on, empty for the first page."""
    found = key(page, 1)
    return found[0] if found else ""


def key(page: Page, parts: int) -> tuple[str, ...]:
    """Return the key after which to go on, nothing for the first page.

    :raises BadPageToken: if it is not of so many texts
    """
    found = page.after or ()
    if page.after and (
        len(found) != parts or not all(isinstance(each, str) and each.isprintable() for each in found)
    ):
        raise BadPageToken(field="page_token")
    return found


def number(words: str) -> int:
    """Return the number that stands in a key.

    :raises BadPageToken: if it is none
    """
    if not words.isascii() or not words.isdigit() or len(words) > LONGEST_NUMBER:
        raise BadPageToken(field="page_token")
    return int(words)
