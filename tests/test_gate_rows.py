"""What is a case and what is not, where the header is, and files in unusual wrappings."""

from __future__ import annotations

import base64
import io
import json
import os
import quopri
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdsTable
from odf.table import TableCell as OdsCell
from odf.table import TableRow as OdsRow
from odf.text import P

from hotline_tools.errors import InputError, NoHeaderError
from hotline_tools.jobs.opening import read_password
from hotline_tools.layouts import KnownHeaders, load_layouts
from hotline_tools.sheet_extent import column_number
from hotline_tools.sources import RawTable, open_tables
from hotline_tools.sources.readers.date_cells import column_letters

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


def test_formulas_of_ods_without_values_are_told(tmp_path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    sheet = OdsTable(name="工单")
    document.spreadsheet.addElement(sheet)
    for r, row in enumerate(plain_grid()):
        line = OdsRow()
        sheet.addElement(line)
        for c, cell in enumerate(row):
            empty = r in (2, 4) and c == 5
            box = OdsCell(formula="of:=[.A1]") if empty else OdsCell(valuetype="string", formula="of:=[.A2]")
            if not empty:
                box.addElement(P(text=cell))
            line.addElement(box)
    path = tmp_path / "a.ods"
    document.save(str(path))
    (table,) = opened(path)
    (note,) = (note for note in table.notes if "公式" in note)
    assert note.startswith("2 个公式没有存下计算结果，读作空值（F3、F5）")


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_letters(index: int, letters: str) -> None:
    assert column_letters(index) == letters
    assert column_number(letters.encode()) == index + 1


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


UNKNOWN = ["甲项", "乙项时刻", "丙项叙述", "丁项归口", "戊项结果", "己项时刻"]
FOREIGN = ["ref", "opened on", "what happened", "owner", "30-60-90 Days Open", "shut on"]
ABOVE = {
    "nothing": [],
    "a record count": [["共 18 条"]],
    "a title and a note": [["某供水公司热线台账"], ["注：时间以系统为准"]],
    "figures and a person": [["导出人", "甲某", "导出时间", "2025-08-01"], [""]],
    "known names in a remark": [["受理单位：", "营业部", "来电渠道：", "热线"]],
    "four rows": [["某公司"], ["台账"], ["共 6 条", "第1页"], [""]],
}


def unknown_table(names: list[str], above: list[list[str]]) -> list[list[str]]:
    rows = [[f"K{n}", f"2025-07-0{n} 08:0{n}", f"市民来电称和平路{n}号水表漏水，请维修"] for n in range(1, 7)]
    rows = [[*row, "营业部", str(n % 3), f"2025-07-1{n} 10:00"] for n, row in enumerate(rows)]
    return [[*row, *[""] * (6 - len(row))] for row in [*above, names, *rows]]


@pytest.mark.parametrize("names", [UNKNOWN, FOREIGN])
@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE)
@pytest.mark.parametrize("kind", ["csv", "xlsx", "html"])
def test_a_header_is_found_by_what_stands_below_it(
    tmp_path: Path, names: list[str], above: list[list[str]], kind: str
) -> None:
    grid = unknown_table(names, above)
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        path.write_text("\n".join(",".join(row) for row in grid), encoding="utf-8")
    elif kind == "html":
        path.write_text(as_html(grid, (0, 0, 0, 0)), encoding="utf-8")
    else:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(grid):
                sheet.write_row(number, 0, row)
    (table,) = opened(path)
    assert table.header == tuple(names)
    assert table.header_row == len(above) + 1
    assert len(rows_of(table)) == 6
    assert any("按下方的内容判定" in note for note in table.notes)


def test_an_unknown_header_of_two_rows_is_joined(tmp_path: Path) -> None:
    grid = unknown_table(UNKNOWN, [])
    grid[0:1] = [
        ["甲项", "乙项时刻", "过程", "", "结局", ""],
        ["", "", "叙述", "归口", "结果", "时刻"],
    ]
    (table,) = opened(write_csv(tmp_path, grid))
    assert table.header == ("甲项", "乙项时刻", "过程-叙述", "过程-归口", "结局-结果", "结局-时刻")
    assert len(rows_of(table)) == 6


