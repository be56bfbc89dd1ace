"""Rows that are no records: blank rows, totals, a header repeated in the middle, remarks at the end.

A case has an identifier, a time or a text; a total or a remark has none of them, in whatever column it
stands. Cheap vectorised checks choose a few suspects; Python looks at those alone.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.sources.detect.header import clean_name
from hotline_tools.sources.detect.roles import Roles, learn_roles
from hotline_tools.sources.detect.summary import is_bare_total, is_footnote, is_number, is_summary, is_total

_HARDLY = 2
"""Filled cells of a row up to which it is looked at."""
_MANY = 0.2
"""Share of suspects in a batch above which the next leading column is asked, too."""


class Screen:
    """Knows the header of one table; says which rows to leave out and counts them.

    What is learnt from the first rows (which columns hold identifiers, times and texts) serves all others.
    """

    def __init__(self, header: Sequence[str], originals: Sequence[str]) -> None:
        self._width = len(header)
        self._names = [_plain(name) for name in header]
        self._originals = [_plain(name) for name in originals]
        self._roles: Roles | None = None

    def keep(self, table: pa.Table, counts: Counter[str]) -> pa.Array | None:
        """Positions of the records among the rows; None when every row is one."""
        if table.num_rows == 0 or self._width == 0:
            return None
        if self._roles is None:
            self._roles = learn_roles(table)
        dropped = []
        for position in self._suspects(table, self._roles):
            row = [column[position].as_py() for column in table.columns]
            why = self.judge(row)
            if why:
                counts[why] += 1
                dropped.append(position)
        if not dropped:
            return None
        mask = [True] * table.num_rows
        for position in dropped:
            mask[position] = False
        return pc.indices_nonzero(pa.array(mask))

    def judge(self, row: Sequence[str | None]) -> str:
        """``blank``, ``total``, ``repeated_header``, ``footnote``; empty for a record."""
        filled = {i: text for i, cell in enumerate(row) if cell and (text := _plain(cell))}
        if not filled:
            return "blank"
        same = sum(1 for i, cell in filled.items() if self._is_name(i, cell))
        if same == len(filled) and (same >= 2 or self._width == 1):
            return "repeated_header"
        if self._width < 2:
            return ""
        if len(filled) > 2 and len(set(filled.values())) == 1:
            filled = dict(list(filled.items())[:1])  # a heading or remark merged over the whole width
        if self._roles is None or not self._roles.known or len(row) != self._width:
            return _by_words(list(filled.values()), self._width)
        return "" if self._roles.is_case(filled) else _kind_of_rest(filled, self._roles)

    def _is_name(self, column: int, cell: str) -> bool:
        return cell in (self._names[column], self._originals[column]) or (
            len(cell) <= 60 and clean_name(cell) == self._names[column]
        )

    def _suspects(self, table: pa.Table, roles: Roles) -> list[int]:
        """Rows with hardly any cell, rows like the header, rows whose leading column has no proper value."""
        odd = _hardly_filled(table)
        for position in range(min(3, self._width)):
            names = pa.array([self._names[position], self._originals[position]], pa.string())
            odd = pc.or_(odd, pc.is_in(table.column(position), value_set=names))
        # a row of nothing but spaces has no null cell
        odd = pc.or_(odd, pc.fill_null(pc.equal(pc.utf8_trim_whitespace(table.column(0)), ""), False))
        if roles.leading:
            improper = None
            for position, proper in roles.leading:
                misses = pc.invert(
                    pc.fill_null(pc.match_substring_regex(table.column(position), proper), False)
                )
                improper = misses if improper is None else pc.and_(improper, misses)
                if pc.sum(improper).as_py() <= _MANY * table.num_rows:
                    break
            odd = pc.or_(odd, improper)
        else:
            for column in table.columns[:3]:
                odd = pc.or_(odd, pc.fill_null(pc.match_substring_regex(column, _TOTAL_START), False))
        found: list[int] = pc.indices_nonzero(odd).to_pylist()
        return found


def _hardly_filled(table: pa.Table) -> pa.ChunkedArray | pa.Array:
    """Tell which rows have at most two cells; most tables have three columns that are full."""
    gaps = [column for column in table.columns if column.null_count]
    full = table.num_columns - len(gaps)
    if full > _HARDLY:
        return pa.array(np.zeros(table.num_rows, bool))
    count = pa.array(np.full(table.num_rows, full, np.int16))
    for column in gaps:
        count = pc.add(count, pc.cast(pc.is_valid(column), pa.int16()))
    return pc.less_equal(count, _HARDLY)


_TOTAL_START = r"^[\s【\[(]*(本?页?[合总總小共累]\s*[计計数數]|小結|本页合计|(?i:grand total|total|subtotal))"


def _plain(cell: str) -> str:
    return cell.replace("\ufeff", "").strip()


def _by_words(cells: list[str], width: int) -> str:
    """Where nothing is known of the columns, or the row does not fit them: by its words alone."""
    first, rest = cells[0], cells[1:]
    if is_bare_total(first) and all(is_number(cell) or is_summary(cell) for cell in rest):
        return "total"
    if width >= 4 and len(cells) <= 2 and is_footnote(first):
        return "footnote"
    return ""


def _kind_of_rest(filled: dict[int, str], roles: Roles) -> str:
    """What a row without identifier, time and text is; a row of a running number and a unit is a record."""
    cells = list(filled.values())
    if any(map(is_total, cells)):
        return "total"
    if any(map(is_footnote, cells)):
        return "footnote"
    if all(is_number(cell) or is_summary(cell) for cell in cells):
        return "total" if len(cells) > 1 or not roles.counts(filled) else ""
    return "footnote" if len(cells) <= 2 and not roles.counts(filled) else ""
