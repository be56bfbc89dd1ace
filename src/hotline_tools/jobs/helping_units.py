"""Exports with a row for each unit that handles an order: the helping units' rows join the main unit's.

A column such as 办理类型 says whether the unit of a row has the order in hand (主办) or helps (协办).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.layouts import FieldSpec, Match
from hotline_tools.sources import RawBatch, RawTable

_MAIN = ("主办", "牵头", "主责", "主要")
_HELP = ("协办", "会办", "配合", "协助", "协同", "参与")
_ROLE = rf"^\s*(?:{'|'.join((*_MAIN, *_HELP))})(?:单位|部门|办理)?\s*$"
_HELPS = rf"^\s*(?:{'|'.join(_HELP)})"
_HELPERS_OWN = "{}（协办）"
"""What a column is called that holds what the helping units' rows say otherwise than the main one's.

No column of the export is called so: headers have their brackets made narrow.
"""


@dataclass(frozen=True)
class _Columns:
    """The headers of the order's id, of the unit, and of what the unit is to the order."""

    order: str
    unit: str
    role: str
    told: tuple[str, ...]
    """Those of which a helping row's cells are kept: all but the id, the role and what is about persons."""


def with_helping_units(item: tuple[RawTable, Match]) -> tuple[RawTable, Match]:
    """Return the table with one row an order, and its match; as they are if no column tells units apart.

    The unit of a helping row becomes a helping unit of the order's main row; what else it says otherwise
    stays in columns of its own. A helping row whose order has no main row stays an order, without a main
    unit. The helping rows are held in memory.
    """
    table, match = item
    columns = _columns(table, match)
    if columns is None or columns.unit not in columns.told or "co_departments" in match.mapping:
        return table, match
    added = [_HELPERS_OWN.format(name) for name in columns.told]
    unit = _HELPERS_OWN.format(columns.unit)
    joined = replace(
        table,
        header=(*table.header, *added),
        original_header=(*table.original_header, *added),
        reader=lambda counts: _rows(table, columns, counts),
        notes=(*table.notes, f"一件工单的主办、协办单位各占一行（列 {columns.role}），已并成一件"),
        _counts=Counter(),
        _samples={},
    )
    return joined, replace(
        match,
        mapping={**match.mapping, "co_departments": [unit]},
        specs={**match.specs, "co_departments": FieldSpec("co_departments", ((unit,),))},
        evidence={**match.evidence, "co_departments": match.evidence["department"]},
        unmapped=[*match.unmapped, *(name for name in added if name != unit)],
    )


def _columns(table: RawTable, match: Match) -> _Columns | None:
    order, unit = (match.mapping.get(name, []) for name in ("order_id", "department"))
    if len(order) != 1 or len(unit) != 1:
        return None
    sample = table.sample()
    for name in table.header:
        cells = sample.column(name).drop_null()
        roles = pc.match_substring_regex(cells, _ROLE)
        helps = pc.match_substring_regex(cells, _HELPS)
        if len(cells) and pc.all(roles).as_py() and 0 < pc.sum(helps).as_py() < len(cells):
            apart = {order[0], name, *match.drop, *match.mapping.get("caller_key", ())}
            return _Columns(order[0], unit[0], name, tuple(h for h in table.header if h not in apart))
    return None


def _rows(table: RawTable, columns: _Columns, counts: Counter[str]) -> Iterator[RawBatch]:
    helpers = _helpers(table, columns)
    keys = pa.array(list(helpers), pa.string())
    said = {
        name: pa.array(["；".join(cells.get(name, ())) or None for cells in helpers.values()], pa.string())
        for name in columns.told
    }
    for batch in table.reader(counts):
        helps = _helping(batch.table, columns)
        kept = pc.invert(pc.and_(helps, pc.is_in(_ids(batch.table, columns), value_set=keys)))
        joined = len(kept) - (pc.sum(kept).as_py() or 0)
        counts["rows"] -= joined
        counts["helping"] += joined
        rows = batch.table.filter(kept)
        where = pc.index_in(_ids(rows, columns), value_set=keys)
        beside = {name: _otherwise(column.take(where), rows.column(name)) for name, column in said.items()}
        alone, unit = helps.filter(kept), rows.column(columns.unit).combine_chunks()
        none = pa.scalar(None, pa.string())
        beside[columns.unit] = pc.if_else(alone, unit, beside[columns.unit])
        place = rows.column_names.index(columns.unit)
        rows = rows.set_column(place, columns.unit, pc.if_else(alone, none, unit))
        for name, column in beside.items():
            rows = rows.append_column(_HELPERS_OWN.format(name), column)
        yield RawBatch(
            rows,
            batch.row_numbers.filter(kept),
            batch.rejects,
            None if batch.flags is None else batch.flags.filter(kept),
        )


def _helpers(table: RawTable, columns: _Columns) -> Mapping[str, Mapping[str, Mapping[str, None]]]:
    """Return what helping rows say, by order and column, of the orders that have a main row, too."""
    found: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    main: set[str] = set()
    for batch in table.reader(Counter()):
        helps, ids = _helping(batch.table, columns), _ids(batch.table, columns)
        main.update(ids.filter(pc.invert(helps)).drop_null().to_pylist())
        rows = batch.table.filter(helps)
        for key, row in zip(ids.filter(helps).to_pylist(), rows.to_pylist(), strict=True):
            for name, cell in row.items() if key else ():
                if cell:
                    found[key][name][cell] = None
    return {key: cells for key, cells in found.items() if key in main}


def _helping(rows: pa.Table, columns: _Columns) -> pa.Array:
    roles = rows.column(columns.role).combine_chunks()
    return pc.fill_null(pc.match_substring_regex(roles, _HELPS), False)


def _ids(rows: pa.Table, columns: _Columns) -> pa.Array:
    return pc.utf8_trim_whitespace(rows.column(columns.order)).combine_chunks()


def _otherwise(said: pa.Array, own: pa.ChunkedArray) -> pa.Array:
    """What the helping rows say, where it is not what the main row says."""
    same = pc.fill_null(pc.equal(said, own.combine_chunks()), False)
    return pc.if_else(same, pa.scalar(None, pa.string()), said)
