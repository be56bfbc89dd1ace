"""The times of two columns in the rows that have both, as numbers that can be compared."""

import re

from hotline_tools.layouts.recognition.choosing import ALWAYS, OFTEN, Rows

_CLOCK = r"(?:\D{1,3}(\d{1,2})\D(\d{1,2})(?:\D\d{1,2})?\s*([AP])?)?"
_YEAR_FIRST = re.compile(
    rf"\s*((?:19|20)\d\d)\D{{1,3}}(\d{{1,2}})\D{{1,3}}(\d{{1,2}}){_CLOCK}", re.IGNORECASE
)
_YEAR_LAST = re.compile(rf"\s*(\d{{1,2}})([-/.])(\d{{1,2}})\2((?:19|20)\d\d){_CLOCK}", re.IGNORECASE)
_MONTHS, _NOON = 12, 12


def moments_of(rows: Rows, first: str, second: str) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return the times of two columns in the rows that have both: year, month, day, hour, minute."""
    cells = (rows.cells(first), rows.cells(second))
    is_day_first = any(
        found and int(found[1]) > _MONTHS for own in cells for found in map(_YEAR_LAST.match, own)
    )
    one, other = ([_moment(cell, is_day_first=is_day_first) for cell in own] for own in cells)
    return [(a, b) for a, b in zip(one, other, strict=True) if a and b]


def never_later(rows: Rows, first: str, later: str) -> bool:
    """Whether of two columns of times the first is before the other, or at most at the same time."""
    pairs = moments_of(rows, first, later)
    before = sum(one < other for one, other in pairs)
    together = sum(one == other for one, other in pairs)
    return before >= max(1, OFTEN * len(pairs)) and before + together >= ALWAYS * len(pairs)


def _moment(cell: str, *, is_day_first: bool) -> tuple[int, ...] | None:
    """Return a time as year, month, day, hour and minute; None for a notation of other than numbers."""
    if read := _YEAR_FIRST.match(cell):
        year, month, day, *clock = read.groups()
    elif read := _YEAR_LAST.match(cell):
        month, _, day, year, *clock = read.groups()
        if is_day_first:
            month, day = day, month
    else:
        return None
    hour, minute, half = clock
    hours = int(hour or 0) % _NOON + _NOON * (half.upper() == "P") if half else int(hour or 0)
    return int(year), int(month), int(day), hours, int(minute or 0)
