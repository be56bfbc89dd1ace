"""Find the header row by content, and make its names usable.

Title rows, record counts and notes may stand above it; it may be up to three rows high with merged cells.
Names that the layouts know speak for a row, and so do values of another kind below it; either is enough.
"""

import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hotline_tools.column_names import without_remark
from hotline_tools.errors import NoHeaderError
from hotline_tools.sources.detect.shape import (
    LONGEST_NAME,
    is_data_like,
    may_be_names,
    shape_below,
)

SEARCH_ROWS = 40
_LAYOUT_NEW = (
    "如果这确实是工单表，请用 hotline layout new 文件 起草一份版式，再用 --layout 指定它；"
    "文件没有表头行的，请先在第一行之上写好列名。"
)
_UNITS = re.compile(
    r"[(\[【]\s*(?:单位[::]?\s*)?(?:万?元|小时|分钟|秒|天|日|工作日|个|次|条|件|分|人|岁|%|米|年月日|时间"
    r"|[yY]{2,4}[-/.]?[mM]{1,2}[-/.]?[dD]{1,2}.*|必填|选填|可选|\*)\s*[)\]】]$"
)
_EDGE = "*:;,、· \t"
_CJK_BREAK = re.compile(r"(?<=[\u2e80-\u9fff)])\s+(?=[\u2e80-\u9fff(])")
_FEW_CASES = 3
"""Rows below which a table without a header may be anything, and those above a header may be notes."""
_SHAPED, _COVERING = 2.0, 6.0
"""Weights of a header's shape and of how many of the values stand below its names; a known name has 1."""

Evidence = Literal["names", "values", "guess", "none"]
"""Why a row is the header: its names are known; times with texts or codes stand below it; texts alone do;
no row is, the first of cases stands where a header should.
"""


