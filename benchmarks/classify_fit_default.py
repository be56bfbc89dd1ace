"""Fits the built-in model: labels in, src/hotline_tools/classify/default.model and idf.npz out.

    python benchmarks/classify_fit_default.py TEXTS_FOLDER [-o FILE]

The labels are ``benchmarks/labels.csv`` (see ``labels.py``); TEXTS_FOLDER holds the texts that they
are of. The same labels, texts and word lists give the same file, byte for byte. Figures are out of
fold, on the messages that were read first (``sample``). Texts do not go into the model: only n-grams
found in at least three messages of every source of ``LARGE_SOURCE`` messages or more do.
"""

import argparse
import json
from dataclasses import dataclass, replace
from hashlib import blake2s
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import scipy.sparse as sp
from numpy.typing import NDArray

from classify_page import facts, update
from hotline_tools.classify.calibration import Calibration
from hotline_tools.classify.excerpts import Excerpts, excerpts
from hotline_tools.classify.features import TITLE_SCALE, Features, FeatureSpace
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
from hotline_tools.classify.linear import LeafTree
from hotline_tools.classify.metrics import classification_figures
from hotline_tools.classify.model import Model, amounts_of
from hotline_tools.classify.modelfile import DEFAULT_MODEL, load_model, save_model
from hotline_tools.classify.names import IDF_FILE
from hotline_tools.classify.taxonomyjson import tree_to_json
from hotline_tools.classify.training import idf_of, required_words
from hotline_tools.classify.vocabulary import ngrams, word_mask
from hotline_tools.errors import ModelError
from hotline_tools.taxonomy import Taxonomy, default_taxonomy, load_request_cues, load_rules
from labels import SHORT, labels_with_texts

Ints = NDArray[np.int64]
LEAST_MESSAGES, LEAST_OF_SOURCE, LARGE_SOURCE = 6, 3, 1000
MAX_NGRAMS = 12000
REVIEW_SHARE = 0.22
STRENGTH, REQUEST_STRENGTH = Strength(0.4), Strength(0.1)
FOLDS = 5


@dataclass(frozen=True)
class Data:
    """The labelled messages, their features and their targets."""

    labels: pd.DataFrame
    space: FeatureSpace
    features: Features
    wide: sp.csr_matrix
    """All candidate n-grams, before the useless ones are dropped: what cross-validation starts from."""
    wide_words: list[str]
    cut: Excerpts
    """Excerpts of the gold messages."""
    cut_features: Features
    cut_wide: sp.csr_matrix
    targets: Targets
    requests: Targets
    tree: LeafTree
    leaf: Ints

    @property
    def gold(self) -> NDArray[np.bool_]:
        """Messages that were read first: only these are measured on."""
        return (self.labels["sample"] == "1").to_numpy()

    @property
    def fold(self) -> Ints:
        """Fold of the gold messages; -1: always trained on."""
        groups = self.labels["content"].str[:SHORT].tolist()
        return np.where(self.gold, group_folds(self.targets.truth, groups, FOLDS), -1)


def fit_default(labels: pd.DataFrame, output: Path, idf_output: Path = IDF_FILE) -> dict[str, Any]:
    """Fit on ``labels`` and write the model to ``output`` and the static idf to ``idf_output``.

    Returns figures, which are out of fold and on the rows with ``sample`` = 1 only.
    """
    data = prepare(labels, idf_output)
    words = len(data.space.words)
    matrix, full = _without_cues(data.space, data.features), stack(data.features)
    whole, cut = judged_out_of_fold(data)
    calibration = calibrate(whole.take(data.gold), cut, review_share=REVIEW_SHARE)
    figures = _figures(data, whole, calibration)
    models = fold_models(full, words, data.requests, data.fold, REQUEST_STRENGTH)
    requests = out_of_fold(models, full, data.fold).argmax(axis=1)
    right = (requests == data.requests.truth)[data.gold]
    figures["request_type_accuracy"] = round(float(right.mean()), 4)
    figures["subcategory_accuracy_given_category"] = _leaf_figure(data)
    everything = np.arange(len(labels))
    model = Model(
        name=f"内置模型 {digest(labels, default_taxonomy())}",
        label="category",
        space=data.space,
        classes=default_taxonomy().names,
        linear=fit_linear(matrix, words, data.targets, everything, STRENGTH),
        leaves=fit_leaves(data.features, data.tree, data.leaf, everything),
        requests=fit_linear(full, words, data.requests, everything, REQUEST_STRENGTH),
        calibration=calibration,
        is_word=word_mask(data.space.words, required_words()),
        card={
            "rows": len(labels),
            "read": int((labels["readers"] != "0").sum()),
            "sample": int(data.gold.sum()),
            "words": words,
            "out_of_fold": figures,
        },
    )
    save_model(model, output)
    return figures


