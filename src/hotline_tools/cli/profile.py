"""``hotline profile``: how departments are judged: limits, rates, scores."""

from pathlib import Path
from typing import Annotated

import typer

from hotline_tools.cli.chinese import Command, Group
from hotline_tools.cli.completion import profile_names
from hotline_tools.cli.shared import state_of
from hotline_tools.errors import DataFileError

group = typer.Typer(cls=Group, no_args_is_help=True, help="考核口径：时限、各率的分子分母、计分。")


@group.command("list", cls=Command)
def list_() -> None:
    """列出内置的考核口径。

    例：hotline profile list
    """
    from hotline_tools.reports.kpi.profile_file import find_profile, shipped_profiles

    for name in shipped_profiles():
        typer.echo(f"{name:<20}{find_profile(name).title}")


@group.command("show", cls=Command)
def show(
    name: Annotated[
        str, typer.Argument(metavar="口径", help="内置口径的名称。", autocompletion=profile_names)
    ],
) -> None:
    """显示一个内置口径的 TOML，可另存后修改。

    例：hotline profile show default
    """
    from hotline_tools.reports.kpi.profile_file import find_profile

    typer.echo(Path(find_profile(name).path).read_text(encoding="utf-8-sig"), nl=False)


@group.command("check", cls=Command)
def check(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="文件", help="口径 TOML。")]
) -> None:
    """检查考核口径文件，一次列出全部问题。

    例：hotline profile check 我市口径.toml
    """
    from hotline_tools.reports.kpi.profile_file import check_profile

    problems = check_profile(file)
    if problems:
        raise DataFileError("；".join(problems), where=str(file), remedy="请改正后再用。")
    state_of(context).say(f"{file} 没有问题。")
