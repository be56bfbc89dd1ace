"""Step 3: names of places and actors, found without a gazetteer.

A name is a run of words that ends in a known ending (小区, 路, 村, 学校, 公司 …). The run is extended
to the left until a function word, a punctuation mark, a verb of complaint or another name.
"""

import re
from dataclasses import dataclass

from hotline_tools.repeats.lexicon import lexicon
from hotline_tools.repeats.words import KIND_SHIFT, KINDS, LETTERS, STOP, Cut

LONGEST = 9
"""Characters of the longest run taken for a name."""
REGION = re.compile(r"(?<![a-z])[a-z]\d{0,2}(?:市|区|县)")
"""Anonymised districts: A3区, A市."""
_REGION_CODE = re.compile(r"(?<![a-z])([a-z]\d{1,2})(?:市|区|县)")
_DISTRICT = re.compile(r"^\w{1,4}(?<!小)(?:区|县|市)\w?$")
"""Also with an ending that is the next word's: 朝阳区路 of 朝阳区路灯."""


@dataclass(frozen=True)
class Name:
    """``text`` without generic tail; ``words`` it is made of."""

    kind: str
    text: str
    words: tuple[str, ...]


def find_names(cut: Cut) -> list[Name]:
    """Return the names in order of appearance, of two characters or more, generic ones dropped."""
    known = lexicon()
    found: list[Name] = []
    words, marks, barrier = cut.words, cut.marks, 0
    for i, mark in enumerate(marks):
        if mark < 1 << KIND_SHIFT:
            continue
        size, j = len(words[i]), i - 1
        while j >= barrier and marks[j] & (STOP | LETTERS) == LETTERS and size + len(words[j]) <= LONGEST:
            size += len(words[j])
            j -= 1
        run = tuple(words[j + 1 : i + 1])
        barrier = i + 1
        name = "".join(run)
        short = core(name)
        generic = short in known.not_a_name or name in known.not_a_name or short.isdigit()
        if len(short) >= 2 and not generic:
            found.append(Name(KINDS[mark >> KIND_SHIFT], short, run))
    return found


def core(name: str) -> str:
    """Return a name without its generic tail: 丽发新城小区 → 丽发新城."""
    short = lexicon().tails.sub("", name)
    return short if len(short) >= 2 else name


def is_evidence(name: Name) -> bool:
    """Tell whether a name says where or who more closely than a district does."""
    whole_area = name.kind == "district" and name.text.endswith(lexicon().whole_areas)
    return not whole_area and not _DISTRICT.match(name.text)


def region_codes(text: str) -> list[str]:
    """Return the anonymised districts (A3区, A7县) of a normalised text."""
    return _REGION_CODE.findall(text)
