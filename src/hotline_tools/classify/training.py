"""``train``: learn any label column from history, on top of what the built-in model knows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from typing import Any

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from numpy.typing import NDArray

from hotline_tools.classify.classifier import default_model, prior_knowledge
from hotline_tools.classify.excerpts import excerpts
from hotline_tools.classify.features import Features, FeatureSpace
from hotline_tools.classify.fitleaves import fit_leaves
from hotline_tools.classify.fitting import (
    Judged,
    Strength,
    Targets,
    apply_linear,
    calibrate,
    fit_linear,
    fold_models,
    group_folds,
    out_of_fold,
    stack,
)
from hotline_tools.classify.linear import LeafTree, Leaves, softmax
from hotline_tools.classify.metrics import classification_figures
from hotline_tools.classify.model import Model, amounts_of, features_with
from hotline_tools.classify.names import static_idf
from hotline_tools.classify.nearduplicates import group_names
from hotline_tools.classify.results import Texts, as_array
from hotline_tools.classify.vocabulary import ngrams, word_mask
from hotline_tools.errors import DataFileError
from hotline_tools.taxonomy import Category, Taxonomy, default_taxonomy, load_request_cues, load_rules

Ints = NDArray[np.int64]
LEAST_EXAMPLES = 3
FOLDS = 5
REVIEW_SHARE = 0.25
STRENGTHS = tuple(Strength(c, prior) for prior in (1.0, 3.0, 8.0) for c in (0.05, 0.2, 0.6))
BALANCE = 0.3
OWN_IDF_FROM = 1000
"""Rows from which the training texts' own idf is used instead of the static one."""
_UNCONVERGED = "拟合在规定的迭代次数内没有完全收敛，模型可用，好坏以交叉验证的成绩为准"
PATH_MARKS = ("->", "—>", "→", "＞", ">", "\\", "|")


@dataclass(frozen=True)
class Examples:
    """Cleaned training rows: class and leaf indices, and what was left out."""

    titles: pa.Array
    contents: pa.Array
    classes: tuple[str, ...]
    truth: Ints
    tree: LeafTree | None
    leaf: Ints
    notes: tuple[str, ...]


def train(
    titles: Texts,
    contents: Texts,
    labels: Sequence[str | None],
    *,
    label: str,
    taxonomy: Taxonomy | None = None,
) -> Model:
    """Learn ``labels`` (one per message; a path like ``甲/乙`` is learnt level by level).

    ``label`` is the column's name for the card; ``taxonomy`` gives names and keywords of the classes.
    Rows without a label and classes with fewer than ``LEAST_EXAMPLES`` rows are left out and noted.
    Raises ``DataFileError`` when fewer than two classes remain.
    """
    examples = prepare(as_array(titles), as_array(contents), labels, label)
    before = prior_knowledge(class_names(examples, taxonomy, label))
    space = build_space(examples.titles, examples.contents)
    features = features_with(space, before, examples.titles, examples.contents)
    matrix, words = stack(features), len(space.words)
    targets = Targets.plain(examples.truth, len(examples.classes), BALANCE)
    groups = group_names(examples.contents)
    folds = group_folds(examples.truth, groups, FOLDS)
    strength = choose_strength(matrix, words, targets, folds)
    models = fold_models(matrix, words, targets, folds, strength)
    logits = out_of_fold(models, matrix, folds)
    cut = excerpts(examples.titles, examples.contents, np.arange(len(folds)))
    pieces = features_with(space, before, cut.titles, cut.texts)

    def judged(scores: NDArray[np.float32], seen: Features, truth: Ints) -> Judged:
        return Judged(scores, amounts_of(seen, space, scores.argmax(axis=1), examples.classes), truth)

    calibration = calibrate(
        judged(logits, features, examples.truth),
        judged(out_of_fold(models, stack(pieces), folds[cut.of]), pieces, examples.truth[cut.of]),
        review_share=REVIEW_SHARE,
    )
    everything = np.arange(len(examples.truth))
    linear = fit_linear(matrix, words, targets, everything, strength)
    if not linear.converged:
        examples = replace(examples, notes=(*examples.notes, _UNCONVERGED))
    return Model(
        name=f"{label}模型 {date.today():%Y-%m-%d}",
        label=label,
        space=space,
        classes=examples.classes,
        linear=linear,
        leaves=_leaves(features, examples, everything),
        requests=None,
        calibration=calibration,
        is_word=word_mask(space.words, required_words()),
        before=before,
        card=_card(examples, label, logits, calibration.temperature, strength),
    )


def choose_strength(matrix: sp.csr_matrix, words: int, targets: Targets, folds: Ints) -> Strength:
    """The regularisation that is right most often: on all folds when rows are few, else on two."""
    tried = range(int(folds.max()) + 1 if len(folds) < OWN_IDF_FROM else 2)
    few = len(folds) < OWN_IDF_FROM

    def right(strength: Strength) -> int:
        total = 0
        for k in tried:
            held = np.flatnonzero(folds == k)
            linear = fit_linear(matrix, words, targets, np.flatnonzero(folds != k), strength)
            total += int((apply_linear(linear, matrix[held]).argmax(axis=1) == targets.truth[held]).sum())
        return total

    return max(STRENGTHS if few else [s for s in STRENGTHS if s.prior == 1.0], key=right)


