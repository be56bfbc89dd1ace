"""The public face: its names, its answers, and that it is light, silent and never ends the process."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from inspect import getdoc, signature
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

import pytest

import hotline_tools as ht
from cli import hotline
from hotline_tools.cli.library_reference import parsed

ROOT = Path(__file__).parents[1]
NAMES = {
    "work": ["import_files", "inspect", "classify", "classify_files", "classify_texts", "find_repeats",
             "report", "report_names", "sql", "write", "chart", "brief", "check_briefing", "run", "sample"],
    "objects": ["Store", "ReportTable", "Note", "NoteKind", "Document", "ImportResult", "Brief",
                "RunResult", "StepResult", "Sentence", "Chart", "ChartHint"],
    "errors": ["HotlineError", "UsageError", "InputError", "EncryptedFileError", "NoHeaderError",
               "DataFileError", "ModelError", "NotComputableError", "StoreError", "StoreLockedError",
               "JobRunningError"],
}  # fmt: skip
FUNCTIONS: dict[str, Callable[..., Any]] = {name: getattr(ht, name) for name in NAMES["work"]}

SNIPPET = """
import hotline_tools as ht
store = ht.Store.open("hotline-store", create=True)
ht.import_files(store, ["六月.xlsx"]);  ht.classify(store);  ht.find_repeats(store)
table = ht.report(store, "departments", period="2021-06", compare="previous")
assert table.to_pandas().shape[0] == table.to_arrow().num_rows == len(table.rows) > 0
assert "<table" in table._repr_html_()
ht.write(table, "考核.xlsx"); ht.chart(table, "考核.png")
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a labelled store of a generated year, and one month of it as the examples name it."""
    folder = tmp_path_factory.mktemp("desk")
    ht.sample(folder, orders=600)
    (folder / "每月.toml").write_text('period = "2021-06"\n[classify]\n', "utf-8")
    (folder / "六月.xlsx").write_bytes(_workbook(folder / "年度工单.csv"))
    store = ht.Store.open(folder / "hotline-store", create=True)
    ht.import_files(store, folder / "年度工单.csv")
    ht.classify(store)
    ht.find_repeats(store)
    return folder


def _workbook(export: Path) -> bytes:
    import csv
    import io

    import xlsxwriter

    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        with export.open(encoding="utf-8-sig", newline="") as lines:
            for index, row in enumerate(csv.reader(lines)):
                sheet.write_row(index, 0, row)
    return sink.getvalue()


@pytest.fixture(scope="module")
def store(desk: Path) -> ht.Store:
    return ht.Store.open(desk / "hotline-store")


def test_the_names_of_the_face_are_these() -> None:
    assert sorted(ht.__all__) == sorted(name for names in NAMES.values() for name in names)
    assert set(ht.__all__) <= set(dir(ht))
    with pytest.raises(AttributeError, match="no attribute 'breif'"):
        _ = ht.breif  # type: ignore[attr-defined]


OF_EXTRAS = {"pyspark", "py4j", "sqlglot", "typst", "pypdf"}


def test_no_room_takes_the_place_of_a_function_of_its_name() -> None:
    for module in walk_packages(ht.__path__, "hotline_tools."):
        if not module.name.endswith("__main__"):
            try:
                import_module(module.name)
            except ModuleNotFoundError as error:
                assert error.name is not None and error.name.partition(".")[0] in OF_EXTRAS
    assert import_module("hotline_tools.classify").__name__ == "hotline_tools.classify"
    assert [name for name in ht.__all__ if isinstance(getattr(ht, name), ModuleType)] == []


def test_importing_the_face_is_light() -> None:
    code = (
        "import sys, hotline_tools as ht\nht.report, ht.HotlineError, ht.ReportTable, ht.Document, dir(ht)\n"
        "heavy = {'pandas', 'duckdb', 'sklearn', 'matplotlib', 'pyarrow', 'numpy', 'rjieba', 'scipy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def shown_in(page: str) -> str:
    """The first Python block of a page, asked of the year that the samples are of."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return text.split("```python\n")[1].split("```")[0].replace("2025-06", "2021-06")


