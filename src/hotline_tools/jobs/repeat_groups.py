"""Which orders of a store are one issue: the part of the search that a machine or a cluster can do."""

from dataclasses import dataclass

import pyarrow as pa

from hotline_tools.classify import Classifier, categories
from hotline_tools.engine import Engine
from hotline_tools.normalise.classified import CLASSIFIED, classified_texts
from hotline_tools.repeats.districts import SOURCE, STORE_ORDER, Districts, find_groups_by_district
from hotline_tools.repeats.encode.ragged import Longs
from hotline_tools.repeats.find import COLUMNS, StepCallback
from hotline_tools.store import Store


@dataclass(frozen=True)
class Grouped:
    """Which orders are one issue."""

    group: Longs
    """(n,) Of each order, in the store's order, the row of one order of its group: one for all of them."""
    without_place: int
    """Orders that name no place or actor, kept out."""


NEEDED = tuple(dict.fromkeys((SOURCE, *STORE_ORDER, *COLUMNS)))
"""The columns of the orders that the search reads."""


def grouped_here(store: Store, workers: int | None, step: StepCallback) -> Grouped:
    """Group the orders on this machine; memory is bounded by those of the largest district."""
    batches = map(with_categories, store.order_batches(NEEDED))
    # Beside the store: its disk has room for the orders, while /tmp may be part of the memory.
    folder = store.path
    groups = find_groups_by_district(batches, districts_of(store), workers=workers, folder=folder, step=step)
    return Grouped(groups.group, int((~groups.eligible).sum()))


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
