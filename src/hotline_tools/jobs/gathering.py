"""Small raw batches → larger ones: each regular expression is compiled once per batch."""

from collections.abc import Iterable, Iterator

import pyarrow as pa

from hotline_tools.sources import RawBatch

_ROWS = 16_384
_BYTES = 24_000_000


def gather(batches: Iterable[RawBatch]) -> Iterator[RawBatch]:
    """Yield the same rows in batches of about 16,384 rows or 24 MB, whichever comes first."""
    waiting: list[RawBatch] = []
    rows = size = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.table.num_rows
        size += batch.table.nbytes
        if rows >= _ROWS or size >= _BYTES:
            yield _joined(waiting)
            waiting, rows, size = [], 0, 0
    if waiting:
        yield _joined(waiting)


def _joined(batches: list[RawBatch]) -> RawBatch:
    if len(batches) == 1:
        return batches[0]
    flags = None
    if any(batch.flags is not None for batch in batches):
        flags = pa.concat_arrays(
            [pa.nulls(b.table.num_rows, pa.string()) if b.flags is None else b.flags for b in batches]
        )
    return RawBatch(
        table=pa.concat_tables([batch.table for batch in batches]),
        row_numbers=pa.concat_arrays([batch.row_numbers for batch in batches]),
        rejects=tuple(reject for batch in batches for reject in batch.rejects),
        flags=flags,
    )
