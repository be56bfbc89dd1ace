"""Measures of replies: repeated sentences, relevance to the question, elements of completeness."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import chain
from math import log, sqrt

from hotline_tools.text import Segmenter

ELEMENTS = {"found": "查明情况", "done": "办理结果", "contact": "联系方式", "date": "日期或时限"}
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
    times = Counter(replies)  # most are said often, and are looked at once
    split = {reply: [squeezed(part) for part in _SENTENCE_END.split(reply)] for reply in times}
    seen: Counter[str] = Counter()
    for reply, number in times.items():
        seen.update(dict.fromkeys((part for part in split[reply] if len(part) >= shortest), number))
    shares = {}
    for reply, parts in split.items():
        total = sum(map(len, parts))
        common = sum(len(part) for part in parts if seen[part] >= least)
        shares[reply] = common / total if total else 1.0
    return [shares[reply] for reply in replies]


def relevances(questions: Sequence[str], replies: Sequence[str], common: float) -> list[tuple[float, int]]:
    """Return for each pair the cosine (0-1) and how many telling words both share.

    Words have two and more characters, count once a text, and weigh by inverse document frequency over
    all questions and replies, so that 市民 and 您好 count for little. A telling word is in no more
    than the share ``common`` of the texts.
    """
    words = _words_of(
        {text[:_QUESTION_CHARS] for text in questions} | {text[:_REPLY_CHARS] for text in replies}
    )
    asked = [text[:_QUESTION_CHARS] for text in questions]
    said = [text[:_REPLY_CHARS] for text in replies]
    found = _found_in(Counter(chain(asked, said)), words)
    texts = len(asked) + len(said)
    weight = {word: log(1 + texts / number) ** 2 for word, number in found.items()}
    size: dict[str, float] = {}
    most = max(2.0, common * texts)
    telling = {word for word, number in found.items() if number <= most}
    measured = []
    for question, reply in zip(asked, said, strict=True):
        shared = words[question] & words[reply]
        if not shared:
            measured.append((0.0, 0))
            continue
        for text in (question, reply):
            if text not in size:
                size[text] = sum(map(weight.__getitem__, words[text]))
        near = sum(map(weight.__getitem__, shared))
        measured.append((min(1.0, near / sqrt(size[question] * size[reply])), len(shared & telling)))
    return measured


def _found_in(times: Mapping[str, int], words: Mapping[str, Set[str]]) -> Counter[str]:
    """Return in how many texts each word is; ``times``: how often each distinct text occurs."""
    found: Counter[str] = Counter()
    for text, number in times.items():
        if number == 1:
            found.update(words[text])
        else:
            found.update(dict.fromkeys(words[text], number))
    return found


def _words_of(texts: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the words of each distinct text: boilerplate is cut into words once."""
    cut = Segmenter().overlapping
    return {text: frozenset([word for word in cut(text) if len(word) > 1]) for text in texts}


def missing_elements(reply: str, patterns: Mapping[str, "re.Pattern[str]"]) -> list[str]:
    """Return the Chinese names of the elements that the reply lacks."""
    return [label for name, label in ELEMENTS.items() if not patterns[name].search(reply)]
