"""Find the header row by content, and make its names usable.

Title rows may stand above it; it may be two rows high with merged cells. With the names that the
layouts know, the row that holds most of them wins; without, the first row that has the shape of a header.
"""

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass

from hotline_tools.dates import STARTS_WITH_DAY
from hotline_tools.errors import NoHeaderError

SEARCH_ROWS = 40
_LAYOUT_NEW = "如果这确实是工单表，请用 hotline layout new 文件 起草一份版式，再用 --layout 指定它。"
_UNITS = re.compile(
    r"[(\[【]\s*(?:单位[::]?\s*)?(?:万?元|小时|分钟|秒|天|日|工作日|个|次|条|件|分|人|岁|%|米|年月日|时间"
    r"|[yY]{2,4}[-/.]?[mM]{1,2}[-/.]?[dD]{1,2}.*|必填|选填|可选|\*)\s*[)\]】]$"
)
_EDGE = "*:;,、· \t"
_CJK_BREAK = re.compile(r"(?<=[\u2e80-\u9fff)])\s+(?=[\u2e80-\u9fff(])")
_DATA_LIKE = re.compile(rf"^[\s\d.,:/+%￥$-]+$|^https?://|{STARTS_WITH_DAY}")


@dataclass(frozen=True)
class Header:
    """Where the header is (``index`` of its last row in the searched rows) and what it says."""

    index: int
    names: tuple[str, ...]
    originals: tuple[str, ...]
    known: int
    rows: int = 1


def clean_name(text: str) -> str:
    """A header cell as people would say it: NFKC, no line breaks, padding, units or required-marks."""
    name = _CJK_BREAK.sub("", " ".join(unicodedata.normalize("NFKC", text).split()))
    name = name.strip(_EDGE)
    return _UNITS.sub("", name).strip(_EDGE) or name


def unique_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Cleaned and unique: an empty cell becomes ``列N``, the second ``时间`` becomes ``时间_2``."""
    seen: dict[str, int] = {}
    names = []
    for position, cell in enumerate(cells, start=1):
        base = clean_name(cell) or f"列{position}"
        name, count = base, seen.get(base, 0)
        while name in seen:
            count += 1
            name = f"{base}_{count + 1}" if count else base
        seen[base] = max(count, seen.get(base, 0))
        seen.setdefault(name, 0)
        names.append(name)
    return tuple(names)


def find_header(rows: Sequence[Sequence[str]], known: Container[str] | None) -> Header | None:
    """The header among the first rows of a table, or None.

    ``known`` answers whether a cleaned name is the name of a column that some layout knows; None means:
    go by shape alone.
    """
    rows = rows[:SEARCH_ROWS]
    if known is None:
        return _by_shape(rows)
    best: Header | None = None
    for index, row in enumerate(rows):
        found = _known_count(row, known)
        filled = sum(1 for cell in row if cell.strip())
        if found < (2 if filled > 2 else 1) or found < filled / 8:
            continue
        if best is None or found > best.known:
            best = Header(index, unique_names(row), tuple(row), found)
    for index in range(len(rows) - 1):
        pair = _two_rows(rows[index], rows[index + 1], known, index)
        if pair is not None and (best is None or pair.known > best.known):
            best = pair
    return best


def _known_count(row: Sequence[str], known: Container[str]) -> int:
    return len({name for cell in row if (name := clean_name(cell)) and len(name) <= 40 and name in known})


def _by_shape(rows: Sequence[Sequence[str]]) -> Header | None:
    widths = [sum(1 for cell in row if cell.strip()) for row in rows]
    wide = max(widths, default=0)
    for index, row in enumerate(rows):
        cells = [cell.strip() for cell in row if cell.strip()]
        if not cells or len(cells) < 0.6 * wide or len(set(cells)) < len(cells):
            continue
        if any(_DATA_LIKE.match(cell) or len(cell) > 40 for cell in cells):
            continue
        return Header(index, unique_names(row), tuple(row), 0)
    return None


def _two_rows(top: Sequence[str], bottom: Sequence[str], known: Container[str], index: int) -> Header | None:
    """A merged header: group names above, column names below, single columns only above (or only below)."""
    width = max(len(top), len(bottom))
    upper = [*top, *[""] * (width - len(top))]
    lower = [*bottom, *[""] * (width - len(bottom))]
    filled_below = [cell for cell in lower if cell.strip()]
    if len(filled_below) < 2 or any(_DATA_LIKE.match(c.strip()) or len(c) > 30 for c in filled_below):
        return None
    only_above = sum(1 for a, b in zip(upper, lower, strict=True) if a.strip() and not b.strip())
    if not only_above or not any(b.strip() and not a.strip() for a, b in zip(upper, lower, strict=True)):
        return None
    names, originals, group = [], [], ""
    for above, below in zip(upper, lower, strict=True):
        group = above if above.strip() else group if below.strip() else ""
        names.append(_joined_name(clean_name(group), clean_name(below), known))
        originals.append("\n".join(part for part in (above.strip(), below.strip()) if part))
    found = len({name for name in names if name in known})
    return Header(index + 1, unique_names(names), tuple(originals), found, rows=2)


def _joined_name(group: str, name: str, known: Container[str]) -> str:
    if not name or not group:
        return name or group
    if group + name in known:
        return group + name
    return name if name in known else f"{group}-{name}"


def no_header(where: str, rows: Sequence[Sequence[str]]) -> NoHeaderError:
    """No row has the names of known columns; shows the first row that has anything."""
    first = next((row for row in rows if any(cell.strip() for cell in row)), [])
    shown = "、".join(cell.strip()[:12] for cell in first[:6] if cell.strip())
    seen = f"（第一行是：{shown}…）" if shown else ""
    return NoHeaderError(f"没有找到认识的表头{seen}", where=where, remedy=_LAYOUT_NEW)
