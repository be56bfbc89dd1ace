"""Columns as they read where room is scarce: what belongs together stands in one cell.

A rate comes with its counts (``82.8% 24,165/29,186``), a change with its rate and, where it may be chance
alone, a mark (``+406（+240.2%）``, ``-3≈``).
"""

from collections.abc import Callable
from dataclasses import dataclass

from hotline_tools.render.values import MISSING, people_columns, shown
from hotline_tools.table import Cell, Field, ReportTable

NOISE = "≈"
NOISE_NOTE = f"变化后带 {NOISE} 的：可能只是偶然波动。"
Row = dict[str, Cell]


@dataclass(frozen=True)
class Reading:
    """A column that is drawn, and how a row reads in it; empty where the row has no such cell."""

    field: Field
    read: Callable[[Row], str]


def readings(table: ReportTable) -> list[Reading]:
    """Return the columns for people, those that are told within another left out."""
    names = {column.name for column in table.columns}
    changes = [name.removesuffix("_change") for name in names if name.endswith("_change")]
    told = {f"{name}_change_{part}" for name in changes for part in ("rate", "is_noise")}
    for name in names:
        told.update(_counts_of(name, names))
    return [
        Reading(field, _reader(field, table, names))
        for field in people_columns(table)
        if field.name not in told
    ]


def notes_of(table: ReportTable) -> list[str]:
    """Return the table's notes, and what the mark means where some change carries it."""
    marks = [column.name for column in table.columns if column.name.endswith("_change_is_noise")]
    marked = any(row.get(name) for name in marks for row in [*table.rows, table.totals])
    return [*([NOISE_NOTE] if marked else []), *table.notes]


def _reader(field: Field, table: ReportTable, names: set[str]) -> Callable[[Row], str]:
    if counts := _counts_of(field.name, names):
        parts = [table.column(name) for name in counts]
        return lambda row: _with_counts(row, field, parts)
    if field.name.endswith("_change"):
        return lambda row: _with_rate(row, field, table)
    return lambda row: shown(row[field.name], field) if field.name in row else ""


def _counts_of(name: str, names: set[str]) -> tuple[str, ...]:
    """Return the columns of a rate's counts, in this period or the other; empty for what has none."""
    base, end = (name.removesuffix("_then"), "_then") if name.endswith("_then") else (name, "")
    counts = (f"{base}_numerator{end}", f"{base}_denominator{end}")
    return counts if counts[0] in names and counts[1] in names else ()


def _with_counts(row: Row, field: Field, parts: list[Field]) -> str:
    if field.name not in row:
        return ""
    rate = shown(row[field.name], field)
    if row.get(parts[1].name) is None:
        return rate
    return f"{rate} {'/'.join(shown(row.get(part.name), part) for part in parts)}"


def _with_rate(row: Row, field: Field, table: ReportTable) -> str:
    if field.name not in row:
        return ""
    text = _signed(row[field.name], field)
    rate = row.get(f"{field.name}_rate")
    if rate is not None:
        text += f"（{_signed(rate, table.column(f'{field.name}_rate'))}）"
    return f"{text}{NOISE}" if row.get(f"{field.name}_is_noise") and text != MISSING else text


def _signed(value: Cell, field: Field) -> str:
    text = shown(value, field)
    return f"+{text}" if isinstance(value, int | float) and text.strip("-0.,%") and value > 0 else text
