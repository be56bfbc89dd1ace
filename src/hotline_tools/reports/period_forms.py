"""Periods as people write them: 2025-06, 2025年6月, 2025H1, 2025-01..2025-09, 2025-W23, last-month …"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from hotline_tools.dates import PERIOD_TO, PERIOD_YEAR_MONTH, PERIODS
from hotline_tools.errors import UsageError
from hotline_tools.reports.period import (
    Period,
    cycle,
    cycle_of,
    days,
    half_year,
    monday,
    month,
    quarter,
    weeks,
    year,
)
from hotline_tools.suggestions import did_you_mean

_FORMS = (
    "2025-06、2025年6月、2025、2025H1、2025Q2、2025-W23、2025-01..2025-09、2025-06-01..2025-06-15、"
    "last-month、last-week；考核周期写 cycle:2025-06 或 last-cycle。"
)
_HAN = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
_BUILD: dict[str, Callable[[int, int, int], Period]] = {
    "year": lambda y, _n, _d: year(y),
    "half-year": lambda y, n, _d: half_year(y, n),
    "quarter": lambda y, n, _d: quarter(y, n),
    "month": lambda y, n, _d: month(y, n),
    "week": lambda y, n, _d: weeks(monday(y, n)),
    "day": lambda y, n, d: days(date(y, n, d), date(y, n, d)),
}
_CYCLE = r"cycle:(.+)|(.+?)(?:考核)?周?期"
_RELATIVE: dict[str, tuple[str, int]] = {
    "last-week": ("week", 1), "上周": ("week", 1), "this-week": ("week", 0), "本周": ("week", 0),
    "last-month": ("month", 1), "上月": ("month", 1), "this-month": ("month", 0), "本月": ("month", 0),
    "last-quarter": ("quarter", 1), "上季度": ("quarter", 1),
    "this-quarter": ("quarter", 0), "本季度": ("quarter", 0),
    "last-year": ("year", 1), "去年": ("year", 1), "this-year": ("year", 0), "今年": ("year", 0),
    "last-cycle": ("cycle", 1), "上期": ("cycle", 1), "this-cycle": ("cycle", 0), "本期": ("cycle", 0),
    "yesterday": ("day", 1), "昨天": ("day", 1), "today": ("day", 0), "今天": ("day", 0),
}  # fmt: skip
"""Unit, and how many of it before the one that is running."""


def parse_period(
    text: str, *, today: date, cycle_start: int | None = None, others: Sequence[str] = ()
) -> Period:
    """Read a period; raise ``UsageError`` when it is none of the known forms.

    ``today`` is what ``last-month`` and the like are relative to; ``cycle_start`` is the day of the month on
    which assessment cycles start, ``None`` where the KPI profile has none. ``others`` are words that may
    stand in the place of a period: they are named where it is none.
    """
    remedy = f"可写 {'、'.join((*others, _FORMS))}"
    try:
        period = _period(_plain(text), today, cycle_start)
    except ValueError as error:
        raise UsageError(f"时间段“{text}”里没有这一天、这一周或这个月", remedy=remedy) from error
    if period is None:
        meant = did_you_mean(text, (*others, *_RELATIVE))
        raise UsageError(f"看不懂时间段“{text}”", remedy=f"{meant}{remedy}")
    return period


def _plain(text: str) -> str:
    """Return the text with half-width signs in lower case, without spaces and a bracket at its end."""
    text = re.sub(r"\s-\s", "..", text)
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()
    return re.sub(r"(?<=周|期)\(.*\)$", "", text)


def _period(text: str, today: date, cycle_start: int | None) -> Period | None:
    if relative := _RELATIVE.get(text):
        return _relative(*relative, today, cycle_start)
    if found := re.fullmatch(_CYCLE, text):
        named = _calendar(found[1] or found[2])
        if named is None or named != month(named.start.year, named.start.month):
            return None
        return cycle(named.start.year, named.start.month, _known(cycle_start))
    return _calendar(text) or _range(text)


def _known(cycle_start: int | None) -> int:
    if cycle_start is None:
        raise UsageError(
            "考核口径没有写明考核周期从几号开始",
            remedy="请在口径文件里写 [cycle] start_day = 19（19 日至次月 18 日），并用 --profile 指定。",
        )
    return cycle_start


def _relative(unit: str, before: int, today: date, cycle_start: int | None) -> Period:
    match unit:
        case "day":
            running = days(today, today)
        case "week":
            running = weeks(today - timedelta(days=today.weekday()))
        case "month":
            running = month(today.year, today.month)
        case "quarter":
            running = quarter(today.year, (today.month + 2) // 3)
        case "year":
            running = year(today.year)
        case _:
            running = cycle_of(today, _known(cycle_start))
    return running.previous() if before else running


def _calendar(text: str) -> Period | None:
    """Read one day, week, month, quarter, half-year or year."""
    for kind, pattern in PERIODS:
        if match := re.fullmatch(pattern, text):
            parts = match.groupdict()
            number = parts.get("n") or parts.get("han") or "0"
            return _BUILD[kind](int(parts["y"]), _HAN.get(number) or int(number), int(parts.get("d") or 0))
    return None


def _range(text: str) -> Period | None:
    """Read two forms and all between them; the second may leave out what is as in the first."""
    parts = re.split(PERIOD_TO, text)
    if len(parts) == 1 and text.count("-") == 1:  # no hyphens within its dates: 2025年1-9月, 202501-202509
        parts = text.split("-")
    if len(parts) != 2 or not all(parts):
        return None
    left, right = parts
    if left[-1].isdigit() and (unit := re.search(r"\D+$", right)):
        left += unit[0]
    first = _calendar(left)
    # 2025年6月1日至15日: the year and the month are those of the left; 2025年1月至9月: the year alone.
    same = re.match(PERIOD_YEAR_MONTH, left)
    starts = ["", *(text for text in (same.groups() if same else ()) if text)]
    last = next((found for start in starts if (found := _calendar(start + right))), None)
    if first is None or last is None:
        return None
    if first.start >= last.end:
        raise UsageError(
            f"时间段“{text}”的起点 {first.start} 在终点 {last.last} 之后", remedy="请把前后两端对调。"
        )
    if first.kind == last.kind == "week":
        return weeks(first.start, (last.end - first.start).days // 7)
    return days(first.start, last.last)
