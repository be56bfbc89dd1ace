"""Charts of Word and PowerPoint as DrawingML, drawn and edited by the program itself."""

from copy import deepcopy
from typing import Any

from pptx.chart.chart import Chart as OfficeChart
from pptx.chart.data import CategoryChartData
from pptx.chart.xmlwriter import ChartXmlWriter
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from hotline_tools.render.native import (
    BAR,
    BASE,
    FALL,
    FEW_BARS,
    FEW_POINTS,
    LINES,
    PALE,
    ROOM,
    NativeChart,
    NativeSeries,
    figures_below,
)

_MARKERS = (XL_MARKER_STYLE.CIRCLE, XL_MARKER_STYLE.SQUARE, XL_MARKER_STYLE.TRIANGLE, XL_MARKER_STYLE.DIAMOND)


def chart_xml(chart: NativeChart, points: float, fonts: tuple[str, str], relation: str) -> bytes:
    """Return the chart, its text of ``points`` in ``fonts``, the Latin and the East-Asian one.

    ``relation`` is the id of the chart part's relation to the workbook behind it.
    """
    data = CategoryChartData(number_format=chart.number_format)
    data.categories = chart.categories
    for series in chart.series:
        data.add_series(series.name, series.values)
    kind = XL_CHART_TYPE.BAR_CLUSTERED if chart.kind == "bars" else XL_CHART_TYPE.LINE_MARKERS
    # python-pptx numbers axes below zero, which the schema does not allow.
    xml = ChartXmlWriter(kind, data).xml.replace('val="-2', 'val="2')
    office = OfficeChart(parse_xml(xml.encode()), None)
    office.has_title = False
    office.font.size = Pt(points)
    _set_fonts(office.font, fonts)
    _set_legend(office, shown=len(chart.series) > 1)
    (_style_bars if chart.kind == "bars" else _style_lines)(office, chart)
    _take_off_frame(office._chartSpace)
    office._chartSpace._add_externalData().rId = relation
    return serialize_part_xml(office._chartSpace)


def _set_fonts(font: Any, fonts: tuple[str, str]) -> None:
    """Name both fonts; python-pptx names the Latin one alone."""
    for name, typeface in zip(("a:latin", "a:ea"), fonts, strict=True):
        child = font._rPr.makeelement(qn(name), {"typeface": typeface})
        font._rPr.append(child)


def _take_off_frame(space: Any) -> None:
    """Leave the chart without background and frame, which Office draws when nothing is said."""
    shape = space.makeelement(qn("c:spPr"), {})
    shape.append(shape.makeelement(qn("a:noFill"), {}))
    line = shape.makeelement(qn("a:ln"), {})
    line.append(line.makeelement(qn("a:noFill"), {}))
    shape.append(line)
    space.find(qn("c:chart")).addnext(shape)


def _set_legend(office: Any, *, shown: bool) -> None:
    office.has_legend = shown
    if shown:
        office.legend.position = XL_LEGEND_POSITION.BOTTOM
        office.legend.include_in_layout = False


def _style_bars(office: Any, chart: NativeChart) -> None:
    """Colour the bars, write their figures behind them, the first at the top, without a scale."""
    plot = office.plots[0]
    plot.gap_width, plot.overlap = (40, 0)
    names, scale = office.category_axis, office.value_axis
    names.reverse_order = True
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    # Without it Office leaves out every other name where they stand close.
    skip = names._element.makeelement(qn("c:tickLblSkip"), {"val": "1"})
    names._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = RGBColor.from_string(BASE)
    scale.visible = scale.has_major_gridlines = False
    values = [value for series in chart.series for value in series.values if value is not None]
    # The figures behind the longest bars need room, on both sides of zero.
    scale.minimum_scale = min(0.0, *values, 0.0) * ROOM
    scale.maximum_scale = max(0.0, *values, 0.0) * ROOM or 1.0
    for office_series, series in zip(plot.series, chart.series, strict=True):
        _colour(office_series, BASE if series.is_base else BAR)
        office_series.invert_if_negative = False
        if not series.is_base or len(series.values) <= FEW_BARS:
            _write_figures(office_series, chart, XL_LABEL_POSITION.OUTSIDE_END)
        for place, value in enumerate(series.values):
            if place in series.pale:
                _colour(office_series.points[place], PALE)
            elif value is not None and value < 0:
                _colour(office_series.points[place], FALL)


