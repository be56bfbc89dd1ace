"""Precision and recall of masking on real letters.

    python benchmarks/privacy.py FOLDER      # FOLDER/letters-dalian and FOLDER/wenzheng

Three hand-judged sets, which hold places in the texts and not the texts:

* ``privacy_gold.csv``, the mayor's mailbox: every place that the masker marked when the set was made, and
  230 drawn from 442 others that look alike (seven or more digits, an e-mail, a plate; year ranges and
  document numbers left out). The masker's rules were written while looking at these letters, so its
  figures say how well the rules fit them, not how well they do elsewhere.
* ``privacy_heldout.csv``, two files of a message board that nobody looked at while the rules were written:
  all 6 places marked, and 144 drawn from 3,535 others in the bodies and replies. The board had blotted
  most telephones out itself (0000-00000000): what was a caller's number before is judged ``blotted`` and
  left out. So the set tells how much is masked that should not be, and hardly what is missed.

* ``privacy_names.csv``, both: every place behind ``我叫``, ``姓名`` or ``投诉人`` with a colon and the like,
  and before ``来电``, ``反映`` or ``投诉`` behind a word for a citizen. The rules for names were written
  while looking at these places.

Each place was judged by one reader; ``weight`` makes up for the drawing. Foreign telephones count as
personal; passports and postal addresses are not looked for. Places outside the look-alikes (a number in
words, a name in other surroundings) are in no set: recall is among look-alikes.
"""

import csv
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from hotline_tools.privacy import Author, find_personal

HERE = Path(__file__).parent
AUTHORS: dict[str, Author] = {"title": "caller", "content": "caller", "reply": "office"}
LETTER_HEADERS = {"content": "反映内容", "reply": "答复内容"}
BOARD_HEADERS = {"title": "留言主题", "content": "留言详情", "reply": "答复意见"}
Text = Callable[[dict[str, str]], str]


def letters(folder: Path) -> Text:
    with (folder / "letters-dalian/dalian_detail.csv").open(encoding="gb18030", newline="") as file:
        rows = {row["链接"][-12:]: row for row in csv.DictReader(file)}
    return lambda place: rows[place["key"]][LETTER_HEADERS[place["column"]]]


def board(folder: Path) -> Text:
    from python_calamine import CalamineWorkbook

    texts: dict[tuple[str, str], dict[str, str]] = {}
    for name in ("messages_with_replies.xlsx", "messages_repeats.xlsx"):
        sheet = CalamineWorkbook.from_path(folder / "wenzheng" / name).get_sheet_by_index(0)
        header, *rows = sheet.to_python()
        for row in rows:
            named = dict(zip(map(str, header), row, strict=True))
            number = named["留言编号"]
            key = str(int(number)) if isinstance(number, float) else str(number)
            texts[name, key] = {h: str(cell) for h, cell in named.items()}
    return lambda place: texts[place["file"], place["key"]][BOARD_HEADERS[place["column"]]]


def judged(gold: Path, text_of: Text) -> None:
    counts: Counter[tuple[str, bool, bool]] = Counter()
    places: Counter[str] = Counter()
    with gold.open(encoding="utf-8", newline="") as file:
        for place in csv.DictReader(file):
            judgement = place.get("judgement") or ("personal" if place["personal"] == "1" else "other")
            if judgement == "blotted":
                continue
            start, end = int(place["start"]), int(place["end"])
            spans = find_personal(text_of(place), AUTHORS[place["column"]])
            masked = any(span.start < end and span.end > start for span in spans)
            counts[place["column"], judgement == "personal", masked] += float(place["weight"])
            places[place["column"]] += 1
    print(gold.name)
    for column in places:
        right, wrong = counts[column, True, True], counts[column, False, True]
        missed, kept = counts[column, True, False], counts[column, False, False]
        print(
            f"  {column:8} {places[column]:4d} places  masked {right + wrong:6.1f}"
            f"  personal {right + missed:6.1f}"
            f"  precision {share(right, wrong)}  recall {share(right, missed)}"
            f"  wrongly masked of the others {share(wrong, kept)}"
        )


def share(part: float, rest: float) -> str:
    return f"{part / (part + rest):.3f}" if part + rest else "—"


if __name__ == "__main__":
    data = Path(sys.argv[1])
    judged(HERE / "privacy_gold.csv", letters(data))
    judged(HERE / "privacy_heldout.csv", board(data))
    of_letters, of_board = letters(data), board(data)
    judged(HERE / "privacy_names.csv", lambda place: (of_board if place["file"] else of_letters)(place))
