"""``hotline chart``: a report as a picture."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.completion import report_names
from hotline_tools.cli.filters import answered, with_query
from hotline_tools.cli.shared import state_of

if TYPE_CHECKING:
    from hotline_tools.reports.query import Query


@with_query()
def chart(
    context: typer.Context,
    query: "Query",
    name: Annotated[
        str,
        typer.Argument(
            metavar="报表", help="报表名，见 hotline report --list。", autocompletion=report_names
        ),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="文件", help="图片：.png、.svg 或 .pdf。")
    ],
) -> None:
    """把一张报表画成图，可直接贴进简报。

    例：hotline chart categories -o 类别占比.png
    """
    from hotline_tools import library
    from hotline_tools.render.registry import form_for

    if output.suffix:
        form_for(output, "chart")  # refused before the work, not after it
    state = state_of(context)
    library.chart(answered(state, name, query), output)
    state.say(f"已画好 {output}")
    state.leave()
