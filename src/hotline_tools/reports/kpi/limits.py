"""Limits of a profile as SQL: when an order has to be closed, signed for, or its caller contacted.

Says the same as ``calendar.deadline`` does for one order. A limit in working days takes two joins
with the days of the calendar: the day it starts on, and the working day it ends on.
"""

from hotline_tools.reports.kpi.patterns import all_sql
from hotline_tools.reports.kpi.profile import Limit, LimitRule


def end_sql(limit: Limit | None) -> str:
    """Return the expression of the last moment in time; null where no rule fits or no start is known."""
    if limit is None:
        return "CAST(NULL AS TIMESTAMP)"
    return _case(limit, [_rule_end(limit, rule) for rule in limit.rules], "CAST(NULL AS TIMESTAMP)")


def joins_sql(limit: Limit) -> str:
    """Return the joins that ``end_sql`` leans on; nothing when no rule counts working days."""
    if not limit.counts_workdays:
        return ""
    first, last = f"{limit.name}_first", f"{limit.name}_last"
    ordinal = _case(
        limit,
        [_ordinal(first, rule) if rule.unit == "workdays" else "NULL" for rule in limit.rules],
        "NULL",
    )
    day = f"CAST(o.{limit.start} AS DATE)"
    if limit.name == "deadline":  # the export's own deadline wins: no need to look further
        day = f"CASE WHEN o.due_at IS NULL THEN {day} END"
        ordinal = f"CASE WHEN o.due_at IS NULL THEN {ordinal} END"
    return (
        f"LEFT JOIN days AS {first} ON {first}.day = {day}\n"
        f"    LEFT JOIN workdays AS {last} ON {last}.ordinal = {ordinal}"
    )


def _case(limit: Limit, values: list[str], otherwise: str) -> str:
    if not limit.rules:
        return otherwise
    arms = "".join(
        f"\n            WHEN {all_sql(rule.when)} THEN {value}"
        for rule, value in zip(limit.rules, values, strict=True)
    )
    return f"CASE{arms}\n        END"


def _amount(rule: LimitRule) -> str:
    if not rule.extension:
        return str(rule.amount)
    return f"({rule.amount} + {rule.extension} * least(coalesce(extensions, 0), {rule.max_extensions}))"


def _rule_end(limit: Limit, rule: LimitRule) -> str:
    start, amount = f"o.{limit.start}", _amount(rule)
    midnight = f"date_trunc('day', {start})"
    if rule.unit == "hours":
        return f"{start} + {amount} * INTERVAL 1 HOUR"
    if rule.unit == "days":
        if rule.count_from == "receipt":
            return f"{start} + {amount} * INTERVAL 1 DAY"
        days = f"({amount} + 1)" if rule.count_from == "next-day" else amount
        return f"{midnight} + {days} * INTERVAL 1 DAY - INTERVAL 1 SECOND"
    last = f"CAST({limit.name}_last.day AS TIMESTAMP)"
    full_day = f"{last} + INTERVAL 86399 SECOND"
    if rule.count_from == "receipt":
        by_clock = f"{last} + ({start} - {midnight})"
        return f"CASE WHEN {limit.name}_first.is_working THEN {by_clock} ELSE {full_day} END"
    return full_day


def _ordinal(first: str, rule: LimitRule) -> str:
    origin = "workdays_before" if rule.count_from == "same-day" else "workdays_through"
    return f"{first}.{origin} + {_amount(rule)}"
