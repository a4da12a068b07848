"""evidence, claims of objective causes, and a search without accents"""

import unicodedata

import sqlalchemy as sa
from alembic import op

import chassis.db.types
from chassis.migrations import steps

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, steps.KEY, nullable=False)


def upgrade() -> None:
    op.create_table(
        "evidence",
        _key("ward_id"),
        _key("month"),
        _key("person_id"),
        _key("task_id"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _key("added_by"),
        sa.Column("added_at", chassis.db.types.Instant(), nullable=False),
        _key("withdrawn_by"),
        sa.Column("withdrawn_at", chassis.db.types.Instant(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "ward_id", "month", "person_id", "task_id", "number", name=op.f("pk_evidence")
        ),
    )
    op.create_table(
        "evidence_content",
        _key("ward_id"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "sha256", name=op.f("pk_evidence_content")),
    )
    steps.append_only("evidence_content", ("ward_id", "sha256"))
    op.create_table(
        "objective_cause",
        _key("ward_id"),
        _key("month"),
        _key("person_id"),
        _key("task_id"),
        _key("fault_id"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("deadlines", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("evidence_ids", sa.JSON(), nullable=False),
        _key("requested_by"),
        sa.Column("requested_at", chassis.db.types.Instant(), nullable=False),
        _key("answered_by"),
        sa.Column("answered_at", chassis.db.types.Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("excused_reviews", sa.Integer(), nullable=False),
        sa.Column("excused_deadlines", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "ward_id",
            "month",
            "person_id",
            "task_id",
            "fault_id",
            "number",
            name=op.f("pk_objective_cause"),
        ),
    )
    _search_without_accents()


def _search_without_accents() -> None:
    """Add to what a search looks at the same words without accents."""
    entry = sa.table(
        "catalogue_entry",
        sa.column("ward_id", sa.String),
        sa.column("version", sa.Integer),
        sa.column("code", sa.String),
        sa.column("searched", sa.Text),
    )
    connection = op.get_bind()
    key = (entry.c.ward_id, entry.c.version, entry.c.code)
    rows = [
        {
            "of_ward": row.ward_id,
            "of_version": row.version,
            "of_code": row.code,
            "words": f"{row.searched}\n{_bare(row.searched)}",
        }
        for row in connection.execute(sa.select(*key, entry.c.searched).order_by(*key))
    ]
    if rows:
        connection.execute(
            sa.update(entry)
            .where(
                entry.c.ward_id == sa.bindparam("of_ward"),
                entry.c.version == sa.bindparam("of_version"),
                entry.c.code == sa.bindparam("of_code"),
            )
            .values(searched=sa.bindparam("words")),
            rows,
        )


def _bare(words: str) -> str:
    plain = "".join(each for each in unicodedata.normalize("NFD", words) if not unicodedata.combining(each))
    return plain.replace("đ", "d")
