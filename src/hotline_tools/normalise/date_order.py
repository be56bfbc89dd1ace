"""Does 03/04/2025 mean March or April, and is 25 a year in 25/06/03? Decided once per column, on evidence."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.dates import SLASHED_DAY, WHOLE_MONTH
from hotline_tools.layouts import Match
from hotline_tools.normalise.dates import Order, full_year
from hotline_tools.schema import MAPPABLE
from hotline_tools.sources import RawTable

Day = tuple[str, ...]
"""The three parts of a written day, in their order."""
Month = tuple[int, int]
"""Year and month."""
_ORDERS: tuple[Order, ...] = ("mdy", "dmy", "ymd")
_READINGS = {"mdy": "月/日/年", "dmy": "日/月/年", "ymd": "年/月/日"}
_EVIDENCE_ROWS = 500


def decide_order(columns: Sequence[pa.Array], hint: Order | None = None) -> tuple[Order, bool]:
    """Return (order, certain) for columns of one file, the one in question first.

    The order in which the most cells are days of the calendar wins; another column decides where the
    cells of this one fit both. Else it is the order that spreads them, beside the cells that begin with a
    whole year, over fewer months (an export covers a period, and a wrong reading scatters it), and that is
    not certain; nor is a tie, which goes to month first.
    """
    if hint is not None:
        return hint, True
    return _decide([days_of(column) for column in columns], months_of(columns[0]) if columns else ())


def days_of(column: pa.Array) -> set[Day]:
    """Return the different days of a column whose order their cells do not tell."""
    parts = pc.extract_regex(column, SLASHED_DAY).drop_null()
    days = pc.binary_join_element_wise(*(pc.struct_field(parts, name) for name in "aby"), "/")
    return {tuple(day.split("/")) for day in days.unique().to_pylist()}


def months_of(column: pa.Array) -> set[Month]:
    """Return the months of the cells that do tell their order: those that begin with a whole year."""
    parts = pc.extract_regex(column, WHOLE_MONTH).drop_null()
    months = pc.binary_join_element_wise(*(pc.struct_field(parts, name) for name in "ym"), "/")
    return {(int(year), int(month)) for year, month in (m.split("/") for m in months.unique().to_pylist())}


def _decide(columns: Sequence[set[Day]], known: Iterable[Month] = ()) -> tuple[Order, bool]:
    if not columns or not columns[0]:
        return "mdy", True
    left = _ORDERS
    for days in columns:
        left = _fitting(days, left)
        if len(left) == 1:
            return left[0], True
    months = {order: len({*known, *(_month(day, order) for day in columns[0])}) for order in left}
    return min(left, key=lambda order: months[order]), False


def _fitting(days: Iterable[Day], orders: Sequence[Order]) -> tuple[Order, ...]:
    """The orders in which the fewest days are impossible."""
    days = list(days)
    wrong = {order: sum(not _is_possible(day, order) for day in days) for order in orders}
    return tuple(order for order in orders if wrong[order] == min(wrong.values()))


def _is_possible(day: Day, order: Order) -> bool:
    if order == "ymd" and (len(day[0]), len(day[2])) != (2, 2):
        return False
    parts = dict(zip(order, map(int, day), strict=True))
    return 1 <= parts["m"] <= 12 and 1 <= parts["d"] <= 31


def _month(day: Day, order: Order) -> Month:
    parts = dict(zip(order, map(int, day), strict=True))
    return full_year(parts["y"]), parts["m"]


class DayOrders:
    """The orders of a table's time fields: each is decided when the first cell of its kind is met."""

    def __init__(self, match: Match, table: RawTable) -> None:
        self._match = match
        self._table = table
        fields = (name for name in match.mapping if name in MAPPABLE and MAPPABLE[name].kind == "time")
        self._columns = {name: match.mapping[name][0] for name in fields}
        self._decided: dict[str, Order] = {}
        self.notes: list[str] = []
        """Chinese remarks on the uncertain ones."""

    def of(self, name: str, cells: pa.Array) -> Order:
        """Return the order of the field ``name``, of which ``cells`` are a batch."""
        if name not in self._decided:
            if not pc.any(pc.match_substring_regex(cells, SLASHED_DAY)).as_py():
                return "mdy"
            self._decide(name)
        return self._decided[name]

    def _decide(self, name: str) -> None:
        hint = _hint(self._match.specs[name].dates)
        days, months = ({}, set[Month]()) if hint else self._survey(name)
        others = [found for other, found in days.items() if other != name]
        order, certain = (hint, True) if hint else _decide([days[name], *others], months)
        self._decided[name] = order
        if not certain:
            shown = "+".join(self._match.mapping[name])
            self.notes.append(f"列 {shown} 的日、月顺序没有确证，按{_READINGS[order]}理解")

    def _survey(self, name: str) -> tuple[Mapping[str, set[Day]], set[Month]]:
        """Read the table until the column decides itself, to its end if it does not; only days are held."""
        days: dict[str, set[Day]] = {field: set() for field in self._columns}
        months: set[Month] = set()
        rows = 0
        for batch in self._table.reader(Counter()):
            for field, header in self._columns.items():
                column = pc.utf8_trim_whitespace(batch.table.column(header).combine_chunks())
                days[field] |= days_of(column)
                months |= months_of(column) if field == name else set()
            rows += batch.table.num_rows
            if rows >= _EVIDENCE_ROWS and len(_fitting(days[name], _ORDERS)) == 1:
                break
        return days, months


def _hint(dates: Sequence[str]) -> Order | None:
    return "dmy" if "day_first" in dates else "mdy" if "month_first" in dates else None
