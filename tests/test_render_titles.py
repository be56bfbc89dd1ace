"""Titles of documents break at sensible places: never inside a date, a number or a word."""

import io

import docx
import pptx
import pytest

from hotline_tools.document import Document, Section, Sentence
from hotline_tools.render.registry import render
from hotline_tools.render.titles import title_lines

WEEK = "2021年第24周（6月14日至6月20日）12345热线周报"
IN_TWO = ["2021年第24周（6月14日至6月20日）", "12345热线周报"]
CASES = {
    "a short title is one line": ("2021年6月12345热线工作月报", ["2021年6月12345热线工作月报"]),
    "behind a bracket, before the number of the hotline": (WEEK, IN_TWO),
    "before what the unit does": (
        "2021年6月区住房和城乡建设局承办12345热线诉求情况通报",
        ["2021年6月区住房和城乡建设局", "承办12345热线诉求情况通报"],
    ),
    "a remark in brackets stays in one piece": (
        "2021年12月12345热线工作月报（未满，截至12月20日）",
        ["2021年12月12345热线工作月报", "（未满，截至12月20日）"],
    ),
    "behind a date, not inside a word": (
        "2021年6月违章停车与道路交通安全设施诉求专报",
        ["2021年6月", "违章停车与道路交通安全设施诉求专报"],
    ),
    "a range of dates stays whole": (
        "2021年1月1日—12月31日某市公共服务热线中心群众诉求情况总报告",
        ["2021年1月1日—12月31日", "某市公共服务热线中心群众诉求情况总报告"],
    ),
    "words stay whole where there is no better place": (
        "关于群众反映集中的供水供电供暖方面突出问题的情况报告",
        ["关于群众反映集中的供水供电", "供暖方面突出问题的情况报告"],
    ),
    "what cannot be broken is left to the program": ("长" + "x" * 60, ["长" + "x" * 60]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_title_breaks_at_sensible_places(name: str) -> None:
    title, lines = CASES[name]
    assert title_lines(title, 20) == lines


def test_word_files_and_slides_have_these_lines() -> None:
    document = Document(WEEK, (Section("一、总体情况", (Sentence("共受理645件。"),)),))
    word = docx.Document(io.BytesIO(render(document, "docx")))
    assert next(p.text for p in word.paragraphs if p.style.name == "Title").split("\n") == IN_TWO
    deck = pptx.Presentation(io.BytesIO(render(document, "pptx")))
    title = deck.slides[0].shapes.title.text_frame
    assert title.text.split("\v") == IN_TWO
    assert {run.font.size.pt for run in title.paragraphs[0].runs} == {32}  # broad figures fit, too


def test_a_pdf_has_these_lines() -> None:
    pypdf = pytest.importorskip("pypdf")
    pytest.importorskip("typst")
    document = Document(WEEK, (Section("一、总体情况", (Sentence("共受理645件。"),)),))
    page = pypdf.PdfReader(io.BytesIO(render(document, "pdf"))).pages[0].extract_text()
    assert page.splitlines()[:2] == IN_TWO
