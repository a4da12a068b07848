"""policies stay as they were proposed

What a version says never changes, approving it is the only thing that is added, and an approved one changes
no more, whoever is connected to the database. A later step that changes the table on SQLite copies it, which
loses its triggers: create them again there.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SAID = (
    "policy_id",
    "version",
    "owner",
    "legal_basis",
    "from_month",
    "until_month",
    "personnel_types",
    "settings",
    "based_on",
    "proposed_by",
    "proposed_at",
)
TOLD = "a policy is never changed or deleted: propose the next version"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        new, old = (", ".join(f"{row}.{each}::text" for each in SAID) for row in ("NEW", "OLD"))
        op.execute(
            f"""
            CREATE FUNCTION policy_stays() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'UPDATE' AND OLD.approved_at IS NULL AND ROW({new}) IS NOT DISTINCT FROM ROW({old})
                THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION '{TOLD}' USING ERRCODE = 'restrict_violation';
            END $$
            """
        )
        op.execute(
            "CREATE TRIGGER policy_stays BEFORE UPDATE OR DELETE ON policy"
            " FOR EACH ROW EXECUTE FUNCTION policy_stays()"
        )
        op.execute(
            "CREATE TRIGGER policies_stay BEFORE TRUNCATE ON policy"
            " FOR EACH STATEMENT EXECUTE FUNCTION policy_stays()"
        )
        return
    differs = " OR ".join(f"NEW.{each} IS NOT OLD.{each}" for each in SAID)
    op.execute(
        "CREATE TRIGGER policy_no_update BEFORE UPDATE ON policy"
        f" WHEN OLD.approved_at IS NOT NULL OR {differs}"
        f" BEGIN SELECT RAISE(ABORT, '{TOLD}'); END"
    )
    op.execute(
        f"CREATE TRIGGER policy_no_delete BEFORE DELETE ON policy BEGIN SELECT RAISE(ABORT, '{TOLD}'); END"
    )
