"""``hotline brief``: a briefing made, checked, and written in the form that the file's suffix asks for."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from hotline_tools.briefing.check import checked
from hotline_tools.briefing.compose import blanks, compose, with_chapter
from hotline_tools.briefing.notes_file import read_notes
from hotline_tools.briefing.outline import Outline, find_outline, read_outline
from hotline_tools.briefing.trace import trace
from hotline_tools.document import Document, Part
from hotline_tools.errors import UsageError
from hotline_tools.files import write_bytes
from hotline_tools.render.registry import form_for, render
from hotline_tools.reports.common import UNFILLED
from hotline_tools.reports.query import Database, Query
from hotline_tools.reports.registry import find_report


@dataclass(frozen=True)
class Brief:
    """A briefing that was made: ``write`` puts it into a file."""

    document: Document
    blanks: tuple[str, ...] = ()
    """What of the letterhead a person has to fill in."""

    @property
    def to_verify(self) -> tuple[str, ...]:
        """What the check found wrong; empty when the briefing may be sent on."""
        return self.document.to_verify

    def with_chapter(self, title: str, *parts: Part) -> "Brief":
        """Return the briefing with a chapter of one's own before 口径说明, checked again.

        ``parts`` are sentences, tables and charts; each figure of a sentence has to be one of its ``facts``,
        and each fact has to stand in a table of the document, as for the other chapters.
        """
        document = checked(with_chapter(self.document, title, parts))
        return Brief(document, self.blanks)

    def write(self, path: str | Path) -> Path:
        """Write the briefing to a file, in the form of its suffix; it appears whole or not at all.

        Raises ``UsageError`` for an unknown suffix, ``StoreError`` when the file cannot be written.
        """
        output = Path(path)
        write_bytes(output, render(self.document, form_for(output, "document")))
        return output

    def write_trace(self, path: str | Path) -> Path:
        """Write where each figure stands, as JSON: see ``briefing.trace``."""
        output = Path(path)
        write_bytes(output, json.dumps(trace(self.document), ensure_ascii=False, indent=1).encode())
        return output

    def markdown(self) -> str:
        """Return the briefing as Markdown."""
        return render(self.document, "md").decode()

    def _repr_markdown_(self) -> str:
        """Show the briefing in a notebook."""
        return self.markdown()


def department_names(database: Database, query: Query) -> list[str]:
    """Return the departments that received an order in the period, or have one to see to."""
    found = find_report("departments").compute(database, query)
    return sorted(str(row["unit"]) for row in found.rows if row["unit"] != UNFILLED)


def path_of(output: Path, department: str) -> Path:
    """Return the file of one department: 通报.docx becomes 通报-区城管局.docx."""
    safe = re.sub(r'[\\/:*?"<>|\s]', "_", department)
    return output.with_name(f"{output.stem}-{safe}{output.suffix}")


def choose_outline(edition: str | None = None, outline: Path | None = None) -> Outline:
    """Return the outline of a file, else that of an edition, else the monthly one."""
    if outline is not None and edition is not None:
        raise UsageError("--edition 与 --outline 只能写一个", remedy="自己的提纲用 --outline。")
    return read_outline(outline) if outline is not None else find_outline(edition or "monthly")


def make_brief(database: Database, query: Query, outline: Outline, notes: Path | None = None) -> Brief:
    """Compose a briefing and check it.

    Raises ``UsageError`` without a period or without what the outline needs, ``DataFileError`` for notes of a
    chapter that the outline has not, ``NotComputableError`` when the period has no orders.
    """
    if query.period is None:
        raise UsageError("没有写时间段", remedy="例如 --period 2025-06。")
    subject = query.category or query.area or query.department or query.channel
    if "subject" in outline.needs and not subject:
        raise UsageError(f"{outline.name}须写明题目", remedy="请加 --category、--area 或 --channel。")
    if "department" in outline.needs and not query.department:
        raise UsageError(
            f"{outline.name}须写明单位", remedy="请加 --department 单位名，或 --each department。"
        )
    written = read_notes(notes, outline, query.period) if notes is not None else {}
    document = checked(compose(database, query, outline, written))
    return Brief(document, tuple(blanks(outline)))
