"""``hotline brief``: a briefing made, checked, and written in the form that the file's suffix asks for."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hotline_tools.briefing.check import checked
from hotline_tools.briefing.compose import blanks, compose, with_chapter
from hotline_tools.briefing.notes_file import read_notes
from hotline_tools.briefing.orders import with_orders
from hotline_tools.briefing.outline import Outline, find_outline, read_outline
from hotline_tools.briefing.trace import trace
from hotline_tools.document import Document, Part
from hotline_tools.errors import UsageError
from hotline_tools.files import write_bytes
from hotline_tools.jobs.remembered import Remembered
from hotline_tools.render.registry import form_for, render
from hotline_tools.reports.period import Period
from hotline_tools.reports.query import Database, Query


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


def choose_outline(edition: str | None = None, outline: Path | None = None, issuer: str = "") -> Outline:
    """Return the outline of a file, else that of an edition, else the monthly one.

    ``issuer`` fills the letterhead of an outline that names none.
    """
    if outline is not None and edition is not None:
        raise UsageError("--edition 与 --outline 只能写一个", remedy="自己的提纲用 --outline。")
    found = read_outline(outline) if outline is not None else find_outline(edition or "monthly")
    if not issuer or found.letterhead.issuer:
        return found
    return found.model_copy(update={"letterhead": found.letterhead.model_copy(update={"issuer": issuer})})


def check_asked(query: Query, outline: Outline) -> Period:
    """Return the period; raise ``UsageError`` without one, or without what the outline needs."""
    if query.period is None:
        raise UsageError("没有写时间段", remedy="例如 --period 2025-06。")
    subject = query.category or query.area or query.department or query.channel
    if "subject" in outline.needs and not subject:
        raise UsageError(f"{outline.name}须写明题目", remedy="请加 --category、--area 或 --channel。")
    if "department" in outline.needs and not query.department:
        raise UsageError(
            f"{outline.name}须写明单位", remedy="请加 --department 单位名，或 --each department。"
        )
    return query.period


def make_brief(
    database: Database,
    query: Query,
    outline: Outline,
    notes: Path | None = None,
    *,
    forms: Sequence[Path] | None = None,
) -> Brief:
    """Compose a briefing and check it.

    ``forms``: the files it will be written to, where they are known; a page among them can open the orders
    behind its figures, and no other form needs them.

    Raises ``UsageError`` without a period or without what the outline needs, ``DataFileError`` for notes of a
    chapter that the outline has not, ``NotComputableError`` when the period has no orders.
    """
    period = check_asked(query, outline)
    written = read_notes(notes, outline, period) if notes is not None else {}
    if not isinstance(database, Remembered):
        database = Remembered(database)
    document = checked(compose(database, query, outline, written))
    if forms is None or any(path.suffix.lower() == ".html" for path in forms):
        document = with_orders(document, database, query)
    return Brief(document, tuple(blanks(outline)))
