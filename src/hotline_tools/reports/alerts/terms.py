"""Key terms as series: how often each word of the titles occurs, day by day.

A category watches what is known; a word also rises when something new is complained of. Words of an
order's own place and area are left out: where something happens is watched by other series.
"""

from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hotline_tools.reports.alerts.scan import Alert
from hotline_tools.reports.alerts.series import TERM, WEEK, Key, Series, numbers
from hotline_tools.similarity.words import content_words

_MOST_WORDS = 3
"""Words that name one alert when several rise in the same orders."""
_SHOWN = ("order_key", "category", "order_id", "caller_key")
_BLOCK = 50_000
"""So many titles are held as texts at once."""
_MINE = 0.5
"""An alert whose orders are another's by more than this share says nothing of its own."""


@dataclass(frozen=True)
class TermIndex:
    """Which orders say which words; of millions of orders, so neither is held as objects."""

    orders: pa.Table
    """Newest first."""
    places: dict[str, int]
    """Word → its place in ``starts``."""
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    """From ``starts[place]`` to ``starts[place + 1]``: which of ``orders`` say the word."""
    last: date
    """The last day of week 0."""

    def series(self, weeks: int, least: int) -> Series:
        """Return the counts of ``weeks`` weeks of the words said in ``least`` orders or more."""
        words = sorted(word for word in self.places if len(self._saying(word)) >= least)
        of = numbers(self.orders.column("week"))
        counts = np.zeros((len(words), weeks))
        for number, word in enumerate(words):
            counts[number] = np.bincount(of[self._saying(word)], minlength=weeks)[:weeks]
        return Series(TERM, [("", word, None) for word in words], counts, self.last)

    def said(self, words: str, end: date) -> list[dict[str, Any]]:
        """Return the orders of the 7 days up to ``end`` that say one of ``words`` (joined by 、)."""
        found = np.unique(np.concatenate([self._saying(word) for word in words.split("、")]))
        week = numbers(self.orders.column("week"))[found] == (self.last - end).days // WEEK
        return [
            {name: self.orders.column(name)[row].as_py() for name in _SHOWN} for row in found[week].tolist()
        ]

    def _saying(self, word: str) -> NDArray[np.int32]:
        place = self.places[word]
        return self.rows[self.starts[place] : self.starts[place + 1]]


def read_terms(orders: pa.Table, last: date) -> TermIndex:
    """Cut the titles of terms.sql into words; ``last``: the last day of week 0."""
    places: defaultdict[str, int] = defaultdict()
    places.default_factory = places.__len__
    word_of, row_of = array("i"), array("i")
    row = 0
    for batch in orders.select(["said", "located"]).to_batches(max_chunksize=_BLOCK):
        texts = zip(*(batch.column(name).to_pylist() for name in ("said", "located")), strict=True)
        for said, located in texts:
            words = [places[word] for word in dict.fromkeys(content_words(said)) if word not in located]
            word_of.extend(words)
            row_of.extend([row] * len(words))
            row += 1
    word, rows = np.asarray(word_of, np.int32), np.asarray(row_of, np.int32)
    starts = np.concatenate([[0], np.bincount(word, minlength=len(places)).cumsum()])
    by_word = rows[np.argsort(word, kind="stable")]
    return TermIndex(orders.select(["week", *_SHOWN]).combine_chunks(), dict(places), starts, by_word, last)


def own_alerts(terms: TermIndex, alerts: list[Alert], others: dict[date, set[str]]) -> list[Alert]:
    """Keep the term alerts that say something of their own, and join those about the same orders.

    ``others``: keys of the orders that other alerts are about, by the last day of their window. The most
    surprising word of a group names the alert first; its category is the most frequent of its orders.
    """
    kept: list[tuple[Alert, set[str]]] = []
    for alert in sorted(alerts, key=lambda item: item.p_value):
        ids = {row["order_key"] for row in terms.said(alert.key[1], alert.last)}
        if len(ids & others.get(alert.last, set())) > _MINE * len(ids):
            continue
        same = next((n for n, (other, own) in enumerate(kept) if other.last == alert.last
                     and len(ids & own) > _MINE * len(ids)), None)  # fmt: skip
        if same is None:
            kept.append((alert, ids))
        elif kept[same][0].key[1].count("、") < _MOST_WORDS - 1:
            first, own = kept[same]
            kept[same] = (replace(first, key=("", f"{first.key[1]}、{alert.key[1]}", None)), own)
    return [replace(alert, key=_named(terms, alert)) for alert, _ in kept]


def _named(terms: TermIndex, alert: Alert) -> Key:
    word = alert.key[1].split("、")[0]
    categories = Counter(row["category"] or "" for row in terms.said(word, alert.last))
    most = max(categories.items(), key=lambda item: (item[1], item[0]))[0] if categories else ""
    return (most, alert.key[1], None)
