"""One field of the work order from its source columns, by the kind of the field."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.dates import MIDNIGHT_CELL
from hotline_tools.layouts import FieldSpec, Match, explained, legend_of, value_key
from hotline_tools.normalise.addresses import repair_doubled
from hotline_tools.normalise.cleaning import clean_column, one_line, one_line_column, plain_id, unit_name
from hotline_tools.normalise.combining import as_level, as_path, combine
from hotline_tools.normalise.date_order import DayOrders
from hotline_tools.normalise.dates import Times, read_times
from hotline_tools.normalise.derive import at_end_of_day, days_without_clock, mostly_clocked, only_midnights
from hotline_tools.normalise.values import (
    Read,
    blank_placeholders,
    map_distinct,
    read_booleans,
    read_codes,
    read_integers,
    read_request_types,
    read_statuses,
)
from hotline_tools.normalise.years import Years
from hotline_tools.schema import MAPPABLE, Column
from hotline_tools.sources import RawTable
from hotline_tools.text import split_names

LONG_TEXTS = ("title", "content", "reply", "address")
_EXPLAINED = ("text", "code")
"""Kinds of fields whose header may explain the codes in its cells; 0 and 1 say no and yes by themselves."""
_UNITS = ("department", "district", "street", "community", "grid")
_NOT_PLAIN = r"[^!-~]|^['=]|\.0+$"
"""Ids with one of these are looked at."""
_WORKBOOKS = ("xlsx", "xls", "xlsb", "ods")
_NAMES_PER_ROW = 0.25
"""A short text column with fewer distinct values per row than this is cleaned value by value."""


@dataclass(frozen=True)
class FieldPlan:
    """Everything needed to fill one field."""

    column: Column
    headers: tuple[str, ...]
    spec: FieldSpec
    values: dict[str, str]
    placeholders: frozenset[str]
    zone: str = "Asia/Shanghai"
    """The city's; empty if it is not known."""
    hides_midnights: bool = False
    """Whether a date alone is a midnight; told by the table's first rows, so that all rows are read alike."""
    of_days: bool = False
    """Whether its midnights are days: those of the first rows are all midnights."""
    epoch_1904: bool = False


@dataclass
class Filled:
    """A field's values, the text kept beside them, and what could not be read."""

    values: pa.Array
    raw: pa.Array | None = None
    refused: pa.Array | None = None
    times: Times | None = field(default=None, repr=False)
    days: pa.Array | None = field(default=None, repr=False)
    """Which of the times are days without a clock."""


def plan_fields(match: Match, table: RawTable) -> list[FieldPlan]:
    """Return a plan for every mapped field of ``table``."""
    plans = [_plan(match, name) for name, headers in match.mapping.items() if name in MAPPABLE and headers]
    return [_with_midnights(replace(plan, epoch_1904=table.epoch_1904), table) for plan in plans]


def _with_midnights(plan: FieldPlan, table: RawTable) -> FieldPlan:
    """Say what a midnight of the column is: a day, a time that the workbook hides, or as it is written."""
    if plan.column.kind == "time" and _of_days(table, plan.headers):
        return replace(plan, of_days=True)
    return replace(plan, hides_midnights=table.format in _WORKBOOKS and _clocked(table, plan.headers))


def _plan(match: Match, name: str) -> FieldPlan:
    return FieldPlan(
        column=MAPPABLE[name],
        headers=tuple(match.mapping[name]),
        spec=match.specs[name],
        values=dict(match.values.get(name, {})),
        placeholders=frozenset(map(value_key, (*match.placeholders, *match.specs[name].placeholders))),
        zone=match.time_zone,
    )


def read_text(rows: pa.Table, match: Match, name: str) -> pa.ChunkedArray:
    """Return the texts of a field (of the kind ``text``) of raw rows as an import stores them, unmasked."""
    if not match.mapping.get(name):
        return pa.chunked_array([pa.nulls(rows.num_rows, pa.string())])
    plan = _plan(match, name)
    return pa.chunked_array([_text_field(plan, [_cells(rows, header, plan) for header in plan.headers])])


def _clocked(table: RawTable, headers: Sequence[str]) -> bool:
    return any(mostly_clocked(single(table.sample().column(name))) for name in headers)


def _of_days(table: RawTable, headers: Sequence[str]) -> bool:
    return len(headers) == 1 and only_midnights(single(table.sample().column(headers[0])))


