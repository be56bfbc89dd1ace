"""Steps of time that trends are counted in: days, ISO weeks, months, quarters."""

from dataclasses import dataclass
from datetime import date, timedelta

from hotline_tools.reports.query import Granularity

NAMES: dict[Granularity, str] = {"day": "日", "week": "周", "month": "月", "quarter": "季度"}
_LONGEST_BY_DAY, _LONGEST_BY_WEEK = 62, 190


@dataclass(frozen=True)
class Step:
    """One step and the days of it that are in view: ``days`` of them from ``first`` on."""

    start: date
    first: date
    label: str
    days: int
    is_whole: bool

    @property
    def last(self) -> date:
        """The last day in view."""
        return self.first + timedelta(days=self.days - 1)


def fitting(days: int) -> Granularity:
    """Return the step that suits so many days: days up to two months, weeks up to half a year."""
    if days <= _LONGEST_BY_DAY:
        return "day"
    return "week" if days <= _LONGEST_BY_WEEK else "month"


def steps(first: date, end: date, unit: Granularity) -> list[Step]:
    """Return every step that touches the days from ``first`` up to and without ``end``."""
    found = []
    start = floor(first, unit)
    while start < end:
        after = _next(start, unit)
        shown = max(start, first)
        days = (min(after, end) - shown).days
        found.append(Step(start, shown, _label(start, unit), days, days == (after - start).days))
        start = after
    return found


def floor(day: date, unit: Granularity) -> date:
    """Return the first day of the step that ``day`` is in; weeks begin on Monday (ISO 8601)."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    month = day.month if unit == "month" else 3 * ((day.month - 1) // 3) + 1
    return date(day.year, month, 1)


def _next(start: date, unit: Granularity) -> date:
    if unit in ("day", "week"):
        return start + timedelta(days=1 if unit == "day" else 7)
    month = start.month + (1 if unit == "month" else 3)
    return date(start.year + (month > 12), (month - 1) % 12 + 1, 1)


def _label(start: date, unit: Granularity) -> str:
    if unit == "day":
        return start.isoformat()
    if unit == "week":
        iso = start.isocalendar()
        return f"{iso.year}-W{iso.week:02d}"
    return f"{start:%Y-%m}" if unit == "month" else f"{start.year}Q{(start.month + 2) // 3}"
