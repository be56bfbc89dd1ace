"""``report supervise`` (督办): orders that have to be pushed, one row each with its reasons.

"Two dissatisfied revisits in a row" is read along the caller: the caller's revisit and the one
before, whatever the order. Without a caller it is read along department, place and subcategory.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from hotline_tools.codes import code_label
from hotline_tools.reports.common import (
    UNFILLED,
    closing_known,
    empty_notes,
    filled,
    lacking_note,
    missing_notes,
    period_label,
)
from hotline_tools.reports.coverage import Uncovered, covered_sql, source_labels, uncovered_sources
from hotline_tools.reports.figures import shared
from hotline_tools.reports.kpi.carry_over import CLOSING
from hotline_tools.reports.kpi.facts import FACTS, PASSED, RATINGS, in_time_sql
from hotline_tools.reports.kpi.statement import (
    define_views,
    facts_ctes,
    shown_moment,
)
from hotline_tools.reports.period import Period
from hotline_tools.reports.query import Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.reports.rules import SuperviseRules, rules_for
from hotline_tools.sql import literal
from hotline_tools.table import Cell, Field, Note, NoteKind, ReportTable

_FACTS = ("closed", "overdue", "replied", "rated")
_CONTACT = ("first_contact_at", "responded")
"""Any of these tells whether the caller was called back; a letter is answered, and nobody calls."""
_MOVES = ("received_at", "dispatched_at", "signed_at", "first_contact_at")
_KINDS = {
    "overdue_now": "超期",
    "due_soon": "即将到期",
    "unanswered": "未联系",
    "stalled": "无进展",
    "dissatisfied_twice": "连续不满意",
    "returned_often": "多次退回",
    "sent_back": "回访转督办",
}
_OF_OPEN = ("overdue_now", "due_soon", "unanswered", "stalled")
_IN_DAYS = 72
"""From so many hours on, people read days."""


def sql(query: Query) -> str:
    """Return the statement; deadlines are the export's own, else those of the profile."""
    return _statement(query, {})


def _statement(query: Query, silent: Uncovered, closing_told: bool = True) -> str:
    """Return the statement.

    ``silent``: the sources that never tell whether a caller was called back, or whether an order is closed;
    ``closing_told``: does any order of the scope tell that?
    """
    query, rules = _to_the_end(query), _rules(query)
    places = {
        "facts": facts_ctes(query, _FACTS, flags=_CONTACT),
        "due_minutes": _minutes(query.hours if query.hours is not None else rules.due_within_hours),
        "unanswered_minutes": _minutes(rules.unanswered_hours),
        "stalled_minutes": _minutes(rules.stalled_hours),
        "look_back": str(rules.look_back_days),
        "returned": str(rules.returned_times),
        "satisfaction": ", ".join(literal(code) for code in rules.supervised_satisfaction),
        "ratings": str(RATINGS),
        "passed": PASSED,
        "in_time": in_time_sql(),
        "contact_told": covered_sql(silent.get("contact", ())),
        "closing_told": covered_sql(silent.get(CLOSING, ())) if closing_told else "FALSE",
        "moves": ", ".join(f"CASE WHEN f.{name} <= f.as_of THEN f.{name} END" for name in _MOVES),
    }
    return sql_text("supervise", **places)


def _to_the_end(query: Query) -> Query:
    """Return the query of all orders received up to the end of its period.

    An order that is overdue now has to be pushed whatever month it came in; the period sets the moment. On
    basis ``received`` only orders received in the period are looked at.
    """
    if query.period is None or query.basis == "received":
        return query
    whole = Period(date.min, query.period.end, query.period.text)
    return replace(query, period=whole, basis="received")


def _rules(query: Query) -> SuperviseRules:
    return rules_for(SuperviseRules, query.rules)


def _minutes(hours: float) -> str:
    return str(round(hours * 60))


