"""Workbooks, HTML, JSON, Parquet, archives, folders and standard input."""

import datetime as dt
import gzip
import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import msoffcrypto
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from hotline_tools.errors import EncryptedFileError, InputError, NoHeaderError
from hotline_tools.layouts import KnownHeaders, load_layouts
from hotline_tools.sources import RawTable, open_tables
from hotline_tools.sources.readers.archive import Scratch, unpack_zip

KNOWN = KnownHeaders(load_layouts())
HEADER = ["工单编号", "受理时间", "诉求标题", "诉求内容", "主办单位"]
ROWS = [
    ["GD001", "2025-06-01 08:00:00", "路灯不亮", "春晖路的路灯坏了", "区城管局"],
    ["GD002", "2025-06-02 09:30:00", "物业不作为", "垃圾没有人清运", "区住建局"],
]
CSV = "\n".join(",".join(row) for row in [HEADER, *ROWS]) + "\n"


def tables_of(path: Path, **options: Any) -> list[RawTable]:
    return list(open_tables([path], known_headers=KNOWN, **options))


def rows(table: RawTable) -> list[list[str | None]]:
    return [list(row.values()) for batch in table.batches() for row in batch.table.to_pylist()]


def workbook(path: Path, sheets: dict[str, list[list[Any]]], hidden: tuple[str, ...] = ()) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        for name, grid in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(grid):
                sheet.write_row(number, 0, row)
            if name in hidden:
                sheet.hide()
    return path


def test_cells_become_the_text_a_person_would_type(tmp_path: Path) -> None:
    values = [
        (2549, "2549"),
        (0.25, "0.25"),
        (dt.datetime(2025, 6, 3, 15, 5, 59), "2025-06-03 15:05:59"),
        (True, "TRUE"),
        (202504300001, "202504300001"),
        (110101199001011234, "1.10101199001011E+17"),
        ("  留白\n", "  留白\n"),
        ("00123", "00123"),
    ]
    grid = [["工单编号", "诉求内容"], *[[value, "内容"] for value, _ in values]]
    (table,) = tables_of(workbook(tmp_path / "a.xlsx", {"S": grid}))
    assert [row[0] for row in rows(table)] == [text for _, text in values]


def test_titles_totals_blank_rows_and_empty_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("六月")
        sheet.merge_range(0, 0, 0, 4, "某区热线工单")
        for number, row in enumerate([HEADER, ROWS[0], [""] * 5, HEADER, ROWS[1], ["合计", 2]], start=2):
            sheet.write_row(number, 0, row)
        sheet.write_blank(3, 16000, None, book.add_format({"bold": True}))
    (table,) = tables_of(path)
    assert table.header == tuple(HEADER)
    assert (table.header_row, table.sheet) == (3, "六月")
    (batch,) = table.batches()
    assert batch.row_numbers.to_pylist() == [4, 7]
    assert [list(row.values()) for row in batch.table.to_pylist()] == ROWS
    assert {k: n for k, n in table.counts().items() if n} == {
        "rows": 2, "blank": 1, "repeated_header": 1, "total": 1,
    }  # fmt: skip


def test_a_two_row_header_is_joined(tmp_path: Path) -> None:
    grid = [
        ["工单编号", "诉求", "", "办理", "", "备注"],
        ["", "标题", "内容", "主办单位", "办结时间", ""],
        ["1", "t", "c", "局", "2025-06-01", "x"],
    ]
    (table,) = tables_of(workbook(tmp_path / "a.xlsx", {"S": grid}))
    assert table.header == ("工单编号", "诉求标题", "诉求内容", "主办单位", "办结时间", "备注")
    assert table.original_header[1] == "诉求\n标题"
    assert rows(table) == [["1", "t", "c", "局", "2025-06-01", "x"]]


def test_several_sheets_hidden_sheets_and_sheets_without_a_table(tmp_path: Path) -> None:
    sheets = {
        "说明": [["本表由平台导出"]],
        "一月": [HEADER, ROWS[0]],
        "二月": [["统计"], HEADER, ROWS[1]],
        "旧": [HEADER, ROWS[0]],
    }
    tables = tables_of(workbook(tmp_path / "a.xlsx", sheets, hidden=("旧",)))
    assert [(t.sheet, t.header_row) for t in tables] == [("一月", 1), ("二月", 2)]
    assert "隐藏的工作表 旧 未读取" in tables[0].notes
    assert "工作表 说明 没有认识的表头，未读取" in tables[0].notes


