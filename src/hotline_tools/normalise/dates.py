"""Times as exports write them → timestamps: many notations may share one column.

The common fixed-width notations are read straight from the bytes; what is left goes through one
regular expression per notation; only what still resists is looked at string by string.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.dates import (
    EARLY_HALF,
    ENGLISH_TIMES,
    HALF_HOUR,
    HAN_DIGITS,
    HAN_NUMBER,
    HAN_YEAR,
    LATE_HALF,
    MILLIS_CELL,
    MONTHS,
    NIGHT,
    NOTATIONS,
    ROC_CELL,
    UTC_ZONE,
    WEEKDAY,
    ZERO_TIME,
    Notation,
)

NumpyInts: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int64]]"
Order = Literal["dmy", "mdy", "ymd"]
"""What 03/04/05 means; ``ymd`` only for years of two digits."""
_MOSTLY_ROC = 0.5
_THIRTEEN_DIGITS = frozenset({"millis", "roc-compact"})
MISSING = np.iinfo(np.int64).min
_EARLIEST, _END = np.array(["1950", "2099"], "datetime64[us]").astype(np.int64).tolist()
"""What an order's time may be, as microseconds; the end is no more of it."""
_ZERO = re.compile(ZERO_TIME)
_NOISE = re.compile(rf"{WEEKDAY}|[,，整]|(?<=\d)(?:st|nd|rd|th)\b|\bat\b|\([^()]*\)$")
_HAN_YEAR, _HAN_NUMBER, _HALF_HOUR = (re.compile(p) for p in (HAN_YEAR, HAN_NUMBER, HALF_HOUR))
_ENGLISH = tuple(re.compile(pattern) for pattern in ENGLISH_TIMES)
_DAY = 86_400_000_000
_QUARTER = _DAY // 96
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_QUARTER, _LAST_QUARTER = (
    (datetime(year, 1, 2, tzinfo=UTC) - _EPOCH) // timedelta(minutes=15) for year in (1, 9999)
)
"""Beyond these years a zone keeps the offset that it has there."""
_EPOCH_1900, _EPOCH_1904 = 25_569, 24_107
"""The serial numbers of 1970-01-01 in the two date systems of workbooks."""
_PIVOT = 70
"""Years of two digits from here on are of the last century."""
_WIDTHS = (19, 10, 16, 14, 12, 8)
_COMPACT_WIDTHS = (14, 12, 8)
_PLACES = ((0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2))
_COMPACT_PLACES = ((0, 4), (4, 2), (6, 2), (8, 2), (10, 2), (12, 2))
_SEPARATORS = np.frombuffer(b"-/.", dtype=np.uint8)


@dataclass(frozen=True)
class Times:
    """A column of times: ``values`` timestamp[us]; masks over all rows as numpy booleans."""

    values: pa.Array
    invalid: np.ndarray
    sentinel: np.ndarray
    universal: np.ndarray
    """Moments of universal time: converted to the city's zone, or as written where that is not known."""


def read_times(
    column: pa.Array, *, order: Order = "mdy", zone: str = "Asia/Shanghai", epoch_1904: bool = False
) -> Times:
    """Read a string column. ``order`` says what 03/04/2025 means; ``zone`` is the city's, empty if unknown.

    ``epoch_1904`` says that serial numbers of days count from 1904-01-01, not from 1899-12-30.

    Cells are taken as the wall-clock time they write, whatever offset they add to it; only universal
    times (``Z``, ``+00:00``, epoch numbers) are converted to ``zone``, and without one stay as they are.
    What no notation fits is null and marked ``invalid``; the zero dates that systems write for "none"
    (1900-01-01 and the like) are null and marked ``sentinel``.
    """
    column = pc.utf8_trim(column, " ")
    todo = np.asarray(pc.fill_null(pc.not_equal(column, ""), False))
    given = todo.copy()
    reading = _Reading(column, order, zone, todo, _EPOCH_1904 if epoch_1904 else _EPOCH_1900)
    reading.fixed_width()
    reading.by_notation()
    reading.one_by_one()
    micros = reading.micros
    sentinel, invalid = _judge(column, micros, todo)
    micros[sentinel | invalid] = MISSING
    missing = ~given | sentinel | invalid
    return Times(
        pa.array(micros, pa.timestamp("us"), mask=missing),
        invalid & given,
        sentinel & given,
        reading.universal & ~missing,
    )


