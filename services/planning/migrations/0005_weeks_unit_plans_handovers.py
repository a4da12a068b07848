"""weeks, unit plans and both sides of a handover"""

import sqlalchemy as sa
from alembic import op

import chassis.db.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _key(name: str) -> sa.Column[str]:
    kind = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=False)


def _position(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def upgrade() -> None:
    for name in ("unit_item_id", "counterpart_task_id"):
        kind = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
        with op.batch_alter_table("task", schema=None) as batch_op:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=""))
    op.create_table(
        "unit_plan",
        _key("ward_id"),
        _key("month"),
        _key("unit_id"),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("in_force", sa.Integer(), nullable=True),
        _position("revision"),
        sa.PrimaryKeyConstraint("ward_id", "month", "unit_id", name=op.f("pk_unit_plan")),
    )
    op.create_table(
        "unit_plan_version",
        _key("ward_id"),
        _key("month"),
        _key("unit_id"),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _key("decided_by"),
        sa.Column("decided_at", chassis.db.types.Instant(), nullable=True),
        _json("items"),
        sa.PrimaryKeyConstraint("ward_id", "month", "unit_id", "version", name=op.f("pk_unit_plan_version")),
    )
    op.create_table(
        "week_edit",
        _key("ward_id"),
        _key("person_id"),
        _key("week"),
        _position("revision"),
        _key("edited_by"),
        sa.Column("edited_at", chassis.db.types.Instant(), nullable=False),
        _json("items"),
        sa.PrimaryKeyConstraint("ward_id", "person_id", "week", "revision", name=op.f("pk_week_edit")),
    )
