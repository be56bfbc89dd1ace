"""Is a compound file (Microsoft's old container) sound enough to be read?

A damaged allocation table can hold a circle, and a reader that follows it never ends and takes all memory.
So each chain is followed here first. Layout: [MS-CFB], sections 2.2 to 2.6.
"""

import struct
from collections.abc import Collection, Iterator
from typing import NamedTuple

_HEADER = 512
_FREE = 0xFFFFFFFA
"""From here on a sector number is a mark: end of chain, free, part of the table itself."""
_ENTRY = 128
_STREAM, _ROOT = 2, 5
_MINI_SHIFT = 6


def read_streams(data: bytes, wanted: Collection[str]) -> dict[str, bytes] | None:
    """The streams called as ``wanted``; None unless every chain of sectors ends, and within the file."""
    if len(data) < _HEADER:
        return None
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    directory, _, cutoff, mini_start, _, difat = struct.unpack_from("<IIIIII", data, 48)
    if shift not in (9, 12) or mini_shift != _MINI_SHIFT:
        return None
    size = 1 << shift
    table = _table(data, size, difat)
    if table is None:
        return None
    sectors, minis = _chain(table, directory), _chain(table, mini_start)
    if not sectors or minis is None:
        return None
    mini_table = _numbers(data, minis, size)
    small = b""
    found: dict[str, bytes] = {}
    for entry in _entries(b"".join(_sector(data, sector, size) for sector in sectors)):
        is_small = entry.kind == _STREAM and entry.length < cutoff
        chain = _chain(mini_table if is_small else table, entry.start) if entry.length else []
        if chain is None:
            return None
        if entry.kind == _ROOT:
            small = b"".join(_sector(data, sector, size) for sector in chain)
        elif entry.name in wanted:
            # the first of the small sectors is number 0: there is no header before it
            parts = (_small(small, n) if is_small else _sector(data, n, size) for n in chain)
            found[entry.name] = b"".join(parts)[: entry.length]
    return found


class _Entry(NamedTuple):
    name: str
    kind: int
    start: int
    length: int


def _entries(directory: bytes) -> Iterator[_Entry]:
    """The root comes first."""
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        raw = directory[at : at + _ENTRY]
        if raw[66] in (_STREAM, _ROOT):
            name = raw[: max(0, min(64, raw[64]) - 2)].decode("utf-16-le", "replace")
            yield _Entry(name, raw[66], *struct.unpack_from("<II", raw, 116))


def _small(small: bytes, number: int) -> bytes:
    return small[number << _MINI_SHIFT : (number + 1) << _MINI_SHIFT]


def _table(data: bytes, size: int, difat: int) -> list[int] | None:
    """The allocation table: for each sector the one that follows it."""
    places = list(struct.unpack_from("<109I", data, 76))
    seen: set[int] = set()
    while difat < _FREE:
        found = _numbers(data, [difat], size)
        if difat in seen or not found:
            return None
        seen.add(difat)
        places += found[:-1]
        difat = found[-1]
    return _numbers(data, [place for place in places if place < _FREE], size)


def _chain(table: list[int], start: int) -> list[int] | None:
    """The sectors from ``start`` to the end; None when there is none or the table does not know one."""
    chain: list[int] = []
    while start < _FREE:
        if start >= len(table) or len(chain) > len(table):
            return None
        chain.append(start)
        start = table[start]
    return chain


def _numbers(data: bytes, sectors: list[int], size: int) -> list[int]:
    whole = b"".join(_sector(data, sector, size) for sector in sectors)
    return list(struct.unpack(f"<{len(whole) // 4}I", whole[: len(whole) // 4 * 4]))


def _sector(data: bytes, number: int, size: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size]
