"""What people made is not written over, a store without all its files says so, an option is what it says."""

from pathlib import Path

import pytest

import hotline_tools as ht
from cli import hotline

EXPORT = "工单编号,受理时间,诉求内容,诉求渠道\n" + "".join(
    f"T{n},2025-0{5 + n % 2}-{n % 28 + 1:02},春晖路{n}号路灯不亮,电话\n" for n in range(40)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "六月.csv").write_text(EXPORT, encoding="utf-8")
    assert hotline("import", "六月.csv", cwd=tmp_path).code == 0
    assert hotline("classify", cwd=tmp_path).code == 0
    return tmp_path


def test_a_review_workbook_and_a_layout_are_not_written_over(folder: Path) -> None:
    for command in (("review", "export", "-o", "表.xlsx"), ("layout", "new", "六月.csv", "-o", "表.toml")):
        place = folder / command[-1]
        assert hotline(*command, cwd=folder).code == 0
        place.write_bytes(b"filled in")
        ran = hotline(*command, cwd=folder)
        assert (ran.code, place.read_bytes()) == (2, b"filled in")
        assert "不覆盖" in ran.err


def test_an_export_is_not_written_over_by_its_own_tags(folder: Path) -> None:
    ran = hotline("classify", "六月.csv", "-o", "./六月.csv", cwd=folder)
    assert ran.code == 2
    assert "原表会被覆盖" in ran.err
    assert (folder / "六月.csv").read_text(encoding="utf-8") == EXPORT


@pytest.mark.parametrize(
    "command",
    [
        ("report", "channels"),
        ("sql", "SELECT count(*) AS n FROM orders"),
        ("chart", "channels", "-o", "图.png"),
        ("brief", "--period", "2025-06", "-o", "报.md"),
    ],
)
def test_a_store_that_lacks_a_month_ends_with_3(folder: Path, command: tuple[str, ...]) -> None:
    assert hotline(*command, cwd=folder).code in (0, 3)
    (folder / "hotline-store/orders/month=2025-05/orders.parquet").unlink()
    ran = hotline(*command, cwd=folder)
    assert ran.code == 3
    assert "不见了" in ran.err


def test_nothing_is_computed_for_a_name_that_cannot_be_written(folder: Path) -> None:
    ran = hotline("repeats", "--members", "归并.txt", cwd=folder)
    assert ran.code != 0
    assert not (folder / "hotline-store/issues").exists()


def test_the_engine_is_that_of_the_file_unless_an_option_says_otherwise(folder: Path) -> None:
    (folder / "c.toml").write_text('engine = "spark"\n', encoding="utf-8")
    shown = hotline("--config", "c.toml", "config", "show", cwd=folder).out
    assert next(line for line in shown.splitlines() if line.startswith("engine ")).split()[1] == "spark"
    shown = hotline("--config", "c.toml", "--engine", "duckdb", "config", "show", cwd=folder).out
    assert next(line for line in shown.splitlines() if line.startswith("engine ")).split()[1] == "duckdb"
    ran = hotline("--engine", "foo", "report", "trend", cwd=folder)
    assert ran.code == 2
    assert "可用：duckdb、spark" in ran.err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("store",), "错误：没有写命令。"),
        (("reprot",), "是不是 report、repeats？"),
        (("chart", "channels"), "缺少选项 -o、--output。"),
    ],
)
def test_usage_errors_read_as_sentences(tmp_path: Path, command: tuple[str, ...], said: str) -> None:
    assert said in hotline(*command, cwd=tmp_path).err


def test_a_terminal_that_tells_no_width_gets_a_table(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "0")
    ran = hotline("report", "channels", cwd=folder)
    assert ran.code == 3, "no satisfaction in the export, and no error"
    assert "电话" in ran.out


def test_the_store_of_the_fixture_is_whole(folder: Path) -> None:
    assert not ht.Store.open(folder / "hotline-store").warnings()
