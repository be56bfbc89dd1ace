"""Bars group by group (分档分类), each with its rates and their counts; who is not ranked is named below."""

from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hotline_tools.render.columns import with_counts
from hotline_tools.render.drawing.bars import BASE_MARK, bars_of, is_pale
from hotline_tools.render.drawing.words import GREY, base_words, foot, head
from hotline_tools.render.drawing.words import figure as number
from hotline_tools.table import Cell, ChartHint, ReportTable

_MOST_BARS = 48
_LEAST_A_GROUP = 4
_MOST_NAMES = 12
_BAR_HEIGHT, _GAP = 0.3, 0.25
"""Inches."""
_COLUMN = 0.36
"""Width of a written column, in widths of the axes."""

Rows = list[dict[str, Cell]]


def draw_panels(figure: Figure, table: ReportTable, hint: ChartHint) -> None:
    """Draw one panel a group, the largest groups cut so that the picture stays one page."""
    apart = [row for row in table.rows if hint.apart and row.get(hint.apart)]
    # What only the base of a comparison has comes last in the table, and has no figure of its own.
    drawn = [row for row in table.rows if row not in apart and row.get(hint.value) is not None]
    groups = _cut(
        [(str(name), list(rows)) for name, rows in groupby(drawn, key=lambda row: row[hint.series])], hint
    )
    bars = [max(1, len(rows)) for _, rows in groups] or [1]
    figure.set_size_inches(7, 1.8 + _BAR_HEIGHT * sum(bars) + _GAP * len(bars))
    gap = _GAP * len(bars) / (_BAR_HEIGHT * sum(bars))  # in mean heights of the axes
    every = figure.subplots(len(bars), 1, squeeze=False, gridspec_kw={"height_ratios": bars, "hspace": gap})
    panels: list[Axes] = [row[0] for row in every]
    most = max((number(row.get(hint.value)) for _, rows in groups for row in rows), default=1.0)
    for axes, (name, rows) in zip(panels, groups, strict=False):
        bars_of(axes, rows, table, hint)
        axes.set_xlim(0, most * 1.16 or 1)
        axes.set_ylabel(name, fontsize=11, rotation=0, ha="right", va="center", labelpad=12)
        _rates(axes, rows, table, hint, is_first=axes is panels[0])
    pale = f"浅色：{table.column(hint.pale).label}" if hint.pale else ""
    based = base_words(table, hint, BASE_MARK)
    head(panels[0], table, hint, *based, *([pale] if pale and any(r.get(hint.pale) for r in drawn) else []))
    shown = sum(len(rows) for _, rows in groups)
    hidden = f"各组只画前几名，另有 {len(drawn) - shown:,} 个未画出。" if shown < len(drawn) else ""
    foot(panels[-1], table, [hidden, _named(table, hint)], 14)


def _cut(groups: list[tuple[str, Rows]], hint: ChartHint) -> list[tuple[str, Rows]]:
    """Shorten the longest groups until all fit; those with few orders give way first, the order stays."""
    most = max((len(rows) for _, rows in groups), default=0)
    while most > _LEAST_A_GROUP and sum(min(most, len(rows)) for _, rows in groups) > _MOST_BARS:
        most -= 1
    return [(name, _kept(rows, most, hint)) for name, rows in groups]


def _kept(rows: Rows, most: int, hint: ChartHint) -> Rows:
    places = sorted(range(len(rows)), key=lambda place: is_pale(rows[place], hint))
    return [rows[place] for place in sorted(places[:most])]


def _rates(axes: Axes, rows: Rows, table: ReportTable, hint: ChartHint, *, is_first: bool) -> None:
    """Write the rates in columns to the right of the bars, with a heading over the first panel."""
    for place, name in enumerate(hint.rates):
        right = 1.02 + _COLUMN * (place + 1)
        if is_first:
            axes.annotate(
                table.column(name).label, (right, 1), xytext=(0, 4), xycoords="axes fraction",
                textcoords="offset points", ha="right", fontsize=9, color=GREY,
            )  # fmt: skip
        for index, row in enumerate(rows):
            axes.text(
                right, index, with_counts(row, table.column(name), table),
                transform=axes.get_yaxis_transform(), ha="right", va="center", fontsize=9,
            )  # fmt: skip


def _named(table: ReportTable, hint: ChartHint) -> str:
    """Name the rows that are not drawn, by reason."""
    if not hint.apart:
        return ""
    reasons: dict[str, list[str]] = {}
    for row in table.rows:
        if row.get(hint.apart):
            reasons.setdefault(str(row[hint.apart]), []).append(str(row[hint.label]))
    parts = [
        f"{why} {len(names)} 个：{'、'.join(names[:_MOST_NAMES])}{' 等' if len(names) > _MOST_NAMES else ''}"
        for why, names in reasons.items()
    ]
    return f"不参加排名、未画出——{'；'.join(parts)}。" if parts else ""
