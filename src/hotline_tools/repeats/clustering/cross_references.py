"""Orders that quote the number of an earlier one: the caller says that both are one case."""

import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from hotline_tools.repeats.clustering.linkage import components
from hotline_tools.repeats.encode.ragged import Longs, Mask

_AT_ONCE = 20_000
_NUMBER = re.compile(r"[A-Za-z]{0,6}-?\d{6,24}")


def quoted_orders(orders: pa.Table) -> Longs:
    """Return for each order the order whose number its text quotes, or -1.

    Numbers that several orders have lead nowhere; an order's own number is no quote.
    """
    ids = orders["order_id"].to_pylist()
    at: dict[str, int] = {}
    for row, order_id in enumerate(ids):
        if order_id is not None and _NUMBER.fullmatch(order_id):
            at[order_id] = -1 if order_id in at else row
    quoted = np.full(len(ids), -1, dtype=np.int64)
    if at:
        for row, text in enumerate(_each(orders["content"])):
            if text:
                found = (at.get(number, -1) for number in _NUMBER.findall(text))
                quoted[row] = next((other for other in found if other not in (-1, row)), -1)
    return quoted


def _each(column: pa.ChunkedArray) -> Iterator[str | None]:
    """Yield the texts; only some of them are in memory a second time."""
    for start in range(0, len(column), _AT_ONCE):
        yield from column.slice(start, _AT_ONCE).to_pylist()


def follow_quotes(group: Longs, quoted: Longs, may_join: Mask) -> Longs:
    """Return the groups with each order that stayed alone put to the order it quotes."""
    sizes = np.bincount(group, minlength=len(group))
    row = np.flatnonzero((quoted >= 0) & (sizes[group] == 1))
    row = row[may_join[quoted[row]]]
    part = components(len(group), group[row], group[quoted[row]])[group]
    smallest = np.full(len(group), len(group))
    np.minimum.at(smallest, part, group)
    return smallest[part]
