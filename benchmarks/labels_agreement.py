"""How far two independent readers agree: ``labels.csv`` against ``labels_second_reading.csv``.

    python benchmarks/labels_agreement.py

Prints the share of equal labels and Cohen's kappa for category, subcategory and request type, the share of
categories that agree when either reader's alternative counts, and the messages and agreements of each
category and request type of the first reader.
"""

from pathlib import Path

import pandas as pd
from sklearn.metrics import cohen_kappa_score

from labels import LABELS

SECOND_READING = Path(__file__).with_name("labels_second_reading.csv")


def readings() -> pd.DataFrame:
    """One row per message that was read twice; the columns of the two readers end in _1 and _2."""
    first, second = (
        pd.read_csv(file, dtype=str, keep_default_na=False).set_index(["source", "id"])
        for file in (LABELS, SECOND_READING)
    )
    return first.merge(second, left_index=True, right_index=True, suffixes=("_1", "_2"))


def main() -> None:
    both = readings()
    print(f"{len(both)} messages")
    for column in ("category", "subcategory", "request_type"):
        one, two = both[f"{column}_1"], both[f"{column}_2"]
        print(f"{column}\tequal {(one == two).mean():.3f}\tkappa {cohen_kappa_score(one, two):.3f}")
    pairs = both[["category_1", "category_2", "alternative_1", "alternative_2"]].itertuples(index=False)
    near = [a in (b, other) or b == own for a, b, own, other in pairs]
    print(f"category, alternatives counted\tequal {sum(near) / len(near):.3f}")
    for column in ("category", "request_type"):
        equal = both[f"{column}_1"] == both[f"{column}_2"]
        for name, part in equal.groupby(both[f"{column}_1"]):
            print(f"{column}\t{name}\t{part.sum()} of {len(part)}")


if __name__ == "__main__":
    main()
