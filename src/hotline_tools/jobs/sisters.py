"""Sister files, two exports of the same orders (a list and its details): recognised, and joined to one table.

A layout may declare a pair and its keys; otherwise two tables are a pair when a column of links or numbers of
the one covers one of the other and each says of the orders what the other does not. A number that looks like
a key but is given twice to different letters is not one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.layouts import FieldSpec, Match, header_key
from hotline_tools.layouts.recognition.values import Values
from hotline_tools.sources import RawBatch, RawTable

Matched = tuple[RawTable, Match]
_MIN_OVERLAP = 0.5
"""Share of the smaller file that must be found in the other; below, they are different months."""
_MIN_COVERED = 0.8
"""The same for tables that no layout calls a pair."""
_MOST_TABLES = 20
"""Of more tables, only declared pairs are looked for: each look reads both to the end."""
_NEARLY_UNIQUE = 0.95
"""Share of distinct values in a column of the sample that may be a key."""


@dataclass(frozen=True)
class KeyCandidate:
    """How well one pair of columns joins the two files; counts of rows and of distinct values."""

    header_primary: str
    header_secondary: str
    filled_primary: int
    filled_secondary: int
    distinct_primary: int
    distinct_secondary: int
    matched: int
    """Distinct values that are in both files."""

    is_link: bool = False

    @property
    def unique(self) -> bool:
        """No value stands twice in either file; a link may, for it is the letter's own address."""
        least = _NEARLY_UNIQUE if self.is_link else 1.0
        return (
            self.distinct_primary >= least * self.filled_primary
            and self.distinct_secondary >= least * self.filled_secondary
        )

    @property
    def overlap(self) -> float:
        """Share of the smaller file's values that the other has."""
        return self.matched / max(1, min(self.distinct_primary, self.distinct_secondary))


@dataclass(frozen=True)
class Pair:
    """Positions (in the given sequence) of two tables that describe the same orders, and their key."""

    primary: int
    """The table with more of the order (the details)."""
    secondary: int
    key_header_primary: str
    key_header_secondary: str
    matched: int
    only_primary: int
    """Rows of the primary without a partner."""
    only_secondary: int
    candidates: tuple[KeyCandidate, ...]
    """All candidates that were weighed, the chosen one first."""


def find_sisters(matches: Sequence[tuple[Match, RawTable]]) -> list[Pair]:
    """The pairs among the tables, each table in one pair at most; reads the key columns to the end."""
    found = []
    for first, (match, _) in enumerate(matches):
        for second in range(first + 1, len(matches)):
            one, other = _ordered(first, second, matches)
            if _declared(match, matches[second][0]):
                pair = _weigh(one, other, matches, _declared_keys(matches[one], matches[other]), _MIN_OVERLAP)
            elif len(matches) <= _MOST_TABLES and _complete_each_other(matches[one], matches[other]):
                pair = _weigh(
                    one, other, matches, _likely_keys(matches[one][1], matches[other][1]), _MIN_COVERED
                )
            else:
                continue
            if pair is not None:
                found.append(pair)
    found.sort(key=lambda pair: pair.matched, reverse=True)
    used: set[int] = set()
    chosen = []
    for pair in found:
        if not used & {pair.primary, pair.secondary}:
            used |= {pair.primary, pair.secondary}
            chosen.append(pair)
    return chosen


def _declared(one: Match, other: Match) -> bool:
    if one.layout is None or other.layout is None:
        return False
    ways = ((one.layout, other.layout), (other.layout, one.layout))
    return any(a.sister is not None and a.sister.layout == b.id for a, b in ways)


def _ordered(first: int, second: int, matches: Sequence[tuple[Match, RawTable]]) -> tuple[int, int]:
    """The table with the content first, else the one that fills more fields."""
    weights = [("content" in matches[i][0].mapping, len(matches[i][0].mapping)) for i in (first, second)]
    return (first, second) if weights[0] >= weights[1] else (second, first)


def _complete_each_other(one: tuple[Match, RawTable], other: tuple[Match, RawTable]) -> bool:
    """Whether the second table says of the orders what the first, which has their text, does not."""
    (match, primary), (second, secondary) = one, other
    return (
        set(primary.header) != set(secondary.header)
        and not {"title", "content"}.isdisjoint(match.mapping)
        and "content" not in second.mapping
        and not second.mapping.keys() <= match.mapping.keys()
    )


def _declared_keys(one: tuple[Match, RawTable], other: tuple[Match, RawTable]) -> list[tuple[str, str]]:
    """Return the pairs of columns that the layout of one of the tables calls keys."""
    layout = one[0].layout if one[0].layout and one[0].layout.sister else other[0].layout
    return [
        (a, b)
        for entry in (layout.sister.keys if layout and layout.sister else ())
        if (a := _named(one[1].header, entry)) and (b := _named(other[1].header, entry))
    ]


def _likely_keys(one: RawTable, other: RawTable) -> list[tuple[str, str]]:
    """Return the pairs of columns that are unique links, or unique numbers, in the first rows of both."""
    ours, theirs = (_keys_of(table) for table in (one, other))
    return [(a, b) for a, kind in ours.items() for b, also in theirs.items() if kind == also]


