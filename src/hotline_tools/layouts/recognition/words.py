"""How a header is cut into words that the vocabulary knows."""

import re
from dataclasses import dataclass
from functools import cache
from unicodedata import normalize

from hotline_tools.column_names import HAN
from hotline_tools.layouts.recognition.segments import segments
from hotline_tools.layouts.recognition.vocabulary import groups, groups_of, longest_word
from hotline_tools.text import fold

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ACCENTED = re.compile("[\u00e0-\u017f]")
_ENGLISH = re.compile(r"[a-z]+|\d+")
_RUN, _PART, _MOST_LEFT = 7, 4, 0.4
"""Letters from which a run may be several words (SERVICEDUEDATE), of a part; share that may be unknown."""
_SHORT_RUN = 5
"""Letters from which a run may be several words if all of it is known: ``formno``, ``caseid``."""
_SHORT_PARTS = frozenset({"sr", "id", "no", "num", "dt", "due", "end", "add", "by"})
_SPACED = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
"""Blanks and line breaks that only set a Chinese name wide: 受 理 时 间."""


@dataclass(frozen=True)
class Word:
    """A word of a header and the groups that it is in; no groups for what the vocabulary does not know."""

    text: str
    groups: frozenset[str] = frozenset()


def words_of(name: str) -> list[Word]:
    """Cut a header into the longest known words; English by word, unknown Han characters as one run."""
    plain = _ACCENTED.sub(
        lambda found: normalize("NFD", found[0])[0], fold(_SPACED.sub("", _CAMEL.sub(" ", name)))
    )
    words: list[Word] = []
    unknown, at = "", 0
    while at < len(plain):
        found = _word_at(plain, at)
        if found is None and HAN.match(plain[at]):
            unknown += plain[at]
        elif unknown:
            words.append(Word(unknown))
            unknown = ""
        if found is not None:
            words += [Word(part, groups_of(part)) for part in _parts(found)]
        at += len(found or plain[at])
    return _rejoined([*words, Word(unknown)] if unknown else words)


def _rejoined(words: list[Word]) -> list[Word]:
    """Put two English words together that are one: ``sub_district``, ``Last Name``, ``zip code``."""
    joined: list[Word] = []
    for word in words:
        whole = f"{joined[-1].text}{word.text}" if joined else ""
        if whole.isascii() and whole.isalpha() and whole in groups():
            joined[-1] = Word(whole, groups_of(whole))
        else:
            joined.append(word)
    return joined


@cache
def _parts(run: str) -> tuple[str, ...]:
    """Cut English letters without spaces into known words; the run itself where too much stays unknown."""
    if len(run) < _SHORT_RUN or not run.isalpha() or groups_of(run):
        return (run,)
    unknown, parts = segments(run, longest_word(), _part)
    words = tuple(part.text for part in parts if part.letters)
    most = _MOST_LEFT * len(run) if len(run) >= _RUN else 0
    return words if words and unknown <= most else (run,)


def _part(part: str) -> str:
    return part if (len(part) >= _PART or part in _SHORT_PARTS) and groups_of(part) else ""


def _word_at(text: str, at: int) -> str | None:
    if english := _ENGLISH.match(text, at):
        return english.group()
    sizes = range(min(longest_word(), len(text) - at), 0, -1)
    return next((text[at : at + size] for size in sizes if text[at : at + size] in groups()), None)
