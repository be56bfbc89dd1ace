"""``hotline demo``: the main job, end to end, on generated data."""

from pathlib import Path
from typing import Annotated

import typer

from hotline_tools.cli.shared import BY_WINDOW, emit, state_of


def demo(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="[目录]", help="结果放在这里。")] = Path(),
    orders: Annotated[int, typer.Option("--orders", metavar="N", help="生成多少件工单。", min=100)] = 31_838,
) -> None:
    """用生成的一年工单走一遍全程：导入、归类、占比、出图，并与真值对照。

    例：hotline demo 演示
    """
    from hotline_tools.jobs.demo import run_demo
    from hotline_tools.jobs.importing import records_table

    state = state_of(context)
    found = run_demo(directory, orders=orders, step=state.progress)
    emit(records_table(found.imported.records), None, None, wide=BY_WINDOW)
    emit(found.shares, None, None, wide=BY_WINDOW)
    emit(found.compared, None, None, wide=BY_WINDOW)
    typer.echo("结果：")
    for path in found.files:
        typer.echo(f"  {path}")
    store = found.files[-1]
    where = "" if store == Path("hotline-store") else f" --store {store}"
    typer.echo(f"接着试试：hotline{where} report categories --period 2021-06 --by subcategory")
