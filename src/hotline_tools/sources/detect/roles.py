"""Which columns of a table hold what makes a row a case: identifiers, times, texts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import pyarrow as pa

from hotline_tools.dates import TIME_CELL
from hotline_tools.sources.detect.summary import is_footnote, is_number, is_summary, is_total

_SAMPLE = 120
_AGREE = 0.75
_FULL = 0.7
_TIME = re.compile(TIME_CELL)
_SOME_TIME = re.compile(rf"{TIME_CELL}|\d[:：]\d\d|[〇零一二三四五六七八九十]月")
_ID = re.compile(r"^[^\s，。；,;]*\d[^\s，。；,;]*$")
_NEARLY_ALL, _SOME = 0.9, 0.5
"""Share of different values in a column of identifiers, of numbers and of codes with letters: rows may repeat
an order, but a number that comes again may be an amount."""
_TEXT_LENGTH = 5
_SHORTEST_TEXT = 4
_SHORTEST_DAY = 8


@dataclass(frozen=True)
class Roles:
    """Column positions by what their values are."""

    ids: Mapping[int, int]
    """Columns of identifiers, and the length below which a number is none."""
    times: frozenset[int]
    texts: frozenset[int]
    counters: frozenset[int]
    """Columns of running numbers: they number totals, too."""
    leading: tuple[tuple[int, str], ...]
    """Columns that nearly every case fills and a total hardly, each with a pattern of its values."""

    @property
    def known(self) -> bool:
        """Whether any column tells a case from a total."""
        return bool(self.ids or self.times or self.texts)

    def is_case(self, filled: Mapping[int, str]) -> bool:
        """Whether the cells hold an identifier, a time or a text of a case."""
        totals = {column for column, cell in filled.items() if is_total(cell)}
        # beside a total's word a number is a sum; a title that is one stands in a column of texts
        summed = bool(totals & {0, *self.ids, *self.counters})
        for column, cell in filled.items():
            is_sum = summed and cell.isdigit() and len(cell) < _SHORTEST_DAY
            if column in self.times and _SOME_TIME.search(cell) and not is_footnote(cell) and not is_sum:
                return True
            shortest = self.ids.get(column)
            too_short = cell.isdigit() and len(cell) < (shortest or 0)
            too_short |= bool(totals) and is_summary(cell)  # 小计 among the units, 8件 among the numbers
            if shortest is not None and not summed and _is_id(cell) and not too_short:
                return True
            if column in self.texts and _is_text(cell, summed=bool(totals)):
                return True
        return False

    def counts(self, filled: Mapping[int, str]) -> bool:
        """Whether the row has its running number."""
        return any(column in filled and filled[column].isdigit() for column in self.counters)


def learn_roles(table: pa.Table) -> Roles:
    """Return the roles of the columns, learnt from the first rows of ``table`` (all text)."""
    rows = [list(row.values()) for row in _head(table)]
    cases = [row for row in rows if not any(cell and is_total(cell.strip()) for cell in row)] or rows
    ids: dict[int, int] = {}
    roles: dict[str, set[int]] = {"time": set(), "text": set(), "counter": set()}
    filling: dict[int, float] = {}
    for column in range(table.num_columns):
        values = [cell.strip() for row in cases if (cell := row[column]) and cell.strip()]
        filling[column] = len(values) / max(1, len(cases))
        role = _role(values)
        if role == "id":
            ids[column] = max(2, int(median(map(len, values)) * 0.6))
        elif role:
            roles[role].add(column)

    def fullest(columns: Iterable[int]) -> list[int]:
        return sorted((c for c in columns if filling[c] >= _FULL), key=lambda c: -filling[c])[:1]

    leading = [(column, r"^\s*\d.{3}") for column in fullest(roles["time"])]
    leading += [(column, rf"^\S{{{min(ids[column], 60)},}}$") for column in fullest(ids)]
    return Roles(
        ids, frozenset(roles["time"]), frozenset(roles["text"]), frozenset(roles["counter"]), tuple(leading)
    )


def _head(table: pa.Table) -> Sequence[Mapping[str, str | None]]:
    head = table.slice(0, _SAMPLE)
    names = [str(position) for position in range(table.num_columns)]
    rows: list[Mapping[str, str | None]] = head.rename_columns(names).to_pylist()
    return [row for row in rows if sum(1 for cell in row.values() if cell and cell.strip()) > 1]


def _role(values: Sequence[str]) -> str:
    """``time``, ``id``, ``text``, ``counter`` or nothing."""
    if not values:
        return ""
    need = _AGREE * len(values)
    if all(len(v) <= 7 and v.isdigit() for v in values) and _runs([int(v) for v in values]):
        return "counter"
    if sum(_TIME.search(v) is not None for v in values) >= need and not _are_ids(values):
        return "time"
    distinct = len(set(values))
    lettered = sum(any(map(str.isalpha, v)) for v in values) >= need
    least = (_SOME if lettered else _NEARLY_ALL) * len(values)
    if sum(_is_id(v) for v in values) >= need and distinct >= least:
        return "id" if median(map(len, values)) >= 4 or not any(map(is_number, values)) else ""
    wordy = [v for v in values if not is_number(v) and not _is_id(v)]
    long_enough = median(map(len, values)) >= _TEXT_LENGTH
    if len(wordy) >= need and long_enough and distinct >= max(2, 0.5 * len(values)):
        return "text"
    return "text" if len(wordy) >= need and len(values) == 1 and long_enough else ""


def _are_ids(values: Sequence[str]) -> bool:
    """Digits alone that could be seconds or compact days, but are all different and of one length."""
    return (
        all(v.isdigit() and len(v) >= 9 for v in values)
        and len(set(values)) == len(values) > 1
        and (max(map(int, values)) - min(map(int, values)) < 100 * len(values))
    )


def _runs(numbers: Sequence[int]) -> bool:
    """Whether the numbers go up one by one, nearly always."""
    if len(numbers) == 1:
        return numbers[0] <= 1
    steps = sum(b - a == 1 for a, b in pairwise(numbers))
    return steps >= _AGREE * (len(numbers) - 1)


def _is_id(cell: str) -> bool:
    """A code: no spaces, a digit, mostly letters and digits of ASCII."""
    return len(cell) <= 60 and _ID.match(cell) is not None and 2 * sum(map(str.isascii, cell)) >= len(cell)


def _is_text(cell: str, *, summed: bool) -> bool:
    if is_number(cell) or is_total(cell) or is_footnote(cell):
        return False
    return len(cell) >= (3 * _SHORTEST_TEXT if summed else _SHORTEST_TEXT) or not is_summary(cell)
