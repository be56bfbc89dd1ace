"""办理情况: rates with their denominators, units below a target, and who stands out of a group."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hotline_tools.briefing.answers import BasePeriodFacts
from hotline_tools.briefing.material import Material, Parts, Row, source_of
from hotline_tools.briefing.numbers import integer, number
from hotline_tools.briefing.outline import ChapterOutline
from hotline_tools.briefing.sentences.flow import RateFacts, below_target, none_counted, rate
from hotline_tools.briefing.sentences.ranking import (
    LEAST_UNITS,
    RankedGroup,
    few_units,
    leading_units,
    ranking,
    unranked,
)
from hotline_tools.briefing.tables import compared_name, narrowed, rate_table, with_range
from hotline_tools.reports.common import UNFILLED
from hotline_tools.reports.kpi.profile import Profile
from hotline_tools.reports.kpi.ranking import ABOVE, BELOW, BLACK, RED
from hotline_tools.reports.kpi.rates import takes_part
from hotline_tools.reports.kpi.statement import profile_of
from hotline_tools.table import Cell, ReportTable

_OF_ISSUES = ("repeat_rate", "back_rate")
_TOLD = {
    "on_time_rate": ("应办结", "按时办结", "未到期的不计"),
    "satisfied_rate": ("有效评价", "满意或基本满意", "未评价的不计"),
    "resolved_rate": ("回访问到是否解决的", "已解决", "未问到的不计"),
}
"""Rate → what its denominator and its numerator count, and what neither counts."""
_PLACES = ("rank", "rank_low", "rank_high")
_RATES = ("on_time_rate", "closing_rate", "resolved_rate", "satisfied_rate", "repeat_rate", "back_rate")


def handling(material: Material, chapter: ChapterOutline) -> Parts:
    """Return the chapter."""
    table = material.answers.table("departments", compare=True)
    if table is None or not table.rows:
        return []
    profile = profile_of(material.answers.query)
    known = [column.name for column in table.columns]
    rates = [name for name in _RATES if name in known and table.totals.get(f"{name}_denominator")]
    if material.answers.unlooked:  # they would fall by what nobody has looked at
        rates = [name for name in rates if name not in _OF_ISSUES]
    labels = {known_rate.name: known_rate.label for known_rate in profile.rates}
    for name, label in labels.items():
        if name in _TOLD and name not in rates and not material.answers.tells(_NEEDED[name][0]):
            material.lacks(_NEEDED[name][1], label)
    base = material.answers.previous_alike
    parts: Parts = [
        rate(_facts(table, name, labels[name], base), source_of(table)) for name in rates if name in _TOLD
    ]
    parts += [
        none_counted(labels[name], _TOLD[name][0], source_of(table))
        for name in labels
        if name in _TOLD and name not in rates and material.answers.tells(_NEEDED[name][0])
    ]
    if chapter.tables and rates:
        parts.append(rate_table(material.answers, table, rates, least=profile.minimum_orders))
    if not material.answers.has("department"):
        material.lacks("主办单位", "各单位承办量与排名")
    units = [row for row in table.rows if row["unit"] != UNFILLED and row["orders"]]
    if len(units) > 1:
        parts += _units(material, chapter, table, units, profile)
    return parts


_NEEDED = {
    "on_time_rate": ("due_at", "应办结时间"),
    "satisfied_rate": ("satisfaction", "满意度"),
    "resolved_rate": ("resolved", "是否解决"),
}
"""Rate → the column of the export that it needs, and what people call it."""


def _facts(table: ReportTable, name: str, label: str, base: BasePeriodFacts | None) -> RateFacts:
    counted, hits, left_out = _TOLD[name]
    totals = table.totals
    return RateFacts(
        label,
        integer(totals[f"{name}_numerator"]) or 0,
        integer(totals[f"{name}_denominator"]) or 0,
        counted,
        hits,
        left_out,
        base.name if base else "",
        number(totals.get(compared_name(name, base, "then"))) if base else None,
        number(totals.get(compared_name(name, base, "change"))) if base else None,
        bool(totals.get(compared_name(name, base, "change_is_noise"))) if base else True,
    )


def _units(
    material: Material, chapter: ChapterOutline, table: ReportTable, units: Sequence[Row], profile: Profile
) -> Parts:
    columns: tuple[str, ...] = (
        "group", "unit", "orders", "carried_in", "closed", "closed_late", "open_at_end", "overdue_at_end",
        "on_time_rate", "satisfied_rate", "resolved_rate", "score", "rank", "rank_low", "rank_high", "board",
        "unranked_because",
    )  # fmt: skip
    if not material.answers.knows_before:
        columns = tuple(name for name in columns if name != "carried_in")
    active = [row for row in table.rows if takes_part(row)]
    few = _few_ranked(active)
    rows = [row | dict.fromkeys(_PLACES) if row["group"] in few else row for row in active]
    shown = narrowed(table, columns, title="承办单位统计表", rows=rows)
    shown = with_range(shown, "rank_low", "rank_high", "rank_range", "名次区间")
    # The text points to the places: a narrow page leaves out other columns first.
    decided = (replace(column, decides=column.decides or column.name == "rank") for column in shown.columns)
    shown = replace(shown, columns=tuple(decided))
    where = material.attach(chapter, shown, table.notes)
    parts: Parts = [] if where or not chapter.tables else [shown]
    where = where or "见表"
    most = sorted(units, key=lambda row: -(integer(row["orders"]) or 0))
    listed = [(str(row["unit"]), integer(row["orders"]) or 0) for row in most]
    said: Parts = [leading_units(listed, chapter.top, source_of(table))]
    for item in profile.rates:
        judged = [  # also one that received nothing, whose orders fell due
            row
            for row in active
            if row["unit"] != UNFILLED
            and (integer(row.get(f"{item.name}_denominator")) or 0) >= profile.minimum_orders
        ]
        if item.target is not None and judged and item.name in _TOLD:
            missed = [row for row in judged if (number(row[item.name]) or 0) < item.target]
            missed.sort(key=lambda row: number(row[item.name]) or 0)
            names = [str(row["unit"]) for row in missed]
            said.append(below_target(item.label, item.target, names, len(judged), where))
    if chapter.rank and profile.points:
        said += _groups(table, units, where, profile)
    return [*said, *parts]


def _few_ranked(rows: Sequence[Row]) -> set[Cell]:
    """Return the groups of which so few are ranked that their order says nothing."""
    ranked = Counter(row["group"] for row in rows if row["rank"] is not None)
    return {group for group, number in ranked.items() if number < LEAST_UNITS}


def _groups(table: ReportTable, units: Sequence[Row], where: str, profile: Profile) -> Parts:
    boards = [board.column for board in profile.boards if board.by == "score"]
    groups = dict.fromkeys(str(row["group"]) for row in units if row["rank"] is not None)

    def named(group: str, column: str, value: str) -> tuple[str, ...]:
        return tuple(str(row["unit"]) for row in units if row["group"] == group and row.get(column) == value)

    label = {name: f"{name}组" if len(groups) > 1 else "" for name in groups}
    parts: Parts = []
    few = _few_ranked(units)
    for name in groups:
        if name in few:
            continue
        ranked = sum(row["group"] == name and row["rank"] is not None for row in units)
        red, black = (
            tuple(unit for column in boards for unit in named(name, column, word)) for word in (RED, BLACK)
        )
        above, below = named(name, "standing", ABOVE), named(name, "standing", BELOW)
        parts.append(
            ranking(RankedGroup(label[name], ranked, above, below, red, black), where, source_of(table))
        )
    if few:
        parts.append(few_units([label[name] for name in groups if name in few], source_of(table)))
    left = sum(bool(row["unranked_because"]) and row["unit"] != UNFILLED for row in table.rows)
    if left:
        parts.append(unranked(left, profile.minimum_orders, where, source_of(table), are_others=bool(groups)))
    return parts
