"""How long orders took, as SQL: the CTE ``clocked`` beside those of ``statement.facts_ctes``.

It has one row an order in scope: all columns of the order, ``seconds`` from receipt to closing, and
``working_seconds`` of office hours, both null unless the closing counts in the period. It stands apart from
``facts`` because medians look at every order, where counts look once at orders that are alike.
"""

from hotline_tools.reports.kpi.basis import within_sql
from hotline_tools.reports.kpi.profile import Profile
from hotline_tools.reports.kpi.statement import admitted_sql, profile_of, source_of
from hotline_tools.reports.query import Query


def clocked_cte(query: Query) -> str:
    """Return the CTE; it leans on ``known`` and ``days``."""
    profile = profile_of(query)
    timed = "o.closed_at >= o.received_at AND o.closed_at <= known.as_of"
    timed += f" AND {within_sql('o.closed_at', query)}"
    worked = f"{_worked('closed', profile)}\n                - {_worked('received', profile)}"
    return f"""
clocked AS (  -- 办理时长（秒）与其中的上班时间
    SELECT o.*,
        CASE WHEN {timed}
            THEN {seconds_sql("o.received_at", "o.closed_at")} END AS seconds,
        CASE WHEN {timed}
            THEN {_small(worked)} END AS working_seconds
    FROM {source_of(query)} AS o
    CROSS JOIN known
    LEFT JOIN days AS received_day ON received_day.day = CAST(o.received_at AS DATE)
    LEFT JOIN days AS closed_day ON closed_day.day = CAST(o.closed_at AS DATE)
    WHERE {admitted_sql(query)}
)""".strip()


def hours(value: float | None) -> float | None:
    """Return hours as tables give them, to a third of a second: sums of floats differ in the last digits."""
    return None if value is None else round(float(value), 4)


def seconds_sql(start: str, end: str) -> str:
    """Return the seconds between two moments."""
    return _small(f"date_diff('second', {start}, {end})")


def _small(seconds: str) -> str:
    """Seconds as a 32-bit integer (68 years at most): quantiles hold them all, and need half the memory."""
    return f"CAST(least({seconds}, 2147483647) AS INTEGER)"


def _worked(name: str, profile: Profile) -> str:
    """Seconds of office hours from the calendar's first day up to ``o.NAME_at``."""
    moment, day = f"o.{name}_at", f"{name}_day"
    seconds = f"date_diff('second', date_trunc('day', {moment}), {moment})"
    today = f"CASE WHEN {day}.is_working THEN {profile.office.worked_until_sql(seconds)} ELSE 0 END"
    return f"({day}.workdays_before * {profile.office.seconds} + {today})"
