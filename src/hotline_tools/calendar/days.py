"""Which days are worked: weekends, public holidays and make-up days (package ``holidays``, CN).

The days come from the State Council's yearly notices (国务院办公厅关于部分节假日安排的通知). A year whose
notice ``holidays`` does not have yet is estimated from the statutory holidays alone, without make-up
days; ``unpublished`` names such years, and overrides (a user's file) fill them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline_tools.sql import literal

if TYPE_CHECKING:
    from holidays import HolidayBase

Overrides = tuple[tuple[date, bool], ...]
_DAY = timedelta(days=1)
CALENDAR_FIRST = date(2010, 1, 1)
"""First day of the SQL view ``calendar``."""
CALENDAR_LAST = date(2032, 12, 31)
"""Last day of the SQL view ``calendar``."""


@dataclass(frozen=True)
class WorkCalendar:
    """The State Council's calendar with the days of a city's own file laid over it."""

    overrides: Overrides = ()

    @classmethod
    def with_overrides(cls, days: Mapping[date, bool]) -> "WorkCalendar":
        """Build from day → is it worked."""
        return cls(tuple(sorted(days.items())))

    def is_working_day(self, day: date) -> bool:
        """Tell whether ``day`` is worked."""
        return (day.weekday() < 5) is not (day in self._exceptions(day.year))

    def add_working_days(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after ``day`` (``day`` itself when 0)."""
        if count < 0:
            raise ValueError("count must not be negative")
        while count:
            day += _DAY
            count -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after ``start`` up to and with ``end``; negative when reversed."""
        if end < start:
            return -self.working_days_between(end, start)
        years = range(start.year, end.year + 1)
        moved = [day for year in years for day in self._exceptions(year) if start < day <= end]
        weekdays = _weekdays_to(end) - _weekdays_to(start)
        return weekdays + sum(1 if day.weekday() >= 5 else -1 for day in moved)

    def unpublished(self, first: date, last: date) -> list[int]:
        """Return the years between two days for which neither notice nor override is there."""
        known = _published() | {day.year for day, _ in self.overrides}
        return [year for year in range(first.year, last.year + 1) if year not in known]

    def note(self, first: date, last: date) -> str | None:
        """Say in Chinese which years are estimated, or nothing."""
        years = self.unpublished(first, last)
        if not years:
            return None
        named = "、".join(map(str, years))
        return (
            f"{named} 年的国务院放假安排尚未收录，工作日按法定节日与周末推算（不含调休），"
            "可在考核口径里用 calendar 指定覆盖文件。"
        )

    def select(self, first: date = CALENDAR_FIRST, last: date = CALENDAR_LAST) -> str:
        """Return the SELECT of one row a day: day, is_working, workdays_before, workdays_through.

        ``workdays_through`` counts the working days from ``first`` up to and with the day;
        ``workdays_before`` without it. So the n-th working day after X is the working day
        whose ``workdays_through`` is X's + n, and a deadline is one join.
        """
        exceptions = sorted(
            day
            for year in range(first.year, last.year + 1)
            for day in self._exceptions(year)
            if first <= day <= last
        )
        listed = ", ".join(map(literal, exceptions)) or literal(date(1000, 1, 1))
        length = (last - first).days + 1
        return f"""
SELECT day, is_working, workdays_through - is_worked AS workdays_before, workdays_through
FROM (
    SELECT day, is_worked = 1 AS is_working, is_worked,
        CAST(sum(is_worked) OVER (ORDER BY day) AS BIGINT) AS workdays_through
    FROM (
        SELECT day,
            CASE WHEN ((i + {first.weekday()}) % 7 < 5) <> (day IN ({listed})) THEN 1 ELSE 0 END AS is_worked
        FROM (
            SELECT i, CAST({literal(first)} + i * INTERVAL 1 DAY AS DATE) AS day
            FROM (SELECT unnest(range(0, {length})) AS i) AS numbers
        ) AS dated
    ) AS worked
) AS counted""".strip()

    def _exceptions(self, year: int) -> frozenset[date]:
        return _exceptions(self.overrides, year)


def _weekdays_to(day: date) -> int:
    """Count the days from Monday to Friday from the year 1 up to and with ``day``."""
    weeks, rest = divmod(day.toordinal(), 7)  # the first day of the year 1 is a Monday
    return 5 * weeks + min(rest, 5)


@lru_cache(maxsize=512)
def _exceptions(overrides: Overrides, year: int) -> frozenset[date]:
    """Weekdays that are not worked and weekend days that are."""
    moved = set(_official(year))
    for day, worked in overrides:
        if day.year == year:
            (moved.discard if worked is (day.weekday() < 5) else moved.add)(day)
    return frozenset(moved)


@lru_cache(maxsize=128)
def _official(year: int) -> frozenset[date]:
    """Return those of one year that the State Council has published, or the law fixes."""
    china = _china()
    for near in (year - 1, year, year + 1):  # a notice may move days across the turn of the year
        _ = date(near, 1, 1) in china
    free = (day for day in china if day.weekday() < 5)
    return frozenset(day for day in (*free, *china.weekend_workdays) if day.year == year)


@lru_cache(maxsize=1)
def _china() -> "HolidayBase":
    """Return China's days; a year is worked out when it is first asked for, and then kept."""
    from holidays import country_holidays  # noqa: PLC0415 - a tenth of a second that most commands do not need

    return country_holidays("CN")


@lru_cache(maxsize=1)
def _published() -> frozenset[int]:
    from holidays.countries.china import ChinaStaticHolidays  # noqa: PLC0415

    return frozenset(ChinaStaticHolidays.special_public_holidays)
