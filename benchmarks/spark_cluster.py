"""A standalone cluster of two workers that loses one in each stage: are the results still DuckDB's?

    python benchmarks/spark_cluster.py [--folder FOLDER] [--reports NAME …]

The store is the classified sample year, made in FOLDER when it is not there. Every stage (labels, repeat
issues, all reports of June with the month before beside them) is worked out on DuckDB and on two workers of
one core each; one of these is killed in the midst of a task, with its executor, and another one is started
for the next stage. Ends with 1 when a cell differs.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import hotline_tools as ht
from hotline_tools.classify import Classifier
from hotline_tools.engine import Engine, EngineChoice, StoreEngine
from hotline_tools.engine.opening import session
from hotline_tools.engine.spark import SparkEngine
from hotline_tools.errors import HotlineError
from hotline_tools.jobs.repeats import find_repeats
from hotline_tools.jobs.tagging import label_store
from hotline_tools.reports.filters import make_query
from hotline_tools.reports.registry import find_report
from hotline_tools.reports.run import run_report
from reports_store import sample_store
from standalone_cluster import CONF, StandaloneCluster, Worker, wait_for

MONTH, TODAY = "2021-06", date(2021, 7, 15)
DRIVER = {"spark.sql.shuffle.partitions": "4"}


@dataclass(frozen=True)
class Stage:
    name: str
    on_duckdb: Callable[[], object]
    on_spark: Callable[[], object]
    after: int
    """So many tasks the worker has finished when it is killed."""


def stages(here: ht.Store, there: ht.Store, spark: object, names: list[str]) -> Iterator[Stage]:
    """Yield the stages, each with what its results are, as something to compare."""

    def labels(store: ht.Store, session: object = None) -> object:
        label_store(store, Classifier.default(), everything=True, spark=session)
        return pq.read_table(store.label_files()["model"]).sort_by("order_key")

    def issues(store: ht.Store, session: object = None) -> object:
        for path in store.issue_files().values():
            path.unlink()
        find_repeats(store, workers=1, spark=session)
        return [pq.read_table(store.issue_files()[name]) for name in ("issues", "issue_members")]

    def reports(engine: StoreEngine) -> object:
        with engine:
            return {name: answer(engine, name) for name in names}

    yield Stage("classify", lambda: labels(here), lambda: labels(there, spark), 0)
    yield Stage("repeats", lambda: issues(here), lambda: issues(there, spark), 1)
    yield Stage(
        f"{len(names)} reports", lambda: reports(Engine(here)), lambda: reports(SparkEngine(here, spark)), 9
    )


def answer(engine: StoreEngine, name: str) -> object:
    """Return the table, or the sentence that refuses it."""
    report = find_report(name)
    compared = {"compare": "previous"} if report.keys else {}
    try:
        return run_report(report, engine, make_query(TODAY, period=MONTH, **compared))
    except HotlineError as error:
        return str(error)


def timed(work: Callable[[], object]) -> tuple[object, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def outcome(stage: Stage, cluster: StandaloneCluster) -> bool:
    """Run a stage on both; print a line, and return whether the results are equal."""
    expected, here = timed(stage.on_duckdb)
    before = {worker.folder: worker.done() for worker in cluster.alive}
    with cluster.losing_one(after=stage.after) as lost:
        found, there = timed(stage.on_spark)

    def done(worker: Worker) -> int:
        return len(worker.done() - before[worker.folder])

    (dead,), (other,) = lost, cluster.alive
    is_same = found == expected
    told = f"{done(dead)} | {len(dead.running())} | {done(other)}"
    print(f"| {stage.name} | {here:.1f} | {there:.1f} | {told} | {'yes' if is_same else 'NO'} |", flush=True)
    if isinstance(expected, dict) and isinstance(found, dict):
        print("differ:", [n for n in expected if expected[n] != found[n]] or "none", flush=True)
        print(
            "refused:", [n for n, table in expected.items() if isinstance(table, str)] or "none", flush=True
        )
        print("rows:", sum(len(t.rows) for t in expected.values() if not isinstance(t, str)), flush=True)
    return is_same


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "hotline-bench")
    parser.add_argument("--reports", nargs="*", default=list(ht.report_names()))
    options = parser.parse_args()
    year = sample_store(options.folder).path
    print("| stage | DuckDB, s | Spark, s | tasks of the one killed | cut short | of the other | equal |")
    print("|---|---:|---:|---:|---:|---:|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="hotline-cluster-") as name:
        folder = Path(name)
        here, there = (ht.Store.open(shutil.copytree(year, folder / side)) for side in ("duckdb", "spark"))
        logs = folder / "cluster"
        logs.mkdir()
        with StandaloneCluster.started(logs, workers=2) as cluster:
            conf = CONF | DRIVER
            with session(EngineChoice("spark", cluster.master, conf)) as spark:
                executors = spark.sparkContext._jsc.sc().getExecutorMemoryStatus
                equal = []
                for stage in stages(here, there, spark, options.reports):
                    while len(cluster.alive) < 2:
                        cluster.add_worker()
                    wait_for(lambda: executors().size() == 3, "two executors beside the driver")
                    equal.append(outcome(stage, cluster))
    return 0 if all(equal) else 1


if __name__ == "__main__":
    sys.exit(main())
