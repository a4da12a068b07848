"""Wards, people and what they want."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import db
from notification.domain.notice import Topic
from notification.domain.person import Person, Post, Preferences, language
from notification.storage.rows import PostRow, PreferenceRow, WardRow, Who, chunks


def put_wards(session: Session, rows: Iterable[tuple[str, str, int]]) -> None:
    """Keep wards: id, name, revision; an older revision changes nothing."""
    db.upsert(
        session,
        WardRow,
        [{"ward_id": ward_id, "name": name, "revision": revision} for ward_id, name, revision in rows],
        key=["ward_id"],
        revision="revision",
    )


def put_posts(session: Session, posts: Iterable[Post]) -> None:
    """Keep people's posts; an older revision of a post changes nothing."""
    rows = [
        {
            "ward_id": post.ward_id,
            "person_id": post.person_id,
            "from_month": post.from_month,
            "full_name": post.person.full_name,
            "email": post.person.email,
            "language": post.person.language,
            "revision": post.revision,
        }
        for post in posts
    ]
    db.upsert(session, PostRow, rows, key=["ward_id", "person_id", "from_month"], revision="revision")


def people(session: Session, who: Iterable[Who]) -> dict[Who, Person]:
    """Return those of the people who are known, as their newest post says."""
    found: dict[Who, Person] = {}
    for keys in chunks(sorted(set(who))):
        rows = session.execute(
            select(PostRow)
            .where(db.among(session, (PostRow.ward_id, PostRow.person_id), keys))
            .order_by(PostRow.ward_id, PostRow.person_id, PostRow.from_month)
        ).scalars()
        found |= {
            (row.ward_id, row.person_id): Person(row.full_name, row.email, language(row.language))
            for row in rows
        }
    return found


def ward_names(session: Session, ward_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of those wards that are known."""
    rows = session.execute(
        select(WardRow.ward_id, WardRow.name).where(WardRow.ward_id.in_(sorted(set(ward_ids))))
    )
    return {ward_id: name for ward_id, name in rows if name}


def preferences(session: Session, who: Iterable[Who]) -> dict[Who, Preferences]:
    """Return the preferences of those who have any."""
    found: dict[Who, Preferences] = {}
    for keys in chunks(sorted(set(who))):
        rows = session.execute(
            select(PreferenceRow).where(
                db.among(session, (PreferenceRow.ward_id, PreferenceRow.person_id), keys)
            )
        ).scalars()
        found |= {
            (row.ward_id, row.person_id): Preferences(
                language=language(row.language) if row.language else None,
                mail_off=row.mail_off,
                muted=frozenset(Topic(each) for each in row.muted),
            )
            for row in rows
        }
    return found


def put_preferences(session: Session, who: Who, wanted: Preferences) -> None:
    """Keep what a person wants."""
    row = {
        "ward_id": who[0],
        "person_id": who[1],
        "language": wanted.language or "",
        "mail_off": wanted.mail_off,
        "muted": sorted(wanted.muted),
    }
    db.upsert(session, PreferenceRow, [row], key=["ward_id", "person_id"])
