"""The front half of every KPI statement: orders in scope with their limits and facts.

``facts_ctes`` returns the CTEs ``known``, ``days``, ``workdays``, ``limits`` and ``facts``; a report
adds its own SELECT over ``facts``, which has one row an order: all columns of the order, ``as_of``,
``due_by``, ``sign_by``, ``contact_by``, ``seconds``, ``working_seconds``, ``negative`` and a boolean
``is_FACT`` for each fact the profile's rates use. Beside ``orders`` it reads the views ``calendar`` and
``issue_orders`` (``define_views``).
"""

from collections.abc import Iterable

from hotline_tools.reports.facts import FACTS, ISSUE, NONE_CLOSED, known_facts, needs_of
from hotline_tools.reports.issue_view import MEMBERS, has_members
from hotline_tools.reports.limits import end_sql, joins_sql
from hotline_tools.reports.parts import filled_sql
from hotline_tools.reports.patterns import any_sql
from hotline_tools.reports.profile import Limit, Profile
from hotline_tools.reports.profile_file import find_profile
from hotline_tools.reports.query import Database, Query, filter_conditions, period_conditions

_CLOCKS = ("received_at", "dispatched_at", "signed_at", "first_contact_at", "closed_at", "revisited_at")
_ALWAYS_ASKED = ("received_at", "closed_at", "due_at")


def profile_of(query: Query) -> Profile:
    """Return the query's profile, or the default one."""
    return query.profile or find_profile("default")


def define_views(database: Database, query: Query) -> None:
    """Define ``calendar``, the profile's working days, and ``issue_orders``, the orders of repeat issues."""
    database.define("calendar", profile_of(query).calendar.select())
    found = f"SELECT DISTINCT order_key FROM {MEMBERS}"
    none = "SELECT CAST(NULL AS VARCHAR) AS order_key WHERE FALSE"
    database.define("issue_orders", found if has_members(database) else none)


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
    own = {f"fact:{fact.name}": any_sql(fact.when) for fact in profile.facts}
    found = own.get(column) or f"{filled_sql(column)} IS NOT NULL"
    return f"count(*) FILTER (WHERE {within}{found}) > 0 AS {flag_name(column)}"


def facts_ctes(
    query: Query,
    facts: Iterable[str] | None = None,
    *,
    durations: bool = True,
    flags: Iterable[str] | None = None,
) -> str:
    """Return the WITH clause (without the word); ``facts`` defaults to all that the profile knows.

    ``flags`` are the columns that ``known`` tells as has_COLUMN, all that are asked of unless given.
    Without ``durations`` there are no ``seconds``, ``working_seconds`` and ``negative``. A limit that no fact
    needs is null: each join with the calendar counts on millions of orders.
    """
    profile = profile_of(query)
    names = sorted(set(facts) if facts is not None else known_facts(profile))
    expressions = {name: item.sql for name, item in FACTS.items()}
    expressions |= {own.name: any_sql(own.when) for own in profile.facts}
    columns = ",\n        ".join(f"coalesce({expressions[name]}, FALSE) AS is_{name}" for name in names)
    limits = {
        name: limit if needs & set(names) else None for name, (limit, needs) in _limits(profile).items()
    }
    joins = "".join(f"\n    {text}" for limit in limits.values() if limit and (text := joins_sql(limit)))
    if durations:
        joins += """
    LEFT JOIN days AS received_day ON received_day.day = CAST(o.received_at AS DATE)
    LEFT JOIN days AS closed_day ON closed_day.day = CAST(o.closed_at AS DATE)"""
    if "repeated" in names:
        joins += "\n    LEFT JOIN issue_orders ON issue_orders.order_key = o.order_key"
    in_scope = " AND ".join(_scope_conditions(query)) or "TRUE"
    asked = asked_columns(profile, names) if flags is None else sorted(flags)
    return f"""
known AS (  -- 截至时刻；本次范围内哪些列有值
    SELECT
{_known(query, profile, asked, in_scope)}
),
days AS (SELECT * FROM calendar),
workdays AS (SELECT day, workdays_through AS ordinal FROM days WHERE is_working),
limits AS (  -- 每件工单的时限；平台自带的应办结时间优先
    SELECT o.*, known.as_of,
        {"".join(f"known.{flag_name(c)}, " for c in asked)}
        coalesce(o.due_at, {end_sql(limits["due"])}) AS due_by,
        {end_sql(limits["sign"])} AS sign_by,
        {end_sql(limits["contact"])} AS contact_by,
        {_hours(profile) + "," if durations else ""}
        {"issue_orders.order_key IS NOT NULL" if "repeated" in names else "FALSE"} AS in_issue
    FROM orders AS o
    CROSS JOIN known{joins}
    WHERE {in_scope} AND NOT {any_sql(profile.exclude)}
),
facts AS (  -- 每件工单的考核事实
    SELECT *,
        {columns}
    FROM limits
)""".strip()


