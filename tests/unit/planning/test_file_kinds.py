"""Which files are taken as evidence, told by their content (R-8)."""

import io
import struct
import zipfile
from collections.abc import Mapping

import pytest

from planning.domain import file_kinds
from planning.domain.evidence import MOST_BYTES
from planning.domain.file_kinds import FileKind, kind_of
from planning.domain.problem import Problem

WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
EXCEL = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
JPEG = b"\xff\xd8\xff\xe0" + bytes(20)
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(20)


def archive(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return written.getvalue()


def open_document(kind: str, **parts: bytes) -> bytes:
    """An OpenDocument file."""
    return archive({"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), **parts})


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("báo cáo tháng 3.pdf", b"%PDF-1.7\n", file_kinds.PDF),
        ("ảnh.PNG", PNG, file_kinds.PNG),
        ("ảnh.jpg", JPEG, file_kinds.JPEG),
        ("ảnh.jpeg", JPEG, file_kinds.JPEG),
        ("tờ trình.docx", archive(WORD), file_kinds.DOCX),
        ("bảng.xlsx", archive(EXCEL), file_kinds.XLSX),
        ("a.odt", open_document("text"), file_kinds.ODT),
        ("a.ods", open_document("spreadsheet"), file_kinds.ODS),
        ("a.txt", "Đã nộp\r\n".encode("utf-8-sig"), file_kinds.TXT),
        ("a.csv", "mã;số\n1;2\n".encode(), file_kinds.CSV),
    ],
)
def test_what_is_taken(name: str, content: bytes, kind: FileKind) -> None:
    assert kind_of(name, content) is kind


@pytest.mark.parametrize(
    ("name", "content", "part", "says"),
    [
        ("a.exe", b"MZ", "file_name", "only these kinds"),
        ("a", b"%PDF-1.7", "file_name", "only these kinds"),
        ("", b"%PDF-1.7", "file_name", "must be a file's name"),
        ("../a.pdf", b"%PDF-1.7", "file_name", "without folders"),
        ("..\\a.pdf", b"%PDF-1.7", "file_name", "without folders"),
        (".pdf", b"%PDF-1.7", "file_name", "without folders"),
        ("a\u202efdp.pdf", b"%PDF-1.7", "file_name", "special characters"),
        ("a" * 197 + ".pdf", b"%PDF-1.7", "file_name", "at most 200"),
        ("a.docm", archive(WORD), "file_name", "only these kinds"),
        ("a.svg", b"<svg/>", "file_name", "only these kinds"),
        ("a.html", b"<html>", "file_name", "only these kinds"),
        ("a.pdf", b"", "content", "is empty"),
        ("a.pdf", b"%PDF-" + bytes(MOST_BYTES), "content", "larger than 10 MiB"),
        ("a.pdf", b"MZ\x90\x00", "content", "is no PDF by its content"),
        ("a.pdf", PNG, "content", "is PNG by its content, PDF by its name"),
        ("a.png", b"%PDF-1.7", "content", "is PDF by its content"),
        ("a.txt", PNG, "content", "is PNG by its content"),
        ("a.xlsx", archive(WORD), "content", "is DOCX by its content"),
        ("a.docx", OLE, "content", "old Office file"),
        ("a.docx", archive({"a.pdf": b"%PDF-1.7"}), "content", "send the files in it one by one"),
        ("a.odt", archive({"mimetype": b"application/x-other"}), "content", "is an archive"),
        ("a.docx", archive(WORD)[:-30], "content", "is damaged"),
        ("a.docx", b"PK\x03\x04" + bytes(40), "content", "is damaged"),
        ("a.docx", archive(WORD | {"word/vbaProject.bin": b"x"}), "content", "holds macros"),
        ("a.xlsx", archive(EXCEL | {"XL/VBAPROJECT.BIN": b"x"}), "content", "holds macros"),
        ("a.xlsx", archive(EXCEL | {"xl/macrosheets/sheet1.xml": b"x"}), "content", "holds macros"),
        ("a.docx", archive(WORD | {"word/activeX/activeX1.xml": b"x"}), "content", "holds macros"),
        ("a.ods", open_document("spreadsheet", **{"Basic/script-lc.xml": b"x"}), "content", "holds macros"),
        (
            "a.docx",
            archive(
                WORD | {"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml"}
            ),
            "content",
            "holds macros",
        ),
        ("a.txt", "tiếng Việt".encode("utf-16"), "content", "save it as UTF-8"),
        ("a.txt", "à".encode("cp1252"), "content", "save it as UTF-8"),
        ("a.csv", b"a;b\x00", "content", "is no CSV"),
        ("a.txt", b"\x1b[31m", "content", "is no TXT"),
    ],
)
def test_what_is_refused(name: str, content: bytes, part: str, says: str) -> None:
    """R-8: with the part that is wrong, and the remedy in both languages."""
    found = kind_of(name, content)

    assert isinstance(found, Problem)
    assert found.part == part
    assert says in found.en
    assert found.vi


def test_an_archive_that_grows_is_refused_before_it_is_unpacked() -> None:
    """10 MiB of zeros compress to 10 KiB; a hundred of them are a bomb."""
    parts = WORD | {f"word/media/{number}": bytes(2 * 1024 * 1024) for number in range(70)}

    found = kind_of("a.docx", archive(parts))

    assert isinstance(found, Problem)
    assert "unpacks to more than 128 MiB" in found.en


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    """What the list of parts says is checked against what they hold."""
    content = bytearray(archive(WORD | {"word/media/1": bytes(1024 * 1024)}))
    name = content.rindex(b"word/media/1")
    # In the list at the end the size stands 22 bytes before the name.
    assert struct.unpack_from("<I", content, name - 22) == (1024 * 1024,)
    struct.pack_into("<I", content, name - 22, 10)

    found = kind_of("a.docx", bytes(content))

    assert isinstance(found, Problem)
    assert "is damaged" in found.en


def test_many_parts_are_refused() -> None:
    found = kind_of("a.docx", archive(WORD | {f"p/{number}": b"" for number in range(2001)}))

    assert isinstance(found, Problem)
    assert "2000 parts" in found.en


def test_a_password_is_refused() -> None:
    content = bytearray(archive(WORD))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := content.find(mark, start)) >= 0:
            content[start + offset] |= 1
            start += 4

    found = kind_of("a.docx", bytes(content))

    assert isinstance(found, Problem)
    assert "has a password" in found.en
