"""Times as exports write them → timestamps: many notations may share one column.

The common fixed-width notations are read straight from the bytes; what is left goes through one
regular expression per notation; only what still resists is looked at string by string.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.normalise.date_parts import NOTATIONS, NumpyInts, assemble, fixed_width

Order = Literal["dmy", "mdy"]
MISSING = np.iinfo(np.int64).min
_FIRST_YEAR, _LAST_YEAR = 1950, 2098
_ZERO = re.compile(r"^[0:/. T-]+$")
_NOISE = re.compile(r"[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?|[,，]|(?<=\d)(?:st|nd|rd|th)\b")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_ENGLISH = (
    re.compile(r"^(?:[A-Za-z]{3,9} )?(?P<d>\d{1,2})[- /](?P<m>[A-Za-z]{3,9})[- /](?P<y>\d{4})(?P<clock>.*)$"),
    re.compile(r"^(?P<m>[A-Za-z]{3,9}) (?P<d>\d{1,2}) (?P<y>\d{4})(?P<clock>.*)$"),
    re.compile(r"^(?:[A-Za-z]{3,9} )?(?P<m>[A-Za-z]{3,9}) (?P<d>\d{1,2})(?P<clock> [\d:]+) (?P<y>\d{4})$"),
)


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
    fixed_width(column, micros, todo)
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
            values, good = assemble(notation, parts, order, zone)
            micros[rows[fits]] = np.where(good, values, MISSING)
            todo[rows[fits]] = ~good


def _one_by_one(column: pa.Array, micros: NumpyInts, todo: np.ndarray, order: Order, zone: str) -> None:
    """Full-width digits, weekdays, English month names: rewrite, and try the notations again."""
    rows = np.flatnonzero(todo)
    encoded = column.take(pa.array(rows)).dictionary_encode()
    texts = pa.array([_rewritten(text) for text in encoded.dictionary.to_pylist()], pa.string())
    values = np.full(len(texts), MISSING, dtype=np.int64)
    left = np.ones(len(texts), dtype=bool)
    fixed_width(texts, values, left)
    _by_notation(texts, values, left, order, zone)
    codes = np.asarray(encoded.indices)
    micros[rows] = values[codes]
    todo[rows] = left[codes]


def _rewritten(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = " ".join(_NOISE.sub(" ", text).split())
    for pattern in _ENGLISH:
        if (found := pattern.match(text)) and (month := _MONTHS.get(found["m"][:3].lower())):
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
