"""Several helping units in one cell: split at whatever an export writes between them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import MemoryDatabase, database_of, orders_table
from hotline_tools.errors import UsageError
from hotline_tools.reports.catalog import departments
from hotline_tools.reports.query import Query, co_units_sql
from hotline_tools.reports.registry import find_report
from hotline_tools.reports.run import run_report
from hotline_tools.text import split_names

CELLS = [
    ("one", "甲局", ["甲局"]),
    ("as an import writes them", "甲局;乙局", ["甲局", "乙局"]),
    ("the comma of lists", "甲局、乙局", ["甲局", "乙局"]),
    (
        "commas and semicolons of both widths",
        "甲局,乙局，丙局;丁局；戊局",
        ["甲局", "乙局", "丙局", "丁局", "戊局"],
    ),
    ("slashes and bars", "甲局/乙局／丙局|丁局", ["甲局", "乙局", "丙局", "丁局"]),
    ("line breaks", "甲局\n乙局\r\n丙局", ["甲局", "乙局", "丙局"]),
    ("a line break that an import made a blank", "甲局 乙局", ["甲局", "乙局"]),
    ("each once, blanks and empty parts dropped", " 甲局；； 甲局 、乙局；", ["甲局", "乙局"]),
    ("a blank in a foreign name is part of it", "ABC Ltd；乙局", ["ABC Ltd", "乙局"]),
]


@pytest.mark.parametrize(("why", "cell", "names"), CELLS, ids=[why for why, _, _ in CELLS])
def test_a_cell_is_split_into_its_units(why: str, cell: str, names: list[str]) -> None:
    assert split_names(cell) == names, why
    table = departments.compute(database_of([{"co_departments": cell}]), Query(co=True))
    assert sorted(str(row["unit"]) for row in table.rows) == sorted(names), why


def test_the_filter_finds_a_unit_in_any_place() -> None:
    database = database_of([{"co_departments": cell} for _, cell, _ in CELLS])
    table = departments.compute(database, Query(co=True, department="乙局"))
    assert [(row["unit"], row["orders"]) for row in table.rows] == [("乙局", 8)]


@settings(deadline=None)
@given(st.text(alphabet="甲乙局；;、, /|\n（）A", max_size=20))
def test_the_engine_splits_as_the_importer_does(cell: str) -> None:
    database = MemoryDatabase(orders_table([{"co_departments": cell}]))
    (found,) = database.query(f"SELECT {co_units_sql()} AS names FROM orders")["names"].to_pylist()
    assert sorted(name for name in found if name) == sorted(split_names(cell))


def test_one_unit_alone_has_no_rank() -> None:
    rows = [
        {
            "department": name,
            "satisfaction": said,
            "status": "closed",
            "received_at": "2025-06-02",
            "district": area,
        }
        for name, said, area in [("甲局", "dissatisfied", "东区"), ("乙局", "satisfied", "西区")]
        for _ in range(12)
    ]
    database = database_of(rows)
    report = find_report("departments")
    everybody = run_report(report, database, Query())
    assert {row["unit"]: row["rank"] for row in everybody.rows} == {"乙局": 1, "甲局": 2}
    alone = run_report(report, database, Query(department="甲局"))
    assert [(row["unit"], row["rank"], row["board"], row["orders_rank"]) for row in alone.rows] == [
        ("甲局", None, None, None)
    ]
    assert any("不排名次" in note for note in alone.notes)
    by_area = run_report(report, database, Query(by="district", area="东区"))
    assert [row["rank"] for row in by_area.rows] == [None]
    # Departments within an area are several, and stand in their order.
    within = run_report(report, database, Query(area="东区"))
    assert [(row["unit"], row["rank"]) for row in within.rows] == [("甲局", 1)]


@pytest.mark.parametrize("name", ["categories", "departments", "supervise"])
def test_a_filter_by_helping_units_speaks_of_their_column(name: str) -> None:
    query = Query(co=True, department="甲局")
    table = run_report(find_report(name), database_of([{"department": "甲局"}]), query)
    told = [note.text for note in table.notes]
    assert "无法按协办单位“甲局”筛选：库中“协办单位”没有填写。" in told
    with pytest.raises(UsageError, match="库中没有协办单位“甲局”。是不是 甲局分局？"):
        run_report(find_report(name), database_of([{"co_departments": "甲局分局"}]), query)


def test_without_helping_units_the_report_says_so() -> None:
    table = run_report(find_report("departments"), database_of([{"department": "甲局"}]), Query(co=True))
    told = [note.text for note in table.notes]
    assert "范围内没有写明协办单位的工单。" in told and not any("放宽" in text for text in told)
