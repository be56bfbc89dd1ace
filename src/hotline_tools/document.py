"""``Document``: sections of sentences, tables and charts, each with the facts behind it.

A briefing fills one; a renderer draws one and computes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

from hotline_tools.table import Cell, Note, NoteKind, ReportTable, plain


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
    most_rows: int | None = None
    """Rows of a table that forms for reading show; a workbook has all."""


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
class Behind:
    """The orders behind a row of a table."""

    name: str
    """What the orders have in common, as a person reads it."""
    total: int
    rows: tuple[int, ...]
    """The latest of them: places in the rows of ``OrdersBehind.table``, from 0."""


@dataclass(frozen=True)
class OrdersBehind:
    """The masked orders behind the rows of a document's tables and the bars of its charts.

    ``found``: (name of a cell, its key) → the orders; ``names``: the cells to look at, the closest first.
    What orders have in common is looked up with their number (``counted_key``), so that a row opens no
    other orders than those that it counts.
    """

    table: ReportTable
    names: tuple[str, ...]
    found: Mapping[tuple[str, str], Behind]

    def of(self, row: Mapping[str, Cell]) -> Behind | None:
        """Return the orders behind a row of a table; None where it stands for none."""
        told = ((name, key_of(row[name])) for name in self.names if row.get(name))
        keys = ((name, way) for name, key in told for way in (counted_key(key, row.get("orders")), key))
        return next((self.found[key] for key in keys if key in self.found), None)


def counted_key(key: str, orders: Cell) -> str:
    """Return the key of a cell in a row that counts so many orders."""
    return f"{key}\n{orders}"


def key_of(value: Cell) -> str:
    """Return by what a cell is looked up; a list by a digest of it."""
    if isinstance(value, list):
        return blake2b("\n".join(map(str, value)).encode(), digest_size=8).hexdigest()
    return str(plain(value))


@dataclass(frozen=True)
class Document:
    """What a person sends on: a title, sections and what has to be said about all of them."""

    title: str
    sections: tuple[Section, ...]
    period: str = ""
    notes: tuple[Note, ...] = ()
    letterhead: Letterhead | None = None
    behind: tuple[str, ...] = ()
    """What its figures are too old for: a check finds these wrong."""
    to_verify: tuple[str, ...] = ()
    """What a check found wrong: the document is marked 待核 with these sentences."""
    orders: OrdersBehind | None = None
    """For forms that can open the orders behind a figure."""

    def heading(self, section: Section) -> str:
        """Return the title of a section; an attachment's after its number, as the text cites it: 附件2：…."""
        attached = [other for other in self.sections if other.is_attachment]
        if not section.is_attachment:
            return section.title
        number = "" if len(attached) == 1 else next(n for n, s in enumerate(attached, 1) if s is section)
        return f"附件{number}：{section.title}"

    def printed(self) -> "Document":
        """Return the document as forms for reading have it: long tables cut, saying where the rest is."""
        sections = (
            replace(section, parts=tuple(_cut(part, section.most_rows) for part in section.parts))
            for section in self.sections
        )
        return replace(self, sections=tuple(sections))

    @property
    def tables(self) -> list[ReportTable]:
        """The tables in reading order, charts' own included."""
        parts = [part for section in self.sections for part in section.parts]
        tables = [part.table if isinstance(part, Chart) else part for part in parts]
        return [table for table in tables if isinstance(table, ReportTable)]


def _cut(part: Part, most: int | None) -> Part:
    if not isinstance(part, ReportTable) or most is None or len(part.rows) <= most:
        return part
    whole = len(part.rows)
    text = f"共{whole}行，此处列前{most}行；其余{whole - most}行见本简报的电子表格。"
    return replace(part, rows=part.rows[:most], notes=[Note(NoteKind.SHOWN, text), *part.notes])