def test_a_workbook_with_only_a_hidden_table_gives_it_with_a_note(tmp_path: Path) -> None:
    sheets = {"封面": [["月报"]], "数据": [HEADER, ROWS[0]]}
    (table,) = tables_of(workbook(tmp_path / "a.xlsx", sheets, hidden=("数据",)))
    assert table.sheet == "数据"
    assert "隐藏的工作表 数据" in table.notes[0]


def test_cells_merged_downwards_are_filled_and_data_without_a_name_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["所属镇街", "工单编号", "诉求内容"])
        sheet.merge_range(1, 0, 3, 0, "龙桥街道")
        for number in (1, 2, 3, 4):
            sheet.write_row(number, 1, [f"G{number}", "内容"])
        sheet.write(4, 5, "多出来的")
    (table,) = tables_of(path)
    assert [row[0] for row in rows(table)] == ["龙桥街道"] * 3 + [None]
    assert table.header[-1] == "列6"
    assert rows(table)[3][-1] == "多出来的"


def as_xls(path: Path) -> None:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("S")
    for i, row in enumerate([HEADER, *ROWS]):
        for j, cell in enumerate(row):
            sheet.write(i, j, cell)
    book.save(str(path))


def as_ods(path: Path) -> None:
    pytest.importorskip("odf")
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    sheet = Table(name="S")
    for row in [HEADER, *ROWS]:
        line = TableRow()
        for text in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            line.addElement(cell)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    document.save(str(path))


def as_html(path: Path) -> None:
    line = "<tr>" + "".join(f"<td>{{{i}}}</td>" for i in range(5)) + "</tr>"
    body = "".join(line.format(*row) for row in [HEADER, *ROWS])
    page = f"<html><style>td {{}}</style><table><tr><td colspan=5>标题</td></tr>{body}</table></html>"
    path.write_bytes(page.encode("gb18030"))


def as_xml(path: Path) -> None:
    cells = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{c}</Data></Cell>' for c in row) + "</Row>"
        for row in [HEADER, *ROWS]
    )
    path.write_text(
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="S"><Table>{cells}</Table></Worksheet></Workbook>',
        encoding="utf-8",
    )


def records() -> list[dict[str, str]]:
    return [dict(zip(HEADER, row, strict=True)) for row in ROWS]


WRITERS = [
    ("xlsx", lambda path: workbook(path, {"S": [HEADER, *ROWS]}), "xlsx"),
    ("xls", as_xls, "xls"),
    ("ods", as_ods, "ods"),
    ("html saved as .xls", as_html, "html"),
    ("Excel 2003 XML saved as .xls", as_xml, "xls（XML）"),
    ("json array", lambda path: path.write_text(json.dumps(records())), "json"),
    (
        "json object",
        lambda path: path.write_text(json.dumps({"code": 0, "result": {"data": records()}})),
        "json",
    ),
    ("json lines", lambda path: path.write_text("\n".join(map(json.dumps, records()))), "jsonl"),
    ("parquet", lambda path: pq.write_table(pa.Table.from_pylist(records()), path), "parquet"),
    ("gz of csv", lambda path: path.write_bytes(gzip.compress(CSV.encode("gbk"))), "csv"),
]


@pytest.mark.parametrize(("write", "kind"), [w[1:] for w in WRITERS], ids=[w[0] for w in WRITERS])
def test_formats_are_told_by_content_and_give_the_same_rows(tmp_path: Path, write: Any, kind: str) -> None:
    path = tmp_path / "导出.csv"
    write(path)
    (table,) = tables_of(path)
    assert table.format == kind
    assert table.header == tuple(HEADER)
    assert rows(table) == ROWS
    assert len(table.sha256) == 64


