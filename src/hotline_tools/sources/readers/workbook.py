"""xlsx, xls, xlsb and ods, read by calamine; each sheet with a known header is a table.

Hidden sheets hold code lists or last month's rows, and nobody who exports a workbook means them: they are
left out with a note, unless no visible sheet has a table. A workbook is held in memory while it is read.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from hotline_tools.errors import EncryptedFileError, InputError
from hotline_tools.sheet_extent import UNREADABLE_ZIP, require_reasonable
from hotline_tools.sources.detect.header import no_header
from hotline_tools.sources.detect.natural_order import in_series
from hotline_tools.sources.model import RawTable
from hotline_tools.sources.readers.date_cells import DateCells, date_cells_of_xlsx
from hotline_tools.sources.readers.grid import Origin, first_rows, table_of, without_guesses
from hotline_tools.sources.readers.merges import Merge
from hotline_tools.sources.readers.opendocument import require_sound
from hotline_tools.workbooks import panics_told

BROKEN_REMEDY = "请在 Excel/WPS 中打开并另存为 .xlsx，或从平台重新导出。"

_MAX_COLUMNS = 16_384
"""What a spreadsheet can have."""


def open_workbook(
    source: Path | BytesIO,
    name: str,
    kind: str,
    digest: Callable[[], str],
    known: Container[str] | None,
    *,
    epoch_1904: bool = False,
) -> list[RawTable]:
    """The tables of a workbook; an xlsx says itself whether it is of ``epoch_1904``.

    Raises ``InputError`` (broken, empty) or ``NoHeaderError``."""
    notes = look_at(source, name, kind)
    tables = read_workbook(source, name, kind, digest, known, epoch_1904=epoch_1904)
    tables[0].notes += notes
    return tables


def look_at(source: Path | BytesIO, name: str, kind: str) -> tuple[str, ...]:
    """Refuse what calamine would not survive; return what to say of formulas without a value."""
    uncomputed: list[str] = []
    with _damage_told(name):
        if kind == "xlsx":
            uncomputed = require_reasonable(source, name)
        elif kind == "ods" and isinstance(source, Path):
            uncomputed = require_sound(source, name)
    if not uncomputed:
        return ()
    first = "、".join(uncomputed[:5]) + ("…" if len(uncomputed) > 5 else "")
    return (
        f"{len(uncomputed)} 个公式没有存下计算结果，读作空值（{first}）；请在 Excel/WPS 中打开、保存后再导入",
    )


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    try:
        yield
    except UNREADABLE_ZIP as error:
        raise InputError("工作簿已损坏，无法打开", where=name, remedy=BROKEN_REMEDY) from error


def read_workbook(
    source: Path | BytesIO,
    name: str,
    kind: str,
    digest: Callable[[], str],
    known: Container[str] | None,
    *,
    epoch_1904: bool = False,
) -> list[RawTable]:
    """``open_workbook`` without ``look_at``: for one that was looked at, or where calamine may end."""
    dates = DateCells()
    if kind == "xlsx":
        with _damage_told(name):
            dates = date_cells_of_xlsx(source)
    if isinstance(source, BytesIO):
        source.seek(0)
    dates = replace(dates, epoch_1904=dates.epoch_1904 or epoch_1904)
    book = _Book(_opened(source, name, kind), name, kind, digest, known, dates)
    sheets = [m for m in book.workbook.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    sheets = in_series(sheets, lambda sheet: sheet.name)
    visible = [m for m in sheets if m.visible == SheetVisibleEnum.Visible]
    hidden = [m for m in sheets if m.visible != SheetVisibleEnum.Visible]
    tables, unread = book.tables(visible)
    notes = [f"隐藏的工作表 {m.name} 未读取" for m in hidden]
    if not tables and hidden:
        tables, more = book.tables(hidden)
        unread += more
        notes = [f"可见的工作表中没有表格，读取了隐藏的工作表 {t.sheet}" for t in tables]
    if not tables:
        if not any(unread):
            raise InputError("工作簿是空的", where=name, remedy="请检查导出是否成功。")
        raise no_header(name, next(rows for rows in unread if rows))
    read = {table.sheet for table in tables}
    notes += [f"工作表 {m.name} 没有认识的表头，未读取" for m in visible if m.name not in read]
    tables[0].notes += tuple(notes)
    return tables


def _opened(source: Path | BytesIO, name: str, kind: str) -> CalamineWorkbook:
    if isinstance(source, Path) and source.suffix.lower() not in ("", f".{kind}"):
        source = BytesIO(source.read_bytes())  # by a path calamine goes by the name's ending
    try:
        with panics_told():
            if isinstance(source, Path):
                return CalamineWorkbook.from_path(source)
            return CalamineWorkbook.from_filelike(source)
    except PasswordError as error:
        raise EncryptedFileError(
            "工作簿有打开密码", where=name, remedy="请用 --password-file 给出密码文件。"
        ) from error
    except (CalamineError, OSError) as error:
        raise InputError("工作簿已损坏，无法打开", where=name, remedy=BROKEN_REMEDY) from error


@dataclass(frozen=True)
class _Book:
    workbook: CalamineWorkbook
    name: str
    kind: str
    digest: Callable[[], str]
    known: Container[str] | None
    dates: DateCells

    def tables(self, chosen: Sequence[SheetMetadata]) -> tuple[list[RawTable], list[list[list[str]]]]:
        """The sheets that are tables, and the first rows of those that are not."""
        tables, unread = [], []
        for meta in chosen:
            sheet = self._sheet(meta.name)
            if sheet.start is None:
                continue
            if sheet.width > _MAX_COLUMNS:
                raise InputError(
                    f"工作表已损坏（有 {sheet.width} 列）",
                    where=f"{self.name}（工作表 {meta.name}）",
                    remedy=BROKEN_REMEDY,
                )
            rows = sheet.iter_rows
            origin = self._origin(sheet)
            table = table_of(rows, origin, self.known, widest=sheet.width, merges=_merges(sheet))
            if table is None:
                unread.append(first_rows(rows, 5))
            else:
                tables.append(table)
        return without_guesses(tables), unread

    def _origin(self, sheet: CalamineSheet) -> Origin:
        left = sheet.start[1] if sheet.start else 0
        return Origin(
            self.name,
            self.kind,
            self.digest,
            sheet.name,
            epoch_1904=self.dates.epoch_1904,
            clocked=frozenset(column - left for column in self.dates.clocked.get(sheet.name, ())),
        )

    def _sheet(self, name: str) -> CalamineSheet:
        try:
            with panics_told():
                return self.workbook.get_sheet_by_name(name)
        except (CalamineError, OSError) as error:
            where = f"{self.name}（工作表 {name}）"
            raise InputError("工作表已损坏，无法读取", where=where, remedy=BROKEN_REMEDY) from error


def _merges(sheet: CalamineSheet) -> list[Merge]:
    """The merged ranges by the columns of the grid."""
    left = sheet.start[1] if sheet.start else 0
    return [
        Merge(top, bottom, first - left, last - left)
        for (top, first), (bottom, last) in sheet.merged_cell_ranges or []
        if first >= left
    ]
