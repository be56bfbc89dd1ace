"""Updates from an export that knows less than the store: what it does not say stays as it was.

A list of letters, imported after their details, must not wipe out the texts. So a column that the new
export does not have keeps its old value in every order that the import updates. And last month's export,
imported after this month's, must not open again what has been closed.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.schema import MAPPABLE, ORDERS
from hotline_tools.store.partition import StoredRows, rows_at, staged_blocks
from hotline_tools.store.plan import Plan
from hotline_tools.store.staging import Staging

Rederive = Callable[[pa.Table], pa.Table]
"""Works out the derived columns (durations, lateness) of merged orders anew."""
_DERIVED_ANYWAY = {"channel", "district", "status"}
"""Filled by the normaliser even when the export has no such column."""
_BOOKKEEPING = {"order_key", "order_key_origin", "source", "content_hash", "import_id", "row_number"}
_ENDINGS = ("closed_at", "revisited_at", "handling_hours", "overdue", "reply", "resolved", "satisfaction")
_KEPT_HASH = 48
"""Digits of the content hash that tell what the order is about, not how it stands."""


def merge_updates(plan: Plan, staging: Staging, provided: Collection[str], rederive: Rederive) -> None:
    """Complete the updates in ``plan`` from the orders they replace; drop those that change nothing.

    Where the store has a later state of the case than the export, the export fills the gaps alone.
    """
    staged = staged_blocks(staging.runs, staging.run_starts)
    stored = StoredRows()
    for chunk in plan.updates():
        new, old = rows_at(staged, np.asarray(chunk.column("place"))), stored.take(chunk)
        older = np.asarray(chunk.column("older"))
        partial = older | np.asarray(chunk.column("keeps_id")) | np.asarray(_says_less(old, provided))
        if not partial.any():
            continue
        rows = pa.array(np.flatnonzero(partial))
        before, after = old.take(rows), new.take(rows)
        merged = rederive(_by_state(before, after, provided, pa.array(older[partial])))
        merged = _with_whole_ids(merged, before, after, chunk.take(rows))
        places = chunk.column("place").take(rows)
        changed = ~np.asarray(_same(before, merged))
        plan.drop_updates(places.filter(pa.array(~changed)))
        start = staging.append(merged.filter(pa.array(changed)))
        plan.move_updates(places.filter(pa.array(changed)), start, merged.filter(pa.array(changed)))


def _by_state(old: pa.Table, new: pa.Table, provided: Collection[str], older: pa.Array) -> pa.Table:
    """Merge each pair of rows; where ``older`` is set the stored row has the last word."""
    updated, completed = _merged(old, new, provided), _completed(old, new)
    columns = [pc.if_else(older, completed.column(n), updated.column(n)) for n in ORDERS.names]
    return pa.table(columns, schema=ORDERS)


def _completed(old: pa.Table, new: pa.Table) -> pa.Table:
    """Return ``old`` with its missing values taken from an earlier state of the case.

    What ended an earlier round of it does not end an order that is open again.
    """
    columns: dict[str, pa.ChunkedArray] = {
        name: new.column(name) if name in _BOOKKEEPING else pc.coalesce(old.column(name), new.column(name))
        for name in ORDERS.names
    }
    is_open, was_closed = (
        pc.fill_null(pc.equal(table.column("status"), status), False)
        for table, status in ((old, "open"), (new, "closed"))
    )
    for name in _ENDINGS:
        columns[name] = pc.if_else(pc.and_(is_open, was_closed), old.column(name), columns[name])
    columns["extra"] = _both(new.column("extra"), old.column("extra"), _join_objects)
    columns["content_hash"] = old.column("content_hash")
    return pa.table(columns, schema=ORDERS)


def _says_less(old: pa.Table, provided: Collection[str]) -> pa.Array:
    """Which old orders have a value that the new export has no column for."""
    unsaid = [n for n in MAPPABLE if n not in provided and n not in _DERIVED_ANYWAY]
    found = pa.array(np.zeros(old.num_rows, dtype=bool))
    for name in unsaid:
        found = pc.or_(found, pc.is_valid(old.column(name)).combine_chunks())
    return found


def _with_whole_ids(merged: pa.Table, old: pa.Table, new: pa.Table, plan: pa.Table) -> pa.Table:
    """Where one of the two has no id, or one that a spreadsheet damaged, the order has that of the other."""
    ids = pc.if_else(plan.column("gives_id"), new.column("order_id"), merged.column("order_id"))
    ids = pc.if_else(plan.column("keeps_id"), old.column("order_id"), ids)
    return merged.set_column(merged.column_names.index("order_id"), merged.schema.field("order_id"), ids)


def _merged(old: pa.Table, new: pa.Table, provided: Collection[str]) -> pa.Table:
    columns: dict[str, pa.ChunkedArray] = {}
    for name in ORDERS.names:
        if name in provided or name in _BOOKKEEPING:
            columns[name] = new.column(name)
        else:
            columns[name] = pc.coalesce(old.column(name), new.column(name))
    columns["extra"] = _both(old.column("extra"), new.column("extra"), _join_objects)
    columns["quality_flags"] = _both(old.column("quality_flags"), new.column("quality_flags"), _join_flags)
    columns["content_hash"] = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(old.column("content_hash"), 0, _KEPT_HASH),
        pc.utf8_slice_codeunits(new.column("content_hash"), _KEPT_HASH),
        "",
    )
    return pa.table(columns, schema=ORDERS)


def _both(old: pa.ChunkedArray, new: pa.ChunkedArray, join: Callable[[str, str], str]) -> pa.Array:
    pairs = zip(old.to_pylist(), new.to_pylist(), strict=True)
    return pa.array([join(a, b) if a and b and a != b else a or b for a, b in pairs], pa.string())


def _join_objects(old: str, new: str) -> str:
    both: Mapping[str, str] = {**json.loads(old), **json.loads(new)}
    return json.dumps(both, ensure_ascii=False)


def _join_flags(old: str, new: str) -> str:
    return ";".join(dict.fromkeys([*old.split(";"), *new.split(";")]))


def _same(old: pa.Table, new: pa.Table) -> pa.Array:
    names: Sequence[str] = [n for n in ORDERS.names if n not in _BOOKKEEPING]
    same = pa.array(np.ones(old.num_rows, dtype=bool))
    for name in names:
        a, b = old.column(name).combine_chunks(), new.column(name).combine_chunks()
        equal = pc.fill_null(pc.equal(a, b), False)
        same = pc.and_(same, pc.or_(equal, pc.and_(pc.is_null(a), pc.is_null(b))))
    return same
