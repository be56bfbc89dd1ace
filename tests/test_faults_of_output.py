"""Formulas in csv, cells that are cut, a $ in a name, a folded subcategory, a layout that does not fit."""

import csv
import io
from pathlib import Path

import matplotlib as mpl
import pytest
from openpyxl import load_workbook

from cli import hotline
from helpers import database_of
from hotline_tools.render.cells import guarded, is_formula
from hotline_tools.render.chart import draw, render_svg
from hotline_tools.render.csv import render_csv
from hotline_tools.reports.catalog import categories, pareto
from hotline_tools.reports.query import Query
from hotline_tools.table import Field, ReportTable

TEXTS = [
    ("a formula", '=HYPERLINK("http://x.invalid","点我")', True),
    ("arithmetic that calls a program", "-1+cmd|' /C calc'!A0", True),
    ("a function by its plus", "+SUM(1;2)", True),
    ("Lotus", "@SUM(A1)", True),
    ("a tab before it", "\t=1+1", True),
    ("a number in words", "-12.5", False),
    ("a share", "+3%", False),
    ("a telephone number", "+8613800000000", False),
    ("a dash for nothing", "-", False),
    ("two dashes", "--", False),
    ("text", "路灯不亮", False),
    ("a sign inside", "1=1", False),
]


@pytest.mark.parametrize(("why", "text", "dangerous"), TEXTS, ids=[why for why, _, _ in TEXTS])
def test_csv_carries_no_formula(why: str, text: str, dangerous: bool) -> None:
    assert is_formula(text) is dangerous, why
    table = ReportTable(
        "x", "x", (Field("title", "标题"), Field("n", "数", "number")), [{"title": text, "n": -1.5}]
    )
    _, row = csv.reader(io.StringIO(render_csv(table)))
    assert row == [f"'{text}" if dangerous else text, "-1.5"], why
    assert guarded(text).removeprefix("'") == text


def export(folder: Path, *titles: str) -> None:
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["工单编号", "受理时间", "诉求标题", "诉求内容", "主办单位"])
        for number, title in enumerate(titles):
            writer.writerow(
                [f"W{number}", "2025-06-03 10:00:00", title, "东风路门前路灯不亮，夜间出行不便。", "城管局"]
            )


def test_classified_rows_carry_no_formula_and_say_so(tmp_path: Path) -> None:
    export(tmp_path, "=1+1", "路灯不亮", "-1+cmd|' /C calc'!A0")
    ran = hotline("classify", "a.csv", "-o", "b.csv", cwd=tmp_path)
    assert "2 格文字以 =、+、-、@ 开头" in ran.err
    with (tmp_path / "b.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert [row["诉求标题"] for row in csv.DictReader(lines)] == [
            "'=1+1",
            "路灯不亮",
            "'-1+cmd|' /C calc'!A0",
        ]


def test_a_report_as_csv_says_so_too(tmp_path: Path) -> None:
    export(tmp_path, "=1+1", "路灯不亮")
    assert hotline("import", "a.csv", cwd=tmp_path).code in (0, 3)
    ran = hotline("sql", "SELECT title FROM orders ORDER BY order_id", "--format", "csv", cwd=tmp_path)
    assert ran.out.splitlines() == ["title", "'=1+1", "路灯不亮"]
    assert "1 格文字以 =" in ran.err


def test_a_cell_that_is_cut_is_said(tmp_path: Path) -> None:
    export(tmp_path, "路" * 32_768, "灯" * 32_767)
    ran = hotline("classify", "a.csv", "-o", "b.xlsx", cwd=tmp_path)
    assert "1 格文字超过 Excel 一格的 32,767 字" in ran.err
    sheet = load_workbook(tmp_path / "b.xlsx").active
    assert sheet is not None
    assert [len(str(sheet.cell(row, 3).value)) for row in (2, 3)] == [32_767, 32_767]


def test_a_dollar_in_a_name_is_drawn_as_it_is() -> None:
    rows = [{"department": "收费$^$局"}, {"department": "收费$^$局"}, {"department": "城管局"}]
    table = pareto.compute(database_of(rows), Query(by="department"))
    assert b"<svg" in render_svg(table)
    with mpl.rc_context({"text.parse_math": False}):
        (axes, *_) = draw(table).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["收费$^$局", "城管局"]


def test_what_is_folded_of_subcategories_has_a_name() -> None:
    rows = [{"category": "物业", "subcategory": name} for name in ("电梯", "电梯", "车位", "绿化")]
    table = categories.compute(database_of(rows), Query(by="subcategory", top=1))
    assert [(row.get("category"), row["subcategory"], row["orders"]) for row in table.rows] == [
        ("物业", "电梯", 2),
        (None, "其余 2 项", 2),
    ]
    assert b"<svg" in render_svg(table)


def test_the_pareto_chart_has_its_cumulative_line_and_the_cut() -> None:
    # 6, 3 and 1 of ten: 60 %, 90 %, 100 %; the third lies beyond the first 80 %.
    rows = [
        {"department": name}
        for name, number in (("甲局", 6), ("乙局", 3), ("丙局", 1))
        for _ in range(number)
    ]
    table = pareto.compute(database_of(rows), Query(by="department"))
    assert [(row["cumulative_share"], row["vital"]) for row in table.rows] == [
        (0.6, True),
        (0.9, True),
        (1.0, False),
    ]
    _, above = draw(table).axes
    line, cut = above.lines
    assert list(line.get_xdata()) == [0.6, 0.9, 1.0]  # type: ignore[arg-type]
    assert list(cut.get_xdata()) == [0.8, 0.8]  # type: ignore[arg-type]


def test_a_layout_that_does_not_fit_at_all_is_refused(tmp_path: Path) -> None:
    export(tmp_path, "路灯不亮")
    ran = hotline("import", "a.csv", "--layout", "nyc311", cwd=tmp_path)
    assert ran.code == 1
    assert "版式 nyc311 与表头的符合程度是 0%" in ran.err
    assert not (tmp_path / "hotline-store").exists()
