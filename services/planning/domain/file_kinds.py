"""Which files are taken as evidence, told by their content and not by their name alone (R-8).

Office documents and OpenDocument are archives: each part is unpacked once, within limits, so that an archive
that grows without end is found here and not on the desk of whoever opens it. Nothing is kept unpacked.
"""

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from planning.domain.evidence import LONGEST_FILE_NAME, MOST_BYTES
from planning.domain.problem import Problem

MOST_PARTS: Final = 2_000
"""Parts of an archive."""
MOST_UNPACKED: Final = 128 * 1024 * 1024
"""Bytes that an archive's parts may unpack to, all together."""

_CHUNK: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP: Final = b"PK\x03\x04"
_CONTENT_TYPES: Final = "[Content_Types].xml"
_LARGEST_TYPES: Final = 1024 * 1024
_MACRO_PARTS: Final = ("/vbaproject.bin", "/vbadata.xml")
_MACRO_FOLDERS: Final = ("/basic/", "/scripts/", "/macrosheets/", "/activex/")


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that is taken."""

    name: str
    media_type: str
    endings: tuple[str, ...]


PDF: Final = FileKind("PDF", "application/pdf", ("pdf",))
PNG: Final = FileKind("PNG", "image/png", ("png",))
JPEG: Final = FileKind("JPEG", "image/jpeg", ("jpg", "jpeg"))
DOCX: Final = FileKind(
    "DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",)
)
XLSX: Final = FileKind("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))
ODT: Final = FileKind("ODT", "application/vnd.oasis.opendocument.text", ("odt",))
ODS: Final = FileKind("ODS", "application/vnd.oasis.opendocument.spreadsheet", ("ods",))
TXT: Final = FileKind("TXT", "text/plain", ("txt",))
CSV: Final = FileKind("CSV", "text/csv", ("csv",))

KINDS: Final = (PDF, PNG, JPEG, DOCX, XLSX, ODT, ODS, TXT, CSV)
ENDINGS: Final[Mapping[str, FileKind]] = {ending: kind for kind in KINDS for ending in kind.endings}
_SHOWN: Final = " ".join(f".{ending}" for ending in ENDINGS)

_OFFICE: Final = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_OPEN: Final = {kind.media_type.encode(): kind for kind in (ODT, ODS)}
_BEGINNINGS: Final = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))


def name_problem(name: str) -> Problem | None:
    """Return what is wrong with a file's name: it names a file, not a path, and says what it is."""
    if not name or len(name) > LONGEST_FILE_NAME:
        return Problem(
            "file_name",
            f"cần tên tệp, tối đa {LONGEST_FILE_NAME} ký tự",
            f"must be a file's name of at most {LONGEST_FILE_NAME} characters",
        )
    if name.startswith(".") or any(
        each in '/\\:*?"<>|' or unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp") for each in name
    ):
        return Problem(
            "file_name",
            "chỉ nêu tên tệp, không có thư mục hoặc ký tự đặc biệt",
            "must be the name alone, without folders and special characters",
        )
    if _ending(name) not in ENDINGS:
        return Problem("file_name", f"chỉ nhận các loại: {_SHOWN}", f"only these kinds are taken: {_SHOWN}")
    return None


def kind_of(name: str, content: bytes) -> FileKind | Problem:
    """Return what a file is, or what is wrong with it.

    :param name: with the ending of what it claims to be
    """
    if problem := name_problem(name):
        return problem
    if not content:
        return Problem("content", "tệp rỗng", "is empty")
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // 1024**2
        return Problem(
            "content",
            f"tệp lớn hơn {most} MiB: hãy nén ảnh, chia nhỏ, hoặc dùng đường dẫn",
            f"is larger than {most} MiB: shrink its pictures, divide it, or give a link",
        )
    claimed = ENDINGS[_ending(name)]
    found = _told_by_content(content, claimed)
    if isinstance(found, Problem):
        return found
    if found is not claimed:
        return Problem(
            "content",
            f"đuôi tệp ghi {claimed.name} nhưng nội dung là {found.name}: hãy đổi đuôi, hoặc xuất lại tệp",
            f"is {found.name} by its content, {claimed.name} by its name: rename it, or export it again",
        )
    return claimed


