"""Shares of a printed list are those of their counts in every form; a note says where they do not add up."""

import io
from dataclasses import replace
from itertools import accumulate

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from helpers import database_of
from hotline_tools.render.chart import draw
from hotline_tools.render.columns import notes_of
from hotline_tools.render.fitting import fitted
from hotline_tools.render.html import render_fragment
from hotline_tools.render.markdown import render_markdown
from hotline_tools.render.shares import with_rounding_told
from hotline_tools.render.terminal import render_terminal
from hotline_tools.render.xlsx import render_xlsx
from hotline_tools.reports.catalog import categories
from hotline_tools.reports.query import Query
from hotline_tools.table import Cell, Counts, Field, Grid, ReportTable


def shares(number: int, **query: int) -> ReportTable:
    rows = [{"category": f"类{n}"} for n in range(number)]
    return categories.compute(database_of(rows), Query(**query))


def printed(table: ReportTable) -> dict[str, str]:
    """The table in each form that people read."""
    out = io.StringIO()
    render_terminal(table, Console(file=out, width=120))
    page = fitted(table, 442, (12, 10.5, 9))[0]
    cells = [cell for column in page.columns for cell in column.cells]
    paper = "\n".join([*cells, *map(str, notes_of(page.table))])
    sheet = openpyxl.load_workbook(io.BytesIO(render_xlsx(table))).active
    cells = [
        f"{cell.value:.1%}" if cell.number_format == "0.0%" and cell.value is not None else str(cell.value)
        for row in sheet.iter_rows()
        for cell in row
    ]
    return {
        "terminal": out.getvalue(),
        "md": render_markdown(table),
        "html": str(render_fragment(table)),
        "docx, pptx, pdf": paper,
        "xlsx": "\n".join(cells),
    }


@pytest.mark.parametrize("form", ["terminal", "md", "html", "docx, pptx, pdf", "xlsx"])
def test_equal_counts_have_equal_shares_and_a_note_says_why_they_do_not_sum_to_100(form: str) -> None:
    text = printed(shares(6))[form]
    assert (text.count("16.7%"), text.count("16.6%")) == (6, 0)
    assert text.count("各项占比分别四舍五入到一位小数，相加可能不等于 100.0%。") == 1
    assert "四舍五入" not in printed(shares(4))[form]


def test_a_picture_tells_the_shares_that_the_table_tells() -> None:
    drawn = "".join(text.get_text() for text in draw(shares(6)).axes[0].texts)
    assert (drawn.count("16.7%"), drawn.count("16.6%")) == (6, 0)


def test_lists_that_need_no_word_stay_as_they_are() -> None:
    assert with_rounding_told(shares(4)) == shares(4)
    part = shares(6)
    part.rows.pop()  # what is not shown has a share too
    assert with_rounding_told(part) is part


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
    return ReportTable("x", "题", columns, rows, totals={"orders": sums[-1]})


@pytest.mark.parametrize(
    ("counts", "is_told"),
    [([1, 1], False), ([1, 1, 1], True), ([2, 1, 1], False), ([5, 5, 5, 1], True)],
)
def test_shares_beside_their_running_sum_say_where_they_do_not_add_up_to_it(
    counts: list[int], is_told: bool
) -> None:
    notes = [str(note) for note in with_rounding_told(running(counts)).notes]
    assert ["占比逐项相加可能与累计占比差" in note for note in notes] == [True] * is_told


@given(st.lists(st.integers(0, 10**4), min_size=1, max_size=40).filter(any))
def test_without_a_word_the_shares_sum_to_100(counts: list[int]) -> None:
    table = running(counts)
    table = replace(table, columns=table.columns[:3])
    read = [round(float(str(row["share"])) * 100, 1) for row in table.rows]
    assert bool(with_rounding_told(table).notes) == (round(sum(read), 1) != 100)


def test_a_matrix_of_counts_says_nothing_of_shares() -> None:
    laid = replace(shares(6), grid=Grid("category", "rank", "orders"))
    assert with_rounding_told(laid) == laid
