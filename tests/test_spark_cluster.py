"""Two workers of a standalone cluster, one of them killed in the midst: the results are DuckDB's still."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import hotline_tools as ht
from hotline_tools.engine import Engine, EngineChoice
from hotline_tools.errors import UsageError
from hotline_tools.reports.filters import make_query
from hotline_tools.reports.registry import find_report
from hotline_tools.reports.run import run_report

pytest.importorskip("pyspark", reason="needs hotline-tools[spark]")
pytest.importorskip("sqlglot", reason="needs hotline-tools[spark]")
if shutil.which("java") is None or sys.platform == "win32":
    pytest.skip("needs Java 17, and process groups", allow_module_level=True)

from pyspark.sql import SparkSession

from hotline_tools.engine.opening import session
from hotline_tools.engine.spark import SparkEngine
from hotline_tools.jobs.repeats import find_repeats
from standalone_cluster import CONF, StandaloneCluster, Worker, wait_for

pytestmark = pytest.mark.filterwarnings("ignore")  # PySpark's own, of pandas and of sockets
SAMPLES = Path(__file__).parent.parent / "data" / "samples"
FEW_TASKS = CONF | {"spark.sql.shuffle.partitions": "4"}
REPORTS = ("categories", "cross", "departments")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ht.Store:
    """The sample files and a small year of a district beside them: several months, several districts."""
    folder = tmp_path_factory.mktemp("cluster-store")
    ht.sample(folder, orders=1500)
    files = [path for path in sorted(SAMPLES.iterdir()) if "真值" not in path.name and path.suffix != ".md"]
    made = ht.Store.open(folder / "store", create=True)
    ht.import_files(made, [*files, folder / "年度工单.csv"])
    ht.classify(made)
    ht.find_repeats(made, workers=1)
    return made


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandaloneCluster]:
    with StandaloneCluster.started(tmp_path_factory.mktemp("cluster"), workers=0) as started:
        yield started


@pytest.fixture
def two_workers(cluster: StandaloneCluster) -> StandaloneCluster:
    while len(cluster.alive) < 2:
        cluster.add_worker()
    return cluster


@pytest.fixture(scope="module")
def spark(cluster: StandaloneCluster) -> Iterator[Any]:
    with session(EngineChoice("spark", cluster.master, FEW_TASKS)) as started:
        yield started


def test_no_executor_is_a_sentence(cluster: StandaloneCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker has 1 GB: Spark would wait for ever, without a word."""
    cluster.add_worker()
    monkeypatch.setattr("hotline_tools.engine.starting._EXECUTOR_SECONDS", 2)
    asked = EngineChoice("spark", cluster.master, CONF | {"spark.executor.memory": "2g"})
    with (
        pytest.raises(UsageError, match=r"等了 2 秒.*没有分给一个执行器.*spark\.executor\.memory"),
        session(asked),
    ):
        pass
    assert SparkSession.getActiveSession() is None


def assert_one_went_on(cluster: StandaloneCluster, lost: list[Worker]) -> None:
    """Of two workers one died in the midst of a task, and the other one did that task as well."""
    (dead,), (other,) = lost, cluster.alive
    assert dead.running()
    assert len(other.done()) > 1


@pytest.fixture
def both(two_workers: StandaloneCluster, spark: Any) -> Any:
    """The session, with an executor on each of two workers."""
    registered = spark.sparkContext._jsc.sc().getExecutorMemoryStatus  # the driver's is one of them
    wait_for(lambda: registered().size() == len(two_workers.alive) + 1, "two executors")
    return spark


def test_labels_by_the_command(store: ht.Store, two_workers: StandaloneCluster, tmp_path: Path) -> None:
    copy = ht.Store.open(shutil.copytree(store.path, tmp_path / "store"))
    copy.label_files()["model"].unlink()
    conf = [word for name, value in FEW_TASKS.items() for word in ("--spark-conf", f"{name}={value}")]
    command = [sys.executable, "-m", "hotline_tools", "--store", str(copy.path), "--engine", "spark"]
    command += ["--spark-master", two_workers.master, *conf, "classify"]
    with two_workers.losing_one(after=0) as lost:
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 3, done.stderr  # the labels that were there are a lost file of the store
    assert_one_went_on(two_workers, lost)
    here, there = (pq.read_table(s.label_files()["model"]).sort_by("order_key") for s in (store, copy))
    assert here.equals(there)


def test_repeat_issues_in_a_session(
    store: ht.Store, both: Any, cluster: StandaloneCluster, tmp_path: Path
) -> None:
    copy = ht.Store.open(shutil.copytree(store.path, tmp_path / "store"))
    for name in copy.issue_files().values():
        name.unlink()
    with cluster.losing_one(after=1) as lost:
        find_repeats(copy, spark=both)
    assert_one_went_on(cluster, lost)
    for name in ("issues", "issue_members"):
        here, there = (pq.read_table(s.issue_files()[name]) for s in (store, copy))
        assert here.equals(there), name


def test_reports_in_a_session(store: ht.Store, both: Any, cluster: StandaloneCluster) -> None:
    query = make_query(date(2026, 11, 28), period="2021-06", compare="previous")
    with Engine(store) as engine:
        expected = [run_report(find_report(name), engine, query) for name in REPORTS]
    with SparkEngine(store, both) as engine, cluster.losing_one(after=1) as lost:
        found = [run_report(find_report(name), engine, query) for name in REPORTS]
    assert_one_went_on(cluster, lost)
    assert found == expected
    assert all(table.rows for table in expected)
