"""Facts: what can be true of an order, as SQL, and the columns an export must have for it.

A rate counts facts, so every KPI of a profile is built from these names. Each expression is never
null once coalesced, and reads the columns that ``statement.facts_cte`` lays out: the order's own,
``as_of`` (the moment of the count), ``due_by``, ``sign_by``, ``contact_by`` and ``has_COLUMN``. Its event
(``basis.EVENTS``) is what places an order in a period when a rate has the fact in its denominator.
"""

from dataclasses import dataclass

from hotline_tools.reports.common import LABELS
from hotline_tools.reports.kpi.profile import Profile, Rate
from hotline_tools.sql import literal

DEADLINE, SIGN, RESPONSE = "@deadline", "@sign", "@response"
"""Stand-ins in ``needs`` for what depends on the profile's limits."""
NONE_CLOSED = "none_closed"
"""Stands in ``needs`` for: no order is closed, so that no closing time can be missing."""
ISSUE = "issue"
"""Stands in ``needs`` for the repeat issues that ``hotline repeats`` finds."""


@dataclass(frozen=True)
class Fact:
    """``needs``: of each inner tuple the export must have one column; ``event``: see ``basis.EVENTS``."""

    label: str
    sql: str
    needs: tuple[tuple[str, ...], ...] = ()
    event: str = "received"


PASSED = "as_of + INTERVAL 1 MICROSECOND"
"""Up to when a limit has passed: one of 24:00 has, at the last moment of its day."""


def closed_sql(moment: str = "as_of", closed_on: str = "closed_on") -> str:
    """Return the condition that an order was closed by a moment; never null, so that it may stand after NOT.

    Without a time of closing the status tells it, from the moment on that ``basis.CLOSED_ON`` gives.
    """
    return _ended("closed_at IS NOT NULL OR status = 'closed'", moment, closed_on)


def open_sql(moment: str = "as_of", closed_on: str = "closed_on") -> str:
    """Return the condition that an order was neither closed nor withdrawn by a moment; never null."""
    gone = "closed_at IS NOT NULL OR status IN ('closed', 'cancelled')"
    return f"NOT {_ended(gone, moment, closed_on)}"


def in_time_sql() -> str:
    """Return the condition that an order ended no later than its limit, or nobody knows when; never null.

    Over the columns ``due_by`` and ``closed_on``. Beside the moment of a count: one that is closed
    on the stroke of 24:00, as its limit ends, is still open at the end of that day, and yet never late.
    """
    gone = "closed_at IS NOT NULL OR status IN ('closed', 'cancelled')"
    return f"coalesce(({gone}) AND coalesce(closed_on <= due_by, TRUE), FALSE)"


def _ended(how: str, moment: str, closed_on: str) -> str:
    return f"coalesce(({how}) AND coalesce({closed_on} <= {moment}, TRUE), FALSE)"


_CLOSED = closed_sql()
REPLIED = "reply IS NOT NULL AND coalesce(closed_at <= as_of, TRUE)"
"""A reply was given by the moment of the count; without a time of closing nobody can tell, and it counts."""
_IMPOSSIBLE = "coalesce(closed_at < received_at, FALSE)"
"""Closed before it came in: a wrong time, which says nothing of being in time."""


def answered_sql(moment: str, of: str = "") -> str:
    """Return the condition that a revisit's answers had been given by a moment; never null.

    They count once the revisit was made; without its time, once the order was closed. ``of`` is the prefix
    of the order's columns.
    """
    return f"coalesce(coalesce({of}revisited_at, {of}closed_at) <= {moment}, TRUE)"


ANSWER_COLUMNS = f"""{answered_sql("known.as_of", "o.")} AS is_answered,
        coalesce(o.revisited_at <= known.as_of, FALSE) AS is_called_back"""
"""Whether the revisit's answers were given by the moment of the count, and whether anybody called back."""


def _said(column: str, *codes: str) -> str:
    return f"({column} IN ({', '.join(map(literal, codes))}) AND is_answered)"


