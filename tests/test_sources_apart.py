"""Large workbooks, read in a process of their own: the same tables, and one line when that process dies."""

import gc
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from hotline_tools.errors import HotlineError, InputError, NoHeaderError
from hotline_tools.layouts import KnownHeaders, load_layouts
from hotline_tools.sources import RawTable, open_tables
from hotline_tools.sources.model import RawBatch
from hotline_tools.sources.readers import apart
from hotline_tools.sources.readers.grid import BATCH_ROWS

KNOWN = KnownHeaders(load_layouts())
HEADER = ["工单编号", "受理时间", "诉求内容"]
ROWS = 2 * BATCH_ROWS + 3


def _workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, grid in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(grid):
                sheet.write_row(number, 0, row)
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def rows(month: int) -> list[list[Any]]:
        days = (n % 28 + 1 for n in range(ROWS))
        return [
            [f"GD{month}{n:05}", f"2025-{month:02}-{day:02} 08:00:00", "路灯不亮"]
            for n, day in enumerate(days)
        ]

    sheets = {
        f"{month}月": [["受理工单一览"], HEADER, *rows(month), ["合计", ROWS, ""], ["", "", ""]]
        for month in (6, 7)
    }
    return _workbook(tmp_path_factory.mktemp("large") / "工单.xlsx", sheets)


@pytest.fixture
def all_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_LARGE", 0)


def _tables(path: Path) -> list[RawTable]:
    return list(open_tables([path], known_headers=KNOWN))


def _said(batches: list[RawBatch]) -> list[Any]:
    return [(b.table.to_pydict(), b.row_numbers.to_pylist(), b.rejects, b.flags) for b in batches]


def _children() -> set[int]:
    """The processes that this one has started and that read a workbook."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"readers.apart" in (entry / "cmdline").read_bytes():
                found.add(int(entry.name))
        except (OSError, IndexError):
            continue
    return found


def test_a_workbook_says_the_same_from_either_process(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = _tables(large)
    monkeypatch.setattr(apart, "_LARGE", 0)
    there = _tables(large)
    assert [t.sheet for t in there] == ["6月", "7月"]
    for ours, theirs in zip(here, there, strict=True):
        other = {name: getattr(theirs, name) for name in ("reader", "digest", "keep_alive")}
        assert theirs == replace(ours, **other)
        assert theirs.sha256 == ours.sha256
        assert theirs.sample(10).equals(ours.sample(10))
        assert _said(list(theirs.batches())) == _said(list(ours.batches()))
        assert theirs.counts() == ours.counts()
        assert theirs.counts()["rows"] == ROWS
        assert theirs.counts()["total"] == 1


@pytest.mark.usefixtures("all_apart")
def test_two_tables_of_a_workbook_can_be_read_side_by_side_and_again(large: Path) -> None:
    first, second = _tables(large)
    pairs = list(zip_longest(first.batches(), second.batches()))
    assert [len(batch.table) for pair in pairs for batch in pair] == [BATCH_ROWS] * 4 + [3, 3]
    next(first.batches())  # and left
    assert sum(len(batch.table) for batch in first.batches()) == ROWS


@pytest.mark.usefixtures("all_apart")
@pytest.mark.parametrize(
    ("sheets", "error"),
    [({"空": []}, InputError), ({"说明": [["本表由系统导出", "请勿修改"]]}, NoHeaderError)],
    ids=["an empty workbook", "no header"],
)
def test_what_is_wrong_with_a_workbook_is_said_as_ever(
    sheets: dict[str, list[list[Any]]], error: type[HotlineError], tmp_path: Path
) -> None:
    path = _workbook(tmp_path / "a.xlsx", sheets)
    with pytest.raises(error) as caught:
        _tables(path)
    assert type(caught.value) is error
    assert caught.value.where == "a.xlsx"
    assert caught.value.remedy


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
@pytest.mark.usefixtures("all_apart")
def test_a_reader_that_dies_is_one_line(large: Path) -> None:
    before = _children()
    table = _tables(large)[0]
    stream = table.batches()
    next(stream)
    (child,) = _children() - before
    os.kill(child, signal.SIGKILL)
    with pytest.raises(InputError, match=r"工单\.xlsx：工作簿读不下去") as caught:
        list(stream)
    assert "另存为 csv" in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no process by itself")
@pytest.mark.usefixtures("all_apart")
def test_a_workbook_that_takes_too_much_memory_is_one_line(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    popen = subprocess.Popen

    def limited(command: list[str], **options: Any) -> Any:
        code = command[-1].replace(
            "import serve", "import serve; from hotline_tools.sources.readers import apart"
        )
        return popen(
            [*command[:-1], code.replace("serve()", "apart._MOST_MEMORY = 90 << 20; serve()")], **options
        )

    monkeypatch.setattr(subprocess, "Popen", limited)
    with pytest.raises(InputError, match="工作簿读不下去"):
        [list(table.batches()) for table in _tables(large)]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
@pytest.mark.usefixtures("all_apart")
def test_of_many_workbooks_only_the_last_are_held_and_all_are_read(tmp_path: Path) -> None:
    before = _children()
    names = ("4月.xlsx", "5月.xlsx", "6月.xlsx", "7月.xlsx")
    tables = []
    for name in names:
        row = [f"GD{name}", "2025-06-01 08:00:00", "路灯不亮"]
        tables += _tables(_workbook(tmp_path / name, {"表": [HEADER, row]}))
        assert len(_children() - before) <= 2, name
    orders = [batch.table["工单编号"].to_pylist() for table in tables for batch in table.batches()]
    assert orders == [[f"GD{name}"] for name in names]
    assert len(_children() - before) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
@pytest.mark.usefixtures("all_apart")
def test_the_process_ends_with_its_tables(large: Path) -> None:
    before = _children()
    tables = _tables(large)
    assert len(_children() - before) == 1
    del tables
    gc.collect()
    assert _children() <= before


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_the_process_ends_with_whoever_asked_for_it(large: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from hotline_tools.sources.readers import apart\n"
        "kept = apart.open_apart(Path(sys.argv[1]), 'a.xlsx', 'xlsx', str, None)\n"
        "print(kept[0].reader.__closure__[1].cell_contents._child._process.pid, flush=True); time.sleep(60)"
    )
    asking = subprocess.Popen([sys.executable, "-c", code, str(large)], stdout=subprocess.PIPE, text=True)
    assert asking.stdout is not None
    child = int(asking.stdout.readline())
    asking.kill()
    asking.communicate()
    until = time.monotonic() + 20
    while time.monotonic() < until and _runs(child):
        time.sleep(0.05)
    assert not _runs(child)


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_only_large_workbooks_and_those_that_cannot_be_looked_into_are_read_apart(tmp_path: Path) -> None:
    small, big = tmp_path / "small", tmp_path / "big"
    small.write_bytes(b"PK")
    with big.open("wb") as file:
        file.truncate(5 << 20)
    found = {
        kind: (apart.is_read_apart(small, kind), apart.is_read_apart(big, kind)) for kind in ("xlsx", "xlsb")
    }
    assert found == {"xlsx": (False, True), "xlsb": (True, True)}
