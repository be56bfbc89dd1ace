"""Which orders of a store are one issue: the part of the search that a machine or a cluster can do."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.classify import Classifier, categories
from hotline_tools.engine import Engine
from hotline_tools.normalise.classified import CLASSIFIED, classified_texts
from hotline_tools.repeats.clustering.certainty import Shares
from hotline_tools.repeats.districts import SOURCE, STORE_ORDER, Districts, find_groups_by_district
from hotline_tools.repeats.encode.ragged import Longs
from hotline_tools.repeats.encode.spilled_parts import SpilledParts
from hotline_tools.repeats.find import COLUMNS, StepCallback
from hotline_tools.schema import TEXT_DIGEST
from hotline_tools.store import Store

NEEDED = tuple(dict.fromkeys((SOURCE, *STORE_ORDER, *COLUMNS)))
"""The columns of the orders that the search reads."""
_HASH = "content_hash"
_SEEN = "looked at"
"""The one part of what was looked at; half a gigabyte of a city, that is not needed before all is grouped."""


@dataclass(frozen=True)
class Grouped:
    """Which of the n orders that were looked at are one issue."""

    looked_at: pa.Table
    """``order_key`` and ``text_digest``, the digest of text and address, in the store's order."""
    group: Longs
    """(n,) Of each order the row of one order of its group: the same for all of them."""
    closest: Shares
    """(n,) As in ``repeats.find.Groups``."""
    without_place: int
    """Orders that name no place or actor, kept out."""


def grouped_here(store: Store, workers: int | None, step: StepCallback) -> Grouped:
    """Group the orders on this machine; memory is bounded by those of the largest district."""
    folder = store.path  # its disk has room for the orders, while /tmp may be part of the memory
    with SpilledParts(folder) as seen:

        def batches() -> Iterator[pa.Table]:
            for batch in store.order_batches([*NEEDED, _HASH]):
                seen.add(_SEEN, _looked_at(batch))  # in this very pass: an import may come between two
                yield with_categories(batch.drop_columns([_HASH]))

        groups = find_groups_by_district(
            batches(), districts_of(store), workers=workers, folder=folder, step=step
        )
        return Grouped(seen.take(_SEEN), groups.group, groups.closest, int((~groups.eligible).sum()))


def looked_at(store: Store) -> pa.Table:
    """Return ``Grouped.looked_at`` of the store as it is now."""
    return pa.concat_tables(map(_looked_at, store.order_batches(["order_key", _HASH])))


def _looked_at(orders: pa.Table) -> pa.Table:
    digest = pc.utf8_slice_codeunits(orders[_HASH], *TEXT_DIGEST)
    return pa.table({"order_key": orders["order_key"], "text_digest": digest})


def districts_of(store: Store) -> Districts:
    """Return the districts of all orders of a store."""
    with Engine(store) as engine:
        return Districts.of(engine.query("SELECT DISTINCT source, district FROM stored_orders"))


def with_categories(orders: pa.Table) -> pa.Table:
    """Add the columns of the built-in classifier: category, subcategory, confidence.

    Not the labels of the store: issues must not change because somebody tagged the orders by another
    taxonomy, and an export read without a store has no labels.
    """
    found = categories(Classifier.default(), *classified_texts(*(orders[name] for name in CLASSIFIED)))
    for name in found.column_names:
        few = pa.types.is_string(found.schema.field(name).type)
        orders = orders.append_column(name, found[name].dictionary_encode() if few else found[name])
    return orders