class _Reading:
    """One column being read: ``todo`` marks the cells that nothing has read yet."""

    def __init__(self, column: pa.Array, order: Order, zone: str, todo: np.ndarray, epoch: int) -> None:
        self.column, self.order, self.zone, self.todo, self.epoch = column, order, zone, todo, epoch
        self.micros: NumpyInts = np.full(len(column), MISSING, dtype=np.int64)
        self.universal = np.zeros(len(column), dtype=bool)

    @cached_property
    def writes_roc(self) -> bool:
        """Whether numbers of thirteen digits are compact ROC times; looked at only where there are any."""
        return _writes_roc(self.column)

    def fixed_width(self) -> None:
        """Read the common all-digit-position notations straight from the bytes."""
        _fixed_width(self.column, self.micros, self.todo)

    def by_notation(self) -> None:
        """Read with one regular expression per notation."""
        for notation in NOTATIONS:
            rows = np.flatnonzero(self.todo)
            if not len(rows):
                return
            texts = self.column.take(pa.array(rows))
            fits = np.array(pc.match_substring_regex(texts, notation.pattern))
            if notation.kind in _THIRTEEN_DIGITS and (notation.kind == "millis") == self.writes_roc:
                fits &= ~np.asarray(pc.match_substring_regex(texts, MILLIS_CELL))
            if fits.any():
                parts = pc.extract_regex(texts.filter(pa.array(fits)), notation.pattern)
                values, good, universal = _assemble(notation, parts, self.order, self.epoch)
                if self.zone and universal.any():
                    values[universal] = _to_wall(values[universal], self.zone)
                self.micros[rows[fits]] = np.where(good, values, MISSING)
                self.universal[rows[fits]] = universal
                self.todo[rows[fits]] = ~good

    def one_by_one(self) -> None:
        """Full-width and Chinese digits, weekdays, English month names: rewrite, and try again."""
        rows = np.flatnonzero(self.todo)
        if not len(rows):
            return
        encoded = self.column.take(pa.array(rows)).dictionary_encode()
        texts = pa.array([_rewritten(text) for text in encoded.dictionary.to_pylist()], pa.string())
        again = _Reading(texts, self.order, self.zone, np.ones(len(texts), dtype=bool), self.epoch)
        again.writes_roc = self.writes_roc
        again.fixed_width()
        again.by_notation()
        codes = np.asarray(encoded.indices)
        self.micros[rows] = again.micros[codes]
        self.universal[rows] = again.universal[codes]
        self.todo[rows] = again.todo[codes]


def _writes_roc(column: pa.Array) -> bool:
    """Tell whether numbers of thirteen digits are compact ROC times, not milliseconds, by most of them.

    1130603120000 may be June 2024 or October 2005.
    """
    millis = column.filter(pc.fill_null(pc.match_substring_regex(column, MILLIS_CELL), False))
    fits = np.asarray(pc.match_substring_regex(millis, ROC_CELL))
    return bool(len(fits)) and float(fits.mean()) > _MOSTLY_ROC