STACKED = [
    ["工单编号", "受理情况", "", "", "办理情况", ""],
    ["", "受理时间", "诉求", "", "主办单位", "办结时间"],
    ["", "", "诉求标题", "诉求内容", "", ""],
]
SPANS = [(0, 2, 0, 0), (0, 0, 1, 3), (1, 2, 1, 1), (1, 1, 2, 3), (0, 0, 4, 5), (1, 2, 4, 4), (1, 2, 5, 5)]
"""First and last row, first and last column of the merged cells."""
BELOW = [
    [f"T{n}", f"2025-06-0{n} 08:00", "路灯不亮", f"春晖路{n}号路灯不亮很久", "城管局", f"2025-06-1{n} 08:00"]
    for n in range(1, 7)
]


def stacked_html(above: int) -> bytes:
    cells = {(top, left): (bottom, right) for top, bottom, left, right in SPANS}
    rows = [f"<tr><td colspan=6>六月工单{n}</td></tr>" for n in range(above)]
    for r, row in enumerate(STACKED):
        line = ""
        for c, cell in enumerate(row):
            if cell:
                bottom, right = cells.get((r, c), (r, c))
                line += f"<td rowspan={bottom - r + 1} colspan={right - c + 1}>{cell}</td>"
        rows.append(f"<tr>{line}</tr>")
    rows += ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in BELOW]
    return f"<html><table>{''.join(rows)}</table></html>".encode()


def stacked_xlsx(above: int) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for r in range(above):
            sheet.merge_range(r, 0, r, 5, f"六月工单{r}")
        for top, bottom, left, right in SPANS:
            sheet.merge_range(top + above, left, bottom + above, right, STACKED[top][left])
        for c, name in enumerate(STACKED[2]):
            if name:
                sheet.write_string(2 + above, c, name)
        for r, row in enumerate(BELOW):
            sheet.write_row(3 + above + r, 0, row)
    return buffer.getvalue()


def stacked_xls(above: int) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("工单")
    for r in range(above):
        sheet.write_merge(r, r, 0, 5, f"六月工单{r}")
    for top, bottom, left, right in SPANS:
        sheet.write_merge(top + above, bottom + above, left, right, STACKED[top][left])
    for c, name in enumerate(STACKED[2]):
        if name:
            sheet.write(2 + above, c, name)
    for r, row in enumerate(BELOW):
        for c, cell in enumerate(row):
            sheet.write(3 + above + r, c, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("above", [0, 2])
@pytest.mark.parametrize("write", [stacked_html, stacked_xlsx, stacked_xls])
def test_a_header_of_three_rows_is_joined(tmp_path: Path, write: Callable[[int], bytes], above: int) -> None:
    table = table_in(tmp_path, write(above), "a.xls")
    assert table.header == ("工单编号", "受理时间", "诉求标题", "诉求内容", "主办单位", "办结时间")
    assert (table.header_row, "三行表头已合并" in table.notes) == (above + 3, True)
    assert rows_of(table) == BELOW


def test_an_unknown_header_of_three_rows_is_joined(tmp_path: Path) -> None:
    grid = unknown_table(UNKNOWN, [])
    grid[0:1] = [
        ["甲项", "乙项时刻", "过程", "", "", ""],
        ["", "", "叙述", "归口", "结局", ""],
        ["", "", "", "", "结果", "时刻"],
    ]
    (table,) = opened(write_csv(tmp_path, grid))
    assert table.header[:4] == ("甲项", "乙项时刻", "过程-叙述", "过程-归口")
    assert table.header_row == 3
    assert len(rows_of(table)) == 6


def write_csv(tmp_path: Path, grid: list[list[str]]) -> Path:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(",".join(row) for row in grid), encoding="utf-8")
    return path


@pytest.mark.parametrize("column", [1, 2])
def test_one_time_or_text_column_is_enough(tmp_path: Path, column: int) -> None:
    grid = [[row[3], row[column]] for row in unknown_table(UNKNOWN, [])]
    (table,) = opened(write_csv(tmp_path, grid))
    assert table.header == ("丁项归口", UNKNOWN[column])
    assert len(rows_of(table)) == 6


def test_keys_of_unknown_objects_are_a_header_and_inner_objects_are_flattened(tmp_path: Path) -> None:
    records = [
        {"k": n, "opened": f"2025-07-0{n}T08:00:00", "kind": {"name": "水表漏水", "group": {"id": n}}}
        for n in range(1, 5)
    ]
    table = table_in(tmp_path, json.dumps(records, ensure_ascii=False), "a.json")
    assert table.header == ("k", "opened", "kind.name", "kind.group.id")
    assert len(rows_of(table)) == 4


