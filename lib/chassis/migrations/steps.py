"""Parts of steps that several services take alike.

What a service has taken is never changed here: a database that took it before and one that takes it now must
be the same. A change is a new function, and a new step.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

KEY = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def append_only(table: str, *unique: Sequence[str]) -> None:
    """Have the database itself refuse to change or delete a row of a table, whoever is connected.

    A later step that changes the table on SQLite copies it, which loses its triggers: call this again there.

    :param unique: the columns of the primary key and of each unique constraint
    """
    told = f"rows of {table} are never changed or deleted"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION rows_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME"
            " USING ERRCODE = 'restrict_violation'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION rows_stay()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{told}'); END"
        )
    never_replaced(table, *unique)


def never_replaced(table: str, *unique: Sequence[str]) -> None:
    """Have SQLite refuse INSERT OR REPLACE over a row of a table, which asks no other trigger.

    :param unique: the columns of the primary key and of each unique constraint
    """
    if op.get_bind().dialect.name == "postgresql":
        return
    same = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE "
        + " AND ".join(f"{column} = NEW.{column}" for column in columns)
        + ")"
        for columns in unique
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {same}"
        f" BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or deleted'); END"
    )


def audit_log() -> None:
    """Create the log of changes (``chassis.audit``), which is only added to."""
    op.create_table(
        "audit_entry",
        sa.Column("ward_id", KEY, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("actor_id", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "number", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("ward_id", "previous", name=op.f("uq_audit_entry_ward_id_previous")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_subject", ["ward_id", "subject_id"], unique=False)
    append_only("audit_entry", ("ward_id", "number"), ("ward_id", "previous"))
