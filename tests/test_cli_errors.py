"""Bad input: one clear Chinese line with the remedy, the documented exit code, nothing written."""

import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from cli import hotline
from hotline_tools.cli import boundary

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)


def missing(folder: Path) -> Path:
    return folder / "没有.csv"


def empty(folder: Path) -> Path:
    path = folder / "空.csv"
    path.write_bytes(b"")
    return path


def html_page(folder: Path) -> Path:
    path = folder / "导出.csv"
    path.write_text("<!DOCTYPE html><html><body><h1>登录超时</h1></body></html>", encoding="utf-8")
    return path


def picture(folder: Path) -> Path:
    path = folder / "工单.xlsx"
    path.write_bytes(PNG)
    return path


def unknown_header(folder: Path) -> Path:
    path = folder / "销售.csv"
    path.write_text("商品,单价,数量\n苹果,3,5\n梨,2,8\n", encoding="utf-8")
    return path


def empty_folder(folder: Path) -> Path:
    path = folder / "目录"
    path.mkdir()
    (path / "说明.txt").write_text("这里没有导出文件", encoding="utf-8")
    return path


BAD_INPUT = [
    ("a missing file", missing, "没有.csv"),
    ("an empty file", empty, "空"),
    ("an HTML page named .csv", html_page, "导出.csv"),
    ("a picture named .xlsx", picture, "工单.xlsx"),
    ("a CSV without any known header", unknown_header, "表头"),
    ("a directory without exports", empty_folder, "目录"),
]


@pytest.mark.parametrize("command", ["import", "inspect", "classify"])
@pytest.mark.parametrize(("what", "make", "says"), BAD_INPUT, ids=[case[0] for case in BAD_INPUT])
def test_bad_input(command: str, what: str, make: Callable[[Path], Path], says: str, tmp_path: Path) -> None:
    given = make(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    more = ["-o", "out.xlsx"] if command == "classify" else []
    ran = hotline(command, given, *more, cwd=tmp_path)
    assert ran.code == 1
    assert ran.out == ""
    lines = ran.err.splitlines()
    assert len(lines) == 1, ran.err
    assert lines[0].startswith("错误：")
    assert says in lines[0]
    assert lines[0].count("。") >= 2, "what happened, and what to do"
    assert sorted(tmp_path.rglob("*")) == before, "nothing may be written"


UNREADABLE = ["inspect 密.csv", "import 密.csv", "run 密.csv", "--config 密.csv store info", "sql -f 密.csv"]


@pytest.mark.parametrize("line", UNREADABLE)
def test_a_file_that_may_not_be_read_is_a_problem_with_the_file(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "密.csv").touch()
    monkeypatch.setattr("os.access", lambda _path, mode: mode != os.R_OK)  # root may read anything
    ran = hotline(*line.split(), cwd=tmp_path)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "错误：密.csv：读写失败（没有权限）。请检查读写权限，或换一个位置。\n"


GOOD = "工单编号,受理时间,诉求标题,诉求内容\n1,2025-06-01 08:00:00,电梯坏了,小区电梯坏了三天没人修\n"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_store_that_may_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "工单.csv").write_text(GOOD, encoding="utf-8")
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    ran = hotline("--store", locked / "store", "import", "工单.csv", cwd=tmp_path)
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)


def test_a_store_whose_place_is_taken(tmp_path: Path) -> None:
    (tmp_path / "工单.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    ran = hotline("--store", tmp_path / "file" / "store", "import", "工单.csv", cwd=tmp_path)
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert ran.err.startswith("错误：")


USAGE = [
    ("an unknown option", ["import", "x.csv", "--nonsense"], "没有选项 --nonsense"),
    ("an unknown command", ["imprt"], "没有命令 imprt"),
    ("a missing argument", ["chart"], "缺少"),
    ("no file to import", ["import"], "缺少参数"),
    ("an unknown report", ["report", "categorys"], "是不是 categories"),
    ("an unknown level", ["report", "categories", "--by", "distrct"], "distrct"),
    ("a period that is none", ["report", "categories", "--period", "六月"], "看不懂时间段"),
    ("no output for a tagged file", ["classify", "x.csv"], "-o"),
    ("a number that is none", ["report", "categories", "--top", "many"], "--top 的值应为整数"),
]


@pytest.mark.parametrize(("what", "arguments", "says"), USAGE, ids=[case[0] for case in USAGE])
def test_wrong_usage(what: str, arguments: list[str], says: str, tmp_path: Path) -> None:
    ran = hotline(*arguments, cwd=tmp_path)
    assert ran.code == 2
    assert says in ran.err
    assert len(ran.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_no_store_yet(tmp_path: Path) -> None:
    ran = hotline("report", "categories", cwd=tmp_path)
    assert ran.code == 1
    assert "hotline import" in ran.err


def test_traceback_only_with_v(tmp_path: Path) -> None:
    assert "Traceback" not in hotline("import", "没有.csv", cwd=tmp_path).err
    assert "Traceback" in hotline("-v", "import", "没有.csv", cwd=tmp_path).err


def test_every_mistake_of_the_settings_is_told_in_chinese_with_the_key_that_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "hotline.toml"
    path.write_text('stor = "a"\nlock_timeout_seconds = "x"\n', encoding="utf-8")
    ran = hotline("layout", "list", cwd=tmp_path)
    assert ran.code == 1
    for part in ("hotline.toml", "stor 不认识，是不是 store？", "lock_timeout_seconds 须是数"):
        assert part in ran.err


def greedy(**_: object) -> None:
    bytearray(1 << 62)


def narrow(**_: object) -> None:
    """DuckDB with no room for the sums by id that an import makes."""
    with duckdb.connect(config={"memory_limit": "4MB", "max_temp_directory_size": "0KiB"}) as database:
        database.execute(
            "SELECT max(i % 7) FROM range(9000000) AS t(i) GROUP BY CAST(i AS VARCHAR)"
        ).fetchall()


@pytest.mark.parametrize("command", [greedy, narrow])
def test_no_memory_is_no_mistake_of_the_program(
    command: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(boundary, "app", command)
    assert boundary.run(["import", "六月.csv"]) == 1
    said = capsys.readouterr().err
    assert said == "错误：内存不够。请关闭别的程序，或分批导入、缩小统计期间后重试。\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", ""],
        ["import", "a.csv", "  "],
        ["--store", "", "report", "categories"],
        ["--store=", "report", "categories"],
        ["report", "categories", "-o", ""],
        ["report", "categories", "--department", ""],
        ["issues", "rename", "R000001", ""],
    ],
)
def test_an_empty_word_is_refused_wherever_it_stands(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("工单编号,受理时间,诉求内容\n1,2025-06-01,路灯不亮\n", encoding="utf-8")
    ran = hotline(*arguments, cwd=tmp_path)
    assert ran.code == 2
    assert "有一个参数是空的" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"], "nothing was done"
