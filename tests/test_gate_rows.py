"""What is a case and what is not, where the header is, and files in unusual wrappings."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

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


NAMES = ["序号", "工单编号", "来电时间", "诉求标题", "诉求内容", "主办单位"]
LABELS = [
    "合计",
    "合计：",
    "总计",
    "小计",
    "共计",
    "累计",
    "【合计】",
    "合 计",
    "本页小计",
    "总数",
    "Total",
    "汇总",
]
SENTENCES = [
    "合计7件",
    "共7件",
    "以上共7件",
    "累计受理7件",
    "小计：7件（已办结3件）",
    "总计 7 单",
    "本月共受理诉求7件",
    "Grand Total: 7",
]
REMARKS = [
    "备注：以上数据截至7月31日。",
    "制表人：钱某",
    "说明：本表由热线中心汇总",
    "以上数据仅供内部参考",
    "第1页 共1页",
]


def order(n: int, *, numbered: bool = True) -> list[str]:
    cells = [f"2025070100{n:04d}", f"2025-07-{n % 28 + 1:02d} 08:30", f"人行道破损{n}"]
    cells += [f"和平路{n}号门前人行道破损，行走不便", "区住建局"]
    return [str(n), *cells] if numbered else cells


def read_with(tmp_path: Path, extra: list[list[str]], orders: int = 5, *, numbered: bool = True) -> RawTable:
    names = NAMES if numbered else NAMES[1:]
    rows = [names, *(order(n, numbered=numbered) for n in range(1, orders + 1)), *extra]
    return table_in(tmp_path, "\n".join(",".join(row) for row in rows) + "\n")


def blank_row(*cells: tuple[int, str], width: int = 6) -> list[str]:
    row = [""] * width
    for column, text in cells:
        row[column] = text
    return row


@pytest.mark.parametrize("orders", [1, 2, 5, 400])
@pytest.mark.parametrize("numbered", [True, False])
def test_totals_and_remarks_in_every_column_and_wording_are_no_cases(
    tmp_path: Path, orders: int, numbered: bool
) -> None:
    width = 6 if numbered else 5
    extra = [
        blank_row((c, text), width=width) for c in range(width) for text in (*LABELS, *SENTENCES, *REMARKS)
    ]
    for label in LABELS:
        extra += [blank_row((0, label), (c, "7件"), width=width) for c in range(1, width)]
        extra += [blank_row((0, label), (1, "7"), (width - 2, "办结率"), (width - 1, "100%"), width=width)]
    table = read_with(tmp_path, extra, orders, numbered=numbered)
    assert len(rows_of(table)) == orders
    counts = table.counts()
    assert counts["total"] + counts["footnote"] == len(extra)


@pytest.mark.parametrize(
    "title",
    [
        "说明：路口红灯太短",
        "合计欠薪三万元",
        "备注：请尽快回复",
        "合计",
        "小计",
        "总计两户断水",
        "共3户漏水",
        "注：急",
    ],
)
@pytest.mark.parametrize("proof", [1, 2, 4])
def test_a_title_like_a_total_on_a_case_is_a_case(tmp_path: Path, title: str, proof: int) -> None:
    row = blank_row((3, title), (proof, order(6)[proof]))
    assert rows_of(read_with(tmp_path, [row]))[-1][3] == title


def test_headers_repeated_in_joined_files_are_no_cases(tmp_path: Path) -> None:
    head, first, second = ",".join(NAMES), ",".join(order(1)), ",".join(order(2))
    quoted = ",".join(f'"{name}"' for name in NAMES)
    joined = (
        f"\ufeff{head}\n{first}\n\ufeff\n\ufeff{head}\n{second}\n\ufeff{quoted}\n\ufeff{','.join(order(3))}\n"
    )
    table = table_in(tmp_path, joined)
    assert [row[1] for row in rows_of(table)] == [order(n)[1] for n in (1, 2, 3)]
    assert rows_of(table)[2][0] == "3"
    assert table.counts()["repeated_header"] == 2


@shared
@pytest.mark.parametrize("letter", "abdfhjln")
def test_shared_tables_with_totals(letter: str) -> None:
    (table,) = opened(case(f"r02_total_{letter}.csv"))
    assert len(rows_of(table)) == 5


MERGED = ["工单编号", "受理时间", "诉求标题", "诉求内容", "所属街道", "主办单位"]


def plain_grid(n: int = 6) -> list[list[str]]:
    return [MERGED, *([*order(k)[1:5], "云台街道", "区住建局"] for k in range(1, n + 1))]


Merged = tuple[int, int, int, int]
"""First and last row, first and last column."""
MERGES: list[Merged] = [(1, 3, 5, 5), (2, 4, 4, 5), (1, 6, 4, 4), (3, 4, 5, 5), (1, 2, 4, 5)]


def covered(merge: Merged, row: int, column: int) -> bool:
    top, bottom, left, right = merge
    return top <= row <= bottom and left <= column <= right and (row, column) != (top, left)


def as_html(grid: list[list[str]], merge: Merged) -> str:
    top, bottom, left, right = merge
    lines = []
    for r, row in enumerate(grid):
        cells = []
        for c, cell in enumerate(row):
            if covered(merge, r, c):
                continue
            span = (
                f' rowspan="{bottom - top + 1}" colspan="{right - left + 1}"' if (r, c) == (top, left) else ""
            )
            cells.append(f"<td{span}>{cell}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<html><body><table>{''.join(lines)}</table></body></html>"


SS = "urn:schemas-microsoft-com:office:spreadsheet"


def as_xml2003(grid: list[list[str]], merge: Merged, encoding: str = "UTF-8") -> bytes:
    top, bottom, left, right = merge
    lines = []
    for r, row in enumerate(grid):
        cells = []
        for c, cell in enumerate(row):
            if covered(merge, r, c):
                continue
            span = (
                f' ss:MergeDown="{bottom - top}" ss:MergeAcross="{right - left}"'
                if (r, c) == (top, left)
                else ""
            )
            cells.append(f'<Cell ss:Index="{c + 1}"{span}><Data ss:Type="String">{cell}</Data></Cell>')
        lines.append(f"<Row>{''.join(cells)}</Row>")
    head = f'<?xml version="1.0" encoding="{encoding}"?><Workbook xmlns="{SS}" xmlns:ss="{SS}">'
    return f'{head}<Worksheet ss:Name="S"><Table>{"".join(lines)}</Table></Worksheet></Workbook>'.encode(
        encoding
    )


def as_xlsx(path: Path, grid: list[list[str]], merge: Merged) -> None:
    top, bottom, left, right = merge
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for r, row in enumerate(grid):
            for c, cell in enumerate(row):
                if not covered(merge, r, c):
                    sheet.write(r, c, cell)
        sheet.merge_range(top, left, bottom, right, grid[top][left])


@pytest.mark.parametrize("merge", MERGES)
@pytest.mark.parametrize("kind", ["html", "xml", "xlsx"])
def test_merged_cells_are_filled_in_every_format(tmp_path: Path, kind: str, merge: Merged) -> None:
    path = tmp_path / "合并.xls"
    grid = plain_grid()
    if kind == "html":
        path.write_text(as_html(grid, merge), encoding="utf-8")
    elif kind == "xml":
        path.write_bytes(as_xml2003(grid, merge))
    else:
        as_xlsx(path, grid, merge)
    (table,) = opened(path)
    top, _, left, _ = merge
    expected = [
        [grid[top][left] if covered(merge, r, c) else cell for c, cell in enumerate(row)]
        for r, row in enumerate(grid)
    ]
    assert rows_of(table) == expected[1:]


@pytest.mark.parametrize("where", [2, 7])
def test_a_heading_over_all_columns_is_neither_filled_nor_a_case(tmp_path: Path, where: int) -> None:
    grid = plain_grid()
    grid.insert(where, ["区住建局", "", "", "", "", ""])
    (tmp_path / "a.xls").write_text(as_html(grid, (where, where, 0, 5)), encoding="utf-8")
    (table,) = opened(tmp_path / "a.xls")
    assert len(rows_of(table)) == 6


@shared
@pytest.mark.parametrize("name", ["mergedown_xml2003.xls", "rowspan.xls"])
def test_shared_merges_leave_no_department_empty(name: str) -> None:
    (table,) = opened(case("08_merges") / name)
    assert all(row[table.header.index("主办单位")] for row in rows_of(table))


def test_formulas_without_values_are_told_with_count_and_places(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for r, row in enumerate(plain_grid()):
            sheet.write_row(r, 0, row)
        for r in range(1, 7):
            sheet.write_formula(r, 1, "=DATE(2025,7,1)", None, "")
        sheet.write_formula(1, 5, '="区"&"住建局"', None, "区住建局")
    drop = re.compile(rb'(<c r="B\d+"[^>]*><f>[^<]*</f>)<v></v>')
    rewritten = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(rewritten, "w") as target:
        for member in source.namelist():
            target.writestr(member, drop.sub(rb"\1", source.read(member)))
    (table,) = opened(rewritten)
    assert len(rows_of(table)) == 6
    (note,) = (note for note in table.notes if "公式" in note)
    assert note.startswith("6 个公式没有存下计算结果")
    assert "B2、B3" in note
    assert rows_of(table)[0][5] == "区住建局"


def test_binary_text_and_impossible_times_of_parquet_are_read_or_told(tmp_path: Path) -> None:
    texts = ["路面塌陷".encode(), "路面积水".encode("gb18030"), b"\xff\xfe\x80", None]
    times = pa.array([1_748_908_800_000_000, -999_999_999_999_999_999, None, 0], pa.timestamp("us"))
    columns = {
        "工单编号": ["C0001", "C0002", "C0003", "C0004"],
        "受理时间": times,
        "诉求内容": pa.array(texts, pa.binary()),
        "办结时间": pa.array([1_748_908_800_000_000_123, 1, None, None], pa.timestamp("ns")),
        "分类": pa.array([["城建", "道路"], [], None, None]),
    }
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    (table,) = opened(tmp_path / "a.parquet")
    rows = rows_of(table)
    assert [row[2] for row in rows[:2]] == ["路面塌陷", "路面积水"]
    assert rows[0][1] == rows[0][3] == "2025-06-03 00:00:00"
    assert rows[1][1] == "-999999999999999999"
    assert rows[0][4] == "城建;道路"
    assert table.counts()["undecodable"] == 1


@shared
def test_shared_formulas_are_told() -> None:
    (table,) = opened(case("15_formula_no_cache.xlsx"))
    assert any("8 个公式没有存下计算结果" in note for note in table.notes)
