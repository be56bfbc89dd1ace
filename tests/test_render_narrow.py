"""A report on a narrow screen: one block with the columns that decide, and every column when asked."""

import io
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from hotline_tools.render.terminal import render_terminal
from hotline_tools.render.wrapping import clipped, folded_heading, wrapped
from hotline_tools.table import Counts, Field, Grid, ReportTable

RATES = [
    field
    for name, label in (("a", "甲率"), ("b", "乙率"), ("c", "丙率"), ("d", "丁率"))
    for field in (
        Field(name, label, "rate", counts=Counts(f"{name}_n", f"{name}_d"), decides=name == "d"),
        Field(f"{name}_n", f"{label}分子", "integer"),
        Field(f"{name}_d", f"{label}分母", "integer"),
    )
]
ROW: dict[str, Any] = {
    "unit": "云河区综合行政执法局东湖里街道直属中队", "orders": 12345, "why": "与另外三件答复一字不差、" * 6,
    **{f"{name}{part}": value for name in "abcd" for part, value in (("", 0.5), ("_n", 50), ("_d", 100))},
}  # fmt: skip
COLUMNS = (
    Field("unit", "单位"), *RATES, Field("orders", "工单数", "integer", "件", decides=True),
    Field("why", "扣分原因", "list"),
)  # fmt: skip


def drawn(width: int, columns: tuple[Field, ...] = COLUMNS, *, is_wide: bool = False) -> str:
    """The table on a screen of so many cells."""
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    render_terminal(ReportTable("x", "题", columns, [dict(ROW)]), console, is_wide=is_wide)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("width", "shown", "left_out"),
    [
        (40, ["丁率", "工单数"], ["扣分原因"]),  # what decides is there before what comes first
        (60, ["甲率", "乙率", "丁率", "工单数"], []),
        (300, ["甲率", "50.0% 50/100", "扣分原因"], []),
    ],
)
def test_columns_give_way_by_what_they_are_for_and_never_into_a_second_block(
    width: int, shown: list[str], left_out: list[str]
) -> None:
    text = drawn(width)
    table, _, note = text.partition("注：")
    assert table.count("─" * 10 + "\n") == 1
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert [word for word in shown if word not in table] == []
    assert [word for word in left_out if word in table or word not in note.replace("\n", "")] == []
    assert ("--wide" in note) == (width < 300)


def test_a_rate_has_its_counts_where_there_is_room_for_all() -> None:
    columns = COLUMNS[:-1]
    assert "50.0% 50/100" in drawn(100, columns)
    narrow = drawn(64, columns)
    assert "50/100" not in narrow
    assert "各率的分子、分母未列" in narrow


@pytest.mark.parametrize("width", [40, 80])
def test_wide_draws_every_column_whole(width: int) -> None:
    text = drawn(width, is_wide=True)
    assert [word for word in ("甲率", "乙率", "丙率", "丁率", "工单数", "扣分原因") if word not in text] == []
    assert text.count("50.0% 50/100") == 4
    assert "…" not in text
    assert "屏幕放不下" not in text


