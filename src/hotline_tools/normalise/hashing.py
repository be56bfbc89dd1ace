"""Digests of rows: of what stays the same while an order is handled, and of everything."""

from collections.abc import Sequence
from hashlib import blake2b

import pyarrow as pa
import pyarrow.compute as pc

_DIGEST_BYTES = 16
_SEPARATOR = "\x1f"
"""Cleaning turns this character into a blank, so no cell holds it."""


def hash_rows(columns: Sequence[pa.Array]) -> pa.Array:
    """Return 32 hexadecimal digits per row (BLAKE2b-128) of the cells; null and empty are the same."""
    texts = [_as_text(column) for column in columns]
    joined = pc.binary_join_element_wise(*texts, _SEPARATOR, null_handling="replace", null_replacement="")
    whole = joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
    _, offsets, data = whole.buffers()
    starts = memoryview(offsets).cast("i")[whole.offset : whole.offset + len(whole) + 1].tolist()
    view = memoryview(data) if data is not None else memoryview(b"")
    digests = b"".join(
        blake2b(view[start:end], digest_size=_DIGEST_BYTES).digest()
        for start, end in zip(starts, starts[1:], strict=False)
    )
    return pa.array(_hex_cells(digests.hex()), pa.string())


def _hex_cells(text: str) -> list[str]:
    width = 2 * _DIGEST_BYTES
    return [text[at : at + width] for at in range(0, len(text), width)]


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    return column if pa.types.is_string(column.type) else column.cast(pa.string())
