"""What the reports of repeat issues share: the issues in scope with the rules that fired."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2s
from typing import Any

from hotline_tools.errors import UsageError
from hotline_tools.reports.issues.escalation_rules import (
    LEVELS,
    EscalationRules,
    fired_rules,
    measure_columns,
)
from hotline_tools.reports.issues.unknown_growth import UnknownGrowth
from hotline_tools.reports.issues.view import define_issued, has_members
from hotline_tools.reports.kpi.basis import active_scope, counts_by_event
from hotline_tools.reports.kpi.shared_rates import RateCoverage, rate_coverage, rated_orders
from hotline_tools.reports.period import Period
from hotline_tools.reports.query import Database, Query, last_moment, midnight, scope
from hotline_tools.reports.registry import sql_text
from hotline_tools.reports.rules import rules_for
from hotline_tools.sql import literal
from hotline_tools.table import Cell, Field, Note, NoteKind

_NAMED = "SELECT issue_id, label, place, muted FROM issues"
_UNNAMED = (
    "SELECT CAST(NULL AS VARCHAR) AS issue_id, CAST(NULL AS VARCHAR) AS label, "
    "CAST(NULL AS VARCHAR) AS place, FALSE AS muted WHERE FALSE"
)
RATES = ("satisfied_rate", "dissatisfied_rate")
_MOST_WEEKS = 520
_ROWS_AT_ONCE = 10_000
"""A city has half a million issues: so many at a time are looked at with all that the rules measure."""


@dataclass(frozen=True)
class Found:
    """The issues in scope; ``note`` says where they come from."""

    rows: list[dict[str, Any]]
    rules: EscalationRules
    note: Note
    period_notes: tuple[Note, ...] = ()


def statement(query: Query) -> str:
    """Return the statement over the views ``issued`` (with ``in_scope``) and ``issue_names``."""
    return _statement(query)


def _statement(query: Query, coverage: RateCoverage | None = None) -> str:
    rules = rules_for(EscalationRules, query.rules)
    measured = measure_columns(rules.rules)
    latest = "max(received_at) FILTER (WHERE in_scope) OVER ()"
    as_of = literal(last_moment(query.as_of)) if query.as_of else latest
    filled = {
        "orders": rated_orders("issued", query, RATES, coverage, facts=("rated",)),
        "history": _history(query, columns=("received_at",)),
        # An order of May that was revisited in June is rated in June.
        "rated_scope": "TRUE" if counts_by_event(query) else "in_scope",
        "least": str(rules.least_orders),
        "as_of": as_of,
        "meant": measured.meant,
        "worded": measured.worded,
        "per_order": measured.per_order,
        "per_issue": measured.per_issue,
        "whole": measured.whole,
    }
    return sql_text("repeats", **filled)


def find_issues(database: Database, query: Query, columns: Iterable[Field]) -> Found:
    """Return the issues in scope, those muted left out, with what the rules that fired say of them.

    A row has the ``columns``, empty those that its report fills in, and ``order_keys``: ids may come again.
    """
    database.define("scope", scope(query))
    database.define("active", active_scope(query))
    database.define("history", _history(query))
    note = define_issued(database, "history")
    numbered = has_members(database)
    database.define("issue_names", _NAMED if numbered and _has_names(database) else _UNNAMED)
    rules = rules_for(EscalationRules, query.rules)
    coverage = rate_coverage(database, query, RATES)
    found = database.query(_statement(query, coverage))
    names = [*(column.name for column in columns), "order_keys"]
    growth = UnknownGrowth(database, rules.rules)
    rows = []
    for some in found.to_batches(max_chunksize=_ROWS_AT_ONCE):
        for row in some.to_pylist():
            growth.judge(row)
            row.update(_judged(row, rules))
            if not numbered:
                row["issue_id"] = _numbered(row["issue_id"])
            rows.append({name: row.get(name) for name in names})
    return Found(rows, rules, note, (*_period_notes(query), *growth.notes()))


def _judged(row: dict[str, Any], rules: EscalationRules) -> dict[str, Any]:
    """Return what the rules say of an issue, its name and its course."""
    fired = fired_rules(rules.rules, row)
    return {
        "reasons": [rule.reason(row) for rule in fired],
        "level": max((rule.level for rule in fired), key=LEVELS.index, default=None),
        "label": row["label"] or _named(row),
        "weekly": by_week(row["times"] or []),
    }


def _numbered(name: str) -> str:
    """Return a number for an issue that is, without ``hotline repeats``, its place and subcategory."""
    return f"P{blake2s(name.encode(), digest_size=4).hexdigest().upper()}"


def _period_notes(query: Query) -> tuple[Note, ...]:
    if query.period is None:
        return ()
    text = (
        "首次时间、增长倍数、办结后又来、连续不满意和几天内的件数会看到时间段以前的工单；其余只数时间段内的。"
    )
    return (Note(NoteKind.SCOPE, text),)


def _history(query: Query, columns: Iterable[str] | None = None) -> str:
    """Return the SELECT of all orders up to the end of the period; ``in_scope``: received within it.

    ``columns`` as for ``query.view_of``.
    """
    if query.period is None:
        return f"SELECT *, TRUE AS in_scope FROM ({scope(query, columns=columns)}) AS o"
    until = Period(date.min, query.period.end, query.period.text)
    begun = f"received_at >= {midnight(query.period.start)}"
    return f"SELECT *, {begun} AS in_scope FROM ({scope(query, until, columns=columns)}) AS o"


def _has_names(database: Database) -> bool:
    try:
        database.query(f"{_NAMED} LIMIT 0")
    except UsageError:
        return False
    return True


def _named(row: dict[str, Any]) -> str:
    parts = [part for part in (row["place"], row["subcategory"] or row["category"]) if part]
    return " · ".join(parts) or str(row["issue_id"])


def by_week(times: list[datetime]) -> list[int]:
    """Return the orders of each week, Monday first, from the first to the last."""
    mondays = [(time - timedelta(days=time.weekday())).date() for time in times]
    if not mondays:
        return []
    counts = [0] * min(_MOST_WEEKS, (max(mondays) - min(mondays)).days // 7 + 1)
    for monday in mondays:
        week = (monday - min(mondays)).days // 7
        if week < len(counts):
            counts[week] += 1
    return counts


def kind_totals(rows: list[dict[str, Any]]) -> dict[str, Cell]:
    """Return how many issues one person repeats, and how many people share."""
    return {
        "issues": len(rows),
        "issues_many_callers": sum(row["kind"] == "多人反映" for row in rows),
        "issues_one_caller": sum(row["kind"] == "一人多次" for row in rows),
        "issues_unknown_callers": sum(row["kind"] == "来电人不详" for row in rows),
        "issue_orders": sum(row["orders"] for row in rows),
    }
