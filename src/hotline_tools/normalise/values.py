"""Cells → codes, integers, booleans; placeholders → null. Distinct values are looked at once."""

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotline_tools.layouts import code_of, value_key
from hotline_tools.schema import RequestType, Status
from hotline_tools.text import fold

_NAMED_TYPES = [kind.value for kind in RequestType if kind is not RequestType.OTHER]
_WORK = (
    "(?:整改|整治|维修|修复|抢修|施工|核实|核查|调查|排查|确认|安排|协调|跟进|沟通|督办|督促|审核|审批|解决"
    "|回复|答复|反馈|流转|接(?!通)|[派分交转签受处办结])"
)
"""How words for steps of an order begin."""
_UNDER_WAY = re.compile(
    r"已(?:经)?(?:转[送办交派介发]|[交分承]办|[派分]单|[派下分][发遣]|受理|登记|立案|签收|接[收单])[\u4e00-\u9fff]{0,2}|"
    rf"(?:正在|等待|尚未|未|待){_WORK}[\u4e00-\u9fff]{{0,3}}|(?:正在)?{_WORK}[\u4e00-\u9fff]{{0,2}}中"
)
"""已转送, 整改中, 待维修, 尚未整改."""
_MENDED = re.compile(
    r"已(?:经|全部)?(?:整改|修复|维修|抢修|清理|清运|拆除|恢复|更换|化解|消除|[结办销完])[\u4e00-\u9fff]{0,2}"
)
"""已整改, 已全部拆除."""
_ASTERISKS = "*＊"
_HIDDEN = re.compile(rf"[{_ASTERISKS}][{_ASTERISKS} ]*")
_MOST_BYTES = 4
"""Of one character in UTF-8."""
TRUE_WORDS = frozenset({"是", "有", "已响应", "响应", "true", "yes", "y", "1", "√"})
FALSE_WORDS = frozenset({"否", "无", "未响应", "没有", "false", "no", "n", "0", "×"})


@dataclass(frozen=True)
class Read:
    """A converted column, and the cells that could not be converted (null elsewhere)."""

    values: pa.Array
    refused: pa.Array


