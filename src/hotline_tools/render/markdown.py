"""Tables and documents as Markdown; rates read as percentages."""

import re

from hotline_tools.document import Chart, Document, Part, Sentence
from hotline_tools.render.columns import drawn_columns, full_title, notes_of, total_cells
from hotline_tools.render.pivot import pivoted
from hotline_tools.render.shares import with_rounding_told
from hotline_tools.render.values import heading, is_numeric
from hotline_tools.table import ReportTable


def render_markdown(table: ReportTable, level: int = 2) -> str:
    """Return a Markdown table under a heading of ``level``, with the notes as a list."""
    table = pivoted(with_rounding_told(table))
    columns = drawn_columns(table)
    lines = [f"{'#' * level} {full_title(table)}", ""]
    lines.append(_line([heading(c.field) for c in columns]))
    lines.append(_line(["---:" if is_numeric(c.field) else "---" for c in columns]))
    lines += [_line([_cell(c.text(row)) for c in columns]) for row in table.rows]
    if totals := total_cells(table, columns):
        lines.append(_line([_cell(text) for text in totals]))
    lines += ["", *(f"- {note}" for note in notes_of(table))]
    return "\n".join(lines).rstrip() + "\n"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def render_document(document: Document) -> str:
    """Return the document with its headings; a chart is the table it draws, under the finding."""
    document = document.printed()
    period = f"（{document.period}）" if document.period else ""
    blocks = [f"# {_text(document.title)}{period}"]
    for section in document.sections:
        blocks.append(f"{'#' * (section.level + 1)} {_text(document.heading(section))}")
        blocks += [_part(part, section.level + 2) for part in section.parts]
    blocks.append("\n".join(f"- {_text(note)}" for note in document.notes))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _part(part: Part, level: int) -> str:
    if isinstance(part, Sentence):
        return _text(part.text)
    if isinstance(part, Chart):
        title = f"**{_text(part.title)}**\n\n" if part.title else ""
        return title + render_markdown(part.table, level).rstrip()
    return render_markdown(part, level).rstrip()


def _text(text: str) -> str:
    """Keep marks of Markdown and HTML in a text of callers from taking effect."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(text.split()))
