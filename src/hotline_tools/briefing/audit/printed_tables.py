"""A printed table as columns of figures: which row is the total, which columns count."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from hotline_tools.briefing.audit.bulletin import PrintedTable
from hotline_tools.briefing.audit.quantities import folded

_NUMBER = re.compile(r"^[↑↓▲▼]?([+\-−])?(\d+(?:\.\d+)?)(%|个?百分点|件|宗|条|个|分|小时|天|万件)?[↑↓▲▼]?$")
_TOTAL = re.compile(r"^(?:合计|总计|共计|总数|全部|全市合计|全区合计|全县合计|总体|汇总)$")
SUBTOTAL = re.compile(r"小计|其中")
_NO_COUNT = re.compile(
    r"率|比|均|得分|分值|总分|分数|排名|名次|位次|序号|时长|小时|天数|年份|月份|日期|上限|预计|历史|人口|%|人数|来电人|编号|计分"
)
_PERCENT = re.compile(r"率|占比|比重|比例|环比|同比|增幅|%")
ColumnKind = Literal["count", "percent", "other"]


@dataclass(frozen=True)
class NumberCell:
    """A figure in a cell."""

    value: float
    step: float
    is_percent: bool


@dataclass(frozen=True)
class FigureColumn:
    """A column with its header and the figure of each body row; None where the cell is no figure."""

    header: str
    kind: ColumnKind
    cells: tuple[NumberCell | None, ...]
    total: NumberCell | None = None


@dataclass(frozen=True)
class FigureTable:
    """The body of a printed table; ``rows`` are the numbers of its body rows in the printed table, from 1."""

    where: str
    labels: tuple[str, ...]
    rows: tuple[int, ...]
    columns: tuple[FigureColumn, ...]
    total_row: int | None
    has_subtotals: bool
    printed: tuple[tuple[str, ...], ...]

    def place(self, index: int | None) -> str:
        """Return where a body row stands; the total's for None."""
        row = self.total_row if index is None else self.rows[index]
        return f"{self.where}第{row}行"

    def text(self, index: int | None) -> str:
        """Return a row as it is printed."""
        row = self.total_row if index is None else self.rows[index]
        assert row is not None
        return " | ".join(dict.fromkeys(cell for cell in self.printed[row - 1] if cell))


def number_cell(text: str) -> NumberCell | None:
    """Return the figure that a cell holds and nothing else."""
    match = _NUMBER.match(folded(text))
    if match is None:
        return None
    sign = -1 if match[1] in ("-", "−") or "↓" in text or "▼" in text else 1
    digits = match[2].partition(".")[2]
    scale = 1e4 if match[3] == "万件" else 1.0
    return NumberCell(sign * float(match[2]) * scale, scale * 10.0 ** -len(digits), match[3] == "%")


def figure_table(table: PrintedTable) -> FigureTable | None:
    """Return a table's figures; None for one without a header and two rows of figures."""
    rows = [tuple(folded(cell) for cell in row) for row in table.rows]
    heads = _header_rows(rows)
    if not heads or heads >= len(rows):
        return None
    width = max(map(len, rows))
    rows = [row + ("",) * (width - len(row)) for row in rows]
    headers = ["".join(dict.fromkeys(row[column] for row in rows[:heads])) for column in range(width)]
    label = _label_column(rows[heads:], headers)
    total = next(
        (n for n in range(heads, len(rows)) if any(_TOTAL.match(c) for c in rows[n][: label + 2])), None
    )
    body = [n for n in range(heads, len(rows)) if n != total and _has_figures(rows[n])]
    if len(body) < 2:
        return None
    columns = []
    for column in range(width):
        if column == label:
            continue
        cells = tuple(number_cell(rows[n][column]) for n in body)
        kind = _kind(headers[column], cells)
        if kind is not None:
            whole = number_cell(rows[total][column]) if total is not None else None
            columns.append(FigureColumn(headers[column], kind, cells, whole))
    names = tuple(rows[n][label] for n in body)
    subtotals = any(SUBTOTAL.search(cell) for n in body for cell in rows[n])
    return FigureTable(
        table.where, names, tuple(n + 1 for n in body), tuple(columns),
        None if total is None else total + 1, subtotals, table.rows,
    )  # fmt: skip


def _has_figures(row: Sequence[str]) -> bool:
    return any(number_cell(cell) for cell in row)


def _header_rows(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows from the top hold no figure."""
    for number, row in enumerate(rows):
        if any(_TOTAL.match(cell) for cell in row[:2]) or _has_figures(row):
            return number
    return len(rows)


def _label_column(rows: Sequence[Sequence[str]], headers: Sequence[str]) -> int:
    for column in range(len(headers)):
        words = [row[column] for row in rows if row[column]]
        if (
            words
            and sum(number_cell(word) is None for word in words) * 2 > len(words)
            and headers[column] != "序号"
        ):
            return column
    return 0


def _kind(header: str, cells: Sequence[NumberCell | None]) -> ColumnKind | None:
    known = [cell for cell in cells if cell is not None]
    if len(known) * 2 < len(cells) or not known:
        return None
    if sum(cell.is_percent for cell in known) * 2 > len(known) or (
        _PERCENT.search(header) and not all(cell.step == 1 and abs(cell.value) > 100 for cell in known)
    ):
        return "percent"
    if all(cell.step == 1 for cell in known) and not _NO_COUNT.search(header):
        return "count"
    return "other"
