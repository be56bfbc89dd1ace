"""Areas of one name under two parents (同名区域): printed with their parent, so that they stay two areas.

Two districts may have a street of one name, two streets a community, and most communities a 一网格. Where the
store has such, ``view_of`` gives views in which they are called 春晖社区（甲街道）; a filter by the bare name
takes all of them. Of a name with one known parent, orders that lack the parent belong to it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hotline_tools.reports.query import LEVELS, NAMED, Database, Query
from hotline_tools.reports.registry import Report
from hotline_tools.sql import literal
from hotline_tools.table import Note, NoteKind

_UPWARDS = ("grid", "community", "street", "district")
_SHOWN = 3
Printed = Mapping[str, tuple[str, ...]]


def with_namesakes(report: Report, database: Database, query: Query) -> Query:
    """Return the query with the namesakes of the areas that it groups or filters by."""
    grouped = _grouped(report, query)
    if query.area is None and grouped not in _UPWARDS:
        return query
    deepest = "grid" if query.area is not None else grouped
    lower = [level for level in _UPWARDS[:-1] if _UPWARDS.index(level) >= _UPWARDS.index(deepest)]
    called: dict[str, str] = {"district": "district"}
    shown: dict[str, str] = {}
    printed: dict[str, tuple[str, ...]] = {}
    several = "street" in lower and _has_districts(database)
    for level in reversed(lower):
        found = _namesakes(database, level, called) if level != "street" or several else {}
        printed |= {
            name: names for name, names in found.items() if level == grouped or query.area in (name, *names)
        }
        parents = [called[upper] for upper in _above(level)]
        if found:
            one_of = f"{level} IN ({', '.join(map(literal, found))})"
            nearest = f"coalesce({', '.join(parents)}, {literal(_unknown(level))})"
            shown[level] = f"CASE WHEN {one_of} THEN {level} || '（' || {nearest} || '）' ELSE {level} END"
            called[level] = (
                f"CASE WHEN {one_of} THEN coalesce({', '.join(parents)}, '') || {level} ELSE {level} END"
            )
        else:
            called[level] = level
    if not printed:
        return query
    columns = ", ".join(f"{expression} AS {level}" for level, expression in shown.items())
    for view in ("stored_orders", "orders"):
        database.define(f"{NAMED}{view}", f"SELECT * REPLACE ({columns}) FROM {view}")
    return replace(query, namesakes=printed)


def namesake_notes(report: Report, query: Query) -> list[Note]:
    """Return what is to be said of the namesakes that the report's rows or its filter are about."""
    if query.area is not None and query.area in query.namesakes:
        names = query.namesakes[query.area]
        text = f"“{query.area}”同名的有 {len(names):,} 个，合并统计：{_listed(names)}；只看一个请写全名。"
        return [Note(NoteKind.SCOPE, text)]
    if query.namesakes and _grouped(report, query) in _UPWARDS:
        return [Note(NoteKind.SHOWN, f"同名区域按上级分列：{_listed(tuple(query.namesakes))}。")]
    return []


def _grouped(report: Report, query: Query) -> str:
    return query.by or ("community" if query.proactive else report.area_level)


def _has_districts(database: Database) -> bool:
    """Tell whether the store has several; streets of one district have names of their own."""
    ((first, last),) = [row.values() for row in database.query("SELECT * FROM district_span").to_pylist()]
    return bool(first != last)


def _namesakes(database: Database, level: str, called: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the names of a level that have two parents, each with the printed names of those areas."""
    above = _above(level)
    parents = ", ".join(f"{called[upper]} AS {upper}" for upper in above)
    rows: list[dict[str, Any]] = database.query(
        f"SELECT {level} AS name, {parents} FROM stored_orders WHERE {level} IS NOT NULL GROUP BY ALL"
    ).to_pylist()
    known: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        known[row["name"]].append(row)
    found = {}
    for name, own in known.items():
        if any(len({row[upper] for row in own} - {None}) > 1 for upper in above):
            nearest = {next((row[upper] for upper in above if row[upper]), _unknown(level)) for row in own}
            found[name] = tuple(sorted(f"{name}（{parent}）" for parent in nearest))
    return found


def _above(level: str) -> tuple[str, ...]:
    """Return the levels above one, the nearest first."""
    return _UPWARDS[_UPWARDS.index(level) + 1 :]


def _unknown(level: str) -> str:
    return f"{LEVELS[_above(level)[0]]}未填写"


def _listed(names: tuple[str, ...]) -> str:
    return "、".join(sorted(names)[:_SHOWN]) + (f"等 {len(names):,} 个" if len(names) > _SHOWN else "")
