"""``evaluate``: figures for a label column, cross-validated, held out, or of a given model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotline_tools.classify.classifier import Classifier, prior_knowledge
from hotline_tools.classify.fitting import (
    Targets,
    apply_linear,
    best_temperature,
    fit_linear,
    group_folds,
    stack,
)
from hotline_tools.classify.linear import softmax
from hotline_tools.classify.metrics import classification_figures, confusion_pairs, coverage, per_class
from hotline_tools.classify.model import Prior, features_with
from hotline_tools.classify.nearduplicates import group_names
from hotline_tools.classify.results import Texts, as_array
from hotline_tools.classify.training import (
    BALANCE,
    FOLDS,
    REVIEW_SHARE,
    Examples,
    build_space,
    choose_strength,
    class_names,
    prepare,
    split_path,
)
from hotline_tools.taxonomy import Taxonomy

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Evaluation:
    """True and predicted class indices, class probabilities (messages × classes), notes (Chinese)."""

    classes: tuple[str, ...]
    truth: Ints
    probabilities: Floats
    confidence: Floats
    review_below: float
    notes: tuple[str, ...]

    @property
    def predicted(self) -> Ints:
        """The class of highest probability."""
        found: Ints = self.probabilities.argmax(axis=1)
        return found

    def figures(self) -> dict[str, Any]:
        """Accuracy, macro-F1, ECE, review share, accuracy of what is kept, top-3 accuracy."""
        found = classification_figures(
            self.truth, self.predicted, self.confidence, review_below=self.review_below
        )
        best = np.argsort(-self.probabilities, axis=1, kind="stable")[:, :3]
        found["top3_accuracy"] = round(float((best == self.truth[:, None]).any(axis=1).mean()), 4)
        return found

    def per_class(self) -> list[dict[str, Any]]:
        """One row per class: rows, precision, recall, f1."""
        return [
            {"category": self.classes[i], "rows": rows, "precision": p, "recall": r, "f1": f}
            for i, (rows, p, r, f) in per_class(self.truth, self.predicted).items()
            if i >= 0
        ]

    def confusions(self) -> list[dict[str, Any]]:
        """The most frequent mistakes."""
        return [
            {"truth": self._name(true), "predicted": self.classes[said], "rows": rows}
            for true, said, rows in confusion_pairs(self.truth, self.predicted)
        ]

    def coverage(self) -> list[dict[str, float]]:
        """Share kept and accuracy at each confidence threshold."""
        right = self.predicted == self.truth
        return [
            {"threshold": t, "coverage": share, "accuracy": accuracy}
            for t, share, accuracy in coverage(self.confidence, right)
        ]

    def _name(self, index: int) -> str:
        return self.classes[index] if index >= 0 else "（模型没有的类别）"


def cross_validate(
    titles: Texts,
    contents: Texts,
    labels: Sequence[str | None],
    *,
    label: str,
    taxonomy: Taxonomy | None = None,
    folds: int = FOLDS,
    fold: Ints | None = None,
    only_first: bool = False,
) -> Evaluation:
    """Each message is classified by a model that saw neither it nor a near-identical one.

    ``only_first`` holds out one fold only (with ``folds`` = 4: a 75/25 split). ``fold`` gives the fold
    of each row, when every row is learnable. The strength of the regularisation is chosen inside the
    training part of the first fold.
    """
    examples = prepare(as_array(titles), as_array(contents), labels, label)
    grouped = "，近似重复的留在同一份" if fold is None else ""
    if fold is None:
        fold = group_folds(examples.truth, group_names(examples.contents), folds)
    logits = _held_out_logits(
        examples, prior_knowledge(class_names(examples, taxonomy, label)), fold, only_first
    )
    held = np.flatnonzero(fold == 0) if only_first else np.arange(len(fold))
    probabilities = softmax(logits[held], best_temperature(logits[held], examples.truth[held]))
    top = probabilities.max(axis=1)
    count = int(fold.max()) + 1
    how = f"留出 1/{count}" if only_first else f"{count} 折交叉验证"
    return Evaluation(
        examples.classes,
        examples.truth[held],
        probabilities,
        top,
        float(np.quantile(top, REVIEW_SHARE)),
        (*examples.notes, f"{how}{grouped}"),
    )


def _held_out_logits(examples: Examples, before: Prior, fold: Ints, only_first: bool) -> Floats:
    space = build_space(examples.titles, examples.contents)
    matrix = stack(features_with(space, before, examples.titles, examples.contents))
    words = len(space.words)
    targets = Targets.plain(examples.truth, len(examples.classes), BALANCE)
    inner = np.flatnonzero(fold != 0)
    # the remaining folds, numbered from 0, choose the strength
    strength = choose_strength(
        matrix[inner], words, Targets.plain(examples.truth[inner], targets.classes, BALANCE), fold[inner] - 1
    )
    logits = np.zeros((len(examples.truth), targets.classes), np.float32)
    for k in range(1 if only_first else int(fold.max()) + 1):
        rows = np.flatnonzero(fold == k)
        linear = fit_linear(matrix, words, targets, np.flatnonzero(fold != k), strength)
        logits[rows] = apply_linear(linear, matrix[rows])
    return logits


def evaluate_classifier(
    classifier: Classifier, titles: Texts, contents: Texts, labels: Sequence[str | None]
) -> Evaluation:
    """A finished classifier on labelled messages; labels it does not know count as wrong."""
    classes, probabilities, confidence = classifier.probabilities(titles, contents)
    place = {name: i for i, name in enumerate(classes)}
    paths = [split_path(value) for value in labels]
    keep = np.array([i for i, path in enumerate(paths) if path], np.int64)
    truth = np.array([place.get(paths[i][0], -1) for i in keep], np.int64)
    unknown = sorted({paths[i][0] for i in keep if paths[i][0] not in place})
    notes = [f"{len(paths) - len(keep):,} 行没有标签，未计入"] if len(keep) < len(paths) else []
    if unknown:
        notes.append(f"{len(unknown)} 个类别不在分类体系内，一律算错：{'、'.join(unknown[:10])}")
    below = classifier.calibration.review_below
    return Evaluation(classes, truth, probabilities[keep], confidence[keep], below, tuple(notes))
