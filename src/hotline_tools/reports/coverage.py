"""Sources that never fill a column: their orders cannot show what a rate counts, so they are not in it.

A store may hold a platform that records how often an order was returned beside a message board that
does not. Divided by the orders of both, the rate of returns would be too low.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from hotline_tools.reports.common import filled_sql
from hotline_tools.reports.kpi.facts import ISSUE, NONE_CLOSED, rate_needs
from hotline_tools.reports.kpi.profile import Profile, Rate
from hotline_tools.reports.query import Database
from hotline_tools.schema import UNKNOWN_SOURCE
from hotline_tools.sql import literal
from hotline_tools.table import Note, NoteKind

_UNNAMED = frozenset({"", UNKNOWN_SOURCE})
"""What stands for the source of an export that does not tell it."""
Needs = Iterable[tuple[str, ...]]
"""Of each tuple one column is needed; ``a&b`` are both needed."""
Uncovered = Mapping[str, tuple[str, ...]]
"""Name of a rate → the sources that cannot show it."""


def has_several_sources(database: Database) -> bool:
    """Tell whether the orders of the store come from more than one source; no order is read."""
    return bool(database.query("SELECT DISTINCT source FROM received_days").num_rows > 1)


def uncovered_sources(database: Database, needs: Mapping[str, Needs]) -> Uncovered:
    """Return which sources of the store never fill what each rate needs; none in a store of one source.

    A rate that no source can show is not listed: it is not computable at all.
    """
    if not has_several_sources(database):
        return {}
    groups_of_all = [group for groups in needs.values() for group in groups]
    columns = sorted({column for group in groups_of_all for need in group for column in need.split("&")})
    counts = ", ".join(f"count({filled_sql(column)}) AS {column}" for column in columns)
    found: list[dict[str, Any]] = database.query(
        f"SELECT coalesce(source, '') AS source, {counts} FROM stored_orders GROUP BY source"
    ).to_pylist()
    uncovered = {
        name: tuple(sorted(row["source"] for row in found if not _shows(row, groups)))
        for name, groups in needs.items()
    }
    return {name: sources for name, sources in uncovered.items() if 0 < len(sources) < len(found)}


def covered_needs(rates: Iterable[Rate], profile: Profile) -> dict[str, list[tuple[str, ...]]]:
    """Return the columns that each rate of a profile needs, for ``uncovered_sources``.

    A fact of the profile's own says nothing about who could show it, and is not asked.
    """
    return {
        rate.name: [
            group
            for group in rate_needs(rate, profile)
            if group and not any(need in (NONE_CLOSED, ISSUE) or need.startswith("fact:") for need in group)
        ]
        for rate in rates
    }


def covered_sql(sources: tuple[str, ...]) -> str:
    """Return the condition that an order's source can show it; ``TRUE`` when all can."""
    if not sources:
        return "TRUE"
    return f"coalesce(source, '') NOT IN ({', '.join(map(literal, sources))})"


def coverage_notes(
    uncovered: Uncovered, left_out: Mapping[str, int], labels: Mapping[str, str]
) -> list[Note]:
    """Say how many orders of which sources each rate leaves out; ``labels``: rate → what people call it.

    Rates that leave out the same orders are said together.
    """
    alike: dict[tuple[tuple[str, ...], int], list[str]] = {}
    for name, sources in uncovered.items():
        if left_out.get(name):
            alike.setdefault((sources, left_out[name]), []).append(labels[name])
    called = source_labels({source for sources, _ in alike for source in sources}) if alike else {}
    return [
        Note(
            NoteKind.EXCLUDED,
            f"{'、'.join(rates)}的分母不含{'、'.join(called[source] for source in sources)}的 "
            f"{number:,} 件：该来源从不填写所需的列。",
        )
        for (sources, number), rates in alike.items()
    ]


def _shows(row: dict[str, Any], groups: Needs) -> bool:
    return all(any(all(row[column] for column in need.split("&")) for need in group) for group in groups)


def source_labels(sources: Iterable[str]) -> dict[str, str]:
    """Return what people call each source: the name of its layout, where it has one."""
    from hotline_tools.layouts import load_layouts  # noqa: PLC0415 -- long to load, and seldom needed

    names = {layout.source: layout.name for layout in load_layouts()}
    called = {name: f"来源“{names.get(name, name)}”" for name in sources}
    return called | dict.fromkeys(_UNNAMED & called.keys(), "来源不明")
