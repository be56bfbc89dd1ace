"""Workbooks of documents: an overview with native charts, one sheet a table, texts that stay texts."""

import io
import re
import zipfile
from datetime import datetime
from itertools import pairwise
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import range_boundaries

from document_samples import BARS, CLEAN, DOCUMENT, HOSTILE
from hotline_tools.document import Chart, Document, Section, Sentence
from hotline_tools.render.fitting import cell_len
from hotline_tools.render.registry import render
from hotline_tools.render.xlsx import page_breaks
from hotline_tools.table import Field, Note, NoteKind, ReportTable


@pytest.fixture(scope="module")
def blob() -> bytes:
    return render(DOCUMENT, "xlsx")


@pytest.fixture(scope="module")
def book(blob: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(blob))


def column(sheet: Any, number: int = 1) -> list[Any]:
    return [row[number - 1] for row in sheet.iter_rows(values_only=True) if row[number - 1] is not None]


def test_the_overview_comes_first_and_every_table_has_its_sheet_once(book: Any) -> None:
    assert book.sheetnames == ["概览", "1 走势", "2 类别占比", "3 得分", "4 时段", "图表数据"]
    assert [cell.value for cell in book["2 类别占比"][2]] == ["类别", "工单数\n（件）", "工单数\n（上月）"]


def test_the_overview_reads_from_top_to_bottom(book: Any) -> None:
    assert column(book["概览"]) == [
        "六月月报",
        "2025年6月　2025年第6期（总第42期）　某市热线办　2025年7月2日",
        "待核：占比合计 101%。",
        "总体情况",
        "共受理1,240件，“咨询”最多……",
        "三月最高",
        "数据：走势。",
        "分类情况",
        "类别占比（2025年6月）",
        "数据：类别占比（2025年6月），共 1,240 件。",
        "细项",
        "得分（镇街）",
        "数据：得分。",
        "得分（部门）",
        "数据：得分。",
        "上午最集中",
        "注：以受理时间计。",
    ]


def test_charts_draw_from_the_cells_of_the_last_sheet(blob: bytes, book: Any) -> None:
    charts = book["概览"]._charts
    assert [type(chart).__name__ for chart in charts] == ["LineChart", "BarChart", "BarChart", "BarChart"]
    drawn = []
    for chart in charts:
        for series in chart.series:
            sheet, _, cells = series.val.numRef.f.replace("'", "").partition("!")
            left, top, right, bottom = range_boundaries(cells)
            assert (sheet, top, left) == ("图表数据", 2, right)
            drawn.append([book[sheet].cell(row, left).value for row in range(1, bottom + 1)])
    assert drawn == [
        ["工单数", 5, None, 7],
        ["工单数", 1234, 6],
        ["工单数（上月）", 1000, None],
        ["得分", 90.5],
        ["得分", 88],
    ]
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        drawing = package.read("xl/drawings/drawing1.xml").decode()
    told = re.findall(r'descr="([^"]*)"', drawing)
    assert "折线图" in told and all(told) and len(told) == 5  # four charts and the picture


def test_texts_of_callers_stay_texts(blob: bytes, book: Any) -> None:
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in package.read(name) for name in sheets)
    assert CLEAN in column(book["图表数据"], 3 + 1)


def test_a_hostile_title_and_sentence_open_again() -> None:
    document = Document(HOSTILE, (Section(HOSTILE, (Sentence(HOSTILE), Chart(BARS, HOSTILE, HOSTILE))),))
    book = openpyxl.load_workbook(io.BytesIO(render(document, "xlsx")))
    assert column(book["概览"])[:3] == [CLEAN] * 3


def test_sheets_print_on_a4_and_no_heading_is_left_alone_at_the_foot(book: Any) -> None:
    overview = book["概览"]
    assert (int(overview.page_setup.paperSize), overview.page_setup.orientation) == (9, "portrait")
    texts = {row: overview.cell(row, 1).value for row in range(1, overview.max_row + 1)}
    for stop in overview.row_breaks.brk:
        assert texts.get(stop.id) not in [section.title for section in DOCUMENT.sections]
    assert len(overview.row_breaks.brk) >= 1
    assert int(book["2 类别占比"].page_setup.paperSize) == 9


@pytest.mark.parametrize("thing", [DOCUMENT, BARS], ids=["document", "table"])
def test_the_same_content_gives_the_same_bytes_at_any_time(thing: Any) -> None:
    content = render(thing, "xlsx")
    assert content == render(thing, "xlsx")
    assert openpyxl.load_workbook(io.BytesIO(content)).properties.created == datetime(1980, 1, 1)


def test_no_label_of_the_charts_data_is_cut_off(book: Any) -> None:
    sheet = book["图表数据"]
    for cells in sheet.iter_cols():
        labels = [cell.value for cell in cells[1:] if isinstance(cell.value, str)]
        width = sheet.column_dimensions[cells[0].column_letter].width
        assert all(cell_len(label) < width for label in labels)


def print_setup(rows: int, notes: int) -> tuple[int, list[int]]:
    """Return how many pages high a table is printed (0: as many as it takes), and the rows above breaks."""
    table = ReportTable(
        "t", "表", (Field("name", "名称"), Field("orders", "工单数", "integer")),
        [{"name": f"第{n}行", "orders": n} for n in range(rows)],
        notes=[Note(NoteKind.SHOWN, "末注。") for _ in range(notes)],
    )  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(render(table, "xlsx"))).active
    assert int(sheet.page_setup.fitToWidth or 1) == 1
    high = 1 if sheet.page_setup.fitToHeight is None else int(sheet.page_setup.fitToHeight)
    return high, [stop.id for stop in sheet.row_breaks.brk]


@pytest.mark.parametrize(
    ("rows", "notes", "high", "breaks"),
    [
        (20, 3, 0, []),  # fits
        (27, 3, 1, []),  # a little higher than a page: smaller type
        (32, 0, 1, []),
        (45, 3, 0, [30]),  # 28 rows and 17
        (25, 25, 0, [24]),  # the last three rows go with the notes
        (29, 25, 0, [28]),
        (20, 60, 0, [19]),  # the notes alone take more than a page
        (58, 0, 0, [30, 57]),  # of 28, 27 and 3 rows, not 28 and 30 with the line below on a page of its own
        (59, 3, 0, [30, 58]),
    ],
)
def test_no_page_holds_notes_or_a_row_or_two_alone(
    rows: int, notes: int, high: int, breaks: list[int]
) -> None:
    assert print_setup(rows, notes) == (high, breaks)


@given(
    st.lists(st.integers(1, 3), max_size=120),
    st.lists(st.integers(1, 2), max_size=6),
    st.floats(490, 1200),
)
def test_each_page_has_room_for_its_rows_and_three_at_least(
    lines: list[int], notes: list[int], room: float
) -> None:
    heights = [20.25, 31.5, *(15.75 * n for n in lines), 15.75, *(15.75 * n for n in notes)]
    end = 2 + len(lines)
    pages = list(pairwise([2, *page_breaks(heights, end, room), len(heights)]))
    for start, stop in pages:
        assert sum(heights[start:stop]) + heights[1] + heights[0] * (start == 2) <= room
        assert len(pages) == 1 or min(stop, end) - start >= 3


def test_a_sheet_has_no_more_breaks_than_excel_allows() -> None:
    assert len(print_setup(1000, 3)[1]) == 33  # 28 rows, then 30 a page
    assert print_setup(40_000, 0) == (0, [])
