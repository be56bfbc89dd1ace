"""Which columns are the category of an order, level by level."""

import re
from collections.abc import Mapping, Sequence

import pyarrow as pa

from hotline_tools.layouts.recognition.column import LEAST, Candidate
from hotline_tools.layouts.recognition.fit import values_score
from hotline_tools.layouts.recognition.header import LEVEL_WORDS
from hotline_tools.layouts.recognition.words import words_of

_LEAST_CATEGORY = 0.45
"""Score from which a column is a category: 工单类型 and 受理类型 are none."""
_NESTED = 0.95
"""Share of rows in which a level's value must follow from the next one's."""
_LEVEL = re.compile(
    r"([一二三四五六1-6])级|level ?_?([1-6])|(?<=[类型别签])([1-6])$|(?<=[a-z])(One|Two|Three|Four|Five)$"
    r"|(first|second|third|fourth|fifth)[ _]?level",
    re.IGNORECASE,
)
_LEVELS = "一二三四五六"
_KIND_LEVEL = re.compile(
    r"([大中小细子]类)(?:名称|名)?$"
    r"|(?<![a-z])(main|major|big|sup|parent|sub|minor|small)(?=[ _]?(?:type|category|class))",
    re.IGNORECASE,
)
_WIDTHS = (
    frozenset({"category", "domain", "class"}),
    frozenset({"type"}),
    frozenset({"descriptor", "detail"}),
)
_SUB = re.compile(r"(?<![a-z])sub[-_ ]?(?=[a-z])", re.IGNORECASE)
_UNTOLD = 9
_KINDS = 0.6
"""Score of cells from which they may be kinds of cases."""
CATEGORY = "original_category"
_CATEGORY_WORD = re.compile("(?:分类|类别|类型|目录)$")
_SUBJECTS = frozenset({"主题", "题目", "subject", "theme"})
_SEVERAL_KINDS, _MOSTLY = 3, 0.9
_ENGLISH_WORD = re.compile(r"[a-z]+")
_KIND_LEVELS = {
    "大类": 1,
    "中类": 2,
    "小类": 3,
    "细类": 4,
    "子类": 4,
    "main": 1,
    "major": 1,
    "big": 1,
    "sup": 1,
    "parent": 1,
    "sub": 3,
    "minor": 3,
    "small": 3,
}
"""Words of a level: 事件大类, main_type_name."""


def category_path(
    columns: Sequence[Candidate], scores: Mapping[str, float], sample: pa.Table
) -> tuple[str, ...]:
    """Return the columns of the category, the widest level first."""
    named = [column for column in columns if scores[column.header] >= LEAST]
    levels = _levels({c.header: scores[c.header] for c in named}) or _unnamed_levels(columns)
    fitting = [column for column in named if scores[column.header] >= _LEAST_CATEGORY]
    proper = [c for c in fitting if "category" in c.name.heads]
    # Where no name says category, a description of the order that comes again is one: SR Description.
    described = [c for c in fitting if "text" in c.name.heads]
    subjects = [c for c in fitting if "title" in c.name.heads and _is_of_few_kinds(c)]  # 所属主题
    proper = proper or [c for c in described if c.name.roles] or [c for c in described if _is_of_kinds(c)]
    proper = proper or subjects or [c for c in fitting if "project" in c.name.heads]
    if levels:
        between = [level for level in (1, 2) if level not in levels]
        told = [c for c in named if c.header in levels.values()]
        wholes = {_SUB.sub("", c.said).lower() for c in told}
        others = [c for c in proper if between and not _level(c.header)]
        others = [c for c in others if c.said.lower() in wholes or _nested(told, c, sample)]
        others = others or [c for c in columns if between and _is_whole_of(c, levels)]
        if others:  # Category, Subcategory; sup_type, type, sub_type
            other = max(others, key=lambda c: scores[c.header])
            first = min(told, key=lambda c: _level(c.header) or (0, ""))
            is_wider = other.values.distinct < first.values.distinct and other.said.lower() not in wholes
            levels[0 if is_wider else between[0]] = other.header  # 问题类型 (事件, 部件) is above 大类
        return tuple(levels[level] for level in sorted(levels))
    if not proper:
        return ()
    candidates = sorted(fitting if len(proper) > 1 else proper, key=lambda c: c.values.distinct)
    candidates = [c for c in candidates if not _repeats_others(c, candidates, sample)]
    wholes = {c.said.lower() for c in candidates}
    best = max(
        candidates,
        key=lambda c: (_SUB.sub("", c.said).lower() not in wholes - {c.said.lower()}, scores[c.header]),
    )
    path = [best]
    for column in candidates:
        if column is not best and _nested(path, column, sample):
            path.append(column)
    widths = [_width(column.said) for column in path]
    by_name = len(set(widths)) == len(widths)  # in a few rows a finer level may have fewer kinds
    path.sort(key=lambda c: _width(c.said) if by_name else c.values.distinct)
    return tuple(c.header for c in _with_parts(path, named))


