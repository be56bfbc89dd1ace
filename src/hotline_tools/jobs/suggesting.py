"""Department suggestions (转): the three likeliest departments of each order, and who differs."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.classify import Classifier
from hotline_tools.classify.results import CHUNK
from hotline_tools.errors import ModelError
from hotline_tools.reports.common import rate_cells, rate_fields
from hotline_tools.store import Store
from hotline_tools.table import Cell, ChartHint, Field, Note, NoteKind, ReportTable

SURE = 0.7
"""A suggestion of this confidence or more is worth holding against the handler."""
BEST = 3
SHOWN_OTHERS = 3
SUGGESTIONS = pa.schema(
    [
        ("order_id", pa.string()),
        ("department", pa.string()),
        *(
            column
            for i in range(1, BEST + 1)
            for column in ((f"suggestion_{i}", pa.string()), (f"confidence_{i}", pa.float64()))
        ),
        ("confident", pa.bool_()),
        ("differs", pa.bool_()),
    ]
)
"""``differs``: the handler is a department the model knows, and a confident suggestion is another.

``confidence_1`` is the calibrated chance that the first suggestion is right; 2 and 3 are probabilities.
"""
SUGGESTION_LABELS = {
    "order_id": "工单编号",
    "department": "主办单位",
    **{f"suggestion_{i}": f"建议单位{i}" for i in range(1, BEST + 1)},
    **{f"confidence_{i}": f"建议{i}的{'置信度' if i == 1 else '概率'}" for i in range(1, BEST + 1)},
    "confident": "有把握",
    "differs": "与主办单位不一致",
}
"""What the columns are called in a workbook."""
Progress = Callable[[int], None]


@dataclass
class Mismatch:
    """Counts for the report: (handler, suggested) → orders with a confident suggestion."""

    sure: float = SURE
    orders: int = 0
    unhandled: int = 0
    """Orders without a department."""
    unknown: Counter[str] = field(default_factory=Counter)
    """Departments that the model has not learnt → their orders; they cannot differ."""
    handled: Counter[str] = field(default_factory=Counter)
    confident: Counter[tuple[str, str]] = field(default_factory=Counter)


def require_other_label(classifier: Classifier) -> None:
    """Raise ``ModelError`` for a model that sorts into categories rather than departments."""
    if classifier.model.label == "category":
        raise ModelError(
            "这个模型学的是诉求类别，不能建议承办单位",
            remedy="请用 hotline train 文件 --label 主办单位 -o 单位.model 训练。",
        )


def suggest(
    store: Store, classifier: Classifier, counts: Mismatch, progress: Progress = lambda _: None
) -> Iterator[pa.Table]:
    """Yield the suggestions (``SUGGESTIONS``) of all orders, batch by batch, and fill ``counts``."""
    columns = ["order_key", "order_id", "title", "content", "department"]
    for batch in store.order_batches(columns, rows=CHUNK):
        found = _suggested(batch, classifier, counts.sure)
        _count(found, set(classifier.classes), counts)
        progress(batch.num_rows)
        yield found


def _suggested(batch: pa.Table, classifier: Classifier, sure: float) -> pa.Table:
    names, p, confidence = classifier.probabilities(batch["title"], batch["content"])
    best = np.argsort(-p, axis=1, kind="stable")[:, :BEST]
    values = np.take_along_axis(p, best, axis=1)
    values[:, 0] = confidence
    no_content = pc.and_(pc.is_null(batch["title"]), pc.is_null(batch["content"])).to_pylist()
    confident = (values[:, 0] >= sure) & ~np.array(no_content, bool)
    known = set(names)
    rows = []
    for order, is_empty, places, chances, is_sure in zip(
        batch.drop_columns(["title", "content"]).to_pylist(),
        no_content,
        best.tolist(),
        values.astype(float).round(4).tolist(),
        confident.tolist(),
        strict=True,
    ):
        row = {
            "order_id": order["order_id"] or order["order_key"],
            "department": order["department"],
            "confident": is_sure,
            "differs": is_sure and order["department"] in known and order["department"] != names[places[0]],
        }
        suggested = [] if is_empty else zip(places, chances, strict=True)
        for i, (place, chance) in enumerate(suggested, 1):
            row |= {f"suggestion_{i}": names[place], f"confidence_{i}": chance}
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=SUGGESTIONS)


def _count(found: pa.Table, known: set[str], counts: Mismatch) -> None:
    counts.orders += found.num_rows
    columns = found.select(["department", "suggestion_1", "confident"]).to_pydict()
    for handler, suggested, is_sure in zip(*columns.values(), strict=True):
        if handler is None:
            counts.unhandled += 1
        elif handler not in known:
            counts.unknown[handler] += 1
        else:
            counts.handled[handler] += 1
            if is_sure:
                counts.confident[handler, suggested] += 1


def mismatch_table(counts: Mismatch, classifier: Classifier, *, top: int | None = None) -> ReportTable:
    """One row a department: its orders, confident suggestions, how many of these differ, and to whom."""
    rows = [_row(counts, handler) for handler in counts.handled]
    rows.sort(key=lambda row: (-int(str(row["differs_rate_numerator"])), str(row["department"])))
    sure, differs = sum(counts.confident.values()), sum(n for (a, b), n in counts.confident.items() if a != b)
    return ReportTable(
        report="departments_mismatch",
        title="承办单位与模型建议不一致",
        period="全部时间",
        columns=(
            Field("department", "主办单位"),
            Field("orders", "工单数", "integer", "件"),
            *rate_fields("differs_rate", "不一致率"),
            Field("suggested", "多建议转", "list"),
        ),
        rows=rows[:top],
        totals={"orders": sum(counts.handled.values()), **rate_cells("differs_rate", differs, sure)},
        notes=_notes(counts, classifier),
        chart=ChartHint("bars", label="department", value="differs_rate_numerator"),
    )


def _row(counts: Mismatch, handler: str) -> dict[str, Cell]:
    suggested = Counter({b: n for (a, b), n in counts.confident.items() if a == handler})
    others = sorted(
        ((n, b) for b, n in suggested.items() if b != handler), key=lambda item: (-item[0], item[1])
    )
    return {
        "department": handler,
        "orders": counts.handled[handler],
        **rate_cells("differs_rate", sum(n for n, _ in others), sum(suggested.values())),
        "suggested": [f"{name} {n}" for n, name in others[:SHOWN_OTHERS]],
    }


def _notes(counts: Mismatch, classifier: Classifier) -> list[Note]:
    notes = [
        Note(
            NoteKind.DEFINITION,
            f"模型：{classifier.model_label}。不一致率 = 建议与主办单位不同的 ÷ 建议有把握（置信度不低于 "
            f"{counts.sure:.2f}）的；不一致不等于派错，请结合职责核对。",
        ),
        Note(NoteKind.QUALITY, "若模型就是用这些工单训练的，不一致会偏少。"),
    ]
    if counts.unhandled:
        notes.append(Note(NoteKind.EXCLUDED, f"{counts.unhandled:,} 件没有主办单位，只给建议。"))
    if counts.unknown:
        names = "、".join(name for name, _ in counts.unknown.most_common(5))
        text = (
            f"{counts.unknown.total():,} 件的主办单位模型没有学过，不作比较：{names}"
            f"{'等' if len(counts.unknown) > 5 else ''}（{len(counts.unknown):,} 个）。"
        )
        notes.append(Note(NoteKind.EXCLUDED, text))
    return notes
