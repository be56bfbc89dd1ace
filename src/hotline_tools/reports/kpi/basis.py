"""Which period a figure counts in: the basis of every KPI (归期), as SQL.

Basis ``event``: each figure counts in the period of its own event, as published bulletins count it. Orders
received, by receipt; due and closed on time, by the deadline; closed and handling times, by closing;
satisfaction and resolution, by the revisit (else by closing); signing and first contact, by their limits.
Months then add up to the year, and an order that is late is late in exactly one month.

Basis ``received``: every figure is about the orders received in the period (a cohort), seen at one moment.
"""

from collections.abc import Iterable

from hotline_tools.reports.kpi.profile import Limit, Profile
from hotline_tools.reports.query import Query, filter_conditions, midnight, view_of
from hotline_tools.table import Note, NoteKind

CLOSED_ON = (
    "greatest(coalesce(CASE WHEN closed_at < received_at THEN NULL ELSE closed_at END,"
    " revisited_at, received_at), received_at)"
)
"""When a closed order left the desk. A wrong time before receipt, or none at all, gives way to the receipt:
every closed order is closed in one period, never before it came in."""


def _passed(limit: str) -> str:
    """Return when a limit passed: not before the order came in, whatever a wrong time says."""
    return f"greatest({limit}, received_at + INTERVAL 1 MICROSECOND)"


def _not_before_receipt(moment: str) -> str:
    """Return the moment of an event: a wrong time before receipt gives way to the receipt.

    Else a month would look for the event before it knows the order, and the months would not add up.
    """
    return f"greatest({moment}, received_at)"


EVENTS = {
    "received": "received_at",
    "dispatched": _not_before_receipt("coalesce(dispatched_at, received_at)"),
    "signed": f"CASE WHEN signed_at IS NOT NULL THEN {_not_before_receipt('signed_at')} END",
    "sign_due": _passed("sign_by"),
    "response_due": _passed("coalesce(contact_by, first_contact_at, received_at)"),
    "due": _passed("due_by"),
    "closed": "closed_on",
    "answered": _not_before_receipt("coalesce(revisited_at, closed_at, received_at)"),
}
"""Event → its moment, over the columns of ``statement.facts_ctes``."""
_LIMITS = frozenset(("sign_due", "response_due", "due"))
"""Events that are limits. One that ends at 24:00 of a period's last day is of that period."""
_DAYS_OF = {"hours": 1 / 24, "days": 1.0, "workdays": 2.0}
_HOLIDAYS = 30
"""With the holidays between, so many working days never take longer than twice the days and these."""


def counts_by_event(query: Query) -> bool:
    """Tell whether events place figures: not without a period, where everything counts."""
    return query.basis == "event" and query.period is not None


def in_period_sql(event: str, query: Query) -> str:
    """Return the condition that an event falls into the query's period; ``TRUE`` where it need not."""
    if not counts_by_event(query) or query.period is None:
        return "TRUE"
    start, end = midnight(query.period.start), midnight(query.period.end)
    moment = EVENTS[event]
    if event in _LIMITS:
        return f"coalesce({moment} > {start} AND {moment} <= {end}, FALSE)"
    return f"coalesce({within_sql(moment, query)}, FALSE)"


def within_sql(column: str, query: Query) -> str:
    """Return the condition that a time of the order is of the period; ``TRUE`` where it need not."""
    if not counts_by_event(query) or query.period is None:
        return "TRUE"
    return f"{column} >= {midnight(query.period.start)} AND {column} < {midnight(query.period.end)}"


def active_conditions(query: Query, profile: Profile | None = None) -> list[str]:
    """Return the conditions of the orders that a period's figures may look at.

    They came in before the end of the period and were not done with before its start. ``profile`` when limits
    are looked at: an order closed in May may fall due in June.
    """
    if query.period is None:
        return []
    start, end = midnight(query.period.start), midnight(query.period.end)
    if not counts_by_event(query):
        return [f"received_at >= {start}", f"received_at < {end}"]
    touched = [f"{column} >= {start}" for column in ("received_at", "closed_at", "revisited_at")]
    touched.append("(closed_at IS NULL AND status IS DISTINCT FROM 'closed')")
    if profile is not None:
        touched.append(f"due_at > {start}")
        touched += [
            f"{limit.start} >= {start} - INTERVAL {_longest(limit)} DAY"
            for limit in profile.limits
            if limit.rules
        ]
        touched += [f"{column} >= {start}" for column in ("dispatched_at", "first_contact_at")]
    return [f"received_at < {end}", f"({' OR '.join(touched)})"]


def active_scope(query: Query, *, columns: Iterable[str | None] | None = None) -> str:
    """Return the SELECT of the orders that a period's figures may look at; ``columns`` as for ``view_of``."""
    conditions = [*active_conditions(query), *filter_conditions(query)]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT * FROM {view_of(query, columns)}{where}"


def basis_note(query: Query) -> Note:
    """Return the note that names the basis of a table's figures."""
    if query.basis == "received":
        text = "归期：各项指标只看本期受理的工单（--basis received），同一批工单截至统计时刻的结果。"
    else:
        text = (
            "归期：各项指标按自己的时间计入所属时间段（--basis event）：受理量按受理时间，"
            "应办结、按时办结率、结案率按到期时间，办结量与办理时长按办结时间，"
            "满意率、解决率按回访时间（没有则按办结时间），签收、响应按各自时限。"
        )
    return Note(NoteKind.DEFINITION, text)


def _longest(limit: Limit) -> int:
    """Return the most days that a limit can take."""
    days = [
        _DAYS_OF[rule.unit] * (rule.amount + rule.extension * rule.max_extensions) for rule in limit.rules
    ]
    return int(max(days)) + _HOLIDAYS
