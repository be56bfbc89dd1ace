"""Exports as they come: times in every notation, days without a clock, offsets, values, ids and persons."""

import csv
import os
from pathlib import Path
from typing import Any

import pytest

import hotline_tools as ht

SHARED = os.environ.get("HOTLINE_SHARED_DATA")
shared = pytest.mark.skipif(SHARED is None, reason="HOTLINE_SHARED_DATA is not set")
CASES = Path(SHARED or ".") / "cases"


class Imported:
    """A new store with some files in it."""

    def __init__(self, folder: Path, *files: Path) -> None:
        self.store = ht.Store.open(folder / "库", create=True)
        self.report = ht.import_files(self.store, list(files))

    @property
    def notes(self) -> str:
        """All that the import said."""
        return "\n".join(note for record in self.report.records for note in record.notes)

    def column(self, name: str) -> list[Any]:
        """One column of all orders, by their ids."""
        table = ht.sql(self.store, f"SELECT {name} FROM orders ORDER BY order_id")
        return [row[name.rsplit(maxsplit=1)[-1]] for row in table.rows]


def written(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def orders(path: Path, column: str, cells: list[str], **others: str) -> Path:
    """An export whose column ``column`` has ``cells``; its ids count up, ``others`` are alike in all rows."""
    header = ["工单编号", "诉求内容", column, *others]
    rows = [[f"T{n:03}", f"春晖路{n}号路灯不亮", cell, *others.values()] for n, cell in enumerate(cells)]
    return written(path, header, *rows)
