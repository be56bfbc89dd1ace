"""Areas by orders and per 10,000 residents, and the population file; figures worked out by hand."""

from typing import Any

import pytest

from helpers import database_of, orders_of
from hotline_tools.errors import DataFileError
from hotline_tools.reports.catalog import areas
from hotline_tools.reports.period import month
from hotline_tools.reports.population import Population, load_population
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report
from hotline_tools.reports.run import run_report

SMALL = database_of(
    orders_of("""
        category | street | caller_key
        物业管理 | 甲街   | a
        物业管理 | 甲街   | a
        噪声     | 甲街   | b
        噪声     | 乙街   | -
        噪声     | 乙街   | -
        供水     | -      | -
        供水     | 乙街   | -
    """)
)


def picked(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def test_areas_rank_by_orders_then_per_10000() -> None:
    # 甲街 3 orders (callers a, b; 物业管理 2 of 3), 乙街 3 (噪声 2), one without a street.
    plain = areas.compute(SMALL, Query())
    assert picked(plain.rows, "rank", "area", "orders", "callers", "top_category", "top_category_share") == [
        (1, "乙街", 3, None, "噪声", 2 / 3),
        (1, "甲街", 3, 2, "物业管理", 2 / 3),
        (None, "（未填写）", 1, None, "供水", 1.0),
    ]
    # 3 ÷ 10,000 → 3.0 and 3 ÷ 40,000 → 0.75 per 10,000; 丙街 has residents and no orders.
    people = Population("人口.csv", {"甲街": 10_000, "乙街": 40_000, "丙街": 5_000})
    ranked = areas.compute(SMALL, Query(population=people))
    assert picked(ranked.rows, "rank", "area", "per_10k") == [
        (1, "甲街", 3.0), (2, "乙街", 0.75), (3, "丙街", 0.0), (None, "（未填写）", None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("filled", "level"),
    [(("district",), "district"), (("community", "district"), "community"), (("grid",), "grid")],
)
def test_areas_default_to_the_first_level_that_is_filled(filled: tuple[str, ...], level: str) -> None:
    names = {"district": "某区", "community": "东社区", "grid": "1"}
    rows = [{"received_at": "2025-06-01", **{name: names[name] for name in filled}}] * 2
    table = areas.compute(database_of(rows), Query())
    assert picked(table.rows, "area", "orders") == [(names[level], 2)]
    assert any(note.startswith("数据中没有镇街") for note in table.notes)
    assert table.incomplete is False


def test_areas_keep_the_level_of_all_periods() -> None:
    rows = [
        {"received_at": "2025-05-01", "street": "甲街"},
        {"received_at": "2025-06-01", "district": "某区"},
    ]
    table = areas.compute(database_of(rows), Query(period=month(2025, 6)))
    assert "镇街" in table.title
    assert table.incomplete


POPULATION_CASES = [
    ("a header, thousands apart", "街道,人口\n甲街,\"12,000\"\n乙街,300\n", {"甲街": 12000, "乙街": 300}),
    ("no header, BOM", "\ufeff甲街,5\n\n", {"甲街": 5}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "text", "expected"), POPULATION_CASES)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_population_files(
    tmp_path: Any, what: str, text: str, expected: dict[str, int], encoding: str
) -> None:
    path = tmp_path / "人口.csv"
    path.write_bytes(text.removeprefix("\ufeff" if encoding == "gb18030" else "").encode(encoding))
    assert load_population(path).residents == expected, what


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("甲街,5\n乙街,很多\n", "第 2 行"),
        ("甲街,5\n甲街,6\n", "两次"),
        ("", "空的"),
        ("甲街,5\n乙街,0\n", "第 2 行"),
    ],
)
def test_population_mistakes_are_located(tmp_path: Any, text: str, says: str) -> None:
    path = tmp_path / "人口.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=says):
        load_population(path)


def test_a_comparison_does_not_subtract_the_share_of_another_category() -> None:
    # May: 噪声 is the largest of 甲街 (2 of 3); June: 物业 (3 of 4). They have nothing to subtract.
    rows = [
        {"street": "甲街", "category": category, "received_at": f"2025-0{number}-03"}
        for number, category in [
            (5, "噪声"),
            (5, "噪声"),
            (5, "物业"),
            (6, "物业"),
            (6, "物业"),
            (6, "物业"),
            (6, "噪声"),
        ]
    ]
    table = run_report(
        find_report("areas"), database_of(rows), Query(period=month(2025, 6), compare="previous")
    )
    assert (table.rows[0]["top_category"], table.rows[0]["top_category_share"]) == ("物业", 0.75)
    assert not [
        column.name for column in table.columns if column.name.startswith("top_category_share_change")
    ]
    assert table.column("orders_change")


def test_an_area_whose_orders_never_tell_a_closing_has_no_number_of_closed_orders() -> None:
    rows = [
        {"received_at": "2025-06-01", "street": "甲街", "status": "closed", "closed_at": "2025-06-02"},
        {"received_at": "2025-06-01", "street": "乙街", "status": "open"},
        {"received_at": "2025-06-01", "street": "丙街"},
    ]
    table = areas.compute(database_of(rows), Query())
    closed = {row["area"]: row["closed"] for row in table.rows}
    assert closed == {"甲街": 1, "乙街": 0, "丙街": None}
    assert table.totals["closed"] == 1


def test_areas_without_any_closing_say_so() -> None:
    table = areas.compute(database_of([{"received_at": "2025-06-01", "street": "甲街"}] * 2), Query())
    assert table.totals["closed"] is None
    assert any("无法计算已办结件数" in note for note in table.notes)
