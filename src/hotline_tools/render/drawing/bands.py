"""Weekly counts with what was to be expected, the line of alarm, and the week that crossed it."""

from datetime import date, timedelta

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from hotline_tools.render.drawing.words import GREY, foot
from hotline_tools.render.values import described_filters, shown
from hotline_tools.table import Cell, ChartHint, ReportTable

_MOST_PANELS = 8
_ALARM, _LINE, _BAND = "#C0392B", "#2F6DB5", "#DCE6F1"
_WEEK = timedelta(days=7)


def draw_bands(figure: Figure, table: ReportTable, hint: ChartHint) -> None:
    """Draw the first 8 rows, two panels a line."""
    rows = table.rows[:_MOST_PANELS]
    lines = -(-len(rows) // 2)
    figure.set_size_inches(11, 1.2 + 2.4 * lines)
    every = figure.subplots(lines, 2, squeeze=False, gridspec_kw={"hspace": 0.75, "wspace": 0.14})
    panels: list[Axes] = [axes for line in every for axes in line]
    for axes, row in zip(panels, rows, strict=False):
        _panel(axes, row, table, hint)
    for axes in panels[len(rows) :]:
        axes.set_visible(False)
    said = "；".join(filter(None, [table.period, *described_filters(table)]))
    more = f"，另有 {len(table.rows) - len(rows):,} 条未画出" if len(table.rows) > len(rows) else ""
    below = f"每周件数；阴影：按历史应有至预警线；红点：预警的一周{more}"
    panels[0].annotate(
        f"{table.title}（{said}）", (0, 1), xytext=(0, 48), xycoords="axes fraction",
        textcoords="offset points", fontsize=14,
    )  # fmt: skip
    panels[0].annotate(
        below, (0, 1), xytext=(0, 32), xycoords="axes fraction", textcoords="offset points", fontsize=9,
        color=GREY,
    )  # fmt: skip
    foot(panels[2 * (lines - 1)], table.notes[:2], 40)


def _panel(axes: Axes, row: dict[str, Cell], table: ReportTable, hint: ChartHint) -> None:
    counts, expected, limits = (_figures(row.get(name)) for name in (hint.value, hint.expected, hint.limit))
    weeks = range(len(counts))
    axes.fill_between(weeks, expected, limits, color=_BAND, linewidth=0)
    axes.plot(weeks, expected, color=GREY, linewidth=0.9, linestyle="--")
    axes.plot(weeks, counts, color=_LINE, marker="o", markersize=3)
    axes.plot(weeks[-1:], counts[-1:], "o", color=_ALARM, markersize=7)
    axes.annotate(
        f"{counts[-1]:,.0f} 件", (weeks[-1], counts[-1]), xytext=(-8, 0), textcoords="offset points",
        ha="right", va="center", fontsize=9, color=_ALARM,
    )  # fmt: skip
    axes.set_title(shown(row[hint.label], table.column(hint.label)), loc="left", fontsize=10)
    last = row[hint.last]
    if isinstance(last, date):
        ends = [last - _WEEK * (len(counts) - 1 - week) for week in weeks]
        axes.set_xticks(
            list(weeks)[::-3][::-1], labels=[f"{day:%m-%d}" for day in ends[::-3][::-1]], fontsize=8
        )
    axes.tick_params(axis="y", labelsize=8)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.set_ylim(0, max(*counts, *limits) * 1.12)
    axes.spines[["top", "right"]].set_visible(False)


def _figures(value: Cell) -> list[float]:
    return [float(item) for item in value] if isinstance(value, list) else []
