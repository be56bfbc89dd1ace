"""Periods as analysts write them: 2025-06, 2025, 2025Q2, 2025-06-01..2025-06-15, last-month."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from hotline_tools.dates import ISO_DAY
from hotline_tools.errors import UsageError

_REMEDY = "可写 2025-06、2025、2025Q2、2025-06-01..2025-06-15 或 last-month。"


@dataclass(frozen=True)
class Period:
    """Days from ``start`` up to and without ``end``."""

    start: date
    end: date
    text: str

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days

    @property
    def label(self) -> str:
        """For people: 2025年6月, 2025年, 2025年第2季度, one day, or the first and the last."""
        start = self.start
        if self == month(start.year, start.month):
            return f"{start.year}年{start.month}月"
        if self == year(start.year):
            return f"{start.year}年"
        if self == quarter(start.year, (start.month + 2) // 3):
            return f"{start.year}年第{(start.month + 2) // 3}季度"
        if self.days == 1:
            return f"{start:%Y-%m-%d}"
        return f"{start:%Y-%m-%d} 至 {self.end - timedelta(days=1):%Y-%m-%d}"

    def __eq__(self, other: object) -> bool:
        """Two periods are equal when their days are, however they were written."""
        return isinstance(other, Period) and (self.start, self.end) == (other.start, other.end)

    def __hash__(self) -> int:
        """Agree with ``__eq__``."""
        return hash((self.start, self.end))

    def previous(self) -> "Period":
        """Return the period before (环比): the same kind of calendar unit, else as many days."""
        start = self.start
        if self == month(start.year, start.month):
            return month(*_shift_month(start.year, start.month, -1))
        if self == quarter(start.year, (start.month + 2) // 3):
            y, m = _shift_month(start.year, start.month, -3)
            return quarter(y, (m + 2) // 3)
        if self == year(start.year):
            return year(start.year - 1)
        before = start - timedelta(days=self.days)
        return Period(before, start, f"{before}..{start - timedelta(days=1)}")

    def last_year(self) -> "Period":
        """Return the same days a year earlier (同比); 29 February becomes 1 March."""
        start, end = _year_before(self.start), _year_before(self.end)
        return Period(start, end, f"{start}..{end - timedelta(days=1)}")


def month(y: int, m: int) -> Period:
    """Return the calendar month."""
    return Period(date(y, m, 1), date(*_shift_month(y, m, 1), 1), f"{y}-{m:02d}")


def quarter(y: int, q: int) -> Period:
    """Return the calendar quarter."""
    return Period(date(y, 3 * q - 2, 1), date(*_shift_month(y, 3 * q - 2, 3), 1), f"{y}Q{q}")


def year(y: int) -> Period:
    """Return the calendar year."""
    return Period(date(y, 1, 1), date(y + 1, 1, 1), f"{y}")


def parse_period(text: str, *, today: date) -> Period:
    """Read a period; raise ``UsageError`` when it is none of the known forms."""
    text = text.strip()
    try:
        period = _calendar_form(text) or _days_form(text) or _relative_form(text, today)
    except ValueError as error:
        raise UsageError(f"时间段“{text}”里没有这一天或这个月", remedy=_REMEDY) from error
    if period is None:
        raise UsageError(f"看不懂时间段“{text}”", remedy=_REMEDY)
    return period


def _calendar_form(text: str) -> Period | None:
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})", text):
        return month(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{4})-?[Qq]([1-4])", text):
        return quarter(int(found[1]), int(found[2]))
    return year(int(text)) if re.fullmatch(r"\d{4}", text) else None


def _days_form(text: str) -> Period | None:
    found = re.fullmatch(rf"({ISO_DAY})(?:\.\.({ISO_DAY}))?", text)
    if found is None:
        return None
    start, end = _day(found[1]), _day(found[2] or found[1]) + timedelta(days=1)
    return Period(start, end, text) if start < end else None


def _relative_form(text: str, today: date) -> Period | None:
    if text in {"last-month", "上月"}:
        return month(*_shift_month(today.year, today.month, -1))
    if text in {"this-month", "本月"}:
        return month(today.year, today.month)
    return year(today.year - 1) if text in {"last-year", "去年"} else None


def _day(text: str) -> date:
    y, m, d = map(int, text.split("-"))
    return date(y, m, d)


def _shift_month(y: int, m: int, by: int) -> tuple[int, int]:
    index = y * 12 + m - 1 + by
    return index // 12, index % 12 + 1


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return date(day.year - 1, 3, 1)
