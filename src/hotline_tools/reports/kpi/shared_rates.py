"""Rates that several reports show: defined once, by the profile in use, whatever report shows them.

A report reads ``rated_orders`` in place of a view of orders and counts the columns NAME_numerator and
NAME_denominator; ``departments`` counts the same facts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hotline_tools.reports.common import any_filled, filled_sql
from hotline_tools.reports.coverage import covered_needs, covered_sql, uncovered_sources
from hotline_tools.reports.kpi.facts import ANSWER_COLUMNS, FACTS, SHARED_RATES, label_of
from hotline_tools.reports.kpi.patterns import any_sql
from hotline_tools.reports.kpi.profile import Profile, Rate
from hotline_tools.reports.kpi.profile_file import find_profile
from hotline_tools.reports.kpi.statement import as_of_sql, known_at_sql, profile_of
from hotline_tools.reports.query import Database, Query


@dataclass(frozen=True)
class RateCoverage:
    """Which orders cannot show a shared rate: ``uncovered`` by source, ``lacking`` rates by any source."""

    uncovered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lacking: frozenset[str] = frozenset()


def shared_rate(name: str, profile: Profile) -> Rate:
    """Return a profile's rate of that name, or the default profile's; raise ``KeyError`` for another name."""
    rates = {rate.name: rate for owner in (find_profile("default"), profile) for rate in owner.rates}
    return {shared: rates[shared] for shared in SHARED_RATES}[name]


def rate_coverage(database: Database, query: Query, names: Iterable[str]) -> RateCoverage:
    """Return which sources of the store, and which rates in the view ``scope``, lack what the rates need."""
    profile = profile_of(query)
    needs = covered_needs([shared_rate(name, profile) for name in names], profile)
    orders = "SELECT * FROM scope"

    def lacks(groups: Iterable[tuple[str, ...]]) -> bool:
        return any(
            not any(any_filled(database, filled_sql(column), orders) for column in group) for group in groups
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
    conditions = [f"NOT {any_sql(profile.exclude)}", known_at_sql(query), _any(rate.denominator, profile)]
    if rate.exclude:
        conditions.append(f"NOT {_any(rate.exclude, profile)}")
    conditions.append(covered_sql(coverage.uncovered.get(name, ())))
    denominator = " AND ".join(condition for condition in conditions if condition != "TRUE") or "TRUE"
    return f"{denominator} AND {_any(rate.numerator, profile)}", denominator


def rated_orders(view: str, query: Query, names: Iterable[str], coverage: RateCoverage | None = None) -> str:
    """Return a subquery: the columns of ``view``, and NAME_numerator and NAME_denominator for each rate."""
    marks = []
    for name in names:
        numerator, denominator = rate_sql(name, query, coverage)
        marks += [f"{numerator} AS {name}_numerator", f"{denominator} AS {name}_denominator"]
    joined = ",\n        ".join(marks)
    return f"""(
    SELECT * EXCLUDE (as_of, is_answered, is_called_back),  -- 口径：{profile_of(query).name}
        {joined}
    FROM (
        SELECT o.*, known.as_of,
        {ANSWER_COLUMNS}
        FROM {view} AS o CROSS JOIN (SELECT {as_of_sql(query)} AS as_of FROM stored_orders) AS known
    ) AS asked
)"""


def definition(rate: Rate, profile: Profile) -> str:
    """Return a rate's definition as people read it: 满意率 = 满意或基本满意 ÷ 已评价."""
    numerator, denominator = (
        "或".join(label_of(name, profile) for name in facts) for facts in (rate.numerator, rate.denominator)
    )
    return f"{rate.label} = {numerator} ÷ {denominator}"


def _any(facts: tuple[str, ...], profile: Profile) -> str:
    own = {fact.name: any_sql(fact.when) for fact in profile.facts}
    parts = [own.get(name) or f"coalesce({FACTS[name].sql}, FALSE)" for name in facts]
    return f"({' OR '.join(parts)})"
