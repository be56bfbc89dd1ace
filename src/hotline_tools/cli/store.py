"""``hotline store``: what the store holds, whether it is sound, and taking an import back."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.chinese import Command, Group
from hotline_tools.cli.refusals import check_form
from hotline_tools.cli.shared import BY_FORMAT, FormatOption, emit, state_of
from hotline_tools.errors import ExitCode, UsageError
from hotline_tools.escapes import for_terminal

if TYPE_CHECKING:
    from datetime import date

    from hotline_tools.store import ImportRecord, StoreInfo

group = typer.Typer(
    cls=Group, no_args_is_help=True, help="工单库：概况、校验、导入记录与撤销、备份与恢复、删除。"
)


@group.command("info", cls=Command)
def info(context: typer.Context, form: FormatOption = None) -> None:
    """各月的工单数、标注数与占用空间。

    例：hotline store info
    """
    from hotline_tools.codes import code_label
    from hotline_tools.table import Field, Note, NoteKind, ReportTable

    check_form(context, form)
    state = state_of(context)
    found = state.open_store().info()
    labelled = "、".join(f"{code_label(name)} {count:,}" for name, count in found.labels.items()) or "无"
    if all(found.labels.get(origin) for origin in ("model", "person")):
        labelled += "（两种都有的工单以人工为准）"
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
            *([Note(NoteKind.QUALITY, _beside_the_data(found))] if found.move_key_to else []),
        ],
    )
    emit(table, form, None, wide=BY_FORMAT)
    state.leave()


def _beside_the_data(found: "StoreInfo") -> str:
    return (
        f"来电人密钥 {found.path / 'caller.key'} 与数据放在一起，拿到整个目录的人可据此试出来电号码；"
        f"请移到 {found.move_key_to}（移后照常使用）。"
    )


@group.command("imports", cls=Command)
def imports(context: typer.Context, form: FormatOption = None) -> None:
    """导入记录：何时导入了哪个文件，读了多少行，去向如何，新的在前。

    例：hotline store imports
    """
    from hotline_tools.jobs.importing import imports_table

    check_form(context, form)
    state = state_of(context)
    emit(imports_table(state.open_store().records()), form, None, wide=BY_FORMAT)
    state.leave()


@group.command("undo", cls=Command)
def undo(
    context: typer.Context,
    import_id: Annotated[str, typer.Argument(metavar="导入编号", help="hotline store imports 所列的编号。")],
    yes: Annotated[bool, typer.Option("--yes", help="不再询问。")] = False,
) -> None:
    """撤销一次导入：新增的工单退出，更新过的工单恢复原样，拒收的行一并退出。

    之后的导入又改动了同一些工单时不撤销，并列出须先撤销的导入。

    例：hotline store undo 20250701T083000123456-ab12 --yes
    """
    state = state_of(context)
    store = state.open_store()
    record = next((r for r in store.records() if r.import_id == import_id), None)
    if record is not None and record.undone_at is None and not yes:
        _confirm(record)
    result = store.undo(import_id)
    state.say(
        f"已撤销 {result.record.file} 的导入：{result.removed:,} 件工单退出，{result.restored:,} 件恢复原样。"
    )
    if result.labels_removed:
        state.say(f"退出的工单有 {result.labels_removed:,} 条机器标注，已一并去掉。")
    if result.labels_kept:
        state.say(f"退出的工单有 {result.labels_kept:,} 条人工标注，仍保留；这些工单再次导入后继续有效。")
    if result.in_issues:
        state.say(f"重复诉求中还有 {result.in_issues:,} 件退出的工单：请重新运行 hotline repeats。")
    state.leave()


def _confirm(record: "ImportRecord") -> None:
    """Ask on a terminal; elsewhere ``--yes`` is needed."""
    counts = record.counts
    what = f"{record.file}（新增 {counts.new:,} 件，更新 {counts.updated:,} 件）"
    if not sys.stdin.isatty():
        raise UsageError(f"撤销 {what} 的导入需要确认", remedy="确认后加上 --yes 再运行。")
    if not typer.confirm(f"撤销 {what} 的导入？", err=True):
        raise typer.Exit(ExitCode.FAILED)


@group.command("verify", cls=Command)
def verify(context: typer.Context) -> None:
    """读一遍全部数据，检查是否完好。

    例：hotline store verify
    """
    state = state_of(context)
    problems = state.open_store().verify()
    for problem in problems:
        typer.echo(for_terminal(problem))
    if problems:
        raise typer.Exit(ExitCode.FAILED)
    state.say("现有的文件完好。" if state.lacks_files else "工单库完好。")
    state.leave()


@group.command("quarantine", cls=Command)
def quarantine(context: typer.Context) -> None:
    """把损坏的文件移到隔离目录，其余月份照常使用；其中的数据不再计入，可重新导入。

    例：hotline store quarantine
    """
    state = state_of(context)
    store = state.open_store()
    names = store.quarantine()
    for name in names:
        typer.echo(for_terminal(name))
    state.say(f"已隔离 {len(names)} 个文件。" if names else "没有损坏的文件。")


@group.command("backup", cls=Command)
def backup(
    context: typer.Context,
    target: Annotated[Path, typer.Argument(metavar="目录或.zip", help="备份写到哪里；须还不存在。")],
) -> None:
    """备份工单库：逐个文件核对后写成一个目录或 .zip，不含来电人密钥（请另外保存）。

    例：hotline store backup 备份-0701.zip
    """
    state = state_of(context)
    count = state.open_store().back_up(target)
    state.say(f"已备份 {count} 个文件到 {target}。来电人密钥不在其中，请另外保存。")
    state.leave()


@group.command("restore", cls=Command)
def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="备份", help="hotline store backup 所写的目录或 .zip。")],
) -> None:
    """用备份恢复出一个新的工单库（--store 所指的目录须不存在或为空）。

    例：hotline --store 新库 store restore 备份-0701.zip
    """
    from hotline_tools.store import Store

    state = state_of(context)
    restored = Store.restore(source, state.settings().store)
    state.say(f"已恢复到 {restored.path}。")


@group.command("forget", cls=Command)
def forget(
    context: typer.Context,
    caller: Annotated[
        str | None,
        typer.Option(
            "--caller", metavar="来电人标识", help="该来电人的全部工单（caller_key）。", show_default=False
        ),
    ] = None,
    order: Annotated[
        str | None,
        typer.Option("--order", metavar="编号", help="一件工单，按工单编号或工单键。", show_default=False),
    ] = None,
    before: Annotated[
        str | None,
        typer.Option("--before", metavar="日期", help="受理时间早于该日的全部工单。", show_default=False),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问。")] = False,
) -> None:
    """彻底删除工单及其旧版本、标注和归并记录，不能撤销；列出可能还有它们的备份。

    再次导入同一文件会重新带入这些工单。删除记录里不写是谁的工单。

    例：hotline store forget --before 2020-01-01 --yes
    """
    state = state_of(context)
    store = state.open_store()
    day = _day(before) if before is not None else None
    if not yes:
        _confirm_deletion()
    result = store.forget(caller=caller, order=order, before=day)
    if day is None and not any((result.orders, result.kept_versions, result.labels, result.rejects)):
        raise UsageError(
            f"库中没有 {order or caller} 的工单，什么也没有删除", remedy="请核对工单编号或来电人标识。"
        )
    state.say(
        f"已删除 {result.orders:,} 件工单、{result.kept_versions:,} 个旧版本、{result.labels:,} 条标注、"
        f"{result.rejects:,} 行拒收。"
    )
    if result.orders:
        state.say("重复事项中引用过这些工单的已一并去掉：请重新运行 hotline repeats。")
    for copy in result.copies:
        typer.echo(f"副本中可能还有，请自行处理：{copy}")
    state.leave()


def _day(text: str) -> "date":
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"看不懂日期 {text}", remedy="请写成 2020-01-01。") from error


def _confirm_deletion() -> None:
    if not sys.stdin.isatty():
        raise UsageError("彻底删除需要确认", remedy="确认后加上 --yes 再运行。")
    if not typer.confirm("彻底删除，不能撤销？", err=True):
        raise typer.Exit(ExitCode.FAILED)