RATINGS, _RESOLUTIONS = ("satisfied", "basically", "dissatisfied"), ("yes", "partly", "no")
"""What people answer when they are asked."""
_RATED = _said("satisfaction", *RATINGS)
_ASKED = _said("resolved", *_RESOLUTIONS)
BACK_COLUMNS = """o.closed_at + INTERVAL {days} DAY AS back_by,
        issue_orders.back_at,
        issue_orders.order_key IS NOT NULL AS in_issue,
        issue_orders.issue_id AS repeat_issue_id"""
"""Whether an order belongs to a repeat issue, and when the issue came up again after its closing."""
UNTIMED = "revisited_at IS NULL AND closed_at IS NULL"
UNTIMED_ANSWERS = f"""is_untimed AND (satisfaction IN {RATINGS}
            OR resolved IN {_RESOLUTIONS}) AS is_untimed_answer"""
"""Answers of which nobody can tell whether they came before ``as_of``: they count, and are told."""

FACTS: dict[str, Fact] = {
    "received": Fact("受理", "TRUE"),
    "dispatched": Fact(
        "派单", "coalesce(dispatched_at <= as_of, department IS NOT NULL)", event="dispatched"
    ),
    "sign_due": Fact("应签收", f"sign_by <= {PASSED}", ((SIGN,), ("signed_at",)), event="sign_due"),
    "signed_on_time": Fact("按时签收", "signed_at <= sign_by", ((SIGN,), ("signed_at",)), event="sign_due"),
    "response_due": Fact(
        "应响应",
        f"responded IS NOT NULL OR (has_first_contact_at AND contact_by <= {PASSED})",
        ((RESPONSE,),),
        event="response_due",
    ),
    "responded": Fact(
        "已响应", "coalesce(responded, first_contact_at <= contact_by)", ((RESPONSE,),), event="response_due"
    ),
    "due": Fact("应办结", f"due_by <= {PASSED}", ((DEADLINE,), ("closed_at", "status")), event="due"),
    "closed": Fact("已办结", _CLOSED, (("closed_at", "status"),), event="closed"),
    "closed_on_time": Fact(
        "按时办结",
        f"closed_at <= due_by AND closed_at <= {PASSED} AND NOT {_IMPOSSIBLE}",
        ((DEADLINE,), ("closed_at", NONE_CLOSED)),
        event="due",
    ),
    "closing_time_unknown": Fact(
        "办结时间缺或早于受理",
        f"(closed_at IS NULL AND status = 'closed') OR {_IMPOSSIBLE}",
        event="closed",
    ),
    "overdue": Fact(
        "超期",
        f"due_by <= {PASSED} AND (closed_at > due_by OR NOT ({_CLOSED} OR {in_time_sql()}))",
        ((DEADLINE,), ("closed_at", "status")),
        event="due",
    ),
    "closed_late": Fact(
        "超时办结",
        "closed_at > due_by AND closed_at <= as_of",
        ((DEADLINE,), ("closed_at", NONE_CLOSED)),
        event="closed",
    ),
    "open": Fact("未办结", open_sql(), (("closed_at", "status"),)),
    "closed_first_time": Fact(
        "一次办结",
        f"{_CLOSED} AND coalesce(returns, 0) = 0 AND coalesce(redos, 0) = 0",
        (("closed_at", "status"), ("returns",), ("redos",)),
        event="closed",
    ),
    "replied": Fact(
        "已回复",
        f"({REPLIED}) OR {_CLOSED}",
        (("reply", "closed_at", "status"),),
        event="closed",
    ),
    "revisited": Fact(
        "已回访",
        f"is_called_back OR {_RATED} OR {_ASKED}",
        (("revisited_at", "satisfaction", "resolved"),),
        event="answered",
    ),
    "resolution_known": Fact("回访已答是否解决", _ASKED, (("resolved",),), event="answered"),
    "resolved": Fact("解决", _said("resolved", "yes"), (("resolved",),), event="answered"),
    "partly_resolved": Fact("部分解决", _said("resolved", "partly"), (("resolved",),), event="answered"),
    "unresolved": Fact("未解决", _said("resolved", "no"), (("resolved",),), event="answered"),
    "rated": Fact("已评价", _RATED, (("satisfaction",),), event="answered"),
    "satisfied": Fact("满意", _said("satisfaction", "satisfied"), (("satisfaction",),), event="answered"),
    "basically_satisfied": Fact(
        "基本满意", _said("satisfaction", "basically"), (("satisfaction",),), event="answered"
    ),
    "dissatisfied": Fact(
        "不满意", _said("satisfaction", "dissatisfied"), (("satisfaction",),), event="answered"
    ),
    "returned": Fact("退回", "returns > 0", (("returns",),), event="dispatched"),
    "redone": Fact("重办", "redos > 0", (("redos",),), event="dispatched"),
    "repeated": Fact("属于重复诉求", "in_issue", ((ISSUE,),)),
    "back_due": Fact(
        "办结满观察期", f"{_CLOSED} AND back_by <= watched_until", (("closed_at",), (ISSUE,)), event="closed"
    ),
    "came_back": Fact(
        "观察期内同一事项又来", "back_at <= back_by", (("closed_at",), (ISSUE,)), event="closed"
    ),
    "extended": Fact("延期", "extensions > 0", (("extensions",),), event="dispatched"),
}
"""Name → fact; the names a profile may use beside its own."""
CODED = ("status", "satisfaction", "resolved")
"""Columns of few values: they tell alike orders apart themselves, so that words are compared but once."""
ANSWER_FACTS = frozenset(
    {
        "revisited", "resolution_known", "resolved", "partly_resolved", "unresolved",
        "rated", "satisfied", "basically_satisfied", "dissatisfied",
    }
)  # fmt: skip
"""Facts that follow from ``satisfaction``, ``resolved``, ``is_answered`` and ``is_called_back`` alone."""

