"""Messages per second, Parquet in and labels out, beside a jieba + scikit-learn pipeline; one core.

    OMP_NUM_THREADS=1 python benchmarks/classify_speed.py MESSAGES.csv [--rows 20000] [--workers 2]

MESSAGES has title and content; they are repeated to 360 characters and to the wanted rows.
"""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import jieba
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from hotline_tools.classify import Classifier

LENGTH = 360


def make(path: Path, source: Path, rows: int) -> None:
    frame = pd.read_csv(source, dtype=str, keep_default_na=False)
    frame = frame[frame["content"].str.len() > 20]
    titles, contents = frame["title"].tolist(), frame["content"].tolist()
    picked_titles, picked = [], []
    for i in range(rows):
        title = titles[i % len(titles)]
        text = contents[i % len(titles)]
        # other messages follow, so that a repeated message does not repeat its own words
        step = i
        while len(text) < LENGTH:
            step += 7
            text += contents[step % len(contents)]
        picked_titles.append(title)
        picked.append(text[: LENGTH - len(title)])
    pq.write_table(pa.table({"title": picked_titles, "content": picked}), path)


def timed(name: str, rows: int, work: Callable[[], object], repeat: int = 3) -> float:
    best = 0.0
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        best = max(best, rows / (time.perf_counter() - start))
    print(f"{name:44s} {best:10,.0f} messages/s", flush=True)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("messages", type=Path)
    parser.add_argument("--rows", type=int, default=20000)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    pa.set_cpu_count(1)
    print(platform.machine(), platform.python_version(), f"{os.cpu_count()} cores")
    jieba.initialize()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "in.parquet"
        make(file, arguments.messages, arguments.rows)
        sample = pq.read_table(file).slice(0, 2000).to_pandas()
        labels = Classifier.default().classify(sample["title"].tolist(), sample["content"].tolist())[
            "category"
        ]
        vectorizer = TfidfVectorizer(analyzer=jieba.lcut, sublinear_tf=True, min_df=2)
        svc = LinearSVC().fit(
            vectorizer.fit_transform(sample["title"] + "\n" + sample["content"]), labels.to_pylist()
        )

        def plain() -> None:
            frame = pq.read_table(file).slice(0, 2000).to_pandas()
            found = svc.predict(vectorizer.transform(frame["title"] + "\n" + frame["content"]))
            pq.write_table(pa.table({"category": found.tolist()}), Path(folder) / "plain.parquet")

        classifier = Classifier.default()

        def ours(workers: int) -> None:
            table = pq.read_table(file)
            found = classifier.classify(table["title"], table["content"], workers=workers)
            pq.write_table(found, Path(folder) / "ours.parquet")

        base = timed("jieba + scikit-learn TF-IDF + LinearSVC", 2000, plain)
        one = timed("ours, all columns, one process", arguments.rows, lambda: ours(1))
        if arguments.workers > 1:
            ours(arguments.workers)  # the processes start once
            two = timed(
                f"ours, {arguments.workers} processes", arguments.rows, lambda: ours(arguments.workers)
            )
            print(f"{two / one:.2f} x one process")
        print(f"{one / base:.1f} x the plain pipeline")


if __name__ == "__main__":
    main()
