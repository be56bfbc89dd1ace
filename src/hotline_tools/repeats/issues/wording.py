"""What the complaints of an issue have in common: how far they say a title's words, and their own clause.

A word weighs the more, the fewer issues of the store hold it: 市民来电反映 and 请尽快处理 weigh next to
nothing, whatever formulas a city uses.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from hotline_tools.repeats.issues.headline import DEMAND
from hotline_tools.repeats.text.normalisation import normalise
from hotline_tools.repeats.text.tokens import GOOD, Tokenizer
from hotline_tools.text import clean

SAMPLE = 40
"""Members looked at: enough to tell what is common."""
_ISSUES, _LOOKED_AT = 2_000, 240
"""Issues of a store whose words are counted, and the characters of a content of each."""
_TOLD = 8
"""Contents whose clauses are weighed."""
_CLAUSES = 12
"""Clauses of a content that are weighed: what follows are formulas."""
_LONGEST, _LEAST = 34, 5
"""Characters of a run of clauses, and of its first."""
_LETTERS = re.compile(r"[\u4e00-\u9fff]|[a-z]+")
_FORMULA = re.compile(r"^(?:请求|咨询|建议)(?:解决|处理)?|的?问题$")
_SENTENCE = re.compile(r"[\n。！？!?；;]+|(?<=[\u4e00-\u9fff])\.")
_CLAUSE = re.compile(r"[，,：:\s]+")
_PERSON = "(?:我们?|本人|其(?![他它中实])|来电人|市民|群众|居民|村民|业主)"
_TELLING = re.compile(
    rf"^(?:[\d一二三四五六七八九十]+[、.)）]|.{{0,16}}?(?:来电|致电|热线|先生|女士|同志|匿名|{_PERSON}|我要|我想)"
    r"[^，,]{0,6}?(?:反映|反应|求助|举报|投诉|表示)(?:一下)?|.{0,16}来电人?称|称(?![重赞号呼])|另外?|而且|且(?!不)|但是?)"
)
"""Who tells it, and that it is told: 家住碧水嘉园的张女士来电反映."""
_CALLER = re.compile(
    rf"^(?:{_PERSON}家?(?:是|在|住|有|刚|从|一直|也|又|跟|去|找|多次|年纪|情绪)|家住|住在|作为|由于|因为|经过"
    r"|家里有?.{0,6}(?:老人|老母|老父|孩子|婴儿|病人|孕妇)|找|问|打电话|打了|跑了|答复|回复|说)"
)
"""A clause that begins so tells of the caller, or of whom he asked, rather than of the matter."""
_PRONOUN = re.compile(rf"^{_PERSON}的?(?=[\u4e00-\u9fff\d]{{3}})")
_ASIDE = 0.4
"""What such a clause is worth."""
_DEMANDED = 0.6
"""What a demand is worth: it mostly follows the matter, and sometimes is it."""
_EARLY = 0.5
"""The first clause of a content that is worth so much of its best one begins the matter."""


@dataclass(frozen=True)
class Corpus:
    """A store's issues: how many were looked at, in how many each word occurs, and the places they have."""

    issues: int = 0
    held: Mapping[str, int] = field(default_factory=dict)
    places: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, contents: Sequence[Sequence[str | None]], places: Iterable[str | None], tokenizer: Tokenizer
    ) -> "Corpus":
        """Count the words of one content of each issue, of 2,000 issues at most; places are normalised."""
        some = contents[:: max(1, len(contents) // _ISSUES)]
        texts = normalise([next((t for t in each if t), "")[:_LOOKED_AT] for each in some])
        held = Counter(word for text in texts for word in set(words_of(text, tokenizer)))
        return cls(len(texts), held, frozenset(normalise([place for place in places if place])))

    def weight(self, word: str) -> float:
        """Return how much a word tells: the logarithm of the share of issues without it."""
        return log((self.issues + 2) / (self.held.get(word, 0) + 1))


def words_of(text: str, tokenizer: Tokenizer) -> list[str]:
    """Return the words of a normalised text that may tell something, numbers left out."""
    cut = tokenizer.tokenize(text)
    return [
        word
        for word, mark in zip(cut.words, cut.marks, strict=True)
        if mark & GOOD and not any(map(str.isdigit, word)) and len(word) > 1
    ]


class Members:
    """The contents of an issue's orders."""

    def __init__(self, contents: Sequence[str | None], corpus: Corpus, tokenizer: Tokenizer) -> None:
        self.written = [text for text in contents if text][:SAMPLE]
        self._texts = normalise(self.written)
        self._corpus, self._tokenizer = corpus, tokenizer
        self._shares: dict[str, float] = {}

    def bear_out(self, text: str) -> float:
        """Return the mean share of the contents that hold a character of a text, other than its formulas."""
        letters = set(_LETTERS.findall(_FORMULA.sub("", normalise([text])[0])))
        return sum(map(self._share, letters)) / len(letters) if letters else 1.0

    def clause(self, place: str | None) -> str:
        """Return the clause, or the clauses in a row, that the members have most in common; or nothing."""
        step = max(1, len(self.written) // _TOLD)
        folded = normalise([place])[0]
        runs = [self._matter(text, folded) for text in self.written[::step][:_TOLD]]
        return max(runs, key=lambda run: run[0], default=(0.0, ""))[1]

    def _share(self, part: str) -> float:
        if part not in self._shares:
            self._shares[part] = sum(part in text for text in self._texts) / max(1, len(self._texts))
        return self._shares[part]

    def _matter(self, content: str, place: str) -> tuple[float, str]:
        """Return where a content begins to tell the matter, with its worth."""
        runs: list[tuple[float, str]] = []
        for sentence in _SENTENCE.split(content):
            clauses = [_without_telling(each) for each in _CLAUSE.split(sentence) if each]
            worths = [self._worth(clause, place) for clause in clauses]
            for first, (clause, worth) in enumerate(zip(clauses, worths, strict=True)):
                if not _LEAST <= len(clause) <= 2 * _LONGEST:
                    continue
                run, last = _PRONOUN.sub("", clause), first + 1
                while last < len(clauses) and worths[last] >= _EARLY * worth:
                    if len(run) + len(clauses[last]) >= _LONGEST:
                        break
                    run, last = f"{run}，{clauses[last]}", last + 1
                runs.append((worth, run))
            if len(runs) > _CLAUSES:
                break
        best = max((worth for worth, _ in runs), default=0.0)
        return next((run for run in runs if run[0] >= _EARLY * best), (0.0, ""))

    def _worth(self, clause: str, place: str) -> float:
        """Return how much the words of a clause, but for its place, tell of all members."""
        words = words_of(normalise([clause])[0], self._tokenizer)
        held = sum(self._corpus.weight(word) * self._share(word) for word in words if word not in place)
        aside = _ASIDE if _CALLER.match(clause) else _DEMANDED if DEMAND.match(clause) else 1.0
        return aside * held / (len(words) + 2)


def _without_telling(clause: str) -> str:
    before, clause = "", clean(clause)
    while clause != before:
        before, clause = clause, _TELLING.sub("", clause)
    return clause
