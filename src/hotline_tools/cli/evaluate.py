"""``hotline evaluate``: how good is a model, or what could be learnt, on labelled history."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.refusals import check_form, refuse_unused
from hotline_tools.cli.shared import (
    FormatOption,
    LayoutOption,
    ModelOption,
    OutputOption,
    PasswordOption,
    TaxonomyOption,
    emit,
    state_of,
)
from hotline_tools.cli.train import PEOPLE_LABEL, LabelOption, StoreLabelsOption, gather
from hotline_tools.errors import UsageError

if TYPE_CHECKING:
    from hotline_tools.classify.evaluation import Evaluation
    from hotline_tools.jobs.examples import LabelledTexts

HELD_OUT_OF = 4
"""``--holdout`` tests on one part of so many."""


def evaluate(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[文件…]", help="已标注的导出文件。", show_default=False)
    ] = None,
    label: LabelOption = None,
    store_labels: StoreLabelsOption = False,
    model: ModelOption = None,
    taxonomy: TaxonomyOption = None,
    zero_shot: Annotated[
        bool, typer.Option("--zero-shot", help="不学习，直接按分类体系归类来评估。")
    ] = False,
    holdout: Annotated[
        bool, typer.Option("--holdout", help="只留四分之一来检验（较快），不做交叉验证。")
    ] = False,
    part: Annotated[
        str | None,
        typer.Option(
            "--table",
            metavar="表",
            help="figures、classes、confusions 或 coverage；不写则全部。",
            show_default=False,
        ),
    ] = None,
    layout: LayoutOption = None,
    password_file: PasswordOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """评估归类：给出模型则评估模型；否则交叉验证，近似相同的记录不会分在两边。

    例：hotline evaluate 六月工单.csv --label 主办单位 --holdout
    """
    from hotline_tools.jobs.evaluation_tables import PARTS, evaluation_table

    if part is not None and part not in PARTS:
        raise UsageError(f"没有 {part} 这张表", remedy=f"可用：{'、'.join(PARTS)}。")
    if (model is not None) + zero_shot + holdout > 1:
        raise UsageError("--model、--zero-shot、--holdout 只能用一个", remedy="请去掉其余的。")
    if not files:
        refuse_unused(context, "只用工单库的标注时", ("layout", "password_file"))
    if model is not None:
        refuse_unused(context, "--model", ("taxonomy",))
    check_form(context, form, output)
    state = state_of(context)
    found = gather(state, files or [], label, store_labels, (layout, password_file))
    result = _evaluation(found, label or PEOPLE_LABEL, (model, taxonomy), zero_shot, holdout)
    if part is None and form in (None, "table") and output is None:
        for name in PARTS:
            table = evaluation_table(result, name)
            shown = table if name == PARTS[0] else replace(table, notes=[])
            emit(shown, None, None, wide=f"加 --table {name} -o 文件.xlsx 看全部")
        state.leave(incomplete=bool(found.rejected))
        return
    if part is None:
        state.say("写出的是各类的评估（classes）；另有 figures、confusions、coverage，用 --table 指定。")
    emit(evaluation_table(result, part or "classes"), form, output)
    if output is not None:
        state.say(f"已写出 {output}")
    state.leave(incomplete=bool(found.rejected))


def _evaluation(
    found: "LabelledTexts",
    label: str,
    how: tuple[Path | None, Path | None],
    zero_shot: bool,
    holdout: bool,
) -> "Evaluation":
    from hotline_tools.classify import Classifier
    from hotline_tools.classify.evaluation import cross_validate, evaluate_classifier
    from hotline_tools.classify.training import FOLDS
    from hotline_tools.errors import NotComputableError
    from hotline_tools.taxonomy import load_taxonomy

    if not any(found.labels):
        raise NotComputableError(f"“{label}”列没有任何标签", remedy="请换一列，或提供已标注的记录。")
    model, file = how
    taxonomy = load_taxonomy(file) if file else None
    if model is not None or zero_shot:
        classifier = (
            Classifier.load(model) if model else Classifier.from_taxonomy(taxonomy or load_taxonomy())
        )
        return evaluate_classifier(classifier, found.titles, found.contents, found.labels)
    return cross_validate(
        found.titles,
        found.contents,
        found.labels,
        label=label,
        taxonomy=taxonomy,
        folds=HELD_OUT_OF if holdout else FOLDS,
        only_first=holdout,
    )
