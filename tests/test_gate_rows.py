"""What is a case and what is not, where the header is, and files in unusual wrappings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hotline_tools.layouts import KnownHeaders, load_layouts
from hotline_tools.sources import RawTable, open_tables

KNOWN = KnownHeaders(load_layouts())
SHARED = os.environ.get("HOTLINE_SHARED_DATA")
shared = pytest.mark.skipif(not SHARED, reason="HOTLINE_SHARED_DATA is not set")


def opened(path: Path, password: str | None = None) -> list[RawTable]:
    return list(open_tables([path], known_headers=KNOWN, password=password))


def table_in(tmp_path: Path, text: str | bytes, name: str = "a.csv") -> RawTable:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    (table,) = opened(path)
    return table


def rows_of(table: RawTable) -> list[list[str | None]]:
    return [list(row.values()) for batch in table.batches() for row in batch.table.to_pylist()]


def rejects_of(table: RawTable) -> list[str]:
    return [reject.reason for batch in table.batches() for reject in batch.rejects]


def case(name: str) -> Path:
    return Path(SHARED or "") / "cases" / name


WIDE = "工单编号,受理时间,诉求标题,诉求内容,主办单位,延期次数,门牌,办结时间,回访时间"


def wide_rows(cell: str, column: int, quoted: bool, odd: int = 1) -> str:
    """A hundred orders of counts, numbers and times, with an unusual cell in the fifth row."""
    lines = [WIDE]
    for n in range(100):
        cells = [f"B{n:05d}", f"2025-06-{n % 28 + 1:02d} 09:00", f"井盖松动{n}", f"新华路第{n}个井盖松动"]
        cells += ["水务局", str(n % 4), str(n), f"2025-07-{n % 28 + 1:02d} 10:00", "2025-08-01 10:00"]
        if n == 5:
            cells[column : column + odd] = [cell] * odd
        if quoted:
            cells[3] = f'"{cells[3]},请处理"'
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("quoted", [True, False])
@pytest.mark.parametrize("cell", ["无", "—", "3号楼东", "待定", "长期办理中", "不详", " ", "N/A"])
@pytest.mark.parametrize("column", [1, 5, 6, 7, 8])
def test_an_unusual_cell_neither_moves_nor_rejects_its_row(
    tmp_path: Path, quoted: bool, cell: str, column: int
) -> None:
    text = wide_rows(cell, column, quoted)
    table = table_in(tmp_path, text)
    rows = rows_of(table)
    assert len(rows) == 100
    assert rows[5][column] == cell
    assert table.counts()["columns_repaired"] == table.counts()["rejected"] == 0


@pytest.mark.parametrize("quoted", [True, False])
def test_two_unusual_times_at_the_end_do_not_reject_a_row(tmp_path: Path, quoted: bool) -> None:
    rows = rows_of(table_in(tmp_path, wide_rows("等待上级办理", 7, quoted, odd=2)))
    assert len(rows) == 100
    assert rows[5][7:] == ["等待上级办理"] * 2


@shared
def test_shared_rows_with_unusual_cells_stay() -> None:
    (table,) = opened(case("r08_zh_one_wu.csv"))
    assert (len(rows_of(table)), rejects_of(table)) == (100, [])
