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
from hotline_tools.render.printing import TITLE, height_of, lines_of, page_breaks, printed
from hotline_tools.render.registry import render
from hotline_tools.table import ChartHint, Field, Note, NoteKind, ReportTable


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


def test_what_the_charts_draw_is_neither_shown_nor_printed(book: Any) -> None:
    assert [sheet.title for sheet in book if sheet.sheet_state != "visible"] == ["图表数据"]


def test_the_type_is_one_whose_figures_are_as_wide_in_any_program(book: Any) -> None:
    """A type that a machine lacks is replaced by a wider one: columns overran the paper."""
    fonts = {cell.font.name for sheet in book for row in sheet.iter_rows() for cell in row}
    assert fonts == {"Arial"}
    assert book["概览"].page_setup.fitToHeight == 0 and book["概览"].sheet_properties.pageSetUpPr.fitToPage


def test_figures_and_texts_of_a_row_stand_on_one_line(book: Any) -> None:
    cells = book["2 类别占比"][3]
    assert {cell.alignment.vertical for cell in cells} == {"center"}


@pytest.mark.parametrize(
    ("why", "widths", "names", "starts"),
    [
        ("one page in the usual type", [20, *[11] * 10], 1, [0]),
        ("a little smaller", [20, *[11] * 12], 1, [0]),
        ("two pages about equally wide", [20, *[11] * 20], 1, [0, 11]),
        ("three pages", [20, *[11] * 35], 1, [0, 13, 24]),
        ("names that take most of a page stand on none twice", [60, 60, *[11] * 20], 2, [0]),
    ],
)
def test_a_table_too_broad_to_be_read_takes_several_pages(
    why: str, widths: list[int], names: int, starts: list[int]
) -> None:
    pages = printed(widths, names)
    assert pages.starts == starts, why
    assert pages.below == ((names, starts[1] - 1) if len(starts) > 1 else (0, len(widths) - 1))


def test_figures_at_a_line_stand_on_white_and_below_where_it_bends_up() -> None:
    trend = ReportTable(
        "trend", "走势", (Field("month", "月"), Field("orders", "工单数", "integer")),
        [{"month": f"{n}月", "orders": value} for n, value in enumerate((2263, 1382, 2454, 2347, 3716))],
        chart=ChartHint("lines", "month", "orders"),
    )  # fmt: skip
    content = render(Document("报", (Section("", (Chart(trend),)),)), "xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        chart = package.read("xl/charts/chart1.xml").decode()
    below = re.findall(r'<c:dLbl><c:idx val="(\d)"/>(.*?)</c:dLbl>', chart)
    assert [place for place, _ in below] == ["1", "3"]
    assert all('<c:dLblPos val="b"/><c:showVal val="1"/>' in label for _, label in below)
    assert chart.count('<a:srgbClr val="FFFFFF"/>') == 3
    figure = openpyxl.load_workbook(io.BytesIO(content))["图表数据"]["B3"]
    assert (figure.value, figure.number_format) == (1382, "#,##0")


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
        (45, 3, 0, [29]),  # 27 rows and 18
        (25, 25, 0, [24]),  # the last three rows go with the notes
        (29, 25, 0, [28]),
        (20, 60, 0, [19]),  # the notes alone take more than a page
        (58, 0, 0, [29, 45]),  # 27 rows, then 16 and 15 in place of 29 and 2
        (59, 3, 0, [29, 47]),
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
    heights = [TITLE, *map(height_of, [2, *lines, 1, *notes])]
    end = 2 + len(lines)
    pages = list(pairwise([2, *page_breaks(heights, end, room), len(heights)]))
    for start, stop in pages:
        assert sum(heights[start:stop]) + heights[1] + heights[0] * (start == 2) <= room
        assert len(pages) == 1 or min(stop, end) - start >= 3


@pytest.mark.parametrize(
    ("text", "points", "lines"),
    [
        ("汉" * 10, 114, 1),  # a character is 15 pixels on the screen
        ("汉" * 10, 112, 2),
        ("1234567890" * 2, 126, 1),
        ("1234567890" * 2, 100, 2),
        ("汉" * 10 + "。", 114, 2),  # the mark takes a character with it
        ("一行\n两行", 200, 2),
    ],
)
def test_a_row_is_as_high_as_its_lines(text: str, points: float, lines: int) -> None:
    assert lines_of(text, points) == lines
    assert [height_of(n) for n in (1, 2, 3, 99)] == [16.5, 33.75, 49.5, 409]


def test_a_sheet_has_no_more_breaks_than_excel_allows() -> None:
    assert len(print_setup(1000, 3)[1]) == 34  # 27 rows, then 29 a page
    assert print_setup(40_000, 0) == (0, [])
