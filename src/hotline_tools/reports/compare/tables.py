"""Comparison of any report with another period: 环比, 同比, or a period of one's own.

A report is computed twice and its rows are joined on ``Report.keys``. Each count gets NAME_then,
NAME_change, NAME_change_rate and NAME_change_is_noise; each rate NAME_then with its two counts,
NAME_change in percentage points and NAME_change_is_noise; other numbers NAME_then and NAME_change.
A base below ``TINY`` gives no percentage and no points: the counts speak for themselves.
"""

from collections import Counter
from dataclasses import dataclass, replace

from hotline_tools.reports.compare.change import TINY, Change, changes_of, then_fields
from hotline_tools.reports.statistics import ALPHA, adjusted
from hotline_tools.table import ROW_KIND, Cell, Field, Note, NoteKind, ReportTable

_BY_PLACE = Note(NoteKind.SHOWN, "两期按第几步对齐，不是同一日历日；天数不同的一步请比日均。")


@dataclass(frozen=True)
class Base:
    """What a table is compared with, and how long both periods are in days."""

    label: str
    days_now: int
    days_then: int
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
    _mark_noise(rows, changes)
    summed = [change for change in changes if change.name in now.totals]
    totals = _joined(now.totals, then.totals, summed, (now, then), base)
    _mark_noise([totals], summed)
    return replace(
        now,
        title=f"{now.title}（对比）",
        period=f"{now.period}（对比 {base.label}）",
        columns=tuple(then_fields(columns, changes)),
        rows=rows,
        totals=totals,
        notes=[*now.notes, *([_BY_PLACE] if by_place else []), *_notes(base)],
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
        row |= change.cells(now, before, tables[0].totals, tables[1].totals, (base.days_now, base.days_then))
    return row


def _mark_noise(rows: list[dict[str, Cell]], changes: list[Change]) -> None:
    """Turn p-values into marks, corrected for the number of rows that were looked at."""
    for change in changes:
        tested = [row for row in rows if isinstance(row.get(change.p_name), float)]
        corrected = adjusted([float(str(row[change.p_name])) for row in tested])
        for row, p in zip(tested, corrected, strict=True):
            row[f"{change.name}_change_is_noise"] = p > ALPHA
        for row in rows:
            row.pop(change.p_name, None)


def _notes(base: Base) -> list[Note]:
    return [
        *base.notes,
        Note(
            NoteKind.DEFINITION,
            "变化率 = （本期 − 对比期）÷ 对比期；率的变化以百分点计；"
            f"基数不足 {TINY} 时不列变化率，只看件数。",
        ),
        Note(
            NoteKind.SHOWN,
            f"“可能只是偶然波动”为是：变化没有超出件数的自然波动（泊松、两比例检验，{ALPHA:.0%} 水平，"
            "已按行数校正），不宜当作真实变化写进报告。",
        ),
    ]
