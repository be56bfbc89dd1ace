"""Parquet files, streamed; every column as text."""

from collections import Counter
from collections.abc import Container, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hotline_tools.errors import InputError
from hotline_tools.files import digest_of
from hotline_tools.sources.detect.header import Header, find_header, no_header, unique_names
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
        raise InputError(
            f"Parquet 文件不完整或已损坏（{error}）", where=name, remedy="请重新导出。"
        ) from error
    if find_header([names], known) is None:
        raise no_header(name, [names])
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
                yield assembler.batch(table, numbers)
                number += batch.num_rows
        except _BROKEN as error:
            raise InputError(
                f"Parquet 文件已损坏（{error}）", where=f"{name}，第 {number} 行之后", remedy="请重新导出。"
            ) from error


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        text = column.cast(pa.string())
        text.validate(full=True)
    elif pa.types.is_integer(column.type):
        text = pc.cast(column, pa.string())
    else:
        text = pa.array([None if v is None else cell_text(v) for v in column.to_pylist()], pa.string())
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
