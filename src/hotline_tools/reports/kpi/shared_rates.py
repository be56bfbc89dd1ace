"""Rates that several reports show: defined once, by the profile in use, whatever report shows them.

A report reads ``rated_orders`` in place of a view of orders and counts the columns NAME_numerator and
NAME_denominator; ``departments`` counts the same facts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hotline_tools.reports.common import any_filled, filled_sql
from hotline_tools.reports.coverage import covered_needs, covered_sql, uncovered_sources
from hotline_tools.reports.issues.view import define_issue_orders
from hotline_tools.reports.kpi.basis import CLOSED_ON, active_scope, in_period_sql
from hotline_tools.reports.kpi.facts import (
    ANSWER_COLUMNS,
    ANSWER_FACTS,
    CODED,
    FACTS,
    ISSUE_FACTS,
    event_of,
    label_of,
    open_sql,
)
from hotline_tools.reports.kpi.patterns import any_sql
from hotline_tools.reports.kpi.profile import Profile, Rate
from hotline_tools.reports.kpi.profile_file import find_profile
from hotline_tools.reports.kpi.statement import (
    back_columns,
    moment_sql,
    profile_of,
)
from hotline_tools.reports.query import Database, Query, known_at_sql
from hotline_tools.table import Note, NoteKind

_TIMELESS = ANSWER_FACTS | {"received", "closed", "open"}
"""Facts of which, as things stand now, no time matters but whether there is one."""
_NEVER = "CAST(NULL AS TIMESTAMP)"


@dataclass(frozen=True)
class RateCoverage:
    """Which orders cannot show a shared rate: ``uncovered`` by source, ``lacking`` rates by any source."""

    uncovered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lacking: frozenset[str] = frozenset()


def shared_rate(name: str, profile: Profile) -> Rate:
    """Return a profile's rate of that name, or the default profile's; raise ``KeyError`` for another name."""
    return {rate.name: rate for owner in (find_profile("default"), profile) for rate in owner.rates}[name]


def rate_coverage(
    database: Database, query: Query, names: Iterable[str], *, by_place: bool = False
) -> RateCoverage:
    """Return which sources of the store, and which rates in the view ``active``, lack what the rates need.

    Defines the view ``issue_orders`` where ``rated_orders`` reads it; ``by_place``: see
    ``define_issue_orders``.
    """
    profile, names = profile_of(query), tuple(names)
    if _need_issues(names, profile):
        define_issue_orders(database, query.as_of, by_place=by_place)
    needs = covered_needs([shared_rate(name, profile) for name in names], profile)

    def lacks(groups: Iterable[tuple[str, ...]]) -> bool:
        return any(
            not any(
                any_filled(database, filled_sql(column), active_scope(query, columns=(column,)))
                for column in group
            )
            for group in groups
        )

    lacking = frozenset(name for name, groups in needs.items() if lacks(groups))
    return RateCoverage(uncovered_sources(database, needs), lacking)


def rate_sql(name: str, query: Query, coverage: RateCoverage | None = None) -> tuple[str, str]:
    """Return the conditions that an order is in a rate's numerator and denominator; never null.

    They read the order's own columns and those that ``rated_orders`` adds.
    """
    profile, coverage = profile_of(query), coverage or RateCoverage()
    rate = shared_rate(name, profile)
    if name in coverage.lacking:
        return "FALSE", "FALSE"
    placed = " OR ".join(
        f"({_fact(fact, profile)} AND {_in_period(fact, query)})" for fact in rate.denominator
    )
    conditions = [_admitted(query), f"({placed})"]
    if rate.exclude:
        conditions.append(f"NOT {_any(rate.exclude, profile)}")
    conditions.append(covered_sql(coverage.uncovered.get(name, ())))
    denominator = " AND ".join(condition for condition in conditions if condition != "TRUE")
    return f"{denominator} AND {_any(rate.numerator, profile)}", denominator


def rated_orders(
    view: str,
    query: Query,
    names: Iterable[str],
    coverage: RateCoverage | None = None,
    *,
    facts: Iterable[str] = (),
) -> str:
    """Return a subquery: the columns of ``view``, and NAME_numerator and NAME_denominator for each rate.

    For each of ``facts`` there is ``is_NAME``, whether it was true at the moment of the count.

    Beside them: ``received_in_period`` and ``closed_in_period``, whether the order counts as received and as
    closed, ``closed_by_moment`` and ``open_at_moment``, whether it was closed at all or is still open, and,
    where a rate is about repeat issues, ``repeat_issue_id``. ``view`` holds the orders of ``active_scope``;
    ``rate_coverage`` defines what else is read.
    """
    profile, names = profile_of(query), tuple(names)
    with_issues = _need_issues(names, profile)
    beside = ("back_by", "back_at", "in_issue", "watched_until") if with_issues else ()
    helping = ", ".join(("as_of", "closed_on", "is_answered", "is_called_back", *beside))
    issues = "\n        LEFT JOIN issue_orders ON issue_orders.order_key = o.order_key" if with_issues else ""
    closed = f"{_admitted(query)} AND {_fact('closed', profile)}"
    marks = [
        f"{in_period_sql('received', query)} AS received_in_period",
        f"{closed} AS closed_by_moment",
        f"{_admitted(query)} AND {open_sql()} AS open_at_moment",
        f"{closed} AND {in_period_sql('closed', query)} AS closed_in_period",
    ]
    marks += [f"{_fact(name, profile)} AS is_{name}" for name in facts]
    for name in names:
        numerator, denominator = rate_sql(name, query, coverage)
        marks += [f"{numerator} AS {name}_numerator", f"{denominator} AS {name}_denominator"]
    joined = ",\n        ".join(marks)
    return f"""(
    SELECT * EXCLUDE ({helping}),  -- 口径：{profile.name}
        {joined}
    FROM (
        SELECT o.*, known.as_of,
        {CLOSED_ON} AS closed_on,
        {ANSWER_COLUMNS}{back_columns(profile) if with_issues else ""}
        FROM {view} AS o CROSS JOIN ({moment_sql(query)}) AS known{issues}
    ) AS asked
)"""


def alike_rated_orders(
    view: str,
    query: Query,
    names: Iterable[str],
    kept: Iterable[str],
    coverage: RateCoverage | None = None,
    *,
    closings: bool = False,
) -> str:
    """Return ``rated_orders``, alike ones as one row with their number in ``orders``, and columns ``kept``.

    Where no moment and no period is asked for, of a time counts only whether there is one. So the orders are
    grouped by columns of few values before anything is worked out of them: half the work on millions. What
    no rate reads is not grouped by; ``closings``: whether and when an order was closed is asked for too.
    """
    names = tuple(names)
    facts = {fact for name in names for fact in shared_rate(name, profile_of(query)).facts}
    facts |= {"closed"} if closings else set()
    if query.as_of is not None or query.period is not None or not facts <= _TIMELESS:
        return f"(SELECT *, 1 AS orders FROM {rated_orders(view, query, names, coverage)} AS each_order)"
    read = {column for fact in facts for group in FACTS[fact].needs for column in group}
    excluding = (name for name, _ in profile_of(query).exclude)
    columns = dict.fromkeys([*kept, *(name for name in CODED if name in read), *excluding])
    if coverage is not None and coverage.uncovered:
        columns["source"] = None
    codes = [f"CAST(NULL AS VARCHAR) AS {name}" for name in CODED if name not in columns]
    seen = {"closed_at": "closed_at" in read, "revisited_at": "revisited_at" in read, "received_at": False}
    times = [f"{_whether(time) if asked else _NEVER} AS {time}" for time, asked in seen.items()]
    alike = f"""(
        SELECT {", ".join([*columns, *codes, *times])}, count(*) AS orders
        FROM {view} GROUP BY ALL
    )"""
    return rated_orders(alike, query, names, coverage)


def _whether(time: str) -> str:
    """Return a time's stand-in: one moment for all that have one."""
    return f"CASE WHEN {time} IS NOT NULL THEN TIMESTAMP '1900-01-01' END"


