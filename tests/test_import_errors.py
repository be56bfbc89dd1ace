"""Every refusal of ``hotline import`` names the place and says what to do; a table of cases."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from cli import hotline
from formats import WRITERS, as_text, zipped
from hotline_tools.sources.readers import archive

CSV = ("--format", "csv")
GRID = [["工单编号", "受理时间", "诉求标题"], ["1", "2025-06-01 08:00:00", "电梯坏了"]]
XLSX = WRITERS["xlsx"](GRID)


def locked() -> bytes:
    buffer = io.BytesIO()
    OOXMLFile(io.BytesIO(XLSX)).encrypt("pw", buffer)
    return buffer.getvalue()


def stray_cell() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("六月")
        for number, row in enumerate(GRID):
            sheet.write_row(number, 0, row)
        sheet.write(1_048_575, 16_383, "x")
    return buffer.getvalue()


def broken_sheet() -> bytes:
    """A workbook whose only sheet is cut off in the middle of a tag."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as old, zipfile.ZipFile(buffer, "w") as new:
        for member in old.infolist():
            content = old.read(member)
            cut = len(content) // 2 if "sheet1" in member.filename else len(content)
            new.writestr(member, content[:cut])
    return buffer.getvalue()


def circular_xls() -> bytes:
    """An xls whose first sectors follow each other in a circle."""
    data = bytearray(WRITERS["xls"](GRID))
    table = (int.from_bytes(data[76:80], "little") + 1) * 512
    data[table : table + 8] = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
    return bytes(data)


def far_column_xls() -> bytes:
    """One wrong byte: the second cell of the header says that it stands 32,768 columns further right."""
    data = WRITERS["xls"](GRID)
    second = bytes.fromhex("fd000a0000000100")
    assert data.count(second) == 1
    return data.replace(second, bytes.fromhex("fd000a0000000180"))


def backwards_xls() -> bytes:
    """One wrong byte: the sheet is said to begin below its last row, and calamine would count below zero."""
    data = bytearray(WRITERS["xls"](GRID))
    dimensions = bytes.fromhex("00020e0000000000")
    assert data.count(dimensions) == 1
    data[data.index(dimensions) + 7] = 0x1E
    return bytes(data)


