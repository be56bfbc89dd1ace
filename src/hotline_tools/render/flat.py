"""Machine-read forms: csv, json, Markdown. Rates stay numbers in 0-1, but in Markdown."""

import csv
import io
import json

from hotline_tools.render.values import TOTAL, heading, is_numeric, shown
from hotline_tools.table import ReportTable, plain


def render_json(table: ReportTable) -> str:
    """Return the library's answer as one JSON object."""
    return json.dumps(table.to_dict(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def render_csv(table: ReportTable) -> str:
    """Return rows under the stable column names; lists are joined by ``;``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([c.name for c in table.columns])
    for row in table.rows:
        values = (plain(row.get(c.name)) for c in table.columns)
        writer.writerow([";".join(map(str, v)) if isinstance(v, list) else v for v in values])
    return out.getvalue()


def render_markdown(table: ReportTable) -> str:
    """Return a Markdown table under a heading, with the notes as a list."""
    lines = [f"## {table.title}（{table.period}）", ""]
    lines.append(_line([heading(c) for c in table.columns]))
    lines.append(_line(["---:" if is_numeric(c) else "---" for c in table.columns]))
    for row in table.rows:
        lines.append(
            _line([_cell(shown(row.get(c.name), c) if c.name in row else "") for c in table.columns])
        )
    if any(table.totals.get(c.name) is not None for c in table.columns):
        totals = [shown(table.totals[c.name], c) if c.name in table.totals else "" for c in table.columns]
        lines.append(_line([totals[0] or TOTAL, *totals[1:]]))
    lines += ["", *(f"- {note}" for note in table.notes)]
    return "\n".join(lines).rstrip() + "\n"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
