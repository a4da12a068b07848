"""how a ward counts, by month"""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import steps

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COUNTED = "window_rule, december_cut_off, annual_leave_counts, acceptance_date_required"


def upgrade() -> None:
    op.create_table(
        "ward_counting",
        sa.Column("ward_id", steps.KEY, nullable=False),
        sa.Column("from_month", steps.KEY, nullable=False),
        sa.Column("window_rule", sa.String(length=20), nullable=False),
        sa.Column("december_cut_off", sa.Integer(), nullable=False),
        sa.Column("annual_leave_counts", sa.Boolean(), nullable=False),
        sa.Column("acceptance_date_required", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "from_month", name=op.f("pk_ward_counting")),
    )
    # From before every month that a ward may have here: what stood so far counted for all of them.
    op.execute(
        f"INSERT INTO ward_counting (ward_id, from_month, {_COUNTED})"
        f" SELECT ward_id, '2000-01', {_COUNTED} FROM ward"
    )
