"""When a limit ends, for one order; ``reports/kpi/limits.py`` says the same in SQL, and a test compares.

Counting follows 民法典 §§ 200-203: days are natural days, the day of the event is not counted
(``next-day``), and the period ends with its last day. Its last second stands for that end, as for a deadline
that an export gives as a day: 00:00 of the day after is where a date alone begins, and that is too late.
"""

from datetime import date, datetime, time, timedelta
from typing import Literal

from hotline_tools.calendar.days import WorkCalendar

LimitUnit = Literal["hours", "days", "workdays"]
CountFrom = Literal["receipt", "same-day", "next-day"]
"""``receipt``: the clock runs from the moment on and ends at the same time of day (a moment on a day
off counts as the start of the next working day); ``same-day``: the day itself is day 1;
``next-day``: the day after is day 1. The last two end with the day."""

_DAY = timedelta(days=1)


def deadline(
    start: datetime, amount: int, unit: LimitUnit, count_from: CountFrom, calendar: WorkCalendar
) -> datetime:
    """Return the last moment that is still in time."""
    if unit == "hours":
        return start + timedelta(hours=amount)
    if unit == "days":
        if count_from == "receipt":
            return start + amount * _DAY
        return _end_of(start.date() + (amount - (count_from == "same-day")) * _DAY)
    day = start.date()
    if count_from == "receipt" and calendar.is_working_day(day):
        return datetime.combine(calendar.add_working_days(day, amount), start.time())
    origin = day - _DAY if count_from == "same-day" else day
    return _end_of(calendar.add_working_days(origin, amount))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59))
