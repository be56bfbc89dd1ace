"""Figures of a classification: accuracy, macro-F1, calibration, coverage, confusion."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


def classification_figures(
    truth: Ints, predicted: Ints, confidence: Floats, alternative: Ints | None = None, *, review_below: float
) -> dict[str, Any]:
    """The headline figures; ``alternative`` is a defensible second truth (-1: none)."""
    right = predicted == truth
    kept = confidence >= review_below
    figures: dict[str, Any] = {"rows": len(truth), "accuracy": _share(right)}
    if alternative is not None:
        figures["accuracy_with_alternatives"] = _share(right | (predicted == alternative))
    figures["macro_f1"] = round(macro_f1(truth, predicted), 4)
    figures["ece"] = round(expected_calibration_error(confidence, right), 4)
    figures["review_share"] = _share(~kept)
    figures["accuracy_kept"] = _share(right[kept])
    return figures


def per_class(truth: Ints, predicted: Ints) -> dict[int, tuple[int, float, float, float]]:
    """Class → (examples, precision, recall, F1), for classes that occur in truth or prediction."""
    found = {}
    for label in np.union1d(truth, predicted).tolist():
        hit = int(((truth == label) & (predicted == label)).sum())
        said, true = int((predicted == label).sum()), int((truth == label).sum())
        precision, recall = hit / said if said else 0.0, hit / true if true else 0.0
        f1 = 2 * precision * recall / (precision + recall) if hit else 0.0
        found[label] = (true, precision, recall, f1)
    return found


def macro_f1(truth: Ints, predicted: Ints) -> float:
    """Mean F1 over the classes that occur in truth or prediction (scikit-learn's default)."""
    table = per_class(truth, predicted)
    return float(np.mean([row[3] for row in table.values()])) if table else 0.0


def expected_calibration_error(confidence: Floats, right: NDArray[np.bool_], bins: int = 10) -> float:
    """ECE: mean |accuracy - confidence| over equal-width bins, weighted by size (Guo et al. 2017)."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        (which == b).mean() * abs(right[which == b].mean() - confidence[which == b].mean())
        for b in range(bins)
        if (which == b).any()
    ]
    return float(sum(gaps))


def coverage(confidence: Floats, right: NDArray[np.bool_]) -> list[tuple[float, float, float]]:
    """(threshold, share of messages at or above it, accuracy among them) for 0, 0.1 … 0.9."""
    rows = []
    for threshold in np.arange(0, 1, 0.1):
        kept = confidence >= threshold
        rows.append((round(float(threshold), 1), float(kept.mean()), _share(right[kept])))
    return rows


def confusion_pairs(truth: Ints, predicted: Ints, top: int = 20) -> list[tuple[int, int, int]]:
    """(true, predicted, count) of the most frequent mistakes."""
    wrong = truth != predicted
    pairs, counts = np.unique(np.stack([truth[wrong], predicted[wrong]], axis=1), axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:top]
    return [(int(pairs[i, 0]), int(pairs[i, 1]), int(counts[i])) for i in order]


def _share(flags: NDArray[np.bool_]) -> float:
    return round(float(flags.mean()), 4) if len(flags) else 0.0
