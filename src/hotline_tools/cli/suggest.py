"""``hotline suggest``: who should handle each order, and where the handler differs."""

from pathlib import Path
from typing import Annotated

import typer

from hotline_tools.cli.refusals import check_form
from hotline_tools.cli.shared import BY_FORMAT, FormatOption, emit, state_of

ModelOption = Annotated[
    Path,
    typer.Option(
        "--model", metavar="文件", help="hotline train --label 主办单位 得到的模型。", show_default=False
    ),
]
SuggestionsOption = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        metavar="文件",
        help="逐件写出前三个建议（csv、xlsx、parquet、jsonl）。",
        show_default=False,
    ),
]


def suggest(
    context: typer.Context,
    model: ModelOption,
    output: SuggestionsOption = None,
    confidence: Annotated[
        float, typer.Option("--confidence", metavar="P", min=0, max=1, help="置信度不低于此值才算有把握。")
    ] = 0.7,
    form: FormatOption = None,
    top: Annotated[
        int | None, typer.Option("--top", metavar="N", min=1, help="只列前 N 个单位。", show_default=False)
    ] = None,
) -> None:
    """给工单库的每件工单建议承办单位，并列出与现承办单位不一致的。

    例：hotline suggest --model 单位.model -o 承办建议.xlsx
    """
    from hotline_tools.classify import Classifier
    from hotline_tools.jobs.suggesting import (
        SUGGESTION_LABELS,
        SUGGESTIONS,
        Mismatch,
        mismatch_table,
        require_other_label,
    )
    from hotline_tools.jobs.suggesting import suggest as batches
    from hotline_tools.render.rows import write_rows, writer_for

    check_form(context, form)
    if output is not None:
        writer_for(output)  # an unknown suffix is refused before the work, not after it
    state = state_of(context)
    store = state.open_store()
    classifier = Classifier.load(model)
    require_other_label(classifier)
    counts = Mismatch(sure=confidence)
    with state.progress("建议", store.info().orders) as advance:
        found = batches(store, classifier, counts, advance)
        if output is not None:
            write_rows(output, SUGGESTIONS, found, labels=SUGGESTION_LABELS)
        else:
            for _ in found:
                pass
    emit(mismatch_table(counts, classifier, top=top), form, None, wide=BY_FORMAT)
    if output is not None:
        state.say(f"已写出 {output}：{counts.orders:,} 件")
    state.leave()