def _limits(profile: Profile) -> dict[str, tuple[Limit, set[str]]]:
    """Return each limit with the facts that need it; every KPI report shows ``due_by``."""
    return {
        "due": (profile.deadline, {*FACTS, *known_facts(profile)}),
        "sign": (profile.sign, {"sign_due", "signed_on_time"}),
        "contact": (profile.contact, {"response_due", "responded"}),
    }


def _scope_conditions(query: Query) -> list[str]:
    """Return the query's filters; what came in after a moment given by hand was not known at it."""
    known = [f"(received_at IS NULL OR received_at <= {_as_of(query)})"] if query.as_of else []
    return [*period_conditions(query.period), *filter_conditions(query), *known]


def _known(query: Query, profile: Profile, columns: list[str], in_scope: str) -> str:
    others = " AND ".join(filter_conditions(query)) or "TRUE"
    lines = [
        f"{_as_of(query)} AS as_of",
        f"count(*) FILTER (WHERE in_scope AND {any_sql(profile.exclude)}) AS excluded",
        f"count(*) FILTER (WHERE received_at IS NULL AND {others}) AS undated",
    ]
    for column in columns:
        if column == ISSUE:
            lines.append(f"(SELECT count(*) FROM issue_orders) > 0 AS {flag_name(column)}")
            continue
        lines.append(has_sql(column, profile, "in_scope AND "))
    selected = ",\n".join(f"        {line}" for line in lines)
    return f"{selected}\n    FROM (SELECT *, coalesce({in_scope}, FALSE) AS in_scope FROM orders) AS o"


def _as_of(query: Query) -> str:
    if query.as_of is not None:
        return f"TIMESTAMP '{query.as_of:%Y-%m-%d %H:%M:%S}'"
    latest = f"greatest({', '.join(f'max({column})' for column in _CLOCKS)})"
    return f"least(TIMESTAMP '{query.period.end} 00:00:00', {latest})" if query.period else latest


def _hours(profile: Profile) -> str:
    closed = "o.closed_at >= o.received_at AND o.closed_at <= known.as_of"
    worked = f"{_worked('closed', profile)}\n                - {_worked('received', profile)}"
    return f"""CASE WHEN {closed}
            THEN {_small("date_diff('second', o.received_at, o.closed_at)")} END AS seconds,
        CASE WHEN {closed}
            THEN {_small(worked)} END AS working_seconds,
        coalesce(o.closed_at < o.received_at, FALSE) AS negative"""


def _small(seconds: str) -> str:
    """Seconds as a 32-bit integer (68 years at most): quantiles hold them all, and need half the memory."""
    return f"CAST(least({seconds}, 2147483647) AS INTEGER)"


def _worked(name: str, profile: Profile) -> str:
    """Seconds of office hours from the calendar's first day up to ``o.NAME_at``."""
    moment, day = f"o.{name}_at", f"{name}_day"
    seconds = f"date_diff('second', date_trunc('day', {moment}), {moment})"
    today = f"CASE WHEN {day}.is_working THEN {profile.office.worked_until_sql(seconds)} ELSE 0 END"
    return f"({day}.workdays_before * {profile.office.seconds} + {today})"
