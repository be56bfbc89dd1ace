"""What the contents of an issue have in common: how far they bear a title out, and the clause they tell.

Two characters in a row weigh the more, the fewer issues of the store hold them: 市民来电反映 and 请尽快处理
weigh next to nothing, whatever formulas a city uses.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log
from typing import TypeVar

from hotline_tools.dates import WRITTEN_MOMENT
from hotline_tools.repeats.issues.headline import DEMAND
from hotline_tools.repeats.text.normalisation import normalise
from hotline_tools.text import clean

T = TypeVar("T")
SAMPLE = 40
"""Members looked at: enough to tell what is common."""
_ISSUES, _LOOKED_AT = 2_000, 240
"""Issues of a store whose words are counted, and the characters of a content of each."""
_TOLD = 8
"""Contents whose clauses are weighed."""
_CLAUSES = 12
"""Clauses of a content that are weighed: what follows are formulas."""
_LONGEST, _TELLING_RUN, _LEAST = 34, 11, 5
"""Characters of a run of clauses: about at most; enough to stand alone; of its first clause at least."""
_LETTERS = re.compile(r"[\u4e00-\u9fff]|[a-z]+")
FORMULA = re.compile(r"^(?:请求|咨询|建议)(?:解决|处理)?|的?问题$")
_SENTENCE = re.compile(r"[\n。！？!?；;]+|(?<=[\u4e00-\u9fff])\.|(?<=[\u4e00-\u9fff])(?=\d[.、)）](?!\d))")
_CLAUSE = re.compile(r"[，,\s]+|(?<!\d)[：:]+|[：:]+(?!\d)")
"""Ends of clauses; 23:32 is a time."""
_PERSON = "(?:我们?+|本人|其(?![他它中实])|来电人|市民|群众|居民|村民|业主)"
_TELLING = re.compile(
    rf"^(?:[\d一二三四五六七八九十]+[、.)）]|.{{0,16}}?(?:来电|致电|热线|先生|女士|同志|匿名|{_PERSON}|我要|我想)"
    r"[^，,]{0,6}?(?:反映|反应|求助|举报|投诉|表示|提出建议)(?:一下|过.{0,4}$)?|.{0,16}来电人?称|反[映应]|称(?![重赞号呼])|另外?|而且|且(?!不)|但是?|可(?![能以是见否惜怜])|听说)"
)
"""Who tells it, and that it is told: 家住碧水嘉园的张女士来电反映."""
_AGAIN = re.compile(
    '^(?:之前|前期|此前|曾|多次|再次)+[^，,]{0,8}?反[映应]过?的?|^网[友民][“”"][^，,“”]{1,8}[“”"][^，,]{0,5}?反[映应]'
)
"""That it was told before, or by whom on a page: 前期反映的“…”."""
_QUOTE = re.compile("^[“”\"'‘’]+(?=[\u4e00-\u9fff])|^[^“]*(?=”)”")
"""A quotation mark whose other half a cut has lost."""
_MOMENT = re.compile(WRITTEN_MOMENT + r"(?=[\u4e00-\u9fff]{4})(?![至到起以之前后])")
"""When it was, to the minute: it is of one order, and no name of an issue."""
_CALLER = re.compile(
    rf"^(?:{_PERSON}家?(?:是|在|住|有|刚|从|一直|也|又|跟|去|找|多次|年纪|情绪)|家住|住在|作为|由于|因为|经过"
    r"|.{0,3}家里?的?有?.{0,6}(?:老人|老爷|老太|老母|老父|孩子|婴儿|病人|孕妇)|找|问|打电话|打了|跑了|答复|回复|说"
    r"|这家|.*(?:工单|[a-zA-Z]{1,4}\d{8}|整改只管|现在(?:又|反弹|卷土重来)|回访时)|.*(?:我(?!市|省|县|区|国|们?小区)|本人|来电人|[她他](?!人|们人)|你))"
)
"""A clause that tells of the caller, of whom he asked or of his earlier orders, rather than of the matter."""
_PLEA = re.compile(r"就?求|请(?!问)|给个|快|麻烦")
"""A demand that does not say what is wrong; 希望… may."""
_PRONOUN = re.compile(rf"^{_PERSON}(?:家(?!里))?+的?+(?=[\u4e00-\u9fff\d]{{3}})")
_WHOM = re.compile("(?:^|(?<=[，时回次]))其(?![他它中实余次间])|其(?=家[里人的])")
"""他 of a record, who is nobody where the clause stands alone."""
_LATELY = re.compile(
    r"(?:(?<=，)|^)(?:[今昨前]天|昨晚|前几天|上周[一二三四五六日末天]?|上个?月|刚才|刚刚|本月\d+[日号]|\d+月\d+[日号])"
    r"(?:早上|中午|下午|傍晚|晚上|夜里|一早|凌晨|上午)?(?=[\u4e00-\u9fff\d]{4})"
)
"""When it was, seen from one caller's day: of an issue of many days it says nothing."""
_ASIDE = 0.4
"""What such a clause is worth."""
_DEMANDED = 0.6
"""What a demand is worth: it mostly follows the matter, and sometimes is it."""
_SHORT = 4
"""Pairs that a clause is taken to have more than it has: a short one must not win by one rare pair."""
_SAID = 0.5
"""A clause is the members' own when they hold more than so much of its pairs."""
_EARLY = 0.5
"""The first clause of a content that is worth so much of its best one begins the matter."""


