"""Rows that are no records: blank rows, totals, a header repeated in the middle, remarks at the end.

Cheap vectorised checks choose a few suspects; Python looks at those alone.
"""

import re
from collections import Counter
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

_TOTAL = re.compile(
    r"^[\s【\[(]*(?:本?页?[合总總小共累]\s*[计計数數]|小結|本页合计|grand total|total|subtotal)\s*"
    r"[】\])]*\s*[:：]?\s*[\d,.]*\s*(?:条|件|單|单|笔|筆)?\s*$",
    re.IGNORECASE,
)
_TOTAL_START = r"^[\s【\[(]*(本?页?[合总總小共累]\s*[计計数數]|小結|本页合计|(?i:grand total|total|subtotal))"
_FOOTNOTE = re.compile(
    r"^\s*(?:注|备注|備註|说明|說明|制表|填表|审核|統計|统计|打印|导出|匯出|數據|数据来源|资料来源|單位|单位)"
    r"[^。]{0,12}[:：]"
)
_NUMERIC = re.compile(r"^[\s\d,.%+-]*$")


class Screen:
    """Knows the header of one table; says which rows to leave out and counts them."""

    def __init__(self, header: Sequence[str], originals: Sequence[str]) -> None:
        self._width = len(header)
        self._names = [name.strip() for name in header]
        self._originals = [name.strip() for name in originals]

    def keep(self, table: pa.Table, counts: Counter[str]) -> pa.Array | None:
        """Positions of the records among the rows; None when every row is one."""
        if table.num_rows == 0 or self._width == 0:
            return None
        dropped = []
        for position in self._suspects(table):
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
        filled = [(i, cell.strip()) for i, cell in enumerate(row) if cell and cell.strip()]
        if not filled:
            return "blank"
        same = sum(1 for i, cell in filled if cell in (self._names[i], self._originals[i]))
        if same == len(filled) and (same >= 2 or self._width == 1):
            return "repeated_header"
        if self._width < 2:
            return ""
        first = filled[0][1]
        rest = [cell for _, cell in filled[1:]]
        if filled[0][0] <= 2 and _TOTAL.match(first) and all(_NUMERIC.match(cell) for cell in rest):
            return "total"
        if self._width >= 4 and len(filled) <= 2 and _FOOTNOTE.match(first):
            return "footnote"
        return ""

    def _suspects(self, table: pa.Table) -> list[int]:
        """Rows with hardly any cell, and rows that begin like a total or like the header."""
        count = None
        for column in table.columns:
            filled = pc.cast(pc.is_valid(column), pa.int16())
            count = filled if count is None else pc.add(count, filled)
        odd = pc.less_equal(count, 2)
        for position in range(min(3, self._width)):
            column = table.column(position)
            odd = pc.or_(odd, pc.fill_null(pc.match_substring_regex(column, _TOTAL_START), False))
            for name in {self._names[position], self._originals[position]}:
                odd = pc.or_(odd, pc.fill_null(pc.equal(column, name), False))
        # a row of nothing but spaces has no null cell
        first = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(table.column(0)), ""), False)
        found: list[int] = pc.indices_nonzero(pc.or_(odd, first)).to_pylist()
        return found
