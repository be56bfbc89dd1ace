"""The figures of many scored replies: each leaves two numbers, and only the worst stay as they are."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from heapq import nsmallest
from itertools import chain
from math import inf
from typing import Any

import numpy as np

from hotline_tools.reports.common import rate_cells
from hotline_tools.table import Cell

RATES = {
    "exact_repeat_rate": "一字不差重复",
    "near_repeat_rate": "近似套话",
    "off_topic_rate": "答非所问嫌疑",
    "complete_rate": "四要素齐全",
}


class ReplyFigures:
    """What is told of the replies that were added: all together, each unit's, and the ``most`` worst ones."""

    def __init__(self, most: int) -> None:
        self.total = Summary()
        self.worst: list[dict[str, Any]] = []
        """Rows of ``scores.scored``, the worst first."""
        self.praise = 0
        """Replies that are not scored."""
        self._most = most
        self._units = defaultdict[str, Summary](Summary)

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        """Count rows of ``scores.scored``."""
        rows = list(rows)
        for row in rows:
            self.total.add(row)
            self._units[row["unit"]].add(row)
        self.worst = nsmallest(self._most, chain(self.worst, rows), key=_badness)

    def by_level(self) -> list[dict[str, Cell]]:
        """Return a row for each unit, that with the most replies first."""
        rows: list[dict[str, Cell]] = [{"unit": unit, **of.cells()} for unit, of in self._units.items()]
        return sorted(rows, key=lambda row: (-int(str(row["replies"])), str(row["unit"])))


class Summary:
    """Number, mean score, rates and median hours of the replies that were added."""

    def __init__(self) -> None:
        self._replies = 0
        self._scores, self._hours = array("d"), array("d")
        self._found: Counter[str] = Counter()

    def add(self, row: dict[str, Any]) -> None:
        """Count a row of ``scores.scored``."""
        self._replies += 1
        if row["score"] is not None:
            self._scores.append(row["score"])
        if row["hours"] is not None:
            self._hours.append(row["hours"])
        for name in RATES:
            self._found[name] += row[name]

    def cells(self) -> dict[str, Cell]:
        """Return the figures."""
        cells: dict[str, Cell] = {
            "replies": self._replies,
            "score_mean": sum(self._scores) / len(self._scores) if self._scores else None,
            "hours_median": float(np.median(self._hours)) if self._hours else None,
            "timed": len(self._hours),
        }
        for name in RATES:
            cells |= rate_cells(name, self._found[name], self._replies)
        return cells


def _badness(row: dict[str, Any]) -> tuple[float, float, str]:
    """Return what the worst has the least of; a reply that nothing can be told of comes last."""
    score = inf if row["score"] is None else row["score"]
    return score, -(row["hours"] or 0.0), str(row["order_id"])
