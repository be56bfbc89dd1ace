"""A table's rows as CSV under the stable column names, rates in 0-1."""

import csv
import io
from typing import Any

from hotline_tools.table import ReportTable, plain


def render_csv(table: ReportTable) -> str:
    """Return rows under the stable column names; lists are joined by ``;``, booleans are true or false."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([c.name for c in table.columns])
    for row in table.rows:
        writer.writerow([_flat(plain(row.get(c.name))) for c in table.columns])
    return out.getvalue()


def _flat(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"  # as in json
    return ";".join(map(str, value)) if isinstance(value, list) else value
