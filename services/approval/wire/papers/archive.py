"""A month's documents as one ZIP file, written while it is read, one paper in memory at a time."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from approval.domain.record.document import Record
from approval.wire.papers.xlsx import OLDEST

MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"


def archive(
    ward_id: str, month: str, records: Sequence[Record], content: Callable[[Record], bytes]
) -> Iterator[bytes]:
    """Yield a ZIP file of the documents, by name, after a manifest; the same documents give the same bytes.

    ``SHA256SUMS`` is for ``sha256sum --check`` in the folder that it is unpacked to.
    """
    ordered = sorted(records, key=lambda each: each.file_name)
    manifest = {
        "ward_id": ward_id,
        "month": month,
        "documents": [
            {
                "file": each.file_name,
                "record_id": each.id,
                "number": each.number,
                "title": each.title,
                "version": each.version,
                "sha256": each.sha256,
                "size": each.size,
            }
            for each in ordered
        ],
    }
    sums = "".join(f"{each.sha256}  {each.file_name}\n" for each in ordered)
    target = _Forward()
    # Documents are compressed inside already.
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        _put(packed, MANIFEST, (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode())
        _put(packed, SUMS, sums.encode())
        yield target.taken()
        for each in ordered:
            found = content(each)
            if hashlib.sha256(found).hexdigest() != each.sha256:
                raise RuntimeError(f"{each.id}: the bytes kept are not those that were issued")
            _put(packed, each.file_name, found)
            yield target.taken()
    yield target.taken()


class _Forward(io.RawIOBase):
    """Takes bytes in order and hands them on."""

    def __init__(self) -> None:
        self._kept = io.BytesIO()

    def writable(self) -> bool:
        """True: it is for nothing else."""
        return True

    def write(self, given: bytes) -> int:  # type: ignore[override]
        """Keep bytes until they are taken."""
        return self._kept.write(given)

    def taken(self) -> bytes:
        """Return what came since the last time."""
        found = self._kept.getvalue()
        self._kept = io.BytesIO()
        return found


def _put(packed: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, OLDEST)
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    packed.writestr(entry, content)
