"""PDF: tagged by PDF/UA, the same bytes again, broad pages; a clear word where typst is missing."""

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from document_samples import BARS, DOCUMENT, HOSTILE
from hotline_tools.document import Document, Section, Sentence
from hotline_tools.errors import UsageError
from hotline_tools.render import registry
from hotline_tools.render.registry import form_for, render
from hotline_tools.table import Field, Note, NoteKind, ReportTable


@pytest.fixture(scope="module")
def blob() -> bytes:
    pytest.importorskip("typst")
    return render(DOCUMENT, "pdf")


def page_sizes(blob: bytes) -> list[tuple[int, int]]:
    """Width and height of every page in millimetres."""
    found = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", blob)
    return [(round(float(w) / 72 * 25.4), round(float(h) / 72 * 25.4)) for w, h in found]


def test_a_pdf_says_that_it_can_be_read_aloud(blob: bytes) -> None:
    assert blob.startswith(b"%PDF-1.7")
    assert re.search(rb"<pdfuaid:part>1</pdfuaid:part>", blob)
    assert "六月月报".encode() in blob  # the title, in the metadata
    assert b"/MarkInfo" in blob and re.search(rb"/Lang\s*\(zh-CN\)", blob)
    assert b"/S /TH" in blob or b"/S/TH" in blob


def test_nothing_of_a_machine_stands_in_it(blob: bytes) -> None:
    assert render(DOCUMENT, "pdf") == blob
    assert b"CreationDate" not in blob or b"D:1980" in blob
    assert not re.search(rb"/(Author|Producer) \((?!Typst)", blob)
    fonts = set(re.findall(rb"/FontName\s*/[A-Z]{6}\+(\w+)", blob))
    assert fonts <= {b"NotoSerifSC", b"NotoSansSC"} and fonts


def test_pages_are_upright_and_a_broad_attachment_lies(blob: bytes) -> None:
    assert set(page_sizes(blob)) == {(210, 297)}
    columns = [Field("unit", "单位"), *(Field(f"c{n}", f"指标第{n}", "integer") for n in range(20))]
    broad = ReportTable("x", "宽表", tuple(columns), [{"unit": "甲", **{f"c{n}": 12345 for n in range(20)}}])
    document = Document(
        "题", (Section("正文", (Sentence("一句。"),)), Section("宽表", (broad,), is_attachment=True))
    )
    assert page_sizes(render(document, "pdf")) == [(210, 297), (297, 210)]


@pytest.mark.parametrize("text", [HOSTILE, '#eval("1")', "*粗* _斜_ = 题", "$x_1$ @a <b>", "\\u{41} // 注"])
def test_texts_are_never_markup(text: str) -> None:
    """Anything that typst read as markup would fail, or ask for what is not there."""
    pytest.importorskip("typst")
    table = replace(BARS, title=text, rows=[{"category": text, "orders": 1}], chart=None)
    document = Document(text, (Section(text, (Sentence(text), table)),), to_verify=(text,))
    assert render(document, "pdf").startswith(b"%PDF")


def test_without_typst_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str, *_: Any) -> None:
        assert name == "typst"

    monkeypatch.setattr(registry, "find_spec", nothing)
    for act in (lambda: form_for(Path("月报.pdf"), "document"), lambda: render(DOCUMENT, "pdf")):
        with pytest.raises(UsageError) as refused:
            act()
        assert "typst" in str(refused.value) and "pip install 'hotline-tools[pdf]'" in str(
            refused.value.remedy
        )
        assert ".docx" in str(refused.value.remedy)
    assert form_for(Path("图.pdf"), "chart") == "pdf"  # charts need none


def page_texts(document: Document) -> list[str]:
    pypdf = pytest.importorskip("pypdf")
    pytest.importorskip("typst")
    reader = pypdf.PdfReader(io.BytesIO(render(document, "pdf")))
    return ["".join(page.extract_text().split()) for page in reader.pages]


@pytest.mark.parametrize("before", range(10, 20, 2))
def test_a_short_table_stands_on_one_page_with_its_notes(before: int) -> None:
    table = ReportTable(
        "t", "短表", (Field("name", "名称"),), [{"name": f"第{n}项"} for n in range(6)],
        notes=[Note(NoteKind.SHOWN, "末注。")],
    )  # fmt: skip
    sentences = [Sentence(f"第{n}句，一行。") for n in range(before)]
    pages = page_texts(Document("题", (Section("正文", (*sentences, table)),)))
    (page,) = [page for page in pages if "短表" in page]
    assert all(f"第{n}项" in page for n in range(6)) and "末注。" in page


@pytest.mark.parametrize("has_totals", [False, True])
@pytest.mark.parametrize("notes", [0, 4])
@pytest.mark.parametrize("before", range(0, 20, 3))
def test_a_long_table_ends_with_three_rows_and_its_notes(before: int, notes: int, has_totals: bool) -> None:
    table = ReportTable(
        "t", "长表", (Field("name", "名称"), Field("orders", "工单数", "integer")),
        [{"name": f"第{n}项", "orders": n} for n in range(40)], totals={"orders": 9} if has_totals else {},
        notes=[Note(NoteKind.SHOWN, f"末{n}注" + "说明" * 30) for n in range(notes)],
    )  # fmt: skip
    sentences = [Sentence(f"前{n}句，一行。") for n in range(before)]
    pages = page_texts(Document("题", (Section("正文", (*sentences, table)),)))
    whole = "".join(pages)
    assert re.findall(r"第(\d+)项", whole) == [str(n) for n in range(40)]
    assert re.findall(r"末(\d)注", whole) == [str(n) for n in range(notes)]
    last = next(page for page in reversed(pages) if "项" in page)
    assert last.count("项") + last.count("合计") >= 3
    assert len(re.findall(r"末\d注", last)) == notes


def test_a_row_stays_on_one_page() -> None:
    rows = [{"name": f"起{n}" + "长" * 300 + f"止{n}"} for n in range(12)]
    pages = page_texts(
        Document("题", (Section("正文", (ReportTable("t", "表", (Field("name", "名称"),), rows),)),))
    )
    ends = [(re.findall(r"起(\d+)", page), re.findall(r"止(\d+)", page)) for page in pages]
    assert len(pages) > 2 and all(begun == ended for begun, ended in ends)


@pytest.mark.parametrize("before", range(12, 22, 2))
def test_no_page_holds_the_list_of_attachments_alone(before: int) -> None:
    sentences = [Sentence(f"第{n}句，一行。") for n in range(before)]
    attached = [Section(f"附表{n}", (BARS,), is_attachment=True) for n in range(4)]
    pages = page_texts(Document("题", (Section("正文", tuple(sentences)), *attached)))
    (page,) = [page for page in pages if "附件：1.附表0" in page]
    assert f"第{before - 1}句" in page
