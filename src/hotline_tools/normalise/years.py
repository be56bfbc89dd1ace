"""Of which year is 8月1日? The table's title tells, or the name of its sheet or of its file."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import PurePath

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.dates import PERIOD_IN_TITLE, YEARLESS_CELL
from hotline_tools.normalise.values import map_distinct
from hotline_tools.sources import RawTable

_PERIOD = re.compile(PERIOD_IN_TITLE)
_MONTHS = 12
"""Of a year."""


class Years:
    """Writes the year into the days of a table that leave it out."""

    def __init__(self, table: RawTable) -> None:
        self._table = table
        self._completed: Counter[tuple[tuple[str, ...], int]] = Counter()

    def complete(self, headers: tuple[str, ...], cells: pa.Array) -> pa.Array:
        """Return the cells, each day without a year with its own; as they are if nothing tells it."""
        bare = pc.fill_null(pc.match_substring_regex(cells, YEARLESS_CELL), False)
        if not pc.any(bare).as_py() or not self._period[1]:
            return cells
        found = cells.filter(bare)
        years = map_distinct(found, lambda cell: str(self._year_of(int(cell.split("月")[0]))))
        for item in years.value_counts().to_pylist():
            self._completed[headers, int(item["values"])] += item["counts"]
        return pc.replace_with_mask(cells, bare, pc.binary_join_element_wise(years, found, "年"))

    def notes(self) -> Iterator[str]:
        """Chinese remarks on the years that were written in, by column."""
        for headers in dict.fromkeys(headers for headers, _ in self._completed):
            years = {year: count for (where, year), count in self._completed.items() if where == headers}
            told = "、".join(f"{year} 年（{years[year]:,} 个）" for year in sorted(years))
            yield f"列 {'+'.join(headers)} 的日期没有年份，按{self._period[0]}记作 {told}"

    @cached_property
    def _period(self) -> tuple[str, list[tuple[int, int | None]]]:
        """What tells the year, and the years with their months that it speaks of."""
        table = self._table
        for name, text in (
            ("标题", table.title),
            ("工作表名", table.sheet or ""),
            ("文件名", PurePath(table.file).name),
        ):
            found = [
                (int(match["y"]), int(match["m"] or match["mm"] or 0) or None)
                for match in _PERIOD.finditer(text)
            ]
            if len({year for year, _ in found}) == 1 or (found and all(month for _, month in found)):
                return name, found
        return "", []

    def _year_of(self, month: int) -> int:
        """The year that brings ``month`` nearest to a month of the title: beside 2024年12月, 1月 is 2025."""
        dated = [(year, own) for year, own in self._period[1] if own]
        if not dated:
            return self._period[1][0][0]
        near = [
            (abs((year - other) * _MONTHS + month - own), year)
            for other, own in dated
            for year in (other, other - 1, other + 1)
        ]
        return min(near, key=lambda item: item[0])[1]
