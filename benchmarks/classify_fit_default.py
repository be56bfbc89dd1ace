"""Fits the built-in model: labels in, src/hotline_tools/classify/default.model and idf.npz out.

    python benchmarks/classify_fit_default.py LABELS.csv... [--texts TEXTS.csv] [-o FILE]

A labels file has title, content, category, subcategory, request_type, alternative, source, gold
(1 for carefully read ones, on which the figures are measured). Texts do not go into the model:
only n-grams found in at least three messages of every source do.
"""

import argparse
from pathlib import Path

import pandas as pd

from hotline_tools.classify.fitdefault import fit_default
from hotline_tools.classify.modelfile import DEFAULT_MODEL


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=DEFAULT_MODEL)
    arguments = parser.parse_args()
    frames = [pd.read_csv(file, dtype=str, keep_default_na=False) for file in arguments.labels]
    figures = fit_default(pd.concat(frames, ignore_index=True), arguments.output)
    for name, value in figures.items():
        print(f"{name}\t{value}")
    print(f"{arguments.output}\t{arguments.output.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
