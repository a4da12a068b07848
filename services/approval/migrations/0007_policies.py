"""policies as data: versions and their approvals, only added to; a month keeps the one it was opened with"""

import sqlalchemy as sa
from alembic import op

import chassis.db.types
from chassis.migrations import steps

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
TOLD = "a month keeps the policy it was opened with"


def upgrade() -> None:
    op.create_table(
        "policy_version",
        sa.Column("policy_id", KEY, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
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
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("approved_by", KEY, nullable=False),
        sa.Column("approved_at", chassis.db.types.Instant(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id", "version", name=op.f("pk_policy_approval")),
    )
    for table in ("policy_version", "policy_approval"):
        steps.append_only(table, ("policy_id", "version"))
    _months_keep_theirs()


def _months_keep_theirs() -> None:
    """A later step that changes the table on SQLite copies it and loses its triggers: do this again there."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION month_policy_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" RAISE EXCEPTION '{TOLD}' USING ERRCODE = 'restrict_violation'; END $$"
        )
        op.execute(
            "CREATE TRIGGER month_policy_stays BEFORE UPDATE ON month FOR EACH ROW"
            " WHEN (OLD.policy IS DISTINCT FROM NEW.policy) EXECUTE FUNCTION month_policy_stays()"
        )
        return
    op.execute(
        "CREATE TRIGGER month_policy_stays BEFORE UPDATE ON month WHEN NEW.policy IS NOT OLD.policy"
        f" BEGIN SELECT RAISE(ABORT, '{TOLD}'); END"
    )
