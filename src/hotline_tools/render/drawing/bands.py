"""Weekly counts with what was to be expected, the line of alarm, and the weeks that crossed it."""

from datetime import date, timedelta

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from hotline_tools.render.columns import full_title
from hotline_tools.render.drawing.words import GREY, foot
from hotline_tools.render.values import shown
from hotline_tools.table import Cell, ChartHint, ReportTable

Row = dict[str, Cell]
_MOST_PANELS = 8
_ALARM, _LINE, _BAND = "#C0392B", "#2F6DB5", "#DCE6F1"
_WEEK = timedelta(days=7)


def draw_bands(figure: Figure, table: ReportTable, hint: ChartHint) -> None:
    """Draw the first 8 subjects, two panels a line."""
    every_subject = _subjects(table, hint)
    subjects = every_subject[:_MOST_PANELS]
    lines = -(-len(subjects) // 2)
    figure.set_size_inches(11, 1.2 + 2.4 * lines)
    every = figure.subplots(lines, 2, squeeze=False, gridspec_kw={"hspace": 0.75, "wspace": 0.14})
    panels: list[Axes] = [axes for line in every for axes in line]
    for axes, rows in zip(panels, subjects, strict=False):
        _panel(axes, rows, table, hint)
    for axes in panels[len(subjects) :]:
        axes.set_visible(False)
    left = len(every_subject) - len(subjects)
    more = f"；另有 {left:,} 个对象未画出" if left else ""
    below = f"每周件数；阴影：按历史应有至预警线；红点：预警的一周{more}"
    panels[0].annotate(
        full_title(table), (0, 1), xytext=(0, 48), xycoords="axes fraction",
        textcoords="offset points", fontsize=14,
    )  # fmt: skip
    panels[0].annotate(
        below, (0, 1), xytext=(0, 32), xycoords="axes fraction", textcoords="offset points", fontsize=9,
        color=GREY,
    )  # fmt: skip
    foot(panels[2 * (lines - 1)], table, table.notes[:2], 40)


def _subjects(table: ReportTable, hint: ChartHint) -> list[list[Row]]:
    """Return the rows of each subject, in the order in which the table first names it, the latest last."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in table.rows:
        found.setdefault((str(row[hint.label]), str(row.get(hint.series))), []).append(row)
    return [sorted(rows, key=lambda row: str(row[hint.last])) for rows in found.values()]


def _panel(axes: Axes, rows: list[Row], table: ReportTable, hint: ChartHint) -> None:
    row = rows[-1]
    counts, expected, limits = (_figures(row.get(name)) for name in (hint.value, hint.expected, hint.limit))
    weeks = range(len(counts))
    axes.fill_between(weeks, expected, limits, color=_BAND, linewidth=0)
    axes.plot(weeks, expected, color=GREY, linewidth=0.9, linestyle="--")
    axes.plot(weeks, counts, color=_LINE, marker="o", markersize=3)
    alarms = _alarms([other[hint.last] for other in rows], len(counts))
    axes.plot(alarms, [counts[week] for week in alarms], "o", color=_ALARM, markersize=7)
    top = max(alarms, key=lambda week: counts[week])
    axes.annotate(
        f"{counts[top]:,.0f} 件", (top, counts[top]), xytext=(0, 6), textcoords="offset points",
        ha="center", va="bottom", fontsize=9, color=_ALARM,
    )  # fmt: skip
    axes.set_title(shown(row[hint.label], table.column(hint.label)), loc="left", fontsize=10)
    _week_ticks(axes, row[hint.last], len(counts))
    axes.tick_params(axis="y", labelsize=8)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.set_ylim(0, max(*counts, *limits) * 1.2)
    axes.spines[["top", "right"]].set_visible(False)


def _alarms(ends: list[Cell], weeks: int) -> list[int]:
    """Return which of the weeks before the last of ``ends`` end on one of them."""
    last = ends[-1]
    back = [(last - end).days // 7 for end in ends if isinstance(last, date) and isinstance(end, date)]
    return sorted({weeks - 1, *(weeks - 1 - number for number in back if number < weeks)})


def _week_ticks(axes: Axes, last: Cell, weeks: int) -> None:
    """Name every third week by its last day, counted back from the last."""
    if isinstance(last, date):
        at = range(weeks)[::-3][::-1]
        names = [f"{last - _WEEK * (weeks - 1 - week):%m-%d}" for week in at]
        axes.set_xticks(list(at), labels=names, fontsize=8)


def _figures(value: Cell) -> list[float]:
    return [float(item) for item in value] if isinstance(value, list) else []
