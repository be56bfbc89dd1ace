"""The SQL of a report as text that runs by itself: what ``hotline report NAME --sql`` shows.

A report's statement reads views that the report defines (``scope``, ``active``, ``issued`` …) and depends on
the store: which sources fill a column, whether repeat issues were looked for. So the report is asked over the
store, and what it defines and runs is noted until its own statements have come by; each is shown with the
views that it reads as CTEs before it.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import pyarrow as pa

from hotline_tools.reports.compare.history import history_statement
from hotline_tools.reports.compare.periods import spans
from hotline_tools.reports.covered_days import received_days
from hotline_tools.reports.namesakes import with_namesakes
from hotline_tools.reports.options import check_options
from hotline_tools.reports.query import Database, Query
from hotline_tools.reports.registry import Report
from hotline_tools.reports.run import moved

_APART = ";\n\n"
"""Between the statements of a report that has several."""
_WITH = re.compile(r"WITH\s+", re.IGNORECASE)


def runnable(report: Report, database: Database, query: Query) -> str:
    """Return the SQL that a report runs on this store, each statement with all that it reads.

    One statement, or several for a report that has more or that compares periods. Raises as ``run_report``.
    """
    check_options(report, query)
    recorder = _Recorder(database)
    query = with_namesakes(report, recorder, query)
    if query.compare is None or report.compares_itself:
        return recorder.shown(report, query)
    found = spans(report, query, *(received_days(database) or (None, None)))
    now = replace(query, period=found[0].now, compare=None, top=None)
    parts = [f"-- 本期\n{recorder.shown(report, now)}"]
    for span in found:
        then = replace(now, period=span.then, as_of=moved(now.as_of, span))
        parts.append(f"-- {span.naming.then}\n{recorder.shown(report, then)}")
    history = with_views(history_statement(report, now), recorder.views)
    parts.append(f"-- 本期之前各行逐日件数（判断变化是否偶然）\n{history}")
    return _APART.join(parts)


def with_views(statement: str, views: Mapping[str, str]) -> str:
    """Return the statement with those of ``views`` that it reads as CTEs; its comments stay at the top."""
    needed: list[str] = []
    text = statement
    for name, select in reversed(list(views.items())):  # a view reads only views that were defined before it
        if re.search(rf"\b{name}\b", text):
            needed.insert(0, f"{name} AS (\n{select.strip()}\n)")
            text += select
    if not needed:
        return statement
    comments, body = _split(statement)
    joined, own = ",\n".join(needed), _WITH.match(body)
    rest = f",\n{body[own.end() :]}" if own else f"\n{body}"
    return f"{comments}WITH\n{joined}{rest}"


class _AllSeenError(Exception):
    """All statements of the report have been seen: what comes after is not asked."""


class _Recorder:
    """A database that notes the views which a report defines and the statements of its own that it runs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.views: dict[str, str] = {}
        self._expected: Sequence[str] = ()
        self._seen: list[str] = []

    def shown(self, report: Report, query: Query) -> str:
        """Return the report's statements as it runs them; those of its files where it runs none."""
        self._expected, self._seen = report.sql(query).split(_APART), []
        with suppress(_AllSeenError):
            report.compute(self, query)
        return _APART.join(self._seen or [with_views(text, self.views) for text in self._expected])

    def define(self, name: str, select: str) -> None:
        """Make and note a view."""
        self._database.define(name, select)
        self.views.pop(name, None)  # the later one is read by what comes after it
        self.views[name] = select

    def query(self, sql: str) -> pa.Table:
        """Run a statement; one of the report's own is noted, and the last of them is not run."""
        comments, body = _split(sql)
        label = next((text for text in map(_comments, self._expected) if text.endswith(comments)), None)
        if comments and label is not None:
            self._seen.append(with_views(f"{label}{body}", self.views))
            if len(self._seen) == len(self._expected):
                raise _AllSeenError
        return self._database.query(sql)


def _split(statement: str) -> tuple[str, str]:
    """Return the comment lines at the top, and the statement below them."""
    lines = statement.strip().splitlines(keepends=True)
    first = next((at for at, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return "".join(lines[:first]), "".join(lines[first:])


def _comments(statement: str) -> str:
    return _split(statement)[0]
