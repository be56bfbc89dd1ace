"""Which messages people should look at, what they answered, and how far they agree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotline_tools.classify.nearduplicates import near_duplicate_groups

Ints = NDArray[np.int64]
SAME_PAIR_COST = 0.15
"""Each message already chosen for the same confusion makes the next one that much less useful."""


def choose_for_review(table: pa.Table, contents: pa.Array, count: int) -> Ints:
    """Row numbers of the ``count`` most useful messages of a classification result, best first.

    Useful is uncertain (low ``confidence``), but not the same question again: of near-identical
    messages one is taken, and each confusion (category against first alternative) in turn.
    """
    unsure = 1 - pc.fill_null(table["confidence"], 0.0).to_numpy(zero_copy_only=False)
    groups = near_duplicate_groups(contents)
    # the most uncertain first; of one group only the first is offered
    order = np.argsort(-unsure, kind="stable")
    _, first = np.unique(groups[order], return_index=True)
    candidates = order[np.sort(first)]
    waiting: dict[tuple[str, str], list[int]] = defaultdict(list)
    pairs = _confusions(table)
    for row in candidates.tolist():
        waiting[pairs[row]].append(row)
    ranked = [
        (float(unsure[row]) - SAME_PAIR_COST * place, row)
        for rows in waiting.values()
        for place, row in enumerate(rows)
    ]
    ranked.sort(key=lambda item: (-item[0], item[1]))
    return np.array([row for _, row in ranked[:count]], np.int64)


@dataclass(frozen=True)
class Agreement:
    """Agreement of several people over the same orders."""

    pairs: int
    observed: float
    kappa: float | None
    """Fleiss' kappa over orders with two or more answers; None when it cannot be computed."""
    conflicts: tuple[tuple[str, tuple[str, ...]], ...]
    """Order key and the different answers, for every order on which people disagree."""


def agreement(answers: Iterable[tuple[str, str, str]]) -> Agreement:
    """Agreement of (order key, annotator, label) answers.

    Kappa after Fleiss (1971), generalised to a varying number of annotators per order: chance
    agreement from the overall shares of the labels, orders weighed by their pairs of answers.
    """
    by_order: dict[str, dict[str, str]] = defaultdict(dict)
    for key, annotator, label in answers:
        by_order[key][annotator] = label
    several = {key: list(found.values()) for key, found in by_order.items() if len(found) > 1}
    total: dict[str, int] = defaultdict(int)
    agreeing = pairs = 0
    for labels in several.values():
        for i, one in enumerate(labels):
            total[one] += 1
            agreeing += sum(one == other for other in labels[i + 1 :])
        pairs += len(labels) * (len(labels) - 1) // 2
    observed = agreeing / pairs if pairs else 0.0
    everything = sum(total.values())
    chance = sum((n / everything) ** 2 for n in total.values()) if everything else 1.0
    conflicts = tuple(
        (key, tuple(dict.fromkeys(labels))) for key, labels in several.items() if len(set(labels)) > 1
    )
    kappa = (observed - chance) / (1 - chance) if pairs and chance < 1 else None
    return Agreement(pairs, observed, kappa, conflicts)


def settle(answers: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """One label per order: the majority's; an order without a majority is left out."""
    by_order: dict[str, list[str]] = defaultdict(list)
    for key, _, label in answers:
        by_order[key].append(label)
    settled = {}
    for key, labels in by_order.items():
        best = max(dict.fromkeys(labels), key=labels.count)
        if 2 * labels.count(best) > len(labels):
            settled[key] = best
    return settled


def moved(before: Sequence[str | None], after: Sequence[str | None]) -> list[tuple[str, str, int]]:
    """(old category, new category, orders) of a reclassification, most frequent first."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for old, new in zip(before, after, strict=True):
        if old != new:
            counts[old or "（未分类）", new or "（未分类）"] += 1
    return sorted(((o, n, c) for (o, n), c in counts.items()), key=lambda item: (-item[2], item[:2]))


def _confusions(table: pa.Table) -> list[tuple[str, str]]:
    rivals = [(text or "").split(":")[0] for text in table["alternatives"].to_pylist()]
    chosen = [name or "" for name in table["category"].to_pylist()]
    return [(min(a, b), max(a, b)) for a, b in zip(chosen, rivals, strict=True)]
