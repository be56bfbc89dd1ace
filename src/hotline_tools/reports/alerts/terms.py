"""Key terms as series: how often each word of the titles occurs, day by day.

A category watches what is known; a word also rises when something new is complained of. Words of an
order's own place and area are left out: where something happens is watched by other series.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from hotline_tools.reports.alerts.scan import Alert
from hotline_tools.reports.alerts.series import TERM, WEEK, Key, Series
from hotline_tools.similarity.words import content_words

_MOST_WORDS = 3
"""Words that name one alert when several rise in the same orders."""
_MINE = 0.5
"""An alert whose orders are another's by more than this share says nothing of its own."""


@dataclass(frozen=True)
class TermIndex:
    """``rows``: the orders, newest first; ``at``: word → the rows that say it."""

    rows: list[dict[str, Any]]
    at: dict[str, list[int]]

    def series(self, first: date, last: date, least: int) -> Series:
        """Return daily counts from ``first`` to ``last`` of the words said in ``least`` orders or more."""
        words = sorted(word for word, rows in self.at.items() if len(rows) >= least)
        counts = np.zeros((len(words), (last - first).days + 1))
        days = np.array([(row["day"] - first).days for row in self.rows], dtype=int)
        for number, word in enumerate(words):
            np.add.at(counts[number], days[self.at[word]], 1)
        return Series(TERM, [("", word, None) for word in words], counts, first)

    def orders(self, words: str, last: date) -> list[dict[str, Any]]:
        """Return the orders of the 7 days up to ``last`` that say one of ``words`` (joined by 、)."""
        found = sorted({index for word in words.split("、") for index in self.at[word]})
        inside = (self.rows[index] for index in found)
        return [row for row in inside if timedelta(0) <= last - row["day"] < timedelta(days=WEEK)]


def read_terms(orders: pa.Table) -> TermIndex:
    """Cut the titles of alert_terms.sql into words."""
    rows: list[dict[str, Any]] = orders.to_pylist()
    at: defaultdict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        for word in set(content_words(row["said"])):
            if word not in (row["located"] or ""):
                at[word].append(index)
    return TermIndex(rows, dict(at))


def own_alerts(terms: TermIndex, alerts: list[Alert], others: dict[date, set[str]]) -> list[Alert]:
    """Keep the term alerts that say something of their own, and join those about the same orders.

    ``others``: keys of the orders that other alerts are about, by the last day of their window. The most
    surprising word of a group names the alert first; its category is the most frequent of its orders.
    """
    kept: list[tuple[Alert, set[str]]] = []
    for alert in sorted(alerts, key=lambda item: item.p_value):
        ids = {row["order_key"] for row in terms.orders(alert.key[1], alert.last)}
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
    categories = Counter(row["category"] or "" for row in terms.orders(word, alert.last))
    most = max(categories.items(), key=lambda item: (item[1], item[0]))[0] if categories else ""
    return (most, alert.key[1], None)
