"""No option is ignored without a word: it works beside the others, or it is refused before the work."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer.main

from cli import hotline
from hotline_tools.cli.app import app

UNUSED = [
    ("report --list -o a.txt", "--list 不用 -o"),
    ("report categories --list --period 2021-06", "--list 不用 报表、--period"),
    ("report categories --sql --format json --wide", "--sql 不用 --format、--wide"),
    ("brief --list --preview", "--list 不用 --preview"),
    ("brief --period 2021-06 check a.docx", "brief check 不用 --period"),
    ("--spark-master local[1] report categories", "不在 Spark 上计算时不用 --spark-master"),
    ("--spark-conf a=b report categories", "不在 Spark 上计算时不用 --spark-conf"),
    ("classify --layout a.toml", "工单库的归类不用 --layout"),
    ("classify --explain 1 --mask --workers 2", "--explain 不用 --workers、--mask"),
    ("classify a.csv -o b.csv --model a.model --taxonomy a.toml", "--model 不用 --taxonomy"),
    ("train --store-labels -o a.model --layout a.toml", "只学工单库的标注时不用 --layout"),
    ("evaluate --store-labels --password-file a.txt", "只用工单库的标注时不用 --password-file"),
    ("evaluate a.csv --label 类 --model a.model --taxonomy a.toml", "--model 不用 --taxonomy"),
    ("repeats --layout a.toml", "查工单库时不用 --layout"),
    ("review export -o a.xlsx --model a.model --taxonomy a.toml", "--model 不用 --taxonomy"),
    ("review import a.xlsx --model a.model --taxonomy a.toml", "--model 不用 --taxonomy"),
    ("run 月.toml --init --wait 5", "--init 不用 --wait"),
    ("inspect 年度工单.csv --format json -o a.html", "矛盾"),
]


@pytest.fixture
def desk(briefing_year: Path, tmp_path: Path) -> Path:
    """A folder with a store that no test changes."""
    return shutil.copytree(briefing_year, tmp_path / "year", ignore=shutil.ignore_patterns("editions"))


@pytest.mark.parametrize(("line", "said"), UNUSED)
def test_what_has_no_effect_is_refused(line: str, said: str, desk: Path) -> None:
    before = sorted(desk.iterdir())
    ran = hotline(*line.split(), cwd=desk)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert said in ran.err
    assert sorted(desk.iterdir()) == before


def test_the_sql_of_a_report_goes_into_a_file(desk: Path) -> None:
    shown = hotline("report", "pareto", "--sql", cwd=desk).out
    ran = hotline("report", "pareto", "--sql", "-o", "q.sql", cwd=desk)
    assert (ran.code, ran.out, (desk / "q.sql").read_text("utf-8")) == (0, "", shown)


BINARY = [
    ("import 年度工单.csv --format xlsx", "请在命令后加 > 结果.xlsx"),
    ("store info --format parquet", "请在命令后加 > 结果.parquet"),
    ("store imports --format docx", "请在命令后加 > 结果.docx"),
    ("report channels --format xlsx", "请加 -o 结果.xlsx"),
    ("sql SELECT(1) --format parquet", "请加 -o 结果.parquet"),
    ("topics list --format xlsx", "请加 -o 结果.xlsx"),
    ("issues list --format xlsx", "请加 -o 结果.xlsx"),
]


@pytest.mark.parametrize(("line", "said"), BINARY)
def test_no_workbook_is_poured_onto_a_terminal(
    line: str, said: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli._Text.isatty", lambda _: True)
    imports = len(list((desk / "hotline-store" / "imports").iterdir()))
    ran = hotline(*line.split(), cwd=desk)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert len(list((desk / "hotline-store" / "imports").iterdir())) == imports


NARROW = [
    ("report departments", "加 --wide 或 -o 文件.xlsx 看全部"),
    ("issues list", "加 -o 文件.xlsx 看全部"),
    ("repeats --workers 1", "加 -o 文件.xlsx 看全部"),
    ("sql SELECT/**/*/**/FROM/**/orders/**/LIMIT/**/1", "加 -o 文件.xlsx 看全部"),
    ("store imports", "加 --format csv > 文件.csv 看全部"),
    ("import 年度工单.csv --dry-run", "把窗口拉宽看全部"),
]


@pytest.mark.parametrize(("line", "said"), NARROW)
def test_a_narrow_screen_names_only_options_that_the_command_has(
    line: str, said: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "44")
    shown = "".join(hotline(*line.split(), cwd=desk).out.split())
    assert re.findall("未列出：.*?；([^；]*?看全部)。", shown) == [said.replace(" ", "")]
    command: Any = typer.main.get_command(app)
    for word in line.split():
        command = getattr(command, "commands", {}).get(word, command)
    options = {option for parameter in command.params for option in parameter.opts}
    assert set(re.findall(r"--?[a-z]+", said)) <= options


def test_the_import_log_at_80_columns_tells_what_became_of_the_rows(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    heading = hotline("store", "imports", cwd=desk).out.splitlines()[1]
    assert [word for word in ("读入", "新增", "拒收") if word not in heading] == []


def test_an_unknown_form_is_refused_before_the_import(desk: Path) -> None:
    imports = len(list((desk / "hotline-store" / "imports").iterdir()))
    assert hotline("import", "年度工单.csv", "--format", "xslx", cwd=desk).code == 2
    assert len(list((desk / "hotline-store" / "imports").iterdir())) == imports


def test_topics_as_of_a_day_know_nothing_that_came_later(desk: Path) -> None:
    for day, title in (("2025-06-01", "停车"), ("2025-07-01", "噪声")):
        hotline("topics", "open", title, "--community", "甲社区", "--date", day, cwd=desk)
    hotline("topics", "advance", "1", "--step", "公示", "--date", "2025-06-20", cwd=desk)
    told = json.loads(hotline("topics", "list", "--as-of", "2025-06-10", "--format", "json", cwd=desk).out)
    (row,) = told["rows"]
    assert (row["title"], row["step_1"], row["next_step"], row["waiting_days"]) == ("停车", None, "公示", 9)
    assert told["totals"]["topics"] == 1
