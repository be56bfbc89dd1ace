"""Fit the comparison of two orders on hand-judged issues, and say how well it does on issues not seen.

    python benchmarks/fit_repeats.py DATA_FOLDER --labels LABELS.csv [-o model.json]

DATA_FOLDER holds messages_repeats.xlsx (or .csv), messages_repeats_gold.csv and
messages_repeats_hard_negatives.csv. LABELS.csv is what the built-in classifier was fitted on: it is fitted
again without the judged messages, so that its categories are as good here as elsewhere.

Prints cross-validated figures: five folds by issue, a pair is scored only by models that saw no pair touching
its fold (a pair across folds by the mean of both), and all orders are grouped together, so that the
distractors are real. The folds are drawn several times, since the figures move with the draw.
"""

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from hotline_tools.repeats.blocking.candidate_pairs import candidate_pairs
from hotline_tools.repeats.clustering.linkage import best_pairs_linkage, missing_pairs
from hotline_tools.repeats.comparison.features import FEATURES, compare
from hotline_tools.repeats.comparison.model import INPUTS, SURE_NOT, PairModel, inputs
from hotline_tools.repeats.encode.batch import Batch, make_batch
from hotline_tools.repeats.encode.chunks import extracted_terms
from hotline_tools.repeats.encode.order_metadata import OrderMetadata
from hotline_tools.repeats.find import LIKELY
from repeats_categories import unseeing_classifier, with_categories
from repeats_data import Judged, figures, line, load_judged

FOLDS = 5
DRAWS = ("fold", "a", "b", "c")
"""Salts by which issues are dealt to folds."""
CANDIDATES = 20
"""Per blocking key when fitting: more than in use, so that the model sees what the screen drops."""
HARD_WEIGHT = 3.0
NO_SPLIT = 1e30


@dataclass
class Pairs:
    """Codes i * n + j, their features, and whether they are one issue."""

    codes: np.ndarray
    x: np.ndarray


def batch_of(orders: pa.Table) -> Batch:
    with extracted_terms(orders, 1) as found:
        return make_batch(found, OrderMetadata.of(orders), np.arange(orders.num_rows))


def candidates(batch: Batch, per_order: int, *, screened: bool) -> Pairs:
    codes = candidate_pairs(batch, lambda f, tasks: list(map(f, tasks)), per_order)
    return compared(batch, codes, screened=screened)


