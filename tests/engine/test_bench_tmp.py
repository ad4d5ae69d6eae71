import time
from datetime import timedelta
from tests.cast import AT
from tests.engine.making import *
from coordination.sweep import sweep, statement, TABLES
from coordination.worker_login import *
def test_b(cast, admin, rules):
    N=20000
    deadlines(admin, cast, T3, N)
    admin.execute("analyze custody.coordination_custodydeadline")
    with worker_connection() as c:
        with as_sweeper(c) as cur:
            cur.execute(b"EXPLAIN (ANALYZE, COSTS OFF, TIMING ON) " + statement(TABLES[0]), {"at": AT, "batch": 5000, "advice": []})
            print("\n".join(r[0] for r in cur.fetchall()))
        for b in (2000, 5000):
            t=time.perf_counter()
            with as_sweeper(c) as cur:
                cur.execute(statement(TABLES[0]), {"at": AT, "batch": b, "advice": []})
            print(b, (time.perf_counter()-t)/b*1e6, "us a row")
