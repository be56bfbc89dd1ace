"""Shares of a printed list sum to 100 %; files keep the exact values."""

import io
from dataclasses import replace
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from helpers import database_of
from hotline_tools.render.chart import draw
from hotline_tools.render.html import render_fragment
from hotline_tools.render.markdown import render_markdown
from hotline_tools.render.shares import even_shares, largest_remainder
from hotline_tools.render.terminal import render_terminal
from hotline_tools.reports.catalog import categories
from hotline_tools.reports.query import Query
from hotline_tools.table import Cell, Counts, Field, Grid, ReportTable

CASES = [
    ("thirds: 33.3 each leaves 0.1", [1, 1, 1], [334, 333, 333]),
    ("six: 16.7 each is 0.2 too much", [1] * 6, [167, 167, 167, 167, 166, 166]),
    ("even", [1, 1], [500, 500]),
    ("nothing gets nothing", [3, 0, 0], [1000, 0, 0]),
]


@pytest.mark.parametrize(("why", "counts", "units"), CASES, ids=[why for why, _, _ in CASES])
def test_the_largest_remainders_get_what_is_left(why: str, counts: list[int], units: list[int]) -> None:
    assert largest_remainder(counts, 1000) == units, why


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any))
def test_parts_sum_to_the_whole_and_are_near(counts: list[int]) -> None:
    parts = largest_remainder(counts, 1000)
    assert sum(parts) == 1000
    assert all(abs(part - 1000 * count / sum(counts)) < 1 for part, count in zip(parts, counts, strict=True))


def shares(number: int, **query: int) -> ReportTable:
    rows = [{"category": f"类{n}"} for n in range(number)]
    return categories.compute(database_of(rows), Query(**query))


def test_people_read_a_list_that_sums_to_100() -> None:
    table = shares(6)
    out = io.StringIO()
    render_terminal(table, Console(file=out, width=120))
    drawn = "".join(text.get_text() for text in draw(table).axes[0].texts)
    assert (drawn.count("16.7%"), drawn.count("16.6%")) == (4, 2)
    for text in (out.getvalue(), render_markdown(table), str(render_fragment(table))):
        assert (text.count("16.7%"), text.count("16.6%")) == (4, 2)
        assert "最大余数法" in text
    assert [row["share"] for row in table.to_dict()["rows"]] == [1 / 6] * 6


def test_lists_that_need_no_mending_stay_as_they_are() -> None:
    assert even_shares(shares(4)) == shares(4)
    part = shares(6)
    part.rows.pop()  # what is not shown has a share too
    assert even_shares(part) is part


def running(counts: list[int]) -> ReportTable:
    of_all = {"of_total": True}
    columns = (
        Field("name", "名称"), Field("orders", "工单数", "integer"),
        Field("share", "占比", "rate", counts=Counts("orders", "orders", **of_all)),
        Field("sum", "累计", "integer"),
        Field("sum_share", "累计占比", "rate", counts=Counts("sum", "orders", **of_all)),
    )  # fmt: skip
    sums = list(accumulate(counts))
    rows: list[dict[str, Cell]] = [
        {"name": str(n), "orders": n, "share": n / sums[-1], "sum": total, "sum_share": total / sums[-1]}
        for n, total in zip(counts, sums, strict=True)
    ]
    return ReportTable("x", "题", columns, rows, {"orders": sums[-1]})


@given(st.lists(st.integers(1, 10**4), min_size=1, max_size=40))
def test_a_share_beside_its_running_sum_never_contradicts_it(counts: list[int]) -> None:
    table = even_shares(running(counts))
    if table == running(counts):
        return
    read = [round(float(str(row["sum_share"])) * 100, 1) for row in table.rows]
    steps = [round(end - start, 1) for start, end in pairwise([0.0, *read])]
    assert [round(float(str(row["share"])) * 100, 1) for row in table.rows] == steps


def test_a_matrix_of_counts_says_nothing_of_shares() -> None:
    table = shares(6)
    laid = replace(table, grid=Grid("category", "rank", "orders"))
    assert even_shares(laid) == laid
