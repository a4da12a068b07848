"""which facts of a decided month are the last"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
    op.create_table(
        "month_lock",
        sa.Column("ward_id", key, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("person_id", key, nullable=False),
        sa.Column("working_time_revision", sa.BigInteger(), nullable=False),
        sa.Column("post_from_month", sa.String(length=7), nullable=False),
        sa.Column("post_revision", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "month", "person_id", name=op.f("pk_month_lock")),
    )
    # What came from publishers before the lock is not waited for.
    op.add_column(
        "working_time", sa.Column("lock_follows", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
