"""A month's orders lie in one file until it is full; what comes in then goes into a further one.

An import writes anew the files that it changes, and those alone. Were a month one file however large, ten
imports of a million orders over the whole year would write 55 million; the full ones stay as they are.
"""

from pathlib import Path

from hotline_tools.parquet import footer_of
from hotline_tools.store.files import StoreFiles
from hotline_tools.store.journal import live

FULL_ROWS = 131_072
"""A file of so many orders takes no further ones; one import's may be more, and stay together."""


def order_files(files: StoreFiles, month: str = "*") -> list[Path]:
    """The live files of orders, of one month or of all, by month and number."""
    found = live(files, "orders", f"month={month}/*.parquet")
    return sorted(found, key=lambda path: (month_of(path), _number(path)))


def month_of(path: Path) -> str:
    """The month whose orders a file holds: ``YYYY-MM`` or ``unknown``."""
    return path.parent.name.removeprefix("month=")


def open_file(files: StoreFiles, month: str) -> Path:
    """The file that takes a month's new orders: the last one, or a further one once that is full.

    Raises ``StoreError`` naming the last one when it cannot be read.
    """
    own = order_files(files, month)
    if not own:
        return files.partition(month)
    last = own[-1]
    return last if footer_of(last).num_rows < FULL_ROWS else files.partition(month, _number(last) + 1)


def _number(path: Path) -> int:
    number = path.name.split(".")[0].partition("-")[2]
    return int(number) if number.isdecimal() else 1
