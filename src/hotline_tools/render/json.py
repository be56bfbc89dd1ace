"""A table as the library's answer: one JSON object, rates in 0-1."""

import json

from hotline_tools.table import ReportTable


def render_json(table: ReportTable) -> str:
    """Return the library's answer as one JSON object."""
    return json.dumps(table.to_dict(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