def judged_out_of_fold(data: Data, learnt: NDArray[np.bool_] | None = None) -> tuple[Judged, Judged]:
    """Out-of-fold logits of all messages and of the excerpts of the gold ones.

    The n-grams, too, are chosen without the held-out fold. Only rows of ``learnt`` (all when None) are
    fitted on.
    """
    known = np.ones(len(data.labels), bool) if learnt is None else learnt
    needed, total = set(required_words()), len(data.wide_words)
    shape = (len(data.labels) + len(data.cut.of), data.targets.classes)
    logits, fold = np.zeros(shape, np.float32), np.concatenate([data.fold, data.fold[data.cut.of]])
    truth, everything = data.targets.truth, sp.vstack([data.wide, data.cut_wide]).tocsr()
    for k in range(FOLDS):
        rows, held = np.flatnonzero((data.fold != k) & known), np.flatnonzero(fold == k)
        first = fit_linear(data.wide, total, data.targets, rows, STRENGTH)
        chosen = set(_most_useful(data.wide_words, first.body, first.title, needed))
        kept = np.array([word in chosen for word in data.wide_words])
        columns = np.concatenate([kept, kept, np.ones(data.wide.shape[1] - 2 * total, bool)])
        narrow = _unit_blocks(everything[:, columns], int(kept.sum()))
        linear = fit_linear(narrow, int(kept.sum()), data.targets, rows, STRENGTH)
        logits[held] = apply_linear(linear, narrow[held])
    count, names = len(data.labels), default_taxonomy().names

    def judged(scores: NDArray[np.float32], features: Features, truth: Ints) -> Judged:
        return Judged(scores, amounts_of(features, data.space, scores.argmax(axis=1), names), truth)

    return (
        judged(logits[:count], data.features, truth),
        judged(logits[count:], data.cut_features, truth[data.cut.of]),
    )


def _unit_blocks(matrix: sp.csr_matrix, words: int) -> sp.csr_matrix:
    """The rows of the two blocks of words at the lengths that a space of these words gives them."""
    blocks = []
    for start, length in ((0, 1.0), (words, TITLE_SCALE)):
        block = matrix[:, start : start + words]
        norms = np.sqrt(np.asarray(block.multiply(block).sum(axis=1)).ravel())
        blocks.append(sp.diags(length / np.maximum(norms, 1e-9)) @ block)
    return sp.hstack([*blocks, matrix[:, 2 * words :]]).tocsr()


def prepare(labels: pd.DataFrame, idf_output: Path) -> Data:
    """Choose the vocabulary: first all candidate n-grams, then those that carry weight."""
    titles, contents = (pa.array(labels[c].tolist(), pa.string()) for c in ("title", "content"))
    needed = required_words()
    targets = _targets(labels, default_taxonomy())
    candidates = _candidates(titles, contents, labels["source"])
    space, features = _space(sorted({*candidates, *needed}), titles, contents)
    _save_idf(space, len(labels), idf_output)
    cut = excerpts(titles, contents, np.flatnonzero(labels["sample"] == "1"))
    matrix, cut_wide = (
        _without_cues(space, part) for part in (features, space.features(cut.titles, cut.texts))
    )
    wide = fit_linear(matrix, len(space.words), targets, np.arange(len(labels)), STRENGTH)
    wide_words = space.words
    chosen = _most_useful(wide_words, wide.body, wide.title, set(needed))
    space, features = _space(chosen, titles, contents)
    leaf, tree = _leaf_targets(labels, space, default_taxonomy())
    requests = _request_targets(labels, space)
    return Data(
        labels, space, features, matrix, wide_words, cut, space.features(cut.titles, cut.texts), cut_wide,
        targets, requests, tree, leaf,
    )  # fmt: skip


