"""Machine-read forms: csv, json, Markdown. Rates stay numbers in 0-1, but in Markdown."""

import csv
import io
import json
from typing import Any

from hotline_tools.render.pivot import pivoted
from hotline_tools.render.reading import notes_of, readings
from hotline_tools.render.values import MISSING, TOTAL, described_filters, heading, is_numeric
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
    columns = readings(table)
    lines = [f"## {table.title}（{'；'.join(filter(None, [table.period, *described_filters(table)]))}）", ""]
    lines.append(_line([heading(c.field) for c in columns]))
    lines.append(_line(["---:" if is_numeric(c.field) else "---" for c in columns]))
    lines += [_line([_cell(c.read(row)) for c in columns]) for row in table.rows]
    totals = [c.read(table.totals) for c in columns]
    if any(text not in ("", MISSING) for text in totals):
        lines.append(_line([totals[0] or TOTAL, *totals[1:]]))
    lines += ["", *(f"- {note}" for note in notes_of(table))]
    return "\n".join(lines).rstrip() + "\n"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
