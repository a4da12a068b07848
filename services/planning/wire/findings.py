"""Findings of a published catalogue as messages."""

from typing import Final

from kpi.planning.v1 import publication_pb2 as pb
from planning.domain.publication import Finding, Severity

_SEVERITIES: Final = {
    Severity.REFUSED: pb.FINDING_SEVERITY_REFUSED,
    Severity.TO_ACCEPT: pb.FINDING_SEVERITY_TO_ACCEPT,
    Severity.NOTE: pb.FINDING_SEVERITY_NOTE,
}


def finding(value: Finding) -> pb.CatalogueFinding:
    """Return a finding."""
    return pb.CatalogueFinding(
        severity=_SEVERITIES[value.severity],
        kind=value.kind,
        sheet=value.place.sheet,
        row=value.place.row,
        cell=value.place.cell,
        column=value.place.column,
        code=value.place.code,
        value=value.value,
        expected=value.expected,
        reason_vi=value.vi,
        reason_en=value.en,
    )
