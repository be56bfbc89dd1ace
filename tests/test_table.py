"""A table carries meaning: typed notes and fields, and what a notebook takes from it."""

import pickle
import re
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from hotline_tools.render.chart import draw
from hotline_tools.render.registry import render
from hotline_tools.table import (
    ROW_KIND,
    Cell,
    ChartHint,
    Counts,
    Field,
    Note,
    NoteKind,
    ReportTable,
    RowKind,
    plain,
)

COLUMNS = (
    Field("name", "名称"),
    Field("orders", "工单数", "integer", "件"),
    Field("hours", "用时", "number", "小时"),
    Field("share", "占比", "rate", counts=Counts("orders", "orders", of_total=True)),
    Field("late", "超期", "boolean"),
    Field("day", "日期", "date"),
    Field("at", "时间", "datetime"),
    Field("ids", "编号", "list"),
    Field("weekly", "每周", "list"),
    Field("means", "均值", "list"),
)
ROWS: list[dict[str, Cell]] = [
    {
        "name": "物业管理", "orders": 3, "hours": 1.5, "share": 0.75, "late": True, "day": date(2025, 6, 1),
        "at": datetime(2025, 6, 1, 8, 30, 15), "ids": ["A1", "A2"], "weekly": [1, 2], "means": [0.5, 2],
    },
    {
        "name": "<script>alert(1)</script>", "orders": None, "hours": None, "share": None, "late": None,
        "day": None, "at": None, "ids": [], "weekly": None, "means": [],
    },
]  # fmt: skip
TABLE = ReportTable(
    "x",
    "题 & <i>名</i>",
    COLUMNS,
    ROWS,
    totals={"orders": 4},
    notes=[Note(NoteKind.SHOWN, "注 <b>意</b>")],
)


def as_json(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: plain(value) for name, value in row.items()} for row in rows]


def test_arrow_holds_the_rows_of_the_json_answer_typed_by_the_fields() -> None:
    table = TABLE.to_arrow()
    assert as_json(table.to_pylist()) == TABLE.to_dict()["rows"]
    assert {field.name: str(field.type) for field in table.schema} == {
        "name": "string", "orders": "int64", "hours": "double", "share": "double", "late": "bool",
        "day": "date32[day]", "at": "timestamp[us]", "ids": "list<item: string>",
        "weekly": "list<item: int64>", "means": "list<item: double>",
    }  # fmt: skip
    assert table.schema.field("orders").metadata == {b"label": "工单数".encode()}


def test_pandas_holds_the_rows_of_the_json_answer_and_what_is_missing_stays_missing() -> None:
    frame = TABLE.to_pandas()
    assert frame["orders"].dtype == "Int64" and frame["late"].dtype == "boolean"
    assert frame["at"].dtype == frame["day"].dtype == "datetime64[us]"
    for name, expected in zip(frame.columns, zip(*(r.values() for r in ROWS), strict=True), strict=True):
        found = list(frame[name])
        for cell, value in zip(found, expected, strict=True):
            if isinstance(value, list):
                assert cell == value
            elif value is None:
                assert pd.isna(cell)
            elif name == "day":
                assert cell.date() == value
            else:
                assert cell == value


def test_a_table_without_rows_keeps_its_types() -> None:
    empty = ReportTable("x", "题", COLUMNS, [])
    assert empty.to_arrow().schema.field("at").type == pa.timestamp("us")
    assert empty.to_pandas().dtypes["orders"] == "Int64"
    assert list(empty.to_pandas().columns) == [column.name for column in COLUMNS]


def test_a_notebook_shows_labels_and_no_markup_of_callers() -> None:
    html = TABLE._repr_html_()
    assert "<th" in html and '工单数<span class="unit">（件）<' in html and "75.0%" in html and "合计" in html
    assert "&lt;script&gt;alert(1)" in html and "<script" not in html
    assert "题 &amp; &lt;i&gt;" in html and "注 &lt;b&gt;" in html
    assert not re.search(r"<html|<body|<style", html)
    assert html in render(TABLE, "html").decode()


def test_a_note_is_its_text_and_keeps_its_kind_between_processes() -> None:
    note = pickle.loads(pickle.dumps(TABLE.notes[0]))
    assert (note, note.kind, note.text) == ("注 <b>意</b>", NoteKind.SHOWN, "注 <b>意</b>")
    assert [type(text) for text in TABLE.to_dict()["notes"]] == [str]


@pytest.mark.parametrize(
    ("kind", "why"),
    [(NoteKind.MISSING, "缺满意度"), (NoteKind.EMPTY, "此区域当月无件"), (NoteKind.SHOWN, "表里没有一行")],
)
def test_why_nothing_is_drawn_is_chosen_by_the_kind_of_a_note(kind: NoteKind, why: str) -> None:
    notes = [Note(NoteKind.DEFINITION, "没有协办单位的按主办计。"), Note(kind, f"{why}。")]
    table = ReportTable("x", "x", (Field("a", "甲"),), [], chart=ChartHint("bars", "a", "a"), notes=notes)
    with pytest.raises(Exception, match=f"没有数据可画：{why}"):
        draw(table)


def test_only_rows_marked_as_the_rest_are_left_out_of_lines() -> None:
    columns = (Field("k", "月"), Field("s", "线"), Field("n", "件", "integer"))
    rows: list[dict[str, Cell]] = [
        {"k": "1月", "s": "其余 类事项", "n": 1},  # a category that is called so
        {"k": "1月", "s": "其余 3 项", "n": 90, ROW_KIND: RowKind.REST},
    ]
    figure = draw(ReportTable("x", "题", columns, rows, chart=ChartHint("lines", "k", "n", series="s")))
    assert [line.get_label() for line in figure.axes[0].lines] == ["其余 类事项"]
