"""One assignment for all columns at once: each field gets the column that fits it best by name and values."""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
import pyarrow as pa
from scipy.optimize import linear_sum_assignment

from hotline_tools.dates import WRITTEN_CLOCK
from hotline_tools.layouts.recognition.names import HeaderName, is_personal, read_name, read_step, words_of
from hotline_tools.layouts.recognition.values import Values, values_score
from hotline_tools.schema import MAPPABLE

CATEGORY = "original_category"
LEAST = 0.3
"""Score in 0-1 below which a column is left in ``extra``."""
SURE = 0.6
"""Score from which nobody has to look."""
_SYNONYM = 0.95
"""Score of a name that a layout or the common list knows as it is."""
_LEAST_CATEGORY = 0.45
"""The same for a column of the category: 工单类型 and 受理类型 are none."""
_CLOCKS, _MOSTLY = 0.9, 0.8
_NO_VALUES = 0.5
"""Score of the values of a column that is empty in the sample: later rows may fill it."""
_EMPTY = 0.5
"""Factor for a column that is hardly filled."""
_TEXT = 8
"""Mean characters from which a column without a telling name may be the text."""
_VARIED, _MANY = 0.3, 100
"""Different values per filled cell, or their number, from which a column is a text and no name of a kind."""
_RECEIVER = 0.7
"""Factor for the unit that only received an order, where another one handles it."""
_NESTED = 0.95
"""Share of rows in which a level's value must follow from the next one's."""
_LEVEL = re.compile(r"([一二三四五六1-6])级|level ?_?([1-6])", re.IGNORECASE)
_LEVELS = "一二三四五六"
_KIND_LEVEL = re.compile(
    r"([大小细]类)(?:名称|名)?$|(?<![a-z])(main|major|big|sub|minor|small)(?=[ _]?(?:type|category|class))",
    re.IGNORECASE,
)
_KIND_LEVELS = {
    "大类": 1,
    "小类": 2,
    "细类": 3,
    "main": 1,
    "major": 1,
    "big": 1,
    "sub": 2,
    "minor": 2,
    "small": 2,
}
"""Words of a level: 事件大类, main_type_name."""


@dataclass(frozen=True)
class Assigned:
    """A field and the columns that fill it, with the evidence."""

    field: str
    headers: tuple[str, ...]
    score: float
    """0-1; from ``SURE`` on nobody has to look."""
    reason: str
    """In Chinese, for ``hotline inspect``."""


@dataclass(frozen=True)
class Recognition:
    """What a table's columns are."""

    assigned: tuple[Assigned, ...]
    rivals: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    """Field → other columns that could have filled it with their scores; they stay in ``extra``."""
    drop: tuple[str, ...] = ()
    """Columns of personal data that are not stored."""


@dataclass(frozen=True)
class _Candidate:
    header: str
    name: HeaderName
    values: Values


def recognise(
    header: Sequence[str],
    sample: pa.Table,
    *,
    synonyms: Mapping[str, Mapping[str, float]] | None = None,
    words: Mapping[str, Mapping[str, str]] | None = None,
    fields: Iterable[str] | None = None,
    placeholders: AbstractSet[str] = frozenset(),
) -> Recognition:
    """Recognise the columns ``header`` of a table from its first rows.

    ``synonyms``: field → header → score in 0-1 of names that are known as they are. ``words``: field → folded
    cell text → code, for coded fields. ``fields``: those still to be filled; all by default.
    ``placeholders``: folded texts that say nothing; a column of them alone is empty.
    """
    known = synonyms or {}
    asked = set(MAPPABLE if fields is None else fields)
    wanted = [name for name in MAPPABLE if name in asked]
    given = set(sample.column_names)
    empty = pa.array([], pa.string())
    columns = [
        _candidate(name, Values.of(sample.column(name) if name in given else empty, placeholders))
        for name in header
    ]
    by_header = {column.header: column for column in columns}
    drop = [column.header for column in columns if _is_personal(column)]
    free = [column for column in columns if column.header not in drop]
    scores = {
        name: {
            column.header: _score(name, column, known.get(name, {}), (words or {}).get(name, {}))
            for column in free
        }
        for name in wanted
    }
    if "department" in scores:
        scores["department"] = _of_the_handler(scores["department"], by_header)
    clocks = [column for column in free if column.values.clocks >= _CLOCKS]
    for name in wanted:
        if MAPPABLE[name].kind == "time":
            scores[name] |= {column.header: 0.0 for column in clocks}
    chosen = _assign({name: by for name, by in scores.items() if name != CATEGORY})
    assigned = [
        Assigned(
            name, _with_clock(column, name, free, clocks), score, _reason(name, by_header[column], known)
        )
        for name, column, score in chosen
    ]
    filled = {item.field for item in assigned}
    left = [column for column in free if column.header not in {h for item in assigned for h in item.headers}]
    assigned += _by_values_alone(left, set(wanted) - filled, filled)
    taken = {column for item in assigned for column in item.headers}
    if CATEGORY in wanted:
        left = [column for column in free if column.header not in taken]
        if path := _category_path(left, scores[CATEGORY], sample):
            best = max(scores[CATEGORY][name] for name in path)
            assigned.append(Assigned(CATEGORY, path, best, "逐级的分类列" if len(path) > 1 else "分类列"))
            taken |= set(path)
    phones = [c.header for c in free if c.header not in taken and "phone" in c.name.heads]
    rivals = {name: _rivals(by, taken) for name, by in scores.items()}
    return Recognition(tuple(assigned), {n: r for n, r in rivals.items() if r}, (*drop, *phones))


