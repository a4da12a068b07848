"""Tokens for tests, signed by a key that lives as long as the test run."""

import atexit
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from chassis import auth


@cache
def key_folder() -> Path:
    """Return a folder with a fresh development key and its key set."""
    folder = Path(tempfile.mkdtemp(prefix="kpi-keys-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    auth.create_key(folder)
    return folder


@cache
def keys() -> auth.Keys:
    """Return the key set that servers under test trust."""
    return auth.Keys(str(key_folder() / "jwks.json"), issuer="luong-hoa", audience="luong-hoa")


def token(
    person_id: str,
    *roles: str,
    wards: tuple[str, ...] = ("phuc-loi",),
    lifetime: timedelta = timedelta(hours=1),
) -> str:
    """Return a token for a person; without roles, of a plain public servant (``staff``)."""
    return auth.issue(
        key_folder(),
        person_id=person_id,
        wards=wards,
        roles=roles or ("staff",),
        at=datetime.now(UTC),
        lifetime=lifetime,
    )


def bearer(
    person_id: str, *roles: str, wards: tuple[str, ...] = ("phuc-loi",)
) -> tuple[tuple[str, str], ...]:
    """Return call metadata with such a token."""
    return (("authorization", f"Bearer {token(person_id, *roles, wards=wards)}"),)
