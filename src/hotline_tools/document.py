"""``Document``: sections of sentences, tables and charts, each with the facts behind it.

A briefing fills one; a renderer draws one and computes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hotline_tools.table import Cell, Note, ReportTable


@dataclass(frozen=True)
class Sentence:
    """A sentence that people read, with the figures in it.

    ``facts``: name → value, each from a row of the table that ``source`` names (report and filters).
    """

    text: str
    facts: Mapping[str, Cell] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True)
class Chart:
    """The picture of a table, drawn by the table's ``ChartHint``; ``title`` is the finding."""

    table: ReportTable
    title: str = ""
    alt: str = ""
    """What the picture shows, in words."""


Part = Sentence | ReportTable | Chart


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, in order; ``level`` 1 is a chapter."""

    title: str
    parts: tuple[Part, ...] = ()
    level: int = 1
    is_attachment: bool = False
    """Stands on a page of its own behind the text, as 附件."""


@dataclass(frozen=True)
class Letterhead:
    """Who issues a bulletin and to whom; what is empty is left blank for a person, never invented."""

    name: str
    """Name of the bulletin in red: 12345热线月报."""
    issuer: str = ""
    number: str = ""
    """2025年第6期（总第42期）."""
    date: str = ""
    compiled_by: str = ""
    to: tuple[str, ...] = ()
    """报、送、发, one line each."""
    base: Path | None = None
    """A city's own Word file (红头): the text is written behind what it holds, in its styles."""


@dataclass(frozen=True)
class Document:
    """What a person sends on: a title, sections and what has to be said about all of them."""

    title: str
    sections: tuple[Section, ...]
    period: str = ""
    notes: tuple[Note, ...] = ()
    letterhead: Letterhead | None = None
    to_verify: tuple[str, ...] = ()
    """What a check found wrong: the document is marked 待核 with these sentences."""

    def heading(self, section: Section) -> str:
        """Return the title of a section; an attachment's after its number, as the text cites it: 附件2：…."""
        attached = [other for other in self.sections if other.is_attachment]
        if not section.is_attachment:
            return section.title
        number = "" if len(attached) == 1 else next(n for n, s in enumerate(attached, 1) if s is section)
        return f"附件{number}：{section.title}"

    @property
    def tables(self) -> list[ReportTable]:
        """The tables in reading order, charts' own included."""
        parts = [part for section in self.sections for part in section.parts]
        tables = [part.table if isinstance(part, Chart) else part for part in parts]
        return [table for table in tables if isinstance(table, ReportTable)]
