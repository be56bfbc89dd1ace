"""Write generated tables as the files people export: the same bytes for the same seed."""

import csv
import io
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import xlsxwriter

from hotline_tools.errors import StoreError
from hotline_tools.files import write_bytes
from hotline_tools.sample.board import generate_board
from hotline_tools.sample.gridreports import generate_grid
from hotline_tools.sample.hotline import PUBLISHED_ORDERS, generate_year
from hotline_tools.sample.story import Sample


def write_sample(directory: Path, *, orders: int = PUBLISHED_ORDERS, seed: int = 2021) -> list[Path]:
    """Write a hotline year, a message-board month and a grid month, each with its truth.

    Creates ``directory`` when missing. Returns the files written; raises ``StoreError`` when the
    directory cannot be made or written to.
    """
    _make(directory)
    year = generate_year(seed, orders)
    board, grid = generate_board(seed=seed), generate_grid(seed=seed)
    written = write_pair(directory / "年度工单.csv", year)
    return [*written, *write_months(directory, board, grid)]


def write_months(directory: Path, board: Sample, grid: Sample) -> list[Path]:
    """Write the message board as a workbook and the grid reports as a GB18030 csv, with their truth."""
    workbook, reports = directory / "留言板.xlsx", directory / "网格上报.csv"
    write_bytes(workbook, _workbook(board.orders, "留言"))
    write_bytes(reports, _csv(grid.orders, "gb18030"))
    return [
        *(workbook, _write_truth(workbook, board)),
        *(reports, _write_truth(reports, grid)),
    ]


def write_pair(path: Path, sample: Sample) -> list[Path]:
    """Write a csv (UTF-8 with BOM, as spreadsheets want it) and its truth beside it."""
    write_bytes(path, _csv(sample.orders, "utf-8-sig"))
    return [path, _write_truth(path, sample)]


def _write_truth(path: Path, sample: Sample) -> Path:
    truth = path.with_name(f"{path.stem}-真值.csv")
    write_bytes(truth, _csv(sample.truth, "utf-8-sig"))
    return truth


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("无法建立目录", where=str(directory), remedy="请检查权限，或换一个位置。") from error


def _csv(table: pa.Table, encoding: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.column_names)
    writer.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return text.getvalue().encode(encoding)


def _workbook(table: pa.Table, sheet: str) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    # Without a fixed date of making, no two runs would write the same bytes.
    book.set_properties({"created": datetime(2021, 7, 1), "title": sheet})
    page = book.add_worksheet(sheet)
    bold = book.add_format({"bold": True})
    page.write_row(0, 0, table.column_names, bold)
    for place, name in enumerate(table.column_names):
        page.write_column(1, place, table.column(name).to_pylist())
        page.set_column(place, place, 60 if name in {"留言详情", "答复意见"} else 18)
    page.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()