def page(*rows: tuple[str, ...]) -> str:
    return as_html([list(row) for row in rows], (0, 0, 0, 0))


JUNK = {
    "prose": "今天，天气好，我们去了公园。\n后来，下雨了，大家都回家了，\n第二天又去了一次，仍在下雨。\n",
    "menu": page(("首页", "新闻"), ("登录", "帮助")),
    "login": page(("用户名", ""), ("密码", "忘记密码请联系系统管理员处理")),
    "news": page(
        ("通知公告", "更多"), ("关于做好工作的通知", "2025-07-01"), ("关于召开例会的通知", "2025-07-02")
    ),
    "codes": "编码,名称\n01,城建\n02,交通\n03,教育\n",
    "statistics": "单位,件数,占比\n住建局,10,50%\n城管局,5,25%\n",
    "password": "密码abc\r\n",
}


@pytest.mark.parametrize("text", JUNK.values(), ids=JUNK)
def test_junk_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(NoHeaderError) as caught:
        table_in(tmp_path, text, "a.xls")
    assert "\n" not in str(caught.value)


def test_remarks_and_codes_beside_a_known_sheet_are_no_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        codes = [["编码", "名称"], ["01", "城建"], ["02", "交通"]]
        for title, grid in {
            "六月": plain_grid(),
            "字典": codes,
            "填写须知": [
                ["列", "含义解释"],
                ["甲项", "请填写市民来电的完整叙述内容"],
                ["乙项", "请填写热线派发的具体时刻"],
            ],
        }.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(grid):
                sheet.write_row(number, 0, row)
    assert [table.sheet for table in opened(path)] == ["六月"]


@shared
@pytest.mark.parametrize(
    ("name", "rows", "columns", "header_row"),
    [
        ("jinan-12345-44-columns.xlsx", 332, 44, 2),
        ("kansas-city-311.csv", 600, 30, 1),
        ("boston-311.csv", 100, 29, 1),
        ("seeclickfix.json", 60, 53, 0),
    ],
)
def test_real_exports_open_whole(name: str, rows: int, columns: int, header_row: int) -> None:
    (table,) = opened(Path(SHARED or "") / "real-exports" / name)
    assert (len(rows_of(table)), len(table.header), table.header_row) == (rows, columns, header_row)
    assert rejects_of(table) == []


@shared
@pytest.mark.parametrize("name", ["r03_header", "r04_english_a", "r04_english_b", "r16_layout_new_dead_end"])
def test_shared_headers_are_found(name: str) -> None:
    (table,) = opened(case(f"{name}.csv"))
    assert table.header_row == 1
    (drafted,) = open_tables([case(f"{name}.csv")], known_headers=None)
    assert drafted.header == table.header


MONTHS = ["2025年9月", "2025年10月", "2025年11月"]
CHINESE = ["九月", "十月", "十一月", "十二月", "二十月"]


@pytest.mark.parametrize("names", [MONTHS, CHINESE, ["第2批", "第10批"], ["1/b2", "2/b1", "10/a1"]])
def test_files_of_a_folder_and_of_an_archive_come_in_natural_order(tmp_path: Path, names: list[str]) -> None:
    text = "\n".join(",".join(row) for row in plain_grid())
    folder = tmp_path / "f"
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
        for name in reversed(names):
            archive.writestr(f"{name}.csv", text)
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    wanted = [f"{name}.csv" for name in names]
    assert [table.file for table in opened(folder)] == wanted
    assert [table.file.removeprefix("f.zip!") for table in opened(tmp_path / "f.zip")] == wanted
    named = [folder / f"{name}.csv" for name in reversed(names)]
    if len({path.parent for path in named}) == 1:
        found = [table.file for table in open_tables(sorted(named), known_headers=KNOWN)]
        assert found == wanted


def test_sheets_that_differ_in_their_month_come_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for title in ("10月", "9月", "11月"):
            sheet = book.add_worksheet(title)
            for number, row in enumerate(plain_grid()):
                sheet.write_row(number, 0, row)
    assert [table.sheet for table in opened(path)] == ["9月", "10月", "11月"]


