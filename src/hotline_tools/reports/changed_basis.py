"""What is counted differently in the two periods of a comparison (口径变动): told, for it is no rise or fall.

Only what the store shows for certain: a source or channel that has orders in one of the periods alone, a
source that begins or ends inside one, and categories that different classifiers or taxonomies gave. What a
rate lacks in one of the periods is told by ``compare.tables``, and periods of different kinds by
``compare.periods``.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hotline_tools.errors import UsageError
from hotline_tools.reports.compare.periods import Span, spans
from hotline_tools.reports.coverage import has_several_sources, source_labels
from hotline_tools.reports.covered_days import received_days
from hotline_tools.reports.period import Period
from hotline_tools.reports.query import Database, Query, filter_conditions, period_conditions, view_of
from hotline_tools.reports.registry import Report, Touched
from hotline_tools.table import Note, NoteKind

_LEAST = 30
"""Where fewer orders are to be expected, there may be none by chance."""
_PART = 0.05
"""A period that a source has no more of than this share of its days, at either end, is as good as whole."""
_SHARE = 0.05
"""A change of the share of orders that a classifier labelled is told from here on."""
Row = dict[str, Any]


def changed_basis_notes(
    report: Report, database: Database, query: Query, touched: Collection[Touched]
) -> list[Note]:
    """Return what was counted differently in the period and in each it is compared with."""
    base = query.compare or ("previous" if report.compares_itself else None)
    days = received_days(database)
    if base is None or query.period is None or days is None:
        return []
    notes = []
    for span in spans(report, replace(query, compare=base), *days):
        notes += _connected(database, query, span)
        if "labels" in touched:
            notes += _labelled(database, span)
    return notes


@dataclass(frozen=True)
class PartlyCovered:
    """A period that a source begins or ends in: it has orders from ``first``, or up to ``last``."""

    of_now: bool
    first: date | None
    last: date | None
    days: int
    """How many days of the period it lacks."""


@dataclass(frozen=True)
class OneSidedSource:
    """A source that one of two compared periods lacks, or has a part of: its orders in scope.

    ``apart`` is how many orders make the periods differ: all of them, or those to be expected on the days
    that one period lacks.
    """

    label: str
    now: int
    then: int
    apart: float
    part: PartlyCovered | None = None


def one_sided_sources(database: Database, query: Query, now: Period, then: Period) -> list[OneSidedSource]:
    """Return the sources in scope that the periods do not both have; none where one has no orders at all."""
    if not has_several_sources(database):
        return []
    rows = _by_source(database, query, now, then)
    if not _sum(rows, "now") or not _sum(rows, "then"):
        return []
    sources, ends = _grouped(rows, "source"), _ends(database)
    labels = source_labels(sources)
    found = []
    for source, own in sorted(sources.items()):
        here, there = _sum(own, "asked_now"), _sum(own, "asked_then")
        if _is_one_sided(own, now, then):
            found.append(OneSidedSource(labels[source], here, there, here + there))
        elif part := _part(own, ends.get(source), now, then):
            apart = there / then.days if part.of_now else here / now.days
            found.append(OneSidedSource(labels[source], here, there, apart * part.days, part))
    return found


def _ends(database: Database) -> dict[str, tuple[date, date]]:
    """Return the first and last day of each source; of one that begins the store, only the last counts."""
    rows: list[Row] = database.query(
        "SELECT coalesce(source, '') AS source, min(day) AS first, max(day) AS last FROM received_days "
        "WHERE day IS NOT NULL GROUP BY 1"
    ).to_pylist()
    start = min((row["first"] for row in rows), default=date.min)
    # That the store itself begins inside a period is told by ``compare.periods``.
    return {row["source"]: (date.min if row["first"] == start else row["first"], row["last"]) for row in rows}


def _part(rows: list[Row], ends: tuple[date, date] | None, now: Period, then: Period) -> PartlyCovered | None:
    """Return which period a source begins or ends in, where its other days would have many orders."""
    if ends is None or not _asked(rows):
        return None
    first, last = ends
    for period, other, of_now in ((then, now, False), (now, then, True)):
        begins, stops = period.start < first < period.end, period.start <= last < period.last
        lacking = (first - period.start).days * begins + (period.last - last).days * stops
        expected = _sum(rows, "then" if of_now else "now") * lacking / other.days
        if lacking > _PART * period.days and expected >= _LEAST and _sum(rows, "now") and _sum(rows, "then"):
            return PartlyCovered(of_now, first if begins else None, last if stops else None, lacking)
    return None


def _by_source(database: Database, query: Query, now: Period, then: Period) -> list[Row]:
    """Return the orders of each source and channel in the whole store, and how many are asked for."""
    asked = " AND ".join(filter_conditions(query)) or "TRUE"
    columns = "coalesce(source, '') AS source, channel"
    return _counted(database, now, then, columns=columns, orders=view_of(query, ()), asked=asked)


def _connected(database: Database, query: Query, span: Span) -> list[Note]:
    """Return the note on sources and channels that one period lacks in the whole store."""
    rows = _by_source(database, query, span.now, span.then)
    if not _sum(rows, "now") or not _sum(rows, "then"):
        return []  # nothing to compare, which is told elsewhere
    sources, channels = _grouped(rows, "source"), _grouped(rows, "channel")
    ends = _ends(database)
    found, called = [], source_labels(sources)
    for source, own in sorted(sources.items()):
        if _is_one_sided(own, span.now, span.then):
            found.append(_said(called[source], own, span, ends.get(source)))
        elif part := _part(own, ends.get(source), span.now, span.then):
            found.append(_said_of_part(called[source], own, span, part))
        else:
            called.pop(source)
    for channel, own in sorted(channels.items()):
        others = [row for row in own if row["source"] not in called]
        if channel and _is_one_sided(own, span.now, span.then) and others:
            found.append(_said(f"渠道“{channel}”", own, span))
    if not found:
        return []
    text = f"口径变动：{'；'.join(found)}。升降含这一变化，不全是诉求的变化。"
    return [Note(NoteKind.QUALITY, text)]


def _is_one_sided(rows: list[Row], now: Period, then: Period) -> bool:
    """Tell whether one period has none where many are to be expected, of orders that are asked for."""
    in_now, in_then = _sum(rows, "now"), _sum(rows, "then")
    if min(in_now, in_then) > 0 or not _asked(rows):
        return False
    here, there = (now, then) if in_now else (then, now)
    return (in_now + in_then) * there.days >= _LEAST * here.days


def _said(called: str, rows: list[Row], span: Span, ends: tuple[date, date] | None = None) -> str:
    now = _sum(rows, "now")
    here, there = ("本期", span.naming.then) if now else (span.naming.then, "本期")
    lacking = span.then if now else span.now
    is_gap = ends is not None and ends[0] < lacking.start and ends[1] >= lacking.end
    why = "，但此前、此后都有，疑似缺数据" if is_gap else ""
    return f"{called}只在{here}有工单（{_asked(rows):,} 件），{there}没有{why}"


def _said_of_part(called: str, rows: list[Row], span: Span, part: PartlyCovered) -> str:
    days = [f"自 {part.first} 起才有工单"] if part.first else []
    days += [f"到 {part.last} 为止，以后没有工单"] if part.last else []
    counts = f"本期 {_sum(rows, 'asked_now'):,} 件，{span.naming.then} {_sum(rows, 'asked_then'):,} 件"
    return f"{called}在{'本期' if part.of_now else span.naming.then}{'、'.join(days)}（{counts}）"


def _labelled(database: Database, span: Span) -> list[Note]:
    """Return the note on categories that one model or taxonomy gave in one period, another in the other."""
    columns, orders = "l.taxonomy, l.model", "stored_orders AS o JOIN model_labels AS l USING (order_key)"
    try:
        rows = _counted(database, span.now, span.then, columns=columns, orders=orders)
    except UsageError:  # orders that no store holds have no labels of their own
        return []
    now, then = _sum(rows, "now"), _sum(rows, "then")
    if not now or not then or all(abs(r["now"] / now - r["then"] / then) < _SHARE for r in rows):
        return []
    parts = "；".join(
        f"“{row['model']}”（分类体系“{row['taxonomy']}”）：本期 {row['now']:,} 件，"
        f"{span.naming.then} {row['then']:,} 件"
        for row in sorted(rows, key=lambda row: (-row["now"], -row["then"], str(row["model"])))
    )
    text = (
        f"口径变动：两期的类别由不同的模型或分类体系归出：{parts}。类别的升降不可比；"
        "请运行 hotline classify --all 重新归类。"
    )
    return [Note(NoteKind.QUALITY, text)]


def _counted(
    database: Database, now: Period, then: Period, *, columns: str, orders: str, asked: str = "TRUE"
) -> list[Row]:
    """Return the orders of each value of ``columns``: ``now``, ``then``, and those asked for of each."""
    in_now, in_then = _within(now), _within(then)
    rows: list[Row] = database.query(
        f'SELECT {columns}, count(*) FILTER ({in_now}) AS "now", count(*) FILTER ({in_then}) AS "then", '
        f"count(*) FILTER (({in_now}) AND ({asked})) AS asked_now, "
        f"count(*) FILTER (({in_then}) AND ({asked})) AS asked_then FROM {orders} "
        f"WHERE ({in_now}) OR ({in_then}) GROUP BY ALL"
    ).to_pylist()
    return rows


def _within(period: Period) -> str:
    return " AND ".join(period_conditions(period))


def _grouped(rows: list[Row], column: str) -> dict[str, list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column] or ""].append(row)
    return groups


def _sum(rows: Iterable[Row], column: str) -> int:
    return sum(row[column] for row in rows)


def _asked(rows: Iterable[Row]) -> int:
    return sum(row["asked_now"] + row["asked_then"] for row in rows)
