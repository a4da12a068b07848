"""The relay's question whether its outbox has news: cheap, and never wrong for long."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from chassis import db, outbox
from chassis.db import Sessions
from chassis.relay import rows
from integration.chassis.happenings import Happened


@pytest.fixture
def sessions(database_url: str) -> Iterator[Sessions]:
    result = db.sessions(database_url)
    db.metadata().create_all(db.engine(result))
    yield result
    db.engine(result).dispose()


def test_news_is_seen_when_it_is_committed_however_late(sessions: Sessions) -> None:
    with rows.watching(sessions) as fresh:
        assert not fresh([])
        with sessions() as late, late.begin():
            outbox.add(late, Happened(), subject="late")
            late.flush()
            with sessions.begin() as session:
                outbox.add(session, Happened(), subject="soon")
            assert fresh([])
            claimed = rows.claim(sessions, 10)
            assert not fresh([row.position for row in claimed.rows])
            claimed.settle([row.position for row in claimed.rows], [])
            assert not fresh([])
        assert fresh([])
        claimed = rows.claim(sessions, 10)
        assert [row.subject for row in claimed.rows] == ["late"]
        claimed.abandon()


def test_a_cut_connection_is_told_and_not_used_again(sessions: Sessions) -> None:
    with pytest.raises(Exception, match="terminat") as cut, rows.watching(sessions) as fresh:  # noqa: PT012
        assert not fresh([])
        with sessions() as session:
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        fresh([])
    assert db.unavailable(cut.value)
    with rows.watching(sessions) as fresh:
        assert not fresh([])


def test_it_never_reads_what_was_sent(sessions: Sessions) -> None:
    """Its plan is made once, often while the outbox is empty."""
    with sessions() as session:
        asked = rows._FRESH.replace("%s", "ARRAY[1, 2]")
        plan = " ".join(session.scalars(text(f"EXPLAIN {asked}")))
    assert "ix_outbox_fresh" in plan, plan


def test_a_mark_does_not_wait_for_the_disk_and_others_do(sessions: Sessions) -> None:
    with sessions.begin() as session:
        outbox.add(session, Happened(), subject="one")
    with sessions() as session:
        rows.mark(session, [1])
        assert session.scalar(text("SHOW synchronous_commit")) == "off"
        session.commit()
        assert session.scalar(text("SHOW synchronous_commit")) == "on"
    with rows.watching(sessions) as fresh:
        assert not fresh([])
