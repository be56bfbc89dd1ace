"""``hotline chart``: a report as a picture."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.filters import with_query
from hotline_tools.cli.labels import ensure_labels
from hotline_tools.cli.shared import state_of

if TYPE_CHECKING:
    from hotline_tools.reports.query import Query


@with_query
def chart(
    context: typer.Context,
    query: "Query",
    name: Annotated[str, typer.Argument(metavar="报表", help="报表名，见 hotline report --list。")],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="文件", help="图片：.png、.svg 或 .pdf。")
    ],
) -> None:
    """把一张报表画成图，可直接贴进简报。

    例：hotline chart categories -o 类别占比.png
    """
    from hotline_tools.files import write_bytes
    from hotline_tools.render.chart import render_chart
    from hotline_tools.reports.options import check_options
    from hotline_tools.reports.registry import find_report
    from hotline_tools.reports.run import run_report

    found = find_report(name)
    check_options(found, query)  # before the work, not after it
    state = state_of(context)
    if found.needs_labels:
        ensure_labels(state)
    with state.engine() as engine:
        table = run_report(found, engine, query)
    write_bytes(output, render_chart(table, output.suffix.lower().lstrip(".") or "png"))
    state.say(f"已画好 {output}")
