"""One assignment for all columns at once: each field gets the column that fits it best by name and values."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
import pyarrow as pa
from scipy.optimize import linear_sum_assignment

from hotline_tools.layouts.recognition.address_parts import address_parts
from hotline_tools.layouts.recognition.between import decided, instead
from hotline_tools.layouts.recognition.by_values import Unnamed
from hotline_tools.layouts.recognition.categories import CATEGORY, category_path
from hotline_tools.layouts.recognition.choosing import Chosen, Rows
from hotline_tools.layouts.recognition.column import CLOCKS, LEAST, Candidate, as_read, candidate
from hotline_tools.layouts.recognition.fit import values_score
from hotline_tools.layouts.recognition.header import STAMPED
from hotline_tools.layouts.recognition.personal import holds_personal, is_account_of_callers, is_personal
from hotline_tools.layouts.recognition.values import Values
from hotline_tools.layouts.recognition.words import words_of
from hotline_tools.schema import MAPPABLE

SURE = 0.6
"""Score from which nobody has to look."""
_MOSTLY = 0.8
_NO_VALUES = 0.5
"""Score of the values of a column that is empty in the sample: later rows may fill it."""
_EMPTY = 0.5
"""Factor for a column that is hardly filled."""
_DAYS, _DAY_ONLY = 0.5, 0.98
"""Share of cells with a clock below which a column holds days, and its factor beside one with a clock."""
_LONG_NUMBER = 7
"""Digits that a subscriber's telephone has at least."""
_RECEIVER = 0.7
"""Factor for the unit that only received an order, where another one handles it."""


@dataclass(frozen=True)
class Assigned:
    """A field and the columns that fill it, with the evidence."""

    field: str
    headers: tuple[str, ...]
    score: float
    """0-1; from ``SURE`` on nobody has to look."""
    reason: str
    """In Chinese, for ``hotline inspect``."""
    alternatives: bool = False
    """A row fills one of the columns; otherwise they are put together."""


@dataclass(frozen=True)
class Recognition:
    """What a table's columns are."""

    assigned: tuple[Assigned, ...]
    rivals: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    """Field → other columns that could have filled it with their scores; they stay in ``extra``."""
    drop: tuple[str, ...] = ()
    """Columns of personal data that are not stored."""


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
    said = as_read(header)
    columns = [
        candidate(name, said[name], Values.of(sample.column(name) if name in given else empty, placeholders))
        for name in header
    ]
    by_header = {column.header: column for column in columns}
    drop = [column.header for column in columns if holds_personal(column)]
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
    clocks = [column for column in free if column.values.clocks >= CLOCKS or _is_bare_clock(column, free)]
    for name in wanted:
        if MAPPABLE[name].kind == "time":
            scores[name] |= {column.header: 0.0 for column in clocks}
    named = _assign({name: by for name, by in scores.items() if name != CATEGORY})
    rows = Rows(sample, words or {}, placeholders)
    chosen, told = decided(named, scores, free, rows)
    others = instead("closed_at", chosen, scores, rows) if "closed_at" in chosen else ()
    assigned = [
        Assigned(
            name,
            (column, *others) if name == "closed_at" and others else _with_clock(column, name, free, clocks),
            round(score, 3),
            told.get(name) or _reason(name, by_header[column], known),
            alternatives=name == "closed_at" and bool(others),
        )
        for name, (column, score) in chosen.items()
    ]
    filled = {item.field for item in assigned}
    left = [column for column in free if column.header not in {h for item in assigned for h in item.headers}]
    title = max(
        (by_header[h].values.length for i in assigned if i.field == "title" for h in i.headers), default=0
    )
    unnamed = Unnamed(left, set(wanted) - filled, filled, words or {}, title)
    assigned += [Assigned(name, (column.header,), LEAST, reason) for name, column, reason in unnamed.found()]
    if "address" in wanted and all(item.field != "address" for item in assigned):
        assigned += _in_parts(free, assigned)
    if "caller_key" in wanted and all(item.field != "caller_key" for item in assigned):
        assigned += _by_account([by_header[name] for name in drop])
    if CATEGORY in wanted:
        assigned = _with_category(assigned, free, scores[CATEGORY], sample)
    taken = {column for item in assigned for column in item.headers}
    kept_out = [name for name in drop if name not in taken]
    phones = [c.header for c in free if c.header not in taken and _is_a_call(c)]
    rivals = {name: _rivals(by, taken.union(phones)) for name, by in scores.items()}
    return Recognition(tuple(assigned), {n: r for n, r in rivals.items() if r}, (*kept_out, *phones))


def _by_account(dropped: list[Candidate]) -> list[Assigned]:
    """Take the first account of many people for the caller, where no telephone tells who that is."""
    reason = "没有电话列，账号也说明谁是同一来电人；入库时只存加密摘要"
    accounts = [column.header for column in dropped if is_account_of_callers(column)]
    return [Assigned("caller_key", (header,), LEAST, reason) for header in accounts[:1]]


def _in_parts(free: list[Candidate], assigned: list[Assigned]) -> list[Assigned]:
    """Put the address together from its parts, where no column holds a whole one."""
    taken = {header for item in assigned for header in item.headers}
    parts = address_parts([column for column in free if column.header not in taken])
    return [Assigned("address", parts, LEAST, "没有整个地址的列，由小区、楼栋等各列合成")] if parts else []