def _rewritten(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lstrip("'’‘")
    text = " ".join(_NOISE.sub(" ", text).split())
    text = _HAN_YEAR.sub(lambda found: "".join(str(HAN_DIGITS[c]) for c in found[0]), text)
    text = _HAN_NUMBER.sub(_han_number, _HALF_HOUR.sub("30", text))
    for pattern in _ENGLISH:
        if (found := pattern.match(text)) and (month := MONTHS.get(found["m"][:3].lower())):
            year = found["y"] if len(found["y"]) == 4 else str(full_year(int(found["y"])))
            return f"{year}-{month}-{found['d']}{found['clock']}"
    return text


def _han_number(found: re.Match[str]) -> str:
    """二十三 → 23; digits without 十 are read one after the other."""
    tens, ten, ones = found[0].partition("十")
    if not ten:
        return "".join(str(HAN_DIGITS[c]) for c in tens)
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return found[0]
    return str(10 * (HAN_DIGITS[tens] if tens else 1) + (HAN_DIGITS[ones] if ones else 0))


def full_year(year: int) -> int:
    """Complete a year of two digits."""
    return year if year >= 100 else year + (1900 if year >= _PIVOT else 2000)


def _judge(column: pa.Array, micros: NumpyInts, todo: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (sentinel, invalid) masks; ``todo`` holds the rows nothing could read."""
    read = (micros != MISSING) & ~todo
    sentinel = read & (micros >= 0) & (micros < _DAY)
    outside = read & ((micros < _EARLIEST) | (micros >= _END))
    if outside.any():
        days = micros[outside].astype("datetime64[us]").astype("datetime64[D]")
        month_day = days - days.astype("datetime64[Y]")
        edge = (month_day <= np.timedelta64(1, "D")) | (month_day >= np.timedelta64(363, "D"))
        sentinel[outside] |= edge
        outside[outside] = ~edge
    zero = np.zeros(len(micros), dtype=bool)
    if todo.any():
        zero[todo] = [bool(_ZERO.match(t)) for t in column.filter(pa.array(todo)).to_pylist()]
    return sentinel | zero, (todo & ~zero) | outside


def _micros_of(y: NumpyInts, m: NumpyInts, d: NumpyInts, seconds: NumpyInts) -> tuple[NumpyInts, np.ndarray]:
    """Return (microseconds since 1970, calendar date exists)."""
    good = (m >= 1) & (m <= 12) & (d >= 1) & (y >= 1) & (y <= 9999)
    month = np.where(good, (y - 1970) * 12 + m - 1, 0).astype("datetime64[M]")
    first = month.astype("datetime64[D]").astype(np.int64)
    length = (month + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64) - first
    good &= d <= length
    return (first + d - 1) * _DAY + seconds * 1_000_000, good


def _clock_seconds(h: NumpyInts, mi: NumpyInts, s: NumpyInts) -> tuple[NumpyInts, np.ndarray]:
    """Return (seconds of the day, clock exists); 24:00 is the last second of the day that it ends.

    So it stays on the day that is written, and is not the midnight where a date alone begins.
    """
    ends = (h == 24) & (mi == 0) & (s == 0)
    return h * 3600 + mi * 60 + s - ends, ((h < 24) | ends) & (mi < 60) & (s < 61)


def _fixed_width(column: pa.Array, micros: NumpyInts, todo: np.ndarray) -> None:
    """Read the common all-digit-position notations straight from the bytes; update both arrays."""
    length = np.asarray(pc.fill_null(pc.binary_length(column), 0))
    for width in _WIDTHS:
        rows = np.flatnonzero(todo & (length == width))
        if not len(rows):
            continue
        texts = column if len(rows) == len(column) else column.take(pa.array(rows))
        offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)[texts.offset : texts.offset + 1]
        data = np.frombuffer(texts.buffers()[2], dtype=np.uint8)
        cells = data[offsets[0] : offsets[0] + len(rows) * width].reshape(len(rows), width)
        values, good = _read_cells(cells, width)
        micros[rows] = np.where(good, values, micros[rows])
        todo[rows] = ~good


def _read_cells(cells: np.ndarray, width: int) -> tuple[NumpyInts, np.ndarray]:
    compact = width in _COMPACT_WIDTHS
    places = _COMPACT_PLACES if compact else _PLACES
    good = np.ones(len(cells), dtype=bool)
    numbers = []
    for start, size in places:
        number = np.zeros(len(cells), dtype=np.int64)
        for place in range(start, start + size) if start + size <= width else ():
            digit = cells[:, place] - np.uint8(48)  # what is no digit becomes more than 9
            good &= digit <= 9
            number = number * 10 + digit
        numbers.append(number)
    if not compact:
        good &= np.isin(cells[:, 4], _SEPARATORS) & (cells[:, 7] == cells[:, 4])
        if width > 10:
            good &= np.isin(cells[:, 10], (32, 84)) & (cells[:, 13] == 58)
        if width > 16:
            good &= cells[:, 16] == 58
    seconds, clock_good = _clock_seconds(numbers[3], numbers[4], numbers[5])
    values, date_good = _micros_of(numbers[0], numbers[1], numbers[2], seconds)
    good &= clock_good & date_good
    if compact:
        good &= (numbers[0] >= 1900) & (numbers[0] < 2100)
    return values, good


def _ints(parts: pa.StructArray, name: str) -> NumpyInts:
    text = pc.struct_field(parts, name)
    return np.asarray(pc.cast(pc.if_else(pc.equal(text, ""), "0", text), pa.int64()))


def _assemble(
    notation: Notation, parts: pa.StructArray, order: Order, epoch: int
) -> tuple[NumpyInts, np.ndarray, np.ndarray]:
    """Turn the extracted groups of ``notation`` into (microseconds, valid, universal time)."""
    every, none = np.ones(len(parts), dtype=bool), np.zeros(len(parts), dtype=bool)
    if notation.kind in ("seconds", "millis"):
        return _ints(parts, "n") * (1_000_000 if notation.kind == "seconds" else 1_000), every, every
    if notation.kind == "serial":
        days = np.asarray(pc.cast(pc.struct_field(parts, "n"), pa.float64()))
        return np.round((days - epoch) * 86400).astype(np.int64) * 1_000_000, every, none
    year, month, day = _date_parts(notation, parts, order)
    seconds, good = _clock_of(parts)
    values, date_good = _micros_of(year, month, day, seconds)
    names = {field.name for field in parts.type}
    if "zone" not in names:
        return values, good & date_good, none
    zone = pc.struct_field(parts, "zone")
    universal = pc.and_(pc.not_equal(zone, ""), pc.match_substring_regex(zone, UTC_ZONE))
    return values, good & date_good, np.asarray(universal)


def _date_parts(
    notation: Notation, parts: pa.StructArray, order: Order
) -> tuple[NumpyInts, NumpyInts, NumpyInts]:
    year = _ints(parts, "y")
    if notation.kind.startswith("roc"):
        year = year + 1911
    if notation.kind != "either":
        return _centuries(year), _ints(parts, "m"), _ints(parts, "d")
    first, second = _ints(parts, "a"), _ints(parts, "b")
    if order == "ymd" and (year < 100).all():
        return _centuries(first), second, year
    month, day = _month_and_day(first, second, "mdy" if order == "ymd" else order)
    return _centuries(year), month, day


def _centuries(year: NumpyInts) -> NumpyInts:
    """Complete years of two digits."""
    return np.where(year < 100, year + np.where(year >= _PIVOT, 1900, 2000), year)


def _month_and_day(a: NumpyInts, b: NumpyInts, order: str) -> tuple[NumpyInts, NumpyInts]:
    """Follow ``order`` unless only the other one makes a month."""
    first_is_month = np.where(a > 12, False, np.where(b > 12, True, order == "mdy"))
    return np.where(first_is_month, a, b), np.where(first_is_month, b, a)


def _clock_of(parts: pa.StructArray) -> tuple[NumpyInts, np.ndarray]:
    """Return (seconds since midnight, clock time exists) of all cells of a notation."""
    names = {field.name for field in parts.type}
    seconds, good = _digit_clock(parts, "clock", may_lose_zeros=True)
    if "hms" in names:
        joined, joined_good = _digit_clock(parts, "hms", may_lose_zeros=False)
        return seconds + joined, good & joined_good
    written, written_good = _written_clock(parts)
    return seconds + written, good & written_good


def _digit_clock(parts: pa.StructArray, name: str, *, may_lose_zeros: bool) -> tuple[NumpyInts, np.ndarray]:
    """Read clock times that are digits alone: 14, 1430, 143000; 0 where there are none.

    A column of numbers has lost its leading zeros (400 is 00:04:00, 83000 is 08:30:00), and shows it by
    cells with an odd number of digits.
    """
    width = np.asarray(pc.utf8_length(pc.struct_field(parts, name)))
    number = _ints(parts, name)
    lost = may_lose_zeros and bool((width % 2).any())
    to_the_minute = width.max(initial=0) == 4
    if lost:
        number = number * 100 if to_the_minute else number
    else:
        number = number * np.where(width == 2, 10_000, np.where(width == 4, 100, 1))
    return _clock_seconds(number // 10_000, number // 100 % 100, number % 100)


def _written_clock(parts: pa.StructArray) -> tuple[NumpyInts, np.ndarray]:
    half = pc.binary_join_element_wise(pc.struct_field(parts, "half"), pc.struct_field(parts, "half2"), "")
    hour = _ints(parts, "H")
    late, early, night = (
        np.asarray(pc.match_substring_regex(half, f"^(?:{words})"))
        for words in (LATE_HALF, EARLY_HALF, NIGHT)
    )
    noon = np.asarray(pc.equal(half, "中午"))
    hour = np.where(late & (hour < 12) & ~(noon & (hour > 9)), hour + 12, hour)
    hour = np.where(early & (hour == 12), 0, hour)
    hour = np.where(night & (hour > 4) & (hour <= 12), hour + 12, hour)
    return _clock_seconds(hour, _ints(parts, "M"), _ints(parts, "S"))


def _to_wall(utc: NumpyInts, zone: str) -> NumpyInts:
    """UTC microseconds → wall-clock microseconds in ``zone``.

    Not by Arrow, which on Windows looks for a library of the system to know zones by; clocks change at
    quarters of an hour.
    """
    quarters, at = np.unique(utc // _QUARTER, return_inverse=True)
    known = ZoneInfo(zone)
    moments = [
        _EPOCH + timedelta(microseconds=int(q) * _QUARTER)
        for q in quarters.clip(_FIRST_QUARTER, _LAST_QUARTER)
    ]
    offsets = [moment.astimezone(known).utcoffset() or timedelta() for moment in moments]
    shifts = np.array([offset // timedelta(microseconds=1) for offset in offsets], dtype=np.int64)
    return utc + shifts[at] if len(shifts) else utc
