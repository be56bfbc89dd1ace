"""Precision and recall of masking on real letters.

    python benchmarks/privacy.py FOLDER      # FOLDER/dalian_detail.csv, the mayor's mailbox

The hand-checked set (privacy_gold.csv) holds places in the letters, not their text: every place the masker
marks, and 230 drawn at random from 442 others that look alike (seven or more digits, an e-mail, a plate;
year ranges and document numbers left out), each judged by one reader. ``weight`` makes up for the drawing.
Foreign telephones count as personal; passports and postal addresses are not looked for.
"""

import csv
import sys
from collections import Counter
from pathlib import Path

from hotline_tools.privacy import find_personal

COLUMNS = {"content": ("反映内容", "caller"), "reply": ("答复内容", "office")}


def main(folder: Path) -> None:
    with (folder / "dalian_detail.csv").open(encoding="gb18030", newline="") as file:
        letters = {row["链接"][-12:]: row for row in csv.DictReader(file)}
    counts: Counter[tuple[str, bool, bool]] = Counter()
    with Path(__file__).with_name("privacy_gold.csv").open(encoding="utf-8", newline="") as file:
        for place in csv.DictReader(file):
            header, author = COLUMNS[place["column"]]
            spans = find_personal(letters[place["key"]][header], author)
            start, end = int(place["start"]), int(place["end"])
            masked = any(span.start < end and span.end > start for span in spans)
            counts[place["column"], place["personal"] == "1", masked] += float(place["weight"])
    for column in COLUMNS:
        right, wrong = counts[column, True, True], counts[column, False, True]
        missed = counts[column, True, False]
        print(
            f"{column:8} masked {right + wrong:6.1f}  personal {right + missed:6.1f}  "
            f"precision {right / (right + wrong):.3f}  recall {right / (right + missed):.3f}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
