"""Staged rows are found again by their place, over the borders of blocks and runs."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from hotline_tools.schema import ORDERS, REJECTS
from hotline_tools.store.partition import rows_at, staged_blocks
from hotline_tools.store.staging import STAGED_BLOCK, Staging


def _orders(numbers: list[int]) -> pa.Table:
    """Orders that have nothing but a row number and, the later the higher, a time of receipt."""
    columns = {field.name: pa.nulls(len(numbers), field.type) for field in ORDERS}
    columns["row_number"] = pa.array(numbers, ORDERS.field("row_number").type)
    columns["received_at"] = pa.array(numbers, pa.int64()).cast(ORDERS.field("received_at").type)
    return pa.table(columns, schema=ORDERS)


@pytest.mark.parametrize(
    "why, batches",
    [
        ("in order, batches that end within a block", [list(range(5000)), list(range(5000, 9000))]),
        ("the newest first: rows are sorted", [list(range(8999, 3999, -1)), list(range(3999, -1, -1))]),
    ],
)
def test_every_place_has_its_row(tmp_path: Path, why: str, batches: list[list[int]]) -> None:
    staging = Staging(tmp_path / "staging")
    for numbers in batches:
        staging.add(_orders(numbers), REJECTS.empty_table())
    staging.flush()
    staging.add(_orders([9000, 9001]), REJECTS.empty_table())
    staging.flush()
    in_pieces = pa.concat_tables([_orders(list(range(9002, 9010))), _orders(list(range(9010, 14000)))])
    assert staging.append(in_pieces) == 9002
    assert STAGED_BLOCK < 5000
    places = np.array([0, 4095, 4096, 8999, 9000, 9001, 9002, 9009, 9010, 13097, 13098, 13999])
    found = rows_at(staged_blocks(staging.runs, staging.run_starts), places)
    assert found.column("row_number").to_pylist() == places.tolist(), why