def _keys_of(table: RawTable) -> dict[str, str]:
    found = {}
    for name in table.header:
        values = Values.of(table.sample().column(name))
        if values.count > 1 and values.fill > _MIN_COVERED and values.distinct_share > _NEARLY_UNIQUE:
            kind = "link" if values.links > _MIN_COVERED else "id" if _numbered(values) else ""
            if kind:
                found[name] = kind
    return found


def _numbered(values: Values) -> bool:
    return (
        values.id_like > _NEARLY_UNIQUE
        and values.times < _MIN_OVERLAP
        and values.share(r"\d{3}") > _MIN_COVERED
    )


def _weigh(
    one: int,
    other: int,
    matches: Sequence[tuple[Match, RawTable]],
    columns: list[tuple[str, str]],
    overlap: float,
) -> Pair | None:
    (_, primary), (_, secondary) = matches[one], matches[other]
    left = _key_values(primary, [a for a, _ in columns])
    right = _key_values(secondary, [b for _, b in columns])
    candidates = [_candidate(a, b, left[a], right[b]) for a, b in columns]
    good = [e for e in candidates if e.unique and e.overlap >= overlap]
    if not good:
        return None
    best = max(good, key=lambda e: e.matched)
    rest = tuple(e for e in candidates if e is not best)
    return Pair(
        primary=one,
        secondary=other,
        key_header_primary=best.header_primary,
        key_header_secondary=best.header_secondary,
        matched=best.matched,
        only_primary=best.distinct_primary - best.matched,
        only_secondary=best.distinct_secondary - best.matched,
        candidates=(best, *rest),
    )


def _named(header: Iterable[str], entry: str) -> str | None:
    keys = [header_key(name) for name in entry.split("|")]
    return next((name for name in header if header_key(name) in keys), None)


def _key_values(table: RawTable, columns: Sequence[str]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {column: [] for column in columns}
    if columns:
        for batch in table.batches():
            for column in values:
                cells = batch.table.column(column).drop_null().to_pylist()
                values[column] += [text for cell in cells if (text := cell.strip())]
    return values


def _candidate(a: str, b: str, left: list[str], right: list[str]) -> KeyCandidate:
    ours, theirs = set(left), set(right)
    links = sum(value.startswith(("http://", "https://")) for value in left) > _MIN_COVERED * len(left)
    return KeyCandidate(a, b, len(left), len(right), len(ours), len(theirs), len(ours & theirs), links)


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
class _JoinedNames:
    """What the secondary's columns are called in the join; the key has no column of its own."""

    new: dict[str, str]

    def of(self, headers: Iterable[str]) -> list[str]:
        return [self.new[h] for h in headers if h in self.new]


def _joined(given: Sequence[Matched], pair: Pair) -> Matched:
    (primary, match), (secondary, other) = given[pair.primary], given[pair.secondary]
    names = _JoinedNames(
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
        parts=(primary, secondary),
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


def _combined(match: Match, other: Match, names: _JoinedNames) -> Match:
    mapping = {name: list(headers) for name, headers in match.mapping.items()}
    specs, evidence = dict(match.specs), dict(match.evidence)
    for name, headers in other.mapping.items():
        found = names.of(headers)
        if not found:
            continue
        if name not in mapping:
            mapping[name], specs[name] = found, other.specs[name]
            evidence[name] = other.evidence[name]
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
        evidence=evidence,
        values=values,
        placeholders=tuple(dict.fromkeys((*match.placeholders, *other.placeholders))),
        drop=(*match.drop, *names.of(other.drop)),
        unmapped=[*match.unmapped, *names.of(other.unmapped)],
    )


def _first_of(spec: FieldSpec) -> FieldSpec:
    return replace(spec, combine="first")


def _rows(
    primary: RawTable, secondary: RawTable, pair: Pair, names: _JoinedNames, counts: Counter[str]
) -> Iterator[RawBatch]:
    of_other: Counter[str] = Counter()
    others = list(secondary.reader(of_other))
    whole = pa.concat_tables([batch.table for batch in others]).combine_chunks()
    keys = pc.utf8_trim_whitespace(whole.column(pair.key_header_secondary)).combine_chunks()
    columns = whole.select(list(names.new)).rename_columns(list(names.new.values()))
    used = np.zeros(whole.num_rows, dtype=bool)
    for batch in primary.reader(counts):
        own = pc.utf8_trim_whitespace(batch.table.column(pair.key_header_primary))
        where = pc.index_in(own, value_set=keys, skip_nulls=True)
        # A link that stands twice in the list is the same letter twice: all its rows are used.
        known = pc.is_in(keys, value_set=own.combine_chunks().drop_null())
        used |= np.asarray(known.fill_null(False))
        yield replace(batch, table=_beside(batch.table, columns.take(where)))
    rejects = tuple(reject for batch in others for reject in batch.rejects)
    left = pa.array(np.flatnonzero(~used))
    counts["rows"] += len(left)
    counts["rejected"] += len(rejects)
    counts["cut_off"] += of_other["cut_off"]
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
