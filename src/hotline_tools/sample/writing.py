"""Write generated tables as the files people export: the same bytes for the same seed."""

import csv
import io
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import xlsxwriter

from hotline_tools.disk import reason, remedy
from hotline_tools.errors import StoreError
from hotline_tools.files import write_bytes
from hotline_tools.sample.board import generate_board
from hotline_tools.sample.gridreports import generate_grid
from hotline_tools.sample.hotline import PUBLISHED_ORDERS, generate_month, generate_year
from hotline_tools.sample.story import Sample

DEMO_MONTH = "2021-06"


def write_sample(directory: Path, *, orders: int = PUBLISHED_ORDERS, seed: int = 2021) -> list[Path]:
    """Write a hotline year, a message-board month and a grid month, each with its truth.

    Creates ``directory`` when missing. Returns the files written; raises ``StoreError`` when the
    directory cannot be made or written to.
    """
    _make(directory)
    year = _write_csv(directory / "年度工单.csv", generate_year(seed, orders), "utf-8-sig")
    return [*year, *_write_lower_channels(directory, DEMO_MONTH, seed)]


def write_month(
    directory: Path, *, month: str = DEMO_MONTH, orders: int = 1000, seed: int = 2021
) -> list[Path]:
    """Write one month (``YYYY-MM``) of hotline, message board and grid reports, each with its truth.

    Raises ``StoreError`` like ``write_sample``.
    """
    _make(directory)
    hotline = _write_csv(directory / "月度工单.csv", generate_month(month, seed, orders), "utf-8-sig")
    return [*hotline, *_write_lower_channels(directory, month, seed)]


def _write_lower_channels(directory: Path, month: str, seed: int) -> list[Path]:
    """The message board comes as a workbook, the grid reports in the encoding of old office machines."""
    board, workbook = generate_board(month, seed), directory / "留言板.xlsx"
    write_bytes(workbook, _workbook(board.orders, "留言"))
    grid = _write_csv(directory / "网格上报.csv", generate_grid(month, seed), "gb18030")
    return [workbook, _write_truth(workbook, board), *grid]


def _write_csv(path: Path, sample: Sample, encoding: str) -> list[Path]:
    write_bytes(path, _csv(sample.orders, encoding))
    return [path, _write_truth(path, sample)]


def _write_truth(path: Path, sample: Sample) -> Path:
    truth = path.with_name(f"{path.stem}-真值.csv")
    write_bytes(truth, _csv(sample.truth, "utf-8-sig"))
    return truth


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"无法建立目录（{reason(error)}）", where=str(directory), remedy=remedy(error)
        ) from error


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
