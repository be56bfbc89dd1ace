"""``hotline report``: one report over the store."""

from typing import Annotated

import typer

from hotline_tools.cli import filters
from hotline_tools.cli.labels import ensure_labels
from hotline_tools.cli.shared import OutputOption, emit, state_of
from hotline_tools.errors import ExitCode, UsageError


def report(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="报表", help="报表名，见 --list。", show_default=False)
    ] = None,
    period: filters.PeriodOption = None,
    by: filters.ByOption = None,
    category: filters.CategoryOption = None,
    department: filters.DepartmentOption = None,
    area: filters.AreaOption = None,
    channel: filters.ChannelOption = None,
    top: filters.TopOption = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="格式", help="table、csv、json、md、xlsx 或 parquet。", show_default=False
        ),
    ] = None,
    output: OutputOption = None,
    show_sql: Annotated[bool, typer.Option("--sql", help="只显示报表所用的 SQL，不计算。")] = False,
    show_list: Annotated[bool, typer.Option("--list", help="列出全部报表。")] = False,
) -> None:
    """出一张报表：件数、占比、率都带分母。

    例：hotline report categories --period 2021-06
    """
    from hotline_tools.reports.query import scope
    from hotline_tools.reports.registry import find_report, reports

    if show_list:
        for item in reports().values():
            typer.echo(f"{item.name:<14}{item.summary}")
        return
    if name is None:
        raise UsageError("没有写报表名", remedy="运行 hotline report --list 查看全部。")
    found = find_report(name)
    query = filters.make_query(
        period=period, by=by, category=category, department=department, area=area, channel=channel, top=top
    )
    if show_sql:
        typer.echo(f"-- scope = {scope(query)}\n{found.sql(query)}")
        return
    state = state_of(context)
    if found.needs_labels:
        ensure_labels(state)
    with state.engine() as engine:
        table = found.compute(engine, query)
    emit(table, form, output)
    if output is not None:
        state.say(f"已写出 {output}")
    if table.incomplete:
        raise typer.Exit(ExitCode.PARTIAL)
