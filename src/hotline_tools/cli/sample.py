"""``hotline sample``: generated exports to try things on."""

from pathlib import Path
from typing import Annotated

import typer

from hotline_tools.cli.shared import state_of


def sample(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="目录", help="写到这个目录。")],
    orders: Annotated[
        int, typer.Option("--orders", metavar="N", help="热线全年的工单数。", min=100)
    ] = 31_838,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="随机种子；相同种子得相同文件。")] = 2021,
) -> None:
    """生成示例数据：一年热线工单、一个月留言板、一个月网格上报，各带真值表。

    例：hotline sample 示例数据 --orders 1000
    """
    from hotline_tools import library

    for path in library.sample(directory, orders=orders, seed=seed):
        state_of(context).say(f"已生成 {path}")
