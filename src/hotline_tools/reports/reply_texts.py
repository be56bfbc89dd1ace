"""Measures of replies: repeated sentences, relevance to the question, elements of completeness."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import chain
from math import log, sqrt

from hotline_tools.text import Segmenter

ELEMENTS = {"found": "查明了什么", "done": "办了什么", "contact": "联系方式", "date": "日期或时限"}
_SENTENCE_END = re.compile(r"[。！？；!?;\n]+")
_NOT_WORD = re.compile(r"[\W_]+")
_QUESTION_CHARS, _REPLY_CHARS = 200, 300
"""Where the point is made; the rest costs time and changes little."""


def squeezed(text: str) -> str:
    """Return the text without punctuation and spaces, so that only its words are compared."""
    return _NOT_WORD.sub("", text)


def repeats(replies: Sequence[str]) -> list[int]:
    """Return for each reply how many others say the same word for word."""
    keys = [squeezed(reply) for reply in replies]
    counts = Counter(keys)
    return [counts[key] - 1 for key in keys]


def boilerplate_shares(replies: Sequence[str], least: int, shortest: int) -> list[float]:
    """Return the share of characters in sentences that ``least`` or more replies have word for word."""
    split = [[squeezed(part) for part in _SENTENCE_END.split(reply)] for reply in replies]
    seen = Counter(part for parts in split for part in set(parts) if len(part) >= shortest)
    shares = []
    for parts in split:
        total = sum(map(len, parts))
        common = sum(len(part) for part in parts if seen[part] >= least)
        shares.append(common / total if total else 1.0)
    return shares


def relevances(questions: Sequence[str], replies: Sequence[str], common: float) -> list[tuple[float, int]]:
    """Return for each pair the cosine (0-1) and how many telling words both share.

    Words have two and more characters, count once a text, and weigh by inverse document frequency over
    all questions and replies, so that 市民 and 您好 count for little. A telling word is in no more
    than the share ``common`` of the texts.
    """
    words = _words_of(
        {text[:_QUESTION_CHARS] for text in questions} | {text[:_REPLY_CHARS] for text in replies}
    )
    asked = [words[text[:_QUESTION_CHARS]] for text in questions]
    said = [words[text[:_REPLY_CHARS]] for text in replies]
    found = Counter(chain.from_iterable(chain(asked, said)))
    texts = len(asked) + len(said)
    weight = {word: log(1 + texts / number) ** 2 for word, number in found.items()}
    most = max(2.0, common * texts)
    return [
        (_cosine(question, reply, weight), sum(found[word] <= most for word in question & reply))
        for question, reply in zip(asked, said, strict=True)
    ]


def _words_of(texts: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the words of each distinct text: boilerplate is cut into words once."""
    segmenter = Segmenter()
    return {
        text: frozenset(word for word in set(segmenter.overlapping(text)) if len(word) > 1) for text in texts
    }


def _cosine(one: Set[str], other: Set[str], weight: Mapping[str, float]) -> float:
    """Return the cosine of two sets of words; ``weight`` is the square of each word's weight."""
    shared = sum(map(weight.__getitem__, one & other))
    if not shared:
        return 0.0
    sizes = sum(map(weight.__getitem__, one)) * sum(map(weight.__getitem__, other))
    return min(1.0, shared / sqrt(sizes))


def missing_elements(reply: str, patterns: Mapping[str, "re.Pattern[str]"]) -> list[str]:
    """Return the Chinese names of the elements that the reply lacks."""
    return [label for name, label in ELEMENTS.items() if not patterns[name].search(reply)]
