"""``hotline layout``: the shipped layouts, and an analyst's own."""

from pathlib import Path
from typing import Annotated

import typer

from hotline_tools.cli.chinese import Command, Group
from hotline_tools.cli.shared import OutputOption, PasswordOption, require_new, state_of
from hotline_tools.errors import DataFileError

group = typer.Typer(cls=Group, no_args_is_help=True, help="版式：导出表的列怎样对应到工单字段。")


@group.command("list", cls=Command)
def list_(context: typer.Context) -> None:
    """列出内置版式和自己的版式。

    例：hotline layout list
    """
    from hotline_tools.layouts import load_layouts

    layouts = load_layouts(state_of(context).settings().layouts)
    width = max(len(layout.id) for layout in layouts) + 2
    for layout in layouts:
        typer.echo(f"{layout.id:<{width}}{layout.name}")


@group.command("new", cls=Command)
def new(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="文件", help="一份导出文件。")],
    output: OutputOption = None,
    password_file: PasswordOption = None,
) -> None:
    """照着一份导出文件起草版式，每个猜测都注明理由；改好后用 --layout 指定。

    例：hotline layout new 六月工单.csv -o 我市.toml
    """
    from hotline_tools.files import write_bytes
    from hotline_tools.jobs.opening import read_password
    from hotline_tools.layouts.draft import draft_layout
    from hotline_tools.sources import open_tables

    if output is not None:
        require_new(output)
    table = next(iter(open_tables([file], known_headers=None, password=read_password(password_file))))
    text = draft_layout(table.header, table.sample(), name=file.stem)
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_bytes(output, text.encode("utf-8"))
        state_of(context).say(f"已写出 {output}；改好后运行 hotline layout check {output}")


@group.command("check", cls=Command)
def check(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="文件", help="版式 TOML。")]
) -> None:
    """检查版式文件，一次列出全部问题。

    例：hotline layout check 我市.toml
    """
    from hotline_tools.layouts import check_layout

    mistakes = check_layout(file)
    if mistakes:
        raise DataFileError("；".join(mistakes), where=str(file), remedy="请改正后再用。")
    state_of(context).say(f"{file} 没有问题。")
