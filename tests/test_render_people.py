"""What people read: matrices, folded Chinese, no minus zero, labels for codes; programs get the codes."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from hotline_tools.codes import CODE_LABELS, code_label
from hotline_tools.render.pivot import pivoted
from hotline_tools.render.registry import render
from hotline_tools.render.terminal import render_terminal
from hotline_tools.render.values import described_filters, shown
from hotline_tools.render.wrapping import wrapped
from hotline_tools.schema import ORDER_COLUMNS, KeyOrigin, QualityFlag
from hotline_tools.table import RANK, Counts, Field, Grid, Note, NoteKind, ReportTable

LONG = ReportTable(
    "cross",
    "镇街 × 类别",
    (
        Field("area", "镇街"),
        Field("category", "类别"),
        Field("orders", "工单数", "integer", "件"),
        Field("high", "明显偏高", "boolean"),
        Field("position", "第几步", "integer", machine=True),
    ),
    [
        {"area": "甲街", "category": "物业", "orders": 1200, "high": True, "position": 1},
        {"area": "甲街", "category": "噪声", "orders": 3, "high": False, "position": 1},
        {"area": "乙街", "category": "物业", "orders": 40, "high": False, "position": 2},
    ],
    period="2021年",
    filters={"by": "street", "granularity": "month", "profile": "default"},
    totals={"orders": 1243},
    grid=Grid("category", "area", "orders", "high"),
)


def test_long_rows_become_a_matrix_with_sums() -> None:
    # 物业: 1,200 in 甲街 (marked) and 40 in 乙街; 噪声: 3 in 甲街, no row for 乙街.
    matrix = pivoted(LONG)
    assert [column.label for column in matrix.columns] == ["类别", "甲街", "乙街", "合计"]
    assert matrix.rows == [
        {"down": "物业", "at_甲街": "1,200*", "at_乙街": 40, "sum": 1240},
        {"down": "噪声", "at_甲街": 3, "sum": 3},
    ]
    assert matrix.totals == {"at_甲街": 1203, "at_乙街": 40, "sum": 1243}


def test_programs_get_the_long_form_and_people_the_matrix() -> None:
    assert len(json.loads(render(LONG, "json"))["rows"]) == 3
    lines = list(csv.DictReader(io.StringIO(render(LONG, "csv").decode("utf-8-sig"))))
    assert [line["high"] for line in lines] == ["true", "false", "false"]
    assert lines[2]["position"] == "2"
    assert "| 物业 | 1,200* | 40 | 1,240 |" in render(LONG, "md").decode()
    assert "第几步" not in render(LONG, "html").decode()
    book = openpyxl.load_workbook(io.BytesIO(render(LONG, "xlsx")))
    assert book.sheetnames == ["镇街 × 类别", "明细"]
    assert book.worksheets[0]["B3"].value == 1200
    assert [cell.value for cell in book.worksheets[1][2]] == ["镇街", "类别", "工单数\n（件）", "明显偏高"]
    book.close()


def test_filters_read_in_chinese_and_the_default_profile_is_not_said() -> None:
    # The title of ``LONG`` says 镇街 already.
    assert described_filters(LONG) == ["粒度：月"]
    assert described_filters(replace(LONG, title="走势")) == ["分组：镇街", "粒度：月"]
    assert described_filters(replace(LONG, filters={"top": "3", "proactive": "是"})) == ["只列：前 3 项"]
    assert described_filters(replace(LONG, filters={"compare": "previous"})) == ["对比：环比"]
    assert described_filters(replace(LONG, filters={"compare": "previous"}, period="6月对比5月")) == []


@pytest.mark.parametrize(
    ("value", "field", "text"),
    [
        (1044, Field("n", "n", "integer"), "1,044"),
        (1044, RANK, "1044"),  # a place is no amount
        (-0.0004, Field("x", "x", "rate"), "0.0%"),
        (-0.0006, Field("x", "x", "rate"), "-0.1%"),
        (13 / 16, Field("x", "x", "rate"), "81.3%"),  # as a workbook shows it, and 四舍五入 has it
        (573 / 2000, Field("x", "x", "rate"), "28.7%"),
        (-1 / 16, Field("x", "x", "rate"), "-6.3%"),
        (12.25, Field("x", "x", "number"), "12.3"),
        (1e-7, Field("x", "x", "rate"), "0.0%"),
        (1e22, Field("x", "x", "number"), "10,000,000,000,000,000,000,000.0"),
        (-0.04, Field("x", "x", "number"), "0.0"),
        (-1234.56, Field("x", "x", "number"), "-1,234.6"),
        (0.00002, Field("p", "p", "number", digits=4), "<0.0001"),
        (0.01234, Field("p", "p", "number", digits=4), "0.0123"),
        (datetime(2025, 6, 1, 8, 5, 59), Field("t", "t", "datetime"), "2025-06-01 08:05"),
        ("dissatisfied", Field("s", "s", coded=True), "不满意"),
        ("masked;date-invalid", Field("s", "s", coded=True), "已脱敏、日期无效"),
        (["投诉 2", "咨询 1"], Field("l", "l", "list"), "投诉 2、咨询 1"),
        (["多人反映：3 人", "未写明时限、日期"], Field("l", "l", "list"), "多人反映：3 人；未写明时限、日期"),
    ],
)
def test_a_cell_as_people_read_it(value: object, field: Field, text: str) -> None:
    assert shown(value, field) == text


def test_excel_shows_no_minus_zero() -> None:
    table = ReportTable("x", "甲/乙：[表]", (Field("x", "变化", "rate"),), [{"x": -0.0004}, {"x": -0.004}])
    book = openpyxl.load_workbook(io.BytesIO(render(table, "xlsx")))
    assert [book.active[f"A{row}"].value for row in (3, 4)] == [0, -0.004]
    book.close()


def test_every_code_of_the_schema_has_a_label() -> None:
    codes = {code for column in ORDER_COLUMNS for code in column.codes} | {*QualityFlag, *KeyOrigin}
    assert [code for code in codes if code.isascii() and not CODE_LABELS.get(code)] == []
    assert code_label("投诉") == "投诉"


@given(st.text(st.sampled_from("工单编号、。，（） 12%ab-"), max_size=60), st.integers(4, 30))
def test_folding_loses_nothing_and_fits(text: str, width: int) -> None:
    lines = wrapped(text, width).split("\n")
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_numbers_stay_whole_and_no_line_begins_with_a_comma() -> None:
    assert (
        wrapped("与另外 1,276 件答复一字不差、没有日期。", 14)
        == "与另外\n1,276 件答复一\n字不差、没有日\n期。"
    )


@pytest.mark.parametrize("width", [40, 60, 100])
def test_a_matrix_is_cut_into_blocks_and_no_figure_is_cut(width: int) -> None:
    rows = [{"a": f"街{i}", "c": "类", "n": 1000 + i} for i in range(24)]
    columns = (Field("a", "街"), Field("c", "类"), Field("n", "件", "integer"))
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    render_terminal(
        ReportTable("x", "题", columns, list(rows), grid=Grid("c", "a", "n")), console, is_wide=True
    )
    text = console.file.getvalue()
    assert all(text.count(f"{1000 + i:,}") == 2 for i in range(24))  # the cell and its column's sum
    assert max(map(cell_len, text.splitlines())) <= width


def test_a_comparison_tells_a_change_in_one_cell_and_every_rate_with_its_counts() -> None:
    # 40 of 100 after 30 of 100: +10 points. Orders 12 after 10: +2, +20 %, which may be chance.
    counts = ("r_numerator", "r_denominator", "r_numerator_then", "r_denominator_then")
    columns = (
        Field("unit", "单位"),
        Field("orders", "orders", "integer"),
        Field("orders_then", "orders_then", "integer", then_of="orders"),
        Field("orders_change", "orders_change", "integer", change_of="orders"),
        Field("orders_change_rate", "变化率", "rate", change_rate_of="orders"),
        Field("orders_change_is_noise", "偶然", "boolean", noise_of="orders"),
        Field("r", "率", "rate", counts=Counts(*counts[:2])),
        Field("r_then", "率（对比期）", "rate", then_of="r", counts=Counts(*counts[2:])),
        *(Field(name, name, "integer") for name in counts),
        Field("r_change", "率变化", "number", "百分点", change_of="r"),
        Field("r_change_is_noise", "率偶然", "boolean", noise_of="r"),
    )
    row = {
        "unit": "甲局", "orders": 12, "orders_then": 10, "orders_change": 2, "orders_change_rate": 0.2,
        "orders_change_is_noise": True, "r": 0.4, "r_then": 0.3, "r_numerator": 40, "r_denominator": 100,
        "r_numerator_then": 30, "r_denominator_then": 100, "r_change": 10.0, "r_change_is_noise": False,
    }  # fmt: skip
    console = Console(file=io.StringIO(), width=200, force_terminal=False)
    render_terminal(ReportTable("x", "题", columns, [dict(row)]), console)
    text = console.file.getvalue()
    assert "+2（+20.0%）≈" in text
    assert "40.0% 40/100" in text
    assert "30.0% 30/100" in text
    assert "+10.0" in text and "+10.0≈" not in text
    assert text.count("≈") == 2  # the cell and the note that explains it


def test_a_page_has_every_row_whole_its_totals_and_no_markup_of_callers() -> None:
    columns = (Field("unit", "单位"), Field("n", "件数", "integer"))
    rows = [{"unit": "<b>甲</b>", "n": 1200}, {"unit": "乙", "n": None}]
    table = ReportTable(
        "x", "题", columns, list(rows), totals={"n": 1200}, notes=[Note(NoteKind.SHOWN, "注")]
    )
    page = render(table, "html").decode()
    lines = re.findall(r"<tr>(.*?)</tr>", page, flags=re.DOTALL)
    assert [len(re.findall(r"<t[hd]", line)) for line in lines] == [2, 2, 2, 2]
    assert "&lt;b&gt;甲" in page
    assert re.search(r"<tfoot><tr><td class=\"short name\">合计</td><td class=\"figure\">1,200</td>", page)


def test_a_page_gives_long_texts_room_and_keeps_names_on_one_line() -> None:
    columns = (Field("unit", "单位"), Field("why", "理由"), Field("ids", "编号", "list"))
    rows = [{"unit": "区综合行政执法局", "why": "不同来电人多" * 10, "ids": ["YH2021111602757"] * 40}]
    page = render(ReportTable("x", "题", columns, list(rows)), "html").decode()
    assert re.findall(r"<t(?:d|h scope=\"row\") class=\"(\w+)", page) == ["short", "long", "list"]


def test_a_page_keeps_the_names_in_sight_and_prints_without_details() -> None:
    columns = (Field("rank", "序", "integer", names_row=True), Field("unit", "单位"),
               Field("n", "件数", "integer"), Field("ids", "编号", "list", detail=True))  # fmt: skip
    row = {"rank": 1, "unit": "甲", "n": 1, "ids": ["1"]}
    page = render(ReportTable("x", "题", columns, [dict(row)]), "html").decode()
    assert re.findall(r"<th scope=\"col\" class=\"([\w ]+)\"", page) == ["figure", "name", "figure", "detail"]
    cells = re.findall(r"<t(?:d|h scope=\"row\") class=\"([\w ]+)\"", page)
    assert cells == ["figure", "short name", "figure", "short detail"]
    assert "position: sticky" in page
    assert "@page sheet { size: A4 landscape" in page


def test_a_workbook_prints_on_one_page_width_with_nothing_cut() -> None:
    columns = (
        Field("unit", "单位"), Field("why", "理由", "list"),
        *(Field(f"r{i}", f"第{i}项率", "rate") for i in range(30)),
        Field("score", "得分", "number", decides=True),
    )  # fmt: skip
    row = {
        "unit": "甲",
        "why": ["短期集中：7 天内 14 件"] * 9,
        "score": 1.0,
        **{f"r{i}": 0.5 for i in range(30)},
    }
    long_note = Note(NoteKind.SHOWN, "说明" * 200)
    book = openpyxl.load_workbook(
        io.BytesIO(render(ReportTable("x", "题", columns, [dict(row)], notes=[long_note]), "xlsx"))
    )
    page, whole = book.worksheets
    assert (int(page.page_setup.paperSize), page.page_setup.orientation) == (9, "landscape")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (
        1,
        0,
    )  # wide, and as long as need be
    assert page.print_title_rows == "$2:$2"
    assert "&P" in page.oddFooter.right.text
    assert page.freeze_panes == "B3"
    heads = [cell.value for cell in page[2]]
    assert {"单位", "理由", "得分"} <= set(heads)  # what decides is there although it comes last
    assert len(heads) < len(columns) == len([cell.value for cell in whole[2]])
    why = heads.index("理由")
    width = page.column_dimensions[page.cell(2, why + 1).column_letter].width
    # 9 reasons of 24 cells and 8 marks of 2 take at least so many lines of 15 points.
    assert page.row_dimensions[3].height >= 15 * (9 * 24 + 8 * 2) / width
    notes = [cell for cell in page["A"] if str(cell.value).startswith("注：说明")]
    assert notes[0].alignment.wrap_text
    assert page.row_dimensions[notes[0].row].height > 15
    assert any(
        str(area).startswith("A") and notes[0].row == area.min_row for area in page.merged_cells.ranges
    )
    book.close()
