"""``hotline brief check``: what in a bulletin contradicts itself."""

from pathlib import Path
from typing import Annotated

import typer

from hotline_tools.cli.refusals import check_form
from hotline_tools.cli.shared import FormatOption, OutputOption, emit, state_of
from hotline_tools.errors import ExitCode


def check(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="文件", help="简报：docx、html、pdf、md 或 txt，不论出自哪里。", show_default=False
        ),
    ],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """核对一份写好的简报：占比、合计、升降、环比同比、标题月份、文与表；有矛盾时退出码为 3。

    例：hotline brief check 月报.docx
    """
    check_form(context, form, output)
    from hotline_tools.jobs.checking import check_briefing

    table = check_briefing(file)
    if table.rows or form is not None or output is not None:
        emit(table, form, output, is_wide=True)
    for note in () if table.rows else table.notes:
        state_of(context).say(str(note))
    if table.rows:
        raise typer.Exit(ExitCode.PARTIAL)
