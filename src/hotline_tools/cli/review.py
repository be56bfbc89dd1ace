"""``hotline review``: the doubtful orders to Excel for people, and their corrections back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.chinese import Command, Group
from hotline_tools.cli.filters import with_query
from hotline_tools.cli.labels import ensure_labels
from hotline_tools.cli.refusals import refuse_unused
from hotline_tools.cli.shared import (
    BY_OUTPUT,
    BY_WINDOW,
    ModelOption,
    State,
    TaxonomyOption,
    emit,
    require_new,
    state_of,
)
from hotline_tools.errors import UsageError

if TYPE_CHECKING:
    from hotline_tools.jobs.review_choices import Choices
    from hotline_tools.jobs.review_import import ReviewResult
    from hotline_tools.reports.query import Query

group = typer.Typer(cls=Group, no_args_is_help=True, help="人工复核：导出存疑工单，写回更正。")


@group.command("export", cls=Command)
@with_query("period", "category", "department", "area")
def export(
    context: typer.Context,
    query: "Query",
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="文件", help="复核表（.xlsx）。", show_default=False)
    ],
    top: Annotated[int, typer.Option("--top", metavar="N", min=5, help="最多 N 件。")] = 200,
    taxonomy: TaxonomyOption = None,
    model: ModelOption = None,
) -> None:
    """导出最值得复核的工单：没有把握、彼此不同的，另加五分之一随机抽取的。

    例：hotline review export -o 复核.xlsx --top 100
    """
    from hotline_tools.files import write_bytes
    from hotline_tools.jobs.review_export import select_for_review
    from hotline_tools.render.review_book import render_review_book

    if output.suffix.lower() != ".xlsx":
        raise UsageError("复核表须是 .xlsx 文件", where=str(output), remedy="例如 -o 复核.xlsx。")
    require_new(output)
    if model is not None:
        refuse_unused(context, "--model", ("taxonomy",))
    state = state_of(context)
    choices = _choices(state, taxonomy, model)
    ensure_labels(state)
    with state.engine() as engine:
        chosen = select_for_review(engine, query, choices, top=top)
    write_bytes(output, render_review_book(chosen.book))
    state.say(
        f"已写出 {output}：从 {chosen.candidates:,} 件未经人工复核的工单中选出存疑的 {chosen.doubtful:,} 件，"
        f"随机的 {chosen.control:,} 件。"
    )
    state.leave()


@group.command("import", cls=Command)
def import_(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="文件…", help="填好的复核表。", show_default=False)],
    annotator: Annotated[
        list[str] | None,
        typer.Option(
            "--annotator",
            metavar="姓名",
            help="复核人，按文件的顺序各写一个；默认取表内所填，或文件名。",
            show_default=False,
        ),
    ] = None,
    resolve: Annotated[
        str | None,
        typer.Option("--resolve", metavar="majority", help="意见不一时取过半数的意见。", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="文件", help="把意见不一的工单写到文件。", show_default=False),
    ] = None,
    taxonomy: TaxonomyOption = None,
    model: ModelOption = None,
) -> None:
    """写回填好的复核表：人工更正在所有报表里优先于模型；多人时显示一致性与分歧。

    例：hotline review import 复核.xlsx
    """
    from hotline_tools.jobs.review_import import import_reviews
    from hotline_tools.jobs.review_read import read_review

    if resolve not in (None, "majority"):
        raise UsageError(f"--resolve 不能是 {resolve}", remedy="只能是 majority。")
    if annotator and len(annotator) != len(files):
        raise UsageError("--annotator 的个数须与文件数相同", remedy="每个文件各写一个 --annotator。")
    if model is not None:
        refuse_unused(context, "--model", ("taxonomy",))
    state = state_of(context)
    choices = _choices(state, taxonomy, model)
    people: list[str | None] = [*annotator] if annotator else [None] * len(files)
    filled = [read_review(file, choices, person) for file, person in zip(files, people, strict=True)]
    result = import_reviews(state.open_store(), filled, choices, majority=resolve is not None)
    _show(state, result)
    if output is not None:
        emit(result.disputes, None, output)
        state.say(f"已写出 {output}")
    state.leave(incomplete=bool(result.conflicts))


def _choices(state: State, taxonomy: Path | None, model: Path | None) -> "Choices":
    from hotline_tools.classify import Classifier
    from hotline_tools.jobs.review_choices import Choices
    from hotline_tools.taxonomy import load_taxonomy

    settings = state.settings()
    taxonomy, model = taxonomy or settings.taxonomy, model or settings.model
    if model is not None:
        return Choices.of_model(Classifier.load(model))
    return Choices.of_taxonomy(load_taxonomy(taxonomy))


def _show(state: State, result: "ReviewResult") -> None:
    emit(result.people, None, None, wide=BY_WINDOW)
    for table, wide in ((result.agreement, BY_WINDOW), (result.disputes, BY_OUTPUT)):
        if table.rows:
            emit(table, None, None, wide=wide)
    state.say(
        f"写入 {result.applied:,} 件，其中更正类别 {result.corrected:,} 件；"
        f"有分歧未写入 {result.conflicts:,} 件。"
    )
    control = result.control
    if control.rows:
        low, high = control.interval()
        state.say(
            f"随机的 {control.rows:,} 件里模型判对 {control.right:,} 件"
            f"（{control.right / control.rows:.0%}）；"
            f"估计未经复核部分的准确率在 {low:.0%} 至 {high:.0%} 之间（95% 置信区间）。"
        )
