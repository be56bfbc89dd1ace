"""Areas of one name under two parents stay two rows, printed with their parent; filters take one or all."""

from typing import Any

import pytest

from helpers import MemoryDatabase, database_of
from hotline_tools.errors import UsageError
from hotline_tools.reports.period import month
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report
from hotline_tools.reports.run import run_report
from hotline_tools.table import ReportTable

MAY, JUNE = "2025-05-05 10:00", "2025-06-05 10:00"
Rows = list[dict[str, Any]]


def orders(number: int, district: str | None, street: str | None, community: str | None, **same: Any) -> Rows:
    place = {"district": district, "street": street, "community": community}
    return [{"received_at": JUNE, "category": "类", "subcategory": "噪声", **place, **same}] * number


ROWS = [
    # 春晖社区 under two streets, 城关街道 in two districts, each with a 东门社区; 西门社区 is one alone.
    *orders(5, "甲区", "一街道", "春晖社区", grid="一网格"),
    *orders(3, "甲区", "二街道", "春晖社区", grid="一网格"),
    *orders(4, "甲区", "城关街道", "东门社区"),
    *orders(2, "乙区", "城关街道", "东门社区"),
    *orders(6, "甲区", "二街道", "西门社区"),
    *orders(1, None, None, "西门社区"),  # its only known parents are 甲区 and 二街道
    *orders(1, "甲区", None, "春晖社区"),
    *orders(1, None, None, "春晖社区"),
]


def answer(name: str = "areas", rows: Rows = ROWS, **query: Any) -> ReportTable:
    return run_report(find_report(name), database_of(rows), Query(**query))


def counted(table: ReportTable, column: str = "area") -> dict[Any, Any]:
    return {row[column]: row["orders"] for row in table.rows}


BY_COMMUNITY = {
    "西门社区": 7,
    "春晖社区（一街道）": 5,
    "东门社区（甲区城关街道）": 4,
    "春晖社区（二街道）": 3,
    "东门社区（乙区城关街道）": 2,
    "春晖社区（甲区）": 1,
    "春晖社区（镇街未填写）": 1,
}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("community", BY_COMMUNITY),
        (
            "street",
            {"二街道": 9, "一街道": 5, "城关街道（甲区）": 4, "城关街道（乙区）": 2, "（未填写）": 3},
        ),
        ("district", {"甲区": 19, "乙区": 2, "（未填写）": 2}),
        (
            "grid",
            {"一网格（一街道春晖社区）": 5, "一网格（二街道春晖社区）": 3, "（未填写）": 15},
        ),
    ],
)
def test_namesakes_are_rows_of_their_own(by: str, expected: dict[str, int]) -> None:
    table = answer(by=by)
    assert counted(table) == expected
    assert table.totals["orders"] == len(ROWS)
    assert any("同名区域" in note for note in table.notes) is (by != "district")


def test_the_note_names_the_areas_of_the_level_that_is_listed() -> None:
    (said,) = [str(note) for note in answer(by="community").notes if "同名区域" in str(note)]
    assert "春晖社区" in said
    assert "东门社区" in said
    assert "城关街道" not in said


def test_without_a_level_asked_for_the_report_knows_its_own() -> None:
    assert "城关街道（乙区）" in counted(answer())
    no_streets = [{**row, "street": None} for row in ROWS]
    assert counted(answer(rows=no_streets))["东门社区（乙区）"] == 2


@pytest.mark.parametrize(
    ("name", "column"), [("pareto", "item"), ("trend", "series"), ("movers", "item"), ("cross", "area")]
)
def test_every_report_by_area_keeps_them_apart(name: str, column: str) -> None:
    rows = ROWS * 3 + [{**row, "received_at": MAY} for row in ROWS]
    table = answer(name, rows, by="community", period=month(2025, 6))
    assert {row[column] for row in table.rows} >= {"春晖社区（一街道）", "春晖社区（二街道）"}
    assert "春晖社区" not in {row[column] for row in table.rows}


def test_a_namesake_that_only_one_period_has_keeps_its_name() -> None:
    rows = ROWS + [{**row, "received_at": MAY} for row in ROWS if row["street"] == "一街道"]
    table = answer(rows=rows, by="community", period=month(2025, 6), compare="previous")
    then = {row["area"]: row["orders_then"] for row in table.rows}
    assert then["春晖社区（一街道）"] == 5
    assert then["春晖社区（二街道）"] == 0


@pytest.mark.parametrize(
    ("area", "orders_of"),
    [
        ("春晖社区", 10),
        ("春晖社区（二街道）", 3),
        ("城关街道", 6),
        ("城关街道（乙区）", 2),
        ("二街道", 9),
        ("甲区", 19),
        ("一网格", 8),
    ],
)
@pytest.mark.parametrize("name", ["categories", "areas"])
def test_a_filter_takes_one_or_all_of_a_name(name: str, area: str, orders_of: int) -> None:
    table = answer(name, area=area)
    assert table.totals["orders"] == orders_of
    several = area in ("春晖社区", "城关街道", "一网格")
    assert any("合并统计" in note for note in table.notes) is several


def test_a_name_that_the_store_does_not_know_is_refused() -> None:
    with pytest.raises(UsageError, match="春晖社区（三街道）"):
        answer(area="春晖社区（三街道）", by="community")


def test_one_known_parent_is_no_namesake() -> None:
    """Half of the orders lack the street: there is one 西门社区 still, called by its bare name."""
    rows = orders(3, "甲区", "二街道", "西门社区") + orders(3, "甲区", None, "西门社区")
    table = answer(rows=rows, by="community")
    assert counted(table) == {"西门社区": 6}
    assert not any("同名" in note for note in table.notes)


@pytest.mark.parametrize(("district", "looks"), [("甲区", 0), ("乙区", 1)])
def test_streets_are_compared_where_there_are_two_districts(
    district: str, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    query = MemoryDatabase.query
    monkeypatch.setattr(MemoryDatabase, "query", lambda self, sql: asked.append(sql) or query(self, sql))
    rows = [*orders(2, "甲区", "城关街道", None), *orders(1, district, "城关街道", None)]
    answer(rows=rows, by="street")
    assert sum("street AS name" in sql for sql in asked) == looks
