"""policies for money as data: versions and their approvals, only added to"""

import sqlalchemy as sa
from alembic import op

import chassis.db.types
from chassis.migrations import steps

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "policy_version",
        sa.Column("policy_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner", KEY, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("based_on", KEY, nullable=False),
        sa.Column("proposed_by", KEY, nullable=False),
        sa.Column("proposed_at", chassis.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id", "version", name=op.f("pk_policy_version")),
    )
    op.create_table(
        "policy_approval",
        sa.Column("policy_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("approved_by", KEY, nullable=False),
        sa.Column("approved_at", chassis.db.types.Instant(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id", "version", name=op.f("pk_policy_approval")),
    )
    for table in ("policy_version", "policy_approval"):
        steps.append_only(table, ("policy_id", "version"))