def _ending(name: str) -> str:
    return name.rpartition(".")[2].casefold() if "." in name else ""


def _told_by_content(content: bytes, claimed: FileKind) -> FileKind | Problem:
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content.startswith(_OLE):
        return Problem(
            "content",
            "là tệp Office cũ (.doc, .xls) hoặc đặt mật khẩu: hãy bỏ mật khẩu và lưu dạng mới, hoặc PDF",
            "is an old Office file (.doc, .xls) or has a password: save it without, in the new form",
        )
    if content.startswith(_ZIP):
        return _archive(content)
    if claimed in (TXT, CSV) and _is_text(content):
        return claimed
    return Problem(
        "content",
        f"nội dung không phải {claimed.name}"
        + (" bằng UTF-8: hãy lưu lại dạng UTF-8" if claimed in (TXT, CSV) else ": hãy xuất lại tệp"),
        f"is no {claimed.name} by its content"
        + (" in UTF-8: save it as UTF-8" if claimed in (TXT, CSV) else ": export it again"),
    )


def _is_text(content: bytes) -> bool:
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any((each < " " and each not in "\t\n\r\f") or each == "\x7f" for each in words)


def _archive(content: bytes) -> FileKind | Problem:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _looked_through(archive)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
        EOFError,
    ):
        return Problem(
            "content",
            "tệp bị hỏng: hãy mở bằng chương trình đã tạo ra nó rồi lưu lại",
            "is damaged: open it in the program that made it and save it again",
        )


def _looked_through(archive: zipfile.ZipFile) -> FileKind | Problem:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        return Problem(
            "content",
            f"giải nén ra hơn {MOST_UNPACKED // 1024**2} MiB hoặc hơn {MOST_PARTS} phần",
            f"unpacks to more than {MOST_UNPACKED // 1024**2} MiB or {MOST_PARTS} parts",
        )
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        return Problem("content", "tệp đặt mật khẩu: hãy bỏ mật khẩu", "has a password: save it without")
    names = {part.filename for part in parts}
    kind = _archive_kind(archive, parts, names)
    if kind is None:
        return Problem(
            "content",
            "là tệp nén, không phải DOCX, XLSX, ODT hay ODS: hãy gửi từng tệp bên trong",
            "is an archive and no DOCX, XLSX, ODT or ODS: send the files in it one by one",
        )
    if _has_macros(archive, names):
        return Problem(
            "content",
            "có macro: hãy lưu lại dạng không có macro (.docx, .xlsx) hoặc PDF",
            "holds macros: save it without them (.docx, .xlsx), or as PDF",
        )
    for part in parts:
        # What a part unpacks to may be more than it says: reading to its end checks size and sum.
        with archive.open(part) as source:
            while source.read(_CHUNK):
                pass
    return kind


def _archive_kind(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], names: set[str]) -> FileKind | None:
    if parts and parts[0].filename == "mimetype" and parts[0].file_size < _LARGEST_TYPES:
        return _OPEN.get(archive.read(parts[0]).strip())
    if _CONTENT_TYPES not in names:
        return None
    return next((kind for name, kind in _OFFICE.items() if name in names), None)


def _has_macros(archive: zipfile.ZipFile, names: set[str]) -> bool:
    for name in names:
        folded = f"/{name.casefold()}"
        if folded.endswith(_MACRO_PARTS) or any(each in folded for each in _MACRO_FOLDERS):
            return True
    if _CONTENT_TYPES not in names:
        return False
    types = archive.getinfo(_CONTENT_TYPES)
    return types.file_size > _LARGEST_TYPES or b"macroenabled" in archive.read(types).lower()
