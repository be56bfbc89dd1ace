"""Periods of days, and the periods they are compared with: the one before (环比), that of last year (同比).

``period_forms`` reads them as people write them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

PeriodKind = Literal["calendar", "week", "cycle"]
"""ISO weeks (Monday first), assessment cycles (from a day of the month to the day before), all others."""

_DAY = timedelta(days=1)
_LAST_DAY_OF_EVERY_MONTH = 28


@dataclass(frozen=True)
class Period:
    """Days from ``start`` up to and without ``end``; ``text`` is a form that can be read again."""

    start: date
    end: date
    text: str
    kind: PeriodKind = "calendar"

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """The last day."""
        return self.end - _DAY

    @property
    def label(self) -> str:
        """For people: 2025年6月, 2025年1—9月, 2025年上半年, 2025年第23周（6月2日至6月8日）, or the days."""
        if self.kind == "week":
            return self._week_label()
        if self.kind == "cycle":
            return f"{self.last.year}年{self.last.month}月考核周期（{self._days_label()}）"
        if self.start.day == 1 and self.whole_months:
            return self._months_label()
        if self.days == 1:
            return f"{self.start:%Y-%m-%d}"
        return f"{self.start:%Y-%m-%d} 至 {self.last:%Y-%m-%d}"

    def __eq__(self, other: object) -> bool:
        """Two periods are equal when their days are, however they were written."""
        return isinstance(other, Period) and (self.start, self.end) == (other.start, other.end)

    def __hash__(self) -> int:
        """Agree with ``__eq__``."""
        return hash((self.start, self.end))

    def previous(self) -> "Period":
        """Return the period before (环比), which ends where this one starts.

        Whole months, counted from any day that every month has, are preceded by as many months; so are
        quarters, half-years, years and assessment cycles. All others are preceded by as many days.
        """
        last = self.start - _DAY
        if self.kind == "week":
            return weeks(self.start - self.days * _DAY, self.days // 7)
        if self.kind == "cycle":
            return cycle(last.year, last.month, self.start.day)
        if number := self.whole_months:
            y, m = _shift_month(self.start.year, self.start.month, -number)
            return days(self.start.replace(y, m), last)
        return days(self.start - self.days * _DAY, last)

    def last_year(self) -> "Period":
        """Return the same days a year earlier (同比).

        An ISO week has the week of the same number; week 53 has week 52 where that year has no other. A
        period that ends with its month does so in the other year too: 29 February against 28, and the
        reverse. One that starts on 29 February starts on the 28th. 29 February alone has 1 March, which
        is the 60th day of its year as well.
        """
        y, start = self.start.year - 1, self.start
        if self.kind == "week":
            iso = start.isocalendar()
            return weeks(monday(iso.year - 1, min(iso.week, _last_week(iso.year - 1))), self.days // 7)
        if self.kind == "cycle":
            return cycle(self.last.year - 1, self.last.month, start.day)
        is_leap_day = (start.month, start.day) == (2, 29)
        if self.days == 1:
            day = date(y, 3, 1) if is_leap_day else start.replace(y)
            return days(day, day)
        first = date(y, 2, 28) if is_leap_day else start.replace(y)
        if self.end.day == 1:
            return days(first, self.end.replace(self.end.year - 1) - _DAY)
        return days(first, self.last.replace(self.last.year - 1))

    @property
    def whole_months(self) -> int:
        """The number of months from a day to the day before it; 0 when it is none, or not every month's."""
        if self.start.day != self.end.day or self.start.day > _LAST_DAY_OF_EVERY_MONTH:
            return 0
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    def _months_label(self) -> str:
        y, m, last = self.start.year, self.start.month, self.last
        match _unit(m, self.whole_months):
            case 1:
                return f"{y}年{m}月"
            case 3:
                return f"{y}年第{(m + 2) // 3}季度"
            case 6:
                return f"{y}年{'上' if m == 1 else '下'}半年"
            case 12:
                return f"{y}年"
        return f"{y}年{m}—{last.month}月" if y == last.year else f"{y}年{m}月至{last.year}年{last.month}月"

    def _week_label(self) -> str:
        first, last = self.start.isocalendar(), self.last.isocalendar()
        if first.year != last.year:
            name = f"{first.year}年第{first.week}周至{last.year}年第{last.week}周"
        else:
            name = f"{first.year}年第{first.week}{f'—{last.week}' if last.week > first.week else ''}周"
        return f"{name}（{self._days_label()}）"

    def _days_label(self) -> str:
        """Return the first and the last day as in a bracket: with years only where they differ."""
        first, last = (f"{day.month}月{day.day}日" for day in (self.start, self.last))
        if self.start.year == self.last.year:
            return f"{first}至{last}"
        return f"{self.start.year}年{first}至{self.last.year}年{last}"


