"""Text: cleaning, folding for comparison, and jieba segmentation.

``clean`` is what the store keeps; ``fold`` is what matching looks at (NFKC, lower case,
Traditional to Simplified), never what people read.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import opencc

INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""Zero-width characters and marks of direction, as a class of characters without its brackets."""
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_SPACES = re.compile(r"[\s\u3000]+")
_ENTITY = re.compile(r"&(#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")


BETWEEN_NAMES = "[ ]*[;；、,，/／|\n\r\t]+[ ;；、,，/／|\n\r\t]*"
"""What stands between several units in one cell, as a pattern of Python and of the engine."""
BLANK_BETWEEN_NAMES = "([\u4e00-\u9fff）)])[ \u3000]+([\u4e00-\u9fff])"
"""A blank between two Chinese names: a line break that has become one."""


def split_names(text: str) -> list[str]:
    """Split a cell that holds several units into their names, each once, in their order.

    Between names may stand ``;`` ``、`` ``,`` ``/`` or ``|`` of either width, a line break, or,
    where both are Chinese, a blank. ``query.co_units_sql`` says the same of a column.
    """
    parts = re.split(BETWEEN_NAMES, re.sub(BLANK_BETWEEN_NAMES, r"\1;\2", text))
    return list(dict.fromkeys(name for part in parts if (name := part.strip())))


def repeated(names: Iterable[str]) -> list[str]:
    """Return those that stand there more than once, in their order, each once."""
    return [name for name, times in Counter(names).items() if times > 1]


def clean(text: str) -> str:
    """Unescape HTML entities, drop invisible characters, trim; inner line breaks become one each."""
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    text = _INVISIBLE.sub("", text)
    lines = (_SPACES.sub(" ", line).strip() for line in text.replace("\r\n", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


@lru_cache(maxsize=1)
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """NFKC, lower case, Traditional to Simplified: for matching only."""
    return str(_to_simplified().convert(unicodedata.normalize("NFKC", text).lower()))


class Segmenter:
    """jieba's dictionary and algorithm (Rust), with the words of a lexicon added.

    Each segmenter with words of its own owns its dictionary, so two taxonomies in one process do not mix;
    those without share the one that rjieba has read already.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        import rjieba  # noqa: PLC0415 - its dictionary takes a tenth of a second that counting does not need

        own = tuple(words)
        self._jieba = rjieba.Jieba() if own else rjieba
        for word in own:
            self._jieba.add_word(word, None, None)

    def cut(self, text: str) -> list[str]:
        """Split ``text`` (best folded first) into words, punctuation included."""
        return list(self._jieba.cut(text))

    def overlapping(self, text: str) -> list[str]:
        """Return every dictionary word in ``text``, overlapping ones too: for asking what two texts share.

        ``cut`` makes 路 + 灯不亮 of 路灯不亮, and so misses the lamp.
        """
        return list(self._jieba.cut_all(text))

    def knows(self, word: str) -> bool:
        """Tell whether ``word`` is in the dictionary."""
        return bool(self._jieba.has_word(word))
