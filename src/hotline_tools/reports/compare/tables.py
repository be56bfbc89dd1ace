"""Comparison of any report with another period: 环比, 同比, or a period of one's own.

A report is computed twice and its rows are joined on ``Report.keys``. Each count gets NAME_then,
NAME_change, NAME_change_rate and NAME_change_is_noise; each rate NAME_then with its two counts,
NAME_change in percentage points and NAME_change_is_noise; other numbers NAME_then and NAME_change.
A base below ``TINY`` gives no percentage and no points: the counts speak for themselves.
"""

from collections import Counter
from dataclasses import dataclass, replace

from hotline_tools.reports.compare.change import TINY, Change, changes_of, then_fields
from hotline_tools.reports.compare.noise import mark_noise, noise_notes
from hotline_tools.reports.compare.variation import Variation
from hotline_tools.table import ROW_KIND, Cell, Field, Note, NoteKind, ReportTable

_BY_PLACE = Note(NoteKind.SHOWN, "两期按第几步对齐，不是同一日历日；天数不同的一步请比日均。")


@dataclass(frozen=True)
class Base:
    """What a table is compared with, and how much its rows vary without a reason."""

    label: str
    variation: Variation
    notes: tuple[Note, ...] = ()
    empty: bool = False
    """True when the store has no orders for the base at all: then nothing can be said."""


def compare(now: ReportTable, then: ReportTable, keys: tuple[str, ...], base: Base) -> ReportTable:
    """Join two answers of one report; rows that only the base has come last, with zero counts.

    Of a key ``a|b`` the first that is a column counts: steps of time are joined by their place.
    """
    present = {column.name for column in now.columns}
    by_place = "position" in present
    choices = (next((name for name in key.split("|") if name in present), None) for key in keys)
    keys = tuple(key for key in choices if key is not None)
    columns = _all_columns(now, then)
    changes = changes_of(columns, keys)
    before = {_key(row, keys): row for row in then.rows}
    rows = [_joined(row, before.pop(_key(row, keys), None), changes, (now, then), base) for row in now.rows]
    for key, row in before.items():
        gone: dict[str, Cell] = {column.name: None for column in columns}
        gone |= {**_zero(changes), **dict(zip(keys, key, strict=True)), ROW_KIND: row.get(ROW_KIND)}
        rows.append(_joined(gone, row, changes, (now, then), base))
    mark_noise(rows, changes, base.variation, (now.totals, then.totals))
    summed = [change for change in changes if change.name in now.totals]
    totals = _joined(now.totals, then.totals, summed, (now, then), base)
    mark_noise([totals], summed, replace(base.variation, rows={}, others=base.variation.whole))
    return replace(
        now,
        title=f"{now.title}（对比）",
        period=f"{now.period}（对比 {base.label}）",
        columns=tuple(then_fields(columns, changes)),
        rows=rows,
        totals=totals,
        notes=[
            *now.notes,
            *([_BY_PLACE] if by_place else []),
            *_notes(base),
            *noise_notes(rows, changes, base.variation),
        ],
        grid=None,  # a matrix has no room for two periods
        incomplete=now.incomplete or then.incomplete,
    )


def first_rows(rows: list[dict[str, Cell]], top: int | None) -> list[dict[str, Cell]]:
    """Return the first ``top`` rows, of each group where rows have one."""
    if top is None:
        return rows
    seen: Counter[Cell] = Counter()
    kept = []
    for row in rows:
        group = row.get("group") if isinstance(row.get("group"), str) else None
        seen[group] += 1
        if seen[group] <= top:
            kept.append(row)
    return kept


def _all_columns(now: ReportTable, then: ReportTable) -> list[Field]:
    """The columns of now, and those that only the base's data support."""
    names = {column.name for column in now.columns}
    return [*now.columns, *(column for column in then.columns if column.name not in names)]


def _key(row: dict[str, Cell], keys: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(row.get(key) for key in keys)


def _zero(changes: list[Change]) -> dict[str, Cell]:
    zeros = [name for change in changes for name in change.counted]
    return dict.fromkeys(zeros, 0)


def _joined(
    now: dict[str, Cell],
    then: dict[str, Cell] | None,
    changes: list[Change],
    tables: tuple[ReportTable, ReportTable],
    base: Base,
) -> dict[str, Cell]:
    before: dict[str, Cell] = {} if base.empty else (then if then is not None else _zero(changes))
    row = dict(now)
    for change in changes:
        row |= change.cells(now, before, tables[0].totals, tables[1].totals)
    return row


def _notes(base: Base) -> list[Note]:
    return [
        *base.notes,
        Note(
            NoteKind.DEFINITION,
            "变化率 = （本期 − 对比期）÷ 对比期；率的变化以百分点计；"
            f"基数不足 {TINY} 时不列变化率，只看件数。",
        ),
    ]
