"""the books are only added to

R-33 holds in the database as well, whoever is connected to it. A later step that changes one of these tables
on SQLite copies it, which loses its triggers: create them again there.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BOOKS = {
    "fund": ("ward_id = NEW.ward_id AND fund_id = NEW.fund_id",),
    "run": (
        "ward_id = NEW.ward_id AND run_id = NEW.run_id",
        "ward_id = NEW.ward_id AND fund_id = NEW.fund_id",
    ),
    "allocation": ("ward_id = NEW.ward_id AND run_id = NEW.run_id AND person_id = NEW.person_id",),
    "acknowledgement": ("ward_id = NEW.ward_id AND run_id = NEW.run_id",),
    "entry": (
        "ward_id = NEW.ward_id AND position = NEW.position",
        "ward_id = NEW.ward_id AND posting_id = NEW.posting_id AND account = NEW.account",
    ),
}
"""The tables, and what makes a row of theirs one that is there already."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _postgresql()
    else:
        _sqlite()


def _postgresql() -> None:
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% of % refused: the books are only added to', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    for table in BOOKS:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _sqlite() -> None:
    for table, same in BOOKS.items():
        told = f"SELECT RAISE(ABORT, '{{}} of {table} refused: the books are only added to')"
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
                f" BEGIN {told.format(act)}; END"
            )
        # INSERT OR REPLACE would delete the old row without asking the trigger above.
        there = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {each})" for each in same)
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there}"
            f" BEGIN {told.format('REPLACE')}; END"
        )
