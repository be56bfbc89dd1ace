"""Tables and documents as one HTML page that needs nothing else: no script, no network, prints well."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment
from markupsafe import Markup
from rich.cells import cell_len

from hotline_tools.document import Chart, Document, Sentence
from hotline_tools.render.columns import (
    DETAIL,
    DrawnColumn,
    drawn_columns,
    full_title,
    notes_of,
    title_details,
    total_cells,
)
from hotline_tools.render.pivot import pivoted
from hotline_tools.render.registry import render_chart
from hotline_tools.render.shares import even_shares
from hotline_tools.render.values import heading, is_numeric
from hotline_tools.table import ReportTable

_WIDTHS = ((24, "short"), (80, "text"), (400, "long"))
"""Terminal cells of the longest text, and the class: the first stay on one line, the others get more room."""
_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{{ title }}</title>
<style>
body { font-family: "Noto Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif; margin: 2rem; color: #222; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; } h2 small { color: #666; font-weight: normal; }
table { border-collapse: collapse; font-size: .9rem; } th { background: #dce6f1; text-align: left; }
th, td { border: 1px solid #bbb; padding: .25rem .6rem; vertical-align: top; overflow-wrap: break-word; }
th { min-width: 3em; } .figure { text-align: right; } td.figure, td.short { white-space: nowrap; }
td.text { min-width: 12em; } td.long { min-width: 24em; } td.list { min-width: 40em; }
tfoot td { font-weight: bold; }
.wide { overflow: auto; max-height: 88vh; } .wide table { border-collapse: separate; border-spacing: 0; }
.wide th { position: sticky; top: 0; z-index: 1; }
.wide .name { position: sticky; left: 0; background: #fff; }
.wide th.name { z-index: 2; background: #dce6f1; } td.name { max-width: 18em; }
@page { size: A4 landscape; margin: 10mm; }
@media print { body { margin: 0; } .wide { overflow: visible; max-height: none; } table { font-size: .6rem; }
  .wide th, .wide .name { position: static; } th, td { padding: .1rem .2rem; }
  th { min-width: 0; } tr { break-inside: avoid; }
  td.text { min-width: 7em; } td.long, td.list { min-width: 14em; } td.figure { white-space: normal; }
  .detail { display: none; } }
thead { display: table-header-group; } li { color: #555; font-size: .85rem; }
h3 { font-size: 1.05rem; } small { color: #666; font-weight: normal; } figcaption { font-weight: bold; }
figure { margin: 1rem 0; break-inside: avoid; } img { max-width: 100%; }
</style></head><body>
{{ body }}
</body></html>
"""
_TABLE = """
<h{{ level }}>{{ table.title }} <small>{{ details | join("；") }}</small></h{{ level }}>
<div class="wide"><table><thead><tr>
{%- for c in columns -%}
<th{% if classes[loop.index0] %} class="{{ classes[loop.index0] }}"{% endif %}>{{ heading(c.field) }}</th>
{%- endfor -%}
</tr></thead><tbody>
{% for row in table.rows %}<tr>
{%- for c in columns -%}
<td class="{{ widths[loop.index0] }}">{{ c.text(row) }}</td>
{%- endfor -%}
</tr>
{% endfor %}</tbody>
{%- if totals %}<tfoot><tr>
{%- for text in totals -%}
<td class="{{ widths[loop.index0] }}">{{ text }}</td>
{%- endfor -%}
</tr></tfoot>{% endif %}</table></div>
{{ notes }}
"""
_NOTES = "<ul>{% for note in notes %}<li>{{ note }}</li>{% endfor %}</ul>"
_HEADING = "<h{{ level }}>{{ title }}{% if period %} <small>{{ period }}</small>{% endif %}</h{{ level }}>"
_SENTENCE = "<p>{{ text }}</p>"
_CHART = """<figure>{% if title %}<figcaption>{{ title }}</figcaption>{% endif %}
<img alt="{{ alt }}" src="data:image/png;base64,{{ data }}"></figure>"""

_ENVIRONMENT = Environment(autoescape=True)
"""Every text is escaped, since it comes from callers."""
_compiled = cache(_ENVIRONMENT.from_string)


def render_html(tables: Sequence[ReportTable]) -> str:
    """Return a page of tables, one below the other."""
    return _page(tables[0].title if tables else "报表", [render_fragment(table) for table in tables])


def render_page(table: ReportTable) -> str:
    """Return one report as a page."""
    return render_html([table])


def render_document(document: Document) -> str:
    """Return the document as a page; charts are pictures inside it, described by their ``alt``.

    Raises ``NotComputableError`` for a chart with nothing to draw.
    """
    blocks = [_filled(_HEADING, level=1, title=document.title, period=document.period)]
    for section in document.sections:
        blocks.append(_filled(_HEADING, level=section.level + 1, title=document.heading(section)))
        for part in section.parts:
            if isinstance(part, Sentence):
                blocks.append(_filled(_SENTENCE, text=part.text))
            elif isinstance(part, Chart):
                blocks.append(_figure(part))
            else:
                blocks.append(render_fragment(part, section.level + 2))
    if document.notes:
        blocks.append(_filled(_NOTES, notes=document.notes))
    return _page(document.title, blocks)


def render_fragment(table: ReportTable, level: int = 2) -> str:
    """Return a table with its title, as a heading of ``level``, and notes: for pages and notebooks."""
    table = pivoted(even_shares(table))
    columns = drawn_columns(table)
    roles_of = _roles(columns)
    return _filled(
        _TABLE,
        table=table,
        level=level,
        details=title_details(table),
        columns=columns,
        widths=[
            " ".join([_width_of(table, column), *roles])
            for column, roles in zip(columns, roles_of, strict=True)
        ],
        classes=[
            " ".join([*(["figure"] if is_numeric(column.field) else []), *roles])
            for column, roles in zip(columns, roles_of, strict=True)
        ],
        totals=total_cells(table, columns),
        notes=_escaped(_filled(_NOTES, notes=notes_of(table))),
        heading=heading,
    )


def _figure(chart: Chart) -> str:
    data = b64encode(render_chart(chart.table)).decode("ascii")
    return _filled(
        _CHART, title=chart.title, alt=chart.alt or chart.title or full_title(chart.table), data=data
    )


def _page(title: str, blocks: Sequence[str]) -> str:
    return _filled(_PAGE, title=title, body=_escaped("\n".join(blocks))) + "\n"


def _filled(template: str, **values: object) -> str:
    return _compiled(template).render(**values)


def _escaped(html: str) -> Markup:
    """Mark HTML made here, in which every text is escaped, as not to be escaped again."""
    return Markup(html)


def _roles(columns: Sequence[DrawnColumn]) -> list[list[str]]:
    """Return each column's further classes: ``name`` stays in sight, ``detail`` is not printed.

    Of the columns that name the row the last stays, which says most.
    """
    name = max((place for place, column in enumerate(columns) if column.importance == 0), default=0)
    return [
        ["name"] if place == name else ["detail"] if column.importance == DETAIL else []
        for place, column in enumerate(columns)
    ]


def _width_of(table: ReportTable, column: DrawnColumn) -> str:
    """Return a column's class: a browser would give a name one character a line beside long texts."""
    if is_numeric(column.field):
        return "figure"
    longest = max((cell_len(column.text(row)) for row in table.rows), default=0)
    return next((name for most, name in _WIDTHS if longest <= most), "list")
