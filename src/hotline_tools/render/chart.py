"""A report's ``ChartHint`` drawn by matplotlib: bars, lines or a heat map, as png, svg or pdf."""

import io
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hotline_tools.errors import NotComputableError, UsageError
from hotline_tools.render.fonts import chinese_font
from hotline_tools.render.values import heading, shown
from hotline_tools.table import ChartHint, ReportTable

FORMATS = ("png", "svg", "pdf")
_BAR = "#2F6DB5"
_PALE = "#B9C4D0"
_MOST_BARS = 30


def render_chart(table: ReportTable, file_format: str = "png") -> bytes:
    """Return the picture; raise ``NotComputableError`` when there is nothing to draw."""
    if file_format not in FORMATS:
        raise UsageError(f"不支持图表格式 {file_format}", remedy=f"可用：{'、'.join(FORMATS)}。")
    if table.chart is None:
        raise NotComputableError(f"报表 {table.report} 没有可画的图", remedy="请改用 hotline report。")
    if not table.rows:
        raise NotComputableError("范围内没有工单，画不出图", remedy="请放宽 --period 等筛选条件。")
    style: Any = {
        "font.family": [chinese_font(), "DejaVu Sans"],
        "axes.unicode_minus": False,
        "svg.fonttype": "path",  # a reader of the svg needs no Chinese font
        "svg.hashsalt": "hotline",  # the same table gives the same bytes
        "pdf.fonttype": 42,
    }
    with mpl.rc_context(style):
        figure = _draw(table, table.chart)
        sink = io.BytesIO()
        metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(file_format)
        figure.savefig(sink, format=file_format, dpi=160, bbox_inches="tight", metadata=metadata)
    return sink.getvalue()


def _draw(table: ReportTable, hint: ChartHint) -> Figure:
    draw = {"bars": _bars, "lines": _lines, "heat": _heat}[hint.kind]
    figure = Figure(figsize=(9, 5))
    axes = figure.add_subplot()
    axes.set_title(f"{table.title}（{table.period}）", loc="left", fontsize=14, pad=12)
    draw(figure, axes, table, hint)
    return figure


def _bars(figure: Figure, axes: Axes, table: ReportTable, hint: ChartHint) -> None:
    """One bar a row; what is folded or unclassified comes pale."""
    rows = table.rows[:_MOST_BARS]
    figure.set_size_inches(9, 1.4 + 0.32 * len(rows))
    value, share = table.column(hint.value), hint.share
    numbers = [_figure(row.get(hint.value)) for row in rows]
    pale = [bool(row.get("unclassified")) or str(row[hint.label]).startswith("其余 ") for row in rows]
    bars = axes.barh(range(len(rows)), numbers, color=[_PALE if p else _BAR for p in pale], height=0.72)
    texts = [shown(row.get(hint.value), value) for row in rows]
    if share:
        texts = [
            f"{t}（{shown(row.get(share), table.column(share))}）" for t, row in zip(texts, rows, strict=True)
        ]
    axes.bar_label(bars, labels=texts, padding=4, fontsize=9)
    axes.set_yticks(range(len(rows)), labels=[str(row[hint.label]) for row in rows], fontsize=10)
    axes.invert_yaxis()
    axes.margins(x=0.16, y=0.01)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(left=False, bottom=False, labelbottom=False)
    hidden = len(table.rows) - len(rows)
    source = f"另有 {hidden} 项未画出。" if hidden else ""
    if table.notes:
        axes.text(
            0, -0.02, source + table.notes[0], transform=axes.transAxes, fontsize=8, color="#666", va="top"
        )


def _lines(figure: Figure, axes: Axes, table: ReportTable, hint: ChartHint) -> None:
    """One line a series over the labels in row order, the value axis from zero."""
    figure.set_size_inches(10, 5)
    labels = list(dict.fromkeys(str(row[hint.label]) for row in table.rows))
    at = {label: index for index, label in enumerate(labels)}
    series: dict[str, list[tuple[int, float]]] = {}
    for row in table.rows:
        name = str(row[hint.series]) if hint.series else table.column(hint.value).label
        series.setdefault(name, []).append((at[str(row[hint.label])], _figure(row.get(hint.value))))
    for name, points in series.items():
        axes.plot(*zip(*sorted(points), strict=True), marker="o", markersize=3, label=name)
    step = max(1, len(labels) // 16)
    axes.set_xticks(range(0, len(labels), step), labels=labels[::step], rotation=45, ha="right", fontsize=9)
    axes.set_ylabel(heading(table.column(hint.value)))
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    if len(series) > 1:
        # Below the axis: inside it would lie on the lines.
        columns = min(5, len(series))
        axes.legend(frameon=False, fontsize=9, ncols=columns, loc="upper left", bbox_to_anchor=(0, -0.2))


def _heat(figure: Figure, axes: Axes, table: ReportTable, hint: ChartHint) -> None:
    """One cell a row, coloured by its value."""
    across = list(dict.fromkeys(str(row[hint.label]) for row in table.rows))
    down = list(dict.fromkeys(str(row[hint.series]) for row in table.rows))
    grid = [[0.0] * len(across) for _ in down]
    for row in table.rows:
        grid[down.index(str(row[hint.series]))][across.index(str(row[hint.label]))] = _figure(
            row.get(hint.value)
        )
    figure.set_size_inches(max(6, 0.42 * len(across) + 2), max(3, 0.4 * len(down) + 1.5))
    image = axes.imshow(grid, cmap="YlOrRd", aspect="auto")
    is_wide = len(across) > 24 or max(map(len, across)) > 3
    axes.set_xticks(range(len(across)), labels=across, fontsize=9, rotation=90 if is_wide else 0)
    axes.set_yticks(range(len(down)), labels=down, fontsize=9)
    figure.colorbar(image, ax=axes, label=heading(table.column(hint.value)))


def _figure(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
