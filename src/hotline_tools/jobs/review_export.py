"""The orders of a store that people should judge, chosen and made into a review workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hotline_tools.classify.selection import (
    CONTROL_SHARE,
    Floats,
    Ints,
    control_sample,
    interleaved,
    most_useful,
    uncertainty,
)
from hotline_tools.engine import StoreEngine
from hotline_tools.errors import NotComputableError
from hotline_tools.jobs.review_choices import REQUEST_TYPES, Choices
from hotline_tools.privacy import mask_text
from hotline_tools.render.review_book import CONTROL, DOUBTFUL, ReviewBook
from hotline_tools.reports.query import Query, scope
from hotline_tools.similarity import vectors

POOL_TIMES, LARGEST_POOL = 10, 2_000
"""Diversity is sought among so many times the wanted number of most uncertain orders."""
_CANDIDATES = """
SELECT s.order_key, m.category, m.confidence, m.alternatives
FROM scope AS s JOIN model_labels AS m ON m.order_key = s.order_key
WHERE s.label_origin = 'model' AND coalesce(s.title, s.content) IS NOT NULL
ORDER BY s.order_key
"""
_TEXTS = """
SELECT s.order_key, coalesce(s.order_id, s.order_key) AS order_id,
    strftime(s.received_at, '%Y-%m-%d %H:%M') AS received_at, s.title, s.content,
    m.category, m.subcategory, m.request_type, m.confidence, m.alternatives, m.evidence
FROM scope AS s JOIN model_labels AS m ON m.order_key = s.order_key
WHERE s.order_key IN (SELECT unnest($keys))
"""
_MODEL_COLUMNS = ("category", "subcategory", "request_type", "confidence", "alternatives", "evidence")


@dataclass(frozen=True)
class Selection:
    """The workbook's content, and how many of its rows are doubtful ones and random ones."""

    book: ReviewBook
    candidates: int
    doubtful: int
    control: int


def select_for_review(engine: StoreEngine, query: Query, choices: Choices, *, top: int) -> Selection:
    """Choose up to ``top`` orders in scope that no person has labelled yet; texts come masked.

    Raises ``NotComputableError`` when there is none, or when the store's labels are of another taxonomy.
    """
    engine.define("scope", scope(query))
    found: list[dict[str, Any]] = engine.query(_CANDIDATES).to_pylist()
    _check(found, choices)
    keys = [row["order_key"] for row in found]
    control = control_sample(keys, max(1, round(top * CONTROL_SHARE)))
    rest = np.setdiff1d(np.arange(len(keys)), control)
    doubt = uncertainty([row["confidence"] for row in found], [row["alternatives"] for row in found])
    pool = rest[np.argsort(-doubt[rest].round(9), kind="stable")][: min(top * POOL_TIMES, LARGEST_POOL)]
    texts = _texts(engine, [keys[i] for i in [*pool, *control]])
    useful = pool[_different([texts[keys[i]] for i in pool], doubt[pool], top - len(control))]
    rows = [
        _row(texts[keys[position]], is_control)
        for position, is_control in interleaved(useful.tolist(), control.tolist())
    ]
    book = ReviewBook(choices.taxonomy, choices.below, REQUEST_TYPES, rows)
    return Selection(book, len(keys), len(useful), len(control))


def _different(orders: Sequence[dict[str, Any]], doubt: Floats, count: int) -> Ints:
    """Positions of the most useful orders; of those that say nothing (谢谢) one is enough."""
    found = vectors([order["title"] for order in orders], [order["content"] for order in orders])
    telling = np.flatnonzero(~found.wordless)
    some = np.sort(np.concatenate([telling, np.flatnonzero(found.wordless)[:1]]))
    return some[most_useful(doubt[some], found.matrix[some], count)]


def _check(found: Sequence[dict[str, Any]], choices: Choices) -> None:
    if not found:
        raise NotComputableError(
            "没有可复核的工单：范围内的都经人工复核过，或没有文字",
            remedy="请放宽 --period 等筛选条件。",
        )
    foreign = sorted({row["category"] for row in found} - {None, *choices.below})
    if foreign:
        raise NotComputableError(
            f"工单库的标注含有“{choices.taxonomy}”里没有的类别（{'、'.join(foreign[:5])}）",
            remedy="请加 --taxonomy 或 --model 指明标注时所用的，或用 hotline classify --all 重新归类。",
        )


def _texts(engine: StoreEngine, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    rows = engine.query(_TEXTS, {"keys": list(keys)}).to_pylist()
    return {row["order_key"]: row for row in rows}


def _row(order: dict[str, Any], is_control: bool) -> dict[str, Any]:
    """Mask again: a store may have been told to keep personal data, a workbook travels.

    A control row hides what the model thinks, or people would tend to agree with it.
    """
    hidden = dict.fromkeys(_MODEL_COLUMNS) if is_control else {}
    masked = {name: mask_text(order[name]) if order[name] else None for name in ("title", "content")}
    return {**order, **masked, **hidden, "drawn": CONTROL if is_control else DOUBTFUL}
