"""delegations that end earlier than told: only added to"""

import sqlalchemy as sa
from alembic import op

import chassis.db.types
from chassis.migrations import steps

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delegation_end",
        sa.Column("ward_id", steps.KEY, nullable=False),
        sa.Column("delegation_id", sa.Uuid(), nullable=False),
        sa.Column("to_day", sa.String(length=10), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("ended_by", steps.KEY, nullable=False),
        sa.Column("ended_at", chassis.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "delegation_id", "to_day", name=op.f("pk_delegation_end")),
    )
    steps.append_only("delegation_end", ("ward_id", "delegation_id", "to_day"))
