"""Parquet files of the store, whatever version wrote them: a column that a file lacks reads as null.

A file written before a column was added to the schema stays as it is until its rows change. So whoever
reads the store's files, as SQL or as Arrow tables, reads them through here.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hotline_tools.errors import StoreError
from hotline_tools.sql import column_type, identifier, literal

_FOOTERS = 512
"""So many footers are kept: those of forty years of months."""


def select_sql(paths: Sequence[Path], schema: pa.Schema, *, row_places: bool = False) -> str:
    """Return the SELECT of the columns of ``schema`` from ``paths``; of no rows without files.

    ``row_places`` adds the columns ``filename`` and ``file_row_number`` (from 0).
    Raises ``StoreError`` naming the first file whose footer cannot be read.
    """
    alike: dict[tuple[str, ...], list[Path]] = {}
    for path, names in zip(paths, column_names(paths), strict=True):
        alike.setdefault(names, []).append(path)
    parts = [
        f"SELECT {_columns(schema, names, row_places)} FROM {files_sql(files, row_places=row_places)}"
        for names, files in alike.items()
    ]
    return "\nUNION ALL\n".join(parts) or _no_rows(schema, row_places)


def files_sql(paths: Sequence[Path], *, row_places: bool = False) -> str:
    """Return the table function that reads ``paths``, all of which have the same columns.

    It is told how many rows there are: DuckDB takes every file for as large as the first, and a join would
    hold the wrong side in memory.
    """
    names = ", ".join(literal(str(path)) for path in paths)
    rows = sum(footer.num_rows for footer in footers(paths))
    more = ", filename = TRUE, file_row_number = TRUE" if row_places else ""
    return f"read_parquet([{names}], hive_partitioning = FALSE, explicit_cardinality = {rows}{more})"


def footers(paths: Sequence[Path]) -> list[pq.FileMetaData]:
    """Return the footer of each file; raise ``StoreError`` naming the first that cannot be read.

    One after another: threads that take turns at so little take longer, by the clock too.
    """
    return [footer_of(path) for path in paths]


def footer_of(path: Path) -> pq.FileMetaData:
    """Return the file's footer, read anew once the file is another; raise ``StoreError`` naming it."""
    with naming(path):
        now = path.stat()
        return _footer(path, now.st_ino, now.st_size, now.st_mtime_ns)


@lru_cache(maxsize=_FOOTERS)
def _footer(path: Path, _inode: int, _size: int, _changed: int) -> pq.FileMetaData:
    return pq.read_metadata(path)


def column_names(paths: Sequence[Path]) -> list[tuple[str, ...]]:
    """Return the column names of each file, read from the footers.

    Raises ``StoreError`` naming the first file whose footer cannot be read.
    """
    known: dict[int, tuple[str, ...]] = {}
    found = [places for _, places in _with_places(paths)]
    for places in found:
        if id(places) not in known:
            known[id(places)] = tuple(dict.fromkeys(path.split(".")[0] for path in places))
    return [known[id(places)] for places in found]


def _with_places(paths: Sequence[Path]) -> Iterator[tuple[pq.FileMetaData, dict[str, int]]]:
    """Yield each footer and where each column lies; neighbours that are alike, as months are, are asked once.

    A column of lists has a path, ``typical.list.element``.
    """
    schema: pq.ParquetSchema | None = None
    places: dict[str, int] = {}
    for footer in footers(paths):
        if schema is None or not footer.schema.equals(schema):
            schema = footer.schema
            places = {schema.column(place).path: place for place in range(footer.num_columns)}
        yield footer, places


def unknown_columns(paths: Sequence[Path], schema: pa.Schema) -> list[str]:
    """Return the columns of ``paths`` that ``schema`` does not have: a newer version wrote them."""
    found = dict.fromkeys(name for names in column_names(paths) for name in names)
    return [name for name in found if name not in schema.names]


def extremes(paths: Sequence[Path], columns: Sequence[str]) -> dict[str, tuple[Any, Any]]:
    """Return the smallest and the largest value of each column over all files; None where it has none.

    From the footers, so the cost does not grow with the rows. Raises ``StoreError`` naming the first file
    that cannot be read.
    """
    found = []
    for path, (footer, places) in zip(paths, _with_places(paths), strict=True):
        known = {name: places[name] for name in columns if name in places}
        found.append(_extremes_of(path, footer, known))
    ends = {name: [end for file in found for end in file.get(name, ())] for name in columns}
    return {name: (min(values, default=None), max(values, default=None)) for name, values in ends.items()}


def conformed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return ``table`` with exactly the columns of ``schema``, in its order; those it lacks are null."""
    columns = [
        table.column(field.name).cast(field.type)
        if field.name in table.column_names
        else pa.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def damage_of(path: Path) -> str:
    """Read the whole file; return why it cannot be read, in one line, or an empty text."""
    try:
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                file.read_row_group(group)
    except (OSError, pa.ArrowException) as error:
        return _first_line(error)
    return ""


@contextmanager
def naming(path: Path) -> Iterator[Path]:
    """Read ``path`` within this context; what goes wrong becomes a ``StoreError`` that names the file."""
    try:
        yield path
    except (OSError, pa.ArrowException) as error:
        raise _damaged(path, _first_line(error)) from error


def first_damaged(paths: Iterable[Path]) -> StoreError | None:
    """Return the error that names the first of ``paths`` that cannot be read; None when all can."""
    return next((_damaged(path, why) for path in paths if (why := damage_of(path))), None)


def _extremes_of(path: Path, footer: pq.FileMetaData, places: dict[str, int]) -> dict[str, list[Any]]:
    """Return the ends of each column's row groups; the values of one whose writer left them out."""
    found: dict[str, list[Any]] = {name: [] for name in places}
    with naming(path):
        for group in range(footer.num_row_groups):
            rows = footer.row_group(group)
            for name, place in places.items():
                known = rows.column(place).statistics
                if known is not None and known.has_min_max:
                    found[name] += (known.min, known.max)
                elif known is None or known.null_count != rows.num_rows:
                    with pq.ParquetFile(path) as file:
                        ends = pc.min_max(file.read_row_group(group, columns=[name]).column(0)).as_py()
                    found[name] += (end for end in ends.values() if end is not None)
    return found


def _damaged(path: Path, why: str) -> StoreError:
    return StoreError(
        f"数据文件读不出来（{why}）",
        where=str(path),
        remedy="请运行 hotline store verify 查看损坏的文件，从备份恢复，"
        "或运行 hotline store quarantine 隔离它（其余照常使用）再重新导入。",
    )


def _columns(schema: pa.Schema, known: Collection[str], row_places: bool) -> str:
    names = [identifier(f.name) if f.name in known else _null(f) for f in schema]
    return ", ".join([*names, *(("filename", "file_row_number") if row_places else ())])


def _no_rows(schema: pa.Schema, row_places: bool) -> str:
    places = ("'' AS filename", "0::BIGINT AS file_row_number") if row_places else ()
    return f"SELECT {', '.join([*map(_null, schema), *places])} WHERE FALSE"


def _null(field: pa.Field) -> str:
    return f"NULL::{column_type(field.type)} AS {identifier(field.name)}"


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
