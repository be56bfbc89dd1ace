"""What the chapters of a briefing draw from, and what they hand back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hotline_tools.briefing.answers import Answers
from hotline_tools.briefing.numbers import without_blanks
from hotline_tools.briefing.outline import ChapterOutline, Outline
from hotline_tools.briefing.words import plain_dates
from hotline_tools.document import Part, Section
from hotline_tools.table import Cell, Note, NoteKind, ReportTable

Row = dict[str, Cell]


@dataclass
class Material:
    """The reports, the outline, and the attachments gathered so far."""

    answers: Answers
    outline: Outline
    attachments: list[Section] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    """The notes beside the attachments so far; none is told twice."""
    lacking: dict[str, list[str]] = field(default_factory=dict)
    """What the export lacks → the figures that are left out for it."""

    def attach(self, chapter: ChapterOutline, table: ReportTable, notes: Sequence[Note] = ()) -> str:
        """Put a table behind the text, with the report's notes that say how its figures are defined.

        Returns how the text cites it; empty where the outline has none.
        """
        if not chapter.attach or not table.rows:
            return ""
        shown = {column.name for column in table.columns}
        beside = [
            Note(note.kind, readable(note), note.about)
            for note in notes
            if note.kind in _BESIDE_TABLES and shown.issuperset(note.about)
        ]
        table = replace(table, notes=[note for note in beside if note.strip("。") and note not in self.told])
        self.told.update(beside)
        number = len(self.attachments) + 1
        self.attachments.append(
            Section(table.title, (table,), is_attachment=True, most_rows=chapter.attach_rows)
        )
        return f"附件{number}"

    def lacks(self, what: str, figure: str) -> None:
        """Note that a figure is left out because the data lack something."""
        self.lacking.setdefault(what, []).append(figure)


Parts = list[Part]
_BESIDE_TABLES = (NoteKind.DEFINITION, NoteKind.SHOWN)
_COMMAND = re.compile(r"（[^（）]*(?:--|hotline )[^（）]*）")
_NAME = re.compile(r"（[a-z][a-z0-9_.-]*）")
"""A name by which the command line knows something, behind the title that people know it by."""
_CLAUSE = re.compile(r"(?:^|[，；])[^，；。]*(?:--|hotline )[^，；。]*")


def readable(note: str) -> str:
    """Return a note as an official text has it: no commands, options or names of files, days in words."""
    plain = _NAME.sub("", _COMMAND.sub("", note))
    return plain_dates(without_blanks(_CLAUSE.sub("", plain).lstrip("，；")))


def source_of(table: ReportTable) -> str:
    """Return the report and filters that a sentence's figures come from."""
    said = "；".join(f"{name}={value}" for name, value in table.filters.items())
    return f"report {table.report} {table.period}" + (f"；{said}" if said else "")