def test_the_pages_show_the_same_snippets() -> None:
    assert shown_in("README.md") == shown_in("README.zh-CN.md")
    assert shown_in("docs/library.md") == shown_in("docs/library.zh-CN.md")


@pytest.mark.parametrize(
    "code",
    [SNIPPET, shown_in("README.md"), shown_in("docs/library.md")],
    ids=["architecture", "README", "library"],
)
def test_the_snippet_runs_in_an_empty_directory(code: str, desk: Path, tmp_path: Path) -> None:
    for name in ("六月.xlsx", "六月工单.xlsx"):
        (tmp_path / name).write_bytes((desk / "六月.xlsx").read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "考核.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "考核.xlsx").read_bytes().startswith(b"PK")


CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("categories", {}, []),
    ("categories", {"period": "2021-06", "by": "subcategory", "top": 5},
     ["--period", "2021-06", "--by", "subcategory", "--top", "5"]),
    ("departments", {"period": "2021-06", "compare": "previous", "profile": "three-rates"},
     ["--period", "2021-06", "--compare", "previous", "--profile", "three-rates"]),
    ("departments", {"period": "2021Q2", "as_of": "2021-06-30T24:00", "co": True},
     ["--period", "2021Q2", "--as-of", "2021-06-30T24:00", "--co"]),
    ("trend", {"step": "month", "category": "物业管理", "period": "2021"},
     ["--step", "month", "--category", "物业管理", "--period", "2021"]),
    ("areas", {"by": "street", "compare": "2021-03", "period": "2021-04"},
     ["--by", "street", "--compare", "2021-03", "--period", "2021-04"]),
    ("channels", {"proactive": True}, ["--proactive"]),
    ("supervise", {"hours": 24, "as_of": "2021-06-15"}, ["--hours", "24", "--as-of", "2021-06-15"]),
    ("repeat-rates", {"by": "street"}, ["--by", "street"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "filters", "options"), CASES)
def test_a_report_is_what_the_command_prints(
    name: str, filters: dict[str, Any], options: list[str], desk: Path, store: ht.Store
) -> None:
    ran = hotline("report", name, *options, "--format", "json", cwd=desk)
    assert ran.code in (0, 3), ran.err
    table = ht.report(store, name, **filters)
    assert table.to_dict() == json.loads(ran.out)
    assert table.incomplete == (ran.code == 3)


def test_a_query_is_what_the_command_prints(desk: Path, store: ht.Store) -> None:
    query = "SELECT channel, count(*) AS orders FROM orders GROUP BY ALL ORDER BY ALL"
    ran = hotline("sql", query, "--format", "json", cwd=desk)
    assert ht.sql(store, query).to_dict() == json.loads(ran.out)


def test_the_names_of_the_reports_are_those_of_the_list(desk: Path) -> None:
    listed = hotline("report", "--list", cwd=desk).out.splitlines()
    assert [line.split()[0] for line in listed] == list(ht.report_names())


def test_an_import_tells_rows_rejects_and_skipped_files(tmp_path: Path) -> None:
    folder = tmp_path / "导出"
    folder.mkdir()
    (folder / "a.csv").write_text(
        "工单编号,受理时间,诉求标题\n1,2025-06-02 08:00:00,电梯坏了\n2,2025-06-03,停水,多,余,的,列\n",
        "utf-8",
    )
    (folder / "说明.txt").write_text("本目录为六月导出。\n", "utf-8")
    store = ht.Store.open(tmp_path / "store", create=True)
    tried = ht.import_files(store, folder, dry_run=True)
    assert tried.totals["new"] == 1 and store.info().orders == 0
    result = ht.import_files(store, folder)
    assert result.totals == {
        "read": 2, "new": 1, "updated": 0, "unchanged": 0, "duplicate": 0, "rejected": 1,
    }  # fmt: skip
    assert [(row["file"], row["row_number"]) for row in result.rejects.rows] == [("a.csv", 3)]
    assert len(result.skipped) == 1 and "说明.txt" in str(result.skipped[0])
    assert result._repr_html_() == result.table._repr_html_()
    (noted,) = ht.inspect(folder)
    assert any("说明.txt" in note for note in noted.notes)
    tagged = ht.classify_files(folder, tmp_path / "b.csv")
    assert (tagged.rows, tagged.rejected, len(tagged.skipped)) == (1, 1, 1)


def test_texts_are_classified_with_their_evidence() -> None:
    table = ht.classify_texts(["小区2号楼的电梯坏了三天，物业一直不来修", ""])
    assert [row["category"] for row in table.rows] == ["物业管理", None]
    assert "电梯" in str(table.rows[0]["evidence"])


WORDS = ht.ReportTable("words", "一张表", columns=(), rows=[])
MISTAKES: list[tuple[str, type[ht.HotlineError], Callable[[ht.Store, Path], object]]] = [
    ("no store", ht.StoreError, lambda _, folder: ht.Store.open(folder / "nowhere")),
    ("no such file", ht.InputError, lambda store, folder: ht.import_files(store, folder / "无.xlsx")),
    ("no such report", ht.UsageError, lambda store, _: ht.report(store, "departmnts")),
    ("a filter not used", ht.UsageError, lambda store, _: ht.report(store, "categories", hours=3)),
    ("no such period", ht.UsageError, lambda store, _: ht.report(store, "trend", period="2021-13")),
    ("no such profile", ht.UsageError, lambda store, _: ht.report(store, "departments", profile="x")),
    ("wrong SQL", ht.UsageError, lambda store, _: ht.sql(store, "SELEC 1")),
    ("unknown suffix", ht.UsageError, lambda _, folder: ht.write(WORDS, folder / "a.doc")),
    ("no folder", ht.StoreError, lambda _, folder: ht.write(WORDS, folder / "b" / "a.csv")),
    ("no picture", ht.NotComputableError, lambda _, folder: ht.chart(WORDS, folder / "a.png")),
    ("no model", ht.DataFileError, lambda store, folder: ht.classify(store, model=folder / "无.model")),
]  # fmt: skip


@pytest.mark.parametrize(("error", "call"), [c[1:] for c in MISTAKES], ids=[c[0] for c in MISTAKES])
def test_a_mistake_is_an_error_of_the_tree_and_nothing_is_printed(
    error: type[ht.HotlineError],
    call: Callable[[ht.Store, Path], object],
    store: ht.Store,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(error) as raised:
        call(store, tmp_path)
    assert raised.value.message
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_documents_its_parameters_and_its_example_runs(
    name: str, desk: Path, store: ht.Store, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    function = FUNCTIONS[name]
    page = parsed(getdoc(function) or "")
    assert list(page.parameters) == list(signature(function).parameters)
    assert page.returns and page.example
    for error in page.raises:
        assert issubclass(getattr(ht, error), ht.HotlineError)
    names = {"ht": ht, "store": store}
    for line in page.example:
        exec(line, names)
    assert capfd.readouterr() == ("", "")


def test_the_pages_of_the_library_are_up_to_date() -> None:
    from hotline_tools.cli.library_reference import PAGES

    for path, page in PAGES.items():
        text = (ROOT / path).read_text(encoding="utf-8")
        assert text == page(), f"run: python -m hotline_tools.cli.library_reference ({path})"
        assert all(f"### {name}" in text for name in FUNCTIONS)


def test_the_chinese_page_has_a_chinese_sentence_for_everything() -> None:
    from hotline_tools.cli.library_reference import CHINESE

    missing = [
        name for name in NAMES["work"] + NAMES["objects"] if not re.search(r"[一-鿿]", CHINESE.get(name, ""))
    ]
    assert missing == []
