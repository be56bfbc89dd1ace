"""Measures of replies by their own words: repeated sentences, elements of completeness."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

ELEMENTS = {"found": "查明情况", "done": "办理结果", "contact": "联系方式", "date": "日期或时限"}
_SENTENCE_END = re.compile(r"[。！？；!?;\n]+")
_NOT_WORD = re.compile(r"[\W_]+")


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


def missing_elements(reply: str, patterns: Mapping[str, "re.Pattern[str]"]) -> list[str]:
    """Return the Chinese names of the elements that the reply lacks."""
    return [label for name, label in ELEMENTS.items() if not patterns[name].search(reply)]
