"""Finance's stream of a run beside PostgreSQL's own export of the same rows."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import psycopg

from bench.children import Child
from bench.measuring import Arm, Results, Size, interleaved
from bench.places import Places, connect
from chassis import migrations
from support import tokens

COLUMNS = (
    "person_id, full_name, unit_id, grade, score, salary_coefficient, worked_half_days, required_half_days,"
    " amount"
)
TYPES = ["text", "text", "text", "text", "numeric", "numeric", "int4", "int4", "int8"]
COPY = (
    f"COPY (SELECT {COLUMNS} FROM allocation WHERE ward_id = 'ward-001' AND run_id = 'run-1'"
    " ORDER BY person_id) TO STDOUT"
)


def measure(places: Places, size: Size) -> Results:
    """Measure all in turn."""
    log = places.folder / "export.log"
    keys = str(tokens.key_folder() / "jwks.json")
    token = tokens.token("ke-toan", "finance", wards=("ward-001",))
    with places.postgres.fresh_database() as database:
        migrations.migrate("reward", database)
        with connect(database) as connection:
            _fill(connection, size.rows)

            def ours() -> float:
                with Child("bench.serve", "serve", "reward", database, keys, log=log) as server:
                    server.go()
                    port = str(server.answer())
                    with Child("bench.serve", "fetch", port, str(size.rows), token, log=log) as load:
                        load.go()
                        rate: float = load.answer()
                        return rate

            def timed(read: Callable[[psycopg.Copy], int]) -> Callable[[], float]:
                def run() -> float:
                    begun = time.perf_counter()
                    with connection.cursor().copy(COPY) as copy:
                        copy.set_types(TYPES)
                        read(copy)
                    took = time.perf_counter() - begun
                    connection.rollback()
                    return size.rows / took

                return run

            arms = [
                Arm("ours", ours),
                Arm("typed", timed(lambda copy: sum(row[-1] for row in copy.rows()))),
                Arm("raw", timed(lambda copy: sum(len(block) for block in copy))),
            ]
            found = interleaved(arms, size.runs)
    results = Results()
    what = "finance export stream (StreamAllocations)"
    results.compare(what, "COPY … TO STDOUT through psycopg, rows as values", "rows/s", found, "typed", 0.25)
    results.compare(
        what, "COPY … TO STDOUT through psycopg, bytes unread", "rows/s", found, "raw", None,
        note="Nothing is parsed: the bytes are counted and dropped.",
    )  # fmt: skip
    return results


def _fill(connection: psycopg.Connection[tuple[object, ...]], count: int) -> None:
    at = datetime(2026, 4, 6, 2, tzinfo=UTC)
    connection.execute(
        "INSERT INTO run (ward_id, run_id, fund_id, month, kind, ward_name, policy_id, policy_version,"
        " policy_document, value_per_weight, people, paid, distributed, undistributed, by_grade, posted_at,"
        " posted_by) VALUES ('ward-001', 'run-1', 'fund-1', '2026-03', 'supplementary_income', 'Phường Một',"
        " 'phuc-loi', 1, '{}', '1', %s, %s, 0, 0, '{}', %s, 'ke-toan')",
        (count, count, at),
    )
    with connection.cursor().copy(
        "COPY allocation (ward_id, run_id, person_id, full_name, unit_id, unit_name, personnel_type, grade,"
        " score, salary_coefficient, worked_half_days, required_half_days, amount, base, settled) FROM STDIN"
    ) as copy:
        for number in range(count):
            copy.write_row((
                "ward-001", "run-1", f"person-{number:06d}", "Nguyễn Thị Minh Nguyệt",
                f"unit-{number % 30:02d}",
                "Văn phòng HĐND và UBND", "civil_servant", "ABCD"[number % 4],
                Decimal(9000 - number % 4000) / 100,
                Decimal("3.33"), 44, 44, 1_000 * (number % 9000), 0, "quota",
            ))  # fmt: skip
    connection.commit()
    connection.execute("ANALYZE")
    connection.commit()