def _write_figures(office_series: Any, chart: NativeChart, position: Any) -> None:
    labels = office_series.data_labels
    labels.show_value, labels.position = True, position
    labels.number_format, labels.number_format_is_linked = chart.number_format, False
    # A figure is never broken into two lines.
    labels.font._element.getparent().getparent().getparent().find(qn("a:bodyPr")).set("wrap", "none")


def _colour(shape: Any, colour: str) -> None:
    shape.format.fill.solid()
    shape.format.fill.fore_color.rgb = RGBColor.from_string(colour)


def _slant(axis: Any) -> None:
    """Write the names of an axis at a slant."""
    body = axis.tick_labels.font._element.getparent().getparent().getparent().find(qn("a:bodyPr"))
    body.set("rot", "-2700000")
    body.set("vert", "horz")


def _style_lines(office: Any, chart: NativeChart) -> None:
    """Draw each line in its colour and marker; that of the base period dashed and grey, before its own."""
    scale = office.value_axis
    scale.minimum_scale = 0
    scale.tick_labels.number_format = chart.number_format
    scale.tick_labels.number_format_is_linked = False
    scale.major_gridlines.format.line.color.rgb = RGBColor.from_string("D9D9D9")
    scale.format.line.fill.background()
    if chart.is_crowded:
        _slant(office.category_axis)
    own = -1
    for office_series, series in zip(office.plots[0].series, chart.series, strict=True):
        own += not series.is_base
        _style_line(office_series, series, own)
    drawn = [series for series in chart.series if not series.is_base]
    if len(drawn) == 1 and len(chart.categories) <= FEW_POINTS:
        _write_figures(office.plots[0].series[0], chart, XL_LABEL_POSITION.ABOVE)
        _lay_on_white(office.plots[0].series[0].data_labels._element)
        for place in figures_below(chart.series[0].values):
            _write_below(office.plots[0].series[0], place)


def _lay_on_white(labels: Any) -> None:
    """Give figures a white ground: a steep line runs through what stands above it."""
    shape = labels.makeelement(qn("c:spPr"), {})
    fill = shape.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": "FFFFFF"}))
    shape.append(fill)
    labels.find(qn("c:txPr")).addprevious(shape)


def _write_below(office_series: Any, place: int) -> None:
    """Write the figure of one point below it, in the look of the others."""
    label = office_series.points[place].data_label
    label.position = XL_LABEL_POSITION.BELOW
    look = office_series.data_labels._element
    # The order is the schema's: idx, numFmt, spPr, txPr, dLblPos; a new label has an empty spPr and txPr.
    label._dLbl.find(qn("c:idx")).addnext(deepcopy(look.find(qn("c:numFmt"))))
    for name in ("c:spPr", "c:txPr"):
        label._dLbl.replace(label._dLbl.find(qn(name)), deepcopy(look.find(qn(name))))


def _style_line(office_series: Any, series: NativeSeries, own: int) -> None:
    colour = RGBColor.from_string(LINES[own % len(LINES)])
    office_series.smooth = False
    line, marker = office_series.format.line, office_series.marker
    line.color.rgb, line.width = colour, Pt(1.25 if series.is_base else 2)
    if series.is_base:
        line.dash_style = MSO_LINE_DASH_STYLE.DASH
        marker.style = XL_MARKER_STYLE.NONE
        return
    marker.style, marker.size = _MARKERS[own % len(_MARKERS)], 5
    _fill_marker(marker, colour, colour)
    for place in sorted(series.pale):
        point = office_series.points[place].marker
        point.style, point.size = _MARKERS[own % len(_MARKERS)], 6
        _fill_marker(point, RGBColor.from_string("FFFFFF"), colour)


def _fill_marker(marker: Any, fill: RGBColor, line: RGBColor) -> None:
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = fill
    marker.format.line.color.rgb = line
