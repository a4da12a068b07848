"""What the database itself holds to: the schema of the code, and rows that nobody edits."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis import db, migrations
from kpi.approval.v1 import approval_pb2 as pb

from .ward import MONTH, WARD, Ward, choose


def test_the_migrated_schema_is_that_of_the_code(ward: Ward) -> None:
    with db.engine(ward.service.sessions).connect() as connection:
        assert migrations.difference("approval", connection) == []


@pytest.mark.parametrize(
    "table", ["decision", "grade", "extension", "delegation", "delegation_end", "quota_rate"]
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET ward_id = 'x'", "DELETE FROM {}"])
def test_what_was_decided_is_never_changed_or_deleted(ward: Ward, table: str, statement: str) -> None:
    ward.prepare({"th-1": "80.00", "th-truong": "80.00"})
    ward.decide("th-truong", [choose("th-1")])
    ward.decide("ct", [choose("th-truong")])
    ward.publish("th")
    delegation_id = ward.organizer.Delegate(
        pb.DelegateRequest(
            ward_id=WARD,
            from_person_id="ct",
            to_person_id="bt",
            from_day="2026-01-01",
            to_day="2090-01-02",
            document="5/UQ",
        )
    ).delegation_id
    ward.organizer.EndDelegation(
        pb.EndDelegationRequest(ward_id=WARD, delegation_id=delegation_id, document="6/UQ")
    )
    ward.organizer.ExtendDeadline(
        pb.ExtendDeadlineRequest(
            ward_id=WARD, month=MONTH, step=pb.STEP_DECISION, last_day="2090-12-20", reason="bão"
        )
    )
    ward.organizer.DecideQuotaRate(
        pb.DecideQuotaRateRequest(
            ward_id=WARD,
            month=MONTH,
            quota_scope="vp",
            rate="0.25",
            decision="9/QĐ",
            decided_on="2090-12-01",
            signer="A",
            reason="vượt",
        )
    )
    with ward.service.sessions() as session:
        before = session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    assert before

    with (
        pytest.raises(DBAPIError, match="never changed or deleted"),
        ward.service.sessions.begin() as session,
    ):
        session.execute(text(statement.format(table)))

    with ward.service.sessions() as session:
        assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == before
