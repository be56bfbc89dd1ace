"""One bar a row; what is folded, unclassified or possibly chance comes pale."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hotline_tools.render.columns import with_counts
from hotline_tools.render.drawing.words import base_words, foot, head, said
from hotline_tools.render.drawing.words import figure as number
from hotline_tools.render.fitting import cell_len
from hotline_tools.render.values import shown
from hotline_tools.table import ROW_KIND, Cell, ChartHint, ReportTable

BAR, FALL, PALE = "#2F6DB5", "#3A8F5C", "#B9C4D0"
BASE_MARK = "竖线为{}，其数在“｜”后"
LINE, VITAL = "#B4552D", 0.8
"""Colour of the cumulative line, and the share at which the rule stands (Juran's vital few)."""
_MOST_BARS, _MOST_VITAL = 30, 90
"""Bars of a picture; where a line has to reach the rule, and no page sets the height, more."""
_POINTS = 9
"""Type size of the figures."""
_BEFORE = "｜"
"""Stands before the base's figure, as the tick does at it."""


def draw_bars(figure: Figure, table: ReportTable, hint: ChartHint) -> None:
    """Draw the first 30 rows (the last of rows in order of time); with a cumulative line up to its rule."""
    axes = figure.add_subplot()
    room = _room(table, hint)
    rows = table.rows[-room:] if hint.latest else table.rows[:room]
    figure.set_size_inches(9, 1.6 + 0.32 * len(rows))
    if hint.line:
        _cumulative(axes, rows, hint)
    bars_of(axes, rows, table, hint)  # after it, for it says where the axis ends
    head(
        axes,
        table,
        hint,
        *base_words(table, hint, BASE_MARK),
        *_line_words(table, hint),
        *_pale_words(rows, table, hint),
    )
    hidden = len(table.rows) - len(rows)
    unseen = f"{'更早的' if hint.latest else '另有'} {hidden:,} 项未画出。" if hidden else ""
    texts = [unseen, *said(table)]
    foot(axes, table, texts, 24 if hint.line else 8)  # below the percentages of the line


def bars_of(axes: Axes, rows: list[dict[str, Cell]], table: ReportTable, hint: ChartHint) -> None:
    """Draw bars with their figures behind them, with a tick at the base's figure; what falls is green.

    Where a line passes over the bars, the figures stand before them, beside the names: it would run through.
    """
    numbers = [number(row.get(hint.value)) for row in rows]
    colours = [
        PALE if is_pale(row, hint) else (BAR if n >= 0 else FALL)
        for row, n in zip(rows, numbers, strict=True)
    ]
    axes.barh(range(len(rows)), numbers, color=colours, height=0.72)
    then = table.derived("then", hint.value)
    if then and any(row.get(then.name) is not None for row in rows):
        known = [(number(row[then.name]), n) for n, row in enumerate(rows) if row.get(then.name) is not None]
        axes.plot(*zip(*known, strict=True), "|", color="#222222", markersize=13, markeredgewidth=1.6)
    longest = 0
    for place, (row, end) in enumerate(zip(rows, numbers, strict=True)):
        tick = number(row.get(then.name)) if then else 0.0
        far = end if end < 0 else max(end, tick)
        before = (
            f"  {_BEFORE}{shown(row[then.name], then)}" if then and row.get(then.name) is not None else ""
        )
        text = _text(row, table, hint) + before
        longest = max(longest, cell_len(text))
        _write(axes, (far, place), text, 10 if tick > end else 4, is_before=bool(hint.line))
    label = table.column(hint.label)
    axes.set_yticks(range(len(rows)), labels=[shown(row[hint.label], label) for row in rows], fontsize=10)
    axes.invert_yaxis()
    axes.margins(x=0.16, y=0.01)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(left=False, bottom=False, labelbottom=False)
    if hint.line:
        axes.tick_params(axis="y", pad=(longest + 2) * _POINTS / 2 + 4)


def _room(table: ReportTable, hint: ChartHint) -> int:
    if not hint.line or hint.in_document:
        return _MOST_BARS
    vital = sum(not is_pale(row, hint) for row in table.rows)
    return min(max(_MOST_BARS, vital), _MOST_VITAL)


def _cumulative(axes: Axes, rows: list[dict[str, Cell]], hint: ChartHint) -> None:
    """Draw the cumulative share on an axis of its own, above, and the rule at which the vital few end."""
    above = axes.twiny()
    axes.tick_params(bottom=False)  # a second axis brings the ticks of the first back
    shares = [number(row.get(hint.line)) for row in rows]
    above.plot(shares, range(len(rows)), "-o", color=LINE, markersize=3.5, linewidth=1.4)
    above.axvline(VITAL, color=LINE, linestyle=":", linewidth=1)
    above.set_xlim(0, 1.04)
    above.set_xticks([0, VITAL, 1], labels=["0%", f"{VITAL:.0%}", "100%"], fontsize=8, color=LINE)
    above.tick_params(top=False, labeltop=False, bottom=False, labelbottom=True)
    above.spines[:].set_visible(False)


def _write(axes: Axes, at: tuple[float, int], text: str, away: int, *, is_before: bool) -> None:
    """Write a figure ``away`` points behind its bar or its tick, or before the bar."""
    is_left = is_before or at[0] < 0
    axes.annotate(
        text, (0, at[1]) if is_before else at, xytext=(-away if is_left else away, 0),
        textcoords="offset points", ha="right" if is_left else "left", va="center", fontsize=_POINTS,
    )  # fmt: skip


def is_pale(row: dict[str, Cell], hint: ChartHint) -> bool:
    """Tell what is drawn pale: rows marked so, and those that are no single item."""
    return bool(hint.pale and row.get(hint.pale)) or row.get(ROW_KIND) is not None


def _text(row: dict[str, Cell], table: ReportTable, hint: ChartHint) -> str:
    text = with_counts(row, table.column(hint.value), table)
    if not hint.share or row.get(hint.share) is None:
        return text
    return f"{text}（{with_counts(row, table.column(hint.share), table)}）"


def _line_words(table: ReportTable, hint: ChartHint) -> list[str]:
    return [f"折线为{table.column(hint.line).label}，虚线为 {VITAL:.0%}"] if hint.line else []


def _pale_words(rows: list[dict[str, Cell]], table: ReportTable, hint: ChartHint) -> list[str]:
    any_pale = bool(hint.pale) and any(row.get(hint.pale) for row in rows)
    return [f"浅色：{table.column(hint.pale).label}"] if any_pale else []