def _with_category(
    assigned: list[Assigned], free: list[Candidate], scores: Mapping[str, float], sample: pa.Table
) -> list[Assigned]:
    """Add the levels of the category; a title of few kinds may be one of them, and is no title then."""
    taken = {header for item in assigned for header in item.headers}
    titles = {header for item in assigned if item.field == "title" for header in item.headers}
    kinds = {column.header for column in free if column.header in titles and column.values.come_again}
    path = category_path([c for c in free if c.header not in taken - kinds], scores, sample)
    if not path:
        return assigned
    if kinds & set(path):  # Subject, Reason, Type
        assigned = [item for item in assigned if item.field != "title"]
    reason = "逐级的分类列" if len(path) > 1 else "分类列"
    return [*assigned, Assigned(CATEGORY, path, max(LEAST, *(scores[name] for name in path)), reason)]


def _is_a_call(column: Candidate) -> bool:
    """Whether a column may hold a caller's telephone: in words it is none, unless it is said to be theirs."""
    if "phone" not in column.name.heads or _is_a_line(column.values):
        return "phones" in column.values.shapes and is_personal(column.said)
    is_told_in_words = column.values.words > _MOSTLY and column.values.phones < 1 - _MOSTLY
    return not is_told_in_words or "caller" in column.name.steps  # 反映人及联系方式


def _is_a_line(values: Values) -> bool:
    """Whether the cells are a few short numbers: the line that was called, 12345."""
    return values.numbers > _MOSTLY and values.length < _LONG_NUMBER and values.come_again


def _rivals(scores: Mapping[str, float], taken: set[str]) -> tuple[tuple[str, float], ...]:
    """Return the columns that would have done for a field and fill no other, the best first."""
    left = [(header, round(score, 2)) for header, score in scores.items() if score >= LEAST]
    return tuple(sorted((item for item in left if item[0] not in taken), key=lambda item: -item[1]))


def _score(name: str, column: Candidate, known: Mapping[str, float], words: Mapping[str, str]) -> float:
    listed = known.get(column.header, 0.0) * (STAMPED if column.name.is_stamped else 1.0)
    by_name = max(listed, column.name.score(name, column.values.shapes))
    if not by_name:
        return 0.0
    by_values = values_score(name, column.values, words) if column.values.count else _NO_VALUES
    if not by_values:
        return 0.0
    # Of two columns for one field the fuller wins, unless its name says much less.
    fullness = _EMPTY + (1 - _EMPTY) * sqrt(column.values.fill) if column.values.rows else 1.0
    is_day = MAPPABLE[name].kind == "time" and column.values.count and not column.values.clocked > _DAYS
    return by_name * (0.4 + 0.6 * by_values) * fullness * (_DAY_ONLY if is_day else 1.0)


def _of_the_handler(scores: Mapping[str, float], columns: Mapping[str, Candidate]) -> dict[str, float]:
    """Of units, put the one that took the order down behind one that handles it: 受理部门 and 办结单位."""
    handles = {"handle", "close", "answer"}
    least = max((s for h, s in scores.items() if columns[h].name.steps & handles), default=0.0)
    if least < LEAST:
        return dict(scores)
    return {
        header: score * (_RECEIVER if columns[header].name.steps == {"receive"} else 1.0)
        for header, score in scores.items()
    }


def _assign(scores: Mapping[str, Mapping[str, float]]) -> Chosen:
    """Return field → column and score so that the sum of scores is the largest, each used once."""
    names = list(scores)
    headers = list(next(iter(scores.values()), {}))
    if not headers:
        return {}
    matrix = np.array([[scores[name][header] for header in headers] for name in names])
    # Under the threshold nothing is gained, and a strong fit counts for more than two weak ones.
    gain = np.where(matrix >= LEAST, matrix**2, 0.0)
    rows, columns = linear_sum_assignment(-gain)
    return {
        names[r]: (headers[c], round(float(matrix[r, c]), 3))
        for r, c in zip(rows, columns, strict=True)
        if gain[r, c] > 0
    }


def _is_bare_clock(column: Candidate, others: list[Candidate]) -> bool:
    """Tell whether a column of times is clock times of digits alone (1305), beside a column of days."""
    if "time" not in column.name.heads or column.values.digit_clocks < CLOCKS:
        return False
    days = [other for other in others if other.values.times >= CLOCKS and other.values.clocked <= _DAYS]
    return any(day is not column and day.name.roles[:1] == column.name.roles[:1] for day in days)


def _with_clock(header: str, name: str, columns: list[Candidate], clocks: list[Candidate]) -> tuple[str, ...]:
    """Put the column of clock times behind its date column: CREATION DATE, CREATION TIME."""
    if MAPPABLE[name].kind != "time" or not clocks:
        return (header,)
    own = next(column for column in columns if column.header == header)
    if own.values.clocked > _DAYS and own.values.midnights < CLOCKS:
        return (header,)
    roles = own.name.roles[:1]
    partner = next((c.header for c in clocks if c.name.roles[:1] == roles), None)
    if partner is None and name == "received_at" and len(clocks) == 1 and not clocks[0].name.roles:
        partner = clocks[0].header  # created_at and a bare time
    return (header, partner) if partner else (header,)


def _reason(name: str, column: Candidate, known: Mapping[str, Mapping[str, float]]) -> str:
    """Say in Chinese what speaks for a column, by its name and by its values."""
    if column.header in known.get(name, {}):
        by_name = "表头是已知写法"
    else:
        by_name = f"表头含“{'、'.join(word.text for word in words_of(column.said) if word.groups)}”"
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