def test_open311_json_keeps_nested_names_and_blank_values(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    item = {
        "service_request_id": 638344, "requested_datetime": "2010-04-14T06:37:38-08:00", "status": "closed",
        "lat": 37.76, "address": "", "tags": ["a", "b"], "extra": {"zone": None},
    }  # fmt: skip
    path.write_text(json.dumps([item, 5]), encoding="utf-8")
    (table,) = tables_of(path)
    (batch,) = table.batches()
    assert batch.table.to_pylist() == [
        {
            "service_request_id": "638344", "requested_datetime": "2010-04-14T06:37:38-08:00",
            "status": "closed", "lat": "37.76", "address": None, "tags": "a;b", "extra.zone": None,
        }
    ]  # fmt: skip
    assert [(r.row_number, r.reason) for r in batch.rejects] == [(2, "不是 JSON 对象")]


def test_a_bracket_at_the_start_does_not_make_a_csv_json(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("[六月报表],,,,\n" + CSV, encoding="utf-8")
    (table,) = tables_of(path)
    assert rows(table) == ROWS


def test_a_zip_with_gbk_names_and_a_nested_zip(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("b.csv", CSV)
    path = tmp_path / "六月.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a.csv"), CSV)
        archive.writestr("内层.zip", inner.getvalue())
        archive.writestr("~$a.xlsx", b"lock")
        archive.writestr("说明.txt", "导出说明")
    raw = path.read_bytes().replace("内层.zip".encode(), b"0123456789")  # same length as the UTF-8 name
    path.write_bytes(raw)
    problems: list[InputError] = []
    tables = tables_of(path, on_problem=problems.append)
    assert [t.file for t in tables] == ["六月.zip!0123456789!b.csv", "六月.zip!a.csv"]
    assert all(rows(t) == ROWS for t in tables)
    assert ["说明.txt" in p.where for p in problems] == [True]


GBK_NAMES = [
    ("plain", "数据.csv", "数据.csv"),
    ("a character whose second byte is a backslash", "誠信乗車.csv", "誠信乗車.csv"),
    ("such a character at the end of the name", "六月誠", "六月誠"),
    ("folders divided by a backslash", "導出\\乗車.csv", "導出/乗車.csv"),
    ("a lock file in such a folder", "導出\\~$乗車.csv", None),
    ("a folder", "導出\\", None),
]


@pytest.mark.parametrize("windows", [False, True])
@pytest.mark.parametrize("case", GBK_NAMES, ids=[case[0] for case in GBK_NAMES])
def test_gbk_names_with_backslashes_in_bytes(
    case: tuple[str, str, str | None], windows: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, written, shown = case
    path = tmp_path / "a.zip"
    name = written.encode("gbk")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x" * len(name), CSV)
        archive.writestr("b.csv", CSV)
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name))
    if windows:  # where zipfile itself turns backslashes into slashes
        monkeypatch.setattr(zipfile.os, "sep", "\\")
    scratch = Scratch()
    found = unpack_zip(path, "a.zip", scratch, None)
    assert {member for _, member in found} == ({"b.csv", shown} if shown else {"b.csv"})
    assert all(file.read_text(encoding="utf-8") == CSV for file, _ in found)


def test_gbk_member_names_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    name = "数据.csv".encode("gbk")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x" * len(name), CSV)
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name))
    (table,) = tables_of(path)
    assert table.file == "a.zip!数据.csv"


def test_a_zip_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotline_tools.sources.readers.archive._FREE", 1 << 20)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * (8 << 20))
    with pytest.raises(InputError, match="大得不正常"):
        tables_of(path)


def test_a_folder_is_read_sorted_without_lock_files(tmp_path: Path) -> None:
    (tmp_path / "乙").mkdir()
    (tmp_path / "乙" / "b.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "a.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "~$a.xlsx").write_bytes(b"lock")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    assert [t.file for t in tables_of(tmp_path)] == ["a.csv", "乙/b.csv"]


