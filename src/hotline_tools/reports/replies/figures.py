"""The figures of many scored replies: each leaves two numbers, and only the worst stay as they are."""

from array import array
from collections import Counter, defaultdict
from heapq import nsmallest
from itertools import chain
from math import inf
from typing import Any

import numpy as np

from hotline_tools.reports.common import rate_cells
from hotline_tools.reports.replies.scores import scored
from hotline_tools.reports.replies.texts import Said
from hotline_tools.reports.rules import ReplyRules
from hotline_tools.table import Cell

RATES = {
    "exact_repeat_rate": "一字不差重复",
    "near_repeat_rate": "近似套话",
    "off_topic_rate": "答非所问嫌疑",
    "complete_rate": "四要素齐全",
}


class ReplyFigures:
    """What is told of replies: of all together, of each unit, and of the ``most`` worst ones.

    ``said``: what all replies say, those to come included.
    """

    def __init__(self, said: Said, rules: ReplyRules, most: int) -> None:
        self.total = Summary()
        self.worst: list[dict[str, Any]] = []
        """Rows of ``scores.scored``, the worst first."""
        self.praise = 0
        """Replies that are not scored."""
        self._said, self._rules, self._most = said, rules, most
        self._units = defaultdict[str, Summary](Summary)

    def add(self, found: list[dict[str, Any]]) -> None:
        """Score and count a block of rows of replies.sql."""
        asked = [row for row in found if not row["is_praise"]]
        self.praise += len(found) - len(asked)
        rows = scored(asked, self._said, self._rules)
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
