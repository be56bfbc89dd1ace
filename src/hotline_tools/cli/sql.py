"""``hotline sql``: read-only SQL over the store."""

from typing import Annotated

import typer

from hotline_tools.cli.shared import FormatOption, OutputOption, emit, state_of


def sql(
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="查询", help="一条 SELECT；工单视图名为 orders。")],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """对工单库运行一条只读 SQL。

    例：hotline sql "SELECT street, count(*) AS orders FROM orders GROUP BY ALL"
    """
    from hotline_tools import library

    state = state_of(context)
    emit(library.sql(state.open_store(), query), form, output)
    state.leave()
