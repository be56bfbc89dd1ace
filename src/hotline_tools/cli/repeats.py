"""``hotline repeats``: find the issues that several orders are about."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.refusals import refuse_unused
from hotline_tools.cli.shared import LayoutOption, PasswordOption, State, read_tables, state_of
from hotline_tools.workers import MOST

if TYPE_CHECKING:
    from hotline_tools.jobs.repeats import RepeatsReport
    from hotline_tools.store import Store


def repeats(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[文件…]", help="导出文件；不写则查工单库。", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="文件", help="把事项表写到文件。", show_default=False),
    ] = None,
    members: Annotated[
        Path | None,
        typer.Option(
            "--members",
            metavar="文件",
            help="写出每件工单属于哪个事项（order_id、issue_id）。",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            metavar="N",
            min=1,
            help=f"同时使用几个处理器；默认最多 {MOST} 个。",
            show_default=False,
        ),
    ] = None,
    layout: LayoutOption = None,
    password_file: PasswordOption = None,
) -> None:
    """找出重复诉求：同一问题、同一地点或对象的工单归为一个事项。

    例：hotline repeats 留言.xlsx --members 归并.csv
    """
    from hotline_tools.jobs.repeat_files import write_issues, write_members
    from hotline_tools.render.rows import writer_for

    for wanted in (members, output):
        if wanted is not None:
            writer_for(wanted)  # an unknown suffix is refused before the work, not after it
    if not files:
        refuse_unused(context, "查工单库时", ("layout", "password_file"))
    state = state_of(context)
    with _searched(state, files or [], layout, password_file, workers) as (store, report, rejected):
        _say(state, report)
        if members is not None:
            write_members(store, members)
            state.say(f"已写出 {members}")
        if output is not None:
            write_issues(store, output)
            state.say(f"已写出 {output}")
        if members is None and output is None:
            _show(store, is_kept=not files)
    if rejected:
        state.say(f"有 {rejected:,} 行格式有误，未计入。")
    state.leave(incomplete=bool(rejected))


@contextmanager
def _searched(
    state: State, files: list[Path], layout: str | None, password_file: Path | None, workers: int | None
) -> "Iterator[tuple[Store, RepeatsReport, int]]":
    from hotline_tools.jobs.repeats import find_repeats, repeats_of_files

    with state.progress("查找重复诉求") as _:

        def step(name: str) -> None:
            state.say(f"{name}……")

        if not files:
            store = state.open_store()
            with state.spark() as spark:
                report = find_repeats(store, workers=workers, step=step, spark=spark)
            yield store, report, 0
            return
        tables = read_tables(state, files, layout, password_file).tables
        with repeats_of_files(tables, workers=workers, step=step) as (store, imported, report):
            yield store, report, imported.totals()["rejected"]


def _say(state: State, report: "RepeatsReport") -> None:
    state.say(
        f"{report.orders:,} 件工单中，{report.grouped:,} 件属于 {report.issues:,} 个重复事项"
        f"{f'（{report.to_check:,} 个把握不足、待核实）' if report.to_check else ''}；"
        f"{report.without_place:,} 件没有具体地点或对象（至多写到区县）或只是咨询、表扬，不参与归并。"
    )
    known = {"new": "新增", "joined": "合并", "split": "拆分", "gone": "消失"}
    counts = {kind: sum(c.kind == kind for c in report.changes) for kind in known}
    if any(counts.values()) and not report.is_first:
        state.say("与上次相比：" + "，".join(f"{known[k]} {n:,} 个事项" for k, n in counts.items() if n))


def _show(store: "Store", *, is_kept: bool) -> None:
    from hotline_tools.cli.shared import emit
    from hotline_tools.jobs.repeat_files import issue_list

    emit(issue_list(store, top=20, is_kept=is_kept), None, None)
