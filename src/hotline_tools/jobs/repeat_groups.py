"""Which orders of a store are one issue: the part of the search that a machine or a cluster can do."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from hotline_tools.classify import Classifier, categories
from hotline_tools.normalise.classified import CLASSIFIED, classified_texts
from hotline_tools.repeats.districts import SOURCE, find_groups_by_district
from hotline_tools.repeats.find import COLUMNS, StepCallback
from hotline_tools.store import Store


@dataclass(frozen=True)
class Grouped:
    """Which orders are one issue."""

    group: dict[str, str]
    """Order key → the key of one order of its group, the same for all of them."""
    without_place: int
    """Orders that name no place or actor, kept out."""


def grouped_here(store: Store, keys: Sequence[str], workers: int | None, step: StepCallback) -> Grouped:
    """Group the orders on this machine; ``keys`` are theirs, in the store's order."""
    batches = store.order_batches([SOURCE, *COLUMNS])
    orders = pa.concat_tables(with_categories(batch) for batch in batches)
    # Beside the store: its disk has room for the orders, while /tmp may be part of the memory.
    groups = find_groups_by_district(orders, workers=workers, folder=store.path, step=step)
    of = dict(zip(keys, map(keys.__getitem__, groups.group.tolist()), strict=True))
    return Grouped(of, int((~groups.eligible).sum()))


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
