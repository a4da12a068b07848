"""Units' grades of years, as scoring announced them"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "unit_grade",
        sa.Column("ward_id", KEY, nullable=False),
        sa.Column("year", sa.String(length=4), nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("head_id", KEY, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "year", "unit_id", name=op.f("pk_unit_grade")),
    )
