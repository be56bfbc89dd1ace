"""Does 03/04/2025 mean March or April? Decided once per column, on evidence."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.dates import SLASHED_DAY
from hotline_tools.layouts import Match
from hotline_tools.normalise.dates import Order, read_times
from hotline_tools.schema import MAPPABLE
from hotline_tools.sources import RawTable


def decide_order(columns: Sequence[pa.Array], hint: Order | None = None) -> tuple[Order, bool]:
    """Return (order, certain) for columns of one file, the one in question first.

    A part above 12 decides. Without one, the reading that spreads over fewer months wins (an export
    covers a period, and a wrong reading scatters it); a tie goes to month first and is not certain.
    """
    if hint is not None:
        return hint, True
    for column in columns:
        parts = pc.extract_regex(column.drop_null(), SLASHED_DAY).drop_null()
        if not len(parts):
            continue
        first, second = (np.asarray(pc.struct_field(parts, n).cast(pa.int64())) for n in "ab")
        day_first, month_first = int((first > 12).sum()), int((second > 12).sum())
        if day_first != month_first:
            return ("dmy" if day_first > month_first else "mdy"), True
    return _by_spread(columns)


def _by_spread(columns: Sequence[pa.Array]) -> tuple[Order, bool]:
    if not columns:
        return "mdy", False
    spread = {order: _months(columns[0], order) for order in _ORDERS}
    if spread["dmy"] == spread["mdy"]:
        return "mdy", not pc.any(pc.match_substring_regex(columns[0], SLASHED_DAY)).as_py()
    return min(_ORDERS, key=lambda order: spread[order]), False


_ORDERS: tuple[Order, Order] = ("mdy", "dmy")


def _months(column: pa.Array, order: Order) -> int:
    days = np.asarray(read_times(column, order=order).values.drop_null())
    return len(np.unique(days.astype("datetime64[M]")))


def decide_orders(match: Match, table: RawTable) -> tuple[dict[str, Order], list[str]]:
    """Return the order of every mapped time field, and Chinese remarks on the uncertain ones."""
    sample = table.sample()
    fields = [name for name in match.mapping if name in MAPPABLE and MAPPABLE[name].kind == "time"]
    cells = {name: _first_column(match, sample, name) for name in fields}
    orders: dict[str, Order] = {}
    notes = []
    for name in fields:
        others = [cells[other] for other in fields if other != name]
        order, certain = decide_order([cells[name], *others], _hint(match.specs[name].dates))
        orders[name] = order
        if not certain:
            reading = "月/日/年" if order == "mdy" else "日/月/年"
            notes.append(f"列 {'+'.join(match.mapping[name])} 的日、月顺序没有确证，按{reading}理解")
    return orders, notes


def _first_column(match: Match, sample: pa.Table, name: str) -> pa.Array:
    column = sample.column(match.mapping[name][0]).combine_chunks()
    whole = column.chunk(0) if isinstance(column, pa.ChunkedArray) and column.num_chunks else column
    return whole if isinstance(whole, pa.Array) else pa.nulls(0, pa.string())


def _hint(dates: Sequence[str]) -> Order | None:
    return "dmy" if "day_first" in dates else "mdy" if "month_first" in dates else None
