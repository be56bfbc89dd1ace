"""The words of a picture: title, what the figures are out of, notes; Chinese is folded, not cut."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from hotline_tools.render.values import described_filters, shown
from hotline_tools.render.wrapping import wrapped
from hotline_tools.table import Cell, ChartHint, ReportTable

GREY = "#666666"
FOLDED = "其余 "
"""How rows begin that hold what is put together."""
_POINTS = 9
_NOTE_CELLS = 120


def head(axes: Axes, table: ReportTable, hint: ChartHint, *extra: str) -> None:
    """Write the title (with period and filters), and under it what the figures are out of."""
    said = "；".join(filter(None, [table.period, *described_filters(table)]))
    axes.set_title(f"{table.title}（{said}）" if said else table.title, loc="left", fontsize=14, pad=26)
    below = "；".join([*_out_of(table, hint), *extra])
    axes.annotate(
        below, (0, 1), xytext=(0, 9), xycoords="axes fraction", textcoords="offset points",
        fontsize=_POINTS, color=GREY,
    )  # fmt: skip


def foot(axes: Axes, texts: Sequence[str], points_below: float = 8) -> None:
    """Write notes under the axes, ``points_below`` lower than their edge."""
    lines = "\n".join(wrapped(text, _NOTE_CELLS) for text in texts if text)
    axes.annotate(
        lines, (0, 0), xytext=(0, -points_below), xycoords="axes fraction", textcoords="offset points",
        fontsize=8, color=GREY, va="top", linespacing=1.5,
    )  # fmt: skip


def figure(value: Any) -> float:
    """Return what can be drawn of a cell; what is missing is 0."""
    return float(value) if isinstance(value, int | float) else 0.0


def with_counts(row: dict[str, Cell], name: str, table: ReportTable) -> str:
    """Return a cell as people read it; a rate with its counts, ``82.8% 24,165/29,186``."""
    text = shown(row.get(name), table.column(name))
    counts = [f"{name}_{part}" for part in ("numerator", "denominator")]
    if not has_counts(table, name) or row.get(counts[1]) is None:
        return text
    return f"{text} {'/'.join(shown(row[part], table.column(part)) for part in counts)}"


def has_counts(table: ReportTable, name: str) -> bool:
    """Tell whether a rate's numerator and denominator are columns."""
    return any(column.name == f"{name}_denominator" for column in table.columns)


def _out_of(table: ReportTable, hint: ChartHint) -> list[str]:
    value, total = table.column(hint.value), table.totals.get("orders")
    unit = value.unit or "件"
    parts = []
    if isinstance(total, int):
        parts.append(f"共 {total:,} 件")
    if value.type == "rate":
        parts.append(f"{value.label} 分子/分母" if has_counts(table, hint.value) else value.label)
    elif hint.kind in ("bars", "panels"):
        parts.append(f"条长为{value.label}（{unit}）")
    if hint.share:
        label = table.column(hint.share).label
        if has_counts(table, hint.share):
            parts.append(f"括号内为{label} 分子/分母")
        elif isinstance(base := table.totals.get(hint.out_of), int):
            parts.append(f"括号内为{label}，分母 {base:,} 件")
    return parts
