"""Write one small table in every format that an export may come in."""

import csv
import gzip
import html
import io
import json
import zipfile
from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

Grid = Sequence[Sequence[str]]
"""Rows of cells, the header first."""


def as_text(grid: Grid, delimiter: str = ",", encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=end).writerows(grid)
    return buffer.getvalue().encode(encoding)


def as_xlsx(grid: Grid) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(grid):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, cell)
    return buffer.getvalue()


def as_xls(grid: Grid) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("工单")
    for number, row in enumerate(grid):
        for column, cell in enumerate(row):
            if cell:
                sheet.write(number, column, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_ods(grid: Grid) -> bytes:
    book = OpenDocumentSpreadsheet()
    table = Table(name="工单")
    book.spreadsheet.addElement(table)
    for row in grid:
        line = TableRow()
        table.addElement(line)
        for cell in row:
            box = TableCell(valuetype="string") if cell else TableCell()
            for part in cell.split("\n") if cell else ():
                box.addElement(P(text=part))
            line.addElement(box)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _objects(grid: Grid) -> list[dict[str, str]]:
    return [dict(zip(grid[0], row, strict=True)) for row in grid[1:]]


def as_json(grid: Grid) -> bytes:
    return json.dumps(_objects(grid), ensure_ascii=False, indent=1).encode()


def as_jsonl(grid: Grid) -> bytes:
    return "".join(json.dumps(item) + "\n" for item in _objects(grid)).encode()


def as_parquet(grid: Grid) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table({name: list(cells) for name, *cells in zip(*grid, strict=True)}), buffer)
    return buffer.getvalue()


def as_html(grid: Grid, encoding: str = "utf-8") -> bytes:
    rows = (
        "<tr>" + "".join(f"<td>{html.escape(c).replace(chr(10), '<br>')}</td>" for c in row) + "</tr>"
        for row in grid
    )
    return f"<html><body><table>{chr(10).join(rows)}</table></body></html>".encode(encoding)


def zipped(data: bytes, name: str = "导出/六月") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


WRITERS: dict[str, Callable[[Grid], bytes]] = {
    "csv": as_text,
    "tsv": lambda grid: as_text(grid, "\t"),
    "semicolon": lambda grid: as_text(grid, ";"),
    "xlsx": as_xlsx,
    "xls": as_xls,
    "ods": as_ods,
    "json": as_json,
    "jsonl": as_jsonl,
    "parquet": as_parquet,
    "html": as_html,
    "zip": lambda grid: zipped(as_text(grid)),
    "gz": lambda grid: gzip.compress(as_text(grid), mtime=0),
}
