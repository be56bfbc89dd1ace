"""Two exports of the same orders become one table: the details, completed from the list."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.layouts import FieldSpec, Match
from hotline_tools.layouts.sisters import Pair, find_sisters
from hotline_tools.sources import RawBatch, RawTable

Matched = tuple[RawTable, Match]


def join_sisters(tables: Iterable[Matched]) -> list[Matched]:
    """Replace each pair of sister tables by their join; the others stay as they are, in order.

    Rows without a partner are kept. A field that both have is taken from the details, and from the list
    where the details leave it empty. The secondary table is held in memory.
    """
    given = list(tables)
    pairs = find_sisters([(match, table) for table, match in given]) if len(given) > 1 else []
    joined = {pair.primary: _joined(given, pair) for pair in pairs}
    gone = {pair.secondary for pair in pairs}
    return [joined.get(i, item) for i, item in enumerate(given) if i not in gone]


@dataclass(frozen=True)
class _Names:
    """What the secondary's columns are called in the join; the key has no column of its own."""

    new: dict[str, str]

    def of(self, headers: Iterable[str]) -> list[str]:
        return [self.new[h] for h in headers if h in self.new]


def _joined(given: Sequence[Matched], pair: Pair) -> Matched:
    (primary, match), (secondary, other) = given[pair.primary], given[pair.secondary]
    names = _Names(
        {
            h: f"{h}（{secondary.file}）" if h in primary.header else h
            for h in secondary.header
            if h != pair.key_header_secondary
        }
    )
    added = list(names.new.values())

    def read(counts: Counter[str]) -> Iterator[RawBatch]:
        return _rows(primary, secondary, pair, names, counts)

    table = RawTable(
        file=f"{primary.file} + {secondary.file}",
        header=(*primary.header, *added),
        original_header=(*primary.original_header, *added),
        header_row=primary.header_row,
        format=primary.format,
        reader=read,
        digest=lambda: sha256((primary.sha256 + secondary.sha256).encode()).hexdigest(),
        sheet=primary.sheet,
        encoding=primary.encoding,
        notes=(*primary.notes, *secondary.notes, _note(primary, secondary, pair)),
    )
    return table, _combined(match, other, names)


def _note(primary: RawTable, secondary: RawTable, pair: Pair) -> str:
    return (
        f"{secondary.file} 与 {primary.file} 是同一批工单，按 {pair.key_header_primary} 合并："
        f"{pair.matched:,} 件对上，{pair.only_primary:,} 件只在 {primary.file}，"
        f"{pair.only_secondary:,} 件只在 {secondary.file}"
    )


def _combined(match: Match, other: Match, names: _Names) -> Match:
    mapping = {name: list(headers) for name, headers in match.mapping.items()}
    specs = dict(match.specs)
    for name, headers in other.mapping.items():
        found = names.of(headers)
        if not found:
            continue
        if name not in mapping:
            mapping[name], specs[name] = found, other.specs[name]
        elif len(mapping[name]) == 1 and len(found) == 1:
            mapping[name] = [*mapping[name], *found]
            specs[name] = _first_of(specs[name])
    values = {**other.values, **match.values}
    for name in other.values.keys() & match.values.keys():
        values[name] = {**other.values[name], **match.values[name]}
    return replace(
        match,
        mapping=mapping,
        specs=specs,
        values=values,
        placeholders=tuple(dict.fromkeys((*match.placeholders, *other.placeholders))),
        drop=(*match.drop, *names.of(other.drop)),
        unmapped=[*match.unmapped, *names.of(other.unmapped)],
    )


def _first_of(spec: FieldSpec) -> FieldSpec:
    return replace(spec, combine="first")


def _rows(
    primary: RawTable, secondary: RawTable, pair: Pair, names: _Names, counts: Counter[str]
) -> Iterator[RawBatch]:
    others = list(secondary.reader(Counter()))
    whole = pa.concat_tables([batch.table for batch in others]).combine_chunks()
    keys = pc.utf8_trim_whitespace(whole.column(pair.key_header_secondary)).combine_chunks()
    columns = whole.select(list(names.new)).rename_columns(list(names.new.values()))
    used = np.zeros(whole.num_rows, dtype=bool)
    for batch in primary.reader(counts):
        own = pc.utf8_trim_whitespace(batch.table.column(pair.key_header_primary))
        where = pc.index_in(own, value_set=keys, skip_nulls=True)
        used[np.asarray(where.drop_null())] = True
        yield replace(batch, table=_beside(batch.table, columns.take(where)))
    rejects = tuple(reject for batch in others for reject in batch.rejects)
    left = pa.array(np.flatnonzero(~used))
    counts["rows"] += len(left)
    counts["rejected"] += len(rejects)
    alone = columns.take(left)
    empty = pa.table(
        {
            name: keys.take(left) if name == pair.key_header_primary else pa.nulls(len(left), pa.string())
            for name in primary.header
        }
    )
    numbers = pa.concat_arrays([pa.array(batch.row_numbers, pa.int64()) for batch in others]).take(left)
    yield RawBatch(table=_beside(empty, alone), row_numbers=numbers, rejects=rejects)


def _beside(left: pa.Table, right: pa.Table) -> pa.Table:
    for name in right.column_names:
        left = left.append_column(pa.field(name, pa.string()), right.column(name))
    return left