@shared
def test_shared_months_come_in_order() -> None:
    assert [t.file for t in opened(case("04_order_of_months"))] == ["2025年9月.csv", "2025年10月.csv"]


def as_mhtml(html: str, charset: str, transfer: str) -> bytes:
    raw = html.encode("gb18030" if charset.startswith("gb") else charset)
    body = base64.encodebytes(raw) if transfer == "base64" else quopri.encodestring(raw)
    head = 'MIME-Version: 1.0\r\nSubject: a\r\nContent-Type: multipart/related; boundary="=_x"\r\n'
    part = (
        f'--=_x\r\nContent-Transfer-Encoding: {transfer}\r\nContent-Type: text/html; charset="{charset}"\r\n'
    )
    return f"{head}\r\n{part}\r\n".encode() + body + b"\r\n--=_x--\r\n"


@pytest.mark.parametrize("charset", ["gb2312", "utf-8", "utf-16", "us-ascii"])
@pytest.mark.parametrize("transfer", ["base64", "quoted-printable"])
def test_web_archives_under_the_name_of_a_workbook_are_read(
    tmp_path: Path, charset: str, transfer: str
) -> None:
    data = as_mhtml(
        as_html(plain_grid(), (1, 3, 5, 5)), "utf-8" if charset == "us-ascii" else charset, transfer
    )
    if charset == "us-ascii":
        data = data.replace(b'charset="utf-8"', b'charset="us-ascii"')
    table = table_in(tmp_path, data, "a.xls")
    assert table.format == "mhtml"
    assert rows_of(table) == plain_grid()[1:]


@pytest.mark.parametrize("encoding", ["GBK", "gb2312", "UTF-8", "GB18030", "UTF-16"])
def test_xml_workbooks_are_read_in_their_encoding(tmp_path: Path, encoding: str) -> None:
    table = table_in(tmp_path, as_xml2003(plain_grid(), (0, 0, 0, 0), encoding), "a.xls")
    assert rows_of(table) == plain_grid()[1:]


def element(name: str, value: object) -> str:
    if isinstance(value, dict):
        value = "".join(element(key, inner) for key, inner in value.items())
    return f"<{name}>{value}</{name}>"


@pytest.mark.parametrize("count", [1, 2, 7])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("inside", ["{}", "<answer><status>ok</status><data>{}</data></answer>"])
def test_repeated_elements_are_records(tmp_path: Path, count: int, encoding: str, inside: str) -> None:
    records = [
        {
            "service_request_id": n,
            "requested_datetime": f"2025-07-0{n}T08:00:00+08:00",
            "description": f"和平路{n}号路面破损",
            "place": {"street": "和平路", "number": n},
        }
        for n in range(1, count + 1)
    ]
    listed = element("service_requests", "".join(element("request", record) for record in records))
    text = f'<?xml version="1.0" encoding="{encoding}"?>{inside.format(listed)}'
    table = table_in(tmp_path, text.encode(encoding), "a.xml")
    assert table.header == (*list(records[0])[:3], "place.street", "place.number")
    assert [row[2] for row in rows_of(table)] == [record["description"] for record in records]


def test_attributes_are_fields_and_repeated_fields_are_joined(tmp_path: Path) -> None:
    rows = "".join(
        f'<row id="A000{n}" opened="2025-07-01 0{n}:00"><tag>城建</tag><tag>道路</tag></row>'
        for n in range(1, 4)
    )
    table = table_in(tmp_path, f"<rows xmlns='urn:x'>{rows}</rows>", "a.xml")
    assert table.header == ("id", "opened", "tag")
    assert rows_of(table)[0] == ["A0001", "2025-07-01 01:00", "城建;道路"]


@pytest.mark.parametrize("text", ["<feed><a>1</a></feed>", "<?xml version='1.0'?><x>", "<note>你好</note>"])
def test_xml_without_records_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="XML"):
        table_in(tmp_path, text, "a.xml")


WESTERN = "id,created_at,description\n1,2025-07-01 08:00,Señal caída en la calle Núñez\n" + "".join(
    f"{n},2025-07-0{n} 09:00,Bache profundo en la avenida central\n" for n in range(2, 8)
)
JAPANESE = "受付番号,受付日時,相談内容\n" + "".join(
    f"J000{n},2025-07-0{n} 09:00,公園の街灯が消えているので修理してください\n" for n in range(1, 8)
)


