"""A month of several files is the month of one: the same orders, updates, undo, forget and verify."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline_tools.engine import Engine
from hotline_tools.store import Store, segments
from hotline_tools.store.segments import month_of, order_files
from test_store_undo import Row, bring_in, content, row, write

FULL = 3


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(segments, "FULL_ROWS", FULL)
    return Store.open(tmp_path / "store", create=True)


def files_of(store: Store) -> dict[str, list[str]]:
    """The ids in each file, in order."""
    return {
        path.relative_to(store.path / "orders").as_posix(): pq.read_table(path, partitioning=None)
        .column("order_id")
        .to_pylist()
        for path in store.order_files()
    }


def test_a_full_file_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "a.csv", [row(f"A{n}") for n in range(4)]))
    (first,) = store.order_files()
    before = first.stat()
    bring_in(store, write(tmp_path / "b.csv", [row("B1", "2025-06-01"), row("B2", "2025-07-01")]))
    bring_in(store, write(tmp_path / "c.csv", [row("C1"), row("C2", "2025-06-02")]))
    bring_in(store, write(tmp_path / "d.csv", [row("D1")]))
    assert (first.stat().st_ino, first.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert files_of(store) == {
        "month=2025-06/orders.parquet": ["A0", "A1", "A2", "A3"],
        "month=2025-06/orders-2.parquet": ["B1", "C2", "C1"],
        "month=2025-06/orders-3.parquet": ["D1"],
        "month=2025-07/orders.parquet": ["B2"],
    }
    assert store.verify() == []
    assert store.info().months == {"2025-06": 8, "2025-07": 1}
    with Engine(store) as engine:
        counts = engine.query("SELECT count(*) AS n, count(DISTINCT order_key) AS k FROM orders")
    assert counts.to_pylist() == [{"n": 9, "k": 9}]


def test_an_update_stays_in_its_file_and_undo_brings_it_back(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "a.csv", [row(f"A{n}") for n in range(4)]))
    bring_in(store, write(tmp_path / "b.csv", [row("B1")]))
    before, files = content(store), files_of(store)
    changed = [row("A1", unit="市政处"), row("A2", "2025-07-05"), row("C1")]
    record = bring_in(store, write(tmp_path / "c.csv", changed))
    assert (record.counts.updated, record.counts.new, record.months) == (2, 1, ["2025-06", "2025-07"])
    assert files_of(store) == {
        "month=2025-06/orders.parquet": ["A0", "A1", "A3"],
        "month=2025-06/orders-2.parquet": ["B1", "C1"],
        "month=2025-07/orders.parquet": ["A2"],
    }
    assert store.verify() == []
    store.undo(record.import_id)
    assert not (store.path / "orders" / "month=2025-07").exists()
    assert store.verify() == []
    # A2 had left the month: it returns to the file that takes new orders
    assert files_of(store) == {**files, "month=2025-06/orders.parquet": ["A0", "A1", "A3"],
                               "month=2025-06/orders-2.parquet": ["B1", "A2"]}  # fmt: skip
    assert _without_place(content(store)) == _without_place(before)


def test_the_files_of_a_month_are_counted_by_number_not_by_name(store: Store, tmp_path: Path) -> None:
    for n in range(11):
        bring_in(store, write(tmp_path / f"{n}.csv", [row(f"A{n}-{m}") for m in range(FULL)]))
    assert [path.name for path in order_files(store.files)] == [
        "orders.parquet", *(f"orders-{n}.parquet" for n in range(2, 12))
    ]  # fmt: skip
    assert {month_of(path) for path in order_files(store.files)} == {"2025-06"}


def test_forgetting_reaches_every_file(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "a.csv", [row(f"A{n}") for n in range(3)]))
    bring_in(store, write(tmp_path / "b.csv", [row("B1")]))
    assert store.forget(order="B1").orders == 1
    assert store.forget(order="A1").orders == 1
    assert files_of(store) == {"month=2025-06/orders.parquet": ["A0", "A2"]}
    assert store.verify() == []


_ROWS = st.lists(
    st.builds(
        row,
        st.integers(0, 9).map(lambda n: f"A{n}"),
        st.sampled_from(["2025-05-30", "2025-06-03", "2025-06-20"]),
        st.sampled_from(["路灯所", "市政处"]),
        st.sampled_from(["路灯不亮", "积水"]),
    ),
    max_size=8,
    unique_by=lambda one: one[0],
)


@settings(max_examples=10, deadline=None)
@given(st.lists(_ROWS, min_size=1, max_size=5))
def test_full_files_change_nothing_but_where_orders_lie(
    tmp_path_factory: pytest.TempPathFactory, exports: list[list[Row]]
) -> None:
    """The same exports into months of one file and of several; each import taken back again on the way."""
    folder = tmp_path_factory.mktemp("segments")
    seen = []
    for full in (10**6, 2):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(segments, "FULL_ROWS", full)
            store = Store.open(folder / str(full), create=True)
            states = []
            for number, rows in enumerate(exports):
                path = write(folder / f"{number}.csv", rows)
                before = _without_place(content(store))
                store.undo(bring_in(store, path).import_id)
                assert _without_place(content(store)) == before
                bring_in(store, path)
                assert store.verify() == []
                states.append(_without_place(content(store), *_OF_THE_IMPORT))
            seen.append(states)
    assert seen[0] == seen[1]


_OF_THE_IMPORT = ("import_id",)


def _without_place(tables: dict[str, list[dict[str, object]]], *others: str) -> dict[str, list[object]]:
    left = {"file", *others}
    return {
        name: sorted(({k: v for k, v in one.items() if k not in left} for one in rows), key=repr)
        for name, rows in tables.items()
    }
