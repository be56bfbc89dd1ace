"""Cross references: an order whose text names the id of another one belongs to the same case."""

import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from hotline_tools.repeats.clustering.linkage import components
from hotline_tools.repeats.encode.ragged import Longs, Mask

_AT_ONCE = 20_000
_NUMBER = re.compile(r"[A-Za-z]{0,6}-?\d{6,24}")


def referenced_orders(orders: pa.Table) -> Longs:
    """Return (n,) for each order the row of the order whose id its text names, or -1.

    Ids that several orders have are ignored, and so is an order's own.
    """
    ids = orders["order_id"].to_pylist()
    at: dict[str, int] = {}
    for row, order_id in enumerate(ids):
        if order_id is not None and _NUMBER.fullmatch(order_id):
            at[order_id] = -1 if order_id in at else row
    referenced = np.full(len(ids), -1, dtype=np.int64)
    if at:
        for row, text in enumerate(_each(orders["content"])):
            if text:
                found = (at.get(number, -1) for number in _NUMBER.findall(text))
                referenced[row] = next((other for other in found if other not in (-1, row)), -1)
    return referenced


def _each(column: pa.ChunkedArray) -> Iterator[str | None]:
    """Yield the texts; only some of them are in memory a second time."""
    for start in range(0, len(column), _AT_ONCE):
        yield from column.slice(start, _AT_ONCE).to_pylist()


def follow_cross_references(group: Longs, referenced: Longs, eligible: Mask) -> Longs:
    """Return (n,) groups in which each ungrouped order has joined the eligible order it refers to."""
    sizes = np.bincount(group, minlength=len(group))
    row = np.flatnonzero((referenced >= 0) & (sizes[group] == 1))
    row = row[eligible[referenced[row]]]
    part = components(len(group), group[row], group[referenced[row]])[group]
    smallest = np.full(len(group), len(group))
    np.minimum.at(smallest, part, group)
    return smallest[part]
