"""What a store holds is what its commits put there; of two words about one order the last one holds."""

import shutil
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

import hotline_tools as ht
from hotline_tools.schema import LABELS

HEADER = "工单编号,受理时间,诉求内容,诉求渠道\n"


def store_of(folder: Path, *files: str) -> ht.Store:
    store = ht.Store.open(folder / "库", create=True)
    for number, text in enumerate(files):
        file = folder / f"{number}.csv"
        file.write_text(HEADER + text, encoding="utf-8")
        ht.import_files(store, [file])
    return store


def count(store: ht.Store) -> int:
    (row,) = ht.sql(store, "SELECT count(*) AS orders FROM orders").rows
    return int(str(row["orders"]))


@pytest.mark.parametrize("name", ["orders - 副本.parquet", "orders-2.parquet", "坏.parquet"])
def test_a_file_that_somebody_put_there_is_not_read(tmp_path: Path, name: str) -> None:
    store = store_of(tmp_path, "A1,2025-06-01,路灯不亮,电话\nA2,2025-06-02,井盖破损,电话\n")
    month = store.path / "orders" / "month=2025-06"
    if name.startswith("坏"):
        (month / name).write_text("x", encoding="utf-8")
    else:
        shutil.copy(month / "orders.parquet", month / name)
    shutil.copytree(month, month.with_name("month=2025-06 - 副本"))
    assert count(store) == 2
    assert ht.report(store, "channels").totals["orders"] == 2
    file = tmp_path / "more.csv"
    file.write_text(HEADER + "A3,2025-06-03,积水,电话\n", encoding="utf-8")
    ht.import_files(store, [file])
    assert count(store) == 3


def test_an_order_that_now_says_a_later_day_is_not_forgotten(tmp_path: Path) -> None:
    early = "K1,2023-12-31 23:00:00,路灯不亮,电话\nK2,2023-12-30 23:00:00,井盖破损,电话\n"
    store = store_of(tmp_path, early, "K1,2024-01-01 08:00:00,路灯不亮,电话\n")
    assert [
        str(r["received_at"]) for r in ht.sql(store, "SELECT received_at FROM orders ORDER BY 1").rows
    ] == [
        "2023-12-30 23:00:00",
        "2024-01-01 08:00:00",
    ]
    assert store.forget(before=date(2024, 1, 1)).orders == 1
    (left,) = ht.sql(store, "SELECT order_id FROM orders").rows
    assert left["order_id"] == "K1"


def test_of_two_labels_for_one_order_the_later_one_stays(tmp_path: Path) -> None:
    store = store_of(tmp_path, "A1,2025-06-01,路灯不亮,电话\nA2,2025-06-02,井盖破损,电话\n")
    (key,) = (
        r["order_key"] for r in ht.sql(store, "SELECT order_key FROM orders WHERE order_id = 'A1'").rows
    )
    labels = [{"order_key": key, "category": name} for name in ("噪声扰民", "物业管理", "市政设施")]
    written = [pa.Table.from_pylist(labels[:2], LABELS), pa.Table.from_pylist(labels[2:], LABELS)]
    assert store.write_labels(iter(written), origin="person") == 1
    rows = ht.sql(store, "SELECT order_id, category FROM orders ORDER BY order_id").rows
    assert [(r["order_id"], r["category"]) for r in rows] == [("A1", "市政设施"), ("A2", None)]
