"""What every source hands on: tables of text, in batches, each row accounted for.

Row numbers count records from the top of the file or sheet, title rows and header included, from 1.
In a CSV with line breaks inside cells the record number is therefore smaller than an editor's line
number; in a spreadsheet it is the row number the spreadsheet program shows.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

from hotline_tools.files import FileDigest

Row = list[str | None]
"""The cells of one record."""


@dataclass(frozen=True)
class RawReject:
    """A row that could not be read for certain; ``reason`` is Chinese, ``raw`` what stood there."""

    row_number: int
    reason: str
    raw: dict[str, str]


@dataclass(frozen=True)
class RawBatch:
    """Some rows of a table, all text; an empty cell is null."""

    table: pa.Table
    """Every column ``pa.string()``; the names are ``RawTable.header``."""
    row_numbers: pa.Array
    """int64, as long as ``table``."""
    rejects: tuple[RawReject, ...] = ()
    flags: pa.Array | None = None
    """One string per row: ``schema.QualityFlag`` values joined by ``;``, or null; None when all are null."""


COUNT_LABELS = {
    "rows": "数据行",
    "rejected": "读取时拒收",
    "blank": "空行",
    "total": "合计行",
    "repeated_header": "重复表头",
    "footnote": "表尾说明行",
    "continuation": "断行已接回",
    "helping": "协办单位的行，已并入主办行",
    "columns_repaired": "列错位已修复",
    "undecodable": "含无法解码字符",
    "cut_off": "末尾断了",
}
"""Keys of ``RawTable.counts()`` and what people call them.

Every record below the header is in exactly one of the first eight; the others say more of some of these.
"""

Reader = Callable[[Counter[str]], Iterator[RawBatch]]
"""Reads the table from its start, adding to the counter as it goes."""


@dataclass
class RawTable:
    """One table found in one file, sheet or archive member."""

    file: str
    """The name shown to people, as ``六月.zip!a.csv``."""
    header: tuple[str, ...]
    """Unique cleaned names: line breaks, units and padding removed; duplicates get ``_2``."""
    original_header: tuple[str, ...]
    """As in the file, the rows of a header of several rows joined by a line break."""
    header_row: int
    format: str
    reader: Reader = field(repr=False)
    digest: Callable[[], str] = field(repr=False)
    sheet: str | None = None
    encoding: str | None = None
    notes: tuple[str, ...] = ()
    evidence: str = "names"
    """Why the header row is one: ``names`` that some layout knows, ``values`` (times with texts or codes
    below it), or a ``guess`` (texts alone)."""
    title: str = ""
    """What stands above the header."""
    epoch_1904: bool = False
    """Whether numbers that mean days count from 1904, as in workbooks of old Macintosh programs."""
    keep_alive: object = field(default=None, repr=False)
    """Temporary files that must stay as long as the table may be read."""
    parts: tuple["RawTable", ...] = field(default=(), repr=False)
    """The tables of which this one was joined."""
    _counts: Counter[str] = field(default_factory=Counter, repr=False)
    _samples: dict[int, pa.Table] = field(default_factory=dict, repr=False)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the file (of the archive member's bytes inside an archive)."""
        return self.digest()

    def require_unchanged(self) -> None:
        """Raise ``InputError`` when the file has changed since it was opened."""
        for part in self.parts:
            part.require_unchanged()
        if isinstance(self.digest, FileDigest):
            self.digest.require_unchanged(self.where)

    @property
    def where(self) -> str:
        """File and sheet, as error messages name them."""
        return f"{self.file}（工作表 {self.sheet}）" if self.sheet else self.file

    def sample(self, rows: int = 500) -> pa.Table:
        """The first ``rows`` rows, for layout matching and as evidence for the order of day and month."""
        if rows not in self._samples:
            parts: list[pa.Table] = []
            stream = self.reader(Counter())
            try:
                for batch in stream:
                    parts.append(batch.table)
                    if sum(part.num_rows for part in parts) >= rows:
                        break
            finally:
                close: Any = getattr(stream, "close", None)
                if close is not None:
                    close()
            schema = pa.schema([(name, pa.string()) for name in self.header])
            whole = pa.concat_tables(parts) if parts else schema.empty_table()
            self._samples[rows] = whole.slice(0, rows).combine_chunks()
        return self._samples[rows]

    def batches(self) -> Iterator[RawBatch]:
        """All rows, from the start again each time it is called."""
        self._counts = Counter(dict.fromkeys(COUNT_LABELS, 0))
        yield from self.reader(self._counts)

    def counts(self) -> dict[str, int]:
        """After reading: how many records were what; the keys are those of ``COUNT_LABELS``."""
        return dict(self._counts)

    def cut_off_note(self) -> str | None:
        """After reading: that the file ends before its table does; None when it does not."""
        if not self._counts["cut_off"]:
            return None
        return "文件的末尾断了，可能没有传完或没有导完：最后一行不可信，其后的工单不在里面。请重新导出。"
