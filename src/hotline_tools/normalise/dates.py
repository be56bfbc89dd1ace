"""Times as exports write them → timestamps: many notations may share one column.

The common fixed-width notations are read straight from the bytes; what is left goes through one
regular expression per notation; only what still resists is looked at string by string.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.dates import (
    EARLY_HALF,
    ENGLISH_TIMES,
    LATE_HALF,
    MONTHS,
    NOTATIONS,
    WEEKDAY,
    ZERO_TIME,
    Notation,
)

NumpyInts: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int64]]"
Order = Literal["dmy", "mdy"]
MISSING = np.iinfo(np.int64).min
_FIRST_YEAR, _LAST_YEAR = 1950, 2098
_ZERO = re.compile(ZERO_TIME)
_NOISE = re.compile(rf"{WEEKDAY}|[,，]|(?<=\d)(?:st|nd|rd|th)\b")
_ENGLISH = tuple(re.compile(pattern) for pattern in ENGLISH_TIMES)
_DAY = 86_400_000_000
_WIDTHS = (19, 10, 16, 14, 8)
_PLACES = ((0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2))
_COMPACT_PLACES = ((0, 4), (4, 2), (6, 2), (8, 2), (10, 2), (12, 2))
_SEPARATORS = np.frombuffer(b"-/.", dtype=np.uint8)


@dataclass(frozen=True)
class Times:
    """A column of times: ``values`` timestamp[us]; masks over all rows as numpy booleans."""

    values: pa.Array
    invalid: np.ndarray
    sentinel: np.ndarray


def read_times(column: pa.Array, *, order: Order = "mdy", zone: str = "Asia/Shanghai") -> Times:
    """Read a string column. ``order`` says what 03/04/2025 means; ``zone`` is the wall clock's.

    Cells without an offset are taken as wall-clock time; cells with one, and epoch numbers, are
    converted to ``zone``. What no notation fits is null and marked ``invalid``; the zero dates that
    systems write for "none" (1900-01-01 and the like) are null and marked ``sentinel``.
    """
    column = pc.utf8_trim(column, " ")
    micros = np.full(len(column), MISSING, dtype=np.int64)
    todo = np.asarray(pc.fill_null(pc.not_equal(column, ""), False))
    given = todo.copy()
    _fixed_width(column, micros, todo)
    if todo.any():
        _by_notation(column, micros, todo, order, zone)
    if todo.any():
        _one_by_one(column, micros, todo, order, zone)
    sentinel, invalid = _judge(column, micros, todo)
    micros[sentinel | invalid] = MISSING
    missing = ~given | sentinel | invalid
    return Times(pa.array(micros, pa.timestamp("us"), mask=missing), invalid & given, sentinel & given)


def _by_notation(column: pa.Array, micros: NumpyInts, todo: np.ndarray, order: Order, zone: str) -> None:
    for notation in NOTATIONS:
        rows = np.flatnonzero(todo)
        if not len(rows):
            return
        texts = column.take(pa.array(rows))
        fits = np.asarray(pc.match_substring_regex(texts, notation.pattern))
        if fits.any():
            parts = pc.extract_regex(texts.filter(pa.array(fits)), notation.pattern)
            values, good = _assemble(notation, parts, order, zone)
            micros[rows[fits]] = np.where(good, values, MISSING)
            todo[rows[fits]] = ~good


def _one_by_one(column: pa.Array, micros: NumpyInts, todo: np.ndarray, order: Order, zone: str) -> None:
    """Full-width digits, weekdays, English month names: rewrite, and try the notations again."""
    rows = np.flatnonzero(todo)
    encoded = column.take(pa.array(rows)).dictionary_encode()
    texts = pa.array([_rewritten(text) for text in encoded.dictionary.to_pylist()], pa.string())
    values = np.full(len(texts), MISSING, dtype=np.int64)
    left = np.ones(len(texts), dtype=bool)
    _fixed_width(texts, values, left)
    _by_notation(texts, values, left, order, zone)
    codes = np.asarray(encoded.indices)
    micros[rows] = values[codes]
    todo[rows] = left[codes]


def _rewritten(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = " ".join(_NOISE.sub(" ", text).split())
    for pattern in _ENGLISH:
        if (found := pattern.match(text)) and (month := MONTHS.get(found["m"][:3].lower())):
            return f"{found['y']}-{month}-{found['d']}{found['clock']}"
    return text


def _judge(column: pa.Array, micros: NumpyInts, todo: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (sentinel, invalid) masks; ``todo`` holds the rows nothing could read."""
    days = np.where(todo, 0, micros).astype("datetime64[us]").astype("datetime64[D]")
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    read = (micros != MISSING) & ~todo
    epoch = read & (days == np.datetime64("1970-01-01"))
    month_day = days - days.astype("datetime64[Y]")
    edge = (month_day <= np.timedelta64(1, "D")) | (month_day >= np.timedelta64(363, "D"))
    outside = read & ((year < _FIRST_YEAR) | (year > _LAST_YEAR))
    sentinel = epoch | (outside & edge)
    zero = np.zeros(len(micros), dtype=bool)
    if todo.any():
        zero[todo] = [bool(_ZERO.match(t)) for t in column.filter(pa.array(todo)).to_pylist()]
    return sentinel | zero, (todo & ~zero) | (outside & ~edge)


