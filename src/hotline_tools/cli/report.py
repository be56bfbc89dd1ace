"""``hotline report``: one report over the store."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.completion import report_names
from hotline_tools.cli.filters import answered, with_query
from hotline_tools.cli.refusals import check_form, refuse_unused
from hotline_tools.cli.shared import FormatOption, OutputOption, State, emit, state_of
from hotline_tools.errors import UsageError

if TYPE_CHECKING:
    from hotline_tools.reports.query import Query


@with_query()
def report(
    context: typer.Context,
    query: "Query",
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[报表]", help="报表名，见 --list。", show_default=False, autocompletion=report_names
        ),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
    is_wide: Annotated[bool, typer.Option("--wide", help="屏幕上列出全部列，放不下时分块。")] = False,
    show_sql: Annotated[
        bool, typer.Option("--sql", help="只显示报表所用的 SQL，可用 hotline sql -f 运行。")
    ] = False,
    show_list: Annotated[bool, typer.Option("--list", help="列出全部报表。")] = False,
) -> None:
    """出一张报表：件数、占比、率都带分母。

    例：hotline report categories --period 2021-06
    """
    if show_list:
        refuse_unused(context, "--list")
        from hotline_tools.library import report_names

        for known, summary in report_names().items():
            typer.echo(f"{known:<14}{summary}")
        return
    if name is None:
        raise UsageError("没有写报表名", remedy="运行 hotline report --list 查看全部。")
    from hotline_tools.render.terminal import WIDE

    state = state_of(context)
    if show_sql:
        refuse_unused(context, "--sql", ("form", "is_wide"))
        _show_sql(state, name, query, output)
        return
    check_form(context, form, output)
    table = answered(state, name, query)
    emit(table, form, output, is_wide=is_wide, wide=WIDE)
    if output is not None:
        state.say(f"已写出 {output}")
    state.leave(incomplete=table.incomplete)


def _show_sql(state: State, name: str, query: "Query", output: Path | None) -> None:
    """Print or write what ``hotline sql`` can run as it is; without a store the report's own statement."""
    from hotline_tools.files import write_bytes
    from hotline_tools.reports.registry import find_report
    from hotline_tools.reports.run import statements
    from hotline_tools.reports.shown import runnable

    found = find_report(name)
    store = state.settings().store
    has_store = store.exists()
    if has_store:
        with state.engine() as engine:
            text = runnable(found, engine, query)
    else:
        text = statements(found, query)
    if output is None:
        typer.echo(text)
    else:
        write_bytes(output, f"{text}\n".encode())
        state.say(f"已写出 {output}")
    if not has_store:
        state.say(f"注意：没有工单库 {store}，以上 SQL 所读的视图（如 scope）没有写出，不能直接运行。")
