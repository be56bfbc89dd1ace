"""Workbooks of documents: an overview with native charts, one sheet a table, texts that stay texts."""

import io
import re
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from document_samples import BARS, CLEAN, DOCUMENT, HOSTILE
from hotline_tools.document import Chart, Document, Section, Sentence
from hotline_tools.render.fitting import cell_len
from hotline_tools.render.registry import render
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


def pages_high(rows: int, notes: int) -> int:
    table = ReportTable(
        "t", "表", (Field("name", "名称"), Field("orders", "工单数", "integer")),
        [{"name": f"第{n}行", "orders": n} for n in range(rows)],
        notes=[Note(NoteKind.SHOWN, "末注。") for _ in range(notes)],
    )  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(render(table, "xlsx"))).active
    return 1 if sheet.page_setup.fitToHeight is None else int(sheet.page_setup.fitToHeight)


@pytest.mark.parametrize(
    ("rows", "notes", "pages"),
    [
        (20, 3, 0),  # fits
        (30, 3, 1),  # some notes would stand alone
        (32, 0, 1),  # so would a row or two
        (45, 3, 0),  # the second page has rows enough
        (25, 25, 0),  # smaller type does not help
        (62, 3, 2),
        (1000, 3, 30),  # of 31 to 34: where the last one ends cannot be foreseen
    ],
)
def test_no_page_holds_notes_or_a_row_or_two_alone(rows: int, notes: int, pages: int) -> None:
    assert pages_high(rows, notes) == pages
