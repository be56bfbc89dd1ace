"""A user's taxonomy without examples, beside the class-name baseline, in one run.

    python benchmarks/classify_zeroshot.py TAXONOMY.csv MESSAGES.xlsx --label 一级分类 \\
        --title 留言主题 --content 留言详情 [--idf TEXTS.csv]

The baseline (class names as documents, character 2–3-gram TF-IDF, cosine) takes its idf from the
messages themselves and TEXTS (columns title, content); ours uses no statistics of the batch.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score

from hotline_tools.classify import Classifier
from hotline_tools.taxonomy import load_taxonomy


def read(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype=str, keep_default_na=False)
    return pd.read_excel(path, dtype=str, engine="calamine").fillna("")


def report(name: str, truth: list[str], scores: np.ndarray, classes: list[str]) -> None:
    found = sorted(set(truth))
    open_set = [classes[i] for i in scores.argmax(axis=1)]
    columns = [classes.index(name) for name in found]
    closed = [found[i] for i in scores[:, columns].argmax(axis=1)]
    for what, predicted in (
        (f"all {len(classes)} classes", open_set),
        (f"the {len(found)} that occur", closed),
    ):
        f1 = f1_score(truth, predicted, average="macro", labels=found)
        print(f"{name:22s} {what:20s} accuracy {accuracy_score(truth, predicted):.4f}  macro-F1 {f1:.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("taxonomy", type=Path)
    parser.add_argument("messages", type=Path)
    parser.add_argument("--label", default="一级分类")
    parser.add_argument("--title", default="留言主题")
    parser.add_argument("--content", default="留言详情")
    parser.add_argument("--idf", type=Path)
    arguments = parser.parse_args()
    taxonomy, frame = load_taxonomy(arguments.taxonomy), read(arguments.messages)
    titles, contents = frame[arguments.title].tolist(), frame[arguments.content].tolist()
    truth = frame[arguments.label].tolist()
    texts = [f"{t}\n{c}" for t, c in zip(titles, contents, strict=True)]
    more = read(arguments.idf) if arguments.idf else pd.DataFrame({"title": [], "content": []})
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True)
    documents = [" ".join(node.name for node in c.walk() if node.name != "其他") for c in taxonomy.categories]
    vectorizer.fit([*texts, *(more["title"] + "\n" + more["content"]), *documents])
    cosine = np.asarray((vectorizer.transform(texts) @ vectorizer.transform(documents).T).todense())
    print(f"{len(texts)} messages, {len(taxonomy.leaves())} leaves")
    report("class names, TF-IDF", truth, cosine, list(taxonomy.names))
    classes, probabilities, _ = Classifier.from_taxonomy(taxonomy).probabilities(titles, contents)
    report("ours, zero-shot", truth, probabilities, list(classes))


if __name__ == "__main__":
    main()