def days(first: date, last: date) -> Period:
    """Return the days from the first to the last; those of whole calendar months as months."""
    found = Period(first, last + _DAY, f"{first}" if first == last else f"{first}..{last}")
    number = found.whole_months if first.day == 1 else 0
    return months(first.year, first.month, number) if number else found


def months(y: int, m: int, number: int) -> Period:
    """Return so many calendar months."""
    end = date(*_shift_month(y, m, number), 1)
    match _unit(m, number):
        case 1:
            text = f"{y}-{m:02d}"
        case 3:
            text = f"{y}Q{(m + 2) // 3}"
        case 6:
            text = f"{y}H{(m + 5) // 6}"
        case 12:
            text = f"{y}"
        case _:
            text = f"{y}-{m:02d}..{end - _DAY:%Y-%m}"
    return Period(date(y, m, 1), end, text)


def month(y: int, m: int) -> Period:
    """Return the calendar month."""
    return months(y, m, 1)


def quarter(y: int, q: int) -> Period:
    """Return the calendar quarter."""
    return months(y, 3 * q - 2, 3)


def half_year(y: int, h: int) -> Period:
    """Return the first or the second half of a year."""
    return months(y, 6 * h - 5, 6)


def year(y: int) -> Period:
    """Return the calendar year."""
    return months(y, 1, 12)


def weeks(first: date, number: int = 1) -> Period:
    """Return so many ISO weeks from a Monday on."""
    end = first + timedelta(weeks=number)
    names = [f"{iso.year}-W{iso.week:02d}" for iso in (first.isocalendar(), (end - _DAY).isocalendar())]
    return Period(first, end, "..".join(dict.fromkeys(names)), "week")


def monday(y: int, w: int) -> date:
    """Return the first day of an ISO week; raise ``ValueError`` when the year has no such week."""
    return date.fromisocalendar(y, w, 1)


def cycle(y: int, m: int, start_day: int) -> Period:
    """Return the assessment cycle that ends in a month: from ``start_day`` to the day before it."""
    end = date(*(_shift_month(y, m, 1) if start_day == 1 else (y, m)), start_day)
    return Period(end.replace(*_shift_month(end.year, end.month, -1)), end, f"cycle:{y}-{m:02d}", "cycle")


def cycle_of(day: date, start_day: int) -> Period:
    """Return the assessment cycle that a day is in."""
    ends_later = day.day >= start_day > 1
    return cycle(*_shift_month(day.year, day.month, int(ends_later)), start_day)


def _unit(m: int, number: int) -> int:
    """Return 1, 3, 6 or 12 where so many months from month ``m`` on are a month, quarter, half or year."""
    return number if number in (1, 3, 6, 12) and (m - 1) % number == 0 else 0


def _last_week(y: int) -> int:
    return date(y, 12, 28).isocalendar().week


def _shift_month(y: int, m: int, by: int) -> tuple[int, int]:
    index = y * 12 + m - 1 + by
    return index // 12, index % 12 + 1
