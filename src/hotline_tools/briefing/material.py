"""What the chapters of a briefing draw from, and what they hand back."""

from dataclasses import dataclass, field

from hotline_tools.briefing.answers import Answers
from hotline_tools.briefing.outline import ChapterOutline, Outline
from hotline_tools.document import Part, Section
from hotline_tools.table import Cell, ReportTable

Row = dict[str, Cell]


@dataclass
class Material:
    """The reports, the outline, and the attachments gathered so far."""

    answers: Answers
    outline: Outline
    attachments: list[Section] = field(default_factory=list)
    lacking: dict[str, list[str]] = field(default_factory=dict)
    """What the export lacks → the figures that are left out for it."""

    def attach(self, chapter: ChapterOutline, table: ReportTable) -> str:
        """Put a table behind the text; returns how the text cites it, empty where the outline has none."""
        if not chapter.attach or not table.rows:
            return ""
        number = len(self.attachments) + 1
        self.attachments.append(Section(f"附件{number}：{table.title}", (table,), is_attachment=True))
        return f"附件{number}"

    def lacks(self, what: str, figure: str) -> None:
        """Note that a figure is left out because the data lack something."""
        self.lacking.setdefault(what, []).append(figure)


Parts = list[Part]


def source_of(table: ReportTable) -> str:
    """Return the report and filters that a sentence's figures come from."""
    said = "；".join(f"{name}={value}" for name, value in table.filters.items())
    return f"report {table.report} {table.period}" + (f"；{said}" if said else "")
