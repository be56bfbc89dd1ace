"""A table as HTML: a plain one, which the page's script makes sortable and filterable."""

from collections.abc import Callable, Sequence

from markupsafe import Markup
from rich.cells import cell_len

from hotline_tools.render.columns import (
    DETAIL,
    DrawnColumn,
    drawn_columns,
    full_title,
    notes_of,
    title_details,
    total_cells,
)
from hotline_tools.render.html.templates import filled
from hotline_tools.render.pivot import pivoted
from hotline_tools.render.shares import with_rounding_told
from hotline_tools.render.values import is_numeric
from hotline_tools.table import Cell, ReportTable

_WIDTHS = ((24, "short"), (80, "text"), (400, "long"))
"""Terminal cells of the longest text, and the class: the first stay on one line, the others get more room."""
_WORDY = 8
"""Terminal cells of a heading beyond which its column keeps room for a few characters a line."""
_TABLE = """
<div class="wide" role="region" tabindex="0" aria-label="{{ caption }}"><table>
<caption>{{ caption }}</caption>
<thead><tr>
{%- for c in columns -%}
{% set kind = classes[loop.index0] %}
<th scope="col"{% if kind %} class="{{ kind }}"{% endif %}>{{ c.field.label }}
{%- if c.field.unit %}<span class="unit">（{{ c.field.unit }}）</span>{% endif %}</th>
{%- endfor -%}
</tr></thead><tbody>
{% for row in table.rows %}{% set number = opens(row) %}
<tr{% if number is not none %} data-orders="{{ number }}"{% endif %}>
{%- for c in columns -%}
{% if loop.index0 == name %}<th scope="row" class="{{ widths[loop.index0] }}">{{ c.text(row) }}</th>
{%- else %}<td class="{{ widths[loop.index0] }}">{{ cell(c, row) }}</td>{% endif %}
{%- endfor -%}
</tr>
{% endfor %}</tbody>
{%- if totals %}<tfoot><tr>
{%- for text in totals -%}
<td class="{{ widths[loop.index0] }}">{{ text }}</td>
{%- endfor -%}
</tr></tfoot>{% endif %}</table></div>
"""
_FEW, _SHOWN, _LONG = 6, 2, 60
"""A list of more items, in more terminal cells, is folded behind the first of them: twenty order numbers
would make each row as tall as a third of the page."""
_FOLDED = "<details><summary>{{ first }} 等 {{ count }} 项</summary>{{ text }}</details>"
_TITLED = """
{% if level %}
<h{{ level }}>{{ title }}{% if details %} <small>{{ details | join("；") }}</small>{% endif %}</h{{ level }}>
{% endif %}
{{ grid }}
{{ notes }}
"""
_NOTES = """
{% if notes %}
<ul class="note">{% for note in notes %}<li>{{ note }}</li>{% endfor %}</ul>
{% endif %}
"""

Opens = Callable[[dict[str, Cell]], int | None]
"""The number under which a row's orders lie in the page; None where it has none."""


def render_fragment(table: ReportTable, level: int = 2, opens: Opens = lambda _: None) -> Markup:
    """Return a table with its title, as a heading of ``level``, and notes: for pages and notebooks.

    ``level`` 0: without the heading, which stands above already.
    """
    laid = pivoted(with_rounding_told(table))
    return filled(
        _TITLED,
        level=level,
        title=laid.title,
        details=title_details(laid),
        grid=grid_of(laid, opens),
        notes=notes_list(notes_of(laid)),
    )


def notes_list(notes: Sequence[str]) -> Markup:
    """Return notes as a list."""
    return filled(_NOTES, notes=notes)


def grid_of(table: ReportTable, opens: Opens = lambda _: None) -> Markup:
    """Return a table without title and notes, laid out as it is."""
    columns = drawn_columns(table)
    name = _naming(columns)
    roles = [
        "name" if place == name else "detail" if column.importance == DETAIL else ""
        for place, column in enumerate(columns)
    ]
    kinds = [_width_of(table, column) for column in columns]
    return filled(
        _TABLE,
        table=table,
        caption=full_title(table),
        columns=columns,
        name=name,
        widths=[_joined(kind, role) for kind, role in zip(kinds, roles, strict=True)],
        classes=[
            _joined(
                "figure" if is_numeric(column.field) else "",
                role,
                "wordy" if cell_len(column.field.label) > _WORDY else "",
            )
            for column, role in zip(columns, roles, strict=True)
        ],
        totals=total_cells(table, columns),
        opens=opens,
        cell=_cell,
    )


def _cell(column: DrawnColumn, row: dict[str, Cell]) -> Markup | str:
    """Return a cell's text, a long list folded; the script finds and sorts by what is folded, too."""
    text, value = column.text(row), row.get(column.field.name)
    if not isinstance(value, list) or len(value) <= _FEW or cell_len(text) <= _LONG:
        return text
    first = "、".join(map(str, value[:_SHOWN]))
    return filled(_FOLDED, first=first, count=f"{len(value):,}", text=text)


def _joined(*classes: str) -> str:
    return " ".join(filter(None, classes))


def _naming(columns: Sequence[DrawnColumn]) -> int:
    """Return the place of the column that stays in sight: the last that names the row says most."""
    return max((place for place, column in enumerate(columns) if column.importance == 0), default=0)


def _width_of(table: ReportTable, column: DrawnColumn) -> str:
    """Return a column's class: a browser would give a name one character a line beside long texts."""
    if is_numeric(column.field):
        return "figure"
    longest = max((cell_len(column.text(row)) for row in table.rows), default=0)
    return next((name for most, name in _WIDTHS if longest <= most), "list")
