"""Is a review worth more when its orders are chosen? Letters' departments, learnt in two rounds.

A model learns from 300 letters; 100 more are added from a pool, chosen at random, by lowest confidence,
or as ``hotline review export`` chooses them; the retrained model is tested on letters kept aside.

    python benchmarks/review_selection.py FOLDER      # letters-dalian: dalian_detail.csv, dalian_list.csv
"""

import argparse
import platform
from pathlib import Path

import numpy as np

from hotline_tools.classify import Classifier
from hotline_tools.classify.metrics import macro_f1
from hotline_tools.classify.selection import most_useful, uncertainty
from hotline_tools.classify.training import train
from hotline_tools.jobs.examples import examples_of_files
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.similarity import vectors

LABEL, LEAST = "受理单位", 20
FIRST, ADDED, TEST, ROUNDS = 300, 100, 800, 3
METHODS = ("random", "lowest confidence", "review export")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    files = [folder / "dalian_detail.csv", folder / "dalian_list.csv"]
    found = examples_of_files(matched_tables(files, OpenOptions()), LABEL)
    labels = np.array([label or "" for label in found.labels])
    names, counts = np.unique(labels, return_counts=True)
    rows = np.flatnonzero(np.isin(labels, names[(counts >= LEAST) & (names != "")]))
    print(f"{len(rows)} letters of {len(set(labels[rows]))} departments; {platform.machine()}")
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in METHODS}
    for seed in range(ROUNDS):
        mixed = np.random.default_rng(seed).permutation(rows)
        test, first, pool = mixed[:TEST], mixed[TEST : TEST + FIRST], mixed[TEST + FIRST :]
        before = learn(found, first)
        print(f"round {seed}: before {score(before, found, test)}", flush=True)
        for name in METHODS:
            chosen = pool[choose(name, before, found, pool, seed)]
            result = score(learn(found, np.concatenate([first, chosen])), found, test)
            results[name].append(result)
            print(f"  {name:18} accuracy {result[0]:.4f}  macro-F1 {result[1]:.4f}", flush=True)
    for name, pairs in results.items():
        accuracy, f1 = np.mean(pairs, axis=0)
        print(f"mean {name:18} accuracy {accuracy:.4f}  macro-F1 {f1:.4f}")


def texts(found, rows):  # type: ignore[no-untyped-def]
    return [found.titles[i] for i in rows], [found.contents[i] for i in rows]


def learn(found, rows):  # type: ignore[no-untyped-def]
    return Classifier(train(*texts(found, rows), [found.labels[i] for i in rows], label=LABEL))


def choose(name, before, found, pool, seed):  # type: ignore[no-untyped-def]
    titles, contents = texts(found, pool)
    if name == "random":
        return np.random.default_rng(seed + 100).permutation(len(pool))[:ADDED]
    said = before.classify(titles, contents).to_pydict()
    if name == "lowest confidence":
        return np.argsort(np.array(said["confidence"]), kind="stable")[:ADDED]
    doubt = uncertainty(said["confidence"], said["alternatives"])
    candidates = np.argsort(-doubt, kind="stable")[: ADDED * 10]
    matrix = vectors([titles[i] for i in candidates], [contents[i] for i in candidates]).matrix
    return candidates[most_useful(doubt[candidates], matrix, ADDED)]


def score(classifier, found, rows):  # type: ignore[no-untyped-def]
    said = classifier.classify(*texts(found, rows))["category"].to_pylist()
    truth = [found.labels[i] for i in rows]
    place = {name: i for i, name in enumerate(sorted({*said, *truth}))}
    a, b = (np.array([place[name] for name in names]) for names in (truth, said))
    return round(float((a == b).mean()), 4), round(macro_f1(a, b), 4)


if __name__ == "__main__":
    main()
