"""Reports that look at no label do not join millions of orders with theirs: they read ``stored_orders``."""

import duckdb
import pytest

from helpers import database_of
from hotline_tools.reports.query import LABEL_COLUMNS, Query, scope, view_of
from hotline_tools.reports.registry import find_report

ORDERS = [
    {
        "received_at": f"2025-{month:02}-{day:02} 08:00",
        "closed_at": f"2025-{month:02}-{day:02} 18:00", "status": "closed",
        "department": "甲局", "street": "甲街", "community": "甲社区", "grid": "一格", "reporter": "R1",
        "channel": "网格上报", "reply": "已修复，谢谢。", "satisfaction": "satisfied",
        "caller_key": f"c{day % 3}",
    }
    for month in (5, 6) for day in range(1, 11)
]  # fmt: skip
UNLABELLED = [
    ("channels", Query()),
    ("channels", Query(proactive=True)),
    ("gridwork", Query()),
    ("hours", Query()),
    ("ledger", Query()),
    ("loop", Query()),
    ("movers", Query(by="street")),
    ("pareto", Query(by="department")),
    ("replies", Query()),
    ("trend", Query()),
    ("trend", Query(by="channel")),
]
LABELLED = [
    ("categories", Query()),
    ("channels", Query(category="噪声")),
    ("pareto", Query(by="category")),
    ("trend", Query(by="subcategory")),
]


def answer_without_orders(name: str, query: Query) -> int:
    """Compute the report where the view with labels is missing; return the number of its rows."""
    database = database_of(ORDERS)
    database.connection.execute("CREATE OR REPLACE TEMP TABLE bare AS SELECT * FROM orders")
    database.connection.execute("DROP TABLE orders")
    database.define_from("bare")
    return len(find_report(name).compute(database, query).rows)


@pytest.mark.parametrize(("name", "query"), UNLABELLED)
def test_a_report_without_labels_reads_none(name: str, query: Query) -> None:
    assert answer_without_orders(name, query) > 0


@pytest.mark.parametrize(("name", "query"), LABELLED)
def test_a_report_with_labels_reads_them(name: str, query: Query) -> None:
    with pytest.raises(duckdb.CatalogException, match="orders"):
        answer_without_orders(name, query)


def test_the_view_follows_from_the_columns() -> None:
    assert view_of(Query(), ("street", None)) == "stored_orders"
    assert view_of(Query(), ()) == "stored_orders"
    assert view_of(Query()) == "orders", "all columns unless told"
    assert view_of(Query(category="噪声"), ("street",)) == "orders", "the filter looks at the label"
    for column in LABEL_COLUMNS:
        assert view_of(Query(), (column,)) == "orders", column
    assert scope(Query(channel="网站"), columns=()) == "SELECT * FROM stored_orders WHERE channel = '网站'"
