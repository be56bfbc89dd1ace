"""The words of a text that say what it is about: no greetings, no numbers, no hotline phrases."""

import re
from functools import cache, lru_cache
from importlib.resources import files

from hotline_tools.text import Segmenter, fold

READ_CHARACTERS = 400
"""So much of a message is read: what it is about stands at its beginning."""
_WORD = re.compile("[\u4e00-\u9fff]{2,}|[A-Za-z]{2,}")


@cache
def stop_words() -> frozenset[str]:
    """Words that stand in messages about anything; the list is ``stopwords.txt``."""
    text = files("hotline_tools.similarity").joinpath("stopwords.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=1)
def _segmenter() -> Segmenter:
    return Segmenter()


def content_words(text: str) -> list[str]:
    """The telling words of ``text`` in their order, repeats included."""
    stop = stop_words()
    return [
        word
        for word in _segmenter().cut(fold(text[:READ_CHARACTERS]))
        if _WORD.fullmatch(word) and word not in stop
    ]
