"""The names and numbers of callers that stand in columns of their own, hidden in the texts of their rows.

Such a column is not stored, but it tells for certain what no pattern can: that the 何立夏 of the text is
who called, and that its eight digits are a telephone.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotline_tools.layouts import Match
from hotline_tools.layouts.recognition.cell_patterns import PLACE_ENDS
from hotline_tools.normalise.fields import LONG_TEXTS, single
from hotline_tools.privacy import (
    LATIN_NAME,
    LOCAL_NUMBER,
    NO_OWN_NAME,
    PHONE_CELL,
    hide_latin_name,
    hide_name,
    hide_number,
)
from hotline_tools.surnames import COMPOUND_SURNAMES, SURNAMES, TRADITIONAL_SURNAMES

_NAME = rf"^(?:{COMPOUND_SURNAMES}|[{SURNAMES}{TRADITIONAL_SURNAMES}])\p{{Han}}?[^\P{{Han}}{PLACE_ENDS}]$"
"""A whole name and no 高新区."""
_OTHER = re.compile(
    r"族|籍|国|省|城市|地区|区域|职业|职务|面貌|学历|性别|婚姻|单位|地址|住|电话|手机|号码?$|邮|年龄|生日|类型|类别|身份|方式|账号|卡"
)
"""Words of headers of what is a person's own and no name: 民族 has 满族, 籍贯 has 江苏."""
_OF_A_PERSON = re.compile(r"(?i)name|applicant|complain|caller|person|customer|client|citizen|姓名|人$")
"""Headers of which the cells may be names of Latin letters; an address or a trade has capitals as well."""
_NOBODY = r"(?i)\b(?:anonymous|unknown|not|applicable|test|guest|portal|web|user|citizen|resident)\b"
_MOBILE = r"^1[3-9]\d{9}$"
"""What is masked wherever it stands: of most exports it is all that there is."""
_SHORT = 200
"""Mean bytes of a short text."""
_BLANKS = r"[\s\x{3000}]+"


@dataclass(frozen=True)
class OwnColumn:
    """What a column tells of each row's caller; ``hide`` takes it out of a text. Null for other cells."""

    values: pa.Array
    hide: Callable[[str, str], str]


def own_names(rows: pa.Table, match: Match) -> list[OwnColumn]:
    """Return what looks like a caller's whole name or number in each column that may hold any.

    ``rows`` are as the export has them. A column without any, or that repeats another, is left out.
    """
    found: list[OwnColumn] = []
    for header in _personal(rows.column_names, match):
        cells = single(rows.column(header))
        columns = [OwnColumn(_numbers_in(cells), hide_number)]
        if not _OTHER.search(header):
            columns.append(OwnColumn(_names_in(cells), hide_name))
        if _OF_A_PERSON.search(header):
            columns.append(OwnColumn(_latin_names_in(cells), hide_latin_name))
        for column in columns:
            values = column.values
            if values.null_count < len(values) and not any(values.equals(other.values) for other in found):
                found.append(column)
    return found


def hide_names(texts: Mapping[str, pa.Array], own: Sequence[OwnColumn]) -> dict[str, pa.Array]:
    """Return columns of text without what is their rows' own; a column without any is the same."""
    hidden = dict(texts)
    for column in own:
        sought = _Sought(column.values)
        for group in _groups(hidden) if len(sought.rows) else ():
            rows = sought.rows_with_name([hidden[name] for name in group])
            hidden |= {name: _hide(hidden[name], column, rows) for name in group if len(rows)}
    return hidden


def without_own_names(rows: pa.Table, match: Match) -> pa.Table:
    """Return an export's rows with their callers' names and numbers hidden in the columns of text."""
    names = own_names(rows, match)
    told = {*match.unmapped, *(header for field in LONG_TEXTS for header in match.mapping.get(field, ()))}
    texts = {name: single(rows.column(name)) for name in rows.column_names if names and name in told}
    for header, shown in hide_names(texts, names).items():
        rows = rows.set_column(rows.column_names.index(header), header, shown)
    return rows


