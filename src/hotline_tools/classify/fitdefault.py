"""Fits the built-in model from labelled messages; run by ``benchmarks/classify_fit_default.py``."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from hotline_tools.classify.features import Features, FeatureSpace
from hotline_tools.classify.fitleaves import fit_leaves
from hotline_tools.classify.fitting import (
    Strength,
    Targets,
    calibrate,
    fit_linear,
    group_folds,
    out_of_fold,
    stack,
)
from hotline_tools.classify.linear import LeafTree, Leaves, softmax
from hotline_tools.classify.metrics import classification_figures
from hotline_tools.classify.model import Model
from hotline_tools.classify.modelfile import save_model
from hotline_tools.classify.names import IDF_FILE
from hotline_tools.classify.vocabulary import ngrams, readable_words
from hotline_tools.taxonomy import Taxonomy, default_taxonomy, load_request_cues, load_rules

Ints = NDArray[np.int64]
LEAST_MESSAGES = 6
MAX_NGRAMS = 22000
REVIEW_SHARE = 0.22
STRENGTH, REQUEST_STRENGTH = Strength(0.4), Strength(0.1)
FOLDS = 5


def fit_default(labels: pd.DataFrame, output: Path) -> dict[str, Any]:
    """Fit on ``labels`` and write the model to ``output`` and the static idf beside it; returns figures.

    Figures are out of fold, on the rows with ``gold`` = 1 only.
    """
    taxonomy = default_taxonomy()
    rules, cues = load_rules(taxonomy), load_request_cues()
    titles, contents = (pa.array(labels[c].tolist(), pa.string()) for c in ("title", "content"))
    candidates = ngrams(titles, contents, least=LEAST_MESSAGES, sources=labels["source"].tolist())
    needed = FeatureSpace.needed_words(taxonomy, rules, cues)

    def space_of(words: list[str]) -> tuple[FeatureSpace, Features]:
        flat = FeatureSpace(words, np.ones(len(words), np.float32), taxonomy, rules, cues)
        df = np.bincount(flat.features(titles, contents).counts.word, minlength=len(words))
        space = FeatureSpace(words, _idf(df, len(labels)), taxonomy, rules, cues)
        return space, space.features(titles, contents)

    targets = _targets(labels, taxonomy)
    everything = np.arange(len(labels))
    space, features = space_of(sorted({*candidates, *needed}))
    _save_idf(space, len(labels))
    wide = fit_linear(
        stack(features, without_last=len(cues)), len(space.words), targets, everything, STRENGTH
    )
    chosen = _most_useful(space.words, wide.body, wide.title, set(needed))
    space, features = space_of(chosen)
    matrix, full, words = stack(features, without_last=len(cues)), stack(features), len(space.words)
    gold = (labels["gold"] == "1").to_numpy()
    fold = np.where(gold, group_folds(targets.truth, labels["content"].str[:40].tolist(), FOLDS), -1)
    logits = out_of_fold(matrix, words, targets, fold, STRENGTH)
    calibration = calibrate(logits[gold], targets.truth[gold], review_share=REVIEW_SHARE)
    probabilities = softmax(logits[gold], calibration.temperature)
    figures = classification_figures(
        targets.truth[gold],
        probabilities.argmax(axis=1),
        calibration.confidence(probabilities.max(axis=1)),
        targets.alternative[gold],
        review_below=calibration.review_below,
    )
    requests = _request_targets(labels, space)
    request_logits = out_of_fold(full, words, requests, fold, REQUEST_STRENGTH)
    figures["request_type_accuracy"] = round(
        float((request_logits.argmax(axis=1) == requests.truth)[gold].mean()), 4
    )
    leaf_truth, leaf_tree = _leaf_targets(labels, space, taxonomy)
    figures["subcategory_accuracy_given_category"] = _leaf_figure(
        features, leaf_tree, leaf_truth, targets.truth, fold
    )
    model = Model(
        name=f"内置模型 {date.today():%Y-%m-%d}",
        label="category",
        space=space,
        classes=taxonomy.names,
        linear=fit_linear(matrix, words, targets, everything, STRENGTH),
        leaves=fit_leaves(features, leaf_tree, leaf_truth, everything),
        requests=fit_linear(full, words, requests, everything, REQUEST_STRENGTH),
        calibration=calibration,
        readable=readable_words(space.words, needed),
        card={"rows": len(labels), "gold_rows": int(gold.sum()), "words": words, "out_of_fold": figures},
    )
    save_model(model, output)
    return figures


def _idf(df: NDArray[np.int64], rows: int) -> NDArray[np.float32]:
    return np.clip(np.log((1 + rows) / (1 + df)), 0.3, 8).astype(np.float32)


def _save_idf(space: FeatureSpace, rows: int) -> None:
    unseen = float(np.log((1 + rows) / 4))
    np.savez_compressed(
        IDF_FILE,
        words=np.frombuffer("\n".join(space.words).encode("utf-8"), np.uint8),
        idf=space.idf.astype(np.float16),
        unseen=np.float64(unseen),
    )


def _most_useful(
    words: list[str], body: NDArray[np.float32], title: NDArray[np.float32], needed: set[str]
) -> list[str]:
    """The n-grams of largest weight, and all needed words."""
    use = np.maximum(np.abs(body).max(axis=1), 0.7 * np.abs(title).max(axis=1))
    order = [words[i] for i in np.argsort(-use, kind="stable") if words[i] not in needed]
    return sorted({*order[:MAX_NGRAMS], *needed})


def _index(values: pd.Series, names: tuple[str, ...]) -> Ints:
    place = {name: i for i, name in enumerate(names)}
    return np.array([place.get(value, -1) for value in values], np.int64)


def _targets(labels: pd.DataFrame, taxonomy: Taxonomy) -> Targets:
    truth = _index(labels["category"], taxonomy.names)
    return Targets(truth, _index(labels["alternative"], taxonomy.names), len(taxonomy.names))


def _request_targets(labels: pd.DataFrame, space: FeatureSpace) -> Targets:
    truth = _index(labels["request_type"], space.cue_names)
    return Targets(truth, np.full(len(truth), -1, np.int64), len(space.cue_names))


def _leaf_targets(labels: pd.DataFrame, space: FeatureSpace, taxonomy: Taxonomy) -> tuple[Ints, LeafTree]:
    """Leaf of each message, and the tree of leaves."""
    leaves = [node for node in taxonomy.leaves() if len(node.path) == 2]
    node_keys = [node.key for node in space.lexicon.nodes]
    place = {leaf.key: i for i, leaf in enumerate(leaves)}
    # people add remarks in brackets: 大气污染（油烟）
    names = labels["category"] + "/" + labels["subcategory"].str.split("（").str[0].str.strip()
    truth = np.array([place.get(name, -1) for name in names], np.int64)
    return truth, LeafTree(
        tuple(leaf.name for leaf in leaves),
        np.array([taxonomy.names.index(leaf.path[0]) for leaf in leaves], np.int64),
        np.array([node_keys.index(leaf.key) for leaf in leaves], np.int64),
    )


def _leaf_figure(features: Features, tree: LeafTree, truth: Ints, category: Ints, fold: Ints) -> float:
    """Share of right subcategories below the true class, from one held-out fold."""
    held = np.flatnonzero((fold == 0) & (truth >= 0))
    leaves: Leaves = fit_leaves(features, tree, truth, np.flatnonzero(fold != 0))
    chosen = leaves.choose(features, category)
    return round(float((chosen[held] == truth[held]).mean()), 4)
