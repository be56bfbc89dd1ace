"""Working hours: the part of a span of time that falls into office hours of working days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hotline_tools.calendar.days import WorkCalendar

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class OfficeHours:
    """The spans of a working day, in seconds since midnight, in order and apart."""

    spans: tuple[tuple[int, int], ...] = ((9 * 3600, 17 * 3600),)

    @property
    def seconds(self) -> int:
        """Seconds worked a day."""
        return sum(end - start for start, end in self.spans)

    @property
    def label(self) -> str:
        """For people: 09:00-12:00、14:00-18:00."""
        return "、".join(f"{_clock(start)}-{_clock(end)}" for start, end in self.spans)

    def worked_until(self, seconds: int) -> int:
        """Return how much of a working day's hours lie before ``seconds`` since midnight."""
        return sum(max(0, min(seconds, end) - start) for start, end in self.spans)

    def worked_until_sql(self, seconds: str) -> str:
        """The same as an SQL expression over the expression ``seconds``."""
        parts = [f"greatest(0, least({seconds}, {end}) - {start})" for start, end in self.spans]
        return f"({' + '.join(parts)})"


def working_hours_between(
    start: datetime, end: datetime, calendar: WorkCalendar, office: OfficeHours
) -> float:
    """Return the working hours from ``start`` to ``end``, day by day; negative when reversed."""
    if end < start:
        return -working_hours_between(end, start, calendar, office)
    total, day = 0, start.date()
    while day <= end.date():
        if calendar.is_working_day(day):
            total += office.worked_until(_seconds(day, end)) - office.worked_until(_seconds(day, start))
        day += _DAY
    return total / 3600


def _seconds(day: date, moment: datetime) -> int:
    """Seconds of ``day`` that have passed at ``moment``, 0-86400."""
    passed = int((moment.replace(tzinfo=None) - datetime.combine(day, time())).total_seconds())
    return max(0, min(86400, passed))


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
