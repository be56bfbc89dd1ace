"""Long tables of rows, written batch by batch: csv, jsonl, parquet, xlsx by the output's suffix."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from hotline_tools.errors import UsageError
from hotline_tools.files import replacing
from hotline_tools.render.cells import (
    EXCEL_CELL,
    cut_sentence,
    fitted,
    guarded,
    guarded_sentence,
    is_formula,
)

EXCEL_ROWS = 1_048_575
"""Rows that a sheet holds below its header."""
Say = Callable[[str], None]
"""Takes what was done to cells: guarded in csv, cut in xlsx."""
Labels = Mapping[str, str]
"""What columns are called where people read them; programs read the names."""


def _unsaid(_: str) -> None:
    pass


def write_rows(
    path: Path,
    schema: pa.Schema,
    batches: Iterable[pa.Table],
    say: Say = _unsaid,
    *,
    labels: Labels = MappingProxyType({}),
) -> int:
    """Write all batches to ``path``, whole or not at all, for its owner alone; return the number of rows.

    A workbook has ``labels`` for headings; csv, jsonl and parquet keep the names of the columns. ``say`` is
    told in one sentence when cells were not written as they are. Raises ``UsageError`` for a suffix without a
    writer, or for more rows than a sheet holds.
    """
    writer = writer_for(path)
    with replacing(path, private=True) as temporary:
        return writer(temporary, schema, batches, say, labels)


def writer_for(path: Path) -> Callable[[Path, pa.Schema, Iterable[pa.Table], Say, Labels], int]:
    """Return the writer for a suffix; raise ``UsageError`` when there is none."""
    try:
        return _WRITERS[path.suffix.lower()]
    except KeyError:
        known = "、".join(_WRITERS)
        raise UsageError(
            f"不支持输出为 {path.suffix or '无后缀'}", where=str(path), remedy=f"可用：{known}。"
        ) from None


def _csv(path: Path, schema: pa.Schema, batches: Iterable[pa.Table], say: Say, _: Labels) -> int:
    count = formulas = 0
    with path.open("w", encoding="utf-8-sig", newline="") as out:  # the BOM is for Excel
        writer = csv.writer(out)
        writer.writerow(map(guarded, schema.names))
        for batch in batches:
            columns = [_as_text(column).to_pylist() for column in batch.columns]
            for column in columns:
                for row in [n for n, cell in enumerate(column) if isinstance(cell, str) and is_formula(cell)]:
                    column[row] = guarded(column[row])
                    formulas += 1
            writer.writerows(zip(*columns, strict=True))
            count += batch.num_rows
    if formulas:
        say(guarded_sentence(formulas))
    return count


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return truth values as true and false, as json writes them; other columns as they are."""
    return column.cast(pa.string()) if pa.types.is_boolean(column.type) else column


def _jsonl(path: Path, schema: pa.Schema, batches: Iterable[pa.Table], _say: Say, _: Labels) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for batch in batches:
            for row in batch.select(schema.names).to_pylist():
                out.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
            count += batch.num_rows
    return count


def _parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.Table], _say: Say, _: Labels) -> int:
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(batch.select(schema.names).cast(schema))
            count += batch.num_rows
    return count


def _xlsx(path: Path, schema: pa.Schema, batches: Iterable[pa.Table], say: Say, labels: Labels) -> int:
    count = cut = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("工单")
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [labels.get(name, name) for name in schema.names], head)
        for batch in batches:
            if count + batch.num_rows > EXCEL_ROWS:
                raise UsageError(
                    f"超过 Excel 的 {EXCEL_ROWS:,} 行上限", remedy="请改用 -o 结果.csv 或 结果.parquet。"
                )
            columns = [column.to_pylist() for column in batch.select(schema.names).columns]
            for row in zip(*columns, strict=True):
                count += 1
                for index, value in enumerate(row):
                    cut += isinstance(value, str) and len(value) > EXCEL_CELL
                    _write_cell(sheet, count, index, value)
    if cut:
        say(cut_sentence(cut))
    return count


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    """Write numbers as numbers and all else as text, so that ids and formulas stay what they are."""
    if isinstance(value, str):
        sheet.write_string(row, column, fitted(value))
    elif isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否")
    elif value is not None:
        sheet.write_number(row, column, value)


_WRITERS = {".csv": _csv, ".jsonl": _jsonl, ".parquet": _parquet, ".xlsx": _xlsx}
