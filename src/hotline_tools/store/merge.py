"""Updates from an export that knows fewer columns: what it does not say stays as it was.

A list of letters, imported after their details, must not wipe out the texts. So a column that the new
export does not have keeps its old value in every order that the import updates.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.schema import MAPPABLE, ORDERS
from hotline_tools.store.partition import Blocks, staged_blocks, stored_blocks
from hotline_tools.store.plan import Plan
from hotline_tools.store.staging import Staging

Rederive = Callable[[pa.Table], pa.Table]
"""Works out the derived columns (durations, lateness) of merged orders anew."""
_DERIVED_ANYWAY = {"channel", "district", "status"}
"""Filled by the normaliser even when the export has no such column."""
_BOOKKEEPING = {"order_key", "order_key_origin", "content_hash", "import_id", "row_number"}
_KEPT_HASH = 48
"""Digits of the content hash that tell what the order is about, not how it stands."""


def merge_updates(plan: Plan, staging: Staging, provided: Collection[str], rederive: Rederive) -> None:
    """Complete the updates in ``plan`` from the orders they replace; drop those that change nothing."""
    staged = staged_blocks(staging.runs, staging.run_starts)
    stored: dict[str, Blocks] = {}
    for chunk in plan.updates():
        new = _rows(staged, np.asarray(chunk.column("place")))
        old = _old_rows(stored, chunk)
        partial = np.asarray(_says_less(old, provided))
        if not partial.any():
            continue
        rows = pa.array(np.flatnonzero(partial))
        before, after = old.take(rows), new.take(rows)
        merged = rederive(_merged(before, after, provided))
        places = chunk.column("place").take(rows)
        changed = ~np.asarray(_same(before, merged))
        plan.drop_updates(places.filter(pa.array(~changed)))
        start = staging.append(merged.filter(pa.array(changed)))
        plan.move_updates(places.filter(pa.array(changed)), start, merged.filter(pa.array(changed)))


def _rows(blocks: Blocks, places: np.ndarray) -> pa.Table:
    found = list(blocks.take_rows(places))
    order = np.argsort(np.concatenate([wanted for wanted, _ in found]))
    return pa.concat_tables([rows for _, rows in found]).combine_chunks().take(pa.array(order))


def _old_rows(stored: dict[str, Blocks], chunk: pa.Table) -> pa.Table:
    """``chunk`` is ordered by old file, so the pieces come out in its order."""
    names = chunk.column("old_file").to_pylist()
    places = np.asarray(chunk.column("old_place"))
    tables = []
    for name in dict.fromkeys(names):
        if name not in stored:
            stored[name] = stored_blocks(Path(name))
        tables.append(_rows(stored[name], places[[n == name for n in names]]))
    return pa.concat_tables(tables).combine_chunks()


def _says_less(old: pa.Table, provided: Collection[str]) -> pa.Array:
    """Which old orders have a value that the new export has no column for."""
    unsaid = [n for n in MAPPABLE if n not in provided and n not in _DERIVED_ANYWAY]
    found = pa.array(np.zeros(old.num_rows, dtype=bool))
    for name in unsaid:
        found = pc.or_(found, pc.is_valid(old.column(name)).combine_chunks())
    return found


def _merged(old: pa.Table, new: pa.Table, provided: Collection[str]) -> pa.Table:
    columns: dict[str, pa.ChunkedArray] = {}
    for name in ORDERS.names:
        if name in provided or name in _BOOKKEEPING or name == "source":
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
