"""Which periods are compared: the bases asked for, cut to the same days where the data end early."""

from dataclasses import dataclass
from datetime import date, timedelta

from hotline_tools.errors import UsageError
from hotline_tools.reports.compare.change import ONLY, Naming
from hotline_tools.reports.period import Period, days
from hotline_tools.reports.query import BasePeriod, Query
from hotline_tools.reports.registry import Report
from hotline_tools.table import Note, NoteKind

_DAY = timedelta(days=1)
_GAP = 0.05
"""A base period that lacks this share of its first days is called incomplete."""
_NAMED = {
    "previous": Naming("previous", "上期", "环比"),
    "last-year": Naming("last_year", "去年同期", "同比"),
}


@dataclass(frozen=True)
class Span:
    """The two periods that are really compared, and what to say about them."""

    now: Period
    then: Period
    notes: tuple[Note, ...]
    naming: Naming


def spans(report: Report, query: Query, first: date | None, last: date | None) -> list[Span]:
    """Settle the periods, one span a base; one that the store covers only in part is cut to the same days.

    ``first`` and ``last`` are the first and the last day of the store's orders. ``now`` is the same in all.
    """
    asked = query.period
    bases = base_periods(report, query)
    assert asked is not None
    end = last + _DAY if last is not None else asked.end
    if query.as_of is not None:
        end = max((query.as_of - timedelta(microseconds=1)).date(), asked.start) + _DAY
    now = known_part(asked, end)
    found = []
    for base, (naming, whole) in zip(query.bases, bases, strict=True):
        then = whole if now is asked else same_days(now, asked, whole)
        notes = [_what(base, asked, whole), *_unlike(now, asked, then, naming), *_late(first, then, naming)]
        notes += _other_kind(asked, whole, naming)
        found.append(Span(now, then, tuple(notes), naming))
    return found


def known_part(asked: Period, end: date) -> Period:
    """Return the days of a period before ``end``, where the data end; itself where that is not inside it."""
    return days(asked.start, end - _DAY) if asked.start < end < asked.end else asked


def base_periods(report: Report, query: Query) -> list[tuple[Naming, Period]]:
    """Return the periods to compare with, and how their columns are called.

    Raises ``UsageError`` where the report or the query has none.
    """
    if not report.keys:
        raise UsageError(
            f"{report.name} 的各行在两个时间段之间不能相减，不能对比",
            remedy="请去掉 --compare；要看升降，用 movers、trend、categories 或 departments 加 --compare。",
        )
    if query.period is None:
        raise UsageError("对比需要时间段", remedy="请用 --period 写明本期，例如 --period 2025-06。")
    only = len(query.bases) == 1
    found: list[tuple[Naming, Period]] = []
    others = 0
    for base in query.bases:
        if isinstance(base, Period):
            others += 1
            tag = "other" if others == 1 else f"other_{others}"
            found.append((ONLY if only else Naming(tag, base.label, f"较{base.label}"), base))
        else:
            period = query.period.previous() if base == "previous" else query.period.last_year()
            found.append((ONLY if only else _NAMED[base], period))
    return found


def same_days(now: Period, asked: Period, whole: Period) -> Period:
    """Return the days of a base that answer those of ``now``, the first days of the period asked for.

    Of the year before, those of the same dates, so that a leap day shifts nothing; of others, as many.
    """
    if whole == asked.last_year() and asked.kind != "week" and now.days > 1:
        return days(whole.start, now.last_year().last)
    return days(whole.start, min(whole.last, whole.start + (now.days - 1) * _DAY))


def _what(base: BasePeriod, asked: Period, whole: Period) -> Note:
    word = "对比" if isinstance(base, Period) else _NAMED[base].word
    return Note(NoteKind.SCOPE, f"{word}：{asked.label} 对 {whole.label}。")


def _unlike(now: Period, asked: Period, then: Period, naming: Naming) -> list[Note]:
    notes = []
    if now is not asked:
        same = f"同样 {now.days:,} 天" if now.days == then.days else "相应天数"
        text = f"本期数据只到 {now.last}，时间段未满：与{naming.then}的{same}（{then.label}）比。"
        notes.append(Note(NoteKind.SCOPE, text))
    if now.days != then.days:
        text = f"本期与{naming.then}天数不同（{now.days:,} 天与 {then.days:,} 天），件数的偶然性按日均判断。"
        notes.append(Note(NoteKind.SCOPE, text))
    return notes


def _other_kind(asked: Period, whole: Period, naming: Naming) -> list[Note]:
    """Return the note on an assessment cycle that is compared with days that are no such cycle."""
    now, then = (period.start.day if period.kind == "cycle" else None for period in (asked, whole))
    if now == then:
        return []
    text = f"口径变动：本期为 {asked.label}，{naming.then}为 {whole.label}，起止日不同。"
    return [Note(NoteKind.QUALITY, text)]


def _late(first: date | None, then: Period, naming: Naming) -> list[Note]:
    if first is None or first >= then.end or (first - then.start).days <= then.days * _GAP:
        return []
    text = f"{naming.then}数据不全：库中最早的工单在 {first}，增幅会偏大。"
    return [Note(NoteKind.QUALITY, text)]
