"""``hotline sql``: read-only SQL over the store."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from hotline_tools.cli.chinese import Command
from hotline_tools.cli.refusals import check_form
from hotline_tools.cli.shared import FormatOption, OutputOption, emit, state_of
from hotline_tools.errors import InputError, UsageError


class SqlCommand(Command):
    """A command whose argument may begin with an SQL comment, which is no option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command line; no option has a blank in its name: that is a comment."""
        return super().parse_args(ctx, [f"\n{text}" if _is_comment(text) else text for text in args])


def _is_comment(text: str) -> bool:
    return text.startswith("--") and len(text.partition("=")[0].split()) > 1


def sql(
    context: typer.Context,
    query: Annotated[
        str | None,
        typer.Argument(metavar="[查询]", help="一条 SELECT；工单视图名为 orders。", show_default=False),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "-f", "--file", metavar="文件", help="查询写在这个文件里；- 表示标准输入。", show_default=False
        ),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """对工单库运行一条只读 SQL。

    hotline report 报表 --sql 所显示的也可运行：先存成文件，再用 -f。各视图的列用 DESCRIBE 查看。

    例：hotline sql "SELECT street, count(*) AS orders FROM orders GROUP BY ALL"

    例：hotline sql "DESCRIBE orders"
    """
    from hotline_tools.reports.sql_answer import query_table

    text = _text_of(query, file)
    check_form(context, form, output)
    state = state_of(context)
    with state.engine() as engine:
        table = query_table(engine, text)
    emit(table, form, output)
    state.leave()


def _text_of(query: str | None, file: Path | None) -> str:
    if (query is None) == (file is None):
        raise UsageError("请写一条查询，或用 -f 给出文件，二者取一", remedy="例如 hotline sql -f 查询.sql。")
    if query is not None:
        return query
    from hotline_tools.datafile import decoded, read_text

    if str(file) != "-":
        return read_text(Path(str(file)), what="查询文件")
    try:
        return decoded(sys.stdin.buffer.read())
    except UnicodeDecodeError as error:
        raise InputError(
            "读不了查询：既不是 UTF-8 也不是 GBK", where="标准输入", remedy="请改为 UTF-8。"
        ) from error
