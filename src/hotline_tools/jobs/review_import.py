"""Corrections back into the store: what people agree on becomes their label; conflicts are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from hotline_tools.classify.annotators import Answer, agreements, by_order, settled
from hotline_tools.engine import Engine
from hotline_tools.jobs.review_choices import Choices
from hotline_tools.jobs.review_read import ReviewFile, raise_mistakes
from hotline_tools.jobs.review_tables import (
    ControlFigure,
    agreement_table,
    conflict_table,
    people_table,
)
from hotline_tools.schema import LABELS
from hotline_tools.store import Store
from hotline_tools.table import ReportTable

_KNOWN = """
SELECT o.order_key, coalesce(o.order_id, o.order_key) AS order_id, o.title,
    m.category, m.subcategory, m.request_type
FROM orders AS o LEFT JOIN model_labels AS m ON m.order_key = o.order_key
WHERE o.order_key IN (SELECT unnest($keys))
"""


@dataclass(frozen=True)
class ReviewResult:
    """What an import of reviews did; ``control`` is the model's accuracy on the random rows."""

    applied: int
    corrected: int
    """Applied labels whose category is another than the model's."""
    conflicts: int
    """Orders left as they were, because people disagree."""
    people: ReportTable
    agreement: ReportTable
    disputes: ReportTable
    control: ControlFigure


def import_reviews(
    store: Store, filled: Sequence[ReviewFile], choices: Choices, *, majority: bool = False
) -> ReviewResult:
    """Write what people agree on as person labels; with ``majority`` more than half is enough.

    Where someone left subcategory or request type empty and the category is the model's own, the
    model's stay. Raises ``InputError`` when a row's order is not in the store; nothing is written then.
    """
    answers = [answer for book in filled for answer in book.answers]
    orders = _orders(store, filled)
    verdicts = {key: settled(given, majority=majority) for key, given in by_order(answers).items()}
    agreed = {key: verdict for key, verdict in verdicts.items() if verdict is not None}
    if agreed:
        rows = [_label(verdict, orders[key], choices) for key, verdict in sorted(agreed.items())]
        store.write_labels([pa.Table.from_pylist(rows, schema=LABELS)], origin="person")
    disputed = {key: given for key, given in by_order(answers).items() if _differ(given)}
    control = frozenset().union(*(book.control for book in filled))
    return ReviewResult(
        applied=len(agreed),
        corrected=sum(orders[key]["category"] != verdict.category for key, verdict in agreed.items()),
        conflicts=len(verdicts) - len(agreed),
        people=people_table(filled, orders),
        agreement=agreement_table(agreements(answers)),
        disputes=conflict_table(disputed, agreed, orders),
        control=ControlFigure.of(
            [(verdict.category, orders[key]["category"]) for key, verdict in agreed.items() if key in control]
        ),
    )


def _orders(store: Store, filled: Sequence[ReviewFile]) -> dict[str, dict[str, Any]]:
    """The orders by key, with what the model says of them."""
    places = [(key, place) for book in filled for key, place in book.places.items()]
    with Engine(store) as engine:
        rows = engine.query(_KNOWN, {"keys": sorted({key for key, _ in places})}).to_pylist()
    known = {row["order_key"]: row for row in rows}
    raise_mistakes([f"{place}：工单库里没有这件工单（{key}）" for key, place in places if key not in known])
    return known


def _differ(given: Sequence[Answer]) -> bool:
    return settled(given, majority=False) is None


def _label(verdict: Answer, order: dict[str, Any], choices: Choices) -> dict[str, Any]:
    same = verdict.category == order["category"]
    return {
        "order_key": verdict.order_key,
        "category": verdict.category,
        "subcategory": verdict.subcategory or (order["subcategory"] if same else None),
        "confidence": 1.0,
        "evidence": None,
        "alternatives": None,
        "request_type": verdict.request_type or order["request_type"],
        "needs_review": False,
        "origin": "person",
        "taxonomy": choices.taxonomy,
        "model": f"人工：{verdict.annotator}",
    }