@dataclass(frozen=True)
class Corpus:
    """A store's issues: how many were looked at, in how many each pair of characters occurs, their places."""

    issues: int = 0
    held: Mapping[str, int] = field(default_factory=dict)
    places: frozenset[str] = frozenset()

    @classmethod
    def of(cls, contents: Sequence[Sequence[str | None]], places: Iterable[str | None]) -> "Corpus":
        """Count the pairs in one content of each issue (of ``evenly`` many); normalise the places."""
        texts = normalise([next((text for text in each if text), "")[:_LOOKED_AT] for each in contents])
        held = Counter(pair for text in texts for pair in pairs_of(text))
        return cls(len(texts), held, frozenset(normalise([place for place in places if place])))

    def weight(self, pair: str) -> float:
        """Return how much a pair tells: the logarithm of issues over those that hold it."""
        return log((self.issues + 2) / (self.held.get(pair, 0) + 1))


def evenly(issues: Sequence[T]) -> Sequence[T]:
    """Return as many issues as are enough to weigh words by, evenly spaced."""
    return issues[:: max(1, len(issues) // _ISSUES)]


def pairs_of(text: str) -> set[str]:
    """Return the pairs of letters in a row of a normalised text; numbers differ from order to order."""
    return {pair for pair in map("".join, pairwise(text)) if pair.isalpha()}


class Members:
    """The contents of an issue's orders."""

    def __init__(self, contents: Sequence[str | None], corpus: Corpus) -> None:
        self.written = [text for text in contents if text][:SAMPLE]
        self.texts = normalise(self.written)
        self.corpus = corpus

    def bear_out(self, text: str) -> float:
        """Return the mean share of the contents that hold a character of a text, other than its formulas."""
        letters = set(_LETTERS.findall(FORMULA.sub("", normalise([text])[0])))
        held = sum(letter in text for letter in letters for text in self.texts)
        return held / (len(letters) * len(self.texts)) if letters and self.texts else 1.0

    def clause(self, place: str | None, *, alone: bool) -> str:
        """Return the clause, or the clauses in a row, that the members have most in common; or nothing.

        Unless it stands ``alone`` (no title says anything), most members must say it in these words.
        """
        texts = [pairs_of(text[:_LOOKED_AT]) for text in dict.fromkeys(self.texts)]
        common = Counter(pair for pairs in texts for pair in pairs)
        own = pairs_of(normalise([place])[0])
        held = {pair: self.corpus.weight(pair) * n for pair, n in common.items()} | dict.fromkeys(own, 0.0)
        step = max(1, len(self.written) // _TOLD)
        runs = [_matter(text, held) for text in self.written[::step][:_TOLD]]
        clause = max(runs, key=lambda run: run[0], default=(0.0, ""))[1]
        if not alone and (_CALLER.match(clause) or _PLEA.match(clause)):
            return ""
        pairs = pairs_of(normalise([clause])[0]) - own
        said = sum(common[pair] for pair in pairs) > _SAID * len(pairs) * len(texts)
        clause = _WHOM.sub("来电人", _LATELY.sub("", clause))
        return clause if alone or (said and len(texts) > 1) else ""


def _matter(content: str, held: Mapping[str, float]) -> tuple[float, str]:
    """Return where a content begins to tell the matter, with its worth."""
    runs: list[tuple[float, float, str]] = []
    for sentence in _SENTENCE.split(content):
        clauses = [_without_telling(each) for each in _CLAUSE.split(sentence) if each]
        pairs = [pairs_of(each) for each in normalise(clauses)]
        held_by = [sum(held.get(pair, 0.0) for pair in each) for each in pairs]
        aside = [_aside(clause) for clause in clauses]
        told = [sum(held.get(pair, 1.0) > 0 for pair in each) for each in pairs]
        worth = [a * h / (n + _SHORT) for a, h, n in zip(aside, held_by, told, strict=True)]
        for first, clause in enumerate(clauses):
            if not _LEAST <= len(clause) <= 2 * _LONGEST:
                continue
            run, last = _PRONOUN.sub("", clause), first + 1
            while last < len(clauses):
                goes_on = aside[last] == 1 and worth[last] >= _EARLY * worth[first]
                goes_on &= len(run) + len(clauses[last]) < _LONGEST
                if not goes_on and (len(run) >= _TELLING_RUN or aside[last] < 1):
                    break
                run, last = f"{run}，{clauses[last]}", last + 1
            runs.append((worth[first], aside[first] * sum(held_by[first:last]), run))
        if len(runs) > _CLAUSES:
            break
    best = max((worth for worth, _, _ in runs), default=0.0)
    return next(((whole, run) for worth, whole, run in runs if worth >= _EARLY * best), (0.0, ""))


def _aside(clause: str) -> float:
    return _ASIDE if _CALLER.match(clause) else _DEMANDED if DEMAND.match(clause) else 1.0


def _without_telling(clause: str) -> str:
    before, clause = "", clean(clause)
    while clause != before:
        before = clause
        for formula in (_TELLING, _AGAIN, _QUOTE, _MOMENT):
            clause = formula.sub("", clause)
    return clause
