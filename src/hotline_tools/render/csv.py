"""A table's rows as CSV under the stable column names, rates in 0-1."""

import csv
import io
from typing import Any

from hotline_tools.render.cells import guarded, is_formula
from hotline_tools.table import ReportTable, plain


def render_csv(table: ReportTable) -> str:
    """Return rows under the stable column names; lists are joined by ``;``, booleans are true or false.

    Text that a spreadsheet program would take for a formula is guarded (``cells.guarded``).
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([c.name for c in table.columns])
    for row in table.rows:
        writer.writerow([_flat(plain(row.get(c.name))) for c in table.columns])
    return out.getvalue()


def formulas_in(table: ReportTable) -> int:
    """Return how many cells ``render_csv`` guards."""
    cells = (_text(plain(row.get(c.name))) for row in table.rows for c in table.columns)
    return sum(isinstance(cell, str) and is_formula(cell) for cell in cells)


def _flat(value: Any) -> Any:
    text = _text(value)
    return guarded(text) if isinstance(text, str) else text


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"  # as in json
    return ";".join(map(str, value)) if isinstance(value, list) else value