def test_a_matrix_is_turned_where_only_so_all_of_it_fits() -> None:
    columns = (Field("w", "星期"), Field("h", "时", "integer"), Field("n", "件", "integer"))
    rows: list[dict[str, Any]] = [{"w": day, "h": hour, "n": 100} for day in "一二三" for hour in range(24)]
    table = ReportTable("x", "题", columns, rows, grid=Grid("w", "h", "n"))
    console = Console(file=io.StringIO(), width=60, force_terminal=False)
    render_terminal(table, console)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert [line.split() for line in lines if "一" in line] == [["时", "一", "二", "三", "合计"]]
    assert ["23", "100", "100", "100", "300"] in [line.split() for line in lines]
    wide = Console(file=io.StringIO(), width=160, force_terminal=False)
    render_terminal(table, wide)
    words = [line.split() for line in wide.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    assert ["一", *["100"] * 24, "2,400"] in words


@pytest.mark.parametrize(
    ("text", "width", "most", "expected"),
    [
        ("物业管理", 8, 1, "物业管理"),
        ("物业管理不善", 8, 1, "物业管…"),  # 6 + 1 cells: a Chinese character is not cut in two
        ("一二三四五六七", 4, 2, "一二\n三…"),
        ("甲一、乙二、丙三、", 6, 1, "甲一…"),  # no mark before the dots
    ],
)
def test_clipped_texts_end_in_dots(text: str, width: int, most: int, expected: str) -> None:
    assert clipped(text, width, most) == expected


def test_a_row_keeps_its_name_when_its_rank_is_compared() -> None:
    """What the comparison adds behind the rank does not push the unit off the screen."""
    columns = (
        Field("rank", "名次", "integer", names_row=True),
        Field("rank_then", "名次（对比期）", "integer", then_of="rank", detail=True),
        Field("rank_change", "名次升降", "integer", change_of="rank"),
        Field("unit", "单位"),
        *(Field(f"n{n}", f"第{n}项工单数", "integer", "件", decides=True) for n in range(12)),
    )
    row = {"rank": 1, "rank_then": 2, "rank_change": 1, "unit": "城管局", **{f"n{n}": n for n in range(12)}}
    console = Console(file=io.StringIO(), width=70, force_terminal=False)
    render_terminal(ReportTable("x", "题", columns, [row]), console)
    assert "城管局" in console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        pytest.param("无进展（其中工作日", 8, "无进展\n（其中工\n作日", id="no opening mark at a line's end"),
        pytest.param("已超期及 440 小时", 13, "已超期及\n440 小时", id="a number with its unit"),
        pytest.param("咨询 4、投诉 201、", 17, "咨询 4、投\n诉 201、", id="a number with what it counts"),
        pytest.param("加 -o 文件.xlsx", 8, "加 -o 文\n件.xlsx", id="a suffix with its file"),
        pytest.param("纠纷 邻里 动手 对门", 17, "纠纷 邻里 动手\n对门", id="words between spaces"),
        pytest.param("自 2021-06-01T09:00 起", 10, "自\n2021-06-01\nT09:00 起", id="a moment is no number"),
    ],
)
def test_lines_end_where_a_reader_would_end_them(text: str, width: int, expected: str) -> None:
    assert wrapped(text, width) == expected


@pytest.mark.parametrize(
    ("label", "unit", "figures", "expected"),
    [
        ("工单数", "件", 12, "工单数（件）"),
        ("得分", "分", 5, "得分\n（分）"),  # the unit takes no room beside the label
        ("较前一日增减", "件", 4, "较前一日增减\n（件）"),  # no character alone on a line
        ("其中超期未办结", "件", 4, "其中超期\n未办结\n（件）"),
        ("未办结（结转下期）", "件", 4, "未办结\n（结转下期）\n（件）"),
        ("满意率", "", 5, "满意率"),
    ],
)
def test_headings_fold_without_stray_characters(label: str, unit: str, figures: int, expected: str) -> None:
    assert folded_heading(label, unit, figures, 12) == expected


def test_the_scored_rates_stand_beside_the_score_at_eighty_columns() -> None:
    rates = ("按时办结率", "解决率", "满意率")
    columns = (
        Field("rank", "名次", "integer", names_row=True), Field("group", "组别"), Field("unit", "主办单位"),
        Field("orders", "工单数", "integer", "件", decides=True),
        Field("score", "得分", "number", "分", decides=True), Field("board", "红黑榜", decides=True),
        *(Field(rate, rate, "rate", decides=True) for rate in rates),
        *(Field(f"more{number}", f"其他指标{number}", "integer") for number in range(9)),
    )  # fmt: skip
    row = {
        **{field.name: 1 for field in columns}, "group": "镇街", "unit": "金沙湾镇人民政府", "board": "—",
    }  # fmt: skip
    console = Console(file=io.StringIO(), width=80, force_terminal=False)
    render_terminal(ReportTable("x", "题", columns, [row]), console)
    table, _, note = console.file.getvalue().partition("注：")  # type: ignore[attr-defined]
    assert [rate for rate in rates if rate not in table] == []
    assert "其他指标" in note


def test_it_is_said_when_texts_are_cut() -> None:
    assert "“…”" in drawn(60, (Field("unit", "单位"), Field("why", "扣分原因", "list", decides=True), *RATES))
    assert "“…”" not in drawn(300)