def _candidate(header: str, values: Values) -> _Candidate:
    """Read a column; one of times that names none goes by its step (Created, Closed, 签收)."""
    name = read_name(header)
    # Numbers may be ids that begin with their day: 20240302 92964.
    if values.times >= _CLOCKS > values.numbers and not name.heads & {"time", "limit", "id"}:
        name = read_step(header)
    return _Candidate(header, name, values)


def _rivals(scores: Mapping[str, float], taken: set[str]) -> tuple[tuple[str, float], ...]:
    """Return the columns that would have done for a field and fill no other, the best first."""
    left = [(header, round(score, 2)) for header, score in scores.items() if score >= LEAST]
    return tuple(sorted((item for item in left if item[0] not in taken), key=lambda item: -item[1]))


def _is_personal(column: _Candidate) -> bool:
    if not is_personal(column.header):
        return False
    return column.values.length <= 60 and column.values.times < 0.5


def _score(name: str, column: _Candidate, known: Mapping[str, float], words: Mapping[str, str]) -> float:
    by_name = max(known.get(column.header, 0.0), column.name.score(name, column.values.shapes))
    if not by_name:
        return 0.0
    by_values = values_score(name, column.values, words) if column.values.count else _NO_VALUES
    if not by_values:
        return 0.0
    # Of two columns for one field the fuller wins, unless its name says much less.
    fullness = _EMPTY + (1 - _EMPTY) * sqrt(column.values.fill) if column.values.rows else 1.0
    return by_name * (0.4 + 0.6 * by_values) * fullness


def _of_the_handler(scores: Mapping[str, float], columns: Mapping[str, _Candidate]) -> dict[str, float]:
    """Of units, put the one that took the order down behind one that handles it: 受理部门 and 办结单位."""
    handles = {"handle", "close", "answer"}
    least = max((s for h, s in scores.items() if _roles_of(columns[h]) & handles), default=0.0)
    if least < LEAST:
        return dict(scores)
    return {
        header: score * (_RECEIVER if _roles_of(columns[header]) == {"receive"} else 1.0)
        for header, score in scores.items()
    }


def _roles_of(column: _Candidate) -> frozenset[str]:
    return frozenset[str]().union(*column.name.roles)


def _by_values_alone(columns: list[_Candidate], wanted: set[str], filled: set[str]) -> list[Assigned]:
    """Where no name says which column is the text or the time: the longest text, the first full time."""
    found = []
    texts = [c for c in columns if c.values.words > 0.5 and c.values.length >= _TEXT and not c.name.heads]
    # The names of wards and councils are words too, but they come again.
    texts = [c for c in texts if c.values.distinct_share > _VARIED or c.values.distinct > _MANY]
    if "content" in wanted and not filled & {"content", "title"} and texts:
        longest = max(texts, key=lambda column: column.values.length)
        reason = f"没有认识的内容列，这一列文字最长（平均 {longest.values.length:.0f} 字）"
        found.append(Assigned("content", (longest.header,), LEAST, reason))
    times = [c for c in columns if c.values.times > _CLOCKS and not c.name.heads - {"time"}]
    times = [
        c for c in times if not c.values.numbers > _MOSTLY and not any("other" in r for r in c.name.roles)
    ]
    if "received_at" in wanted and not any(MAPPABLE[name].kind == "time" for name in filled) and times:
        fullest = max(times, key=lambda column: column.values.fill)
        found.append(Assigned("received_at", (fullest.header,), LEAST, "没有认识的时间列，这一列的值是时间"))
    return found


