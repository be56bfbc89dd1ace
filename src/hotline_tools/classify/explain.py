"""Why a message got its category: each word's contribution against the runner-up, and why review."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline_tools.classify.classifier import Classifier
from hotline_tools.classify.evidence import LEXICON_SHARE, WordWeights
from hotline_tools.classify.features import Features
from hotline_tools.classify.results import two_best

SHOWN_CLASSES = 4
CLOSE = 0.15
"""Probabilities that near count as a tie worth naming."""


@dataclass(frozen=True)
class WordShare:
    """What one word adds to the category beyond the runner-up; negative: it is evidence for the runner-up."""

    word: str
    contribution: float
    in_title: bool
    is_word: bool
    """False for an n-gram that is not a word of the lexicon or the dictionary."""


@dataclass(frozen=True)
class Explanation:
    """The decision on one message.

    For a fitted model ``words``, ``fragments`` (n-grams that are no words), ``knowledge`` (lexicon and
    prior knowledge) and ``bias`` add up to ``margin``, the distance to the runner-up before calibration.
    Zero-shot classification has no such sum: the last four are ``None`` and words are lexicon points.
    ``category`` is ``None`` for a message without content.
    """

    category: str | None
    subcategory: str | None
    confidence: float
    rival: str | None
    probabilities: tuple[tuple[str, float], ...]
    words: tuple[WordShare, ...]
    fragments: float | None
    knowledge: float | None
    bias: float | None
    margin: float | None
    request_type: str | None
    needs_review: bool
    reasons: tuple[str, ...]
    """Why it is sent to review (Chinese); empty when it is not."""


def explain(classifier: Classifier, title: str | None, content: str | None) -> Explanation:
    """Explain the category of one message."""
    row = classifier.classify([title], [content]).to_pylist()[0]
    features, prediction = classifier.predict([title], [content])
    best, second = two_best(prediction.probabilities)
    chosen, rival = int(best[0]), int(second[0])
    p = prediction.probabilities[0]
    weights = classifier.word_weights
    fitted = prediction.classes == classifier.model.classes and bool(weights.body.any())
    shares = _shares(features, weights, chosen, rival, fitted)
    words = sorted((s for s in shares if s.is_word), key=lambda s: (-abs(s.contribution), s.word))
    parts = _parts(classifier, features, shares, (chosen, rival)) if fitted else (None,) * 4
    order = np.argsort(-p, kind="stable")[:SHOWN_CLASSES]
    ranked = tuple((prediction.classes[i], float(p[i])) for i in order.tolist())
    return Explanation(
        category=row["category"],
        subcategory=row["subcategory"],
        confidence=row["confidence"],
        rival=prediction.classes[rival] if rival != chosen else None,
        probabilities=ranked,
        words=tuple(words),
        fragments=parts[0],
        knowledge=parts[1],
        bias=parts[2],
        margin=parts[3],
        request_type=row["request_type"],
        needs_review=row["needs_review"],
        reasons=tuple(_reasons(classifier, row, ranked, words)) if row["needs_review"] else (),
    )


def _shares(
    features: Features, weights: WordWeights, chosen: int, rival: int, fitted: bool
) -> list[WordShare]:
    counts, shares = features.counts, []
    in_title = np.cumsum(counts.title > 0) - 1
    for k, word in enumerate(counts.word.tolist()):
        if fitted:
            value = features.body.data[k] * _gap(weights.body, word, chosen, rival)
            if counts.title[k] > 0:
                value += features.title.data[in_title[k]] * _gap(weights.title, word, chosen, rival)
        else:
            amount = np.log1p(counts.total[k] + counts.title[k]) * LEXICON_SHARE
            value = amount * _gap(weights.points, word, chosen, rival)
        if value:
            found = WordShare(
                weights.words[word], float(value), bool(counts.title[k] > 0), bool(weights.is_word[word])
            )
            shares.append(found)
    return shares


def _gap(weights: NDArray[np.float32], word: int, chosen: int, rival: int) -> float:
    return float(weights[word, chosen] - weights[word, rival])


def _parts(
    classifier: Classifier, features: Features, shares: list[WordShare], pair: tuple[int, int]
) -> tuple[float, float, float, float]:
    """Fragments, knowledge, bias and their sum with the words: the margin."""
    linear, (chosen, rival) = classifier.model.linear, pair
    fragments = sum(s.contribution for s in shares if not s.is_word)
    knowledge = float((features.prior[0] * (linear.prior[:, chosen] - linear.prior[:, rival])).sum())
    bias = float(linear.bias[chosen] - linear.bias[rival])
    return fragments, knowledge, bias, sum(s.contribution for s in shares) + knowledge + bias


def _reasons(
    classifier: Classifier,
    row: dict[str, object],
    ranked: tuple[tuple[str, float], ...],
    words: list[WordShare],
) -> Iterator[str]:
    if row["confidence"] == 0:
        yield "标题和内容里没有指向某一类的字词"
        return
    # as many digits as both have: in two, 0.668 would be 0.67, as 0.6712 is
    yield f"置信度 {row['confidence']:.4f} 低于 {classifier.calibration.review_below:.4f}，低于此值一律送复核"
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < CLOSE:
        yield f"与“{ranked[1][0]}”接近（{ranked[0][1]:.2f} 比 {ranked[1][1]:.2f}，相差不到 {CLOSE}）"
    if not any(share.contribution > 0 for share in words):
        yield "没有一个词明确指向这一类"
