"""Docs that are made from the code stay in step with it; every help has an example that runs."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

import hotline_tools
from cli import hotline
from hotline_tools.cli.app import app
from hotline_tools.cli.reference import cli_reference
from hotline_tools.errors import ExitCode
from hotline_tools.sample import write_sample

ROOT = Path(__file__).parents[1]


def commands(group: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if getattr(command, "invoke_without_command", False):
            yield f"{path}{name}", command
        if hasattr(command, "commands"):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


COMMANDS = dict(commands(typer.main.get_command(app)))
EXAMPLE = re.compile(r"^例：hotline (.+)$", re.MULTILINE)


def test_cli_reference_is_up_to_date() -> None:
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == cli_reference(), (
        "run: python -m hotline_tools.cli.reference > docs/cli.md"
    )


def test_exit_codes_are_the_documented_ones() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "DONE": 0, "FAILED": 1, "USAGE": 2, "PARTIAL": 3, "RUNNING": 4, "INTERRUPTED": 130,
    }  # fmt: skip


def test_changelog_knows_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[(Unreleased|{re.escape(hotline_tools.__version__)})\]", text, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_chinese_help_with_an_example(name: str) -> None:
    text = COMMANDS[name].help or ""
    assert re.search(r"[\u4e00-\u9fff]", text)
    assert EXAMPLE.search(text), f"hotline {name} --help has no example"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An analyst's folder: a store, and the files that the examples speak of."""
    folder = tmp_path_factory.mktemp("desk")
    write_sample(folder, orders=400)
    year = (folder / "年度工单.csv").read_bytes()
    (folder / "六月工单.csv").write_bytes(year)
    assert hotline("import", "年度工单.csv", cwd=folder).code == 0
    assert hotline("classify", "六月工单.csv", "-o", "六月工单.xlsx", cwd=folder).code == 0
    (folder / "我市分类.xlsx").write_bytes(_taxonomy_workbook())
    (folder / "我市口径.toml").write_text(
        hotline("profile", "show", "default", cwd=folder).out, encoding="utf-8"
    )
    (folder / "留言.xlsx").write_bytes((ROOT / "data" / "samples" / "留言板.xlsx").read_bytes())
    assert hotline("repeats", cwd=folder).code == 0
    return folder


def _taxonomy_workbook() -> bytes:
    import io

    import xlsxwriter

    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        rows = [
            ("一级分类", "二级分类"),
            ("物业", "物业收费"),
            ("物业", "电梯"),
            ("交通", "公交"),
            ("交通", "停车"),
        ]
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)
    return sink.getvalue()


@pytest.fixture(scope="module")
def pair(desk: Path) -> dict[str, str]:
    """Two orders of one issue, and an import, in place of those that the examples name."""
    sql = "SELECT order_id FROM issue_members WHERE issue_id = 'R000001' ORDER BY order_id LIMIT 2"
    rows = json.loads(hotline("sql", sql, "--format", "json", cwd=desk).out)["rows"]
    assert hotline("import", "年度工单.csv", cwd=desk).code == 0
    log = json.loads(hotline("store", "imports", "--format", "json", cwd=desk).out)["rows"]
    unchanged = {"20250701T083000123456-ab12": log[0]["import_id"]}
    return {"195511": rows[0]["order_id"], "241373": rows[1]["order_id"], **unchanged}


def test_examples_run(desk: Path, pair: dict[str, str]) -> None:
    """One test for all: some need what an example before them made, and workers share no folder."""
    failed = []
    for command in COMMANDS.values():
        for line in EXAMPLE.findall(command.help):
            ran = hotline(*(pair.get(word, word) for word in shlex.split(line)), cwd=desk)
            if ran.code not in (0, 3):
                failed.append(f"hotline {line}\n{ran.err}")
    assert not failed, "\n".join(failed)


NAMED_PAGE = re.compile(r"docs/[\w.-]+\.md")


def source_texts() -> Iterator[tuple[str, str]]:
    """Yield path and text of every file of the package that may name a page."""
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix in {".py", ".toml", ".sql"}:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def test_every_page_that_the_source_names_exists() -> None:
    named = {(path, page) for path, text in source_texts() for page in NAMED_PAGE.findall(text)}
    assert {page for _, page in named} >= {"docs/kpi.zh-CN.md", "docs/layouts.zh-CN.md"}
    assert [(path, page) for path, page in sorted(named) if not (ROOT / page).is_file()] == []


def test_chinese_texts_name_the_chinese_page_where_there_is_one() -> None:
    """A line with Chinese text is for users; its page is the one that they read."""
    wrong = [
        (path, page)
        for path, text in source_texts()
        for line in text.splitlines()
        if re.search(r"[\u4e00-\u9fff]", line)
        for page in NAMED_PAGE.findall(line)
        if not page.endswith(".zh-CN.md") and (ROOT / page.replace(".md", ".zh-CN.md")).is_file()
    ]
    assert wrong == []