def fill_field(plan: FieldPlan, table: pa.Table, orders: DayOrders, years: Years) -> Filled:
    """Read the field from the raw batch ``table``.

    ``orders`` decides what 03/04/2025 means, ``years`` of which year a 8月1日 is.
    """
    columns = [_cells(table, header, plan) for header in plan.headers]
    kind = plan.column.kind
    spec = plan.spec
    if kind == "text":
        return Filled(_text_field(plan, columns))
    if kind == "time" and len(columns) > 1 and spec.combine == "join":  # 2020-10-20T00:00:00 and 01:14 PM
        columns[0] = pc.replace_substring_regex(columns[0], MIDNIGHT_CELL, "")
    joined = combine(columns, spec.combine, spec.joiner, need_first=kind == "time")
    if kind == "time":
        order = orders.of(plan.column.name, joined)
        joined = years.complete(plan.headers, joined)
        times = read_times(joined, order=order, zone=plan.zone, epoch_1904=plan.epoch_1904)
        none = pa.scalar(None, pa.string())
        days = days_without_clock(
            times.values, joined, hides_midnights=plan.hides_midnights, of_days=plan.of_days
        )
        values = at_end_of_day(times.values, days) if plan.column.name == "due_at" else times.values
        refused = pc.if_else(pa.array(times.invalid), joined, none)
        return Filled(values, refused=refused, times=times, days=days)
    read = _read(plan, joined)
    return Filled(read.values, raw=joined if kind == "code" else None, refused=read.refused)


def _read(plan: FieldPlan, cells: pa.Array) -> Read:
    if plan.column.name == "request_type":
        return read_request_types(cells, plan.values)
    if plan.column.name == "status":
        return read_statuses(cells, plan.values, plan.column.codes)
    if plan.column.kind == "code":
        return read_codes(cells, plan.values, plan.column.codes)
    return read_integers(cells) if plan.column.kind == "integer" else read_booleans(cells, plan.values)


def _text_field(plan: FieldPlan, columns: list[pa.Array]) -> pa.Array:
    if plan.column.name == "original_category":
        return _category(plan, columns)
    how = "first" if plan.column.name == "caller_key" else plan.spec.combine
    return _text(plan, combine(columns, how, plan.spec.joiner))


def _category(plan: FieldPlan, columns: list[pa.Array]) -> pa.Array:
    """One column may hold a path; each of several holds one level."""
    split = plan.spec.split
    if len(columns) == 1 or plan.spec.combine == "first" or split:
        paths = [map_distinct(column, lambda text: as_path(text, split) or None) for column in columns]
    else:
        paths = [map_distinct(column, lambda text: as_level(text) or None) for column in columns]
    return combine(paths, plan.spec.combine, "/")


def _cells(table: pa.Table, header: str, plan: FieldPlan) -> pa.Array:
    cells = single(table.column(header))
    if cells.null_count == len(cells):
        return cells
    if plan.column.kind in _EXPLAINED and (legend := legend_of(header)):
        known = plan.values  # a layout that says what a code means is asked first
        cells = explained(cells, {code: said for code, said in legend.items() if code not in known})
    # Line breaks of the helping units stand between them: they are not joined with blanks.
    keeps_lines = plan.column.name in (*LONG_TEXTS, "co_departments") or plan.column.kind == "time"
    if keeps_lines:
        return blank_placeholders(clean_column(cells), plan.placeholders)
    if not _repeats(cells):
        return blank_placeholders(one_line_column(cells), plan.placeholders)
    encoded = cells.dictionary_encode()
    names = pa.array([one_line(text) or None for text in encoded.dictionary.to_pylist()], pa.string())
    return blank_placeholders(names, plan.placeholders).take(encoded.indices)


def _repeats(cells: pa.Array) -> bool:
    """Tell whether the column has few distinct cells, so that it pays to look at each of them once."""
    probe = cells.slice(0, 2000)
    return len(probe.unique()) <= _NAMES_PER_ROW * len(probe)


def _text(plan: FieldPlan, cells: pa.Array) -> pa.Array:
    name = plan.column.name
    if name == "address":
        return repair_doubled(cells)
    if name == "order_id":
        return _plain_ids(cells)
    if name == "co_departments":
        return map_distinct(cells, lambda text: ";".join(map(unit_name, split_names(text))) or None)
    return map_distinct(cells, unit_name) if name in _UNITS else cells


def _plain_ids(cells: pa.Array) -> pa.Array:
    odd = pc.fill_null(pc.match_substring_regex(cells, _NOT_PLAIN), False)
    if not pc.any(odd).as_py():
        return cells
    return pc.replace_with_mask(cells, odd, map_distinct(cells.filter(odd), plain_id))


def single(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return a column as one array."""
    if isinstance(column, pa.Array):
        return column
    combined = column.combine_chunks()
    return combined.chunk(0) if isinstance(combined, pa.ChunkedArray) else combined
