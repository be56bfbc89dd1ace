"""Every form of a report says the same; Chinese stays aligned and keeps its glyphs."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font
from rich.cells import cell_len
from rich.console import Console

from hotline_tools.errors import NotComputableError, UsageError
from hotline_tools.render import fonts
from hotline_tools.render.registry import chosen_form, names, render, render_chart
from hotline_tools.render.rows import write_rows
from hotline_tools.render.terminal import render_terminal
from hotline_tools.table import ChartHint, Field, Note, NoteKind, ReportTable

FORMS = names("table")

TABLE = ReportTable(
    report="categories",
    title="诉求类别占比",
    period="2021年",
    columns=(
        Field("category", "类别"),
        Field("orders", "工单数", "integer", "件"),
        Field("share", "占比", "rate"),
        Field("ids", "编号", "list"),
    ),
    rows=[
        {"category": "物业管理", "orders": 4225, "share": 4225 / 31838, "ids": ["1", "2"]},
        {"category": "=1+1|供水", "orders": 27613, "share": None, "ids": []},
    ],
    totals={"orders": 31838},
    notes=[Note(NoteKind.DEFINITION, "占比的分母是全部工单。")],
    chart=ChartHint("bars", "category", "orders", "share"),
)


def test_json_is_the_library_answer() -> None:
    assert json.loads(render(TABLE, "json")) == TABLE.to_dict()


def test_csv_has_stable_names_raw_rates_and_a_bom() -> None:
    data = render(TABLE, "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == {"category": "物业管理", "orders": "4225", "share": str(4225 / 31838), "ids": "1;2"}
    assert rows[1]["share"] == ""


def test_markdown_shows_percent_and_escapes_bars() -> None:
    text = render(TABLE, "md").decode()
    assert "| 物业管理 | 4,225 | 13.3% | 1、2 |" in text
    assert "=1+1\\|供水" in text


def test_xlsx_holds_numbers_and_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render(TABLE, "xlsx")))
    sheet = book.active
    assert [cell.value for cell in sheet[2]] == ["类别", "工单数\n（件）", "占比", "编号"]
    assert sheet["B3"].value == 4225
    assert sheet["C3"].number_format == "0.0%"
    assert (sheet["A4"].value, sheet["A4"].data_type) == ("=1+1|供水", "s")
    assert (sheet["A5"].value, sheet["B5"].value) == ("合计", 31838)
    book.close()


def test_parquet_is_typed() -> None:
    table = pq.read_table(io.BytesIO(render(TABLE, "parquet")))
    assert table.column("orders").to_pylist() == [4225, 27613]
    assert table.schema.field("share").type == "double"


def test_terminal_columns_line_up_in_cells_not_characters() -> None:
    console = Console(file=io.StringIO(), width=100, force_terminal=False)
    render_terminal(TABLE, console)
    lines = [line for line in console.file.getvalue().splitlines() if "4,225" in line or "27,613" in line]
    ends = {
        cell_len(line[: line.index(figure) + len(figure)])
        for line, figure in zip(lines, ["4,225", "27,613"], strict=True)
    }
    assert len(lines) == 2
    assert len(ends) == 1


def test_unknown_form_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="xlsx") as refused:
        chosen_form("pptm", None)
    assert set(FORMS) >= {"csv", "json", "md", "html", "xlsx", "parquet"}
    assert [form for form in FORMS if form not in str(refused.value.remedy)] == []


@pytest.mark.parametrize(
    ("form", "output", "chosen"),
    [(None, None, "table"), ("csv", None, "csv"), (None, "a.xlsx", "xlsx"), ("csv", "a.csv", "csv")],
)
def test_form_by_name_or_suffix(form: str | None, output: str | None, chosen: str) -> None:
    assert chosen_form(form, Path(output) if output else None) == chosen


def test_a_form_that_contradicts_the_suffix_is_refused() -> None:
    with pytest.raises(UsageError, match="矛盾"):
        chosen_form("csv", Path("a.xlsx"))


def test_detail_columns_give_way_on_a_narrow_terminal() -> None:
    columns = (
        Field("name", "名称"),
        Field("orders", "件数", "integer"),
        *(Field(f"d{i}", f"细节之{i}号列", "integer", detail=True) for i in range(9)),
    )
    row = {"name": "甲", "orders": 1, **{f"d{i}": i + 1 for i in range(9)}}
    table = ReportTable("x", "题", columns, [row])
    narrow, wide = (Console(file=io.StringIO(), width=width) for width in (60, 200))
    render_terminal(table, narrow)
    render_terminal(table, wide)
    left_out = narrow.file.getvalue().split("注：屏幕放不下")[1]
    assert "细节之7号列 等 9 列" in left_out.replace("\n", "")
    assert "--wide" in left_out
    assert "注" not in wide.file.getvalue()


@pytest.mark.parametrize(("form", "magic"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_chart_is_drawn_and_repeatable(form: str, magic: bytes) -> None:
    first = render_chart(TABLE, form)
    assert first.startswith(magic)
    assert render_chart(TABLE, form) == first


def test_chart_font_has_chinese_glyphs_without_system_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_SYSTEM", ())
    fonts.chinese_font.cache_clear()
    family = fonts.chinese_font()
    fonts.chinese_font.cache_clear()
    face = FT2Font(font_manager.findfont(family, fallback_to_default=False))
    missing = [ch for ch in "物业管理诉求类别占比（）％：" if face.get_char_index(ord(ch)) == 0]
    assert missing == []


def test_nothing_to_draw_is_said() -> None:
    empty = ReportTable("x", "x", (Field("a", "甲"),), [], chart=ChartHint("bars", "a", "a"))
    with pytest.raises(NotComputableError, match="没有一行"):
        render_chart(empty)


def test_long_tables_write_truth_values_as_json_does(tmp_path: Path) -> None:
    table = pa.table({"id": ["1", "2", "3"], "needs_review": [True, False, None]})
    write_rows(tmp_path / "a.csv", table.schema, [table])
    assert (tmp_path / "a.csv").read_text("utf-8-sig").split() == [
        "id,needs_review",
        "1,true",
        "2,false",
        "3,",
    ]