@dataclass(frozen=True)
class Header:
    """Where the header is (``index`` of its last row in the searched rows) and what it says."""

    index: int
    names: tuple[str, ...]
    originals: tuple[str, ...]
    known: int
    """How many of the names some layout knows."""
    rows: int = 1
    """How high it is; 0 where there is none, and the first case stands at ``index`` + 1."""
    evidence: Evidence = "names"
    title: str = ""
    """What stands above it."""


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
    go by shape alone. Rows of cases without any header have names by their place.
    """
    rows = rows[:SEARCH_ROWS]
    names = () if known is None else known
    best, best_score = None, 0.0
    for index, row in enumerate(rows):
        single = Header(index, unique_names(row), tuple(row), _known_count(row, names))
        candidates = [(single, row)]
        candidates += [
            (header, header.originals) for header in _stacked(rows[index : index + 3], names, index)
        ]
        for header, cells in candidates:
            judged = _judged(header, cells, rows[header.index + 1 :])
            if judged is not None and judged[0].evidence != "names" and _has_cases(rows[:index], cells):
                continue
            # of two that say the same the upper one
            if judged is not None and judged[1] > best_score:
                best, best_score = judged
    if best is None and known is None:
        best = _first_names(rows)
    best = best or _without_names(rows)
    return best and replace(best, title=_text_of(rows[: best.index - best.rows + 1]))


def _text_of(rows: Sequence[Sequence[str]]) -> str:
    """The cells above a header; a merged title may be written in each of its cells."""
    return " ".join(dict.fromkeys(cell.strip() for row in rows for cell in row if cell.strip()))


def are_names(names: Sequence[str], rows: Sequence[Sequence[str]], known: Container[str] | None) -> bool:
    """Whether names that a format marks as such (keys of objects) are those of a table of cases."""
    header = Header(0, tuple(names), tuple(names), _known_count(names, known or ()))
    shape = shape_below(names, rows)
    return known is None or _is_named(header) or (shape is not None and shape.is_table)


def _first_names(rows: Sequence[Sequence[str]]) -> Header | None:
    """The first wide row that can be names, whatever stands below: somebody will look at the draft."""
    wide = max((sum(1 for cell in row if cell.strip()) for row in rows), default=0)
    for index, row in enumerate(rows):
        if may_be_names(row) and sum(1 for cell in row if cell.strip()) >= 0.6 * wide:
            return Header(index, unique_names(row), tuple(row), 0, evidence="guess")
    return None


def _without_names(rows: Sequence[Sequence[str]]) -> Header | None:
    """Names by place where every row is a case: a time and a text in the first row as in all below it."""
    width = max(map(len, rows), default=0)
    first = next((index for index, row in enumerate(rows) if len(row) == width and _is_full(row)), 0)
    cases = rows[first:]
    names = tuple(f"列{place}" for place in range(1, width + 1))
    shape, own = shape_below(names, cases), shape_below(names, cases[:1])
    if len(cases) < _FEW_CASES or shape is None or not shape.texts or own is None:
        return None
    if not min(shape.times, own.times):
        return None
    return Header(first - 1, names, names, 0, rows=0, evidence="none")


def _has_cases(above: Sequence[Sequence[str]], names: Sequence[str]) -> bool:
    """Whether several rows as wide and as full as the names stand above them, as titles and notes do not."""
    return sum(len(row) == len(names) and _is_full(row) for row in above) >= _FEW_CASES


def _is_full(row: Sequence[str]) -> bool:
    return sum(1 for cell in row if cell.strip()) >= 0.6 * len(row)


def _is_named(header: Header) -> bool:
    filled = sum(1 for cell in header.originals if cell.strip())
    return header.known >= (2 if filled > 2 else 1) and header.known >= filled / 8


def _judged(
    header: Header, cells: Sequence[str], below: Sequence[Sequence[str]]
) -> tuple[Header, float] | None:
    """The header with its score; None when neither its names nor its shape speak for it."""
    named, nameable = _is_named(header), may_be_names(cells)
    if not named and not nameable:
        return None
    shape = shape_below(cells, below)
    shaped = nameable and shape is not None and shape.is_table
    if not named and not shaped:
        return None
    coverage = 1.0 if shape is None else shape.coverage
    score = header.known * coverage + _SHAPED * shaped + _COVERING * coverage - 0.1 * header.rows
    if not named and shape is not None:
        header = replace(header, evidence="values" if shape.is_rich else "guess")
    return header, score


def _known_count(row: Sequence[str], known: Container[str]) -> int:
    names = {without_remark(clean_name(cell)) for cell in row}
    return sum(1 for name in names if name and len(name) <= LONGEST_NAME and name in known)


def _stacked(rows: Sequence[Sequence[str]], known: Container[str], index: int) -> Iterator[Header]:
    """The headers of two and of three rows that begin with the first of ``rows``, number ``index``."""
    names, originals = list(rows[0]), list(rows[0])
    for below, row in enumerate(rows[1:], start=1):
        joined = _two_rows(names, originals, row, known)
        if joined is None:
            return
        names, originals = joined
        found = len({name for name in names if name in known})
        yield Header(index + below, unique_names(names), tuple(originals), found, rows=below + 1)


def _two_rows(
    top: Sequence[str], written: Sequence[str], bottom: Sequence[str], known: Container[str]
) -> tuple[list[str], list[str]] | None:
    """A merged header: group names above, column names below, single columns only above (or only below).

    Returns the names and what is written (``written`` above).
    """
    width = max(len(top), len(bottom))
    upper = [*top, *[""] * (width - len(top))]
    lower = [*bottom, *[""] * (width - len(bottom))]
    filled_below = [cell for cell in lower if cell.strip()]
    if len(filled_below) < 2 or any(is_data_like(c) or len(c) > 30 for c in filled_below):
        return None
    only_above = sum(1 for a, b in zip(upper, lower, strict=True) if a.strip() and not b.strip())
    if not only_above or not any(b.strip() and not a.strip() for a, b in zip(upper, lower, strict=True)):
        return None
    names, originals, group = [], [], ""
    first = [*written, *[""] * (width - len(written))]
    for above, said, below in zip(upper, first, lower, strict=True):
        group = above if above.strip() else group if below.strip() else ""
        names.append(_joined_name(clean_name(group), clean_name(below), known))
        originals.append("\n".join(part for part in (said.strip(), below.strip()) if part))
    return names, originals


def _joined_name(group: str, name: str, known: Container[str]) -> str:
    if not name or not group:
        return name or group
    if group + name in known:
        return group + name
    return name if name in known else f"{group}-{name}"


def no_header(where: str, rows: Sequence[Sequence[str]]) -> NoHeaderError:
    """No row has the names of known columns or the shape of a header; shows the first row with anything."""
    first = next((row for row in rows if any(cell.strip() for cell in row)), [])
    shown = "、".join(cell.strip()[:12] for cell in first[:6] if cell.strip())
    seen = f"（第一行是：{shown}…）" if shown else ""
    return NoHeaderError(f"没有找到认识的表头{seen}", where=where, remedy=_LAYOUT_NEW)
