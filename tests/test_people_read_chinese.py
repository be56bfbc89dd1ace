"""No text for people shows an English code, flag or column name, and no count without thousands apart.

Every report in every form that people read, its chart, and what the commands about files and stores say.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from matplotlib.text import Text
from rich.console import Console

import hotline_tools as ht
from cli import hotline
from every_code import everything
from helpers import MemoryDatabase, database_of
from hotline_tools.codes import CODE_LABELS, FILTER_LABELS
from hotline_tools.jobs.repeat_files import write_issues, write_members
from hotline_tools.jobs.suggesting import SUGGESTION_LABELS, SUGGESTIONS
from hotline_tools.render.chart import draw
from hotline_tools.render.registry import render
from hotline_tools.render.terminal import render_terminal
from hotline_tools.reports.period import month
from hotline_tools.reports.query import LEVELS, Query
from hotline_tools.reports.registry import find_report, reports
from hotline_tools.reports.run import run_report
from hotline_tools.schema import LABEL_COLUMNS, ORDER_COLUMNS
from hotline_tools.table import ReportTable

NAMES = sorted(reports())
CODES = {*CODE_LABELS, *FILTER_LABELS, *LEVELS, "previous", "last-year", "day", "week", "month", "quarter"}
CODES |= {"nan", "NaN", "NaT", "inf", "None", "True", "False", "true", "false"}
COLUMNS = {column.name for column in (*ORDER_COLUMNS, *LABEL_COLUMNS)}
_TYPED = re.compile(r"hotline( [a-z-]+)+|--[a-z-]+( [a-z-]+)?|(\S+\.(?:toml|xlsx|csv))")
"""What a reader is to type, and file names."""
_WORD = re.compile(r"[A-Za-z][A-Za-z_:-]*")
_UNPARTED = re.compile(r"(?<![\d,.:-])\d{4,}(?= ?[件行个条人项])")


def wrong_words(text: str, columns: set[str]) -> set[str]:
    """Return the codes, flags and column names that stand in ``text``, and counts that lack their commas."""
    text = _TYPED.sub(" ", text)
    found = set(_WORD.findall(text)) & (CODES | COLUMNS | columns)
    return found | set(_UNPARTED.findall(text))


@pytest.fixture(scope="module")
def database() -> MemoryDatabase:
    return database_of(everything())


def as_read(table: ReportTable) -> Iterator[tuple[str, str]]:
    """Yield each form that people read as text."""
    console = Console(file=io.StringIO(), width=100, force_terminal=False)
    render_terminal(table, console)
    yield "terminal", console.file.getvalue().replace("\n", "")
    yield "md", render(table, "md").decode()
    yield (
        "html",
        re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", render(table, "html").decode(), flags=re.DOTALL),
    )
    book = openpyxl.load_workbook(io.BytesIO(render(table, "xlsx")))
    yield "xlsx", " ".join(str(c.value) for s in book for row in s for c in row if isinstance(c.value, str))
    book.close()
    if table.chart is not None and table.rows:
        yield "chart", " ".join(text.get_text() for text in draw(table).findobj(Text))


@pytest.mark.parametrize("name", NAMES)
def test_reports_read_as_chinese_in_every_form(name: str, database: MemoryDatabase) -> None:
    report = find_report(name)
    period = month(2025, 5)
    queries = [Query(top=5)]
    queries += [Query(period=period, compare="previous", top=5)] if report.keys else []
    queries += (
        [Query(by="street", top=3)]
        if "by" in report.options and name not in ("categories", "channels")
        else []
    )
    for query in queries:
        table = run_report(report, database, query)
        for form, text in as_read(table):
            assert wrong_words(text, {column.name for column in table.columns}) == set(), form


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("状态：closed 3 件", {"closed"}),
        ("质量标记：reply-before-letter 3 行", {"reply-before-letter"}),
        ("共 31838 件", {"31838"}),
        ("按 street 分组", {"street"}),
        ("运行 hotline classify 可补标；用 --by street 指定；31,838 件；工单 100234", set()),
    ],
)
def test_the_check_sees_what_is_wrong(text: str, wrong: set[str]) -> None:
    assert wrong_words(text, set()) == wrong


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with a sample export of 1,500 orders, imported and classified."""
    folder = tmp_path_factory.mktemp("desk")
    for command in (["sample", ".", "--orders", "1500"], ["import", "年度工单.csv"], ["classify"]):
        assert hotline(*command, cwd=folder).code == 0
    return folder


@pytest.mark.parametrize(
    "command",
    [
        ("inspect", "年度工单.csv"),
        ("inspect", "年度工单.csv", "--format", "html"),
        ("inspect", "留言板.xlsx"),
        ("import", "留言板.xlsx"),
        ("store", "info"),
        ("store", "imports"),
        ("report", "agreement"),
        ("report", "supervise", "--period", "2021-06"),
    ],
    ids=" ".join,
)
def test_commands_about_files_and_stores_read_as_chinese(command: tuple[str, ...], desk: Path) -> None:
    ran = hotline(*command, cwd=desk)
    assert ran.code in (0, 3)
    text = re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", f"{ran.out}\n{ran.err}", flags=re.DOTALL)
    assert wrong_words(text, set()) == set()


def test_workbooks_of_rows_have_chinese_headings_and_csv_the_names(
    briefing_year: Path, tmp_path: Path
) -> None:
    store = ht.Store.open(briefing_year / "hotline-store")
    headings = {}
    for write, name in ((write_issues, "事项"), (write_members, "归并")):
        write(store, tmp_path / f"{name}.xlsx")
        write(store, tmp_path / f"{name}.csv")
        sheet = openpyxl.load_workbook(tmp_path / f"{name}.xlsx").active
        headings[name] = [str(cell.value) for cell in sheet[1]]
        names = (tmp_path / f"{name}.csv").read_text("utf-8-sig").partition("\n")[0].split(",")
        assert len(headings[name]) == len(set(headings[name])) == len(names)
        assert "issue_id" in names
    suggested = [SUGGESTION_LABELS.get(name, name) for name in SUGGESTIONS.names]
    for heading in (*headings["事项"], *headings["归并"], *suggested):
        assert not re.search("[A-Za-z]", heading), heading