@pytest.mark.parametrize(("text", "encoding"), [(WESTERN, "cp1252"), (JAPANESE, "cp932")])
def test_western_and_japanese_texts_are_read_and_the_guess_is_told(
    tmp_path: Path, text: str, encoding: str
) -> None:
    table = table_in(tmp_path, text.encode(encoding))
    assert table.encoding == encoding
    assert rows_of(table)[0][2] == text.splitlines()[1].split(",")[2]
    assert any("编码是推测的" in note for note in table.notes)


@pytest.mark.parametrize("text", ["工单编号,诉求内容\n1,灯坏了\n", "工单编号,受理时间\nA1,2025-07-01\n"])
def test_short_chinese_texts_are_no_guess(tmp_path: Path, text: str) -> None:
    table = table_in(tmp_path, text.encode("gb18030"))
    assert (table.encoding, table.notes) == ("gb18030", ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_password_files_may_have_a_mark_or_be_in_gbk(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "密码.txt"
    path.write_bytes("口令456\r\n".encode(encoding))
    assert read_password(path) == "口令456"


@shared
@pytest.mark.parametrize("password", ["21_password_bom.txt", "21_password_nobom.txt"])
def test_shared_password_files_open_the_workbook(password: str) -> None:
    assert opened(case("21_password.xlsx"), read_password(case(password)))


@shared
@pytest.mark.parametrize(
    ("name", "rows"), [("19_mhtml.xls", 1), ("20_xml2003_gbk.xls", 1), ("r12_open311.xml", 5)]
)
def test_shared_wrappings_are_read(name: str, rows: int) -> None:
    (table,) = opened(case(name))
    assert len(rows_of(table)) == rows


def test_totals_of_another_width_are_no_cases_and_torn_texts_are_no_totals(tmp_path: Path) -> None:
    rows = [order(n) for n in range(1, 40)]
    torn = order(40)
    lines = [",".join(row) for row in [NAMES, *rows]]
    lines += [",".join(torn[:4]) + ",和平路多处破损", "共3户居民受影响," + torn[5]]
    lines += ["合计：39件", "小计,39", "合计,39,办结率,100%", "以上共39件"]
    table = table_in(tmp_path, "\n".join(lines) + "\n")
    assert len(rows_of(table)) + len(rejects_of(table)) >= 40
    assert table.counts()["total"] == 4


@pytest.mark.parametrize("text", ["区住建局", "备注：以上为七月数据"])
def test_a_remark_merged_over_rows_and_columns_is_no_case(tmp_path: Path, text: str) -> None:
    grid = [*plain_grid(), [text, *[""] * 5], [""] * 6]
    (tmp_path / "a.xls").write_text(as_html(grid, (7, 8, 0, 5)), encoding="utf-8")
    (table,) = opened(tmp_path / "a.xls")
    assert len(rows_of(table)) == 6


@settings(max_examples=60, deadline=None)
@given(
    st.permutations(range(6)),
    st.sampled_from([*LABELS, *SENTENCES]),
    st.integers(0, 5),
    st.integers(1, 30),
    st.booleans(),
)
def test_a_total_is_known_in_any_order_of_columns(
    places: list[int], words: str, column: int, orders: int, with_figure: bool
) -> None:
    total = blank_row((column, words), *([((column + 1) % 6, "7件")] if with_figure else []))
    rows = [NAMES, *(order(n) for n in range(1, orders + 1)), total]
    shuffled = [[row[place] for place in places] for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        table = table_in(Path(folder), "\n".join(",".join(row) for row in shuffled) + "\n")
        assert len(rows_of(table)) == orders
        assert table.counts()["total"] == 1


def test_a_cut_off_row_with_an_id_alone_is_an_order_although_ids_repeat(tmp_path: Path) -> None:
    rows = [f"GD{n // 2:03},2025-06-0{n},春晖路{n}号路灯不亮,区城管局" for n in range(1, 8)]
    file = tmp_path / "a.csv"
    text = "\n".join(["工单编号,受理时间,诉求内容,主办单位", *rows, "GD009,,,"])
    file.write_text(text, encoding="utf-8")
    table = next(iter(open_tables([file], known_headers={"工单编号", "受理时间"})))
    assert sum(batch.table.num_rows for batch in table.batches()) == 8
    assert table.counts()["footnote"] == 0
