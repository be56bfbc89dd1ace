"""What kind of value each column of a table holds, learnt from its first rows.

The evidence behind repairing shifted columns: a date in the time column, an address in the date column.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.dates import STRICT_CLOCK_CELL, STRICT_TIME_CELL

EVIDENCE_ROWS = 4000
_MIN_VALUES = 20
_AGREE = 0.97
_STRAY = 0.01
"""Share of values of a strong kind that a text column may hold by accident, from shifted rows."""

PATTERNS: dict[str, str] = {
    "date": STRICT_TIME_CELL,
    "time": STRICT_CLOCK_CELL,
    "url": r"^\s*https?://\S+\s*$",
    "number": r"^\s*[+-]?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?%?\s*$",
    "id": r"^\s*[A-Za-z]{0,6}[-_]?\d[0-9A-Za-z_-]{3,}(?:\.\d+[eE]\+\d+)?\s*$",
}
"""Kind → pattern; the first that fits nearly all values of a column is its kind."""
STRONG = ("date", "time", "url")
"""Kinds whose values are not taken for anything else."""
_TELLING_CLOCK = r"^\s*(?:\d{1,2}:\d{2}(?::\d{2})?|(?:[01]?\d|2[0-3])[0-5]\d[0-5]\d(?:\.0)?)\s*$"
"""Most values of a column of clock times; the pattern of the kind fits any small number (00:04:00 is 400)."""
_MOSTLY = 0.8
_PLACEHOLDER = re.compile(
    r"^\W*$|^\W*(?:无|無|不详|不詳|未知|空|暂无|nan|none|null|nil|n/?a|unspecified)\W*$", re.I
)
"""What people write into a cell that has no value."""
_COMPILED = {kind: re.compile(pattern) for kind, pattern in PATTERNS.items()}
_MAX_CATEGORIES = 300


@dataclass(frozen=True)
class ColumnKinds:
    """The kind of each column (``text`` when nothing fits), and the values of those with few."""

    kinds: tuple[str, ...]
    categories: Mapping[int, frozenset[str]]
    """Text columns with few different values: those values."""
    alien: Mapping[int, frozenset[str]]
    """Text columns: the strong kinds of which they hold hardly a value."""

    @property
    def typed(self) -> tuple[int, ...]:
        """Columns whose values have a pattern."""
        return tuple(i for i, kind in enumerate(self.kinds) if kind != "text")

    def fits(self, column: int, value: str | None) -> bool:
        """Whether the value could stand in this column; a missing one, or a word for that, always can."""
        kind = self.kinds[column]
        if not value or kind == "text" or _COMPILED[kind].match(value):
            return True
        return _PLACEHOLDER.match(value) is not None

    def familiar(self, column: int, value: str | None) -> bool:
        """Whether a column of few values has been seen with this one; True for other columns."""
        known = self.categories.get(column)
        return known is None or not value or value in known

    def misfits(self, row: Sequence[str | None]) -> list[int]:
        """The typed columns whose value does not fit."""
        return [column for column in self.typed if not self.fits(column, row[column])]


def learn_kinds(table: pa.Table) -> ColumnKinds:
    """Return the kinds of the text columns of ``table``, learnt from its first ``EVIDENCE_ROWS`` rows."""
    head = table.slice(0, EVIDENCE_ROWS)
    kinds = []
    categories: dict[int, frozenset[str]] = {}
    alien: dict[int, frozenset[str]] = {}
    for position in range(head.num_columns):
        values = head.column(position).drop_null()
        kind = _kind(values)
        kinds.append(kind)
        if kind == "text" and len(values) >= _MIN_VALUES:
            alien[position] = frozenset(k for k in STRONG if _hits(values, k) <= _STRAY * len(values))
        few = min(_MAX_CATEGORIES, len(values) / 4)
        if kind == "text" and len(values) >= 5 * _MIN_VALUES and len(values.unique()) <= few:
            categories[position] = _repeated(values)
    return ColumnKinds(tuple(kinds), categories, alien)


def matches(values: pa.ChunkedArray, kind: str) -> pa.ChunkedArray:
    """Boolean per value; null where the value is null."""
    return pc.match_substring_regex(values, PATTERNS[kind])


def _kind(values: pa.ChunkedArray) -> str:
    if len(values) < _MIN_VALUES:
        return "text"
    for kind in PATTERNS:
        if _hits(values, kind) >= _AGREE * len(values) and (kind != "time" or _tells_clocks(values)):
            return kind
    return "text"


def _tells_clocks(values: pa.ChunkedArray) -> bool:
    telling = pc.sum(pc.match_substring_regex(values, _TELLING_CLOCK)).as_py()
    return bool(telling >= _MOSTLY * len(values))


def _hits(values: pa.ChunkedArray, kind: str) -> int:
    return int(pc.sum(matches(values, kind)).as_py())


def _repeated(values: pa.ChunkedArray) -> frozenset[str]:
    """Values that stand there more than once: a stray piece of a shifted row stands once."""
    counted = values.value_counts().to_pylist()
    return frozenset(item["values"] for item in counted if item["counts"] > 1)
