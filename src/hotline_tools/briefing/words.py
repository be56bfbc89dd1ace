"""Words that cities choose, and what a text calls periods, days and moments."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Literal

from hotline_tools.datafile import DataModel
from hotline_tools.reports.kpi.statement import ended_moment
from hotline_tools.reports.period import Period, monday, weeks

_WEEK = re.compile(r"(?<![\dA-Za-z-])\d{4}-W\d\d(?![\dA-Za-z-])")
_DAY = re.compile(r"(?<![\dA-Za-z-])\d{4}-\d\d-\d\d(?![\dA-Za-z-])")
_MOMENT = re.compile(rf"{_DAY.pattern} \d\d:\d\d(?![\d:])")
_YEAR = re.compile(r"^\d{4}年")
BasisName = Literal["previous", "last-year"]
_PREVIOUS = {1: "上月", 3: "上季度", 6: "上一个半年", 12: "上年"}
_THIS = {1: "本月", 3: "本季度", 6: "本半年", 12: "本年"}


class LocalWords(DataModel):
    """The ``[words]`` of an outline."""

    receive: str = "受理"
    people: str = "群众"


def this_period(period: Period) -> str:
    """Return what a text calls its own period: 本月, 本周 …"""
    if period.kind == "week":
        return "本周" if period.days == 7 else "本期"
    return "当日" if period.days == 1 else _THIS.get(_months(period), "本期")


def base_name(period: Period, base: BasisName) -> str:
    """Return what a text calls the base: 上月, 上周, 去年同期 …"""
    if base == "last-year":
        return "去年同期"
    if period.kind == "week":
        return "上周" if period.days == 7 else "上期"
    return "前一日" if period.days == 1 else _PREVIOUS.get(_months(period), "上期")


def _months(period: Period) -> int:
    return period.whole_months if period.start.day == 1 and period.kind == "calendar" else 0


def base_word(period: Period, base: BasisName) -> str:
    """Return 环比 or 同比; the year before is both, and called 同比."""
    return "同比" if base == "last-year" or period.previous() == period.last_year() else "环比"


def step_words(step: str) -> str:
    """Return a step of a trend as a text says it: 6月21日, 2021年6月, 2021年第19周（5月10日至5月16日）."""
    match step.split("-"):
        case [_, month, day] if day.isdigit():
            return f"{int(month)}月{int(day)}日"
        case [year, month] if month.isdigit():
            return f"{year}年{int(month)}月"
        case [year, week] if _WEEK.fullmatch(step):
            return weeks(monday(int(year), int(week[1:]))).label
    return step


def step_names(steps: Sequence[str]) -> dict[str, str]:
    """Return short names of the steps of a trend, as an axis has them: 6月21日, 6月, 第19周."""
    said = {step: _YEAR.sub("", step_words(step).partition("（")[0]) for step in steps}
    if len(set(said.values())) == len(said):
        return said
    return {step: step_words(step).partition("（")[0] for step in steps}


def plain_dates(text: str) -> str:
    """Return a note of a report with days, moments and weeks as official texts write them."""
    for pattern, said in _DATES.items():
        text = pattern.sub(partial(_said, said), text)
    return text


def _said(said: Callable[[str], str], found: re.Match[str]) -> str:
    try:
        return said(found[0])
    except ValueError:  # looks like a date, and is none
        return found[0]


def moment_words(moment: datetime) -> str:
    """Return a moment as a text says it; midnight is the end of the day before: 2021年6月30日24时."""
    moment = ended_moment(moment)
    day, hour = moment.date(), f"{moment.hour}时" + (f"{moment.minute}分" if moment.minute else "")
    if moment.time() == time():
        day, hour = day - timedelta(days=1), "24时"
    return f"{day.year}年{day.month}月{day.day}日{hour}"


def period_words(period: Period) -> str:
    """Return a period as a text calls it: 2021年6月, 2021年第23周（…）, 2021年6月15日."""
    return period.label if "年" in period.label else days_words(period.start, period.last)


def rest_of_sources(*, is_partly: bool) -> str:
    """Return what to call the sources that both periods have, beside some that one has a part of."""
    return "其余来源" if is_partly else "两期都有的来源"


def days_words(first: date, last: date) -> str:
    """Return days as a text says them: 2021年6月1日—30日."""
    said = f"{first.year}年{first.month}月{first.day}日"
    if first == last:
        return said
    if first.year != last.year:
        return f"{said}—{last.year}年{last.month}月{last.day}日"
    return f"{said}—{'' if first.month == last.month else f'{last.month}月'}{last.day}日"


_DATES: dict[re.Pattern[str], Callable[[str], str]] = {
    _MOMENT: lambda text: moment_words(datetime.fromisoformat(text)),
    _DAY: lambda text: days_words(date.fromisoformat(text), date.fromisoformat(text)),
    _WEEK: step_words,
}
