"""The tables of a hop: the frame's outbox and inbox, and the effect, which is reward's copy of a grade."""

from sqlalchemy import BigInteger, Column, String, Table

from chassis import db

metadata = db.metadata()

published_grade = Table(
    "published_grade",
    metadata,
    Column("ward_id", db.Key, primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("person_id", db.Key, primary_key=True),
    Column("unit_id", db.Key, nullable=False),
    Column("grade", String(1)),
    Column("decision_id", db.Key, nullable=False),
    Column("revision", BigInteger, nullable=False),
)
