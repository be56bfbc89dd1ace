"""``hotline brief``: a briefing of a period, ready to send on."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.brief_check import check
from hotline_tools.cli.chinese import Command, Group
from hotline_tools.cli.filters import with_query
from hotline_tools.cli.refusals import refuse_unused
from hotline_tools.cli.shared import State, state_of
from hotline_tools.errors import UsageError
from hotline_tools.escapes import for_terminal

if TYPE_CHECKING:
    from hotline_tools.briefing.outline import Outline
    from hotline_tools.jobs.briefing import Brief
    from hotline_tools.reports.query import Query

Told = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Title, blanks to fill in and faults of a briefing."""


@with_query("period", "category", "area", "department", "channel", "profile", "as_of")
def brief(
    context: typer.Context,
    query: "Query",
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="文件",
            help="写到文件，格式按后缀；可写多次，一次出多种格式。",
            show_default=False,
        ),
    ] = None,
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
    each: Annotated[
        str | None,
        typer.Option(
            "--each", metavar="department", help="每个承办单位一份，只列它自己的工单。", show_default=False
        ),
    ] = None,
    trace: Annotated[
        Path | None,
        typer.Option(
            "--trace",
            metavar="文件.json",
            help="另写一份：每句话的每个数来自哪张表哪一行。",
            show_default=False,
        ),
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="在屏幕上看全文，不写文件。")] = False,
    show_list: Annotated[bool, typer.Option("--list", help="列出附带的简报种类。")] = False,
) -> None:
    """出一份简报：句子里的每个数都来自所附的表。

    例：hotline brief --period 2021-06 -o 月报.docx
    """
    if context.invoked_subcommand is not None:
        refuse_unused(context, f"brief {context.invoked_subcommand}")
        return
    if show_list:
        refuse_unused(context, "--list")
        from hotline_tools.briefing.outline import outline_names

        for name, summary in outline_names().items():
            typer.echo(f"{name:<12}{summary}")
        return
    outputs = output or []
    if bool(outputs) == preview:
        raise UsageError(
            "请写 -o 文件 或 --preview 之一", remedy="例如 -o 月报.docx，或 --preview 在屏幕上看。"
        )
    from hotline_tools.render.registry import form_for

    for path in outputs:
        form_for(path, "document")  # refused before the work, not after it
    if each is not None:
        _check_each(each, edition, outline, query, outputs, trace)
    from hotline_tools.briefing.outline import other_length
    from hotline_tools.cli.labels import ensure_labels
    from hotline_tools.jobs.briefing import choose_outline, make_brief

    state = state_of(context)
    issuer = state.settings().issuer
    chosen = choose_outline("department" if each and not outline else edition, outline, issuer)
    if query.period is not None and (said := other_length(chosen, query.period.days)):
        sys.stderr.write(for_terminal(f"注意：{said}\n"))
    ensure_labels(state)
    if each is not None:
        _finish(state, _write_each(state, query, chosen, notes, outputs))
        return
    with state.engine() as engine:
        made = make_brief(engine, query, chosen, notes, forms=outputs)
    _deliver(state, made, outputs)
    if trace is not None:
        made.write_trace(trace)
    _finish(state, [(made.document.title, made.blanks, made.to_verify)])


def _check_each(
    each: str,
    edition: str | None,
    outline: Path | None,
    query: "Query",
    outputs: list[Path],
    trace: Path | None,
) -> None:
    if each != "department":
        raise UsageError(f"--each 不能是 {each}", remedy="请写 --each department。")
    if not outputs or query.department or trace is not None:
        raise UsageError(
            "--each 要 -o 文件，不与 --preview、--department、--trace 同用", remedy="例如 -o 通报.docx。"
        )
    if edition not in (None, "department", "部门通报") and outline is None:
        raise UsageError("--each 只用于部门通报", remedy="请去掉 --edition。")


def _write_each(
    state: State, query: "Query", outline: "Outline", notes: Path | None, outputs: list[Path]
) -> list[Told]:
    """Write a file for each department that has an order; one without any in the period is left out."""
    from hotline_tools.jobs.brief_each import department_names, path_of, write_each
    from hotline_tools.workers import default_workers

    with state.engine() as engine:
        names = department_names(engine, query)
    made = []
    with state.progress("通报", len(names)) as advance:
        for written in write_each(
            state.open_store(), query, outline, outputs, names, notes=notes, workers=default_workers()
        ):
            advance(1)
            if written is not None:
                made.append((written.title, written.blanks, written.to_verify))
    for output in outputs:
        state.say(f"已写出 {len(made)} 份：{path_of(output, '单位名')}")
    return made


def _deliver(state: State, made: "Brief", outputs: list[Path]) -> None:
    if not outputs:
        text = made.markdown()
        sys.stdout.write(for_terminal(text) if sys.stdout.isatty() else text)
    for output in outputs:
        made.write(output)
        state.say(f"已写出 {output}")


def _finish(state: State, made: list[Told]) -> None:
    """Tell the blanks to fill in and what the check found wrong; with a fault the exit code is 3."""
    if blanks := dict.fromkeys(blank for _, found, _ in made for blank in found):
        state.say(f"留待人工填写：{'、'.join(blanks)}")
    faults = [f"{title}：{fault}" for title, _, to_verify in made for fault in to_verify]
    for fault in faults:
        typer.echo(for_terminal(f"待核：{fault}"), err=True)
    state.leave(incomplete=bool(faults))


group = typer.Typer(cls=Group, invoke_without_command=True)
group.callback()(brief)
group.command("check", cls=Command)(check)
