"""Inputs made to take long or much memory: read in linear time, or refused in one sentence."""

import re
import time
import zipfile
from pathlib import Path

import pytest

from hotline_tools.errors import InputError
from hotline_tools.layouts import code_of
from hotline_tools.privacy import mask_text
from hotline_tools.sheet_extent import require_reasonable
from hotline_tools.sources import open_tables

SECONDS = 20
TABLE = "<html><table><tr><th>工单编号</th><th>受理时间</th></tr>"
LONG_TEXTS = {
    "letters before @": "a" * 1_000_000 + "@",
    "parts before @": "a." * 300_000 + "@",
    "80,000 e-mails": "a@b.cn " * 80_000,
    "dashes after @": "a@" + "b-" * 300_000,
    "telephones": "13812345678 " * 30_000,
    "links": "http://a.cn/?tel=13812345678 " * 15_000,
    "a scheme without end": "a" * 1_000_000 + "://",
    "escapes": "%41" * 300_000 + "13812345678",
    "escaped digits": "%31" * 300_000,
    "names": "我叫张三，" * 30_000,
}


@pytest.mark.parametrize("text", LONG_TEXTS.values(), ids=LONG_TEXTS)
def test_masking_takes_linear_time(text: str) -> None:
    started = time.process_time()
    mask_text(text)
    assert time.process_time() - started < SECONDS


def test_long_texts_are_masked_all_through() -> None:
    assert set(mask_text("a@b.cn " * 20_000)) == {"*", " "}
    assert "1381" not in mask_text("13812345678，" * 20_000)
    assert "8123" not in mask_text("http://a.cn/?tel=13812345678 " * 5_000)


REFUSED = {
    "one line": ("a.csv", "工单编号,受理时间\n" + "a" * (18 << 20), "有一行超过"),
    "a cell without end": ("a.csv", '工单编号,受理时间\nA1,"' + "a" * (18 << 20) + '"\n', "有一行超过"),
    "blank lines": ("a.csv", "工单编号,受理时间\n" + "\n" * (6 << 20) + "A1,2025-06-01\n", "空行"),
    "blank rows": ("a.csv", "工单编号,受理时间\n" + ",\r\n" * (2 << 20) + "A1,2025-06-01\n", "空行"),
    "tags never closed": ("a.html", TABLE + "<" * 2_000_000, "网页已损坏"),
    "comments never closed": ("a.html", TABLE + "<!--" * 500_000 + "-->", "网页已损坏"),
    "attributes never closed": ("a.html", TABLE + "<td a='" * 300_000 + ">", "网页已损坏"),
    "lists in lists": ("a.json", "[" * 1_000_000, ""),
}


@pytest.mark.parametrize(("name", "text", "said"), REFUSED.values(), ids=REFUSED)
def test_refused_before_it_takes_long(name: str, text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    started = time.process_time()
    with pytest.raises(InputError) as caught:
        for table in open_tables([tmp_path / name], known_headers={"工单编号", "受理时间"}):
            list(table.batches())
    assert said in str(caught.value)
    assert caught.value.remedy
    assert time.process_time() - started < SECONDS


def test_long_texts_of_people_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "工单编号,诉求内容\nA1," + "长" * 300_000 + "\n" + "\n" * 1_000 + "A2,短\n", encoding="utf-8"
    )
    (table,) = open_tables([path], known_headers={"工单编号", "诉求内容"})
    assert sum(batch.table.num_rows for batch in table.batches()) == 2


def test_a_text_among_statuses_is_no_code_and_takes_no_time() -> None:
    started = time.process_time()
    assert code_of("[" * 100_000 + "已办结", {"已办结": "closed"}) is None
    assert time.process_time() - started < 1


FAR = {
    "far down and right": '<row r="1048576"><c r="XFD1048576"/></row>',
    "single quotes": "<row r='1048576'><c r='XFD1048576'/></row>",
    "another attribute first, on two lines": '<row r="2"><c a="r"\n r = "XFD1048576"/></row>',
    "a name space": '<x:row r="1048576"><x:c r="XFD1048576"/></x:row>',
    "far right in one row, far down in another": '<row><c r="XFD1"/></row><row><c r="A1048576"/></row>',
    "a row that no sheet has": '<row r="4000000000"><c r="A4000000000"/></row>',
    "a long way between": '<row><c r="XFD1"/></row>' + " " * 5_000_000 + "<c r='B1048576'/>",
}


@pytest.mark.parametrize("sheet", FAR.values(), ids=FAR)
def test_a_sheet_with_a_far_cell_is_refused(sheet: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"<sheetData>{sheet}</sheetData>")
    with pytest.raises(InputError, match="工作表大得不正常"):
        require_reasonable(path, "a.xlsx")


def test_an_address_in_the_text_of_a_cell_is_no_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        cell = '<row r="1048576"><c r="A1048576"><is><t>公式写作 ="XFD9"</t></is></c></row>'
        archive.writestr("xl/worksheets/sheet1.xml", cell)
    assert require_reasonable(path, "a.xlsx") == []


@pytest.mark.parametrize("last", ["Z1048576", "CQ1000000", "XFD6000"])
def test_a_large_sheet_is_read(last: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        number = re.sub(r"\D", "", last)
        archive.writestr("xl/worksheets/sheet1.xml", f'<row r="{number}"><c r="{last}"/></row>')
    assert require_reasonable(path, "a.xlsx") == []
