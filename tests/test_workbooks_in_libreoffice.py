"""Workbooks in LibreOffice: pages are full, nothing leaves the paper, notes stand once."""

import re
import shutil
import subprocess

import pytest

from document_samples import DOCUMENT
from hotline_tools.document import Document, Section, Sentence
from hotline_tools.render.registry import render
from hotline_tools.table import Field, Note, NoteKind, ReportTable

OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(not (OFFICE and shutil.which("pdftotext")), reason="needs LibreOffice")
WORD = re.compile(r'<word xMin="[-\d.]+" yMin="[-\d.]+" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
MARGIN, FOOTER = 0.4 * 72, 36
"""Points at the sides of the paper, and of its foot where the number of the page stands."""
NAME = Field("name", "名称")
LONG = Field("why", "理由", "list")


def figures(many: int) -> list[Field]:
    return [Field(f"f{number}", "办结工单数", "integer") for number in range(many)]


def long_table(title: str, rows: int, columns: list[Field]) -> ReportTable:
    texts = {"why": ["多人反映：不同来电人 15 人", "短期集中：7 天内 14 件", "办结后又来 12 件"]}
    row = {field.name: texts.get(field.name, 1_234_567) for field in columns}
    lines = [{"name": f"行{number:03d}", **row} for number in range(rows)]
    notes = [Note(NoteKind.SHOWN, f"末注{number}。") for number in range(3)]
    return ReportTable("t", title, (NAME, *columns), lines, notes=notes)


TABLES = {
    "窄": long_table("窄", 150, figures(3)),
    "宽": long_table("宽", 150, figures(12)),
    "折": long_table("折", 60, [LONG, *figures(10)]),
    "跨": long_table("跨", 80, figures(24)),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[float, float, str, str]]:
    """Of each page of all workbooks: how far the text goes to the right and down, its text, its foot."""
    folder = tmp_path_factory.mktemp("office")
    sentences = tuple(Sentence(f"第{n}句，" + "按时办结率84.9%，解决率65.0%；" * (n % 9)) for n in range(60))
    (folder / "表.xlsx").write_bytes(
        render(Document("月报", (Section("一", sentences), Section("", tuple(TABLES.values())))), "xlsx")
    )
    (folder / "图.xlsx").write_bytes(render(DOCUMENT, "xlsx"))
    command = [str(OFFICE), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", folder, folder / "表.xlsx", folder / "图.xlsx"],
        check=True, capture_output=True, timeout=200,
    )  # fmt: skip
    found = []
    for file in ("表.pdf", "图.pdf"):
        boxes = ["pdftotext", "-bbox", str(folder / file), "-"]
        text = subprocess.run(boxes, check=True, capture_output=True, text=True).stdout
        for width, height, content in PAGE.findall(text):
            words = [(float(x), float(y), word) for x, y, word in WORD.findall(content)]
            body = [word for word in words if word[1] < float(height) - FOOTER]
            foot = "".join(word[2] for word in words if word not in body)
            right, low = max(word[0] for word in body), max(word[1] for word in body)
            found.append((float(width) - right, low / float(height), "".join(w[2] for w in body), foot))
    return found


def test_nothing_is_printed_into_the_margin(pages: list[tuple[float, float, str, str]]) -> None:
    assert len(pages) > 20
    assert all(right >= MARGIN for right, *_ in pages)


@pytest.mark.parametrize("sheet", TABLES)
def test_a_page_is_full_before_the_next_begins(
    pages: list[tuple[float, float, str, str]], sheet: str
) -> None:
    name, across = f"{list(TABLES).index(sheet) + 1}{sheet}", 1
    if sheet == "跨":
        name, across = "4明细", 2
    of_sheet = [low for _, low, _, foot in pages if foot.startswith(name)]
    assert len(of_sheet) >= 2 * across
    # The body of a page ends at 0.93 of its height; the last two pages share what is left. A row of four
    # lines takes 0.1.
    assert all(low > (0.75 if sheet == "折" else 0.85) for low in of_sheet[: -2 * across])


def test_a_broad_table_has_its_names_on_each_page_and_its_notes_once(
    pages: list[tuple[float, float, str, str]],
) -> None:
    texts = [text for _, _, text, foot in pages if foot.startswith("4明细")]
    whole = "".join(texts)
    assert all(re.search(r"行\d{3}", text) for text in texts)
    assert re.findall(r"末注(\d)", whole) == ["0", "1", "2"]
    assert [whole.count(f"行{number:03d}") for number in range(80)] == [2] * 80


def test_charts_show_what_stands_in_the_sheet_that_is_not_printed(
    pages: list[tuple[float, float, str, str]],
) -> None:
    feet = [foot for *_, foot in pages]
    assert not any("图表数据" in foot for foot in feet)
    overview = "".join(text for _, _, text, foot in pages[-10:] if foot.startswith("概览"))
    assert "1,234" in overview and "90.5" in overview
