"""The names of callers that stand in columns of their own, hidden in the texts of their rows.

Such a column is not stored, but it tells for certain what no pattern can: that the 何立夏 of the text is
who called.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotline_tools.layouts import Match
from hotline_tools.layouts.recognition.cell_patterns import PLACE_ENDS
from hotline_tools.normalise.fields import LONG_TEXTS, single
from hotline_tools.privacy import NO_OWN_NAME, hide_name
from hotline_tools.surnames import COMPOUND_SURNAMES, SURNAMES, TRADITIONAL_SURNAMES

_NAME = rf"^(?:{COMPOUND_SURNAMES}|[{SURNAMES}{TRADITIONAL_SURNAMES}])\p{{Han}}?[^\P{{Han}}{PLACE_ENDS}]$"
"""A whole name and no 高新区."""
_OTHER = re.compile(
    r"族|籍|国|省|城市|地区|区域|职业|职务|面貌|学历|性别|婚姻|单位|地址|住|电话|手机|号码?$|邮|年龄|生日|类型|类别|身份|方式|账号|卡"
)
"""Words of headers of what is a person's own and no name: 民族 has 满族, 籍贯 has 江苏."""
_SHORT = 200
"""Mean bytes of a short text."""
_BLANKS = r"[\s\x{3000}]+"


def own_names(rows: pa.Table, match: Match) -> list[pa.Array]:
    """Return what looks like a caller's whole name in each column that may hold any; null for other cells.

    ``rows`` are as the export has them. A column without a name, or that repeats another, is left out.
    """
    found: list[pa.Array] = []
    for header in _headers(rows.column_names, match):
        names = _names_in(single(rows.column(header)))
        if names.null_count < len(names) and not any(names.equals(other) for other in found):
            found.append(names)
    return found


def hide_names(texts: Mapping[str, pa.Array], names: Sequence[pa.Array]) -> dict[str, pa.Array]:
    """Return columns of text without the given names of their rows; a column without one is the same."""
    hidden = dict(texts)
    for column in names:
        sought = _Sought(column)
        for group in _groups(hidden) if len(sought.rows) else ():
            rows = sought.rows_with_name([hidden[name] for name in group])
            hidden |= {name: _hide(hidden[name], column, rows) for name in group if len(rows)}
    return hidden


def without_own_names(rows: pa.Table, match: Match) -> pa.Table:
    """Return an export's rows with their callers' names hidden in the columns of text."""
    names = own_names(rows, match)
    told = {*match.unmapped, *(header for field in LONG_TEXTS for header in match.mapping.get(field, ()))}
    texts = {name: single(rows.column(name)) for name in rows.column_names if names and name in told}
    for header, shown in hide_names(texts, names).items():
        rows = rows.set_column(rows.column_names.index(header), header, shown)
    return rows


def without_names_of(text: str, row: Mapping[str, str], match: Match) -> str:
    """Return the text of a rejected row without the given names among its cells, which may be displaced."""
    if not _headers(list(row), match):
        return text
    cells = pa.array(list(row.values()), pa.string())
    for name in dict.fromkeys(_names_in(cells).drop_null().to_pylist()):
        text = hide_name(text, name)
    return text


def _headers(header: Sequence[str], match: Match) -> list[str]:
    personal = (*match.drop, *match.mapping.get("caller_key", ()))
    return [name for name in personal if name in header and not _OTHER.search(name)]


def _names_in(column: pa.Array) -> pa.Array:
    encoded = column.dictionary_encode()
    plain = pc.replace_substring_regex(encoded.dictionary, _BLANKS, "")
    are_names = pc.and_not(
        pc.match_substring_regex(plain, _NAME), pc.match_substring_regex(plain, NO_OWN_NAME)
    )
    names = pc.if_else(are_names, plain, pa.scalar(None, pa.string()))
    return names.take(encoded.indices)


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


def _hide(texts: pa.Array, names: pa.Array, rows: NDArray[np.int64]) -> pa.Array:
    before = texts.take(rows).to_pylist()
    pairs = zip(before, names.take(rows).to_pylist(), strict=True)
    after = [text and hide_name(text, name) for text, name in pairs]
    if after == before:
        return texts
    has = np.zeros(len(texts), bool)
    has[rows] = True
    return pc.replace_with_mask(texts, pa.array(has), pa.array(after, pa.string()))
