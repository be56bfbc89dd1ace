"""Refuse a filter's value that the store does not know, naming the closest that it does."""

from dataclasses import replace
from typing import Any

from hotline_tools.errors import UsageError
from hotline_tools.reports.common import LABELS, empty_notes
from hotline_tools.reports.query import AREA_LEVELS, Database, Query, co_units_sql, scope, view_of
from hotline_tools.suggestions import closest
from hotline_tools.table import Note, NoteKind

_COLUMNS = {
    "category": ("category", "subcategory"),
    "department": ("department",),
    "area": AREA_LEVELS,
    "channel": ("channel",),
}
"""Filter → the columns that it looks at."""
_WORDS = {"category": "类别", "department": "单位", "area": "区域", "channel": "渠道"}
_NEAR = 0.5
_MOST = 3


def unmatched_notes(database: Database, query: Query) -> list[Note]:
    """Return why no order is in scope; nothing when some are, or nothing was asked for.

    Raises ``UsageError`` for a filter whose value no order of the store has, in whatever period.
    """
    asked = {name: value for name in _COLUMNS if (value := getattr(query, name)) is not None}
    if (
        not (asked or query.period)
        or database.query(f"SELECT 1 AS one FROM ({scope(query, columns=())}) LIMIT 1").num_rows
    ):
        return []
    notes = empty_notes(0)
    for name, value in asked.items():
        is_helping = name == "department" and query.co
        columns = ("co_departments",) if is_helping else _COLUMNS[name]
        word = LABELS["co_departments"] if is_helping else _WORDS[name]
        known = _known(database, query, columns)
        if not known:
            notes.append(_not_filled(word, value, columns, is_label=name == "category"))
        elif value not in known and value not in query.namesakes:
            raise _unknown(word, value, known)
    return notes


def _known(database: Database, query: Query, columns: tuple[str, ...]) -> list[str]:
    source = view_of(replace(query, category=None), columns)
    each = " UNION ".join(
        f"SELECT unnest({co_units_sql()}) AS name FROM {source}"
        if column == "co_departments"
        else f"SELECT {column} AS name FROM {source}"
        for column in columns
    )
    rows: list[dict[str, Any]] = database.query(
        f"SELECT DISTINCT name FROM ({each}) WHERE name IS NOT NULL AND name <> '' ORDER BY name"
    ).to_pylist()
    return [row["name"] for row in rows]


def _not_filled(word: str, value: str, columns: tuple[str, ...], *, is_label: bool) -> Note:
    named = "、".join(LABELS.get(column, word) for column in columns)
    lacking = "工单还没有归类，请先运行 hotline classify" if is_label else f"“{named}”没有填写"
    return Note(NoteKind.EMPTY, f"无法按{word}“{value}”筛选：库中{lacking}。")


def _unknown(word: str, value: str, known: list[str]) -> UsageError:
    near = sorted((item for item in known if value in item or item in value), key=len)
    near = [item for item in near if item.startswith(value)] + [i for i in near if not i.startswith(value)]
    near += [item for item in closest(value, known, most=_MOST, cutoff=_NEAR) if item not in near]
    hint = f"是不是 {'、'.join(near[:_MOST])}？" if near else "请检查写法。"
    return UsageError(f"库中没有{word}“{value}”", remedy=hint)