def _assign(scores: Mapping[str, Mapping[str, float]]) -> list[tuple[str, str, float]]:
    """Return (field, header, score) so that the sum of scores is the largest, each used once."""
    names = list(scores)
    headers = list(next(iter(scores.values()), {}))
    if not headers:
        return []
    matrix = np.array([[scores[name][header] for header in headers] for name in names])
    # Under the threshold nothing is gained, and a strong fit counts for more than two weak ones.
    gain = np.where(matrix >= LEAST, matrix**2, 0.0)
    rows, columns = linear_sum_assignment(-gain)
    return [
        (names[r], headers[c], round(float(matrix[r, c]), 3))
        for r, c in zip(rows, columns, strict=True)
        if gain[r, c] > 0
    ]


def _with_clock(
    header: str, name: str, columns: list[_Candidate], clocks: list[_Candidate]
) -> tuple[str, ...]:
    """Put the column of clock times behind its date column: CREATION DATE, CREATION TIME."""
    if MAPPABLE[name].kind != "time" or not clocks:
        return (header,)
    own = next(column for column in columns if column.header == header)
    if own.values.share(WRITTEN_CLOCK) > 0.5:
        return (header,)
    roles = own.name.roles[:1]
    partner = next((c.header for c in clocks if c.name.roles[:1] == roles), None)
    return (header, partner) if partner else (header,)


def _category_path(
    columns: list[_Candidate], scores: Mapping[str, float], sample: pa.Table
) -> tuple[str, ...]:
    """Return the columns of the category, the widest level first."""
    named = [column for column in columns if scores[column.header] >= LEAST]
    levels = _levels({c.header: scores[c.header] for c in named})
    fitting = [column for column in named if scores[column.header] >= _LEAST_CATEGORY]
    proper = [c for c in fitting if "category" in c.name.heads]
    # Where no name says category, a description of the order that comes again is one: SR Description.
    proper = proper or [c for c in fitting if "text" in c.name.heads and c.name.roles]
    if levels:
        named_levels = [levels[level] for level in sorted(levels)]
        finest = [c for c in named if c.header == named_levels[0]]
        wider = [c for c in proper if 1 not in levels and not _level(c.header) and _nested(finest, c, sample)]
        widest = max(wider, key=lambda c: scores[c.header], default=None)  # Category, Subcategory
        return (*([widest.header] if widest else []), *named_levels)
    if not proper:
        return ()
    candidates = sorted(fitting if len(proper) > 1 else proper, key=lambda c: c.values.distinct)
    candidates = [c for c in candidates if not _repeats_others(c, candidates, sample)]
    best = max(candidates, key=lambda c: scores[c.header])
    path = [best]
    for column in candidates:
        if column is not best and _nested(path, column, sample):
            path.append(column)
            path.sort(key=lambda c: c.values.distinct)
    return tuple(c.header for c in path)


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


def _level(header: str) -> tuple[int, str] | None:
    """Return the level that a header names and the rest of it; None where it names none."""
    if found := _LEVEL.search(header):
        mark = found[1] or found[2]
        level = int(mark) if mark.isdigit() else _LEVELS.index(mark) + 1
    elif found := _KIND_LEVEL.search(header):
        level = _KIND_LEVELS[(found[1] or found[2]).lower()]
    else:
        return None
    return level, header[: found.start()] + header[found.end() :]


def _pairs(one: str, other: str, sample: pa.Table) -> int:
    """Return how many different pairs of values two columns have."""
    both = pa.table({"a": sample.column(one), "b": sample.column(other)})
    return int(both.group_by(["a", "b"]).aggregate([]).num_rows)


def _nested(path: list[_Candidate], column: _Candidate, sample: pa.Table) -> bool:
    """Whether, of each two levels, the value of the finer tells that of the coarser."""
    return all(
        _pairs(level.header, column.header, sample) * _NESTED
        <= max(level.values.distinct, column.values.distinct) + 1
        for level in path
    )


def _repeats_others(column: _Candidate, columns: list[_Candidate], sample: pa.Table) -> bool:
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


def _reason(name: str, column: _Candidate, known: Mapping[str, Mapping[str, float]]) -> str:
    """Say in Chinese what speaks for a column, by its name and by its values."""
    if column.header in known.get(name, {}):
        by_name = "表头是已知写法"
    else:
        by_name = f"表头含“{'、'.join(word.text for word in words_of(column.header) if word.groups)}”"
    return f"{by_name}，{_value_reason(name, column.values)}"


def _value_reason(name: str, values: Values) -> str:
    if not values.count:
        return "但前几行没有值"
    if MAPPABLE[name].kind == "time":
        return "值是时间" if values.times > _MOSTLY else "值不像时间"
    if name == "order_id":
        return "值各不相同，像编号" if values.distinct_share > _MOSTLY else "但值有重复"
    if name == "caller_key":
        return "值像电话号码" if values.phones > _MOSTLY else "值不全是电话号码"
    if name in ("content", "title", "reply"):
        return f"文字平均 {values.length:.0f} 字"
    return f"共 {values.distinct:,} 种取值"
