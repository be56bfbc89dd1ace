"""Categories with their types of request and how satisfied people were; figures worked out by hand."""

from helpers import database_of, orders_of
from hotline_tools.reports.catalog import categories
from hotline_tools.reports.query import Query

ORDERS = database_of(
    orders_of("""
        category | subcategory | request_type | satisfaction | status
        物业 | 电梯 | 投诉 | satisfied    | closed
        物业 | 电梯 | 投诉 | dissatisfied | closed
        物业 | 车位 | 咨询 | unrated      | closed
        供水 | -    | 投诉 | satisfied    | closed
        -    | -    | -    | -            | open
    """)
)


def test_each_category_tells_its_types_and_its_satisfaction() -> None:
    # 物业: 2 of 3 complaints, 1 of 2 rated satisfied; 供水: 1 of 1; the unclassified: nothing.
    table = categories.compute(ORDERS, Query())
    got = [
        (
            r["category"],
            r["orders"],
            r["types"],
            r["satisfied_rate_numerator"],
            r["satisfied_rate_denominator"],
        )
        for r in table.rows
    ]
    assert got == [
        ("物业", 3, ["投诉 2", "咨询 1"], 1, 2), ("供水", 1, ["投诉 1"], 1, 1), ("未归类", 1, [], 0, 0),
    ]  # fmt: skip
    assert (table.totals["satisfied_rate_numerator"], table.totals["satisfied_rate_denominator"]) == (2, 3)
    assert table.rows[2]["satisfied_rate"] is None


def test_what_is_folded_keeps_its_satisfaction() -> None:
    rest = categories.compute(ORDERS, Query(by="subcategory", top=1)).rows[1]
    assert (rest["subcategory"], rest["orders"], rest["satisfied_rate_denominator"]) == ("其余 3 项", 3, 1)


def test_by_type_of_request() -> None:
    table = categories.compute(ORDERS, Query(by="request_type"))
    assert [(r["category"], r["orders"], r["satisfied_rate_denominator"]) for r in table.rows] == [
        ("投诉", 3, 3), ("咨询", 1, 0), ("（未填写）", 1, 0),
    ]  # fmt: skip
    assert (table.title, table.column("category").label) == ("诉求类型占比", "诉求类型")


def test_what_an_export_does_not_tell_is_not_left_to_the_classifier() -> None:
    table = categories.compute(ORDERS, Query(by="original_category"))
    assert [row["category"] for row in table.rows] == ["（未填写）"]
    assert "无法计算按原分类的分布：范围内的工单都没有填“原分类”。" in table.notes
    assert table.incomplete
    assert not any("hotline classify" in note or "分类器" in note for note in table.notes)
    assert "needs_review" not in [column.name for column in table.columns]
    assert not categories.compute(ORDERS, Query()).incomplete