def compute(database: Database, query: Query) -> ReportTable:
    """Return the orders by department, the one with most first, and in it those with most reasons."""
    database.define("scope", scope(_to_the_end(query), columns=()))
    define_views(database, query)
    looked_at = ("due_at", "satisfaction", "returns", "received_at", "status", "closed_at")
    counts = filled(database, (*looked_at, *_CONTACT))
    counts["contact"] = max(counts[name] for name in _CONTACT)
    silent = uncovered_sources(database, {"contact": [_CONTACT], CLOSING: FACTS["closed"].needs})
    found: list[dict[str, Any]] = database.query(_statement(query, silent, closing_known(counts))).to_pylist()
    rows = _by_urgency([_row(row) for row in found])
    lacking = _lacking(counts)
    return ReportTable(
        report="supervise",
        title="督办清单",
        period=period_label(query),
        filters=query.described(),
        columns=(
            Field("department", "主办单位"),
            Field("order_id", "工单编号"),
            Field("reasons", "督办原因", "list", decides=True),
            Field("kinds", "原因类别", "list", detail=True),
            Field("title", "标题"),
            Field("street", "镇街", detail=True),
            Field("community", "社区", detail=True),
            Field("received_at", "受理时间", "datetime", detail=True),
            Field("due_at", "应办结时间", "datetime", decides=True),
            Field("satisfaction", "满意度", coded=True),
        ),
        rows=rows[: query.top],
        totals={"listed": len(rows), **_totals(found, query, closing_known(counts))},
        notes=[
            *empty_notes(counts[""]),
            *lacking,
            *_silent(silent),
            *_notes(_as_of(database, query, found), query, counts),
            *_undated(found),
        ],
        incomplete=bool(lacking),
    )


def _totals(found: list[dict[str, Any]], query: Query, closings: bool) -> dict[str, int | None]:
    """Return how many orders each reason lists; null where nobody tells what is open.

    What is overdue at the moment is what other reports count at the period's end, unless it is a later one.
    """
    listed = {
        name: sum(row[name] for row in found) if closings or name not in _OF_OPEN else None for name in _KINDS
    }
    if query.as_of and query.period and query.as_of > datetime.combine(query.period.end, time()):
        return listed
    return {**listed, "overdue_at_end": listed["overdue_now"]}


def _silent(silent: Uncovered) -> list[Note]:
    """Say of which sources nobody can tell whether an order is closed, or its caller was called back."""
    untold = {
        CLOSING: "办结时间或办理状态，不判断是否超期、即将到期、未联系与无进展",
        "contact": "首次联系时间或是否响应，不判断是否已联系群众",
    }
    return [
        Note(NoteKind.EXCLUDED, f"{'、'.join(source_labels(silent[name]).values())}的工单从不填写{what}。")
        for name, what in untold.items()
        if name in silent
    ]


def _undated(found: list[dict[str, Any]]) -> list[Note]:
    """Say how many are listed for returns that may be later than the moment: they carry no time."""
    later = sum(row["returned_often"] and row["goes_on"] for row in found)
    if not later:
        return []
    text = f"多次退回的有 {later:,} 件在截至时刻之后还有办理：退回没有时间，可能含此后的退回，照列。"
    return [Note(NoteKind.QUALITY, text)]


def _lacking(counts: dict[str, int]) -> list[Note]:
    lacking = missing_notes(counts, {"satisfaction": "回访转督办、连续不满意", "returns": "多次退回"})
    if counts[""] and not counts["contact"]:
        text = "无法判断是否已联系群众：范围内的工单都没有填首次联系时间或是否响应。"
        lacking.append(Note(NoteKind.MISSING, text))
    if counts[""] and not counts["received_at"]:
        lacking.append(Note(NoteKind.MISSING, "无法计算超期与停滞：范围内的工单都没有填“受理时间”。"))
    if not closing_known(counts):
        lacking.append(lacking_note("超期、即将到期、未联系与无进展（是否办结）", "closed_at", "status"))
    return lacking


def _row(row: dict[str, Any]) -> dict[str, Cell]:
    kinds = [label for name, label in _KINDS.items() if row[name]]
    return {
        "department": row["department"] or UNFILLED,
        "order_id": row["order_id"],
        "order_key": row["order_key"],
        "reasons": _reasons(row),
        "kinds": kinds,
        **{name: row[name] for name in ("title", "street", "community", "received_at")},
        "due_at": row["due_by"],
        "satisfaction": row["satisfaction"],
    }


