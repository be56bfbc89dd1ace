"""Every command × every exit code that ``errors.ExitCode`` declares."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import filelock
import openpyxl
import pytest
import typer.main

import hotline_tools
from cli import hotline
from hotline_tools import errors
from hotline_tools.cli.app import app
from hotline_tools.cli.reference import EXIT_COMMANDS
from hotline_tools.errors import ExitCode, HotlineError


def commands(group: Any, path: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path}{name} ")
        if not hasattr(command, "commands") or command.invoke_without_command:
            yield f"{path}{name}"


COMMANDS = tuple(commands(typer.main.get_command(app)))
GOOD = "1,2025-06-01 08:00,电梯坏了,小区电梯坏了三天没人修,甲局"
HEADER = "工单编号,受理时间,诉求标题,诉求内容,主办单位"


def write(path: Path, *rows: str, header: str = HEADER) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


# 1: a problem with data or files. In an empty folder every command that reads something has one.

FAILING = {
    "demo": "demo file", "sample": "sample file", "inspect": "inspect 无.csv", "import": "import 无.csv",
    "classify": "classify", "train": "train 无.csv --label 主办单位 -o a.model",
    "evaluate": "evaluate 无.csv --label 主办单位", "suggest": "suggest --model a.model -o a.xlsx",
    "repeats": "repeats", "report": "report categories", "chart": "chart categories -o a.png",
    "brief": "brief --period 2025-06 -o a.docx", "brief check": "brief check 无.docx",
    "run": "run 无.toml", "sql": "sql SELECT(1)",
    "review export": "review export -o a.xlsx", "review import": "review import 无.xlsx",
    "issues list": "issues list", "issues show": "issues show R000001", "issues why": "issues why 1 2",
    "issues confirm": "issues confirm R000001",
    "issues join": "issues join R000001 R000002", "issues split": "issues split R000001 1",
    "issues rename": "issues rename R000001 名", "issues mute": "issues mute R000001",
    "topics list": "topics list", "topics open": "topics open 题 --community 社区",
    "topics advance": "topics advance 1 --step 公示", "topics withdraw": "topics withdraw 1 --reason 因",
    "taxonomy list": "taxonomy list 无.toml",
    "taxonomy show": "taxonomy show 物业管理 无.toml",
    "taxonomy check": "taxonomy check 无.toml", "layout list": "--config 无.toml layout list",
    "layout new": "layout new 无.csv", "layout check": "layout check 无.toml",
    "profile check": "profile check 无.toml", "store info": "store info", "store imports": "store imports",
    "store undo": "store undo x --yes", "store verify": "store verify",
    "store quarantine": "store quarantine", "store backup": "store backup 备份.zip",
    "store restore": "--store 新 store restore 无.zip",
    "store forget": "store forget --before 2020-01-01 --yes", "config show": "--config 无.toml config show",
}  # fmt: skip
NEVER_FAIL = {"profile list", "profile show"}
"""They read nothing but what is shipped; a name that is none is wrong usage."""


def test_every_command_is_in_the_table() -> None:
    assert set(FAILING) | NEVER_FAIL == set(COMMANDS)
    assert set(FAILING) & NEVER_FAIL == set()


@pytest.mark.parametrize("name", FAILING)
def test_a_problem_with_files_is_1_in_one_line(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    ran = hotline(*FAILING[name].split(), cwd=tmp_path)
    assert ran.code == ExitCode.FAILED
    assert (ran.out, ran.err.count("\n"), ran.err.startswith("错误：")) == ("", 1, True), ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("name", COMMANDS)
def test_wrong_usage_is_2(name: str, tmp_path: Path) -> None:
    ran = hotline(*name.split(), "--nonsense", cwd=tmp_path)
    assert (ran.code, ran.err.count("\n")) == (ExitCode.USAGE, 1)
    assert "--nonsense" in ran.err and f"hotline {name} --help" in ran.err


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_0(name: str, tmp_path: Path) -> None:
    """That each does its work with 0 is tested by the examples of the help texts."""
    assert hotline(*name.split(), "--help", cwd=tmp_path).code == ExitCode.DONE


NAMED = {
    "report": "report nosuch",
    "chart": "chart nosuch -o a.png",
    "profile": "report departments --profile nosuch",
    "profile show": "profile show nosuch",
    "layout": "inspect a.csv --layout nosuch",
    "engine": "--engine nosuch report categories",
    "edition": "brief --period 2025-06 --edition nosuch -o a.docx",
    "category of the taxonomy": "taxonomy show nosuch",
    "level": "report trend --by nosuch",
    "step": "report trend --step nosuch",
    "basis": "report loop --basis nosuch",
    "period": "report trend --period nosuch",
    "table": "evaluate a.csv --label 标题 --table nosuch",
    "form": "report categories --format nosuch",
    "issue": "issues show R999999",
    "import": "store undo nosuch --yes",
    "topic": "topics advance 9 --step 公示",
}
"""Whatever has a name: one that is none is wrong usage; a path that leads nowhere is a problem with files."""


@pytest.mark.parametrize("what", NAMED)
def test_a_name_that_is_none_is_wrong_usage(what: str, tmp_path: Path) -> None:
    in_store(tmp_path)
    ran = hotline(*NAMED[what].split(), cwd=tmp_path)
    assert (ran.code, ran.err.count("\n")) == (ExitCode.USAGE, 1), ran.err


def test_a_name_of_the_settings_is_a_mistake_in_their_file(tmp_path: Path) -> None:
    in_store(tmp_path)
    (tmp_path / "我市.toml").write_text('profile = "nosuch"\n', "utf-8")
    ran = hotline("--config", "我市.toml", "report", "departments", cwd=tmp_path)
    assert ran.code == ExitCode.FAILED
    assert ran.err.startswith("错误：我市.toml：profile：没有名为 nosuch 的考核口径")


# 3: done, but not all


def rejected(desk: Path) -> None:
    write(desk / "a.csv", GOOD, "2,2025-06-02,停水,多,余,的,列")


def in_store(desk: Path) -> None:
    rows = [f"{i},2025-06-{i % 27 + 1:02d} 08:00,电梯坏了{i},小区{i}电梯坏了没人修,甲局" for i in range(27)]
    write(desk / "a.csv", *rows)
    assert hotline("import", "a.csv", cwd=desk).code == 0


def personal_notes(desk: Path) -> None:
    in_store(desk)
    (desk / "话.md").write_text("# 总体情况\n\n请致电 13800138000。\n", "utf-8")


def contradicting(desk: Path) -> None:
    (desk / "月报.md").write_text("# 2025年6月月报\n\n咨询1188件，占受理总量1828件的55%。\n", "utf-8")


def job_with_reject(desk: Path) -> None:
    rejected(desk)
    (desk / "月.toml").write_text('[inputs]\nfiles = ["*.csv"]\n', "utf-8")


def in_dispute(desk: Path) -> None:
    in_store(desk)
    assert hotline("review", "export", "-o", "a.xlsx", "--top", "9", cwd=desk).code == 0
    for person, category in (("甲", "物业管理"), ("乙", "噪声扰民")):
        book = openpyxl.load_workbook(desk / "a.xlsx")
        book["说明"]["B3"] = person
        sheet = next(sheet for sheet in book if any(cell.value == "正确类别" for cell in sheet[1]))
        column = next(cell.column for cell in sheet[1] if cell.value == "正确类别")
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, column).value = category
        book.save(desk / f"{person}.xlsx")
        book.close()


def without_a_month(desk: Path) -> None:
    in_store(desk)
    aside = desk / "hotline-store" / "quarantine"
    aside.mkdir()
    (aside / "orders.parquet").write_bytes(b"damaged")


def without_a_month_but_issues(desk: Path) -> None:
    write(
        desk / "b.csv",
        *(
            f"重{day},2025-06-0{day} 08:00,电梯坏了,翠湖雅苑小区1号楼电梯坏了没人修,甲局"
            for day in range(1, 6)
        ),
    )
    assert hotline("import", "b.csv", cwd=desk).code == 0
    without_a_month(desk)
    hotline("repeats", "--workers", "1", cwd=desk)


def without_a_month_but_a_model(desk: Path) -> None:
    rejected_labels(desk)
    hotline("train", "l.csv", "--label", "主办单位", "-o", "a.model", cwd=desk)
    without_a_month(desk)


def rejected_labels(desk: Path) -> None:
    rows = [
        f"学{i},2025-06-01 08:00,{what}{i},小区{i}{what},{unit}"
        for i in range(9)
        for what, unit in (("电梯坏了", "甲局"), ("夜间施工噪声", "乙局"))
    ]
    write(desk / "l.csv", *rows, "2,2025-06-02,停水,多,余,的,列")


PARTIAL: dict[str, tuple[Callable[[Path], None], str]] = {
    "inspect": (rejected, "inspect a.csv"),
    "import": (rejected, "import a.csv"),
    "classify": (rejected, "classify a.csv -o b.csv"),
    "repeats": (rejected, "repeats a.csv -o b.csv"),
    "report": (in_store, "report departments"),
    "chart": (without_a_month, "chart channels -o b.png"),
    "sql": (without_a_month, "sql SELECT(1)"),
    "brief": (personal_notes, "brief --period 2025-06 --notes 话.md -o b.docx"),
    "brief check": (contradicting, "brief check 月报.md"),
    "run": (job_with_reject, "run 月.toml"),
    "review import": (in_dispute, "review import 甲.xlsx 乙.xlsx"),
    "train": (rejected_labels, "train l.csv --label 主办单位 -o a.model"),
    "evaluate": (rejected_labels, "evaluate l.csv --label 主办单位 --holdout"),
    "suggest": (without_a_month_but_a_model, "suggest --model a.model"),
    "review export": (without_a_month, "review export -o b.xlsx"),
    "issues list": (without_a_month, "issues list"),
    "issues show": (without_a_month_but_issues, "issues show R000001"),
    "issues why": (without_a_month_but_issues, "issues why 重1 重2"),
    "topics list": (without_a_month, "topics list"),
    "store info": (without_a_month, "store info"),
    "store imports": (without_a_month, "store imports"),
    "store undo": (without_a_month, "store undo THE-IMPORT --yes"),
    "store verify": (without_a_month, "store verify"),
    "store backup": (without_a_month, "store backup b.zip"),
    "store forget": (without_a_month, "store forget --before 2000-01-01 --yes"),
}
FROM_THE_STORE = ("classify", "classify --all", "classify --explain 1", "repeats")
"""Of those that may reject rows of files, too."""


@pytest.mark.parametrize("name", PARTIAL)
def test_done_in_part_is_3(name: str, tmp_path: Path) -> None:
    prepare, line = PARTIAL[name]
    prepare(tmp_path)
    for record in tmp_path.glob("hotline-store/imports/*.json"):
        line = line.replace("THE-IMPORT", record.stem)
    ran = hotline(*line.split(), cwd=tmp_path)
    assert ran.code == ExitCode.PARTIAL, (ran.code, ran.err)


@pytest.mark.parametrize("line", FROM_THE_STORE)
def test_what_is_drawn_from_a_store_that_has_lost_files_is_3(line: str, tmp_path: Path) -> None:
    without_a_month(tmp_path)
    ran = hotline(*line.split(), cwd=tmp_path)
    assert (ran.code, ran.err.count("隔离的文件")) == (ExitCode.PARTIAL, 1), ran.err


def test_a_result_of_a_job_tells_that_the_store_has_lost_files(tmp_path: Path) -> None:
    without_a_month(tmp_path)
    (tmp_path / "月.toml").write_text('[[report]]\nname = "channels"\noutput = "渠道.csv"\n', "utf-8")
    ran = hotline("run", "月.toml", cwd=tmp_path)
    (log,) = tmp_path.glob("月.run/*.jsonl")
    assert (ran.code, "隔离的文件" in log.read_text("utf-8")) == (ExitCode.PARTIAL, True)


def test_the_reference_names_the_commands_of_the_codes_that_not_all_have() -> None:
    assert set(EXIT_COMMANDS[ExitCode.PARTIAL]) == set(PARTIAL)
    assert EXIT_COMMANDS[ExitCode.RUNNING] == ("run",)
    assert set(EXIT_COMMANDS) == set(ExitCode) - {
        ExitCode.DONE, ExitCode.FAILED, ExitCode.USAGE, ExitCode.INTERRUPTED,
    }  # fmt: skip


def test_no_other_command_ends_with_3() -> None:
    """By the source: a module of commands speaks of the code exactly when one of its commands has it."""
    folder = Path(hotline_tools.__file__).parent / "cli"
    speaking = {
        path.stem.partition("_")[0]
        for path in folder.glob("*.py")
        if path.stem not in ("reference", "shared")
        and re.search(r"ExitCode\.PARTIAL|result\.exit_code|state\.leave\(", path.read_text("utf-8"))
    }
    assert speaking == {name.split()[0] for name in PARTIAL}


# 4 and 130


def test_another_run_of_the_job_is_4(tmp_path: Path) -> None:
    (tmp_path / "月.toml").write_text("[classify]\n", "utf-8")
    (tmp_path / "月.run").mkdir()
    with filelock.FileLock(tmp_path / "月.run" / ".lock"):
        ran = hotline("run", "月.toml", cwd=tmp_path)
    assert (ran.code, ran.err.count("\n")) == (ExitCode.RUNNING, 1)


@pytest.mark.skipif(os.name == "nt", reason="SIGINT to a process")
@pytest.mark.parametrize(
    "line",
    [
        "demo d --orders 3000",
        "import -",
        "sql SELECT(sum(a.range*b.range))FROM/**/range(9000000)a,range(900000)b",
        "run 月.toml",
    ],
)
def test_ctrl_c_is_130_and_says_what_holds(line: str, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", *(GOOD.replace("1,", f"{i},", 1) for i in range(60_000)))
    (tmp_path / "月.toml").write_text('[inputs]\nfiles = ["*.csv"]\n[classify]\n[repeats]\n', "utf-8")
    if line.startswith("sql"):
        write(tmp_path / "b.csv", GOOD)
        assert hotline("import", "b.csv", cwd=tmp_path).code == 0
    with subprocess.Popen(
        [sys.executable, "-m", "hotline_tools", *line.split()],
        cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        time.sleep(2.5)
        assert child.poll() is None, "it has ended before it could be interrupted"
        child.send_signal(signal.SIGINT)
        try:
            child.wait(120)
        except subprocess.TimeoutExpired:
            child.kill()
        assert child.stderr is not None
        said = child.stderr.read().decode("utf-8")
    assert child.returncode == ExitCode.INTERRUPTED, said
    assert "已中断" in said and "Traceback" not in said


def test_every_error_has_the_code_that_the_tree_says() -> None:
    """The drawing at the top of errors.py, against the classes."""
    drawn = dict(re.findall(r"── (\w+)[^\n]*exit (\d)$", errors.__doc__ or "", re.MULTILINE))
    assert len(drawn) == 6
    for name, code in drawn.items():
        assert getattr(errors, name).exit_code == int(code)
    classes = [
        item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, HotlineError)
    ]
    undrawn = (
        {item.__name__ for item in classes}
        - set(re.findall(r"── (\w+)", errors.__doc__ or ""))
        - {"HotlineError"}
    )
    assert undrawn == set()
    assert {item.exit_code for item in classes} == {ExitCode.FAILED, ExitCode.USAGE, ExitCode.RUNNING}