def definition(rate: Rate, profile: Profile) -> str:
    """Return a rate's definition as people read it: 满意率 = 满意或基本满意 ÷ 已评价."""
    numerator, denominator = (
        "或".join(label_of(name, profile) for name in facts) for facts in (rate.numerator, rate.denominator)
    )
    return f"{rate.label} = {numerator} ÷ {denominator}"


def definition_notes(names: Iterable[str], query: Query) -> list[Note]:
    """Return a note a rate that says what it is out of: 满意率 and 不满意率 have other denominators."""
    profile = profile_of(query)
    return [
        Note(NoteKind.DEFINITION, f"{definition(shared_rate(name, profile), profile)}。", about=(name,))
        for name in names
    ]


def _need_issues(names: Iterable[str], profile: Profile) -> bool:
    """Tell whether a rate is about repeat issues: to find them costs more than to count."""
    return any(not ISSUE_FACTS.isdisjoint(shared_rate(name, profile).facts) for name in names)


def _admitted(query: Query) -> str:
    """Return the condition that the profile does not exclude an order, and that it was known."""
    parts = [f"NOT {any_sql(profile_of(query).exclude)}", known_at_sql(query.as_of)]
    return " AND ".join(part for part in parts if part != "TRUE")


def _in_period(fact: str, query: Query) -> str:
    return in_period_sql(event_of(fact), query)


def _fact(name: str, profile: Profile) -> str:
    own = {fact.name: any_sql(fact.when) for fact in profile.facts}
    return own.get(name) or f"coalesce({FACTS[name].sql}, FALSE)"


def _any(facts: tuple[str, ...], profile: Profile) -> str:
    return f"({' OR '.join(_fact(name, profile) for name in facts)})"
