"""Issued documents on the wire."""

from approval.domain.record.document import OF_PERSONS, Format, Kind, Record
from chassis.errors import Invalid
from chassis.instants import timestamp
from kpi.approval.v1 import approval_pb2 as pb

CHUNK = 64 * 1024
"""Bytes of a piece of a file."""

_KINDS = {
    Kind.SHEET: pb.RECORD_KIND_SHEET,
    Kind.UNIT_SUMMARY: pb.RECORD_KIND_UNIT_SUMMARY,
    Kind.COMMENDATIONS: pb.RECORD_KIND_COMMENDATIONS,
    Kind.YEAR_SHEET: pb.RECORD_KIND_YEAR_SHEET,
}
_FORMATS = {Format.PDF: pb.RECORD_FORMAT_PDF, Format.XLSX: pb.RECORD_FORMAT_XLSX}


class UnknownKind(Invalid):
    """A document is of one of the contract's kinds."""

    vi = "Không có loại hồ sơ {given}."
    en = "There is no kind of document {given}."


def kind(given: int) -> Kind | None:
    """Return the kind that a filter names; unspecified is none.

    :raises UnknownKind: if this version does not know it
    """
    if given == pb.RECORD_KIND_UNSPECIFIED:
        return None
    for each, written in _KINDS.items():
        if written == given:
            return each
    raise UnknownKind(given=given, field="kind")


def record(given: Record) -> pb.Record:
    """Return a document's description."""
    return pb.Record(
        record_id=given.id,
        kind=_KINDS[given.kind],
        format=_FORMATS[given.format],
        person_id=given.subject_id if given.kind in OF_PERSONS else "",
        unit_id=given.unit_id,
        version=given.version,
        number=given.number,
        title=given.title,
        file_name=given.file_name,
        sha256=given.sha256,
        size=given.size,
        made_by=given.made_by,
        made_at=timestamp(given.made_at),
    )
