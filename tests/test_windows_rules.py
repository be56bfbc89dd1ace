"""What differs on Windows or on a Windows desk, by rule: names, patterns, redirected output."""

import subprocess
import sys
from pathlib import Path

import pytest

import hotline_tools as ht
from cli import hotline
from hotline_tools.errors import InputError
from hotline_tools.sources.opening import expanded

CSV = "工单编号,受理时间,诉求标题\n{0},2025-06-01 08:00,电梯坏了\n"


def test_patterns_that_the_shell_left_are_expanded_in_natural_order(tmp_path: Path) -> None:
    for name in ("10月.csv", "9月.csv", "说明.txt", "[1].csv"):
        (tmp_path / name).write_text(CSV.format(name), "utf-8")
    assert [path.name for path in expanded([tmp_path / "*月.csv"])] == ["9月.csv", "10月.csv"]
    assert expanded([tmp_path / "[1].csv"]) == [tmp_path / "[1].csv"]  # a file of that very name
    assert expanded([Path("-")]) == [Path("-")]
    with pytest.raises(InputError, match="没有符合的文件"):
        expanded([tmp_path / "*.xlsx"])
    ran = hotline("import", "*月.csv", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert ht.Store.open(tmp_path / "hotline-store").info().orders == 2
    ran = hotline("import", "*.xlsx", cwd=tmp_path)
    assert (ran.code, ran.err.count("\n")) == (1, 1)


def test_records_name_files_of_a_folder_with_slashes(tmp_path: Path) -> None:
    (tmp_path / "导出" / "乙").mkdir(parents=True)
    (tmp_path / "导出" / "乙" / "c.csv").write_text(CSV.format(1), "utf-8")
    assert hotline("import", "导出", cwd=tmp_path).code == 0
    (record,) = ht.Store.open(tmp_path / "hotline-store").records()
    assert record.file == "乙/c.csv"


@pytest.mark.parametrize(("already", "mark"), [(b"", True), (b"x\n", False)], ids=["new file", ">>"])
def test_a_redirected_csv_keeps_the_mark_that_excel_needs(tmp_path: Path, already: bytes, mark: bool) -> None:
    (tmp_path / "a.csv").write_text(CSV.format(1), "utf-8")
    assert hotline("import", "a.csv", cwd=tmp_path).code == 0
    command = [sys.executable, "-m", "hotline_tools", "sql", "SELECT title FROM orders", "--format", "csv"]
    out = tmp_path / "out.csv"
    out.write_bytes(already)
    with out.open("ab") as sink:
        subprocess.run(command, cwd=tmp_path, stdout=sink, check=True)
    assert out.read_bytes().removeprefix(already).startswith(b"\xef\xbb\xbf") == mark
    piped = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, check=True).stdout
    assert not piped.startswith(b"\xef\xbb\xbf")  # the next program wants none


def test_a_reader_waits_while_a_commit_replaces_the_files_that_it_looks_at(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV.format(1), "utf-8")
    assert hotline("import", "a.csv", cwd=tmp_path).code == 0
    store = ht.Store.open(tmp_path / "hotline-store")
    refusals = [PermissionError(13, "Access is denied"), FileNotFoundError(2, "gone")]
    real = store.generation

    def generation() -> tuple[tuple[str, int], ...]:
        if refusals:
            raise refusals.pop()
        return real()

    store.generation = generation  # type: ignore[method-assign]
    assert [row["n"] for row in ht.sql(store, "SELECT count(*) AS n FROM orders").rows] == [1]
    assert refusals == []
