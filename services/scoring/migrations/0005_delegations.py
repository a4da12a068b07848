"""who acts for whom on which days, as approval announces it"""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import steps

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delegation",
        sa.Column("ward_id", steps.KEY, nullable=False),
        sa.Column("delegation_id", steps.KEY, nullable=False),
        sa.Column("from_person_id", steps.KEY, nullable=False),
        sa.Column("to_person_id", steps.KEY, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "delegation_id", name=op.f("pk_delegation")),
    )
    op.create_index("ix_delegation_to", "delegation", ["ward_id", "to_person_id"])
