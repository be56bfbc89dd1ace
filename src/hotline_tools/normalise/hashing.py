"""Digests of rows: of what stays the same while an order is handled, and of everything."""

from binascii import hexlify
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.schema import ORDERS, STABLE_FIELDS, TELLING_FIELDS

_DIGEST_BYTES = 16
_SEPARATOR = "\x1f"
"""Cleaning turns this character into a blank, so no cell holds it."""

_NOT_HASHED = {"order_key", "order_key_origin", "source", "content_hash", "import_id", "row_number"}
_TEXT = ("title", "content", "address")


def hash_orders(
    columns: Mapping[str, pa.Array], safe: Mapping[str, pa.Array], rows: int
) -> tuple[pa.Array, pa.Array]:
    """Return (content key, content hash) of each order.

    The content key is made of ``schema.STABLE_FIELDS``, always in their masked form (``safe``), so that
    it neither gives away what was masked nor depends on ``keep_personal_data``. A table without any
    telling field is keyed by everything it has. The content hash is 64 digits: the content key (32), the
    digest of title, content and address (16), the digest of all values (16).
    """
    nothing = pa.nulls(rows, pa.string())
    text = hash_rows([safe[name] for name in _TEXT if name in safe] or [nothing])
    names = STABLE_FIELDS if TELLING_FIELDS & safe.keys() else ORDERS.names
    key = hash_rows([text, *(safe[n] for n in names if n in safe and n not in _TEXT)])
    rest = [n for n in ORDERS.names if n in columns and n not in _NOT_HASHED]
    unseen = [n for n in rest if n not in _TEXT or columns[n] is not safe[n]]
    every = hash_rows([key, *(columns[n] for n in unseen)])
    parts = (key, pc.utf8_slice_codeunits(text, 0, 16), pc.utf8_slice_codeunits(every, 0, 16))
    return key, pc.binary_join_element_wise(*parts, "")


def hash_rows(columns: Sequence[pa.Array]) -> pa.Array:
    """Return 32 hexadecimal digits per row (BLAKE2b-128) of the cells; null and empty are the same."""
    texts = [_as_text(column) for column in columns]
    joined = pc.binary_join_element_wise(*texts, _SEPARATOR, null_handling="replace", null_replacement="")
    whole = joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
    _, offsets, data = whole.buffers()
    starts = memoryview(offsets).cast("i")[whole.offset : whole.offset + len(whole) + 1].tolist()
    view = memoryview(data) if data is not None else memoryview(b"")
    digests = b"".join(
        blake2b(view[start:end], digest_size=_DIGEST_BYTES).digest() for start, end in pairwise(starts)
    )
    width = 2 * _DIGEST_BYTES
    places = np.arange(0, (len(whole) + 1) * width, width, dtype=np.int32)
    buffers = [None, pa.py_buffer(places), pa.py_buffer(hexlify(digests))]
    return pa.Array.from_buffers(pa.string(), len(whole), buffers)


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    return column if pa.types.is_string(column.type) else column.cast(pa.string())
