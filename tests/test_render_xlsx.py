"""A report's worksheet as an office worker meets it: nothing broken, signs, whole numbers, marks."""

import io
from typing import Any

import openpyxl
import pytest

from hotline_tools.render.xlsx import render_xlsx
from hotline_tools.table import Field, Grid, Note, NoteKind, ReportTable

NAME = "金沙湾镇人民政府"
ROW: dict[str, Any] = {
    "unit": NAME, "order": "YH20210612012252", "n": 5, "change": -3, "rise": 4, "value": 2928, "hours": 12.5,
    "why": "已超期 54 小时、440 小时无进展（其中工作日 288 小时）" * 3, "is_noise": True,
    "place": 1044,
}  # fmt: skip
COLUMNS = (
    Field("unit", "单位"), Field("order", "工单编号"), Field("why", "原因", "list", decides=True),
    Field("n", "不同来电人", "integer", "人"), Field("change", "工单数增减", "integer", "件", change_of="n"),
    Field("rise", "较前一日增减", "integer", "件", signed=True), Field("value", "数值", "number"),
    Field("hours", "用时", "number", "小时"), Field("is_noise", "可能只是偶然波动", "boolean"),
    Field("place", "名次", "integer", is_place=True),
)  # fmt: skip


def sheet(table: ReportTable, number: int = 0) -> Any:
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(table))).worksheets[number]


@pytest.fixture(scope="module")
def page() -> Any:
    return sheet(ReportTable("x", "题", COLUMNS, [dict(ROW)]))


def test_a_unit_stands_below_its_heading_whole(page: Any) -> None:
    heads = [cell.value for cell in page[2]]
    assert heads[3] == "不同来电人\n（人）"
    assert heads[0] == "单位"


@pytest.mark.parametrize(
    ("column", "shape"),
    [
        pytest.param("E", "+#,##0;-#,##0;#,##0", id="a change has its sign"),
        pytest.param("F", "+#,##0;-#,##0;#,##0", id="a difference has its sign"),
        pytest.param("G", "#,##0", id="a whole number has no decimals"),
        pytest.param("H", "#,##0.0", id="a fraction has one"),
        pytest.param("J", "0", id="a place in an order is not grouped by thousands"),
    ],
)
def test_figures_read_as_on_the_screen(page: Any, column: str, shape: str) -> None:
    assert page[f"{column}3"].number_format == shape


def test_no_note_explains_a_mark_that_the_sheet_does_not_have() -> None:
    columns = (
        Field("unit", "单位"), Field("n", "工单数", "integer"),
        Field("change", "增减", "integer", change_of="n", base="previous"),
        Field("noise", "可能只是偶然波动", "boolean", noise_of="n", base="previous"),
    )  # fmt: skip
    page = sheet(ReportTable("x", "题", columns, [{"unit": NAME, "n": 2, "change": 1, "noise": True}]))
    assert page["D3"].value == "是"
    assert not any("≈" in str(cell.value) for row in page.iter_rows() for cell in row)


def test_yes_and_no_keep_away_from_the_figures_beside_them(page: Any) -> None:
    assert (page["I3"].value, page["I3"].alignment.horizontal) == ("是", "center")


def test_ids_and_names_are_not_broken_where_long_texts_fold() -> None:
    many = tuple(Field(f"text{number}", f"说明{number}", "list") for number in range(6))
    long = {field.name: "与另外三件答复一字不差、" * 6 for field in many}
    row = {**ROW, **long, "order": "YH202106120122527"}
    page = sheet(ReportTable("x", "题", (*COLUMNS[:3], *many), [row]), -1)
    widths = [page.column_dimensions[letter].width for letter in "ABC"]
    assert widths[0] >= len(NAME) * 2 + 2
    assert widths[1] >= 17 + 2
    assert widths[2] < 60


def test_columns_without_a_value_give_way_on_the_printed_page() -> None:
    first = [Field(f"none{number}", f"没有的指标{number}", "integer", "件") for number in range(30)]
    last = Field("kept", "有的指标", "integer", "件")
    row = {"unit": NAME, "kept": 7, **{field.name: None for field in first}}
    page = sheet(ReportTable("x", "题", (COLUMNS[0], *first, last), [row]))
    assert [cell.value for cell in page[2]] == ["单位", "有的指标\n（件）"]


def test_marked_cells_of_a_matrix_are_figures_that_stand_out() -> None:
    columns = (
        Field("area", "镇街"), Field("category", "类别"), Field("orders", "工单数", "integer", "件"),
        Field("high", "明显偏高", "boolean"),
    )  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"area": area, "category": category, "orders": orders, "high": orders == 41}
        for area, category, orders in (("甲街道", "噪声", 41), ("甲街道", "物业", 3), ("乙镇", "噪声", 5))
    ]
    page = sheet(ReportTable("x", "题", columns, rows, grid=Grid("category", "area", "orders", mark="high")))
    assert (page["B3"].value, page["B3"].font.b) == (41, True)
    assert (page["B4"].value, bool(page["B4"].font.b)) == (3, False)
    assert "注：红色加粗的：明显偏高。" in [cell.value for cell in page["A"]]


def test_a_note_is_as_high_as_its_lines_across_all_columns() -> None:
    """30 columns of 4 characters, 720 points, are 109 points wider with their margins: 71 characters fit."""
    columns = tuple(Field(f"n{number}", "数", "integer") for number in range(30))
    row: dict[str, Any] = {field.name: 1 for field in columns}
    heights = []
    for letters in (69, 74):
        notes = [Note(NoteKind.SHOWN, "注" * letters)]
        page = sheet(ReportTable("x", "题", columns, [row], notes=notes))
        heights.append(page.row_dimensions[page.max_row].height)
    assert page.column_dimensions["A"].width == 4.625
    assert heights == [16.5, 33.75]
