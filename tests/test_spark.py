"""The same commands on Spark: reports, labels and repeat issues equal DuckDB's, cell for cell."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import hotline_tools as ht
from hotline_tools.classify import Classifier
from hotline_tools.engine import Engine, EngineChoice, StoreEngine
from hotline_tools.errors import HotlineError, StoreError, UsageError
from hotline_tools.reports.filters import make_query
from hotline_tools.reports.registry import find_report, reports
from hotline_tools.reports.run import run_report

pytest.importorskip("pyspark", reason="needs hotline-tools[spark]")
pytest.importorskip("sqlglot", reason="needs hotline-tools[spark]")
if shutil.which("java") is None:
    pytest.skip("needs Java 17", allow_module_level=True)

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


def test_without_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: None)
    with pytest.raises(UsageError, match="没有找到 Java"), session(LOCAL):
        pass