def _micros_of(y: NumpyInts, m: NumpyInts, d: NumpyInts, seconds: NumpyInts) -> tuple[NumpyInts, np.ndarray]:
    """Return (microseconds since 1970, calendar date exists)."""
    good = (m >= 1) & (m <= 12) & (d >= 1) & (y >= 1) & (y <= 9999)
    month = np.where(good, (y - 1970) * 12 + m - 1, 0).astype("datetime64[M]")
    first = month.astype("datetime64[D]").astype(np.int64)
    length = (month + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64) - first
    good &= d <= length
    return (first + d - 1) * _DAY + seconds * 1_000_000, good


def _clock_seconds(h: NumpyInts, mi: NumpyInts, s: NumpyInts) -> tuple[NumpyInts, np.ndarray]:
    good = ((h < 24) | ((h == 24) & (mi == 0) & (s == 0))) & (mi < 60) & (s < 61)
    return h * 3600 + mi * 60 + s, good


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
    compact = width in (14, 8)
    places = _COMPACT_PLACES if compact else _PLACES
    good = np.ones(len(cells), dtype=bool)
    numbers = []
    for start, size in places:
        if start + size > width:
            numbers.append(np.zeros(len(cells), dtype=np.int64))
            continue
        digits = cells[:, start : start + size].astype(np.int64) - 48
        good &= ((digits >= 0) & (digits <= 9)).all(axis=1)
        numbers.append(digits @ (10 ** np.arange(size - 1, -1, -1)))
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
    notation: Notation, parts: pa.StructArray, order: str, zone: str
) -> tuple[NumpyInts, np.ndarray]:
    """Turn the extracted groups of ``notation`` into (microseconds, valid)."""
    if notation.kind in ("seconds", "millis"):
        scale = 1_000_000 if notation.kind == "seconds" else 1_000
        return _to_wall(_ints(parts, "n") * scale, zone), np.ones(len(parts), dtype=bool)
    if notation.kind == "serial":
        days = np.asarray(pc.cast(pc.struct_field(parts, "n"), pa.float64()))
        seconds = np.round((days - 25569) * 86400).astype(np.int64)
        return seconds * 1_000_000, np.ones(len(parts), dtype=bool)
    year = _ints(parts, "y") + (1911 if notation.kind.startswith("roc") else 0)
    if notation.kind == "either":
        month, day = _month_and_day(_ints(parts, "a"), _ints(parts, "b"), order)
    else:
        month, day = _ints(parts, "m"), _ints(parts, "d")
    if notation.kind in ("compact", "roc-compact"):
        clock = _ints(parts, "clock")
        seconds, good = _clock_seconds(clock // 10_000, clock // 100 % 100, clock % 100)
        values, date_good = _micros_of(year, month, day, seconds)
        return values, good & date_good
    return _with_clock(parts, year, month, day, zone)


def _month_and_day(a: NumpyInts, b: NumpyInts, order: str) -> tuple[NumpyInts, NumpyInts]:
    """Follow ``order`` unless only the other one makes a month."""
    first_is_month = np.where(a > 12, False, np.where(b > 12, True, order == "mdy"))
    return np.where(first_is_month, a, b), np.where(first_is_month, b, a)


def _with_clock(
    parts: pa.StructArray, year: NumpyInts, month: NumpyInts, day: NumpyInts, zone: str
) -> tuple[NumpyInts, np.ndarray]:
    half = pc.binary_join_element_wise(pc.struct_field(parts, "half"), pc.struct_field(parts, "half2"), "")
    hour = _ints(parts, "H")
    late = np.asarray(pc.match_substring_regex(half, f"^(?:{LATE_HALF})"))
    early = np.asarray(pc.match_substring_regex(half, f"^(?:{EARLY_HALF})"))
    noon = np.asarray(pc.equal(half, "中午"))
    hour = np.where(late & (hour < 12) & ~(noon & (hour > 9)), hour + 12, hour)
    hour = np.where(early & (hour == 12), 0, hour)
    seconds, good = _clock_seconds(hour, _ints(parts, "M"), _ints(parts, "S"))
    values, date_good = _micros_of(year, month, day, seconds)
    offset = pc.struct_field(parts, "zone")
    has_offset = np.asarray(pc.not_equal(offset, ""))
    if has_offset.any():
        shift = np.array([_offset_micros(text) for text in offset.to_pylist()], dtype=np.int64)
        values = np.where(has_offset, _to_wall(values - shift, zone), values)
    return values, good & date_good


def _offset_micros(text: str) -> int:
    if text in ("", "Z"):
        return 0
    sign = -1 if text[0] == "-" else 1
    return sign * (int(text[1:3]) * 60 + int(text[-2:])) * 60_000_000


def _to_wall(utc: NumpyInts, zone: str) -> NumpyInts:
    """UTC microseconds → wall-clock microseconds in ``zone``."""
    aware = pa.array(utc, pa.timestamp("us", tz="UTC")).cast(pa.timestamp("us", tz=zone))
    return np.asarray(pc.local_timestamp(aware).cast(pa.int64()))