def compared(batch: Batch, codes: np.ndarray, *, screened: bool) -> Pairs:
    kept, rows = [], []
    for start in range(0, len(codes), 20_000):
        part = codes[start : start + 20_000]
        passed, x = compare(batch, part // batch.n, part % batch.n, screened=screened)
        kept.append(part[passed])
        rows.append(x)
    return Pairs(
        np.concatenate([np.empty(0, np.int64), *kept]), np.concatenate(rows) if rows else np.empty((0, 0))
    )


def weights(judged: Judged, codes: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Each issue counts about as much as its members; hard negatives count three times."""
    n = len(judged.gold)
    i, j = codes // n, codes % n
    _, back, sizes = np.unique(judged.gold, return_inverse=True, return_counts=True)
    hard = {tuple(sorted(pair)) for pair in judged.hard.tolist()}
    is_hard = np.array([(a, b) in hard for a, b in zip(i.tolist(), j.tolist(), strict=True)])
    return np.where(same, 2.0 / np.maximum(sizes[back][i], 2), 1.0) * np.where(is_hard, HARD_WEIGHT, 1.0)


def fit(x: np.ndarray, same: np.ndarray, weight: np.ndarray) -> dict[str, Any]:
    """Return the model as the JSON object that the package ships."""
    z = inputs(x)
    mean, scale = z.mean(axis=0), np.maximum(z.std(axis=0), 1e-6)
    line_ = LogisticRegression(C=0.03, max_iter=3000).fit((z - mean) / scale, same, sample_weight=weight)
    # The trees learn where they will be asked, and a little beyond.
    asked = line_.decision_function((z - mean) / scale) > SURE_NOT - 1
    boost = HistGradientBoostingClassifier(
        max_iter=300,
        max_depth=2,
        learning_rate=0.06,
        min_samples_leaf=20,
        l2_regularization=5.0,
        random_state=0,
    ).fit(z[asked], same[asked], sample_weight=weight[asked])
    plain = line_.coef_[0] / scale
    trees = [_tree(predictors[0].nodes) for predictors in boost._predictors]
    return {
        "inputs": list(INPUTS),
        "weight": [float(f"{value:.7g}") for value in plain],
        "intercept": float(line_.intercept_[0] - mean @ plain),
        "baseline": [float(f"{value:.5g}") for value in x[~same, : len(FEATURES)].mean(axis=0)],
        "trees": {
            "base": float(np.ravel(boost._baseline_prediction)[0]),
            "feature": [tree[0] for tree in trees],
            "threshold": [tree[1] for tree in trees],
            "value": [tree[2] for tree in trees],
        },
    }


def _tree(nodes: np.ndarray) -> tuple[list[int], list[float], list[float]]:
    """Return root, left and right split, and the four leaves; a missing split sends all to the left."""

    def split(k: int) -> tuple[int, float]:
        node = nodes[k]
        return (
            (0, NO_SPLIT)
            if node["is_leaf"]
            else (int(node["feature_idx"]), round(float(node["num_threshold"]), 6))
        )

    def leaves(k: int) -> list[float]:
        node = nodes[k]
        both = [k, k] if node["is_leaf"] else [int(node["left"]), int(node["right"])]
        return [round(float(nodes[child]["value"]), 5) for child in both]

    below = [0, 0] if nodes[0]["is_leaf"] else [int(nodes[0]["left"]), int(nodes[0]["right"])]
    splits = [split(0), *(split(k) for k in below)]
    return [s[0] for s in splits], [s[1] for s in splits], leaves(below[0]) + leaves(below[1])


def folds_of(gold: np.ndarray, salt: str) -> np.ndarray:
    return np.array([int(hashlib.md5(f"{salt}{g}".encode()).hexdigest(), 16) % FOLDS for g in gold])


def cross_validated(judged: Judged, batch: Batch, train: Pairs, salt: str = DRAWS[0]) -> np.ndarray:
    """Return the group of each order, each pair scored by models that did not see it."""
    fold, n = folds_of(judged.gold, salt), batch.n
    fi, fj = fold[train.codes // n], fold[train.codes % n]
    same = judged.gold[train.codes // n] == judged.gold[train.codes % n]
    weight = weights(judged, train.codes, same)
    models = []
    for k in range(FOLDS):
        seen = (fi != k) & (fj != k)
        models.append(PairModel.from_dict(fit(train.x[seen], same[seen], weight[seen])))

    def unseen(pairs: Pairs) -> np.ndarray:
        a, b = fold[pairs.codes // n], fold[pairs.codes % n]
        p = np.zeros(len(pairs.codes))
        for k, model in enumerate(models):
            use = (a == k) | (b == k)
            p[use] += model.probability(pairs.x[use]) * np.where(a[use] == b[use], 1.0, 0.5)
        return p

    asked = candidates(batch, 8, screened=True)
    p = unseen(asked)
    likely = p >= LIKELY
    extra = compared(batch, missing_pairs(n, asked.codes[likely], p[likely]), screened=False)
    codes, q = np.concatenate([asked.codes, extra.codes]), np.concatenate([p, unseen(extra)])
    return best_pairs_linkage(n, codes[q >= LIKELY], q[q >= LIKELY])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    judged = load_judged(options.data)
    judged.orders = with_categories(judged.orders, unseeing_classifier(judged, options.labels))
    batch = batch_of(judged.orders)
    train = candidates(batch, CANDIDATES, screened=False)
    for draw in DRAWS:
        found = figures(cross_validated(judged, batch, train, draw), judged)
        print(line(f"cross-validated, draw {draw}", found), flush=True)
    if options.output:
        same = judged.gold[train.codes // batch.n] == judged.gold[train.codes % batch.n]
        model = fit(train.x, same, weights(judged, train.codes, same))
        options.output.write_text(json.dumps(model, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
