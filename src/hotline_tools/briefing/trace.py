"""Where each figure of a briefing stands: sentence → report and filters → table, row and column."""

from collections.abc import Iterator
from typing import Any

from hotline_tools.document import Document, Sentence
from hotline_tools.table import Cell, ReportTable, plain

TOTAL = "合计"


def trace(document: Document) -> list[dict[str, Any]]:
    """Return each sentence with its chapter, source and facts.

    A fact: ``name``, ``value`` and, where a cell of a table in the document holds it, ``table``, ``row``
    (its number from 1, or 合计) and ``column``. Tables of the report that the sentence names come first.
    """
    return [
        {
            "chapter": section.title,
            "text": part.text,
            "source": part.source,
            "facts": [_fact(document, part, name, value) for name, value in part.facts.items()],
        }
        for section in document.sections
        for part in section.parts
        if isinstance(part, Sentence)
    ]


def _fact(document: Document, sentence: Sentence, name: str, value: Cell) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "value": plain(value)}
    if not isinstance(value, int | float) or isinstance(value, bool):
        return found
    own = [table for table in document.tables if sentence.source.startswith(f"report {table.report} ")]
    places = (place for table in [*own, *document.tables] for place in _places(table, value))
    best = sorted(places, key=lambda place: name not in place["names"])
    if best:
        found |= {key: best[0][key] for key in ("table", "row", "column")}
    return found


def _places(table: ReportTable, value: Cell) -> Iterator[dict[str, Any]]:
    rows = [*enumerate(table.rows, 1), (TOTAL, table.totals)]
    for number, row in rows:
        names = [cell for cell in row.values() if isinstance(cell, str)]
        for column, cell in row.items():
            if cell == value and not isinstance(cell, bool):
                yield {"table": table.title, "row": number, "column": column, "names": [*names, column]}