def build_space(titles: pa.Array, contents: pa.Array) -> FeatureSpace:
    """Vocabulary and idf for ``train``: the texts' n-grams and the built-in lexicon."""
    taxonomy = default_taxonomy()
    rules, cues = load_rules(taxonomy), load_request_cues()
    rows = len(titles)
    grams = ngrams(titles, contents, least=2 if rows < OWN_IDF_FROM else 4)
    words = sorted({*grams, *required_words()})
    idf, unseen = static_idf()
    known = np.array([idf.get(word, unseen) for word in words], np.float32)
    if rows >= OWN_IDF_FROM:
        flat = FeatureSpace(words, known, taxonomy, rules, cues)
        df = np.bincount(flat.features(titles, contents).counts.word, minlength=len(words))
        known = idf_of(df, rows)
    return FeatureSpace(words, known, taxonomy, rules, cues)


def prepare(titles: pa.Array, contents: pa.Array, labels: Sequence[str | None], label: str) -> Examples:
    """Drop rows without a usable label; number classes and leaves."""
    paths = [split_path(value) for value in labels]
    sizes = Counter(path[0] for path in paths if path)
    small = sorted(name for name, size in sizes.items() if size < LEAST_EXAMPLES)
    classes = tuple(sorted(name for name, size in sizes.items() if size >= LEAST_EXAMPLES))
    notes = []
    unlabelled = sum(1 for path in paths if not path)
    if unlabelled:
        notes.append(f"{unlabelled:,} 行没有标签，未学习")
    if small:
        names = "、".join(small[:10]) + ("等" if len(small) > 10 else "")
        notes.append(f"{len(small)} 个类别各不足 {LEAST_EXAMPLES} 条，未学习：{names}")
    if len(classes) < 2:
        raise DataFileError(
            f"“{label}”列只有 {len(classes)} 个可学的类别（每类至少 {LEAST_EXAMPLES} 条）",
            where=label,
            remedy="请换一列，或提供更多已标注的记录。",
        )
    keep = [i for i, path in enumerate(paths) if path and path[0] in set(classes)]
    chosen = [paths[i] for i in keep]
    tree, leaf = _leaf_tree(chosen, classes)
    place = {name: i for i, name in enumerate(classes)}
    take = pa.array(keep, pa.int64())
    truth = np.array([place[path[0]] for path in chosen], np.int64)
    return Examples(titles.take(take), contents.take(take), classes, truth, tree, leaf, tuple(notes))


def split_path(value: str | None) -> tuple[str, ...]:
    """``住房->物业->电梯`` and ``住房/物业/电梯`` become a tuple; empty values an empty one."""
    text = str(value or "").strip()
    for mark in PATH_MARKS:
        text = text.replace(mark, "/")
    return tuple(part.strip() for part in text.split("/") if part.strip())


def _leaf_tree(paths: list[tuple[str, ...]], classes: tuple[str, ...]) -> tuple[LeafTree | None, Ints]:
    below = sorted({path for path in paths if len(path) > 1}, key=lambda p: (classes.index(p[0]), p))
    if not below:
        return None, np.full(len(paths), -1, np.int64)
    place = {path: i for i, path in enumerate(below)}
    tree = LeafTree(
        tuple("/".join(path[1:]) for path in below),
        np.array([classes.index(path[0]) for path in below], np.int64),
        np.full(len(below), -1, np.int64),
    )
    return tree, np.array([place.get(path, -1) for path in paths], np.int64)


def class_names(examples: Examples, taxonomy: Taxonomy | None, label: str) -> Taxonomy:
    """The learnt classes as a taxonomy: the user's description of a class where there is one."""
    described = {category.name: category for category in taxonomy.categories} if taxonomy else {}
    return Taxonomy(label, "", tuple(described.get(n, Category(path=(n,))) for n in examples.classes))


def _leaves(features: Features, examples: Examples, rows: Ints) -> Leaves | None:
    return None if examples.tree is None else fit_leaves(features, examples.tree, examples.leaf, rows)


def idf_of(df: NDArray[np.int64], rows: int) -> NDArray[np.float32]:
    """Inverse document frequency of words that occur in ``df`` of ``rows`` messages, 0.3 to 8."""
    return np.clip(np.log((1 + rows) / (1 + df)), 0.3, 8).astype(np.float32)


def required_words() -> list[str]:
    """The words of the built-in lexicon and of the request cues: every model counts them."""
    taxonomy = default_taxonomy()
    return FeatureSpace.needed_words(taxonomy, load_rules(taxonomy), load_request_cues())


def _card(
    examples: Examples, label: str, logits: NDArray[np.float32], temperature: float, strength: Strength
) -> dict[str, Any]:
    """What the model was made of, for whoever gets the file; no texts, no names of people."""
    probabilities = softmax(logits, temperature)
    figures = classification_figures(
        examples.truth, probabilities.argmax(axis=1), probabilities.max(axis=1), review_below=0.5
    )
    sizes = np.bincount(examples.truth, minlength=len(examples.classes)).tolist()
    return {
        "label": label,
        "date": f"{date.today():%Y-%m-%d}",
        "rows": len(examples.truth),
        "classes": dict(zip(examples.classes, sizes, strict=True)),
        "notes": list(examples.notes),
        "cross_validated": figures,
        "regularisation": vars(strength),
        "base": default_model().name,
        "versions": {name: version(name) for name in ("hotline-tools", "scikit-learn", "numpy")},
    }
