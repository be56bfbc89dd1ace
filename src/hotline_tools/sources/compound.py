"""Is a compound file (Microsoft's old container) sound enough to be read?

A damaged allocation table can hold a circle, and a reader that follows it never ends and takes all memory.
So each chain is followed here first. Layout: [MS-CFB], sections 2.2 to 2.6.
"""

import struct
from pathlib import Path

_HEADER = 512
_FREE = 0xFFFFFFFA
"""From here on a sector number is a mark: end of chain, free, part of the table itself."""
_ENTRY = 128
_STREAM, _ROOT = 2, 5


def is_sound(path: Path) -> bool:
    """Whether every chain of sectors ends, and within the file."""
    data = path.read_bytes()
    if len(data) < _HEADER:
        return False
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    directory, _, cutoff, mini_start, _, difat = struct.unpack_from("<IIIIII", data, 48)
    if shift not in (9, 12) or mini_shift != 6:
        return False
    size = 1 << shift
    table = _table(data, size, difat)
    if table is None:
        return False
    sectors = _chain(table, directory)
    minis = _chain(table, mini_start)
    if not sectors or minis is None:
        return False
    mini_table = _numbers(data, minis, size)
    entries = b"".join(_sector(data, sector, size) for sector in sectors)
    return all(
        _entry_is_sound(entries[at : at + _ENTRY], table, mini_table, cutoff)
        for at in range(0, len(entries) - _ENTRY + 1, _ENTRY)
    )


def _entry_is_sound(entry: bytes, table: list[int], mini_table: list[int], cutoff: int) -> bool:
    kind = entry[66]
    start, length = struct.unpack_from("<II", entry, 116)
    if kind not in (_STREAM, _ROOT) or not length:
        return True
    numbers = mini_table if kind == _STREAM and length < cutoff else table
    return _chain(numbers, start) is not None


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
