"""The front half of every KPI statement: orders in scope with their limits and facts.

``facts_ctes`` returns the CTEs ``known``, ``days``, ``workdays``, ``limits`` and ``facts``; a report
adds its own SELECT over ``facts``, which has one row an order: all columns of the order, ``as_of``,
``due_by``, ``sign_by``, ``contact_by``, ``closed_on`` (``basis.CLOSED_ON``), ``negative`` (closed before it
came in), a boolean ``is_FACT`` for each fact the profile's rates use, and ``in_EVENT``: does the event fall
into the period? ``durations`` tells how long they took. Beside the orders it reads
the views ``calendar``, ``issue_orders`` and ``issues_told`` (``define_views``).
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from hotline_tools.reports.common import filled_sql
from hotline_tools.reports.issues.view import define_issue_orders
from hotline_tools.reports.kpi.basis import (
    CLOSED_ON,
    EVENTS,
    active_conditions,
    counts_by_event,
    in_period_sql,
)
from hotline_tools.reports.kpi.facts import (
    ANSWER_COLUMNS,
    BACK_COLUMNS,
    FACTS,
    ISSUE,
    ISSUE_FACTS,
    NONE_CLOSED,
    event_of,
    known_facts,
    needs_of,
)
from hotline_tools.reports.kpi.limits import end_sql, joins_sql
from hotline_tools.reports.kpi.patterns import any_sql
from hotline_tools.reports.kpi.profile import Limit, Profile, Rate
from hotline_tools.reports.kpi.profile_file import find_profile
from hotline_tools.reports.query import (
    Database,
    Query,
    filter_conditions,
    last_moment,
    period_conditions,
    view_of,
)
from hotline_tools.schema import EVENT_TIMES
from hotline_tools.sql import literal

_ALWAYS_ASKED = ("received_at", "closed_at", "due_at")


def profile_of(query: Query) -> Profile:
    """Return the query's profile, or the default one."""
    return query.profile or find_profile("default")


def define_views(database: Database, query: Query) -> None:
    """Define ``calendar``, the profile's working days, and the views of repeat issues (``issues.view``)."""
    database.define("calendar", profile_of(query).calendar.select())
    define_issue_orders(database, query.as_of)


def asked_columns(profile: Profile, facts: Iterable[str]) -> list[str]:
    """Return what ``known`` tells as has_COLUMN: what the facts need of the export, sorted."""
    needs = {need for fact in facts for group in needs_of(fact, profile) for need in group}
    needed = {column for need in needs for column in need.split("&")}
    if "response_due" in facts:
        needed.add("first_contact_at")
    return sorted({*needed, *_ALWAYS_ASKED})


def flag_name(column: str) -> str:
    """Return the name of the column of ``known`` that tells whether a column has any value."""
    return "has_" + column.replace(":", "_")


def has_sql(column: str, profile: Profile, within: str = "") -> str:
    """Return the aggregate has_COLUMN: does any order fill the column, or fit the profile's own fact?"""
    if column == NONE_CLOSED:
        closed = f"{within}(status = 'closed' OR closed_at IS NOT NULL)"
        return f"count(*) FILTER (WHERE {closed}) = 0 AND count(status) > 0 AS {flag_name(column)}"
    return f"count(*) FILTER (WHERE {within}{found_sql(column, profile)}) > 0 AS {flag_name(column)}"


def found_sql(column: str, profile: Profile) -> str:
    """Return the condition that an order fills the column, or fits the profile's own fact; never null."""
    own = {f"fact:{fact.name}": any_sql(fact.when) for fact in profile.facts}
    return own.get(column) or f"{filled_sql(column)} IS NOT NULL"


def facts_ctes(
    query: Query,
    facts: Iterable[str] | None = None,
    *,
    flags: Iterable[str] | None = None,
) -> str:
    """Return the WITH clause (without the word); ``facts`` defaults to all that the profile knows.

    ``flags`` are the columns that ``known`` tells as has_COLUMN, all that are asked of unless given.
    A limit that no fact needs is null: each join with the calendar counts on millions of orders.
    """
    profile = profile_of(query)
    names = sorted(set(facts) if facts is not None else known_facts(profile))
    limits = {
        name: limit if needs & set(names) else None for name, (limit, needs) in _limits(profile).items()
    }
    joins = "".join(f"\n    {text}" for limit in limits.values() if limit and (text := joins_sql(limit)))
    in_issue = bool(ISSUE_FACTS.intersection(names))
    if in_issue:
        joins += "\n    LEFT JOIN issue_orders ON issue_orders.order_key = o.order_key"
    in_scope = in_scope_sql(query)
    asked = asked_columns(profile, names) if flags is None else sorted(flags)
    return f"""
known AS (  -- 截至时刻；本次范围内哪些列有值
    SELECT * FROM ({moment_sql(query)}) AS moment CROSS JOIN (
        SELECT
{_counted(query, profile, asked, in_scope)}
    ) AS counted
),
days AS (SELECT * FROM calendar),
workdays AS (SELECT day, workdays_through AS ordinal FROM days WHERE is_working),
limits AS (  -- 每件工单的时限；平台自带的应办结时间优先
    SELECT o.*, known.as_of,
        {"".join(f"known.{flag_name(c)}, " for c in asked)}
        coalesce(o.due_at, {end_sql(limits["due"])}) AS due_by,
        {end_sql(limits["sign"])} AS sign_by,
        {end_sql(limits["contact"])} AS contact_by,
        coalesce(o.closed_at < o.received_at, FALSE) AS negative,
        {CLOSED_ON} AS closed_on,
        {ANSWER_COLUMNS}{back_columns(profile) if in_issue else ""}
    FROM {source_of(query)} AS o
    CROSS JOIN known{joins}
    WHERE {admitted_sql(query)}
),
facts AS (  -- 每件工单的考核事实
    SELECT {with_facts(names, profile)}{in_periods(query)}
    FROM limits
)""".strip()


