"""Two exports of the same orders (a list and its details): recognise them, and find the column that joins.

Layouts declare which pairs exist and which columns may be the key; the values decide. A number that looks
like a key but is given twice to different letters is not one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from hotline_tools.layouts.keys import header_key
from hotline_tools.layouts.model import Match

_MIN_OVERLAP = 0.5
"""Share of the smaller file that must be found in the other; below, they are different months."""


class HasTable(Protocol):
    """A batch of text columns."""

    @property
    def table(self) -> pa.Table:
        """The columns."""


class ReadableTable(Protocol):
    """What is needed of a raw table."""

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""

    def batches(self) -> Iterator[HasTable]:
        """All rows."""


@dataclass(frozen=True)
class KeyEvidence:
    """How well one pair of columns joins the two files; counts of rows and of distinct values."""

    header_primary: str
    header_secondary: str
    filled_primary: int
    filled_secondary: int
    distinct_primary: int
    distinct_secondary: int
    matched: int
    """Distinct values that are in both files."""

    @property
    def unique(self) -> bool:
        """No value stands twice in either file."""
        return (
            self.filled_primary == self.distinct_primary and self.filled_secondary == self.distinct_secondary
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
    evidence: tuple[KeyEvidence, ...]
    """All candidates that were weighed, the chosen one first."""


def find_sisters(matches: Sequence[tuple[Match, ReadableTable]]) -> list[Pair]:
    """The pairs among the tables, each table in one pair at most; reads the key columns to the end."""
    found = []
    for first, (match, _) in enumerate(matches):
        for second in range(first + 1, len(matches)):
            if _declared(match, matches[second][0]):
                one, other = _ordered(first, second, matches)
                pair = _weigh(one, other, matches)
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


def _ordered(first: int, second: int, matches: Sequence[tuple[Match, ReadableTable]]) -> tuple[int, int]:
    """The table with the content first, else the one that fills more fields."""
    weights = [("content" in matches[i][0].mapping, len(matches[i][0].mapping)) for i in (first, second)]
    return (first, second) if weights[0] >= weights[1] else (second, first)


def _weigh(one: int, other: int, matches: Sequence[tuple[Match, ReadableTable]]) -> Pair | None:
    (match, primary), (_, secondary) = matches[one], matches[other]
    layout = match.layout if match.layout and match.layout.sister else matches[other][0].layout
    sister = layout.sister if layout else None
    columns = [
        (a, b)
        for entry in (sister.keys if sister else ())
        if (a := _named(primary.header, entry)) and (b := _named(secondary.header, entry))
    ]
    left = _values(primary, [a for a, _ in columns])
    right = _values(secondary, [b for _, b in columns])
    evidence = [_evidence(a, b, left[a], right[b]) for a, b in columns]
    good = [e for e in evidence if e.unique and e.overlap >= _MIN_OVERLAP]
    if not good:
        return None
    best = max(good, key=lambda e: e.matched)
    rest = tuple(e for e in evidence if e is not best)
    return Pair(
        primary=one,
        secondary=other,
        key_header_primary=best.header_primary,
        key_header_secondary=best.header_secondary,
        matched=best.matched,
        only_primary=best.filled_primary - best.matched,
        only_secondary=best.filled_secondary - best.matched,
        evidence=(best, *rest),
    )


def _named(header: Iterable[str], entry: str) -> str | None:
    keys = [header_key(name) for name in entry.split("|")]
    return next((name for name in header if header_key(name) in keys), None)


def _values(table: ReadableTable, columns: Sequence[str]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {column: [] for column in columns}
    if columns:
        for batch in table.batches():
            for column in values:
                cells = batch.table.column(column).drop_null().to_pylist()
                values[column] += [text for cell in cells if (text := cell.strip())]
    return values


def _evidence(a: str, b: str, left: list[str], right: list[str]) -> KeyEvidence:
    ours, theirs = set(left), set(right)
    return KeyEvidence(a, b, len(left), len(right), len(ours), len(theirs), len(ours & theirs))
