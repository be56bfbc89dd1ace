"""The title of a document in lines that end at sensible places in any font: never inside a date or a word."""

import re
from itertools import combinations, pairwise
from unicodedata import east_asian_width

from hotline_tools.text import Segmenter

_NARROW = 0.6
"""Width of a figure in ems; in the fonts at hand it is a little more than half of one."""
_MOST_LINES = 4
_BREAKS = (
    re.compile(r"(?<=[）》”])(?![）》”，、：])|(?=承办12345)|(?<!承办)(?<!\d)(?=12345)"),
    re.compile(r"(?=（)|(?<=[，；：])|(?<=\d[年月日])(?=[^\d第上下至—）])"),
    re.compile(r"(?<=[至—、])"),
)
"""Where a line may end, the best places first; the ends of other words come behind them."""
_NO_END = re.compile(r"[\d第上下（《“]$|[年月日]至$")
_NO_START = re.compile(r"^[\d年月日周季至—）》”，、；：]")


def title_lines(title: str, room: float) -> list[str]:
    """Return the title in as few lines of ``room`` ems as it takes; as one line where it cannot be broken so.

    Of several ways, that with the best places to break is taken, then the one with the most even lines.
    """
    text = " ".join(title.split())
    if _width(text) <= room:
        return [text]
    costs = _places(text)
    for count in range(1, _MOST_LINES):
        ways = [(0, *places, len(text)) for places in combinations(sorted(costs), count)]
        parts = [[text[start:end].strip() for start, end in pairwise(way)] for way in ways]
        fitting = [
            (sum(costs[place] for place in way[1:-1]), max(map(_width, lines)), lines)
            for way, lines in zip(ways, parts, strict=True)
            if max(map(_width, lines)) <= room
        ]
        if fitting:
            return min(fitting)[2]
    return [text]


def _places(text: str) -> dict[int, int]:
    """Return the places where a line may end and how bad each is."""
    costs: dict[int, int] = {}
    for cost, pattern in enumerate(_BREAKS):
        for found in pattern.finditer(text):
            costs.setdefault(found.start(), cost)
    place = 0
    for word in Segmenter().cut(text):
        place += len(word)
        if not _NO_END.search(text[:place]) and not _NO_START.search(text[place:]):
            costs.setdefault(place, len(_BREAKS))
    return {place: cost for place, cost in costs.items() if 0 < place < len(text)}


def _width(text: str) -> float:
    return sum(1 if east_asian_width(letter) in "WFA" else _NARROW for letter in text)
