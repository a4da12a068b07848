"""Files that come in pieces: whole and checked, or not there at all."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from kpi_cli import output
from kpi_cli.exits import Broken, Wrong
from kpi_cli.language import t


def counted(pieces: Iterable[Any]) -> Iterator[Any]:
    """Pass on the pieces of a file and show on a terminal how much has come."""
    with output.receiving(t("Receiving")) as count:
        for piece in pieces:
            count(len(piece.chunk))
            yield piece


def saved(
    pieces: Iterable[Any], last: str, out: Path, *, check: Callable[[Any], None] | None = None
) -> tuple[Any, Path]:
    """Write a file to ``out``, or into that folder under the name that the service gives it.

    :param pieces: messages with a ``chunk`` of bytes
    :param last: the field that only the last of them has; it states ``sha256`` and ``file_name``
    :param check: looks at what is told about the file, and raises if it must not be kept
    :return: what is told about the file, and its path
    :raises Wrong: if there is no such folder
    :raises Broken: if the file broke off or its digest is not the one announced; nothing is left behind
    """
    return _kept(lambda file: _received(pieces, last, file), out, check)


def saved_whole(reply: Any, out: Path) -> Path:
    """Write a reply's ``content`` to ``out``, or into that folder under its ``file_name``; return the path.

    :raises Wrong: if there is no such folder
    :raises Broken: if its digest is not the one announced
    """

    def write(file: IO[bytes]) -> Any:
        _check(hashlib.sha256(reply.content).hexdigest(), reply)
        file.write(reply.content)
        return reply

    return _kept(write, out)[1]


def tell(told: Mapping[str, Any], path: Path, *, as_json: bool) -> None:
    """Show where a file is and its digest; as JSON all that is told about it."""
    if as_json:
        output.write_json({**told, "path": str(path)})
    else:
        output.write_facts([("File", str(path)), ("SHA-256", told["sha256"])])


def _kept(
    write: Callable[[IO[bytes]], Any], out: Path, check: Callable[[Any], None] | None = None
) -> tuple[Any, Path]:
    folder = out if out.is_dir() else out.parent
    if not folder.is_dir():
        raise Wrong(t("There is no folder {folder}.", folder=folder))
    number, name = tempfile.mkstemp(prefix=".kpi-", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            told = write(file)
            file.flush()
            os.fsync(file.fileno())
        if check:
            check(told)
        target = out / told.file_name.replace("/", "-") if out.is_dir() else out
        path.replace(target)
    finally:
        path.unlink(missing_ok=True)
    return told, target


def _received(pieces: Iterable[Any], last: str, file: IO[bytes]) -> Any:
    digest = hashlib.sha256()
    told: Any = None
    for piece in pieces:
        file.write(piece.chunk)
        digest.update(piece.chunk)
        if piece.HasField(last):
            told = getattr(piece, last)
    if told is None:
        raise Broken(t("The file broke off: try again."))
    _check(digest.hexdigest(), told)
    return told


def _check(sha256: str, told: Any) -> None:
    if sha256 != told.sha256:
        raise Broken(t("The file arrived damaged: its SHA-256 is not the one that was announced."))
