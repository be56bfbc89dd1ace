"""``hotline inspect``: what a file is, before anything is imported."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.shared import (
    FilesArgument,
    LayoutOption,
    OutputOption,
    PasswordOption,
    read_tables,
    state_of,
)
from hotline_tools.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from hotline_tools.table import ReportTable


def inspect(
    context: typer.Context,
    files: FilesArgument,
    layout: LayoutOption = None,
    password_file: PasswordOption = None,
    form: Annotated[str, typer.Option("--format", metavar="格式", help="table、json 或 html。")] = "table",
    output: OutputOption = None,
) -> None:
    """查看导出文件：格式、编码、表头、版式、各列对应与填写质量；不导入。

    例：hotline inspect 六月工单.xlsx
    """
    from hotline_tools.jobs.inspecting import inspect_table

    state = state_of(context)
    found = read_tables(state, files, layout, password_file)
    tables = [inspect_table(table, match).report() for table, match in found.tables]
    _show(tables, form, output)
    if any(table.incomplete for table in tables):
        raise typer.Exit(ExitCode.PARTIAL)


def _show(tables: "list[ReportTable]", form: str, output: OutputOption) -> None:
    if form == "table" and output is None:
        from rich.console import Console

        from hotline_tools.render.terminal import render_terminal

        for table in tables:
            render_terminal(table, Console(), wide="加 -o 文件.html 看全部")
        return
    suffix = output.suffix.lower().lstrip(".") if output is not None else ""
    if suffix in ("json", "html") and form not in ("table", suffix):
        raise UsageError(f"--format {form} 与后缀 .{suffix} 矛盾", where=str(output), remedy="请只留一个。")
    suffix = suffix if form == "table" else form
    if suffix == "json":
        text = json.dumps([table.to_dict() for table in tables], ensure_ascii=False, indent=2) + "\n"
    elif suffix == "html":
        from hotline_tools.render.html import render_html

        text = render_html(tables)
    else:
        raise UsageError(f"inspect 不能输出为 {suffix}", remedy="可用：table、json、html。")
    if output is None:
        sys.stdout.write(text)
    else:
        from hotline_tools.files import write_bytes

        write_bytes(output, text.encode("utf-8"))
