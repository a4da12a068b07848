"""gRPC: ``GetScore`` of a service process beside a bare grpcio echo of the same messages."""

from decimal import Decimal

from bench.children import Child
from bench.measuring import Arm, Results, Size, interleaved
from bench.places import Places
from chassis import days, db, migrations
from kpi.scoring.v1 import scoring_pb2 as pb
from scoring import usecases
from scoring.domain.facts import Assessment, Line, Post, Work, WorkingTime
from scoring.domain.person import Role
from scoring.domain.work import Task
from scoring.worker import compute_month
from support import tokens
from support.service import Caller, running

WARD, MONTH, PEOPLE, TASKS = "ward-001", "2026-03", 200, 15


def measure(places: Places, size: Size) -> Results:
    """Measure both in turn, each server and its callers in processes of their own."""
    log = places.folder / "calls.log"
    ids = [f"person-{number:03d}" for number in range(PEOPLE)]
    with places.postgres.fresh_database() as database:
        migrations.migrate("scoring", database)
        sessions = db.sessions(database)
        _fill(sessions, ids)
        with running("scoring", database) as service:
            caller: Caller = service.as_(ids[0], wards=(WARD,))
            reply = caller.GetScore(pb.GetScoreRequest(ward_id=WARD, month=MONTH, person_id=ids[0]))
        db.engine(sessions).dispose()
        people = places.folder / "tokens"
        people.write_text("\n".join(f"{each} {tokens.token(each, wards=(WARD,))}" for each in ids))
        keys = str(tokens.key_folder() / "jwks.json")

        def arm(name: str, *arguments: str) -> Arm:
            def run() -> float:
                with Child("bench.serve", *arguments, log=log) as server:
                    server.go()
                    port = str(server.answer())
                    with Child("bench.serve", "call", port, str(size.seconds), str(people), log=log) as load:
                        load.go()
                        calls: float = load.answer()
                        return calls

            return Arm(name, run)

        found = interleaved(
            [
                arm("ours", "serve", "scoring", database, keys),
                arm("echo", "echo", reply.SerializeToString().hex()),
            ],
            max(3, size.runs - 2),
        )
    results = Results()
    against = "bare grpcio echo of the same messages, no database"
    results.compare("gRPC unary GetScore, one process", against, "calls/s", found, "echo", 0.5)
    return results


def _fill(sessions: db.Sessions, ids: list[str]) -> None:
    at = days.now()
    work = []
    for number, each in enumerate(ids):
        lines = tuple(
            Line(
                f"T{task:02d}",
                "Soạn văn bản",
                Task(Decimal("1.5"), Decimal(3), Decimal(2 + (number + task) % 2)),
            )
            for task in range(TASKS)
        )
        work.append(Work(WARD, MONTH, each, 1, lines))
    with sessions.begin() as session:
        usecases.keep_posts(
            session,
            [
                Post(WARD, each, "2026-01", 1, f"unit-{number % 20}", "group", Role.STAFF)
                for number, each in enumerate(ids)
            ],
            at=at,
        )
        usecases.keep_work(session, work, at=at)
        usecases.keep_working_times(
            session, [WorkingTime(WARD, MONTH, each, 1, 44, 44) for each in ids], at=at
        )
        usecases.keep_assessments(
            session, [Assessment(WARD, MONTH, each, 1, Decimal(28)) for each in ids], at=at
        )
    assert compute_month(sessions, WARD, MONTH)
