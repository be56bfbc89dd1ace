"""``hotline store``: what the store holds, and whether it is sound."""

import typer

from hotline_tools.cli.chinese import Command, Group
from hotline_tools.cli.shared import FormatOption, emit, state_of
from hotline_tools.errors import ExitCode

group = typer.Typer(cls=Group, no_args_is_help=True, help="工单库：概况、校验、导入记录。")


@group.command("info", cls=Command)
def info(context: typer.Context, form: FormatOption = None) -> None:
    """各月的工单数、标注数与占用空间。

    例：hotline store info
    """
    from hotline_tools.codes import code_label
    from hotline_tools.table import Field, Note, NoteKind, ReportTable

    found = state_of(context).open_store().info()
    labelled = "、".join(f"{code_label(name)} {count:,}" for name, count in found.labels.items()) or "无"
    unknown = "、".join(found.unknown_columns)
    table = ReportTable(
        report="store",
        title=f"工单库 {found.path}",
        columns=(Field("month", "月份"), Field("orders", "工单数", "integer", "件")),
        rows=[{"month": month, "orders": count} for month, count in sorted(found.months.items())],
        totals={"orders": found.orders},
        notes=[
            Note(
                NoteKind.SCOPE,
                f"导入 {found.imports} 次，拒收 {found.rejects:,} 行，标注 {labelled}；"
                f"占用 {found.bytes / 1_048_576:,.1f} MB。",
            ),
            *(
                [Note(NoteKind.QUALITY, f"有本版本不认识的列：{unknown}；请升级 hotline-tools。")]
                if unknown
                else []
            ),
        ],
    )
    emit(table, form, None)


@group.command("imports", cls=Command)
def imports(context: typer.Context, form: FormatOption = None) -> None:
    """导入记录：每个文件读了多少行，去向如何。

    例：hotline store imports
    """
    from hotline_tools.jobs.importing import records_table

    emit(records_table(state_of(context).open_store().records()), form, None)


@group.command("verify", cls=Command)
def verify(context: typer.Context) -> None:
    """读一遍全部数据，检查是否完好。

    例：hotline store verify
    """
    problems = state_of(context).open_store().verify()
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(ExitCode.FAILED)
    state_of(context).say("工单库完好。")
