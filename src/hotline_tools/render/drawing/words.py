"""The words of a picture: title, what the figures are out of, notes; Chinese is folded, not cut."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from hotline_tools.render.columns import full_title
from hotline_tools.render.wrapping import wrapped
from hotline_tools.table import ChartHint, NoteKind, ReportTable

GREY = "#666666"
_POINTS = 9
_NOTE_CELLS = 120
_CARRIED = (NoteKind.STALE, NoteKind.GAP, NoteKind.EXCLUDED)
_UNLIKE = "口径变动"


def head(axes: Axes, table: ReportTable, hint: ChartHint, *extra: str) -> None:
    """Write the title (with period and filters), and under it what the figures are out of."""
    axes.set_title(full_title(table), loc="left", fontsize=14, pad=26)
    below = "；".join([*_out_of(table, hint), *extra])
    axes.annotate(
        below, (0, 1), xytext=(0, 9), xycoords="axes fraction", textcoords="offset points",
        fontsize=_POINTS, color=GREY,
    )  # fmt: skip


def base_words(table: ReportTable, hint: ChartHint, text: str) -> list[str]:
    """Say how the base of a compared table is drawn: ``text`` with its name, and that others are not."""
    then = table.derived("then", hint.value)
    if then is None or all(row.get(then.name) is None for row in table.rows):
        return []
    label = table.column(hint.value).label
    bases = [
        item.label.replace(label, "", 1).strip("（）") for item in table.columns if item.then_of == hint.value
    ]
    return [text.format(bases[0]), *(f"未画：{name}" for name in bases[1:])]


def foot(axes: Axes, table: ReportTable, texts: Sequence[str], points_below: float = 8) -> None:
    """Write notes and the source under the axes, ``points_below`` lower than their edge."""
    in_document = table.chart is not None and table.chart.in_document
    source = "来源：工单库。" if in_document else f"来源：工单库，hotline report {table.report}。"
    lines = "\n".join(wrapped(text, _NOTE_CELLS) for text in (*texts, source) if text)
    axes.annotate(
        lines, (0, 0), xytext=(0, -points_below), xycoords="axes fraction", textcoords="offset points",
        fontsize=8, color=GREY, va="top", linespacing=1.5,
    )  # fmt: skip


def said(table: ReportTable) -> list[str]:
    """Return the notes that a picture carries: the first, and what makes its figures mislead without it."""
    return [*table.notes[:1], *(note for note in table.notes[1:] if note.kind in _CARRIED or _UNLIKE in note)]


def figure(value: Any) -> float:
    """Return what can be drawn of a cell; what is missing is 0."""
    return float(value) if isinstance(value, int | float) else 0.0


def _out_of(table: ReportTable, hint: ChartHint) -> list[str]:
    value, total = table.column(hint.value), table.totals.get("orders")
    unit = value.unit or "件"
    parts = []
    if isinstance(total, int):
        parts.append(f"共 {total:,} 件")
    if value.type == "rate":
        parts.append(f"{value.label} 分子/分母" if table.counts_of(value) else value.label)
    elif hint.kind in ("bars", "panels"):
        parts.append(f"条长为{value.label}（{unit}）")
    if hint.share:
        share = table.column(hint.share)
        base = table.totals.get(share.counts.denominator) if share.counts else None
        if table.counts_of(share):
            parts.append(f"括号内为{share.label} 分子/分母")
        elif isinstance(base, int):
            parts.append(f"括号内为{share.label}，分母 {base:,} 件")
    return parts
