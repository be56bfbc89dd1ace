"""What a month's footer says of its days: always what counting the orders would say."""

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hotline_tools.day_counts import DAY_COUNTS, known_counts
from hotline_tools.engine import Engine
from hotline_tools.errors import StoreError
from hotline_tools.reports.data_gaps import day_notes
from hotline_tools.reports.period import Period, days
from hotline_tools.reports.period import month as month_of
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report
from hotline_tools.schema import ORDERS, QualityFlag
from hotline_tools.store import Store
from hotline_tools.store.partition import write_orders

Row = tuple[str, datetime | None, str | None]
INFERRED = f"id-damaged;{QualityFlag.RECEIVED_INFERRED.value}"
JUNE = [datetime(2025, 6, day, 9) for day in range(1, 31) if day not in (10, 11, 12)]
ROWS: list[Row] = [("12345", moment, None) for moment in JUNE for _ in range(12)]
ROWS += [("留言板", datetime(2025, 6, 3, 23, 59, 59), INFERRED), ("留言板", None, None)]


def orders(rows: list[Row]) -> pa.Table:
    columns = {field.name: pa.nulls(len(rows), field.type) for field in ORDERS}
    for name, values in zip(("source", "received_at", "quality_flags"), zip(*rows, strict=True), strict=True):
        columns[name] = pa.array(values, ORDERS.field(name).type)
    columns["order_key"] = pa.array([f"k{n}" for n in range(len(rows))], ORDERS.field("order_key").type)
    return pa.table(columns, schema=ORDERS)


def month(store: Store, name: str, rows: list[Row]) -> Path:
    path = store.files.partition(name)
    table = orders(rows)
    write_orders(path, (table.slice(at, 100) for at in range(0, table.num_rows, 100)))
    store.files.manifest.unlink(missing_ok=True)  # it does not know the file; without one all count
    return path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "store", create=True)
    month(store, "2025-06", ROWS[:-1])
    month(store, "unknown", ROWS[-1:])
    return store


def counted(store: Store) -> list[tuple[object, ...]]:
    with Engine(store) as engine:
        rows = engine.query(
            "SELECT source, day, CAST(sum(orders) AS BIGINT), CAST(sum(inferred) AS BIGINT) "
            "FROM received_days GROUP BY ALL ORDER BY ALL"
        )
    return [tuple(row.values()) for row in rows.to_pylist()]


def test_the_footer_tells_what_counting_would(store: Store) -> None:
    told, silent = known_counts(store.order_files())
    assert (told.schema, silent) == (DAY_COUNTS, [])
    assert sorted(told.to_pylist(), key=repr)[0]["orders"] == 12
    assert {"source": "留言板", "day": JUNE[2].date(), "orders": 1, "inferred": 1} in told.to_pylist()
    assert {"source": "留言板", "day": None, "orders": 1, "inferred": 0} in told.to_pylist()
    before = counted(store)
    for path in store.order_files():  # as an older version wrote them
        pq.write_table(pq.read_table(path, partitioning=None), path)
    assert known_counts(store.order_files())[1] == store.order_files()
    assert counted(store) == before


def test_files_that_tell_and_files_that_do_not_are_counted_together(store: Store) -> None:
    before = counted(store)
    undated = store.files.partition("unknown")
    pq.write_table(pq.read_table(undated, partitioning=None), undated)
    assert known_counts(store.order_files())[1] == [undated]
    assert counted(store) == before


@pytest.mark.parametrize("period", [None, month_of(2025, 6), days(date(2025, 6, 5), date(2025, 6, 20))])
def test_the_notes_of_days_are_the_same_from_footers_and_from_orders(
    store: Store, period: Period | None
) -> None:
    query = Query(period=period)

    def notes() -> list[object]:
        with Engine(store) as engine:
            return list(day_notes(find_report("trend"), engine, query))

    from_footers = notes()
    assert any("2025-06-10 至 2025-06-12" in str(note) for note in from_footers)
    for path in store.order_files():
        pq.write_table(pq.read_table(path, partitioning=None), path)
    assert notes() == from_footers


@pytest.mark.parametrize("source", ["00123", 'a,"b"', "两\n行", "null", "", "2025-06-01"])
def test_any_name_of_a_source_comes_back_as_it_was(tmp_path: Path, source: str) -> None:
    path = tmp_path / "orders.parquet"
    write_orders(path, [orders([(source, JUNE[0], None)])])
    assert known_counts([path])[0].column("source").to_pylist() == [source]


def test_a_file_that_changed_is_read_anew(store: Store) -> None:
    path = store.files.partition("2025-06")
    assert sum(row["orders"] for row in known_counts([path])[0].to_pylist()) == len(ROWS) - 1
    write_orders(path, [orders(ROWS[:5])])
    assert sum(row["orders"] for row in known_counts([path])[0].to_pylist()) == 5


def test_a_damaged_footer_is_named(store: Store) -> None:
    path = store.files.partition("2025-06")
    path.write_bytes(b"PAR1")
    with pytest.raises(StoreError, match="读不出来") as raised:
        known_counts([path])
    assert raised.value.where == str(path)