def rezipped(data: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """A container in which one member says something else, checksums right."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(buffer, "w") as changed:
        for item in given.infolist():
            content = given.read(item)
            if item.filename == member:
                assert old in content
                content = content.replace(old, new, 1)
            changed.writestr(item, content)
    return buffer.getvalue()


def endless_ods() -> bytes:
    """A cell whose end tag is broken: calamine would look for it for ever."""
    return rezipped(WRITERS["ods"](GRID), "content.xml", b"</table:table-cell>", b"</table\x17table-cell>")


def boundless_ods() -> bytes:
    """A row with values, 99 million times."""
    repeat = b'<table:table-row table:number-rows-repeated="99000000">'
    return rezipped(WRITERS["ods"](GRID), "content.xml", b"<table:table-row>", repeat)


def xlsb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.bin", b"\0" * 40)
    return buffer.getvalue()


def nested(levels: int) -> bytes:
    data = as_text(GRID)
    for _ in range(levels):
        data = zipped(data, "里面.zip")
    return data


def huge_header() -> bytes:
    return ("表头" * 300_000 + "\n1\n").encode()


CASES: list[tuple[str, str, Callable[[], bytes], list[str]]] = [
    # what, the file's name, its bytes, what the one line says
    ("a workbook cut short", "六月.xlsx", lambda: XLSX[: len(XLSX) // 2], ["六月.xlsx", "不完整", "重新"]),
    ("a sheet cut short", "六月.xlsx", broken_sheet, ["六月.xlsx", "Sheet1", "已损坏", "另存为"]),
    ("a stray cell far away", "六月.xlsx", stray_cell, ["sheet1.xml", "第 1048576 行、第 16384 列", "删去"]),
    ("a workbook with a password", "六月.xlsx", locked, ["六月.xlsx", "密码", "--password-file"]),
    ("an xls in a circle", "六月.xls", circular_xls, ["六月.xls", "已损坏", "另存为"]),
    ("an ods with a broken tag", "六月.ods", endless_ods, ["六月.ods", "已损坏", "另存为"]),
    ("an ods that repeats a row for ever", "六月.ods", boundless_ods, ["六月.ods", "99000001 行", "删去"]),
    ("an xls with a far-off cell", "六月.xls", far_column_xls, ["六月.xls", "列号超出范围", "另存为"]),
    ("an xls that ends before it begins", "六月.xls", backwards_xls, ["六月.xls", "已损坏", "另存为"]),
    ("an xlsb that is none", "六月.xlsb", xlsb, ["六月.xlsb", "另存为 .xlsx"]),
    ("a gz cut short", "六月.gz", lambda: gzip.compress(as_text(GRID))[:-6], ["六月.gz", "不完整", "重新"]),
    ("a zip that explodes", "六月.zip", lambda: zipped(bytes(1 << 20)), ["六月.zip!导出", "不正常"]),
    ("a zip in a zip in a zip in a zip", "六月.zip", lambda: nested(4), ["里面.zip", "太多层", "先解压"]),
    ("a huge header", "六月.csv", huge_header, ["六月.csv", "没有找到认识的表头", "hotline layout new"]),
    ("JSON cut short", "六月.json", lambda: WRITERS["json"](GRID)[:-9], ["六月.json", "JSON", "重新导出"]),
    ("JSON without records", "六月.json", lambda: b'{"code": 0, "msg": "ok"}', ["六月.json", "数组"]),
    ("Parquet cut short", "六月.parquet", lambda: WRITERS["parquet"](GRID)[:-9], ["六月.parquet", "重新"]),
    ("a login page", "六月.xls", lambda: b"<html><body>login</body></html>", ["六月.xls", "网页", "登录"]),
    ("bytes of no encoding", "六月.csv", lambda: bytes(range(128, 256)) * 40, ["六月.csv", "编码", "重新"]),
    ("only spaces", "六月.csv", lambda: b" \r\n\t \n", ["六月.csv", "空的", "检查导出"]),
    ("a header without an essential column", "六月.csv", "工单编号,满意度\n1,满意\n".encode,
     ["六月.csv", "没有标题、内容、受理时间或地址列", "hotline layout new"]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[c[0] for c in CASES])
def test_a_refused_file_leaves_one_line_and_nothing_else(
    case: tuple[str, str, Callable[[], bytes], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    _, name, data, says = case
    monkeypatch.setattr(archive, "_FREE", 1 << 16)
    path = tmp_path / name
    path.write_bytes(data())
    ran = hotline("import", path, cwd=tmp_path)
    assert ran.code == 1
    assert ran.out == ""
    (line,) = ran.err.splitlines()
    assert line.startswith("错误：")
    assert len(line) < 400
    for part in says:
        assert part in line
    assert list(tmp_path.iterdir()) == [path], "no store may be made"
    assert capfd.readouterr().err == "", "nothing from the libraries below"


LAYOUTS = [
    ("no TOML at all", "name = ", ["版式.toml"]),
    ("a field that does not exist", '[fields]\nreceived_att = ["受理时间"]\n', ["版式.toml", "received_att"]),
]


@pytest.mark.parametrize(("what", "text", "says"), LAYOUTS, ids=[c[0] for c in LAYOUTS])
def test_a_layout_with_a_mistake(what: str, text: str, says: list[str], tmp_path: Path) -> None:
    (tmp_path / "六月.csv").write_bytes(as_text(GRID))
    (tmp_path / "版式.toml").write_text(text, encoding="utf-8")
    ran = hotline("import", "六月.csv", "--layout", "版式.toml", cwd=tmp_path)
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    for part in says:
        assert part in ran.err


def test_a_layout_that_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "六月.csv").write_bytes(as_text(GRID))
    ran = hotline("import", "六月.csv", "--layout", "beijing-12", cwd=tmp_path)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "是不是 beijing-21" in ran.err


def test_a_missing_or_empty_password_file(tmp_path: Path) -> None:
    (tmp_path / "六月.csv").write_bytes(as_text(GRID))
    (tmp_path / "empty").write_text("")
    for name in ("没有", "empty"):
        ran = hotline("import", "六月.csv", "--password-file", name, cwd=tmp_path)
        assert (ran.code, len(ran.err.splitlines())) == (1, 1)
        assert name in ran.err
        assert "第一行" in ran.err


def test_a_trial_keeps_no_rejects_that_could_be_looked_at(tmp_path: Path) -> None:
    rows = ["1,2025-06-01 08:00,电梯坏了,小区电梯坏了", "2,2025-06-02,停水,多,余,的,列"]
    (tmp_path / "六月.csv").write_text("\n".join(["工单编号,受理时间,诉求标题,诉求内容", *rows]), "utf-8")
    tried = hotline("import", "六月.csv", "--dry-run", cwd=tmp_path)
    ran = hotline("import", "六月.csv", cwd=tmp_path)
    assert (tried.code, ran.code) == (3, 3)
    assert ("原因正式导入后见" in tried.err, "原因见" in ran.err) == (True, True)


def test_rejected_rows_name_file_row_reason_and_value(tmp_path: Path) -> None:
    lines = [f"{i},2025-06-{i % 28 + 1:02d} 08:00:00,标题{i}" for i in range(60)]
    lines[40] = "40,2025-06-01 08:00:00,标题,多出,来的,电话13812345678"
    (tmp_path / "六月.csv").write_text("\n".join(["工单编号,受理时间,诉求标题", *lines]), encoding="utf-8")
    ran = hotline("import", "六月.csv", cwd=tmp_path)
    assert ran.code in (0, 3)
    found = hotline("sql", "SELECT file, row_number, reason, raw FROM rejects", *CSV, cwd=tmp_path)
    kept = hotline("sql", "SELECT title FROM orders WHERE order_id = '40'", *CSV, cwd=tmp_path)
    assert ("六月.csv,42,列数不符" in found.out) == (ran.code == 3)
    assert ("多出,来的" in kept.out) == (ran.code == 0)
    assert "13812345678" not in found.out + kept.out