def _space(words: list[str], titles: pa.Array, contents: pa.Array) -> tuple[FeatureSpace, Features]:
    taxonomy = default_taxonomy()
    rules, cues = load_rules(taxonomy), load_request_cues()
    flat = FeatureSpace(words, np.ones(len(words), np.float32), taxonomy, rules, cues)
    df = np.bincount(flat.features(titles, contents).counts.word, minlength=len(words))
    space = FeatureSpace(words, idf_of(df, len(titles)), taxonomy, rules, cues)
    return space, space.features(titles, contents)


def _candidates(titles: pa.Array, contents: pa.Array, sources: pd.Series) -> set[str]:
    """The n-grams that are frequent enough in all messages and in those of every source.

    Names of places, estates and people of one city do not occur in every source, so they are not learnt.
    """
    found = set(ngrams(titles, contents, least=LEAST_MESSAGES))
    sizes = sources.value_counts()
    for name in sorted(sizes[sizes >= min(LARGE_SOURCE, sizes.max())].index):
        own = pa.array(sources == name)
        found &= set(ngrams(titles.filter(own), contents.filter(own), least=LEAST_OF_SOURCE))
    return found


def digest(labels: pd.DataFrame, taxonomy: Taxonomy) -> str:
    """Return what names a model: the labels and the lexicon (words, rules, cues) that it was fitted on."""
    columns = ["source", "id", "category", "subcategory", "request_type", "alternative"]
    lexicon = [tree_to_json(taxonomy), load_rules(taxonomy).model_dump(), load_request_cues()]
    text = labels[columns].to_csv(index=False, lineterminator="\n") + json.dumps(lexicon)
    return blake2s(text.encode(), digest_size=4).hexdigest()


def _without_cues(space: FeatureSpace, features: Features) -> sp.csr_matrix:
    """All features but the request cues, which only mislead the choice of a category."""
    prior = features.prior.copy()
    prior[:, prior.shape[1] - len(space.cue_names) :] = 0
    return stack(replace(features, prior=prior))


def _figures(data: Data, whole: Judged, calibration: Calibration) -> dict[str, Any]:
    seen = whole.take(data.gold)
    probabilities = calibration.probabilities(seen.logits)
    return classification_figures(
        seen.truth,
        probabilities.argmax(axis=1),
        calibration.confidence(probabilities.max(axis=1), seen.amounts),
        data.targets.alternative[data.gold],
        review_below=calibration.review_below,
    )


def _save_idf(space: FeatureSpace, rows: int, output: Path) -> None:
    unseen = float(np.log((1 + rows) / 4))
    np.savez_compressed(
        output,
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


def _leaf_figure(data: Data) -> float:
    """Share of right subcategories below the true class, from one held-out fold."""
    held = np.flatnonzero((data.fold == 0) & (data.leaf >= 0))
    leaves = fit_leaves(data.features, data.tree, data.leaf, np.flatnonzero(data.fold != 0))
    chosen = leaves.choose(data.features, data.targets.truth)
    return round(float((chosen[held] == data.leaf[held]).mean()), 4)


def _shipped_facts() -> list[tuple[str, str]]:
    """What the pages state of the model before the refit; nothing when it is of an older format."""
    try:
        return facts(load_model(DEFAULT_MODEL))
    except ModelError:
        return []


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path, help="folder of the texts, see labels.py")
    parser.add_argument("-o", "--output", type=Path, default=DEFAULT_MODEL)
    arguments = parser.parse_args()
    idf = IDF_FILE if arguments.output == DEFAULT_MODEL else arguments.output.with_suffix(".npz")
    before = _shipped_facts()
    figures = fit_default(labels_with_texts(arguments.texts), arguments.output, idf)
    if arguments.output == DEFAULT_MODEL and before:
        update(before, facts(load_model(DEFAULT_MODEL)))
    for name, value in figures.items():
        print(f"{name}\t{value}")
    print(f"{arguments.output}\t{arguments.output.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
