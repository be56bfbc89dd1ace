"""A readable noun phrase for an issue, and its most typical texts."""

import re
from collections import Counter
from collections.abc import Sequence

from hotline_tools.repeats.names import LONGEST, Name, find_names
from hotline_tools.repeats.normal import normalise
from hotline_tools.repeats.words import Cutter
from hotline_tools.text import clean

LONGEST_LABEL = 40
_SAMPLE = 40
"""Members looked at: enough to tell what is common."""
_TYPICAL = 3
_ASKING = re.compile(
    r"^(?:(?:再次|再|强烈|恳请|请求|请问|请|咨询|投诉|举报|反映|关于|对于|质疑|建议|求助|希望|要求|市民|来电|诉求|有关|一下)"
    r"[:：，, ]*)+"
)
_ENDING = re.compile(r"(?:的?(?:问题|情况|投诉|咨询|建议|诉求|反映))?[?？!！。.,，、~ ]*$")
_CLAUSE = re.compile(r"[\n。！？!?；;，,]")
_BARE = re.compile(r"^(?:\w{0,4}(?:工单|诉求|留言|来电|问题|反映|投诉|求助|咨询|无标题))?$")
_KIND_ORDER = ("estate", "village", "school", "road", "actor", "line", "district")


def issue_label(
    titles: Sequence[str | None],
    place: str | None,
    problem: str | None,
    contents: Sequence[str | None] = (),
) -> str:
    """Return a noun phrase: the most typical title without its verbs, with the place before it.

    ``problem`` (a category's name) stands in when no title says anything, else the contents' beginnings.
    """
    told = titles if problem or any(titles) else [_CLAUSE.split(text)[0] for text in contents if text]
    said = [_phrase(title) for title in told if title]
    said = [text for text in said if len(text) >= 4 and not _BARE.match(text)]
    ranked = typical(said, 1)
    if ranked:
        text = ranked[0]
        if not place or _holds(text, place):
            return text
        return _after(place, text)[: LONGEST_LABEL + len(place)]
    return _after(place or "", problem or "同类诉求")


def _after(place: str, text: str) -> str:
    """Put the place before the text, with a space where either is Latin: "08 BROOKLYN Illegal Parking"."""
    apart = place and text and (place[-1].isascii() or text[0].isascii())
    return f"{place} {text}" if apart else f"{place}{text}"


def _phrase(title: str) -> str:
    return _ENDING.sub("", _ASKING.sub("", clean(title).replace("\n", " ")))[:LONGEST_LABEL]


def _holds(text: str, place: str) -> bool:
    return normalise([place])[0] in normalise([text])[0]


def typical(texts: Sequence[str], wanted: int = _TYPICAL) -> list[str]:
    """Return the texts that share most with the others, different ones, best first.

    A text's score is the mean number of texts that hold its pairs of characters; long texts gain nothing.
    """
    sample = list(dict.fromkeys(texts))[:_SAMPLE]
    folded = [{t[k : k + 2] for k in range(len(t) - 1)} for t in normalise(sample)]
    held = Counter(pair for pairs in folded for pair in pairs)
    # Repeated word for word counts for every copy.
    copies = Counter(texts)

    def score(number: int) -> float:
        pairs = folded[number]
        return sum(held[pair] for pair in pairs) / (len(pairs) + 8) + 0.1 * copies[sample[number]]

    order = sorted(range(len(sample)), key=lambda number: (-score(number), number))
    return [sample[number] for number in order[:wanted]]


def common_place(titles: Sequence[str | None], contents: Sequence[str | None], cutter: Cutter) -> str | None:
    """Return the name that most of the texts hold, a closer kind of place before a wider one."""
    texts = normalise(
        [f"{t or ''}|{(c or '')[:200]}" for t, c in zip(titles, contents, strict=True)][:_SAMPLE]
    )
    held: Counter[str] = Counter()
    kind: dict[str, str] = {}
    for text in texts:
        for name in {n.text: n for n in find_names(cutter.cut(text)) if _is_place(n)}.values():
            held[name.text] += 1
            kind[name.text] = name.kind
    least = max(2, len(texts) // 3)
    often = [name for name, count in held.items() if count >= least]
    return min(often, key=lambda n: (-held[n], _KIND_ORDER.index(kind[n]), -len(n)), default=None)


def _is_place(name: Name) -> bool:
    return name.evidence and len(name.text) <= LONGEST
