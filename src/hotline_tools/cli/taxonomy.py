"""``hotline taxonomy``: the categories orders are put into."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.chinese import Command, Group
from hotline_tools.cli.shared import state_of

if TYPE_CHECKING:
    from hotline_tools.taxonomy import Category

group = typer.Typer(cls=Group, no_args_is_help=True, help="分类体系：查看内置的，检查自己的。")

FileArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[文件]", help="分类体系（TOML、CSV 或 XLSX）；不写则看内置体系。", show_default=False
    ),
]


@group.command("list", cls=Command)
def list_(file: FileArgument = None) -> None:
    """列出各级类别。

    例：hotline taxonomy list
    """
    from hotline_tools.taxonomy import load_taxonomy

    for category in load_taxonomy(file).walk():
        code = f"{category.code} " if category.code else ""
        typer.echo(f"{'  ' * (len(category.path) - 1)}{code}{category.name}")


@group.command("show", cls=Command)
def show(
    name: Annotated[str, typer.Argument(metavar="类别", help="类别名，或 一级/二级。")],
    file: FileArgument = None,
) -> None:
    """看一个类别的定义和关键词。

    例：hotline taxonomy show 物业管理/电梯运行
    """
    from hotline_tools.taxonomy import load_taxonomy

    for category in _named(list(load_taxonomy(file).walk()), name):
        typer.echo(f"{category.key}：{category.definition or '（没有定义）'}")
        words = sorted(category.terms, key=lambda word: (-category.terms[word], word))
        typer.echo(f"  关键词 {len(words):,} 个：{' '.join(words)}")
        if category.patterns:
            typer.echo(f"  组合词：{' '.join(map(str, category.patterns))}")


def _named(categories: "list[Category]", name: str) -> "list[Category]":
    from hotline_tools.errors import UsageError
    from hotline_tools.suggestions import did_you_mean

    found = [category for category in categories if name in (category.name, category.key)]
    if found:
        return found
    hint = did_you_mean(name, [category.name for category in categories], cutoff=0.3)
    raise UsageError(f"没有类别 {name}", remedy=f"{hint}运行 hotline taxonomy list 查看全部。")


@group.command("check", cls=Command)
def check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="文件", help="分类体系（TOML、CSV 或 XLSX）。")],
) -> None:
    """检查分类体系文件，一次列出全部问题。

    例：hotline taxonomy check 我市分类.xlsx
    """
    from hotline_tools.taxonomy import load_taxonomy

    taxonomy = load_taxonomy(file)
    count = sum(1 for _ in taxonomy.walk())
    state_of(context).say(f"{file} 没有问题：{taxonomy.depth} 级，共 {count:,} 个类别。")
