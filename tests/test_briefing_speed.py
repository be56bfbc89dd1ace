"""What makes briefings fast changes nothing in them: remembered answers, several processes, several forms."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import hotline_tools as ht
from cli import hotline
from hotline_tools.jobs.brief_each import path_of
from hotline_tools.jobs.remembered import Remembered

UNIT = "区住房和城乡建设局"
UNITS = (UNIT, "区教育局", "区公安分局")


class Counting:
    """A database whose views are numbers; ``asked`` counts the questions that reach it."""

    def __init__(self) -> None:
        self.views: dict[str, str] = {"stored": "1"}
        self.asked: list[str] = []

    def query(self, sql: str) -> pa.Table:
        self.asked.append(sql)
        name = sql
        while name in self.views:
            name = self.views[name]
        return pa.table({"n": [int(name)] * (30_000 if sql == "wide" else 1)})

    def define(self, name: str, select: str) -> None:
        self.views[name] = select


def answer(database: Any, sql: str) -> int:
    return database.query(sql)["n"].to_pylist()[0]


def test_a_question_is_asked_once_until_a_view_that_it_looks_at_changes() -> None:
    counting = Counting()
    database = Remembered(counting)
    database.define("inner", "7")
    database.define("outer", "inner")
    database.define("other", "8")
    assert [answer(database, "outer") for _ in range(3)] == [7, 7, 7] and counting.asked == ["outer"]
    database.define("other", "9")
    assert answer(database, "outer") == 7 and counting.asked == ["outer"]
    database.define("inner", "5")  # not named in the question, but in the view that it names
    assert answer(database, "outer") == 5 and counting.asked == ["outer", "outer"]
    database.define("inner", "7")
    assert answer(database, "outer") == 7 and len(counting.asked) == 2


def test_large_answers_are_not_kept_and_old_ones_are_dropped() -> None:
    counting = Counting()
    database = Remembered(counting)
    database.define("wide", "3")
    assert answer(database, "wide") == answer(database, "wide") == 3 and counting.asked == ["wide"] * 2
    for number in [1, *range(200), 1]:
        database.query(str(number))
    assert counting.asked.count("1") == 2


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("each")
    ht.sample(folder, orders=600)
    export = folder / "年度工单.csv"
    header, *lines = export.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    few = [line for line in lines if any(unit in line for unit in UNITS)]
    export.write_text(header + "".join(few), encoding="utf-8")
    store = ht.Store.open(folder / "hotline-store", create=True)
    ht.import_files(store, export)
    ht.classify(store)
    ht.find_repeats(store, workers=1)
    return folder


def test_each_department_gets_the_file_that_it_gets_alone(desk: Path) -> None:
    done = hotline(
        "brief", "--period", "2021", "--each", "department", "-o", "通报.md", "-o", "通报.docx", cwd=desk
    )
    assert done.code == 0, done.err
    store = ht.Store.open(desk / "hotline-store")
    units = [row["unit"] for row in ht.report(store, "departments", period="2021").rows if row["orders"]]
    assert sorted(path.name for path in desk.glob("通报-*.md")) == sorted(
        path_of(Path("通报.md"), unit).name for unit in units if unit != "（未填写）"
    )
    alone = ht.brief(store, period="2021", edition="department", department=UNIT)
    alone.write(desk / "一份.docx")
    assert (desk / f"通报-{UNIT}.md").read_text(encoding="utf-8") == alone.markdown()
    assert (desk / f"通报-{UNIT}.docx").read_bytes() == (desk / "一份.docx").read_bytes()
    assert f"已写出 {len(list(desk.glob('通报-*.docx')))} 份：通报-单位名.docx" in done.err


def test_one_command_writes_all_forms(desk: Path) -> None:
    names = ["年报.docx", "年报.html", "年报.xlsx", "年报.pptx", "年报.md"]
    outputs = [part for name in names for part in ("-o", name)]
    done = hotline("brief", "--period", "2021", "--edition", "yearly", *outputs, cwd=desk)
    assert done.code == 0, done.err
    assert all((desk / name).stat().st_size for name in names)
    assert 'id="orders-data"' in (desk / "年报.html").read_text(encoding="utf-8")
    refused = hotline("brief", "--period", "2021", "-o", "一.docx", "-o", "二.xyz", cwd=desk)
    assert refused.code == 2 and not (desk / "一.docx").exists()
