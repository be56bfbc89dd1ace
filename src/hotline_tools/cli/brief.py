"""``hotline brief``: a briefing of a period, ready to send on."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.filters import with_query
from hotline_tools.cli.shared import OutputOption, State, state_of
from hotline_tools.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from hotline_tools.briefing.outline import Outline
    from hotline_tools.jobs.briefing import Brief
    from hotline_tools.reports.query import Query


@with_query("period", "category", "area", "department", "channel", "profile", "as_of")
def brief(
    context: typer.Context,
    query: "Query",
    output: OutputOption = None,
    edition: Annotated[
        str | None,
        typer.Option(
            "--edition", metavar="种类", help="monthly、weekly 等，见 --list；默认月报。", show_default=False
        ),
    ] = None,
    outline: Annotated[
        Path | None,
        typer.Option(
            "--outline", metavar="文件", help="自己的提纲 TOML，代替 --edition。", show_default=False
        ),
    ] = None,
    notes: Annotated[
        Path | None,
        typer.Option(
            "--notes",
            metavar="文件",
            help="人写的段落（原因、建议等），按章名写在 TOML 或 Markdown 里。",
            show_default=False,
        ),
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="在屏幕上看全文，不写文件。")] = False,
    show_list: Annotated[bool, typer.Option("--list", help="列出附带的简报种类。")] = False,
) -> None:
    """出一份简报：句子里的每个数都来自所附的表。

    例：hotline brief --period 2021-06 -o 月报.html
    """
    if show_list:
        from hotline_tools.briefing.outline import outline_names

        for name, summary in outline_names().items():
            typer.echo(f"{name:<12}{summary}")
        return
    if (output is None) != preview:
        raise UsageError(
            "请写 -o 文件 或 --preview 之一", remedy="例如 -o 月报.docx，或 --preview 在屏幕上看。"
        )
    from hotline_tools.jobs.briefing import choose_outline
    from hotline_tools.render.registry import form_for

    if output is not None:
        form_for(output, "document")  # refused before the work, not after it
    state = state_of(context)
    made = _made(state, query, choose_outline(edition, outline), notes)
    if output is not None:
        made.write(output)
        state.say(f"已写出 {output}")
    else:
        sys.stdout.write(made._repr_markdown_())
    if made.blanks:
        state.say(f"留待人工填写：{'、'.join(made.blanks)}")
    if made.to_verify:
        for fault in made.to_verify:
            typer.echo(f"待核：{fault}", err=True)
        raise typer.Exit(ExitCode.PARTIAL)


def _made(state: State, query: "Query", outline: "Outline", notes: Path | None) -> "Brief":
    from hotline_tools.cli.labels import ensure_labels
    from hotline_tools.jobs.briefing import make_brief

    ensure_labels(state)
    with state.engine() as engine:
        return make_brief(engine, query, outline, notes)