def without_names_of(text: str, row: Mapping[str, str], match: Match) -> str:
    """Return the text of a rejected row without the given names among its cells, which may be displaced."""
    headers = _personal(list(row), match)
    if all(_OTHER.search(name) for name in headers):
        return text
    cells = pa.array(list(row.values()), pa.string())
    for name in dict.fromkeys(_names_in(cells).drop_null().to_pylist()):
        text = hide_name(text, name)
    return text


def _personal(header: Sequence[str], match: Match) -> list[str]:
    return [name for name in (*match.drop, *match.mapping.get("caller_key", ())) if name in header]


def _names_in(column: pa.Array) -> pa.Array:
    encoded = column.dictionary_encode()
    plain = pc.replace_substring_regex(encoded.dictionary, _BLANKS, "")
    are_names = pc.and_not(
        pc.match_substring_regex(plain, _NAME), pc.match_substring_regex(plain, NO_OWN_NAME)
    )
    names = pc.if_else(are_names, plain, pa.scalar(None, pa.string()))
    return names.take(encoded.indices)


def _latin_names_in(column: pa.Array) -> pa.Array:
    encoded = column.dictionary_encode()
    plain = pc.utf8_trim_whitespace(encoded.dictionary)
    are_names = pc.and_not(
        pc.match_substring_regex(plain, LATIN_NAME), pc.match_substring_regex(plain, _NOBODY)
    )
    return pc.if_else(are_names, plain, pa.scalar(None, pa.string())).take(encoded.indices)


def _numbers_in(column: pa.Array) -> pa.Array:
    if pc.all(pc.match_substring_regex(column, _MOBILE)).as_py():
        return pa.nulls(len(column), pa.string())
    encoded = column.dictionary_encode()
    are_numbers = pc.match_substring_regex(encoded.dictionary, PHONE_CELL)
    digits = pc.replace_substring_regex(encoded.dictionary, r"\.0$|\D+", "")
    are_numbers = pc.and_(are_numbers, pc.match_substring_regex(digits, LOCAL_NUMBER))
    local = pc.replace_substring_regex(digits, LOCAL_NUMBER, r"\1\2")
    return pc.if_else(are_numbers, local, pa.scalar(None, pa.string())).take(encoded.indices)


def _groups(texts: Mapping[str, pa.Array]) -> list[list[str]]:
    """Return the columns to be looked through together: a look takes as long as a short text."""
    short = [name for name, column in texts.items() if column.nbytes < _SHORT * len(column)]
    return [*([short] if short else []), *([name] for name in texts if name not in short)]


class _Sought:
    """A column of names, as bytes: most texts have none, and bytes need not be made into strings to tell."""

    def __init__(self, names: pa.Array) -> None:
        self.rows = np.flatnonzero(np.asarray(pc.is_valid(names)))
        self._names = names.drop_null().cast(pa.binary()).to_pylist()

    def rows_with_name(self, columns: Sequence[pa.Array]) -> NDArray[np.int64]:
        """Return the rows where one of the texts has the name."""
        texts = columns[0] if len(columns) == 1 else _joined(columns)
        _, offsets, data = texts.buffers()
        ends = np.frombuffer(offsets, np.int32)[texts.offset :]
        places = map(
            (data.to_pybytes() if data else b"").find,
            self._names,
            ends[self.rows].tolist(),
            ends[self.rows + 1].tolist(),
        )
        held: NDArray[np.int64] = self.rows[np.fromiter(places, np.int64, len(self.rows)) >= 0]
        return held


def _joined(columns: Sequence[pa.Array]) -> pa.Array:
    return single(pc.binary_join_element_wise(*columns, "\n", null_handling="replace", null_replacement=""))


def _hide(texts: pa.Array, own: OwnColumn, rows: NDArray[np.int64]) -> pa.Array:
    before = texts.take(rows).to_pylist()
    pairs = zip(before, own.values.take(rows).to_pylist(), strict=True)
    after = [text and own.hide(text, value) for text, value in pairs]
    if after == before:
        return texts
    has = np.zeros(len(texts), bool)
    has[rows] = True
    return pc.replace_with_mask(texts, pa.array(has), pa.array(after, pa.string()))
