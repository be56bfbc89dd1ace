"""SQL over a store: what the views hold, what is refused, and a commit in the middle of a query."""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hotline_tools.engine import Engine
from hotline_tools.engine.engine import fitting_memory
from hotline_tools.errors import StoreError, UsageError
from hotline_tools.jobs.importing import import_tables
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.schema import LABELS, ORDERS
from hotline_tools.scratch import scratch
from hotline_tools.store import Store

HEADER = "工单编号,受理时间,诉求标题,诉求类型\n"
JUNE = f"{HEADER}A1,2025-06-01 10:00:00,路灯不亮,求助\nA2,2025-06-02 10:00:00,积水,\n"
JULY = f"{HEADER}A3,2025-07-01 10:00:00,井盖,投诉\n"


def bring_in(text: str, store: Store) -> None:
    path = store.path.parent / "导出.csv"
    path.write_text(text, encoding="utf-8")
    import_tables(matched_tables([path], OpenOptions()), store)


@pytest.fixture(scope="module")
def june(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store that no test writes to."""
    store = Store.open(tmp_path_factory.mktemp("june") / "store", create=True)
    bring_in(JUNE, store)
    return store


@pytest.fixture(scope="module")
def engine(june: Store) -> Iterator[Engine]:
    with Engine(june) as engine:
        yield engine


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "store", create=True)
    bring_in(JUNE, store)
    return store


def rows(engine: Engine, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in engine.query(sql).to_pylist()]


REFUSED = [
    ("a deletion", "DELETE FROM orders", "只能执行一条查询语句"),
    ("an update", "UPDATE stored_orders SET title = ''", "只能执行一条查询语句"),
    ("two statements", "SELECT 1; SELECT 2", "只能执行一条查询语句"),
    ("nothing", "  ", "只能执行一条查询语句"),
    ("copying into a file", "COPY (SELECT 1) TO '{outside}/x.csv'", "只能执行一条查询语句"),
    ("copying into the store", "COPY (SELECT 1) TO '{store}/x.csv'", "只能执行一条查询语句"),
    ("installing an extension", "INSTALL httpfs", "只能执行一条查询语句"),
    ("loading an extension", "LOAD httpfs", "只能执行一条查询语句"),
    ("attaching a database", "ATTACH '{store}/x.db' AS x", "只能执行一条查询语句"),
    ("exporting the database", "EXPORT DATABASE '{outside}/x'", "只能执行一条查询语句"),
    ("lifting the restrictions", "SET enable_external_access = TRUE", "只能执行一条查询语句"),
    ("allowing another folder", "SET allowed_directories = ['/']", "只能执行一条查询语句"),
    ("a pragma", "PRAGMA database_list", "只能执行一条查询语句"),
    ("a table of its own", "CREATE TABLE t AS SELECT 1", "只能执行一条查询语句"),
    ("a file outside the store", "SELECT * FROM read_csv('{outside}/secret.csv')", "SQL 有误"),
    ("the same by its name alone", "SELECT * FROM '{outside}/secret.csv'", "SQL 有误"),
    ("a way out of the store", "SELECT * FROM read_text('{store}/../secret.csv')", "SQL 有误"),
    ("the names of files outside", "SELECT * FROM glob('{outside}/*')", "SQL 有误"),
    (
        "a copy in a CTE over a partition",
        "WITH x AS (COPY (SELECT 1 AS a) TO '{month}') SELECT * FROM x",
        "只能执行",
    ),
    (
        "the same in capitals and comments",
        "with x as (/**/CoPy/**/(select 1) to '{month}') from x",
        "只能执行",
    ),
    (
        "a copy in a CTE outside",
        "WITH x AS (COPY (SELECT 1 AS a) TO '{outside}/x.csv') SELECT * FROM x",
        "SQL 有误|只能执行",
    ),
    (
        "a copy in an inner CTE",
        "SELECT * FROM (WITH x AS (COPY (SELECT 1) TO '{month}') SELECT * FROM x)",
        "SQL 有误|只能执行",
    ),
    (
        "an insert in a CTE",
        "WITH x AS (INSERT INTO orders (title) VALUES ('') RETURNING *) FROM x",
        "SQL 有误|只能执行",
    ),
    ("a deletion in a CTE", "WITH x AS (DELETE FROM orders RETURNING *) FROM x", "SQL 有误|只能执行"),
    (
        "a statement in serialised form",
        "FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
        "只能",
    ),
    ("a statement made of pieces", "FROM query('CO' || 'PY (SELECT 1) TO ''{month}''')", "SQL 有误|只能执行"),
    (
        "a log",
        "SELECT * FROM enable_logging(storage = 'file', storage_path = '{outside}')",
        "SQL 有误|只能执行",
    ),
    ("the key, as text", "SELECT * FROM read_text('{store}/caller.key')", "SQL 有误"),
    ("the key, as bytes", "SELECT * FROM read_blob('{store}/caller.key')", "SQL 有误"),
    ("the key's fingerprint", "SELECT * FROM read_json('{store}/caller-key.json')", "SQL 有误"),
    ("the names in the store", "SELECT * FROM glob('{store}/*')", "SQL 有误"),
    ("a Parquet file that is not listed", "SELECT * FROM read_parquet('{store}/other.parquet')", "SQL 有误"),
    ("a way through an allowed file", "SELECT * FROM read_text('{month}/../../../caller.key')", "SQL 有误"),
    ("the program's own files", "SELECT * FROM read_text('/proc/self/environ')", "SQL 有误"),
    ("the network", "SELECT * FROM read_csv('https://example.com/a.csv')", "SQL 有误|只能执行"),
    ("another database", "SELECT * FROM sqlite_scan('{outside}/a.db', 't')", "SQL 有误|只能执行"),
    ("a setting, as a function", "SELECT set_config('allowed_paths', '')", "SQL 有误|只能执行"),
    (
        "an explanation that runs",
        "EXPLAIN ANALYZE WITH x AS (COPY (SELECT 1) TO '{month}') FROM x",
        "只能执行",
    ),
    ("an unknown column", "SELECT nope FROM orders", "nope"),
    ("an unknown view", "SELECT * FROM nothing", "nothing"),
    ("half a sentence", "SELECT FROM WHERE", "SQL 有误"),
]


@pytest.mark.parametrize(("what", "sql", "message"), REFUSED, ids=[c[0] for c in REFUSED])
def test_refused(what: str, sql: str, message: str, engine: Engine, june: Store) -> None:
    outside = june.path.parent
    (outside / "secret.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (june.path / "caller.key").write_text("ab" * 32, encoding="ascii")
    (june.path / "other.parquet").write_bytes(june.order_files()[0].read_bytes())
    before = {path: path.stat().st_mtime_ns for path in sorted(outside.rglob("*"))}
    month = june.order_files()[0]
    with pytest.raises(UsageError, match=message) as caught:
        engine.query(sql.format(outside=outside, store=june.path, month=month))
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    assert {path: path.stat().st_mtime_ns for path in sorted(outside.rglob("*"))} == before


def test_words_of_writing_may_stand_in_a_query(engine: Engine) -> None:
    assert rows(engine, "SELECT 'copy' AS a, count(*) AS n FROM orders WHERE title <> 'delete'") == [
        ("copy", 2)
    ]
    assert engine.query("SELECT $a AS copy", {"a": "insert"}).to_pylist() == [{"copy": "insert"}]


def test_the_limits_cannot_be_lifted(engine: Engine) -> None:
    for name in ("enable_external_access", "allowed_paths", "allowed_directories", "lock_configuration"):
        ((value,),) = rows(engine, f"SELECT current_setting('{name}')::VARCHAR")
        assert value in ("false", "true", "[]") or "caller" not in value


def test_spills_lie_in_a_private_folder_that_goes(june: Store, tmp_path: Path) -> None:
    before = set(Path(tempfile.gettempdir()).glob("hotline-*"))
    wide = "SELECT i, repeat(md5(i::VARCHAR), 20) AS t FROM range(400000) r(i)"
    ranked = f"SELECT t, row_number() OVER (ORDER BY md5(t)) AS n FROM ({wide})"
    with Engine(june, memory_limit="200MB", threads=1) as engine:
        assert rows(engine, f"SELECT max(n) AS n, max(length(t)) AS m FROM ({ranked})") == [(400_000, 640)]
        (spills,) = set(Path(tempfile.gettempdir()).glob(f"hotline-{os.getpid()}-*")) - before
        assert stat.S_IMODE(spills.stat().st_mode) == 0o700
    assert not spills.exists()


def test_too_little_memory_is_no_mistake_of_the_statement(june: Store) -> None:
    with Engine(june, memory_limit="20MB", threads=1) as engine, pytest.raises(StoreError, match="内存"):
        engine.query("SELECT list(repeat(md5(i::VARCHAR), 20)) AS t FROM range(400000) r(i)")


def test_scratch_of_a_dead_process_is_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for name in (f"hotline-{dead.pid}-abc", f"hotline-{os.getpid()}-abc", "hotline-notes", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "六月.csv").write_text("A1", encoding="utf-8")
    with scratch() as folder:
        left = {path.name for path in tmp_path.iterdir()}
    assert left == {f"hotline-{os.getpid()}-abc", "hotline-notes", "other", folder.name}
    assert not folder.exists()


def test_a_definition_must_be_a_query_too(engine: Engine) -> None:
    with pytest.raises(UsageError, match="只能执行一条查询语句"):
        engine.define("x", "INSTALL httpfs")


def test_parameters_and_definitions(engine: Engine) -> None:
    engine.define("scope", "SELECT * FROM orders WHERE title = '积水'")
    found = engine.query("SELECT order_id FROM scope WHERE status = ?", ["unknown"]).to_pylist()
    assert found == [{"order_id": "A2"}]
    assert engine.query("SELECT $word AS w", {"word": "电梯'"}).to_pylist() == [{"w": "电梯'"}]


def test_an_empty_store_has_every_view(tmp_path: Path) -> None:
    with Engine(Store.open(tmp_path / "store", create=True)) as engine:
        for view in ("orders", "labels", "rejects"):
            assert rows(engine, f"SELECT count(*) FROM {view}") == [(0,)]
        kinds = engine.query("SELECT * FROM orders").schema
    assert [kinds.field(name).type for name in ORDERS.names] == ORDERS.types
    assert {"category", "subcategory", "confidence", "needs_review", "label_origin"} <= set(kinds.names)
    assert {"effective_request_type", "predicted_request_type"} <= set(kinds.names)


def test_a_later_import_is_seen_by_an_open_engine(store: Store) -> None:
    with Engine(store) as engine:
        engine.define("july", "SELECT order_id FROM orders WHERE received_at >= '2025-07-01'")
        assert rows(engine, "SELECT * FROM july") == []
        bring_in(JULY, store)
        assert rows(engine, "SELECT * FROM july") == [("A3",)]


def test_the_first_and_last_time_of_receipt(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    span = "SELECT CAST(first AS VARCHAR), CAST(last AS VARCHAR) FROM received_span"
    with Engine(store) as engine:
        assert rows(engine, span) == [(None, None)], "no orders"
        bring_in(f"{HEADER}A0,,没有时间,\n", store)
        assert rows(engine, span) == [(None, None)], "an order without a time"
        bring_in(JULY, store)
        assert rows(engine, span) == [("2025-07-01 10:00:00",) * 2]
        bring_in(f"{JUNE}A9,2025-10-03 08:00:00,噪声,\n", store)
        assert rows(engine, span) == [("2025-06-01 10:00:00", "2025-10-03 08:00:00")]


def test_the_first_and_last_district(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    span, header = "SELECT * FROM district_span", "工单编号,受理时间,诉求标题,所属区县\n"
    with Engine(store) as engine:
        assert rows(engine, span) == [(None, None)], "no orders"
        bring_in(JULY, store)
        assert rows(engine, span) == [(None, None)], "orders without a district"
        bring_in(f"{header}B1,2025-06-01 10:00:00,积水,甲区\nB2,2025-07-01 10:00:00,噪声,甲区\n", store)
        assert rows(engine, span) == [("甲区", "甲区")]
        bring_in(f"{header}B3,2025-08-01 10:00:00,积水,乙区\n", store)
        assert rows(engine, span) == [("乙区", "甲区")]


class Interrupted(Store):
    """A store into which someone imports between the engine's look at it and the end of its query."""

    looks = 0
    at_look = 0

    def generation(self) -> tuple[tuple[str, int], ...]:
        self.looks += 1
        if self.looks == self.at_look:
            bring_in(JULY, Store.open(self.path))
        return super().generation()


@pytest.mark.parametrize("look", [2, 3, 4])
def test_an_import_that_commits_meanwhile_is_all_seen_or_not_at_all(look: int, store: Store) -> None:
    busy = Interrupted(store.files)
    with Engine(busy) as engine:
        busy.looks, busy.at_look = 0, look
        found = rows(engine, "SELECT order_id FROM orders ORDER BY 1")
    assert found in ([("A1",), ("A2",)], [("A1",), ("A2",), ("A3",)])
    with Engine(store) as engine:
        assert len(rows(engine, "SELECT order_id FROM orders")) == (3 if busy.looks >= look else 2)


class NeverSteady(Store):
    """A store that is written to all the time."""

    looks = 0

    def generation(self) -> tuple[tuple[str, int], ...]:
        self.looks += 1
        return (("commit", self.looks),)


def test_a_store_that_never_rests_is_said_not_waited_for(store: Store) -> None:
    with (
        Engine(NeverSteady(store.files)) as engine,
        pytest.raises(StoreError, match=r"正在被写入.*导入结束后重试"),
    ):
        engine.query("SELECT 1")


def test_a_damaged_partition_is_named_with_the_remedy(store: Store) -> None:
    (partition,) = store.order_files()
    partition.write_bytes(b"PAR1 damaged PAR1")
    with pytest.raises(StoreError, match=r"读不出来.*hotline store verify"), Engine(store) as engine:
        engine.query("SELECT count(title) FROM orders")


def overwrite_pages(path: Path) -> None:
    """Damage the values of a Parquet file and leave its footer whole."""
    data = bytearray(path.read_bytes())
    data[4 : len(data) // 2] = b"\xff" * (len(data) // 2 - 4)
    path.write_bytes(data)


DAMAGE = [
    ("a file that is none", lambda path: path.write_bytes(b"PAR1 damaged PAR1")),
    ("a file cut short", lambda path: path.write_bytes(path.read_bytes()[:-20])),
    ("values that are none behind a sound footer", overwrite_pages),
]


@pytest.mark.parametrize("name", ["orders/month=2025-06/orders", "labels/model", "issues/issues"])
@pytest.mark.parametrize(("what", "damage"), DAMAGE, ids=[case[0] for case in DAMAGE])
def test_the_damaged_file_is_named(
    name: str, what: str, damage: Callable[[Path], object], store: Store
) -> None:
    with Engine(store) as engine:
        keys = [key for (key,) in rows(engine, "SELECT order_key FROM stored_orders")]
    store.write_labels([labels("甲" * 500, keys)])
    with store.issue_tables() as tables:
        tables["issues"] = pa.table({"issue_id": keys, "label": ["积水" * 500, "路灯" * 500]})
    damaged = store.path / f"{name}.parquet"
    damage(damaged)
    with pytest.raises(StoreError, match="hotline store verify") as caught, Engine(store) as engine:
        engine.query("SELECT max(COLUMNS(*)) FROM orders")
        engine.query("SELECT max(COLUMNS(*)) FROM issues")
    assert caught.value.where == str(damaged), what
    assert any(str(damaged) in problem or "month=2025-06" in problem for problem in store.verify())


def test_a_value_that_does_not_fit_is_the_statement_s_fault(engine: Engine) -> None:
    with pytest.raises(UsageError, match=r"SQL 有误：.*路灯不亮") as caught:
        engine.query("SELECT CAST(title AS INTEGER) FROM orders WHERE order_id = 'A1'")
    assert "\n" not in str(caught.value)


def labels(category: str, keys: list[str]) -> pa.Table:
    none = dict.fromkeys(LABELS.names)
    return pa.Table.from_pylist([none | {"order_key": k, "category": category} for k in keys], schema=LABELS)


def test_a_person_has_the_last_word_on_a_label(store: Store) -> None:
    query = "SELECT category, label_origin FROM orders ORDER BY order_key"
    with Engine(store) as engine:
        keys = [key for (key,) in rows(engine, "SELECT order_key FROM orders ORDER BY 1")]
        assert store.write_labels([labels("甲", keys)]) == 2
        store.write_labels([labels("人定", keys[:1])], origin="person")
        assert rows(engine, query) == [("人定", "person"), ("甲", "model")]
        store.write_labels([labels("乙", keys)])
        assert rows(engine, query) == [("人定", "person"), ("乙", "model")]
        store.write_labels([labels("丙", keys[:1])], replace=True)
        assert rows(engine, query) == [("人定", "person"), (None, None)]
        assert rows(engine, "SELECT count(*) FROM orders") == [(2,)]


def test_the_export_has_the_last_word_on_the_request_type(store: Store) -> None:
    with Engine(store) as engine:
        keys = [key for (key,) in rows(engine, "SELECT order_key FROM orders ORDER BY order_id")]
        guess = labels("甲", keys).to_pylist()
        store.write_labels(
            [pa.Table.from_pylist([g | {"request_type": "建议"} for g in guess], schema=LABELS)]
        )
        query = "SELECT order_id, predicted_request_type, effective_request_type FROM orders ORDER BY 1"
        assert rows(engine, query) == [("A1", "建议", "求助"), ("A2", "建议", "建议")]


def test_labels_are_there_whatever_was_asked_before(store: Store) -> None:
    """The views with labels are made when first asked for, and again after labels were written."""
    with Engine(store) as engine:
        assert rows(engine, "SELECT count(*) FROM stored_orders") == [(2,)]
        engine.define("bare", "SELECT order_key FROM stored_orders")
        keys = [key for (key,) in rows(engine, "SELECT order_key FROM bare ORDER BY 1")]
        assert rows(engine, "SELECT count(*) FROM bare, orders") == [(4,)], "named after a comma"
        store.write_labels([labels("甲", keys)])
        assert rows(engine, "SELECT DISTINCT category FROM orders") == [("甲",)]
        store.write_labels([labels("人定", keys)], origin="person")
        assert rows(engine, "SELECT DISTINCT category FROM labels") == [("人定",)]
    with Engine(store) as engine:
        listed = "SELECT view_name FROM duckdb_views() WHERE view_name IN ('labels', 'orders') ORDER BY 1"
        assert rows(engine, listed) == [("labels",), ("orders",)]


@dataclass
class Months:
    """Stands for a store of so many orders a month."""

    path: Path
    files: list[Path]

    def order_files(self) -> list[Path]:
        return self.files


def test_queries_over_a_city_of_many_districts_may_take_more(tmp_path: Path) -> None:
    def memory(*rows: int) -> str:
        files = [tmp_path / f"{number}.parquet" for number in range(len(rows))]
        for file, count in zip(files, rows, strict=True):
            pq.write_table(pa.table({"a": pa.nulls(count, pa.bool_())}), file)
        (tmp_path / "broken.parquet").write_bytes(b"PAR1")
        return fitting_memory(Months(tmp_path, [*files, tmp_path / "broken.parquet"]))  # type: ignore[arg-type]

    assert memory() == memory(31_838) == memory(1_500_000, 500_000) == "800MB"
    assert memory(3_000_000, 3_000_000) == "1400MB"
    assert memory(10_000_000) == memory(30_000_000) == "2000MB"


def test_a_query_that_outgrows_the_limit_names_the_setting_that_raises_it(june: Store) -> None:
    everything = "SELECT list(i ORDER BY hash(i)) AS numbers FROM range(3000000) AS numbers(i), orders"
    with Engine(june, memory_limit="20MB") as engine, pytest.raises(StoreError) as told:
        engine.query(everything)
    assert "20MB" in told.value.message
    assert "engine_memory" in told.value.remedy
