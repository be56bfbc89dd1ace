"""The built-in classifier against its baselines on labelled messages, in one run.

    python benchmarks/classify_default.py LABELS.csv --train OTHER_LABELS.csv [--definitions PAGE.md]

LABELS has title, content, category, alternative: messages the shipped model was not fitted on.
Baselines: the taxonomy's definitions as TF-IDF documents, and LinearSVC (words, characters, both)
on OTHER_LABELS.
"""

import argparse
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import rjieba
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from hotline_tools.classify import Classifier
from hotline_tools.classify.metrics import classification_figures
from hotline_tools.taxonomy import default_taxonomy


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def texts(frame: pd.DataFrame) -> list[str]:
    return (frame["title"] + "\n" + frame["content"]).tolist()


def report(name: str, test: pd.DataFrame, predicted: list[str], confidence: np.ndarray, below: float) -> None:
    names = sorted({*test["category"], *test["alternative"], *predicted})
    place = {n: i for i, n in enumerate(names)}
    figures = classification_figures(
        np.array([place[x] for x in test["category"]]),
        np.array([place[x] for x in predicted]),
        confidence,
        np.array([place[x] if x else -1 for x in test["alternative"]]),
        review_below=below,
    )
    print(f"{name:28s} " + "  ".join(f"{k} {v}" for k, v in figures.items() if k != "rows"))


def baselines(train: pd.DataFrame, test: pd.DataFrame) -> None:
    unsure = np.ones(len(test), np.float32)
    tops = default_taxonomy().categories
    documents = [c.name + "。" + "。".join(f"{s.name}{s.definition}" for s in c.walk()) for c in tops]
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True)
    vectorizer.fit([*texts(train), *documents])
    cosine = vectorizer.transform(texts(test)) @ vectorizer.transform(documents).T
    best = np.asarray(cosine.todense()).argmax(axis=1)
    report("definitions, TF-IDF", test, [tops[i].name for i in best], unsure, 0)
    segmenter = rjieba.Jieba()
    makers = {
        "words": TfidfVectorizer(analyzer=lambda t: list(segmenter.cut(t)), sublinear_tf=True, min_df=2),
        "char 1-3": TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2),
    }
    inputs = [(m.fit_transform(texts(train)), m.transform(texts(test))) for m in makers.values()]
    inputs.append((sp.hstack([a for a, _ in inputs]).tocsr(), sp.hstack([b for _, b in inputs]).tocsr()))
    for name, (a, b) in zip([*makers, "both"], inputs, strict=True):
        predicted = LinearSVC(C=0.5).fit(a, train["category"]).predict(b)
        report(f"LinearSVC {name}, {len(train)} labels", test, predicted.tolist(), unsure, 0)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels", type=Path)
    parser.add_argument("--train", type=Path)
    arguments = parser.parse_args()
    print(
        platform.processor() or platform.machine(),
        platform.python_version(),
        *(f"{p} {version(p)}" for p in ("numpy", "scikit-learn", "pyarrow")),
    )
    test = read(arguments.labels)
    print(f"{len(test)} messages")
    if arguments.train:
        baselines(read(arguments.train), test)
    classifier = Classifier.default()
    found = classifier.classify(test["title"].tolist(), test["content"].tolist())
    report(
        f"ours ({classifier.model_label})",
        test,
        found["category"].to_pylist(),
        found["confidence"].to_numpy(),
        classifier.calibration.review_below,
    )
    if "request_type" in test:
        right = np.array(found["request_type"].to_pylist()) == test["request_type"].to_numpy()
        print(f"request type accuracy {right.mean():.4f}")


if __name__ == "__main__":
    main()
