"""Comparison of any report with another period: 环比, 同比, or a period of one's own.

A report is computed twice and its rows are joined on ``Report.keys``. Each count gets NAME_then,
NAME_change, NAME_change_rate and NAME_change_is_noise; each rate NAME_then with its two counts,
NAME_change in percentage points and NAME_change_is_noise; other numbers NAME_then and NAME_change.
A base below ``TINY`` gives no percentage and no points: the counts speak for themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hotline_tools.reports.compare.change import ONLY, TINY, Change, Naming, changes_of, then_fields
from hotline_tools.reports.compare.noise import mark_noise, noise_notes
from hotline_tools.reports.compare.variation import STEP_DAYS, Variation
from hotline_tools.table import ROW_KIND, Cell, Field, Note, NoteKind, ReportTable

Row = dict[str, Cell]
Key = tuple[Cell, ...]
_PLACE = "position"
"""The key of steps of time: the first of one period stands beside the first of the other."""
WHOLE = "whole"
"""The column that says whether a step of time lies within the period as a whole."""
_BY_PLACE = Note(NoteKind.SHOWN, "两期按先后次序逐日（周、月、季）对齐，不是同一日历日；天数不同的请比日均。")


@dataclass(frozen=True)
class Base:
    """What a table is compared with, and how much its rows vary without a reason."""

    label: str
    variation: Variation
    notes: tuple[Note, ...] = ()
    empty: bool = False
    """True when the store has no orders for the base at all: then nothing can be said."""
    naming: Naming = ONLY


@dataclass(frozen=True)
class _Side:
    """The answer for one base, its rows by key, and the columns that are compared with it."""

    table: ReportTable
    base: Base
    changes: list[Change]
    rows: dict[Key, Row]
    places: dict[Cell, Row]
    """The steps of time, each with its days."""

    def row(self, key: Key, place: Cell) -> Row:
        """Return the row of a key: zeros where it is missing, empty where the base says nothing of it."""
        cannot_tell = self.base.empty or (self.table.incomplete and not self.rows)
        if cannot_tell or (place is not None and place not in self.places):
            return {}
        return self.rows.get(key, _zero(self.changes) | self.places.get(place, {}))

    def cells(self, now: Row, then: Row, totals: Row, changes: list[Change]) -> Row:
        """Return the cells that comparison adds to a row; counts of part of a step are not subtracted."""
        in_part = False in (now.get(WHOLE), then.get(WHOLE))
        added: Row = {}
        for change in changes:
            cells = change.cells(now, then, totals, self.table.totals)
            if in_part and change.kind == "count":
                cells = {name: cell if name == change.added("then") else None for name, cell in cells.items()}
            added |= cells
        return added


def compare(
    now: ReportTable, then: ReportTable, keys: tuple[str, ...], base: Base, *others: tuple[ReportTable, Base]
) -> ReportTable:
    """Join answers of one report: the present one, that of its base, and those of ``others``.

    Rows that only a base has come last, with zero counts. Of a key ``a|b`` the first that is a column
    counts: steps of time are joined by their place, and a step that one period has not is no zero of it.
    """
    present = {column.name for column in now.columns}
    choices = (next((name for name in key.split("|") if name in present), None) for key in keys)
    keys = tuple(key for key in choices if key is not None)
    pairs = [(then, base), *others]
    columns = _all_columns(now, [table for table, _ in pairs])
    sides = [_side(table, base, columns, keys) for table, base in pairs]
    changes = [change for side in sides for change in side.changes]
    gone, left_out = _gone(now, sides, columns, keys)
    rows = [_joined(row, now, sides, keys) for row in [*now.rows, *gone]]
    for side in sides:
        before = [side.row(key, _place(key, keys)) for key in (_key(row, keys) for row in rows)]
        mark_noise(rows, side.changes, side.base.variation, (now.totals, side.table.totals), before)
    summed = [change for change in changes if change.name in now.totals]
    totals = dict(now.totals)
    for side in sides:
        summed_then = {} if side.base.empty else side.table.totals
        totals |= side.cells(now.totals, summed_then, now.totals, [c for c in side.changes if c in summed])
    for side in sides:
        whole = replace(side.base.variation, rows={}, others=side.base.variation.whole)
        mark_noise([totals], [c for c in side.changes if c in summed], whole)
    return replace(
        now,
        period=f"{now.period} 对比 {'、'.join(side.base.label for side in sides)}",
        columns=tuple(then_fields(columns, changes)),
        rows=rows,
        totals=totals,
        notes=[
            *now.notes,
            *([_BY_PLACE] if _PLACE in keys else []),
            *left_out,
            *_notes(now, sides),
            *dict.fromkeys(n for s in sides for n in noise_notes(rows, s.changes, s.base.variation)),
        ],
        grid=None,  # a matrix has no room for two periods
        incomplete=now.incomplete or any(side.table.incomplete for side in sides),
    )


def first_rows(rows: list[Row], top: int | None, *, of: str = "", within: str = "group") -> list[Row]:
    """Return the first ``top`` rows, or those with the first values of ``of``; counted anew in each group."""
    if top is None:
        return rows
    seen: dict[Cell, dict[Cell, None]] = {}
    kept = []
    for number, row in enumerate(rows):
        group = row.get(within) if isinstance(row.get(within), str) else None
        found = seen.setdefault(group, {})
        value = row.get(of) if of else number
        if len(found) < top:
            found[value] = None
        if value in found:
            kept.append(row)
    return kept


def _all_columns(now: ReportTable, others: list[ReportTable]) -> list[Field]:
    """The columns of now, and those that only the data of a base support."""
    columns = {column.name: column for table in reversed([now, *others]) for column in table.columns}
    own = {column.name: column for column in now.columns}
    return [*own.values(), *(column for name, column in columns.items() if name not in own)]


def _side(table: ReportTable, base: Base, columns: list[Field], keys: tuple[str, ...]) -> _Side:
    rows = {_key(row, keys): row for row in table.rows}
    places = {
        _place(key, keys): {name: row[name] for name in STEP_DAYS if name in row} for key, row in rows.items()
    }
    return _Side(table, base, changes_of(columns, keys, base.naming), rows, places)


def _key(row: Row, keys: tuple[str, ...]) -> Key:
    return tuple(row.get(key) for key in keys)


def _place(key: Key, keys: tuple[str, ...]) -> Cell:
    return key[keys.index(_PLACE)] if _PLACE in keys else None


def _zero(changes: list[Change]) -> Row:
    zeros = [name for change in changes for name in change.counted]
    return dict.fromkeys(zeros, 0)


def _gone(
    now: ReportTable, sides: list[_Side], columns: list[Field], keys: tuple[str, ...]
) -> tuple[list[Row], list[Note]]:
    """Return the rows that only a base has, with zeros, and a note on steps that the present lacks."""
    if now.incomplete and not now.rows:
        return [], []  # what cannot be computed is not zero
    own = {_key(row, keys) for row in now.rows}
    missing: dict[Key, Row] = {}
    for side in sides:
        missing |= {key: row for key, row in side.rows.items() if key not in own and key not in missing}
    zeros = _zero([change for side in sides for change in side.changes])
    blank: Row = dict.fromkeys([column.name for column in columns])
    steps = (
        {_place(_key(row, keys), keys): _step(row, columns) for row in now.rows}
        if _PLACE in keys
        else {None: {}}
    )
    kept = {key: row for key, row in missing.items() if _place(key, keys) in steps}
    rows: list[Row] = [
        {
            **blank,
            **steps[_place(key, keys)],
            **zeros,
            **dict(zip(keys, key, strict=True)),
            ROW_KIND: row.get(ROW_KIND),
        }
        for key, row in kept.items()
    ]
    beyond = len({_place(key, keys) for key in missing} - set(steps))
    text = f"对比期比本期多 {beyond:,} 步，本期没有相应的一步，未列；合计仍含。"
    return rows, [Note(NoteKind.SHOWN, text)] if beyond else []


def _step(row: Row, columns: list[Field]) -> Row:
    """Return what a row says of its step of time: how it is called, its days, and whether it is whole."""
    return {
        column.name: row.get(column.name)
        for column in columns
        if column.type in ("text", "boolean") or column.name in STEP_DAYS
    }


def _joined(row: Row, now: ReportTable, sides: list[_Side], keys: tuple[str, ...]) -> Row:
    key = _key(row, keys)
    joined = dict(row)
    for side in sides:
        joined |= side.cells(row, side.row(key, _place(key, keys)), now.totals, side.changes)
    return joined


def _notes(now: ReportTable, sides: Sequence[_Side]) -> list[Note]:
    lacking = [
        Note(NoteKind.MISSING, f"{side.base.naming.then}（{side.base.label}）：{note}")
        for side in sides
        for note in side.table.notes
        if note.kind is NoteKind.MISSING and note not in now.notes and not side.base.empty
    ]
    untested = any(change.kind in ("number", "place") for side in sides for change in side.changes)
    return [
        *(note for side in sides for note in side.base.notes),
        *lacking,
        Note(
            NoteKind.DEFINITION,
            "变化率 = （本期 − 对比期）÷ 对比期；率的变化以百分点计；"
            f"基数不足 {TINY} 时不列变化率，只看件数。"
            f"{'件数和率以外（日均、得分、时长、名次）的变化没有检验，也可能是偶然。' if untested else ''}",
        ),
    ]
