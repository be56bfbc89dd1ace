"""Working days of the State Council calendar, deadlines and working hours."""

from hotline_tools.calendar.days import CALENDAR_FIRST, CALENDAR_LAST, WorkCalendar
from hotline_tools.calendar.deadline import CountFrom, LimitUnit, deadline
from hotline_tools.calendar.office import OfficeHours, working_hours_between
from hotline_tools.calendar.overrides import read_overrides

__all__ = [
    "CALENDAR_FIRST",
    "CALENDAR_LAST",
    "CountFrom",
    "LimitUnit",
    "OfficeHours",
    "WorkCalendar",
    "deadline",
    "read_overrides",
    "working_hours_between",
]
