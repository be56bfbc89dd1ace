"""Reports as one HTML page that needs nothing else: no script, no network, prints well."""

from collections.abc import Sequence

from jinja2 import Environment
from rich.cells import cell_len

from hotline_tools.render.pivot import pivoted
from hotline_tools.render.reading import Reading, notes_of, readings
from hotline_tools.render.values import MISSING, TOTAL, described_filters, heading, is_numeric
from hotline_tools.table import ReportTable

_WIDTHS = ((24, "short"), (80, "text"), (400, "long"))
"""Terminal cells of the longest text, and the class: the first stay on one line, the others get more room."""
_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{{ tables[0].title if tables else "报表" }}</title>
<style>
body { font-family: "Noto Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif; margin: 2rem; color: #222; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; } h2 small { color: #666; font-weight: normal; }
table { border-collapse: collapse; font-size: .9rem; } th { background: #dce6f1; text-align: left; }
th, td { border: 1px solid #bbb; padding: .25rem .6rem; vertical-align: top; overflow-wrap: break-word; }
th { min-width: 3em; } .figure { text-align: right; } td.figure, td.short { white-space: nowrap; }
td.text { min-width: 12em; } td.long { min-width: 24em; } td.list { min-width: 60em; }
tfoot td { font-weight: bold; }
.wide { overflow-x: auto; } @media print { .wide { overflow: visible; } table { font-size: .7rem; } }
thead { display: table-header-group; } li { color: #555; font-size: .85rem; }
</style></head><body>
{% for table in tables %}
{% set columns = columns_of(table) %}{% set widths = widths_of(table, columns) %}
<h2>{{ table.title }} <small>{{ ([table.period] + filters(table)) | select | join("；") }}</small></h2>
<div class="wide"><table><thead><tr>
{%- for c in columns -%}
<th{% if numeric(c.field) %} class="figure"{% endif %}>{{ heading(c.field) }}</th>
{%- endfor -%}
</tr></thead><tbody>
{% for row in table.rows %}<tr>
{%- for c in columns -%}
<td class="{{ widths[loop.index0] }}">{{ c.read(row) }}</td>
{%- endfor -%}
</tr>
{% endfor %}</tbody>
{%- if has_totals(table) %}<tfoot><tr>
{%- for c in columns -%}
<td class="{{ widths[loop.index0] }}">
{{- c.read(table.totals) or (total if loop.first else "") -}}
</td>
{%- endfor -%}
</tr></tfoot>{% endif %}</table></div>
<ul>{% for note in notes(table) %}<li>{{ note }}</li>{% endfor %}</ul>
{% endfor %}
</body></html>
"""


def render_html(tables: Sequence[ReportTable]) -> str:
    """Return the page; every text is escaped, since it comes from callers."""
    template = Environment(autoescape=True).from_string(_PAGE)
    page = template.render(
        tables=[pivoted(table) for table in tables],
        columns_of=readings,
        filters=described_filters,
        has_totals=_has_totals,
        heading=heading,
        notes=notes_of,
        numeric=is_numeric,
        total=TOTAL,
        widths_of=_widths_of,
    )
    return page + "\n"


def render_page(table: ReportTable) -> str:
    """Return one report as a page."""
    return render_html([table])


def _widths_of(table: ReportTable, columns: Sequence[Reading]) -> list[str]:
    """Return a class for each column: a browser would give a name one character a line beside long texts."""
    return [_width_of(table, column) for column in columns]


def _width_of(table: ReportTable, column: Reading) -> str:
    if is_numeric(column.field):
        return "figure"
    longest = max((cell_len(column.read(row)) for row in table.rows), default=0)
    return next((name for most, name in _WIDTHS if longest <= most), "list")


def _has_totals(table: ReportTable) -> bool:
    return bool(table.rows) and any(c.read(table.totals) not in ("", MISSING) for c in readings(table))