def _reasons(row: dict[str, Any]) -> list[str]:
    """Word the reasons, with the figure that makes each one."""
    before = f"（上一件 {row['order_before']}）" if row["order_before"] else ""
    words: dict[str, Callable[[], str]] = {
        "overdue_now": lambda: f"已超期 {_time(row['late_hours'])}",
        "due_soon": lambda: f"{_time(-row['late_hours'])}后到期",
        "unanswered": lambda: (
            f"{'派单' if row['is_dispatched'] else '受理'} {_time(row['sent_hours'])}未联系群众"
        ),
        "stalled": lambda: _still(row),
        "dissatisfied_twice": lambda: f"连续两次回访不满意{before}",
        "returned_often": lambda: f"退回 {row['returns']} 次",
        "sent_back": lambda: f"回访{code_label(row['satisfaction'])}",
    }
    return [word() for name, word in words.items() if row[name]]


def _still(row: dict[str, Any]) -> str:
    """Word the hours without progress; where days of rest lie between, both counts."""
    worked = row["still_worked_hours"]
    rested = worked is not None and round(worked) < round(row["still_hours"])
    in_days = row["still_hours"] >= _IN_DAYS
    return f"{_time(row['still_hours'])}无进展" + (
        f"（其中工作日 {_time(worked, in_days)}）" if rested else ""
    )


def _time(hours: float, in_days: bool | None = None) -> str:
    """Word a time in hours, or in days when it is long or ``in_days`` says so."""
    if in_days is None:
        in_days = hours >= _IN_DAYS
    return f"{hours / 24:,.0f} 天" if in_days else f"{hours:.0f} 小时"


def _by_urgency(rows: list[dict[str, Cell]]) -> list[dict[str, Cell]]:
    """Return the rows unit by unit, the one with most orders first; within it by reasons, then deadline."""
    listed = Counter(row["department"] for row in rows)

    def urgency(row: dict[str, Cell]) -> tuple[int, str, int, datetime]:
        unit, reasons = str(row["department"]), row["reasons"]
        due = row["due_at"] if isinstance(row["due_at"], datetime) else datetime.max
        return -listed[unit], unit, -len(reasons if isinstance(reasons, list) else []), due

    return sorted(rows, key=urgency)


def _as_of(database: Database, query: Query, found: list[dict[str, Any]]) -> datetime | None:
    """Return the moment of the count, which every row tells."""
    if not found:
        ctes = facts_ctes(_to_the_end(query), _FACTS, flags=_CONTACT)
        found = database.query(f"WITH {ctes} SELECT as_of FROM known").to_pylist()
    moment: datetime | None = found[0]["as_of"]
    return moment


def _notes(as_of: datetime | None, query: Query, counts: dict[str, int]) -> list[Note]:
    if not counts[""]:
        return []
    rules = _rules(query)
    origin = "" if query.as_of else "（时间段末或库中最晚时间，取早者；可用 --as-of 指定）"
    notes = [Note(NoteKind.SCOPE, f"截至 {shown_moment(as_of)}{origin}。")] if as_of else []
    if query.period:
        until = f"时间段只定截至时刻：{query.period.end - timedelta(days=1)} 及以前受理、到截至时刻仍须督办的"
        notes.append(Note(NoteKind.SCOPE, f"{until}都列，不论哪个月受理。"))
    computed = counts[""] - counts["due_at"]
    if computed:
        notes.append(Note(NoteKind.DEFINITION, f"{computed:,} 件没有平台的应办结时间，按考核口径推算。"))
    text = (
        f"督办规则：{rules.origin}；回访与退回类只看最近 {rules.look_back_days} 天。"
        "即将到期与无进展的小时只计工作日（考核口径的日历），休息日不计；超期与未联系按钟点计。"
        "连续不满意按同一来电人的前后两次回访判断，没有来电人的按同一单位、地点、子类。"
    )
    notes.append(Note(NoteKind.DEFINITION, text))
    return notes


REPORT = Report(
    name="supervise",
    title="督办清单",
    summary="超期、将到期、未联系、无进展、连续不满意、多次退回、回访转督办，一单一行写明原因",
    compute=compute,
    sql=sql,
    touches=("labels", "satisfaction", "status", "request_type", "responded"),
    options=("hours", "rules", "profile", "as_of", "basis"),
    figures=shared("overdue_at_end"),
)
