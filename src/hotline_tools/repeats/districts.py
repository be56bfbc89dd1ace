"""Repeat issues of several districts: each is looked through on its own.

Two districts have streets and estates of one name, and an issue belongs to one of them. So candidates are
sought, compared and grouped within a district only; memory is bounded by the largest one, and the result does
not depend on what else the store holds. A matter of the whole city (a line of the metro, a company) that is
reported in several districts is an issue in each.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.repeats.comparison.model import PairModel
from hotline_tools.repeats.encode.ragged import Longs
from hotline_tools.repeats.encode.spilled_parts import SpilledParts
from hotline_tools.repeats.find import Groups, StepCallback, encode, group_encoded, ignore_step

SOURCE = "source"
"""Column that tells where an order without a district came from; the table need not have it."""
_ROW = "row in all"
UNKNOWN_DISTRICT = "区县不详"
STORE_ORDER = ("received_at", "row_number", "order_key")
"""What orders are sorted by before they are looked through, as far as a table has it: the groups do not
depend on which file of a month an order lies in."""


def find_groups_by_district(
    batches: Iterable[pa.Table],
    districts: "Districts",
    *,
    model: PairModel | None = None,
    workers: int | None = None,
    folder: Path | None = None,
    step: StepCallback = ignore_step,
) -> Groups:
    """Group the orders that are one issue, district by district; other parameters as for ``find_groups``.

    ``districts`` are those of all ``batches``. An order without a district belongs to the one that its
    address or text names, else to the only one of its source. Those that remain are a part of their own:
    nothing says where they are. Beyond some hundred thousand orders the parts wait in an unnamed file in
    ``folder``.
    """
    with SpilledParts(folder) as parts:
        total = 0
        for batch in batches:
            for name, rows in _parts(districts.of_orders(batch), districts.names):
                parts.add(name, batch.take(pa.array(rows)).append_column(_ROW, pa.array(rows + total)))
            total += batch.num_rows
        group, eligible, pairs = np.arange(total), np.zeros(total, bool), 0
        closest = np.zeros(total, np.float32)
        several = len(parts.names) > 1
        for name in sorted(parts.names, key=lambda name: (name == UNKNOWN_DISTRICT, name)):
            told = partial(_step_of, name, step) if several else step
            orders = in_store_order(parts.take(name))
            rows = orders[_ROW].to_numpy()
            encoded = encode(orders, workers=workers, folder=folder, step=told)
            del orders  # the texts of a district, which nothing asks for any more
            found = group_encoded(encoded, model=model, step=told)
            group[rows], eligible[rows], closest[rows] = rows[found.group], found.eligible, found.closest
            pairs += found.pairs
    return Groups(group, eligible, pairs, closest)


def in_store_order(orders: pa.Table) -> pa.Table:
    """Sort by ``STORE_ORDER``, whatever files the orders come from."""
    keys = [(name, "ascending") for name in STORE_ORDER if name in orders.column_names]
    order = pc.sort_indices(orders, sort_keys=keys)
    return orders if bool((np.diff(order.to_numpy()) == 1).all()) else orders.take(order)


def _step_of(name: str, step: StepCallback, text: str) -> None:
    step(f"{name}：{text}")


@dataclass(frozen=True)
class Districts:
    """The districts of a store, and which one an order belongs to: made of all orders, asked of any."""

    names: tuple[str, ...]
    """Sorted."""
    of_source: pa.Table
    """``source`` and ``district`` of the sources whose orders all have the same one."""

    @classmethod
    def of(cls, orders: pa.Table) -> "Districts":
        """Read ``district`` and, where there is one, ``source`` of all orders, or of their distinct pairs."""
        names = tuple(sorted(name for name in pc.unique(orders["district"]).to_pylist() if name))
        if SOURCE not in orders.column_names:
            nothing = pa.array([], pa.string())
            return cls(names, pa.table({"source": nothing, "district": nothing}))
        pairs = pa.table({"source": orders[SOURCE], "district": orders["district"]}).drop_null()
        counted = pairs.group_by("source").aggregate([("district", "count_distinct"), ("district", "min")])
        only = counted.filter(pc.equal(counted["district_count_distinct"], 1))
        return cls(names, pa.table({"source": only["source"], "district": only["district_min"]}))

    def of_orders(self, orders: pa.Table) -> pa.ChunkedArray:
        """Return the district of each order, null where nothing tells it."""
        own = orders["district"]
        if not own.null_count or len(self.names) < 2:
            return own
        text = pc.binary_join_element_wise(
            *(pc.fill_null(orders[name], "") for name in ("address", "title", "content")), "\n"
        )
        said = [pc.match_substring(text, name) for name in self.names]
        times = said[0].cast(pa.int64())
        for match in said[1:]:
            times = pc.add(times, match.cast(pa.int64()))
        found = own
        for name, match in zip(self.names, said, strict=True):
            only = pc.and_(match, pc.equal(times, 1))
            found = pc.if_else(pc.and_(pc.is_null(found), only), pa.scalar(name), found)
        if not self.of_source.num_rows:
            return found
        place = pc.index_in(orders[SOURCE], value_set=self.of_source["source"].combine_chunks())
        return pc.coalesce(found, self.of_source["district"].take(place))


def _parts(area: pa.ChunkedArray, names: Sequence[str]) -> Iterator[tuple[str, Longs]]:
    """Yield each district that is there with the rows of its orders; all as one part in a store of one."""
    if len(names) < 2:
        yield UNKNOWN_DISTRICT, np.arange(len(area))
        return
    codes = pc.fill_null(pc.index_in(area, pa.array(names)), -1).to_numpy()
    for code in np.unique(codes):
        yield names[code] if code >= 0 else UNKNOWN_DISTRICT, np.flatnonzero(codes == code)
