"""The built-in classifier's recipe against its baselines, out of fold, in one run.

    python benchmarks/classify_folds.py TEXTS_FOLDER [--curve 1000 2000 4000] [--baselines]

Measured on the messages drawn at random (``sample`` in labels.csv), five folds, by models that have seen
neither the message nor one that begins like it. ``--curve`` learns from that many messages, read ones
first, before it learns from all. The vocabulary, too, is chosen without the held-out fold; the idf and the
candidate n-grams, which use no label, are not.
Baselines, same folds and messages: LinearSVC on TF-IDF of jieba's words and of characters 1-3.
"""

import argparse
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import rjieba
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from classify_fit_default import FOLDS, REVIEW_SHARE, Data, judged_out_of_fold, prepare
from classify_short import calibration_curve
from hotline_tools.classify.fitting import calibrate
from hotline_tools.classify.metrics import classification_figures
from labels import SHORT, labels_with_texts

Mask = NDArray[np.bool_]
SHOWN = ("rows", "accuracy", "accuracy_with_alternatives", "macro_f1", "review_share", "accuracy_kept")


def report(name: str, data: Data, chosen: NDArray[np.int64], confidence: NDArray[np.float64]) -> None:
    """Print one line of figures; the least sure ``REVIEW_SHARE`` count as sent to review."""
    rows = data.gold
    figures = classification_figures(
        data.targets.truth[rows],
        chosen[rows],
        confidence[rows],
        data.targets.alternative[rows],
        review_below=float(np.quantile(confidence[rows], REVIEW_SHARE)),
    )
    print(f"{name:34s} " + "  ".join(f"{k} {figures[k]}" for k in SHOWN), flush=True)


def ours(name: str, data: Data, learnt: Mask) -> None:
    """Fit on ``learnt`` messages of the other folds; confidence is calibrated on the other folds, too."""
    whole, cut = judged_out_of_fold(data, learnt)
    cut_fold = data.fold[data.cut.of]
    confidence, chosen = np.zeros(len(whole.truth)), np.zeros(len(whole.truth), np.int64)
    short, flagged = np.zeros(len(cut.truth)), np.zeros(len(cut.truth), bool)
    for k in range(FOLDS):
        held, others = data.fold == k, (data.fold != k) & data.gold
        calibration = calibrate(whole.take(others), cut.take(cut_fold != k), review_share=REVIEW_SHARE)
        seen, pieces = whole.take(held), cut.take(cut_fold == k)
        probabilities = calibration.probabilities(seen.logits)
        chosen[held] = probabilities.argmax(axis=1)
        confidence[held] = calibration.confidence(probabilities.max(axis=1), seen.amounts)
        top = calibration.probabilities(pieces.logits).max(axis=1)
        short[cut_fold == k] = calibration.confidence(top, pieces.amounts)
        flagged[cut_fold == k] = short[cut_fold == k] < calibration.review_below
    report(name, data, chosen, confidence)
    right = whole.take(data.gold).truth == chosen[data.gold]
    print("  confidence→right, whole messages: ", calibration_curve(confidence[data.gold], right))
    lengths = pc.utf8_length(data.cut.texts).to_numpy()
    for least, most in ((4, 6), (7, 12), (13, 40)):
        rows = (lengths >= least) & (lengths <= most)
        right = (cut.logits.argmax(axis=1) == cut.truth)[rows]
        kept = right[~flagged[rows]]
        print(
            f"  excerpts of {least}-{most} characters: {rows.sum()}, right {right.mean():.3f}, confidence "
            f"{short[rows].mean():.3f}, flagged {flagged[rows].mean():.3f}, "
            f"right where not flagged {kept.mean():.3f}\n    ",
            calibration_curve(short[rows], right),
            flush=True,
        )


def baselines(data: Data, learnt: Mask) -> None:
    """LinearSVC on words and on characters, same folds; confidence is the margin to the second class."""
    texts = (data.labels["title"] + "\n" + data.labels["content"]).to_numpy()
    segmenter = rjieba.Jieba()
    makers = {
        "words": {"analyzer": lambda text: list(segmenter.cut(text))},
        "char 1-3": {"analyzer": "char", "ngram_range": (1, 3), "min_df": 3},
    }
    for name, options in makers.items():
        chosen, margin = np.zeros(len(texts), np.int64), np.zeros(len(texts))
        for k in range(FOLDS):
            rows = np.flatnonzero((data.fold != k) & learnt)
            held = np.flatnonzero((data.fold == k) & data.gold)
            vectorizer = TfidfVectorizer(**{"sublinear_tf": True, "min_df": 2, **options})
            model = LinearSVC(C=0.5).fit(vectorizer.fit_transform(texts[rows]), data.targets.truth[rows])
            scores = np.sort(model.decision_function(vectorizer.transform(texts[held])), axis=1)
            chosen[held] = model.predict(vectorizer.transform(texts[held]))
            margin[held] = scores[:, -1] - scores[:, -2]
        report(f"LinearSVC {name}, {learnt.sum()} labels", data, chosen, margin)


def apart(data: Data) -> Mask:
    """Messages that may be learnt from: the sample's own, and those that begin like none of the sample."""
    opening = data.labels["content"].str[:SHORT]
    return data.gold | ~opening.isin(set(opening[data.gold])).to_numpy()


def first_rows(data: Data, size: int, of: Mask) -> Mask:
    """``size`` messages of ``of``, read ones first, in an order drawn once."""
    order = np.random.default_rng(0).permutation(np.flatnonzero(of))
    unread = (data.labels["readers"] == "0").to_numpy()
    chosen = np.zeros(len(of), bool)
    chosen[order[np.argsort(unread[order], kind="stable")][:size]] = True
    return chosen


def versions() -> str:
    """Machine and versions, for the record."""
    packages = (f"{p} {version(p)}" for p in ("numpy", "scikit-learn", "rjieba"))
    return " ".join([platform.machine(), platform.python_version(), *packages])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path)
    parser.add_argument("--curve", type=int, nargs="*", default=[])
    parser.add_argument("--baselines", action="store_true")
    arguments = parser.parse_args()
    print(versions())
    with tempfile.TemporaryDirectory() as folder:
        data = prepare(labels_with_texts(arguments.texts), Path(folder) / "idf.npz")
    learnt = apart(data)
    if arguments.baselines:
        baselines(data, learnt)
    for size in [*arguments.curve, int(learnt.sum())]:
        ours(f"ours, {size} labels", data, first_rows(data, size, learnt))


if __name__ == "__main__":
    main()
