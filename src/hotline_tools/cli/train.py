"""``hotline train``: learn a label column, or people's corrections, into a model file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.refusals import refuse_unused
from hotline_tools.cli.shared import (
    LayoutOption,
    PasswordOption,
    State,
    TaxonomyOption,
    read_tables,
    state_of,
)
from hotline_tools.errors import UsageError

if TYPE_CHECKING:
    from hotline_tools.classify.model import Model
    from hotline_tools.jobs.examples import LabelledTexts

PEOPLE_LABEL = "类别"

LabelOption = Annotated[
    str | None,
    typer.Option(
        "--label", metavar="列名", help="要学的列，如 问题分类、承办单位；路径逐级学。", show_default=False
    ),
]
StoreLabelsOption = Annotated[bool, typer.Option("--store-labels", help="也学工单库里的人工标注。")]


def train(
    context: typer.Context,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="文件", help="模型文件。", show_default=False)
    ],
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[文件…]", help="已标注的导出文件。", show_default=False)
    ] = None,
    label: LabelOption = None,
    store_labels: StoreLabelsOption = False,
    taxonomy: TaxonomyOption = None,
    layout: LayoutOption = None,
    password_file: PasswordOption = None,
) -> None:
    """从已标注的历史记录学出模型，用于 classify、suggest；附交叉验证的成绩。

    例：hotline train 六月工单.csv --label 主办单位 -o 单位.model
    """
    from hotline_tools.classify.training import train as learn
    from hotline_tools.jobs.model_output import check_output, write_model
    from hotline_tools.taxonomy import load_taxonomy

    if not files:
        refuse_unused(context, "只学工单库的标注时", ("layout", "password_file"))
    state = state_of(context)
    check_output(output)
    known = load_taxonomy(taxonomy) if taxonomy else None
    found = gather(state, files or [], label, store_labels, (layout, password_file))
    model = learn(found.titles, found.contents, found.labels, label=label or PEOPLE_LABEL, taxonomy=known)
    write_model(model, output)
    _say(state, model, output)
    if label is None:
        _say_missing(state, model)
    state.leave(incomplete=bool(found.rejected))


def gather(
    state: State,
    files: list[Path],
    label: str | None,
    store_labels: bool,
    how: tuple[str | None, Path | None],
) -> "LabelledTexts":
    """Return the labelled messages that ``train`` and ``evaluate`` are asked to use."""
    from hotline_tools.jobs.examples import (
        LabelledTexts,
        examples_of_files,
        examples_of_people,
        require_same_kind,
    )

    if bool(files) != (label is not None) or not (files or store_labels):
        raise UsageError("没有写要学什么", remedy="请写 文件… --label 列名，或用 --store-labels。")
    found = people = LabelledTexts([], [], [])
    if files:
        found = examples_of_files(read_tables(state, files, *how).tables, label or "")
    if store_labels:
        people = examples_of_people(state.open_store())
        state.say(f"工单库的人工标注 {len(people.labels):,} 件。")
        require_same_kind(found, people, label or PEOPLE_LABEL)
    if found.rejected:
        state.say(f"有 {found.rejected:,} 行格式有误，未使用。")
    return found + people


def _say(state: State, model: "Model", output: Path) -> None:
    card = model.card
    figures = card["cross_validated"]
    state.say(f"已写出 {output}：学了 {card['rows']:,} 条记录，{len(card['classes']):,} 个类别。")
    for note in card["notes"]:
        state.say(f"注：{note}。")
    state.say(
        f"交叉验证：准确率 {figures['accuracy']:.1%}，宏平均 F1 {figures['macro_f1']:.1%}；"
        "详情用 hotline evaluate 同样的文件和列。"
    )


def _say_missing(state: State, model: "Model") -> None:
    """A model of corrections alone never says what nobody corrected to."""
    from hotline_tools.taxonomy import default_taxonomy

    names = default_taxonomy().names
    missing = [name for name in names if name not in model.classes]
    if missing and set(model.classes) <= set(names):
        state.say(
            f"注：人工标注里没有（或不足以学）这 {len(missing)} 类，模型不会归入它们："
            f"{'、'.join(missing[:10])}{'等' if len(missing) > 10 else ''}。"
        )
