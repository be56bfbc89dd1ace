"""Machine-read forms: csv, json, Markdown. Rates stay numbers in 0-1, but in Markdown."""

import csv
import io
import json
from typing import Any

from hotline_tools.render.pivot import pivoted
from hotline_tools.render.values import (
    TOTAL,
    described_filters,
    heading,
    is_numeric,
    people_columns,
    shown,
)
from hotline_tools.table import ReportTable, plain


def render_json(table: ReportTable) -> str:
    """Return the library's answer as one JSON object."""
    return json.dumps(table.to_dict(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


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


def render_markdown(table: ReportTable) -> str:
    """Return a Markdown table under a heading, with the notes as a list."""
    table = pivoted(table)
    columns = people_columns(table)
    lines = [f"## {table.title}（{'；'.join(filter(None, [table.period, *described_filters(table)]))}）", ""]
    lines.append(_line([heading(c) for c in columns]))
    lines.append(_line(["---:" if is_numeric(c) else "---" for c in columns]))
    for row in table.rows:
        lines.append(_line([_cell(shown(row.get(c.name), c) if c.name in row else "") for c in columns]))
    if any(table.totals.get(c.name) is not None for c in columns):
        totals = [shown(table.totals[c.name], c) if c.name in table.totals else "" for c in columns]
        lines.append(_line([totals[0] or TOTAL, *totals[1:]]))
    lines += ["", *(f"- {note}" for note in table.notes)]
    return "\n".join(lines).rstrip() + "\n"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
