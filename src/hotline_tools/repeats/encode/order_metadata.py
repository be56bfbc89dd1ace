"""Order metadata: caller, time, area and category of each order, from the columns other than the text."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotline_tools.normalise.classified import CLASSIFIED, category_alone
from hotline_tools.places import COMMITTEE, DISTRICT, TOWN
from hotline_tools.repeats.encode.eligibility import area_known
from hotline_tools.repeats.encode.ragged import Floats, Longs, Mask

_STREET = rf"^(?:\p{{Han}}{{2,3}}市)?(?:\p{{Han}}{{1,3}}{DISTRICT})?(?P<street>\p{{Han}}{{1,5}}?{TOWN})"
CATEGORY_COLUMNS = ("category", "subcategory", "confidence")
"""Columns that a classifier may have added to the orders."""


@dataclass(frozen=True)
class OrderMetadata:
    """Arrays (n,), one value an order. Equal numbers mean the same; -1 is unknown."""

    caller: Longs
    day: NDArray[np.float64]
    """Days since 1970; NaN when unknown."""
    area_known: Mask
    """Whether a column states where the order is, be it the district only."""
    street: Longs
    community: Longs
    type_alone: Longs
    """The export's own category, of orders that have no text beside it."""
    untitled: Mask
    """Whether the export gave no title, so that the beginning of the text stands for one."""
    categories: "CategoryMetadata"

    @classmethod
    def of(cls, orders: pa.Table) -> "OrderMetadata":
        """Read the columns of work orders."""
        return cls(
            numbers(orders["caller_key"]),
            days_of(orders["received_at"]),
            area_known(orders),
            numbers(_streets(orders)),
            numbers(_short(orders["community"])),
            numbers(category_alone(*(orders[name] for name in CLASSIFIED))),
            np.asarray(pc.equal(pc.fill_null(pc.utf8_length(orders["title"]), 0), 0)),
            CategoryMetadata.of(orders),
        )

    def take(self, rows: Longs) -> "OrderMetadata":
        """Return some of the orders."""
        return OrderMetadata(
            self.caller[rows],
            self.day[rows],
            self.area_known[rows],
            self.street[rows],
            self.community[rows],
            self.type_alone[rows],
            self.untitled[rows],
            self.categories.take(rows),
        )


@dataclass(frozen=True)
class CategoryMetadata:
    """A classifier's categories (n,). Equal numbers mean the same; -1 is unknown."""

    category: Longs
    subcategory: Longs
    """Numbers of category and subcategory together."""
    confidence: Floats
    """The classifier's confidence in 0-1; 0 without a category, so that it has no weight."""

    @classmethod
    def of(cls, orders: pa.Table) -> "CategoryMetadata":
        """Read the columns ``CATEGORY_COLUMNS``, which may be missing."""
        if not set(CATEGORY_COLUMNS) <= set(orders.column_names):
            nothing = np.full(orders.num_rows, -1, dtype=np.int64)
            return cls(nothing, nothing, np.zeros(orders.num_rows, dtype=np.float32))
        category, subcategory = numbers(orders["category"]), numbers(orders["subcategory"])
        confidence = pc.fill_null(pc.cast(orders["confidence"], pa.float32()), 0.0).to_numpy()
        below = category * (int(subcategory.max(initial=0)) + 1) + subcategory
        both = (category >= 0) & (subcategory >= 0)
        return cls(category, np.where(both, below, -1), np.where(category >= 0, confidence, np.float32(0)))

    def take(self, rows: Longs) -> "CategoryMetadata":
        """Return some of the orders."""
        return CategoryMetadata(self.category[rows], self.subcategory[rows], self.confidence[rows])


def _streets(orders: pa.Table) -> pa.ChunkedArray:
    """Return the street of each order: of the column, else of the address, when some column has it."""
    named = pc.struct_field(pc.extract_regex(orders["address"], _STREET), "street")
    known = pc.is_in(named, value_set=pc.unique(orders["street"]).drop_null())
    return pc.coalesce(orders["street"], pc.if_else(known, named, pa.scalar(None, pa.string())))


def _short(communities: pa.ChunkedArray) -> pa.Array:
    """Return names without the suffix of their committee: 望坪村村民委员会 and 望坪村 are one."""
    column = communities.combine_chunks().dictionary_encode()
    names = [
        name and (COMMITTEE.sub("", name) or name).removesuffix("社区").removesuffix("村")
        for name in column.dictionary.to_pylist()
    ]
    return pa.array(names, pa.string()).take(column.indices)


def numbers(column: pa.ChunkedArray | pa.Array) -> Longs:
    """Return equal numbers for equal texts, -1 for a missing one."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    found: Longs = pc.fill_null(pc.cast(whole.dictionary_encode().indices, pa.int64()), -1).to_numpy(
        zero_copy_only=False
    )
    return found


def days_of(times: pa.ChunkedArray) -> NDArray[np.float64]:
    """Return days since 1970, NaN where the time is missing."""
    seconds = pc.cast(pc.cast(times, pa.timestamp("us")), pa.int64())
    days: NDArray[np.float64] = pc.divide(pc.cast(seconds, pa.float64()), 86_400e6).to_numpy()
    return days
