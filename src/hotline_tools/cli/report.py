"""``hotline report``: one report over the store."""

from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.filters import with_query
from hotline_tools.cli.labels import ensure_labels
from hotline_tools.cli.shared import FormatOption, OutputOption, emit, state_of
from hotline_tools.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from hotline_tools.reports.query import Query


@with_query
def report(
    context: typer.Context,
    query: "Query",
    name: Annotated[
        str | None, typer.Argument(metavar="[报表]", help="报表名，见 --list。", show_default=False)
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
    show_sql: Annotated[bool, typer.Option("--sql", help="只显示报表所用的 SQL，不计算。")] = False,
    show_list: Annotated[bool, typer.Option("--list", help="列出全部报表。")] = False,
) -> None:
    """出一张报表：件数、占比、率都带分母。

    例：hotline report categories --period 2021-06
    """
    from hotline_tools.render.forms import chosen_form
    from hotline_tools.reports.options import check_options
    from hotline_tools.reports.query import scope
    from hotline_tools.reports.registry import find_report, reports
    from hotline_tools.reports.run import run_report, statements

    if show_list:
        for item in reports().values():
            typer.echo(f"{item.name:<14}{item.summary}")
        return
    if name is None:
        raise UsageError("没有写报表名", remedy="运行 hotline report --list 查看全部。")
    found = find_report(name)
    if show_sql:
        text = statements(found, query)
        if "FROM scope" in text:
            typer.echo(f"-- scope = {scope(query)}")
        typer.echo(text)
        return
    check_options(found, query)
    chosen_form(form, output)  # a contradiction is refused before the work, not after it
    state = state_of(context)
    if found.needs_labels:
        ensure_labels(state)
    with state.engine() as engine:
        table = run_report(found, engine, query)
    emit(table, form, output)
    if output is not None:
        state.say(f"已写出 {output}")
    if table.incomplete:
        raise typer.Exit(ExitCode.PARTIAL)
