"""Word files and workbooks in LibreOffice: what stands on which page."""

import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from hotline_tools.document import Document, Section, Sentence
from hotline_tools.render.registry import render
from hotline_tools.table import Field, Note, NoteKind, ReportTable

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
page_faults = import_module("page_faults")

OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(not (OFFICE and shutil.which("pdftotext")), reason="needs LibreOffice")
FIELDS = (Field("name", "名称"), Field("orders", "工单数", "integer"))
ROWS, NOTES = 40, 6
BEFORE = range(0, 22, 3)
"""Lines of text above the table, so that it ends at several heights of a page."""


def briefing(before: int, *, has_totals: bool, notes: int) -> bytes:
    table = ReportTable(
        "t",
        "表",
        FIELDS,
        [{"name": f"行{number:03d}", "orders": number} for number in range(ROWS)],
        totals={"orders": 9} if has_totals else {},
        notes=[Note(NoteKind.SHOWN, f"末{number}" + "说明" * 30) for number in range(notes)],
    )
    above = tuple(Sentence(f"第{number}句。") for number in range(before))
    return render(Document("月报", (Section("", (*above, table, Sentence("后文。"))),)), "docx")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The text of each page, without blanks, of each file."""
    folder = tmp_path_factory.mktemp("office")
    for before in BEFORE:
        for has_totals in (False, True):
            for notes in (0, NOTES):
                name = f"{before}-{has_totals:d}-{notes}.docx"
                (folder / name).write_bytes(briefing(before, has_totals=has_totals, notes=notes))
    command = [str(OFFICE), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    files = sorted(folder.glob("*.docx"))
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", folder, *files],
        check=True, capture_output=True, timeout=200,
    )  # fmt: skip
    return {file.stem: pages_of(file.with_suffix(".pdf")) for file in files}


def pages_of(pdf: Path) -> list[str]:
    text = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True).stdout
    return [re.sub(r"\s+", "", page) for page in text.split("\f")]


def rows_on(page: str) -> int:
    return len(re.findall(r"行\d{3}", page)) + page.count("合计")


@pytest.mark.parametrize("notes", [0, NOTES])
@pytest.mark.parametrize("has_totals", [False, True])
@pytest.mark.parametrize("before", BEFORE)
def test_a_long_table_ends_with_three_rows_and_its_notes(
    printed: dict[str, list[str]], before: int, has_totals: bool, notes: int
) -> None:
    pages = printed[f"{before}-{has_totals:d}-{notes}"]
    whole = "".join(pages)
    assert re.findall(r"行(\d{3})", whole) == [f"{number:03d}" for number in range(ROWS)]
    assert whole.count("合计") == has_totals
    assert re.findall(r"末(\d)", whole) == [str(number) for number in range(notes)]
    last = next(page for page in reversed(pages) if rows_on(page))
    assert rows_on(last) >= 3
    assert last.count("末") == notes


def test_no_page_of_a_workbook_holds_notes_or_a_row_alone(tmp_path: Path) -> None:
    """Tables of 20 to 71 rows, so that they end at any height of a page, narrow and wide."""
    figures = [Field(f"f{n}", "办结工单数", "integer") for n in range(14)]
    sheets = [
        ReportTable(
            "t",
            f"表{rows}",
            (*FIELDS, *figures[: 14 * (rows % 2)]),
            [{"name": f"行{n:03d}", "orders": n, **{f.name: 1234567 for f in figures}} for n in range(rows)],
            notes=[Note(NoteKind.SHOWN, f"末{n}。") for n in range(rows % 5 * 5)],
        )
        for rows in range(20, 72, 3)
    ]
    (tmp_path / "表.xlsx").write_bytes(render(Document("月报", (Section("", tuple(sheets)),)), "xlsx"))
    command = [str(OFFICE), "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "表.xlsx"],
        check=True, capture_output=True, timeout=200,
    )  # fmt: skip
    pages = page_faults.pages_of(tmp_path / "表.pdf")
    assert len(pages) > len(sheets)
    assert page_faults.faults(pages) == []
