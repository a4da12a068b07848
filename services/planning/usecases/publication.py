"""A published catalogue, checked row by row and proposed (R-3)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from chassis.auth import Actor
from chassis.days import Month
from planning import storage
from planning.domain.catalogue import Catalogue
from planning.domain.ids import given
from planning.domain.publication import (
    Finding,
    Place,
    Published,
    Severity,
    check_acceptable,
    checked,
    open_findings,
    standard_of,
    weighed,
)
from planning.usecases.catalogues import UnknownUnit, check_proposes, propose_catalogue
from planning.wire import published

MOST_FINDINGS: Final = 1_000
"""Findings that a reply spells out."""


@dataclass(frozen=True, slots=True)
class ImportedCatalogue:
    """What a published catalogue held, and the version that was proposed."""

    proposed: Catalogue | None
    held: Published
    standard_points: Decimal | None
    findings: Sequence[Finding]
    refused: int
    to_accept: int

    def told(self) -> list[Finding]:
        """Return at most `MOST_FINDINGS`, those that forbid it first to be kept, sheet by sheet, by row."""
        if len(self.findings) <= MOST_FINDINGS:
            kept = set(range(len(self.findings)))
        else:
            order = list(Severity)
            weightiest = sorted(
                range(len(self.findings)), key=lambda at: order.index(self.findings[at].severity)
            )
            kept = set(weightiest[:MOST_FINDINGS])
        return [each for at, each in enumerate(self.findings) if at in kept]


def import_catalogue(
    session: Session,
    *,
    ward_id: str,
    from_month: Month,
    file_name: str,
    content: bytes,
    standard_points: Decimal | None,
    proposed_by: str,
    accepted: Collection[str],
    dry_run: bool,
    actor: Actor,
    at: datetime,
) -> ImportedCatalogue:
    """Check a catalogue as it was published and, unless a finding forbids it, keep it as proposed (R-3).

    The coefficients that are kept are always the computed ones.

    :param standard_points: None where the file is to say it
    :param proposed_by: a unit's id; may be empty in a dry run
    :param accepted: kinds of findings that do not stand in the way
    :raises Unreadable: if the file holds no catalogue
    :raises UnknownKind: if ``accepted`` names what cannot be accepted
    :raises NotProposer: if the caller neither leads that unit nor is a clerk or an organizer, checks included
    :raises UnknownUnit: if the ward has no such unit
    """
    check_acceptable(accepted)
    storage.ward(session, ward_id)
    check_proposes(session, ward_id=ward_id, unit_id=proposed_by, actor=actor, at=at)
    if proposed_by or not dry_run:
        unit_id = given(proposed_by, "proposed_by")
        if storage.unit(session, ward_id, unit_id) is None:
            raise UnknownUnit(field="proposed_by", unit_id=unit_id)
    held = published.read(content, file_name=file_name)
    standard, said = standard_of(held, standard_points)
    findings = [*said, *held.findings, *checked(held.stated, standard)]
    if not held.stated:
        vi, en = "tệp không có mục nào đọc được", "the file has no entry that can be read"
        findings.append(Finding(Severity.REFUSED, "empty", Place(), vi, en))
    places = {name: at for at, name in enumerate(held.names)}
    findings.sort(key=lambda each: (places.get(each.place.sheet, -1), each.place.row))
    refused, to_accept = open_findings(findings, accepted)
    proposed = None
    if not dry_run and standard is not None and refused == to_accept == 0:
        entries = weighed(held.stated, standard)
        proposed = propose_catalogue(
            session,
            ward_id=ward_id,
            from_month=from_month,
            standard_points=standard,
            proposed_by=proposed_by,
            entries=entries,
            given=[None] * len(entries),
            actor=actor,
            at=at,
        )
    return ImportedCatalogue(proposed, held, standard, findings, refused, to_accept)
