"""Learning a label column, beside LinearSVC on words and on characters, on the same split.

    python benchmarks/classify_learn.py FILE --label COLUMN --title COLUMN --content COLUMN \\
        [--join FILE --on COLUMN] [--taxonomy FILE] [--least 20] [--folds 4] [--all-folds] [--random]

Near-identical texts stay on one side; ``--random`` splits row by row instead, for comparison with
figures that were measured so.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import rjieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from hotline_tools.classify.evaluation import cross_validate
from hotline_tools.classify.fitting import group_folds
from hotline_tools.classify.metrics import macro_f1
from hotline_tools.classify.nearduplicates import group_names
from hotline_tools.classify.training import LEAST_EXAMPLES
from hotline_tools.taxonomy import load_taxonomy


def read(path: Path) -> pd.DataFrame:
    if path.suffix != ".csv":
        return pd.read_excel(path, dtype=str, engine="calamine").fillna("")
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except UnicodeDecodeError:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="gb18030")


def baselines(frame: pd.DataFrame, truth: np.ndarray, fold: np.ndarray, only_first: bool) -> None:
    segmenter = rjieba.Jieba()
    makers = {
        "words": lambda: TfidfVectorizer(
            analyzer=lambda t: list(segmenter.cut(t)), sublinear_tf=True, min_df=2
        ),
        "char 1-3": lambda: TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2),
    }
    texts = (frame["title"] + "\n" + frame["content"]).to_numpy()
    for name, make in makers.items():
        predicted, near = np.full(len(truth), -1), np.zeros(len(truth), bool)
        for k in range(1 if only_first else int(fold.max()) + 1):
            train, test = fold != k, fold == k
            vectorizer = make()
            model = LinearSVC(C=0.5).fit(vectorizer.fit_transform(texts[train]), truth[train])
            scores = model.decision_function(vectorizer.transform(texts[test]))
            scores = np.stack([-scores, scores], axis=1) if scores.ndim == 1 else scores
            best = model.classes_[np.argsort(-scores)]
            predicted[test], near[test] = best[:, 0], (best[:, :3] == truth[test, None]).any(axis=1)
        held = predicted >= 0
        accuracy, f1 = (predicted[held] == truth[held]).mean(), macro_f1(truth[held], predicted[held])
        print(
            f"LinearSVC {name:10s} accuracy {accuracy:.4f}  macro-F1 {f1:.4f}  top 3 {near[held].mean():.4f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    for name in ("label", "title", "content"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--join", type=Path)
    parser.add_argument("--on")
    parser.add_argument("--taxonomy", type=Path)
    parser.add_argument("--least", type=int, default=20)
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--all-folds", action="store_true")
    parser.add_argument("--random", action="store_true")
    arguments = parser.parse_args()
    frame = read(arguments.file)
    if arguments.join:
        other = read(arguments.join).drop_duplicates(arguments.on)
        frame = frame.merge(other[[arguments.on, *other.columns.difference(frame.columns)]], on=arguments.on)
    frame = frame.rename(
        columns={arguments.title: "title", arguments.content: "content", arguments.label: "label"}
    )
    least = max(arguments.least, LEAST_EXAMPLES)  # smaller classes would be left out, and the folds not fit
    sizes = frame["label"].value_counts()
    frame = frame[(frame["label"] != "") & frame["label"].map(sizes).ge(least)].reset_index(drop=True)
    _, truth = np.unique(frame["label"], return_inverse=True)
    if arguments.random:
        fold = np.random.default_rng(0).integers(0, arguments.folds, len(frame))
    else:
        fold = group_folds(truth, group_names(frame["content"].tolist()), arguments.folds)
    print(f"{arguments.label}: {len(frame)} rows, {len(sizes[sizes >= least])} classes")
    baselines(frame, truth, fold, not arguments.all_folds)
    found = cross_validate(
        frame["title"].tolist(),
        frame["content"].tolist(),
        frame["label"].tolist(),
        label=arguments.label,
        taxonomy=load_taxonomy(arguments.taxonomy) if arguments.taxonomy else None,
        fold=fold,
        only_first=not arguments.all_folds,
    )
    print("ours", found.figures(), *found.notes)


if __name__ == "__main__":
    main()
