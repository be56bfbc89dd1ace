"""The columns that people read, with what belongs together in one cell, and the head and total line.

A rate comes with its counts (``82.8% 24,165/29,186``), a change with its rate and, where it may be chance
alone, a mark (``+406（+240.2%）``, ``-3≈``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from hotline_tools.render.values import (
    MISSING,
    TOTAL,
    described_filters,
    naming_columns,
    people_columns,
    shown,
)
from hotline_tools.table import Cell, Field, Note, NoteKind, ReportTable

NOISE = "≈"
NOISE_NOTE = Note(NoteKind.SHOWN, f"变化后带 {NOISE} 的：可能只是偶然波动。")
DETAIL = 4
"""The importance of columns that only a wide page has."""
Row = dict[str, Cell]
CellForm = Literal["text", "stacked", "brief"]
"""A rate with its counts behind it, with its counts below it, or without them."""


@dataclass(frozen=True)
class DrawnColumn:
    """A column that is drawn; ``text`` returns its cell of a row, empty where the row has none."""

    field: Field
    text: Callable[[Row], str]
    brief: Callable[[Row], str]
    """The cell where there is no room: a rate without its counts."""
    stacked: Callable[[Row], str]
    """The cell where the counts stand below their rate, which takes half the width."""
    importance: int
    """0 for what names the row, then the columns that decide, the others, the base period's, the details."""

    def cell(self, form: CellForm, row: Row) -> str:
        """Return the cell of a row in one of the forms."""
        return {"text": self.text, "stacked": self.stacked, "brief": self.brief}[form](row)


def drawn_columns(table: ReportTable) -> list[DrawnColumn]:
    """Return the columns for people, without those whose figures stand in another's cells."""
    elsewhere: set[str] = set()
    for field in table.columns:
        if counts := table.counts_of(field):
            elsewhere.update(part.name for part in counts)
        if field.change_of:
            elsewhere.update(part.name for part in _rate_and_noise(field, table) if part)
    columns = [field for field in people_columns(table) if field.name not in elsewhere]
    naming = naming_columns(columns)
    return [
        DrawnColumn(
            field,
            _text_of(field, table),
            _brief_text_of(field, table),
            _stacked_text_of(field, table),
            0 if field in naming else _importance(field, table),
        )
        for field in columns
    ]


def _importance(field: Field, table: ReportTable) -> int:
    of = field.change_of or field.then_of or field.change_rate_of
    whole = table.column(of) if of and any(column.name == of for column in table.columns) else field
    if field.detail or whole.detail:
        return DETAIL
    if field.then_of:
        return 3
    return 1 if field.decides or whole.decides else 2


def total_cells(table: ReportTable, columns: Sequence[DrawnColumn], form: CellForm = "text") -> list[str]:
    """Return the cells of the total line, named in the first; empty when there is no line to draw."""
    cells = [column.cell(form, table.totals) for column in columns]
    if not table.rows or all(cell in ("", MISSING) for cell in cells):
        return []
    return [cells[0] or TOTAL, *cells[1:]]


def title_details(table: ReportTable) -> list[str]:
    """Return what follows the title: the period and the filters."""
    return [text for text in (table.period, *described_filters(table)) if text]


def full_title(table: ReportTable) -> str:
    """Return the title with period and filters in brackets."""
    details = title_details(table)
    return f"{table.title}（{'；'.join(details)}）" if details else table.title


def notes_of(table: ReportTable) -> list[Note]:
    """Return the table's notes, and what the mark means where some change carries it."""
    marks = [column.name for column in table.columns if column.noise_of]
    marked = any(row.get(name) for name in marks for row in [*table.rows, table.totals])
    return [*([NOISE_NOTE] if marked else []), *table.notes]


def with_counts(row: Row, field: Field, table: ReportTable) -> str:
    """Return a cell as people read it; a rate with its counts, ``82.8% 24,165/29,186``."""
    text, counts = shown(row.get(field.name), field), table.counts_of(field)
    if counts is None or row.get(counts[1].name) is None:
        return text
    return f"{text} {'/'.join(shown(row.get(part.name), part) for part in counts)}"


def _text_of(field: Field, table: ReportTable) -> Callable[[Row], str]:
    if field.change_of:
        return lambda row: _with_rate(row, field, table) if field.name in row else ""
    if field.change_rate_of or field.signed:
        return lambda row: with_sign(row[field.name], field) if field.name in row else ""
    return lambda row: with_counts(row, field, table) if field.name in row else ""


def _brief_text_of(field: Field, table: ReportTable) -> Callable[[Row], str]:
    if table.counts_of(field) is None or field.change_of or field.change_rate_of:
        return _text_of(field, table)
    return lambda row: shown(row[field.name], field) if field.name in row else ""


def _stacked_text_of(field: Field, table: ReportTable) -> Callable[[Row], str]:
    """Return what breaks the line between a rate and its counts."""
    full, brief = _text_of(field, table), _brief_text_of(field, table)

    def stacked(row: Row) -> str:
        rate, whole = brief(row), full(row)
        return whole if rate == whole else f"{rate}\n{whole[len(rate) + 1 :]}"

    return stacked


def _with_rate(row: Row, field: Field, table: ReportTable) -> str:
    text = with_sign(row[field.name], field)
    rate, noise = _rate_and_noise(field, table)
    if rate is not None and row.get(rate.name) is not None:
        text += f"（{with_sign(row[rate.name], rate)}）"
    return f"{text}{NOISE}" if noise and row.get(noise.name) and text != MISSING else text


def _rate_and_noise(change: Field, table: ReportTable) -> tuple[Field | None, Field | None]:
    of, base = change.change_of, change.base
    return table.derived("change_rate", of, base), table.derived("noise", of, base)


def with_sign(value: Cell, field: Field) -> str:
    """Return a change as people read it: ``+406``, ``-3``."""
    text = shown(value, field)
    return f"+{text}" if isinstance(value, int | float) and text.strip("-0.,%") and value > 0 else text
