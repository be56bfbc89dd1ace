"""``hotline classify``: tags for the store, or for an export as it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.explain import explain_order
from hotline_tools.cli.refusals import refuse_unused
from hotline_tools.cli.shared import (
    LayoutOption,
    ModelOption,
    OutputOption,
    PasswordOption,
    State,
    TaxonomyOption,
    emit,
    read_tables,
    state_of,
)
from hotline_tools.errors import UsageError

if TYPE_CHECKING:
    from hotline_tools.jobs.moves import Moves
    from hotline_tools.jobs.tagging import TagReport

SHOWN_MOVES = 20


def classify(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[文件…]", help="导出文件；不写则给工单库归类。", show_default=False),
    ] = None,
    output: OutputOption = None,
    taxonomy: TaxonomyOption = None,
    model: ModelOption = None,
    layout: LayoutOption = None,
    password_file: PasswordOption = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="工单库：已归类的也重新归类，并列出变动；-o 把变动表写到文件。"),
    ] = False,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain", metavar="工单编号", help="只解释这一件为何归入该类，不写标注。", show_default=False
        ),
    ] = None,
    workers: Annotated[int, typer.Option("--workers", metavar="N", help="用几个进程归类。", min=1)] = 1,
    mask: Annotated[
        bool, typer.Option("--mask", help="写文件时遮去个人信息，来电人等列留空；默认原样写出。")
    ] = False,
) -> None:
    """给诉求归类：不写文件则标注工单库；写文件则在原表后加上类别等列，另存为 -o。

    例：hotline classify 六月工单.xlsx -o 六月工单-已归类.xlsx
    """
    state = state_of(context)
    if model is not None:
        refuse_unused(context, "--model", ("taxonomy",))
    if not files:
        refuse_unused(context, "工单库的归类", ("layout", "password_file"))
    if explain is not None:
        refuse_unused(context, "--explain", ("workers", "mask"))
        _refuse(bool(files) or output is not None or everything, "--explain 只能单独用于工单库")
        explain_order(state, explain, taxonomy, model)
        state.leave()
        return
    if files and output is None:
        raise UsageError("没有写输出文件", remedy="请加 -o 结果.xlsx（或 .csv、.parquet、.jsonl）。")
    if files and output is not None:
        _refuse(everything, "--all 只用于工单库")
        _refuse(any(_same(file, output) for file in files), "-o 是输入的文件，原表会被覆盖")
        report = _tag_files(state, files, output, (taxonomy, model, layout, password_file), workers, mask)
        state.say(f"已写出 {output}：{report.rows:,} 行")
        for note in report.notes:
            state.say(f"注：{note}")
    else:
        _refuse(mask, "--mask 只用于写文件")
        _refuse(output is not None and not everything, "-o 须和文件或 --all 一起用")
        report = _label_store(state, (taxonomy, model), everything, workers)
    _say_counts(state, report)
    if report.moves is not None and report.moves.before.num_rows:
        _show_moves(state, report.moves, output)
    if report.rejected:
        state.say(f"有 {report.rejected:,} 行格式有误，已原样写出、未归类。")
    for note in report.cut_off:
        state.say(note)
    state.leave(incomplete=bool(report.rejected or report.cut_off))


def _same(file: Path, output: Path) -> bool:
    return file.exists() and output.exists() and file.samefile(output)


def _refuse(wrong: bool, message: str) -> None:
    if wrong:
        raise UsageError(message, remedy="运行 hotline classify --help 查看用法。")


def _tag_files(
    state: State,
    files: list[Path],
    output: Path,
    how: tuple[Path | None, Path | None, str | None, Path | None],
    workers: int,
    mask: bool,
) -> "TagReport":
    from hotline_tools.jobs.tagging import tag_files

    taxonomy, model, layout, password_file = how
    found = read_tables(state, files, layout, password_file)
    classifier = state.classifier(taxonomy, model)
    with state.progress("归类") as advance:
        return tag_files(found.tables, output, classifier, advance, workers=workers, mask=mask)


def _label_store(
    state: State, how: tuple[Path | None, Path | None], everything: bool, workers: int
) -> "TagReport":
    from hotline_tools.jobs.moves import foreign_labels, made_by
    from hotline_tools.jobs.tagging import label_store

    store = state.open_store()
    classifier = state.classifier(*how)
    with state.progress("归类", store.info().orders) as advance, state.spark() as spark:
        report = label_store(
            store, classifier, everything=everything, progress=advance, workers=workers, spark=spark
        )
    if not everything and (others := foreign_labels(store, classifier)):
        state.say(
            f"库中有 {others:,} 件不是按“{made_by(classifier)}”归类的，各期不可直接相比；加 --all 重新归类。"
        )
    return report


def _show_moves(state: State, moves: "Moves", output: Path | None) -> None:
    from dataclasses import replace

    from hotline_tools.table import Note, NoteKind

    table = moves.table()
    if output is not None:
        emit(table, None, output)
        state.say(f"已写出 {output}")
        return
    more = len(table.rows) - SHOWN_MOVES
    cut = Note(NoteKind.SHOWN, f"另有 {more} 种变动未列出；加 -o 变动.csv 看全部。")
    notes = [*table.notes, *([cut] if more > 0 else [])]
    emit(replace(table, rows=table.rows[:SHOWN_MOVES], notes=notes), None, None)


def _say_counts(state: State, report: "TagReport") -> None:
    state.say(
        f"归类 {report.rows:,} 件，其中待复核 {report.needs_review:,} 件，未归类 {report.unclassified:,} 件。"
    )
    largest = sorted(report.counts.items(), key=lambda item: (-item[1], item[0]))[:5]
    if largest:
        shares = "，".join(f"{name} {count:,}（{count / report.rows:.1%}）" for name, count in largest)
        state.say(f"前五类：{shares}")
