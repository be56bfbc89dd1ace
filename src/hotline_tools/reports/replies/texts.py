"""Measures of replies: repeated sentences, relevance to the question, elements of completeness."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from math import log, sqrt

from hotline_tools.text import Segmenter

ELEMENTS = {"found": "查明情况", "done": "办理结果", "contact": "联系方式", "date": "日期或时限"}
_SENTENCE_END = re.compile(r"[。！？；!?;\n]+")
_NOT_WORD = re.compile(r"[\W_]+")
_OTHERS = 20
"""A reply is held against so many messages that are not its own."""
SUSPECT = 0.2
"""A reply that fits this share of other messages better than its own is suspected to be beside the point."""
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


@dataclass(frozen=True)
class Relevance:
    """How a reply fits its own message."""

    cosine: float
    """With its own message, 0-1."""
    better: float
    """The share of other messages that the reply fits better than its own."""
    fit: float | None
    """The share of other messages that it fits worse than its own, ties half; None: it cannot be told."""


def relevances(questions: Sequence[str], replies: Sequence[str], common: float) -> list[Relevance]:
    """Measure each reply against its own message and against ``_OTHERS`` others, evenly drawn.

    Replies differ in length and manner, and so does what they share with any message: three words of a result
    share nothing with most. So the question is not how near a reply is to its message, but whether it is
    nearer than to others. Words have two and more characters, count once a text, and weigh by inverse
    document frequency over all questions and replies; those in more than the share ``common`` of them, as
    市民 and 您好, tell nothing and count nothing. A reply that shares no word with its own message nor with
    ``SUSPECT`` of the others says too little to tell.
    """
    asked = [text[:_QUESTION_CHARS] for text in questions]
    said = [text[:_REPLY_CHARS] for text in replies]
    words = _words_of({*asked, *said})
    found = _found_in(Counter(chain(asked, said)), words)
    texts = len(asked) + len(said)
    most = max(2.0, common * texts)
    weight = {word: log(1 + texts / n) ** 2 if n <= most else 0.0 for word, n in found.items()}
    size = {text: sum(map(weight.__getitem__, of)) for text, of in words.items()}

    def cosine(question: str, reply: str) -> float:
        near = sum(map(weight.__getitem__, words[question] & words[reply]))
        return min(1.0, near / sqrt(size[question] * size[reply])) if near else 0.0

    step = max(1, (len(asked) - 1) // _OTHERS)
    measured = []
    for number, (question, reply) in enumerate(zip(asked, said, strict=True)):
        others = [asked[(number + place) % len(asked)] for place in range(step, len(asked), step)][:_OTHERS]
        own = cosine(question, reply)
        measured.append(_placed(own, [cosine(other, reply) for other in others if other != question]))
    return measured


def _placed(own: float, others: Sequence[float]) -> Relevance:
    if not others:
        return Relevance(own, 0.0, 1.0 if own else None)
    better = sum(other > own for other in others) / len(others)
    worse = sum(other < own for other in others) / len(others)
    unclear = not own and better < SUSPECT
    return Relevance(own, better, None if unclear else worse + (1 - worse - better) / 2)


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