def back_columns(profile: Profile) -> str:
    """Return what to select beside ``issue_orders`` for the facts about repeat issues."""
    return f",\n        known.watched_until,\n        {BACK_COLUMNS.format(days=profile.back_days)}"


def in_periods(query: Query) -> str:
    """Return what to select for in_EVENT of each event; nothing where all of them count."""
    if not counts_by_event(query):
        return ""
    return "".join(f",\n        {in_period_sql(event, query)} AS in_{event}" for event in EVENTS)


def events_told(query: Query) -> list[str]:
    """Return the columns in_EVENT that the facts have."""
    return [f"in_{event}" for event in EVENTS] if counts_by_event(query) else []


def in_event(event: str, query: Query) -> str:
    """Return the condition, over the columns of ``facts``, that an event falls into the period."""
    return f"in_{event}" if counts_by_event(query) else "TRUE"


def with_facts(names: Iterable[str], profile: Profile) -> str:
    """Return what to select for all columns and is_FACT of each name."""
    expressions = {name: item.sql for name, item in FACTS.items()}
    expressions |= {own.name: any_sql(own.when) for own in profile.facts}
    facts = (f"coalesce({expressions[name]}, FALSE) AS is_{name}" for name in names)
    return ",\n        ".join(["*", *facts])


def rate_conditions(rate: Rate, query: Query) -> tuple[str, str]:
    """Return the conditions of a rate's numerator and denominator over columns is_FACT and in_EVENT.

    The denominator's events place an order in the period; its numerator is counted within.
    """
    denominator = _any_fact(rate.denominator)
    if counts_by_event(query):
        placed = (f"is_{name} AND in_{event_of(name)}" for name in rate.denominator)
        denominator = f"({' OR '.join(placed)})"
    if rate.exclude:
        denominator += f" AND NOT {_any_fact(rate.exclude)}"
    return _any_fact(rate.numerator), denominator


def _any_fact(facts: tuple[str, ...]) -> str:
    joined = " OR ".join(f"is_{name}" for name in facts)
    return f"({joined})" if len(facts) > 1 else joined


def _limits(profile: Profile) -> dict[str, tuple[Limit, set[str]]]:
    """Return each limit with the facts that need it; every KPI report shows ``due_by``."""
    return {
        "due": (profile.deadline, {*FACTS, *known_facts(profile)}),
        "sign": (profile.sign, {"sign_due", "signed_on_time"}),
        "contact": (profile.contact, {"response_due", "responded"}),
    }


def source_of(query: Query) -> str:
    """Return the view to read: with labels only where a filter, the level or a condition looks at one."""
    profile = profile_of(query)
    rules = [rule.when for limit in profile.limits for rule in limit.rules]
    conditions = [profile.exclude, *(fact.when for fact in profile.facts), *rules]
    asked = {query.by} | {column for condition in conditions for column, _ in condition}
    return view_of(query, asked)


def admitted_sql(query: Query) -> str:
    """Return the condition that an order is in scope and not left out by the profile."""
    return f"{in_scope_sql(query)} AND NOT {any_sql(profile_of(query).exclude)}"


def in_scope_sql(query: Query) -> str:
    """Return the query's filters, of all orders that a period's figures look at (``active_conditions``)."""
    conditions = [*active_conditions(query, profile_of(query)), *filter_conditions(query)]
    return " AND ".join(conditions) or "TRUE"


def ended_moment(as_of: datetime) -> datetime:
    """Return the moment of a count as people say it: the last one of a day is 00:00 of the next."""
    return (as_of + timedelta(microseconds=1)).replace(microsecond=0)


def shown_moment(as_of: datetime) -> str:
    """Return the moment of a count as a note writes it."""
    return f"{ended_moment(as_of):%Y-%m-%d %H:%M}"


def _counted(query: Query, profile: Profile, columns: list[str], in_scope: str) -> str:
    others = " AND ".join(filter_conditions(query)) or "TRUE"
    received = " AND ".join(["in_scope", *period_conditions(query.period)])
    lines = [
        f"count(*) FILTER (WHERE {received} AND {any_sql(profile.exclude)}) AS excluded",
        f"count(*) FILTER (WHERE received_at IS NULL AND {others}) AS undated",
    ]
    for column in columns:
        if column == ISSUE:
            lines.append(f"EXISTS (SELECT 1 FROM issues_told) AS {flag_name(column)}")
            continue
        lines.append(has_sql(column, profile, "in_scope AND "))
    selected = ",\n".join(f"            {line}" for line in lines)
    marked = f"SELECT *, coalesce({in_scope}, FALSE) AS in_scope FROM {source_of(query)}"
    return f"{selected}\n        FROM ({marked}) AS o"


def moment_sql(query: Query) -> str:
    """Return the SELECT of one row: ``as_of``, the moment of the count, and ``watched_until``.

    It is known whether an issue came up again up to ``watched_until``. Not the period's end: a look-forward
    of some days is as long for an order closed on its last day. The store's latest times are told by its
    footers, so no order is read.
    """
    if query.as_of is not None:
        moment = literal(last_moment(query.as_of))
        return f"SELECT {moment} AS as_of, {moment} AS watched_until"
    latest = f"greatest({', '.join(EVENT_TIMES)})"
    end = last_moment(datetime.combine(query.period.end, time())) if query.period else None
    as_of = f"least({literal(end)}, {latest})" if end else latest
    return f"SELECT {as_of} AS as_of, received_at AS watched_until FROM latest_times"
