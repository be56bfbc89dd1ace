"""What charts show that an office program draws itself, and the workbook behind them.

Kinds without a native form (``heat``, ``bands``, bars with a cumulative line) are pictures.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

import xlsxwriter

from hotline_tools.render.columns import full_title
from hotline_tools.render.fitting import cell_len
from hotline_tools.render.opc import MADE, repacked, xml_text
from hotline_tools.render.values import shown
from hotline_tools.table import ROW_KIND, Cell, ChartHint, ReportTable, RowKind

BAR, FALL, PALE, BASE = "2F6DB5", "3A8F5C", "B9C4D0", "8A939C"
LINES = ("0072B2", "D55E00", "009E73", "CC79A7", "56B4E9", "E69F00", "222222", "7A5C2E")
"""Told apart by the colour-blind too: Okabe and Ito (2008), their yellow replaced by a brown."""
MOST_BARS = 30
_AXIS_CELLS = 60
"""Cells of the names below a line chart beyond which they no longer stand side by side."""
ROOM = 1.15
"""Length of the scale of bars, in lengths of the longest: the figures behind them need room."""
FEW_POINTS, FEW_BARS = 16, 8
"""Points of a single line, and bars of a base period, that have their figures written at them."""
_FORMATS = {"integer": "#,##0", "rate": "0.0%"}

Rows = list[dict[str, Cell]]


@dataclass(frozen=True)
class NativeSeries:
    """One row of bars or one line; ``pale`` holds the places of its pale bars or hollow points."""

    name: str
    values: tuple[float | None, ...]
    pale: frozenset[int] = field(default_factory=frozenset)
    is_base: bool = False
    """The figures of the base period, which stand behind."""


@dataclass(frozen=True)
class NativeChart:
    """A chart of categories; ``part`` names it where a table gives several."""

    kind: Literal["bars", "lines"]
    categories: tuple[str, ...]
    series: tuple[NativeSeries, ...]
    number_format: str
    part: str = ""
    hidden: int = 0
    """Bars for which there is no room."""
    rows: tuple[dict[str, Cell], ...] = field(default=(), compare=False)
    """The row of the table behind each category; empty where several stand behind one."""

    @property
    def is_crowded(self) -> bool:
        """Tell whether the names below a line do not stand side by side, but are folded letter by letter."""
        return sum(map(cell_len, self.categories)) > _AXIS_CELLS


def native_charts(table: ReportTable, most: int = MOST_BARS) -> list[NativeChart]:
    """Return the native charts of a table: one, or one a panel; none where its kind has no native form.

    ``most``: bars that a chart has at most.
    """
    hint = table.chart
    if hint is None or not table.rows or hint.line:
        return []
    if hint.kind == "lines":
        return [_lines(table, hint)]
    if hint.kind == "bars":
        return [_bars(table.rows, table, hint, most)]
    if hint.kind == "panels":
        drawn = [
            row
            for row in table.rows
            if not (hint.apart and row.get(hint.apart)) and row.get(hint.value) is not None
        ]
        panels = groupby(drawn, key=lambda row: str(row[hint.series]))
        return [_bars(list(rows), table, hint, most, part) for part, rows in panels]
    return []


def figures_below(values: Sequence[float | None]) -> list[int]:
    """Return the places whose figure stands below the line: it bends up there, and would cross one above.

    A value near zero is left out, since below it stands the scale.
    """
    tallest = max((value for value in values if value is not None), default=0)
    below = []
    for place, (before, value, after) in enumerate(
        zip((None, *values[:-1]), values, (*values[1:], None), strict=True)
    ):
        near = [other for other in (before, after) if other is not None]
        if value is not None and near and tallest / 10 < value < sum(near) / len(near):
            below.append(place)
    return below


def source_of(table: ReportTable, chart: NativeChart | None = None) -> str:
    """Return the line below a chart: the table it draws, how many orders that are, what is not drawn."""
    total = table.totals.get("orders")
    out_of = f"，共 {total:,} 件" if isinstance(total, int) else ""
    hidden = f"；另有 {chart.hidden:,} 项未画出" if chart and chart.hidden else ""
    return f"数据：{full_title(table)}{out_of}{hidden}。"


def _bars(rows: Rows, table: ReportTable, hint: ChartHint, most: int, part: str = "") -> NativeChart:
    value, label = table.column(hint.value), table.column(hint.label)
    hidden, rows = max(0, len(rows) - most), rows[:most]
    pale = frozenset(
        n for n, row in enumerate(rows) if (hint.pale and row.get(hint.pale)) or row.get(ROW_KIND) is not None
    )
    series = [NativeSeries(value.label, _numbers(rows, hint.value), pale)]
    then = table.derived("then", hint.value)
    if then and any(row.get(then.name) is not None for row in rows):
        series.append(NativeSeries(then.label, _numbers(rows, then.name), is_base=True))
    categories = tuple(xml_text(shown(row[hint.label], label)) for row in rows)
    number_format = _FORMATS.get(value.type, "#,##0.0")
    return NativeChart("bars", categories, tuple(series), number_format, part, hidden, tuple(rows))


def _lines(table: ReportTable, hint: ChartHint) -> NativeChart:
    """Return one line a value of ``series``, each followed by that of its base period."""
    rows = [row for row in table.rows if row[hint.label] is not None and row.get(ROW_KIND) != RowKind.REST]
    value = table.column(hint.value)
    labels = tuple(dict.fromkeys(str(row[hint.label]) for row in rows))
    named: dict[str, dict[str, dict[str, Cell]]] = {}
    for row in rows:
        name = str(row[hint.series]) if hint.series else value.label
        named.setdefault(name, {})[str(row[hint.label])] = row
    then = table.derived("then", hint.value)
    series = []
    for name, at in named.items():
        drawn = [at.get(label, {}) for label in labels]
        hollow = frozenset(n for n, row in enumerate(drawn) if hint.whole and row.get(hint.whole) is False)
        series.append(NativeSeries(xml_text(name), _numbers(drawn, hint.value), hollow))
        if then and any(row.get(then.name) is not None for row in drawn):
            base = then.label if not hint.series else f"{name} {then.label}"
            series.append(NativeSeries(xml_text(base), _numbers(drawn, then.name), is_base=True))
    return NativeChart(
        "lines",
        tuple(map(xml_text, labels)),
        tuple(series),
        _FORMATS.get(value.type, "#,##0.0"),
        rows=() if hint.series else tuple(rows),
    )


def _numbers(rows: Sequence[dict[str, Cell]], name: str) -> tuple[float | None, ...]:
    values = [row.get(name) for row in rows]
    return tuple(value if isinstance(value, int | float) else None for value in values)


def workbook(chart: NativeChart) -> bytes:
    """Return the workbook that opens when a person edits the chart's data: nothing but what it draws."""
    sink = io.BytesIO()
    # Text that starts with = or looks like a link must stay text: it comes from callers.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sink, options) as book:
        book.set_properties({"created": MADE})
        write_data(book.add_worksheet("Sheet1"), chart, 0)
    return repacked(sink.getvalue())


def write_data(sheet: Any, chart: NativeChart, column: int, look: Any = None) -> None:
    """Write categories into a column of a sheet and the series into those right of it, heads above.

    ``look``: the format of the figures.
    """
    sheet.write_column(1, column, chart.categories)
    sheet.set_column(column, column, max(8, *map(cell_len, chart.categories)) + 1)
    for number, series in enumerate(chart.series, column + 1):
        sheet.write_string(0, number, series.name)
        for place, value in enumerate(series.values, 1):
            if value is not None:
                sheet.write_number(place, number, value, look)
