"""Filters as people write them, on the command line and in the library, become a ``Query``."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hotline_tools.calendar import WorkCalendar, read_overrides
from hotline_tools.errors import UsageError
from hotline_tools.reports.kpi.profile import Profile
from hotline_tools.reports.kpi.profile_file import find_profile
from hotline_tools.reports.period import Period
from hotline_tools.reports.period_forms import parse_period
from hotline_tools.reports.population import load_population
from hotline_tools.reports.query import BasePeriod, Query
from hotline_tools.reports.rules import load_rules


def make_query(today: date, *, calendar: Path | None = None, **filters: Any) -> Query:
    """Return the query of some filters, named as the fields of ``Query``.

    ``calendar`` is a file of working days, for a profile that has none of its own.

    The text of ``period``, ``compare``, ``as_of`` and ``profile``, and the paths of ``profile``,
    ``population`` and ``rules`` are read; values of the field's own type stay as they are. ``today`` is what
    ``last-month`` and the like are relative to. Raises ``UsageError`` or ``DataFileError`` for what cannot be
    read.
    """

    def period(text: str, *others: str) -> Period:
        profile = filters.get("profile")
        cycle = profile.cycle if isinstance(profile, Profile) else None
        return parse_period(text, today=today, cycle_start=cycle.start_day if cycle else None, others=others)

    def base(text: str) -> BasePeriod:
        match text.strip():
            case "previous" | "last-year" as name:
                return name
        return period(text, "previous", "last-year")

    readers: dict[str, Callable[[str], Any]] = {
        "as_of": read_moment,
        "profile": named_profile,
        "population": lambda path: load_population(Path(path)),
        "rules": lambda path: load_rules(Path(path)),
        # After the profile, which says when assessment cycles start.
        "period": period,
        "compare": lambda text: _one_or_several([base(part) for part in re.split("[,，、]", text)]),
    }
    for name, read in readers.items():
        if isinstance(filters.get(name), str | Path):
            filters[name] = read(str(filters[name]))
    if calendar is not None:
        filters["profile"] = _with_calendar(filters.get("profile"), calendar)
    if isinstance(filters.get("compare"), tuple | list):
        written = (item if isinstance(item, Period) else base(str(item)) for item in filters["compare"])
        filters["compare"] = _one_or_several(list(written))
    if filters.get("hours") is not None:
        filters["hours"] = float(filters["hours"])
    return Query(**filters)


def named_profile(name: str) -> Profile | None:
    """Return a profile by name or path; None for the default one.

    Every report uses that anyway, and naming it would clutter every table's head. Raises as ``find_profile``.
    """
    return find_profile(name) if name != "default" else None


def _with_calendar(profile: Profile | None, calendar: Path) -> Profile:
    known = profile or find_profile("default")
    if known.calendar != WorkCalendar():
        return known
    return replace(known, calendar=WorkCalendar.with_overrides(read_overrides(calendar)))


def _one_or_several(bases: list[BasePeriod]) -> BasePeriod | tuple[BasePeriod, ...]:
    return bases[0] if len(bases) == 1 else tuple(bases)


def read_moment(text: str) -> datetime:
    """Read a moment in ISO 8601; raise ``UsageError`` when it is none."""
    # ISO 8601 writes the end of a day as 24:00, and so do deadlines; Python does not read it.
    day, _, time = text.strip().replace(" ", "T").partition("T")
    try:
        if time in ("24", "24:00", "24:00:00"):
            return datetime.fromisoformat(day) + timedelta(days=1)
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is not None:
            raise ValueError  # the store's times are wall-clock times of the city
        return moment
    except ValueError as error:
        raise UsageError(
            f"看不懂时刻“{text}”", remedy="例如 2025-06-30 或 2025-06-30T18:00（当地时间，不带时区）。"
        ) from error
