"""What is stated for the month's commendation list (R-41)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Text, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from approval.domain.commendation import Commendation, Terms
from approval.storage.schema import Base, Month
from chassis import db


class CommendationRow(Base):
    """What is stated for a person, or with an empty id for everybody; a later revision replaces it."""

    __tablename__ = "commendation"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(Text)
    amount: Mapped[int | None]
    source: Mapped[str] = mapped_column(Text)
    achievements: Mapped[str] = mapped_column(Text)
    set_by: Mapped[str] = mapped_column(db.Key)
    set_at: Mapped[datetime]


def newest(session: Session, ward_id: str, month: str) -> dict[str, Commendation]:
    """Return what is stated now, by person; everybody's under the empty id."""
    row = CommendationRow
    found = session.execute(
        select(row.__table__)
        .where(row.ward_id == ward_id, row.month == month)
        .order_by(row.person_id, row.revision)
    )
    return {
        each.person_id: Commendation(
            each.person_id,
            Terms(each.form, each.amount, each.source, each.achievements),
            each.revision,
            each.set_by,
            each.set_at,
        )
        for each in found
    }


def add(session: Session, ward_id: str, month: str, given: Sequence[Commendation]) -> None:
    """Keep new revisions."""
    if not given:
        return
    session.execute(
        insert(CommendationRow),
        [
            {
                "ward_id": ward_id,
                "month": month,
                "person_id": each.person_id,
                "revision": each.revision,
                "form": each.terms.form,
                "amount": each.terms.amount,
                "source": each.terms.source,
                "achievements": each.terms.achievements,
                "set_by": each.set_by,
                "set_at": each.set_at,
            }
            for each in given
        ],
    )
