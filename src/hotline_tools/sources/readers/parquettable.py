"""Parquet files, streamed; every column as text."""

from collections import Counter
from collections.abc import Container, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hotline_tools.errors import InputError
from hotline_tools.files import digest_of
from hotline_tools.sources.detect.header import Header, are_names, no_header, unique_names
from hotline_tools.sources.detect.shape import BELOW
from hotline_tools.sources.model import RawBatch, RawTable
from hotline_tools.sources.readers.assemble import Assembler
from hotline_tools.sources.readers.cells import cell_text
from hotline_tools.sources.readers.grid import BATCH_ROWS

_BROKEN = (pa.ArrowException, OSError, ValueError)  # ValueError: names or texts that are not UTF-8


def open_parquet(path: Path, name: str, known: Container[str] | None) -> list[RawTable]:
    """The table in a Parquet file. Row numbers count from 1."""
    try:
        names = list(pq.read_schema(path).names)
    except _BROKEN as error:
        raise InputError("Parquet 文件不完整或已损坏", where=name, remedy="请重新导出。") from error
    header = Header(-1, unique_names(names), tuple(names), 0)
    table = RawTable(
        file=name,
        header=header.names,
        original_header=header.originals,
        header_row=0,
        format="parquet",
        reader=lambda counts: _read(path, name, header, counts),
        digest=digest_of(path),
    )
    head = [[cell or "" for cell in row.values()] for row in table.sample(BELOW).to_pylist()]
    if not are_names(names, head, known):
        raise no_header(name, [names])
    return [table]


def _read(path: Path, name: str, header: Header, counts: Counter[str]) -> Iterator[RawBatch]:
    assembler = Assembler(header.names, header.originals, counts)
    number = 1
    with pq.ParquetFile(path) as file:
        try:
            for batch in file.iter_batches(BATCH_ROWS):
                columns = [_as_text(column) for column in batch.columns]
                table = pa.table(columns, names=list(header.names))
                numbers = pa.array(range(number, number + batch.num_rows), pa.int64())
                yield assembler.batch(table, numbers, lost=True)
                number += batch.num_rows
        except _BROKEN as error:
            raise InputError(
                "Parquet 文件已损坏", where=f"{name}，第 {number} 行之后", remedy="请重新导出。"
            ) from error


def _as_text(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        text = column.cast(pa.string())
        try:
            text.validate(full=True)
        except pa.ArrowInvalid:  # text that a writer put there in another encoding
            text = pa.array([_cell(value) for value in text.cast(pa.binary())], pa.string())
    elif pa.types.is_integer(kind):
        text = pc.cast(column, pa.string())
    elif pa.types.is_timestamp(kind) and kind.unit == "ns":
        return _as_text(pc.cast(column, pa.timestamp("us", kind.tz), safe=False))
    else:
        text = pa.array([_cell(value) for value in column], pa.string())
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _cell(value: pa.Scalar) -> str:
    """The value as text; a time that no calendar has as its bare number, which nobody takes for a time."""
    try:
        plain = value.as_py()
    except (OverflowError, ValueError):
        return str(value.cast(pa.int64()).as_py())
    if isinstance(plain, list):
        return ";".join(map(cell_text, plain))
    return _decoded(plain) if isinstance(plain, bytes) else cell_text(plain)


def _decoded(raw: bytes) -> str:
    """Text in a binary column: UTF-8 or GB18030; what neither reads has its lost characters marked."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace").replace("\0", "")