def map_distinct(column: pa.Array, function: Callable[[str], str | None]) -> pa.Array:
    """Apply ``function`` to each distinct string of ``column``."""
    encoded = column.dictionary_encode()
    mapped = pa.array([function(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return mapped.take(encoded.indices)


def blank_placeholders(column: pa.Array, placeholders: AbstractSet[str]) -> pa.Array:
    """Turn cells that only say "nothing here" into nulls; ``placeholders`` are folded.

    A cell of asterisks alone is what a platform shows instead of a value it hides.
    """
    if column.null_count == len(column):
        return column
    longest = max(map(len, placeholders), default=0) + 2
    beginning = _beginning(frozenset(placeholders))
    likely = _likely(column, beginning, longest)
    if not likely.any():
        return column
    empty = [
        text
        for text in column.filter(pa.array(likely)).unique().to_pylist()
        if _HIDDEN.fullmatch(text)
        or (
            len(text) <= longest
            and text.lstrip(" ")[:1] in beginning.chars
            and value_key(text) in placeholders
        )
    ]
    if not empty:
        return column
    found = pc.is_in(column, value_set=pa.array(empty, pa.string()))
    return pc.if_else(found, pa.scalar(None, pa.string()), column)


@dataclass(frozen=True)
class _Beginning:
    """How a placeholder may begin: few texts begin so, and only those few need folding."""

    chars: frozenset[str]
    """The characters that fold to the first one of a placeholder."""
    codes: NDArray[np.bool_]
    """The same, by their codes of the basic plane."""
    leads: NDArray[np.bool_]
    """The first bytes of these and of the asterisks in UTF-8."""


def _likely(column: pa.Array, beginning: _Beginning, longest: int) -> NDArray[np.bool_]:
    """Tell which cells may be placeholders by their first character and their length."""
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
    data = np.frombuffer(column.buffers()[2] or b"", np.uint8)
    sizes, likely = np.diff(offsets), np.zeros(len(column), bool)
    if not len(data):
        return likely
    maybe = beginning.leads[data.take(offsets[:-1], mode="clip")] & (sizes > 0)
    rows = np.flatnonzero(maybe & np.asarray(pc.is_valid(column)) if column.null_count else maybe)
    first = _first_characters(data, offsets[rows], sizes[rows])
    short = sizes[rows] <= _MOST_BYTES * longest
    likely[rows] = _HIDES[first] | (beginning.codes[first] & short)
    return likely


def _first_characters(
    data: NDArray[np.uint8], starts: NDArray[np.int32], sizes: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return the code of the first character of each cell, 0 where it is beyond the basic plane."""
    lead, second, third = (
        np.where(sizes > place, data.take(starts + place, mode="clip"), 0).astype(np.int32)
        for place in range(3)
    )
    two = (lead & 0x1F) << 6 | second & 0x3F
    three = (lead & 0x0F) << 12 | (second & 0x3F) << 6 | third & 0x3F
    return np.select([lead < 0x80, lead < 0xE0, lead < 0xF0], [lead, two, three], 0)


@lru_cache(maxsize=256)
def _beginning(placeholders: frozenset[str]) -> _Beginning:
    firsts = {text[0] for text in placeholders}
    folding = frozenset(char for char, folded in _folded_characters().items() if folded[0] in firsts)
    chars = folding | {" "} if folding else folding
    leads = np.zeros(256, bool)
    leads[[char.encode()[0] for char in (*chars, *_ASTERISKS)]] = True
    return _Beginning(folding, _table(chars), leads)


def _table(chars: Iterable[str]) -> NDArray[np.bool_]:
    """Which codes of the basic plane are those of ``chars``."""
    table = np.zeros(1 << 16, bool)
    table[[ord(char) for char in chars]] = True
    return table


@cache
def _folded_characters() -> dict[str, str]:
    """Each character of the basic plane that a placeholder might begin with, folded."""
    ranges = (range(0x21, 0x2FF), range(0x2000, 0x2FFF), range(0x3001, 0xA000), range(0xF900, 0xFFF0))
    chars = [chr(code) for codes in ranges for code in codes]
    folded = fold("\n".join(chars)).split("\n")
    return {char: to for char, to in zip(chars, folded, strict=True) if to}


_HIDES = _table(_ASTERISKS)


def read_codes(column: pa.Array, table: Mapping[str, str], codes: tuple[str, ...]) -> Read:
    """Translate cells through ``table`` (folded text → code), see ``code_of``; a code itself stays."""
    known = {code: code for code in codes} | dict(table)
    values = map_distinct(column, lambda text: code_of(text, known))
    return Read(values, _refused(column, values))


def read_request_types(column: pa.Array, table: Mapping[str, str]) -> Read:
    """Read request types; a text that ``table`` does not know is the one type that it names (``求助类``)."""
    read = read_codes(column, table, tuple(RequestType))

    def named(text: str) -> str | None:
        found = [name for name in _NAMED_TYPES if name in value_key(text)]
        return found[0] if len(found) == 1 else None

    values = pc.coalesce(read.values, map_distinct(read.refused, named))
    return Read(values, _refused(column, values))


def read_statuses(column: pa.Array, table: Mapping[str, str], codes: tuple[str, ...]) -> Read:
    """Read statuses; what ``table`` does not know is told by its form: 整改中 is open, 已整改 is closed."""
    read = read_codes(column, table, codes)
    values = pc.coalesce(read.values, map_distinct(read.refused, _status_by_form))
    return Read(values, _refused(column, values))


def _status_by_form(text: str) -> str | None:
    word = value_key(text)
    if _UNDER_WAY.fullmatch(word):
        return Status.OPEN
    return Status.CLOSED if _MENDED.fullmatch(word) else None


def read_integers(column: pa.Array) -> Read:
    """Read whole numbers ≥ 0, as ``3``, ``3.0``, ``3次``, ``1,234``."""

    def digits(text: str) -> str | None:
        bare = value_key(text).replace(",", "").removesuffix("次").removesuffix("人").strip()
        whole, _, fraction = bare.partition(".")
        return whole if whole.isascii() and whole.isdigit() and not fraction.strip("0") else None

    values = map_distinct(column, digits)
    return Read(pc.cast(values, pa.int64()), _refused(column, values))


def read_booleans(column: pa.Array, table: Mapping[str, str]) -> Read:
    """Read yes/no cells; ``table`` may add words for ``true`` and ``false``."""

    def truth(text: str) -> str | None:
        word = value_key(text)
        if word in table:
            return table[word].lower()
        return "true" if word in TRUE_WORDS else "false" if word in FALSE_WORDS else None

    values = map_distinct(column, truth)
    return Read(pc.cast(values, pa.bool_()), _refused(column, values))


def _refused(column: pa.Array, values: pa.Array) -> pa.Array:
    return pc.if_else(pc.is_null(values), column, pa.scalar(None, pa.string()))
