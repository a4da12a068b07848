"""when results were accepted, and whose word about them stands"""

import sqlalchemy as sa
from alembic import op

import chassis.db.types
from chassis.migrations import steps

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of what was recorded before, nobody's word stands against the person's: who recorded it was not kept.
    op.add_column(
        "ward",
        sa.Column("acceptance_date_required", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("result", sa.Column("accepted_on", sa.Date(), nullable=True))
    op.add_column("result", sa.Column("vouched_on", sa.Date(), nullable=True))
    op.add_column("result", sa.Column("stated", chassis.db.types.Exact(), nullable=True))
    op.add_column("result", sa.Column("stated_by", steps.KEY, server_default="", nullable=False))
    op.add_column("delivery", sa.Column("accepted_on", sa.Date(), nullable=True))
