"""``hotline import``: exports into the store."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.refusals import check_form
from hotline_tools.cli.shared import (
    BY_WINDOW,
    FilesArgument,
    FormatOption,
    LayoutOption,
    PasswordOption,
    State,
    emit,
    read_tables,
    state_of,
)
from hotline_tools.errors import ExitCode

if TYPE_CHECKING:
    from hotline_tools.jobs.importing import ImportReport


def import_(
    context: typer.Context,
    files: FilesArgument,
    layout: LayoutOption = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source", metavar="名称", help="来源名：同一来源内工单编号不重复。", show_default=False
        ),
    ] = None,
    password_file: PasswordOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试算会新增、更新多少，不写入。")] = False,
    keep_personal_data: Annotated[
        bool, typer.Option("--keep-personal-data", help="不脱敏（会记入导入记录）；默认脱敏。")
    ] = False,
    no_join: Annotated[
        bool,
        typer.Option(
            "--no-join",
            help="不合并描述同一批工单的两个文件（如列表与详情），也不合并一件工单的主办行与协办行。",
        ),
    ] = False,
    unit_aliases: Annotated[
        Path | None,
        typer.Option(
            "--unit-aliases",
            metavar="文件",
            help="单位别名，每行一对，如 瓦房店市 = 瓦房店市人民政府。",
            show_default=False,
        ),
    ] = None,
    form: FormatOption = None,
) -> None:
    """把导出文件、目录或压缩包导入工单库；同一份文件导入两次不会重复。

    例：hotline import 六月工单.xlsx
    """
    from hotline_tools.jobs.importing import ImportOptions, import_tables, records_table, to_be_checked
    from hotline_tools.jobs.unit_aliases import UnitAliases
    from hotline_tools.store import Store

    check_form(context, form)
    state = state_of(context)
    settings = state.settings()
    aliases = unit_aliases or settings.unit_aliases
    known_units = UnitAliases.read(aliases) if aliases else None
    # All files are opened and recognised before the store is touched: a wrong one leaves no trace.
    found = read_tables(state, files, layout, password_file)
    options = ImportOptions(
        source=source or settings.source,
        keep_personal_data=keep_personal_data or settings.keep_personal_data,
        dry_run=dry_run,
        join=not no_join,
        unit_aliases=known_units,
    )
    if keep_personal_data:
        sys.stderr.write("注意：按 --keep-personal-data 不脱敏，个人信息将原样存入工单库。\n")
    with state.progress("导入") as advance:
        store = (
            Store.for_dry_run(settings.store, key_file=settings.key_file)
            if dry_run
            else state.open_store(create=True)
        )
        report = import_tables(found.tables, store, options, advance)
    emit(records_table(report.records), form, None, wide=BY_WINDOW)
    _say_rest(state, report, dry_run)
    if not report.totals()["read"]:
        state.say("没有读到任何数据行：导出可能是空的。")
        raise typer.Exit(ExitCode.PARTIAL)
    doubtful = to_be_checked(found.tables, report)
    if doubtful:
        state.say(f"请核对 {'、'.join(doubtful)}：hotline inspect 显示依据，hotline layout new 起草版式。")
    if report.is_partial or found.skipped or doubtful:
        raise typer.Exit(ExitCode.PARTIAL)


def _say_rest(state: State, report: "ImportReport", dry_run: bool) -> None:
    totals = report.totals()
    for record in report.records:
        for note in record.notes:
            state.say(f"注：{record.file}：{note}")
    if totals["rejected"]:
        when = "正式导入后" if dry_run else ""
        state.say(f'拒收 {totals["rejected"]:,} 行，原因{when}见 hotline sql "SELECT * FROM rejects"。')
    if dry_run:
        apart = "每张表只对照现有的工单库，几张表之间相同的工单各算一次。"
        state.say(f"试算完毕，没有写入。{apart if len(report.records) > 1 else ''}")
