"""Pictures: what is written in them, group by group, and that each report's chart can be drawn."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from helpers import database_of
from hotline_tools.errors import NotComputableError
from hotline_tools.render.chart import draw
from hotline_tools.render.registry import render_chart
from hotline_tools.reports.catalog import departments
from hotline_tools.reports.period import month
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report
from hotline_tools.reports.run import run_report
from hotline_tools.table import ROW_KIND, ChartHint, Counts, Field, Grid, Note, NoteKind, ReportTable, RowKind


def words(figure: Figure) -> list[str]:
    """All texts of a figure that are seen."""
    return [text.get_text() for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


def closed(department: str, number: int, late: int) -> list[dict[str, Any]]:
    """``number`` orders of a department, ``late`` of them closed after the deadline."""
    return [
        {
            "department": department,
            "received_at": "2025-06-02 09:00",
            "due_at": "2025-06-10 18:00",
            "closed_at": "2025-06-12 09:00" if n < late else "2025-06-05 09:00",
            "revisited_at": "2025-06-13 09:00",
            "status": "closed",
            "satisfaction": "satisfied",
            "resolved": "yes",
        }
        for n in range(number)
    ]


def test_departments_stand_in_panels_with_their_counts_and_small_ones_are_pale_or_named_below() -> None:
    # 甲街道: 12 orders, 3 late: 9/12 = 75.0 %. 乙局: no rating: pale. 丙局: fewer than 10 orders: not ranked.
    unrated = [{**row, "satisfaction": "unrated"} for row in closed("乙局", 12, 0)]
    rows = [*closed("甲街道办事处", 12, 3), *unrated, *closed("丙局", 3, 0)]
    figure = draw(departments.compute(database_of(rows), Query()))
    found = words(figure)
    assert "75.0% 9/12" in found
    assert any("共 27 件" in text and "浅色：样本少" in text for text in found)
    assert any("工单数不足 10 件 1 个：丙局" in text for text in found)
    assert {"镇街", "部门"} <= {axes.get_ylabel() for axes in figure.axes}
    colours = {axes.get_ylabel(): axes.patches[0].get_facecolor() for axes in figure.axes}
    assert colours["镇街"] != colours["部门"]


def test_who_is_not_ranked_is_named_and_not_drawn() -> None:
    columns = (Field("g", "组"), Field("u", "单位"), Field("s", "得分", "number", "分"), Field("why", "原因"))
    rows: list[dict[str, Any]] = [
        {"g": "部门", "u": "甲局", "s": 90.0, "why": None},
        {"g": "部门", "u": "乙局", "s": None, "why": "没有应办结工单"},
    ]
    hint = ChartHint("panels", "u", "s", series="g", apart="why")
    found = words(draw(ReportTable("x", "题", columns, rows, chart=hint)))
    assert any("没有应办结工单 1 个：乙局" in text for text in found)
    assert "乙局" not in found


def test_a_heat_map_has_its_numbers_in_the_cells() -> None:
    columns = (Field("a", "区域"), Field("c", "类别"), Field("n", "工单数", "integer", "件"))
    rows: list[dict[str, Any]] = [{"a": "甲街", "c": "物业", "n": 1234}, {"a": "乙街", "c": "噪声", "n": 5}]
    found = words(draw(ReportTable("x", "题", columns, rows, chart=ChartHint("heat", "c", "n", series="a"))))
    assert {"1,234", "5"} <= set(found)


def test_a_band_shows_the_week_that_crossed_the_line() -> None:
    columns = (
        Field("what", "对象"),
        Field("w", "周", "list"),
        Field("e", "应有", "list"),
        Field("l", "线", "list"),
    )
    row: dict[str, Any] = {
        "what": "停水 · 甲街", "w": [3, 4, 30],
        "e": [3.0, 3.5, 4.0], "l": [9, 10, 11], "last": date(2025, 6, 8),
    }  # fmt: skip
    hint = ChartHint("bands", "what", "w", expected="e", limit="l", last="last")
    figure = draw(ReportTable("x", "预警", columns, [row], chart=hint))
    assert {"30 件", "停水 · 甲街", "06-08"} <= set(words(figure))
    assert list(figure.axes[0].lines[1].get_ydata()) == [3, 4, 30]


def test_a_subject_alarmed_in_two_weeks_has_one_panel_with_both_marked() -> None:
    columns = (
        Field("what", "对象"),
        Field("w", "周", "list"),
        Field("e", "应有", "list"),
        Field("l", "线", "list"),
    )
    earlier: dict[str, Any] = {
        "what": "停水", "w": [2, 3, 4, 30], "e": [3.0] * 4, "l": [9] * 4, "last": date(2025, 6, 8),
    }  # fmt: skip
    later: dict[str, Any] = {
        "what": "停水", "w": [3, 4, 30, 20], "e": [3.0] * 4, "l": [9] * 4, "last": date(2025, 6, 15),
    }  # fmt: skip
    hint = ChartHint("bands", "what", "w", expected="e", limit="l", last="last")
    figure = draw(ReportTable("x", "预警", columns, [earlier, later], chart=hint))
    assert [axes.get_visible() for axes in figure.axes] == [True, False]
    assert list(figure.axes[0].lines[1].get_ydata()) == [3, 4, 30, 20]
    marked = figure.axes[0].lines[2]
    assert (list(marked.get_xdata()), list(marked.get_ydata())) == ([2, 3], [30, 20])
    assert "30 件" in words(figure)


def test_shares_name_what_they_are_out_of_and_folded_lines_are_not_drawn() -> None:
    columns = (
        Field("k", "月"),
        Field("s", "线"),
        Field("n", "件", "integer"),
        Field("share", "占存疑", "rate", counts=Counts("n", "doubtful", of_total=True)),
    )
    rows: list[dict[str, Any]] = [
        {"k": "1月", "s": "甲", "n": 1, "share": 0.25},
        {"k": "1月", "s": "其余 3 项", "n": 90, "share": 0.75, ROW_KIND: RowKind.REST},
    ]
    totals: dict[str, Any] = {"orders": 100, "doubtful": 4}
    bars = ChartHint("bars", "s", "n", share="share")
    assert any(
        "分母 4 件" in t
        for t in words(draw(ReportTable("x", "题", columns, rows, totals=totals, chart=bars)))
    )
    lines = draw(ReportTable("x", "题", columns, rows, chart=ChartHint("lines", "k", "n", series="s")))
    assert len(lines.axes[0].lines) == 1
    assert any("未画：其余 3 项" in text for text in words(lines))


def test_what_cannot_be_drawn_says_why() -> None:
    table = ReportTable(
        "x",
        "x",
        (Field("a", "甲"),),
        [],
        chart=ChartHint("bars", "a", "a"),
        notes=[Note(NoteKind.MISSING, "无法计算一致性：缺列。")],
    )
    with pytest.raises(NotComputableError, match="无法计算一致性"):
        draw(table)


def test_steps_without_all_their_days_are_hollow() -> None:
    columns = (Field("k", "周"), Field("n", "件", "integer"), Field("whole", "完整", "boolean"))
    rows: list[dict[str, Any]] = [{"k": "W1", "n": 3, "whole": False}, {"k": "W2", "n": 9, "whole": True}]
    figure = draw(ReportTable("x", "题", columns, rows, chart=ChartHint("lines", "k", "n", whole="whole")))
    line, hollow = figure.axes[0].lines
    assert list(line.get_ydata()) == [3, 9]
    assert (list(hollow.get_ydata()), hollow.get_markerfacecolor()) == ([3], "white")
    assert any("空心点：天数不全" in text for text in words(figure))


SCORED = (Field("g", "组"), Field("u", "单位"), Field("s", "得分", "number"), Field("few", "样本少", "list"))


def test_small_units_do_not_crowd_out_the_others_of_their_group() -> None:
    rows: list[dict[str, Any]] = [
        {"g": "部门", "u": f"小{n}", "s": 100.0, "few": ["工单数"]} for n in range(60)
    ]
    rows.append({"g": "部门", "u": "大局", "s": 90.0, "few": []})
    hint = ChartHint("panels", "u", "s", series="g", pale="few")
    found = words(draw(ReportTable("x", "题", SCORED, rows, chart=hint)))
    assert "大局" in found
    assert any("另有 13 个未画出" in text for text in found)  # 48 of 61 are drawn


BASED = [
    {"received_at": f"{day} 09:00", "category": category, "street": street, "department": "甲局"}
    for day, number, category, street in [
        ("2025-04-01", 3, "物业", "甲街"),
        ("2025-05-02", 5, "物业", "甲街"),
        ("2025-05-31", 7, "物业", "甲街"),
        ("2025-06-02", 8, "物业", "甲街"),
        ("2025-06-03", 6, "噪声", "乙街"),
        ("2025-07-01", 1, "物业", "甲街"),
    ]
    for _ in range(number)
]
"""May: 12 of 物业; June: 8 of 物业, 6 of 噪声; April: 3."""


def compared_chart(name: str, *bases: Any, **filters: Any) -> Figure:
    query = Query(period=month(2025, 6), compare=bases or ("previous",), **filters)
    return draw(run_report(find_report(name), database_of(BASED), query))


def test_a_compared_line_has_the_base_beside_it_and_no_point_that_is_no_day() -> None:
    figure = compared_chart("trend", granularity="day")
    then, now = figure.axes[0].lines
    assert [list(line.get_ydata())[1] for line in (then, now)] == [5, 8]
    assert len(then.get_xdata()) == len(now.get_xdata()) == 30
    assert (then.get_linestyle(), now.get_linestyle()) == ("--", "-")
    assert not any("None" in text for text in words(figure))
    assert any("虚线为对比期" in text for text in words(figure))


def test_of_two_bases_the_first_is_drawn_and_the_other_named() -> None:
    figure = compared_chart("categories", "previous", month(2025, 4))
    (ticks,) = figure.axes[0].lines
    assert list(ticks.get_xdata()) == [12, 0]
    assert any(text.endswith("  ｜12") for text in words(figure))
    assert any("竖线为上期，其数在“｜”后；未画：2025年4月" in text for text in words(figure))


@pytest.mark.parametrize(
    ("name", "cell"), [("hours", "8\n+3"), ("cross", "8\n-4"), ("cross", "6\n+6")]
)  # Monday 9 h: 8 on 2 June, 5 on Mondays in May
def test_a_compared_matrix_has_the_change_below_the_figure(name: str, cell: str) -> None:
    rows = [{**row, "received_at": str(row["received_at"]).replace("05-02", "05-05")} for row in BASED]
    query = Query(period=month(2025, 6), compare="previous")
    figure = draw(run_report(find_report(name), database_of(rows), query))
    assert cell in words(figure)
    assert any("格内下行为较对比期增减" in text for text in words(figure))


def test_panels_have_the_base_and_not_the_units_that_only_it_has() -> None:
    rows = [
        *closed("甲局", 12, 3),
        *(dict(row, received_at="2025-05-02 09:00", due_at="2025-05-10 18:00", closed_at="2025-05-05 09:00",
               revisited_at="2025-05-13 09:00", department=unit)
          for unit in ("甲局", "乙局") for row in closed(unit, 12, 0)),
    ]  # fmt: skip
    rows.append({"department": "甲局", "received_at": "2025-07-05 09:00", "status": "open"})
    table = run_report(
        find_report("departments"), database_of(rows), Query(period=month(2025, 6), compare="previous")
    )
    assert [row["unit"] for row in table.rows] == ["甲局", "乙局"]
    figure = draw(table)
    assert "甲局" in words(figure)
    assert "乙局" not in words(figure)
    assert any("竖线为对比期" in text for text in words(figure))
    assert len(figure.axes[0].lines) == 1


@pytest.mark.parametrize("name", ["categories", "trend", "hours", "cross"])
def test_a_base_without_orders_is_not_drawn_nor_spoken_of(name: str) -> None:
    figure = compared_chart(name, month(2023, 6))
    said = "；".join(words(figure))
    assert not any(how in said for how in ("竖线为", "虚线为", "格内下行"))
    assert sum(len(axes.lines) for axes in figure.axes) == (1 if name == "trend" else 0)


def test_every_line_differs_from_every_other_in_colour_or_style() -> None:
    columns = (Field("k", "月"), Field("s", "线"), Field("n", "件", "integer"))
    rows: list[dict[str, Any]] = [
        {"k": month, "s": f"第{n}类", "n": n} for n in range(1, 21) for month in ("1月", "2月")
    ]
    figure = draw(ReportTable("x", "题", columns, rows, chart=ChartHint("lines", "k", "n", series="s")))
    looks = [(line.get_color(), line.get_linestyle()) for line in figure.axes[0].lines]
    assert (len(looks), len(set(looks))) == (20, 20)
    assert len({colour for colour, _ in looks[:8]}) == 8


def test_a_step_of_the_base_period_alone_is_no_point_and_what_is_missing_is_not_zero() -> None:
    # 31 May has no day of June beside it.
    columns = (
        Field("k", "日"),
        Field("n", "件", "integer"),
        Field("m", "件（对比期）", "integer", then_of="n"),
    )
    rows: list[dict[str, Any]] = [
        {"k": "06-29", "n": 3, "m": 4}, {"k": "06-30", "n": None, "m": 2}, {"k": None, "n": None, "m": 7},
    ]  # fmt: skip
    figure = draw(ReportTable("x", "题", columns, rows, chart=ChartHint("lines", "k", "n")))
    assert [text for text in words(figure) if "None" in text] == []
    base, line = figure.axes[0].lines
    assert (list(base.get_ydata()), base.get_label()) == ([4, 2], "件（对比期）")
    assert list(line.get_ydata()) == [3]


@pytest.mark.parametrize("kind", ["bars", "lines", "heat"])
def test_a_dollar_in_a_name_is_drawn_as_written(kind: Any) -> None:
    columns = (Field("k", "名称"), Field("s", "线"), Field("n", "件", "integer"))
    rows: list[dict[str, Any]] = [{"k": "价$\\frac{1$元", "s": "甲$_$", "n": 1}]
    hint = ChartHint(kind, "k", "n", series="s")
    table = ReportTable("x", "题$^$", columns, rows, chart=hint)
    assert "价$\\frac{1$元" in words(draw(table))
    assert render_chart(table, "svg").startswith(b"<?xml")


def test_the_source_stands_below() -> None:
    columns = (Field("k", "名称"), Field("n", "件", "integer"))
    table = ReportTable("areas", "题", columns, [{"k": "甲", "n": 1}], chart=ChartHint("bars", "k", "n"))
    assert any("来源：工单库，hotline report areas。" in text for text in words(draw(table)))


def overlaps(one: Any, other: Any, figure: Figure) -> bool:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return bool(one.get_window_extent(canvas.renderer).overlaps(other.get_window_extent(canvas.renderer)))


def note_of(figure: Figure) -> Any:
    """The notes and the source under the axes."""
    (found,) = [text for text in figure.axes[0].texts if "来源：" in text.get_text()]
    return found


@pytest.mark.parametrize("by", [None, "category"])
def test_the_notes_lie_below_the_legend_of_the_lines(by: str | None) -> None:
    figure = compared_chart("trend", granularity="day", by=by)
    assert not overlaps(note_of(figure), figure.axes[0].get_legend(), figure)


def test_the_notes_lie_below_the_percentages_of_the_cumulative_line() -> None:
    query = Query(period=month(2025, 6), by="category")
    figure = draw(run_report(find_report("pareto"), database_of(BASED), query))
    bars, line = figure.axes
    for label in line.get_xticklabels():
        assert not overlaps(note_of(figure), label, figure)
    assert not any(tick.tick1line.get_visible() for tick in bars.xaxis.get_major_ticks())


def test_a_heat_map_marks_the_cells_that_the_table_marks() -> None:
    columns = (
        Field("a", "区域"), Field("c", "类别"), Field("n", "工单数", "integer", "件"),
        Field("high", "明显偏高", "boolean"),
    )  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"a": "甲街", "c": "物业", "n": 41, "high": True},
        {"a": "乙街", "c": "噪声", "n": 5, "high": False},
    ]
    hint, grid = ChartHint("heat", "c", "n", series="a"), Grid("c", "a", "n", mark="high")
    found = words(draw(ReportTable("x", "题", columns, rows, chart=hint, grid=grid)))
    assert {"41*", "5"} <= set(found)
    assert any("带 * 的：明显偏高" in text for text in found)
    rows[0]["high"] = False
    plain = words(draw(ReportTable("x", "题", columns, rows, chart=hint, grid=grid)))
    assert not any("带 *" in text for text in plain)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        pytest.param(
            Note(NoteKind.EMPTY, "范围内没有工单；请放宽 --period 等筛选条件。"),
            "没有数据可画：范围内没有工单；请放宽 --period 等筛选条件。",
            id="what to do is said once",
        ),
        pytest.param(
            Note(NoteKind.MISSING, "无法计算一致性：范围内的工单都没有填“原分类”。"),
            "没有数据可画：无法计算一致性：范围内的工单都没有填“原分类”。请换一张报表。",
            id="a wider period brings no column",
        ),
    ],
)
def test_a_remedy_is_one_that_helps(note: Note, said: str) -> None:
    table = ReportTable("x", "x", (Field("a", "甲"),), [], chart=ChartHint("bars", "a", "a"), notes=[note])
    with pytest.raises(NotComputableError) as error:
        draw(table)
    assert str(error.value) == said


COUNTED = (Field("item", "项"), Field("n", "件数", "integer", "件"), Field("rest", "八成以外", "boolean"))


def counted(numbers: list[int], **hint: Any) -> ReportTable:
    rows: list[dict[str, Any]] = [
        {"item": f"第{place}项", "n": n, "rest": sum(numbers[:place]) >= 0.8 * sum(numbers)}
        for place, n in enumerate(numbers)
    ]
    return ReportTable("x", "题", COUNTED, rows, chart=ChartHint("bars", "item", "n", **hint))


def test_bars_with_a_cumulative_line_reach_the_rule() -> None:
    columns = (*COUNTED, Field("sum", "累计占比", "rate"))
    table = counted([10] * 60, pale="rest")
    for place, row in enumerate(table.rows, 1):
        row["sum"] = place / 60
    assert table.chart is not None
    cumulative = replace(table, columns=columns, chart=replace(table.chart, line="sum"))
    assert [len(draw(drawn).axes[0].patches) for drawn in (table, cumulative)] == [30, 48]


def test_bars_that_would_all_be_nothing_are_refused() -> None:
    with pytest.raises(NotComputableError, match="都是 0"):
        draw(counted([0, 0]))


def test_a_picture_says_what_its_figures_leave_out() -> None:
    notes = [Note(NoteKind.SHOWN, "按件数排列。"), Note(NoteKind.ADVICE, "请看表。"),
             Note(NoteKind.EXCLUDED, "3 件没有类别，未计入。")]  # fmt: skip
    said = "".join(words(draw(replace(counted([5, 3]), notes=notes))))
    assert "3 件没有类别" in said
    assert "请看表" not in said


def test_a_picture_carries_all_that_makes_it_mislead() -> None:
    notes = [
        Note(NoteKind.GAP, "来源“甲”疑似缺数据。"),
        Note(NoteKind.GAP, "来源“乙”疑似缺数据。"),
        Note(NoteKind.QUALITY, "口径变动：来源“丙”只在本期有工单。"),
        Note(NoteKind.QUALITY, "另有 3 件的时间由别的时间代替。"),
        Note(NoteKind.DEFINITION, "占比 = 件数 ÷ 合计。"),
    ]
    said = "".join(words(draw(replace(counted([5, 3]), notes=notes))))
    assert all(text in said for text in ("来源“甲”", "来源“乙”", "口径变动"))
    assert "时间代替" not in said
    assert "占比 =" not in said


def test_panels_keep_the_order_of_the_table_though_small_units_give_way() -> None:
    rows: list[dict[str, Any]] = [
        {"g": "部门", "u": f"单位{n}", "s": 100.0 - n, "few": ["工单数"] if n % 2 == 0 else []}
        for n in range(60)
    ]
    figure = draw(
        ReportTable("x", "题", SCORED, rows, chart=ChartHint("panels", "u", "s", series="g", pale="few"))
    )
    drawn = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert drawn == sorted(drawn, key=lambda name: int(name.removeprefix("单位")))
    assert "单位59" in drawn
    assert "单位58" not in drawn


def test_no_line_runs_through_the_figures_of_a_pareto_chart() -> None:
    orders = [
        {"order_id": str(n * 100 + i), "subcategory": f"子类{n}", "category": "类"}
        for n in range(1, 31)
        for i in range(31 - n)
    ]
    figure = draw(run_report(find_report("pareto"), database_of(orders), Query()))
    figure.canvas.draw()
    bars, above = figure.axes
    (line, _rule) = above.lines
    points = line.get_transform().transform(line.get_xydata())
    figures = [text.get_window_extent() for text in bars.texts if text.get_text().endswith("%）")]
    assert len(figures) == len(points) > 15
    assert max(box.x1 for box in figures) < points[:, 0].min()
    names = [label.get_window_extent() for label in bars.get_yticklabels()]
    assert all(name.x1 < figure.x0 for name, figure in zip(names, figures, strict=True))
    assert bars.get_ylim()[0] < len(figures) + 1  # no empty strip below the last bar
