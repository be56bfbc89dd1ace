"""One line a series over the labels in row order, the value axis from zero."""

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from hotline_tools.render.drawing.words import base_words, foot, head, said
from hotline_tools.render.drawing.words import figure as number
from hotline_tools.render.values import heading
from hotline_tools.table import ROW_KIND, ChartHint, ReportTable, RowKind

_MOST_TICKS = 16
_PALER = 0.55
"""How much white is in the line of the base."""

_COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#222222", "#7A5C2E",
)  # fmt: skip
"""Told apart by the colour-blind too: Okabe and Ito (2008), their yellow replaced by a brown."""
_STYLES = (("-", "o"), ("--", "s"), (":", "^"), ("-.", "D"))
"""Line and marker of the first 8 series, the next 8, and so on."""

Points = list[tuple[int, float]]


def draw_lines(figure: Figure, table: ReportTable, hint: ChartHint) -> None:
    """Draw the lines with a legend below; inside it would lie on the lines."""
    axes = figure.add_subplot()
    figure.set_size_inches(10, 5)
    # A step that only the base period has is no step of the axis.
    rows = [row for row in table.rows if row[hint.label] is not None]
    labels = list(dict.fromkeys(str(row[hint.label]) for row in rows))
    at = {label: index for index, label in enumerate(labels)}
    series: dict[str, Points] = {}
    before: dict[str, Points] = {}
    then = table.derived("then", hint.value)
    folded: set[str] = set()
    for row in rows:
        name = str(row[hint.series]) if hint.series else table.column(hint.value).label
        if row.get(ROW_KIND) == RowKind.REST:
            folded.add(name)  # what is put together would tower over the lines that are asked for
            continue
        place = at[str(row[hint.label])]
        points = series.setdefault(name, [])
        if row.get(hint.value) is not None:
            points.append((place, number(row[hint.value])))
        if then and row.get(then.name) is not None:
            before.setdefault(name, []).append((place, number(row[then.name])))
    partial = _partial(table, hint)
    for number_of, (name, points) in enumerate(series.items()):
        colour = _COLOURS[number_of % len(_COLOURS)]
        style, marker = _STYLES[number_of // len(_COLOURS) % len(_STYLES)]
        _draw_base(
            axes, before.get(name, []), to_rgb(colour), then.label if then and len(series) == 1 else ""
        )
        (line,) = axes.plot(
            [x for x, _ in sorted(points)], [y for _, y in sorted(points)],
            color=colour, linestyle=style, marker=marker, markersize=3, label=name,
        )  # fmt: skip
        if cut := [point for point in points if labels[point[0]] in partial]:
            axes.plot(*zip(*cut, strict=True), "o", ms=5, mfc="white", mec=line.get_color())
    step = max(1, -(-len(labels) // _MOST_TICKS))
    axes.set_xticks(range(0, len(labels), step), labels=labels[::step], rotation=45, ha="right", fontsize=9)
    axes.set_ylabel(heading(table.column(hint.value)))
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=table.column(hint.value).type == "integer"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.grid(axis="y", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    has_legend = len(axes.get_legend_handles_labels()[1]) > 1
    if has_legend:
        columns = min(5, max(2, len(series)))
        axes.legend(frameon=False, fontsize=9, ncols=columns, loc="upper left", bbox_to_anchor=(0, -0.2))
    hollow = ["空心点：天数不全"] if partial else []
    head(
        axes,
        table,
        hint,
        *base_words(table, hint, "虚线为{}"),
        *hollow,
        *(f"未画：{name}" for name in sorted(folded)),
    )
    foot(axes, table, said(table), 112 if has_legend else 62)


def _draw_base(axes: Axes, points: Points, colour: tuple[float, float, float], label: str) -> None:
    """Draw the line of the base as the dashed, paler line of its series; named where it is the only one."""
    if points:
        pale = [part + (1 - part) * _PALER for part in colour]
        axes.plot(
            *zip(*sorted(points), strict=True),
            linestyle="--",
            linewidth=1.2,
            color=pale,
            zorder=1.5,
            label=label or None,
        )


def _partial(table: ReportTable, hint: ChartHint) -> set[str]:
    """Return the labels of steps that hold a part of their days only."""
    if not hint.whole:
        return set()
    return {str(row[hint.label]) for row in table.rows if row.get(hint.whole) is False}
