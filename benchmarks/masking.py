"""Recall and precision of masking on places in real texts that a person has read.

    python benchmarks/masking.py FOLDER [-v]    # FOLDER holds the files that masking_labels.csv names

``masking_labels.csv`` holds places, not texts: file, row (the n-th row of the file, from 1), column, the
characters start to end (Unicode code points), what it is, whether it is personal (blank: blotted out by
the publisher, left out), the reader, the set and the weight.

The places were drawn without looking at what the masker finds: every run of letters and digits with at
least three digits, with gaps of up to two blanks, dashes, dots, brackets or the like, every e-mail and
whatever may be a plate, by source and number of digits with a seed; ``weight`` is how many places of its
stratum it stands for. The rules were mended after the set ``first`` had been read; the set ``second`` was
drawn from the rest, read after that, and measured once.

A personal place counts as found when every letter and digit of it is masked (but those that stay readable
on purpose), another as wrongly masked when any character of it is. A mobile, an e-mail, a plate of a
private car is personal whoever's it is; telephones, accounts and addresses of offices and firms and plates of
buses and of offices are not. The board's plates begin with 楚, which is no province: its publisher made
it up; they have a kind of their own.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hotline_tools.privacy import Author, find_personal

LABELS = Path(__file__).with_name("masking_labels.csv")
REPLIES = {"答复内容", "答复意见", "办理情况或回退（延期）理由", "closure_reason", "Resolution Description"}
"""Columns that become the reply, an office's text; all others are masked as a caller's."""


def author(column: str) -> Author:
    return "office" if column in REPLIES else "caller"


@cache
def read(path: Path) -> list[list[str]]:
    if path.suffix == ".xlsx":
        from python_calamine import CalamineWorkbook

        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        return [[str(cell) for cell in row] for row in sheet.to_python()]
    encoding = "gb18030" if path.parent.name == "letters-dalian" else "utf-8-sig"
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def places(folder: Path) -> Iterator[tuple[dict[str, str], str]]:
    """Every place with the text it lies in."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        for place in csv.DictReader(file):
            table = read(folder / place["file"])
            header = next(row for row in table if place["column"] in row)
            yield place, table[int(place["row"]) - 1][header.index(place["column"])]


def is_masked(text: str, start: int, end: int, who: Author, *, wholly: bool) -> bool:
    hidden = {at for span in find_personal(text, who) for at in range(span.start, span.end)}
    sought = {at for at in range(start, end) if text[at].isalnum()}
    return sought <= hidden if wholly else bool(sought & hidden)


def measure(folder: Path, *, verbose: bool) -> None:
    counts: Counter[tuple[str, str, bool, bool]] = Counter()
    for place, text in places(folder):
        if not place["personal"]:
            continue
        start, end, personal = int(place["start"]), int(place["end"]), place["personal"] == "1"
        masked = is_masked(text, start, end, author(place["column"]), wholly=personal)
        counts[place["set"], place["kind"], personal, masked] += 1
        if verbose and masked != personal:
            print("missed" if personal else "wrongly masked", *list(place.values())[:6], sep="\t")
    for chosen in sorted({key[0] for key in counts}):
        print(f"set {chosen}")
        for personal in (True, False):
            for kind in sorted({k for s, k, p, _ in counts if (s, p) == (chosen, personal)}):
                yes, no = (counts[chosen, kind, personal, masked] for masked in (True, False))
                print(f"  {'personal' if personal else 'other':9} {kind:22} {yes + no:4} masked {yes:4}")
        summary(chosen, counts)


def summary(chosen: str, counts: Counter[tuple[str, str, bool, bool]]) -> None:
    for title, left_out in (("", ""), (", without made-up plates", "plate-made-up")):
        total = Counter[tuple[bool, bool]]()
        for (name, kind, personal, masked), n in counts.items():
            if name == chosen and kind != left_out:
                total[personal, masked] += n
        found, missed, wrong = total[True, True], total[True, False], total[False, True]
        recall, precision = (f"{found}/{of} = {found / of:.3f}" for of in (found + missed, found + wrong))
        print(f"  {total.total()} places{title}: recall {recall}, precision {precision}")


if __name__ == "__main__":
    measure(Path(sys.argv[1]), verbose="-v" in sys.argv[2:])
