"""A database that answers the same question once: reports of a briefing ask many things again and again."""

import re
from collections import OrderedDict

import pyarrow as pa

from hotline_tools.reports.query import Database

_MOST, _MOST_ROWS = 128, 20_000
"""Answers that are kept, those longest unasked dropped first; rows of an answer that is kept."""
_WORD = re.compile(r"\w+")
Views = tuple[tuple[str, str], ...]


class Remembered:
    """Passes questions on to a database and keeps the answers; for use while the store does not change.

    An answer is that of a statement and of the defined views that it looks at, through others too.
    """

    def __init__(self, database: Database):
        self._database = database
        self._views: dict[str, str] = {}
        self._answers: OrderedDict[tuple[str, Views], pa.Table] = OrderedDict()

    def query(self, sql: str) -> pa.Table:
        """Run one SELECT, or return what it answered before."""
        key = sql, self._looked_at(sql)
        if key in self._answers:
            self._answers.move_to_end(key)
            return self._answers[key]
        answer = self._database.query(sql)
        if answer.num_rows <= _MOST_ROWS:
            self._answers[key] = answer
            if len(self._answers) > _MOST:
                self._answers.popitem(last=False)
        return answer

    def define(self, name: str, select: str) -> None:
        """Make ``select`` a temporary view called ``name``."""
        if self._views.get(name) != select:
            self._database.define(name, select)
            self._views[name] = select

    def _looked_at(self, sql: str) -> Views:
        """Return the views that a statement names, and those that these name."""
        found: dict[str, str] = {}
        left = [sql]
        while left:
            for name in self._views.keys() & set(_WORD.findall(left.pop())) - found.keys():
                found[name] = self._views[name]
                left.append(found[name])
        return tuple(sorted(found.items()))
