"""Short type names: is the built-in classifier as sure as it is right, and silent where nothing is said?

    python benchmarks/classify_short.py TEXTS_FOLDER

``short_names.csv`` holds, by source and id, the categories that a reader found right for the name of a
type (several where the name leaves it open); none was used to fit or to design anything:

- ``taipei``: 案件編號 of a case of the type (派工項目, Traditional),
- ``wenzheng``: row of taxonomy.csv (its 三级分类),
- ``jinan``: 工单号 (the last of its 一级…五级分类).

A name counts once; Taipei's also as often as it occurs. English and empty texts have to stay without a
category. Excerpts of messages are measured out of fold by ``classify_folds.py``.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotline_tools.classify import Classifier

NAMES = Path(__file__).with_name("short_names.csv")
BOUNDS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.001)


def names_with_texts(folder: Path) -> pd.DataFrame:
    """``short_names.csv`` with ``text`` and ``cases`` (how often it occurs)."""
    taipei = pd.read_csv(folder / "taipei-1999" / "utf8-bom-2026-04.csv", dtype=str, encoding="utf-8-sig")
    tree = pd.read_csv(folder / "wenzheng" / "taxonomy.csv", dtype=str, keep_default_na=False)
    export = folder / "real-exports" / "jinan-12345-44-columns.xlsx"
    jinan = pd.read_excel(export, dtype=str, header=1, engine="calamine")
    levels = [f"{level}级分类" for level in "一二三四五"]
    text = {
        "taipei": dict(zip(taipei["案件編號"], taipei["派工項目"], strict=True)),
        "wenzheng": dict(zip(map(str, tree.index), tree["三级分类"], strict=True)),
        "jinan": dict(zip(jinan["工单号"], jinan[levels].ffill(axis=1).iloc[:, -1], strict=True)),
    }
    frame = pd.read_csv(NAMES, dtype=str)
    frame["text"] = [text[source][key] for source, key in zip(frame["source"], frame["id"], strict=True)]
    cases = taipei["派工項目"].value_counts()
    frame["cases"] = [int(cases.get(t, 1)) for t in frame["text"]]
    return frame


def calibration_curve(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> str:
    """Confidence and share right, bin by bin."""
    place = np.digitize(confidence, BOUNDS[1:])
    bins = [place == i for i in range(len(BOUNDS) - 1)]
    parts = [f"{confidence[b].mean():.2f}→{right[b].mean():.2f} ({b.sum()})" for b in bins if b.any()]
    return "  ".join(parts)


def report(name: str, labels: pd.DataFrame, right: NDArray[np.bool_], weight: NDArray[np.int64]) -> None:
    """Print one line of figures and one of the curve."""
    flagged, silent = labels["needs_review"].to_numpy(bool), labels["category"].isna().to_numpy()
    kept = ~flagged

    def share(of: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
        return float((weight * (of & among)).sum() / max(1, (weight * among).sum()))

    every = np.ones(len(right), bool)
    print(
        f"{name:22s} {weight.sum():6d}  right {share(right, every):.3f}  "
        f"flagged {share(flagged, every):.3f}  of these without category {share(silent, flagged):.3f}  "
        f"right where not flagged {share(right, kept):.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path)
    folder = parser.parse_args().texts
    classifier = Classifier.default()
    frame = names_with_texts(folder)
    labels = classifier.classify([None] * len(frame), frame["text"].tolist()).to_pandas()
    right = np.array(
        [c in names.split("|") for c, names in zip(labels["category"], frame["categories"], strict=True)]
    )
    for source in ("taipei", "wenzheng", "jinan"):
        rows = (frame["source"] == source).to_numpy()
        report(source, labels[rows], right[rows], np.ones(rows.sum(), np.int64))
    rows = (frame["source"] == "taipei").to_numpy()
    report("taipei, by cases", labels[rows], right[rows], frame["cases"].to_numpy()[rows])
    report("all names", labels, right, np.ones(len(frame), np.int64))
    print("confidence→right (names): ", calibration_curve(labels["confidence"].to_numpy(), right))
    english = pd.concat([
        pd.read_csv(folder / "real-exports" / "boston-311.csv", dtype=str)["case_title"],
        pd.read_csv(folder / "real-exports" / "kansas-city-311.csv", dtype=str)["CATEGORY"],
    ]).dropna()  # fmt: skip
    empty = ["", None, " ", "。", "123", "……"]
    silent = classifier.classify(["", *([None] * (len(english) + 5))], [*empty, *english])
    print(f"English and empty: {silent['category'].null_count} of {silent.num_rows} without category")


if __name__ == "__main__":
    main()