def _with_parts(path: list[Candidate], named: list[Candidate]) -> list[Candidate]:
    """Put behind each level the column that is named as its part: Product, Sub-product."""
    parts = {_SUB.sub("", c.said, count=1).lower(): c for c in named if _SUB.search(c.said) and c not in path}
    found = []
    for column in path:
        part = parts.get(column.said.lower())
        found += [column, part] if part is not None else [column]
    return found


def _is_whole_of(column: Candidate, levels: Mapping[int, str]) -> bool:
    """Whether a column of kinds is named as what the levels divide: 事项 beside 事项二级分类."""
    stems = {_CATEGORY_WORD.sub("", found[1]) for name in levels.values() if (found := _level(name))}
    return column.said in stems and values_score(CATEGORY, column.values, {}) >= _KINDS


def _is_of_kinds(column: Candidate) -> bool:
    """Whether a column with the name of a text has a few kinds of cases: DESCRIPTION: Pothole, Graffiti."""
    return column.values.distinct >= _SEVERAL_KINDS and column.values.words > _MOSTLY


def _is_of_few_kinds(column: Candidate) -> bool:
    """Whether a column with the name of a subject has a handful of kinds that come again and again."""
    is_subject = any(word.text in _SUBJECTS for word in words_of(column.said)[-1:])
    return is_subject and column.values.come_again and column.values.distinct >= _SEVERAL_KINDS


def _width(name: str) -> int:
    """Return how fine a level is by its English name, 0 the widest: category, complaint type, descriptor."""
    found = [level for level, words in enumerate(_WIDTHS) if words & set(_ENGLISH_WORD.findall(name.lower()))]
    return max(found, default=_UNTOLD)


def _levels(scores: Mapping[str, float]) -> dict[int, str]:
    """Return level → column; of two series (一级分类…, 新一级分类…) the better one, never a level of each."""
    series: dict[str, dict[int, str]] = {}
    for header in scores:
        if (found := _level(header)) is not None:
            series.setdefault(found[1], {}).setdefault(found[0], header)
    levels: dict[int, str] = {}
    for columns in sorted(series.values(), key=lambda c: -sum(scores[header] for header in c.values())):
        if not levels.keys() & columns.keys():  # 一级分类 and 二级标签 belong together
            levels |= columns
    return levels


def _unnamed_levels(columns: Sequence[Candidate]) -> dict[int, str]:
    """Return the levels of a series whose names say only that (一级定性) and whose cells are kinds."""
    vague = [c for c in columns if not c.name.heads and values_score(CATEGORY, c.values, {}) >= _KINDS]
    found = {c.header: level for c in vague if (level := _level(c.header)) is not None}
    stems = {stem for _, stem in found.values()}
    return {level: header for header, (level, _) in found.items()} if len(stems) == 1 < len(found) else {}


def _level(header: str) -> tuple[int, str] | None:
    """Return the level that a header names and the rest of it; None where it names none."""
    if found := _LEVEL.search(header):
        mark = next(group for group in found.groups() if group)
        level = int(mark) if mark.isdigit() else _levels_by_word()[mark.lower()]
    elif found := _KIND_LEVEL.search(header):
        level = _KIND_LEVELS[(found[1] or found[2]).lower()]
    else:
        return None
    return level, header[: found.start()] + header[found.end() :]


def _levels_by_word() -> dict[str, int]:
    return {word: at for words in (_LEVELS, *LEVEL_WORDS) for at, word in enumerate(words, 1)}


def _pairs(one: str, other: str, sample: pa.Table) -> int:
    """Return how many different pairs of values two columns have."""
    both = pa.table({"a": sample.column(one), "b": sample.column(other)})
    return int(both.group_by(["a", "b"]).aggregate([]).num_rows)


def _nested(path: list[Candidate], column: Candidate, sample: pa.Table) -> bool:
    """Whether, of each two levels, the value of the finer tells that of the coarser."""
    return all(
        _pairs(level.header, column.header, sample) * _NESTED
        <= max(level.values.distinct, column.values.distinct) + 1
        for level in path
    )


def _repeats_others(column: Candidate, columns: list[Candidate], sample: pa.Table) -> bool:
    """Whether the column only joins what two others say, as ``Streets-Pothole-District 3``."""
    cells = sample.column(column.header).slice(0, 50).to_pylist()
    inside = 0
    for other in columns:
        if other is column or other.values.length >= column.values.length:
            continue
        others = sample.column(other.header).slice(0, 50).to_pylist()
        pairs = [(a, b) for a, b in zip(cells, others, strict=True) if a and b]
        inside += bool(pairs) and all(b.strip() in a for a, b in pairs)
    return inside >= 2
