"""The same commands on Spark: reports, labels and repeat issues equal DuckDB's, cell for cell."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import hotline_tools as ht
from hotline_tools.classify import Classifier
from hotline_tools.cli.boundary import run
from hotline_tools.engine import Engine, EngineChoice, StoreEngine
from hotline_tools.errors import ExitCode, HotlineError, StoreError, UsageError
from hotline_tools.reports.filters import make_query
from hotline_tools.reports.registry import find_report, reports
from hotline_tools.reports.replies import blocks
from hotline_tools.reports.run import run_report
from hotline_tools.schema import ORDERS

pytest.importorskip("pyspark", reason="needs hotline-tools[spark]")
pytest.importorskip("sqlglot", reason="needs hotline-tools[spark]")
if shutil.which("java") is None:
    pytest.skip("needs Java 17", allow_module_level=True)

from py4j.protocol import Py4JJavaError

from hotline_tools.engine.batches import map_orders
from hotline_tools.engine.failures import known_cause
from hotline_tools.engine.opening import session
from hotline_tools.engine.spark import SparkEngine
from hotline_tools.jobs.repeats import find_repeats
from hotline_tools.jobs.tagging import label_store

pytestmark = pytest.mark.filterwarnings("ignore")  # PySpark's own, of pandas and of sockets
SAMPLES = Path(__file__).parent.parent / "data" / "samples"
LOCAL = EngineChoice("spark", "local[2]", {"spark.sql.shuffle.partitions": "2", "spark.driver.memory": "1g"})
USUAL: dict[str, Any] = {"period": "2021-06", "compare": "previous"}
WITHOUT_ROWS = ("alerts", "movers", "seasonal")
"""They look back further than the one month of the samples."""
EMPTY: dict[str, Any] = {"period": "2019-02"}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with session(LOCAL) as started:
        yield started


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ht.Store:
    made = ht.Store.open(tmp_path_factory.mktemp("spark") / "store", create=True)
    ht.import_files(
        made, [path for path in sorted(SAMPLES.iterdir()) if "真值" not in path.name and path.suffix != ".md"]
    )
    ht.classify(made)
    ht.find_repeats(made)
    return made


@pytest.fixture(scope="module")
def engines(store: ht.Store, spark: Any) -> Iterator[tuple[Engine, SparkEngine]]:
    with Engine(store) as duckdb, SparkEngine(store, spark) as other:
        yield duckdb, other


def answer(engine: StoreEngine, name: str, options: dict[str, Any]) -> object:
    """Return the table, or the sentence that refuses it."""
    try:
        return run_report(find_report(name), engine, make_query(date(2026, 11, 28), **options))
    except HotlineError as error:
        return str(error)


@pytest.mark.parametrize("name", sorted(reports()))
def test_every_report_is_the_same(engines: tuple[Engine, SparkEngine], name: str) -> None:
    duckdb, other = engines
    asked = (USUAL if find_report(name).keys else {}, EMPTY)
    answers = [answer(duckdb, name, options) for options in asked]
    assert [answer(other, name, options) for options in asked] == answers
    assert isinstance(answers[0], ht.ReportTable)
    assert bool(answers[0].rows) == (name not in WITHOUT_ROWS)


def test_replies_in_blocks_are_the_same(
    engines: tuple[Engine, SparkEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "MOST", 300)
    duckdb, other = (answer(engine, "replies", {}) for engine in engines)
    assert isinstance(duckdb, ht.ReportTable)
    assert duckdb.totals["replies"] == 1191  # four blocks
    assert duckdb == other


def test_labels_are_the_same(store: ht.Store, spark: Any, tmp_path: Path) -> None:
    copy = ht.Store.open(shutil.copytree(store.path, tmp_path / "store"))
    report = label_store(copy, Classifier.default(), everything=True, spark=spark)
    here, there = (pq.read_table(s.label_files()["model"]).sort_by("order_key") for s in (store, copy))
    assert here.equals(there)
    assert report.rows == here.num_rows > 0


def test_repeat_issues_are_the_same(store: ht.Store, spark: Any, tmp_path: Path) -> None:
    copy = ht.Store.open(shutil.copytree(store.path, tmp_path / "store"))
    for name in copy.issue_files().values():
        name.unlink()
    find_repeats(copy, spark=spark)
    for name in ("issues", "issue_members"):
        here, there = (pq.read_table(s.issue_files()[name]) for s in (store, copy))
        assert here.equals(there), name
        assert here.num_rows > 0


def test_a_statement_that_is_wrong_is_a_sentence(engines: tuple[Engine, SparkEngine]) -> None:
    for engine in engines:
        with pytest.raises(UsageError, match="SQL 有误"):
            engine.query("SELECT nothing_of_this_name FROM orders")
        with pytest.raises(UsageError, match="只能执行一条查询语句"):
            engine.query("COPY orders TO 'x.csv'")


def test_a_session_of_one_s_own(store: ht.Store, spark: Any) -> None:
    assert ht.report(store, "channels", spark=spark) == ht.report(store, "channels")
    count = "SELECT count(*) AS orders FROM orders"
    assert ht.sql(store, count, spark=spark) == ht.sql(store, count)


def test_a_damaged_file_is_named(store: ht.Store, spark: Any, tmp_path: Path) -> None:
    """The footer is whole, so that only the reading finds it."""
    copy = ht.Store.open(shutil.copytree(store.path, tmp_path / "store"))
    (path,) = copy.order_files()
    raw = bytearray(path.read_bytes())
    raw[4 : len(raw) // 2] = bytes(len(raw) // 2 - 4)
    with SparkEngine(copy, spark) as engine:
        engine.query("SELECT 1 AS one")
        path.write_bytes(raw)
        with pytest.raises(StoreError, match=path.name):
            engine.query("SELECT max(content) AS last FROM orders")


BATCHES = (
    ("classify", lambda store, spark: label_store(store, Classifier.default(), everything=True, spark=spark)),
    ("repeats", lambda store, spark: find_repeats(store, spark=spark)),
)


@pytest.mark.parametrize("work", [work for _, work in BATCHES], ids=[name for name, _ in BATCHES])
def test_what_workers_fail_on_is_a_sentence(
    store: ht.Store, spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: Callable[..., object]
) -> None:
    copy = ht.Store.open(shutil.copytree(store.path, tmp_path / "store"))
    for module in ("engine.batches", "jobs.repeats_on_spark"):
        monkeypatch.setattr(f"hotline_tools.{module}.__version__", "9.9")
    with pytest.raises(HotlineError, match=f"工作节点上是 hotline-tools {ht.__version__}，本机是 9.9。每个"):
        work(copy, spark)
    monkeypatch.undo()
    monkeypatch.setattr(spark.sparkContext, "pythonExec", "/no/such/python")
    with pytest.raises(HotlineError, match="没有解释器 /no/such/python。每个"):
        work(copy, spark)
    monkeypatch.undo()
    (path,) = copy.order_files()
    raw = bytearray(path.read_bytes())
    raw[4 : len(raw) // 2] = bytes(len(raw) // 2 - 4)
    path.write_bytes(raw)
    with pytest.raises(StoreError, match=path.name):
        work(copy, spark)


def only_here(orders: pa.Table, _: None) -> pa.Table:
    """A function of a module that the workers do not have."""
    return orders


def test_what_ends_a_worker_is_a_sentence(store: ht.Store, spark: Any) -> None:
    cases = (
        (lambda orders, _: os._exit(9), "执行器一再中断。多半是内存不够"),
        (lambda orders, _: orders["no_such_column"], "没有算完.*no_such_column"),
        (only_here, f"工作节点上没有装 {__name__}。每个工作节点都要装"),
    )
    keys = pa.schema([ORDERS.field("order_key")])
    for function, sentence in cases:
        given = map_orders(spark, store.order_files(), keys, function=function, shared=None, result=keys)
        with pytest.raises(HotlineError, match=sentence):
            list(given)


def test_a_file_that_the_workers_do_not_see(store: ht.Store, spark: Any, tmp_path: Path) -> None:
    copy = ht.Store.open(shutil.copytree(store.path, tmp_path / "store"))
    (path,) = copy.order_files()
    kept = path.read_bytes()
    with SparkEngine(copy, spark) as engine:
        engine.query("SELECT 1 AS one")  # the views know the file
        path.unlink()
        with pytest.raises(Py4JJavaError) as failure:
            engine.rows("SELECT max(content) AS last FROM orders", None)
        path.write_bytes(kept)
        said = str(engine.failed(failure.value))
    assert said.startswith(f"Spark 的工作节点读不到 {path}。工单库要放在")


MASTERS = (
    ("no URL", "head", "head 不是 Spark 主节点的地址。应写成 spark://"),
    ("no port", "spark://head", "没有写明端口"),
    ("no number", "spark://head:port", "没有写明端口"),
    ("nobody listens", "spark://127.0.0.1:1", "连不上 Spark 主节点 spark://127.0.0.1:1（.*refused）"),
    ("none of two", "spark://127.0.0.1:1,127.0.0.1:2", "连不上 Spark 主节点"),
    ("no such host", "spark://no-such-host.invalid:7077", "连不上 Spark 主节点"),
)


@pytest.mark.parametrize(("master", "sentence"), [c[1:] for c in MASTERS], ids=[c[0] for c in MASTERS])
def test_a_master_that_is_none(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    store: ht.Store,
    master: str,
    sentence: str,
) -> None:
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: None)
    place = ["--store", str(store.path), "--engine", "spark", "--spark-master", master]
    for command in (["report", "channels"], ["classify"], ["repeats"]):
        assert run([*place, *command]) == ExitCode.USAGE
        (line,) = capsys.readouterr().err.splitlines()
        assert re.search(sentence, line)


def test_a_setting_that_spark_refuses(store: ht.Store) -> None:
    command = [sys.executable, "-m", "hotline_tools", "--store", str(store.path), "--engine", "spark"]
    command += ["--spark-conf", "spark.executor.memory=lots", "report", "channels"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == ExitCode.USAGE
    assert done.stderr.splitlines()[-1].startswith("错误：Spark 没有启动（")
    assert "must be a positive number" in done.stderr


TEXTS = (
    ("not installed", "ModuleNotFoundError: No module named 'hotline_tools'", "没有装 hotline_tools。每个"),
    (
        "another Python",
        "[PYTHON_VERSION_MISMATCH] Python in worker has different version: 3.9",
        "版本不同。每个",
    ),
    ("lost", "Job aborted: ExecutorLostFailure (executor 4 exited caused by", "一再中断。多半是内存不够"),
)


@pytest.mark.parametrize(("text", "sentence"), [c[1:] for c in TEXTS], ids=[c[0] for c in TEXTS])
def test_what_a_failure_means(text: str, sentence: str) -> None:
    cause = known_cause(Exception(f"An error occurred while calling o1.getResult.\n{text}\n\tat java"))
    assert cause is not None
    assert sentence in str(cause)
    assert known_cause(Exception("An error occurred")) is None


def test_without_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: None)
    with pytest.raises(UsageError, match="没有找到 Java"), session(LOCAL):
        pass
