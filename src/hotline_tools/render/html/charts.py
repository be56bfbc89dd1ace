"""Charts of a page: the figures that ECharts draws, as JSON beside the table of them; others as pictures."""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from hotline_tools.document import Chart
from hotline_tools.render.columns import full_title
from hotline_tools.render.html.tables import Opens, grid_of
from hotline_tools.render.html.templates import filled
from hotline_tools.render.native import (
    BAR,
    BASE,
    FEW_BARS,
    FEW_POINTS,
    LINES,
    PALE,
    NativeChart,
    native_charts,
    source_of,
)
from hotline_tools.render.registry import render_chart

_SYMBOLS = ("circle", "rect", "triangle", "diamond")
_BARS, _BAR, _BASE_BAR, _LINES = 48, 26, 18, 320
"""Pixels: the space around bars, for a bar, for one of a base period behind it; of a chart of lines."""
_NATIVE = """
<figure class="chart"><figcaption>{{ title }}</figcaption>
<div class="plot" role="img" aria-label="{{ alt }}"></div>
<p class="note">{{ source }}</p>
<details open><summary>图中数据</summary>{{ grid }}</details>
<script type="application/json">{{ data }}</script></figure>"""
_PICTURE = """
<figure class="picture"><figcaption>{{ title }}</figcaption>
<img alt="{{ alt }}" src="data:image/png;base64,{{ data }}"></figure>"""


def figures(chart: Chart, opens: Opens) -> list[Markup]:
    """Return the figures of a chart: one, or one a panel, each with the table of what it draws.

    Raises ``NotComputableError`` for a chart with nothing to draw.
    """
    title = chart.title or full_title(chart.table)
    alt = chart.alt or title
    natives = native_charts(chart.table)
    if not natives:
        data = b64encode(render_chart(chart.table)).decode("ascii")
        return [filled(_PICTURE, title=title, alt=alt, data=data)]
    made = []
    for native in natives:
        part = f"（{native.part}）" if native.part else ""
        drawn = replace(chart.table, rows=list(native.rows or chart.table.rows), totals={})
        made.append(
            filled(
                _NATIVE,
                title=title + part,
                alt=alt + part,
                source=source_of(chart.table, native),
                grid=grid_of(drawn, opens),
                data=embedded(_described(native, opens)),
            )
        )
    return made


def embedded(data: object) -> Markup:
    """Return JSON that may stand inside a script element: nothing in it ends the element."""
    return Markup(json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))


def _described(native: NativeChart, opens: Opens) -> dict[str, Any]:
    is_bars = native.kind == "bars"
    bar = _BAR + _BASE_BAR * sum(series.is_base for series in native.series)
    return {
        "kind": native.kind,
        "categories": native.categories,
        "format": native.number_format,
        "few": FEW_BARS if is_bars else FEW_POINTS,
        "pale": f"#{PALE}",
        "height": _BARS + bar * len(native.categories) if is_bars else _LINES,
        "series": [_look(native, place) for place in range(len(native.series))],
        "orders": [opens(row) for row in native.rows],
    }


def _look(native: NativeChart, place: int) -> dict[str, Any]:
    series = native.series[place]
    own = sum(not other.is_base for other in native.series[:place])
    colour = BASE if series.is_base else BAR if native.kind == "bars" else LINES[own % len(LINES)]
    return {
        "name": series.name,
        "values": series.values,
        "pale": sorted(series.pale),
        "base": series.is_base,
        "color": f"#{colour}",
        "symbol": "none" if series.is_base else _SYMBOLS[own % len(_SYMBOLS)],
    }