def test_what_is_not_accepted_is_a_problem_in_a_folder_and_a_note_in_a_workbook(tmp_path: Path) -> None:
    def accept(table: RawTable) -> None:
        if "诉求内容" not in table.header:
            raise NoHeaderError("不是工单表", where=table.where, remedy="换一个文件。")

    (tmp_path / "a.csv").write_text("工单编号,受理时间\n1,2\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "说明.md").write_text(CSV, encoding="utf-8")
    problems: list[InputError] = []
    tables = tables_of(tmp_path, on_problem=problems.append, accept=accept)
    assert [t.file for t in tables] == ["b.csv"]
    assert [(p.where, p.message) for p in problems] == [("a.csv", "不是工单表"), ("说明.md", "不是导出文件")]
    assert len(tables_of(tmp_path / "说明.md", accept=accept)) == 1
    with pytest.raises(NoHeaderError, match="不是工单表"):
        tables_of(tmp_path / "a.csv", accept=accept)
    sheets = {"一": [HEADER, *ROWS], "二": [["工单编号", "受理时间"], ["1", "2025-06-01"]]}
    (table,) = tables_of(workbook(tmp_path / "c.xlsx", sheets), accept=accept)
    assert table.notes == ("c.xlsx（工作表 二）：不是工单表，未读取",)


def test_a_folder_without_exports_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有可以导入的导出文件"):
        tables_of(tmp_path)
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(NoHeaderError, match=r"a\.csv"):
        tables_of(tmp_path)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(CSV.encode("gb18030"))

    monkeypatch.setattr("sys.stdin", Stdin)
    (table,) = tables_of(Path("-"))
    assert table.file == "标准输入"
    assert rows(table) == ROWS


def geojson() -> str:
    features = [{"type": "Feature", "properties": dict(zip(HEADER, row, strict=True))} for row in ROWS]
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_geojson_properties_are_the_columns(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(geojson(), encoding="utf-8")
    (table,) = tables_of(tmp_path / "a.json")
    assert set(HEADER) <= set(table.header)


class ZipCipher:
    """The traditional encryption of zip files (APPNOTE 6.1), to write a test file with."""

    def __init__(self, password: bytes) -> None:
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self.update(byte)

    def update(self, byte: int) -> None:
        one, two, three = self.keys
        one = self.crc(one, byte)
        two = ((two + (one & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        self.keys = [one, two, self.crc(three, two >> 24)]

    @staticmethod
    def crc(key: int, byte: int) -> int:
        return (zlib.crc32(bytes([byte]), key ^ 0xFFFFFFFF) ^ 0xFFFFFFFF) & 0xFFFFFFFF

    def encrypt(self, data: bytes) -> bytes:
        out = bytearray()
        for byte in data:
            temp = self.keys[2] | 2
            out.append(byte ^ ((temp * (temp ^ 1)) >> 8) & 0xFF)
            self.update(byte)
        return bytes(out)


def encrypted_zip(path: Path, password: bytes) -> Path:
    data = CSV.encode()
    body = ZipCipher(password).encrypt(bytes(11) + bytes([zlib.crc32(data) >> 24]) + data)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", body)
    raw = bytearray(path.read_bytes())
    for start, flags in ((raw.find(b"PK\x03\x04"), 6), (raw.find(b"PK\x01\x02"), 8)):
        raw[start + flags] |= 1
        raw[start + flags + 8 : start + flags + 12] = zlib.crc32(data).to_bytes(4, "little")
        raw[start + flags + 16 : start + flags + 20] = len(data).to_bytes(4, "little")
    path.write_bytes(raw)
    return path


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    path = encrypted_zip(tmp_path / "a.zip", b"hotline")
    with pytest.raises(EncryptedFileError, match="--password-file"):
        tables_of(path)
    with pytest.raises(EncryptedFileError, match="密码不对"):
        tables_of(path, password="wrong")
    (table,) = tables_of(path, password="hotline")
    assert rows(table) == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_zip_with_a_chinese_password(tmp_path: Path, encoding: str) -> None:
    path = encrypted_zip(tmp_path / "a.zip", "热线12345".encode(encoding))
    (table,) = tables_of(path, password="热线12345")
    assert rows(table) == ROWS
    # of 600 wrong passwords some pass the check of one byte, and fail at the content
    for number in range(600):
        with pytest.raises(EncryptedFileError, match="密码不对"):
            tables_of(path, password=f"热线{number}")


def encrypted(tmp_path: Path) -> Path:
    plain = workbook(tmp_path / "plain.xlsx", {"S": [HEADER, *ROWS]})
    path = tmp_path / "密.xlsx"
    with plain.open("rb") as source, path.open("wb") as target:
        OOXMLFile(source).encrypt("口令123", target)
    return path


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    path = encrypted(tmp_path)
    with pytest.raises(EncryptedFileError, match="--password-file"):
        tables_of(path)
    with pytest.raises(EncryptedFileError, match="密码不对"):
        tables_of(path, password="错")
    (table,) = tables_of(path, password="口令123")
    assert rows(table) == ROWS
    assert msoffcrypto.__name__ == "msoffcrypto"


def test_a_workbook_cut_short(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [HEADER, *ROWS]})
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match="损坏"):
        tables_of(path)


def test_an_empty_workbook_and_a_word_document(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="空的"):
        tables_of(workbook(tmp_path / "a.xlsx", {"S": []}))
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(InputError, match="Word"):
        tables_of(tmp_path / "b.xlsx")


def test_a_workbook_with_a_password_does_not_stop_a_folder(tmp_path: Path) -> None:
    encrypted(tmp_path)  # beside plain.xlsx
    problems: list[InputError] = []
    (table,) = open_tables([tmp_path], known_headers=KNOWN, on_problem=problems.append)
    assert rows(table) == ROWS
    assert [type(problem) for problem in problems] == [EncryptedFileError]
    (tmp_path / "plain.xlsx").unlink()
    with pytest.raises(EncryptedFileError, match="--password-file"):
        tables_of(tmp_path)