ISSUE_FACTS = frozenset(name for name, fact in FACTS.items() if (ISSUE,) in fact.needs)
"""Facts that need the result of ``hotline repeats``."""
SHARED_RATES = (
    "satisfied_rate",
    "dissatisfied_rate",
    "resolved_rate",
    "resolved_closed_rate",
    "repeat_rate",
    "back_rate",
)
"""Rates that several reports show (``shared_rates``)."""
LIMITED_FACTS = frozenset(
    name for name, fact in FACTS.items() if {DEADLINE, SIGN, RESPONSE} & {n for g in fact.needs for n in g}
)
"""Facts that an order's own columns do not show: a shared rate cannot be made of them."""


def event_of(name: str) -> str:
    """Return the event that places a fact in a period; the receipt for a fact of the profile's own."""
    return FACTS[name].event if name in FACTS else "received"


def known_facts(profile: Profile) -> set[str]:
    """Return the fact names a profile may use."""
    return FACTS.keys() | {own.name for own in profile.facts}


def label_of(name: str, profile: Profile) -> str:
    """Return the Chinese name of a fact."""
    own = {fact.name: fact.label for fact in profile.facts}
    return own.get(name) or FACTS[name].label


def needs_of(name: str, profile: Profile) -> tuple[tuple[str, ...], ...]:
    """Return the columns a fact needs under a profile: one of each inner tuple.

    ``A&B`` stands for both. An empty inner tuple means that the profile sets no limit for it. A
    profile's own fact needs an order that fits (``fact:NAME``): no match says nothing about a rate.
    """
    if name not in FACTS:
        return ((f"fact:{name}",),)
    stand_ins: dict[tuple[str, ...], tuple[str, ...]] = {
        (DEADLINE,): ("due_at", profile.deadline.start) if profile.deadline.rules else ("due_at",),
        (SIGN,): (profile.sign.start,) if profile.sign.rules else (),
        (RESPONSE,): ("responded", f"first_contact_at&{profile.contact.start}")
        if profile.contact.rules
        else ("responded",),
    }
    return tuple(stand_ins.get(group, group) for group in FACTS[name].needs)


def rate_needs(rate: Rate, profile: Profile) -> list[tuple[str, ...]]:
    """Return the columns a rate needs under a profile: one of each tuple, see ``needs_of``."""
    return list(dict.fromkeys(group for fact in rate.facts for group in needs_of(fact, profile)))


def column_label(column: str, profile: Profile) -> str:
    """Return what a missing column is called in a note."""
    if column == ISSUE:
        return "重复诉求识别结果（先运行 hotline repeats）"
    if column.startswith("fact:"):
        return f"符合“{label_of(column.removeprefix('fact:'), profile)}”写法的工单"
    return "及".join(LABELS[name] for name in column.split("&"))
