"""What has to be said beside a KPI table so that it can be believed."""

from typing import Any

from hotline_tools.reports.common import UNFILLED, empty_notes
from hotline_tools.reports.kpi.basis import basis_note
from hotline_tools.reports.kpi.carry_over import carry_over_notes
from hotline_tools.reports.kpi.facts import ISSUE_FACTS
from hotline_tools.reports.kpi.rates import Kpis, UnitCounts
from hotline_tools.reports.kpi.statement import shown_moment
from hotline_tools.reports.query import Query
from hotline_tools.table import Note, NoteKind

_UNDATED = ("returned", "redone", "extended")
"""Facts that a platform counts without saying when."""


def kpi_notes(kpis: Kpis, rows: list[dict[str, Any]], total: UnitCounts, query: Query) -> list[Note]:
    """Return the notes: profile, moment, deadlines, what was left out, what cannot be computed."""
    notes = [
        _profile(kpis),
        basis_note(query),
        _moment(kpis, total, query),
        *_deadlines(kpis, total),
        *_left_out(kpis, total, query),
    ]
    notes += [Note(NoteKind.MISSING, f"无法计算 {label}：{why}。") for label, why in kpis.missing.items()]
    notes += [
        Note(NoteKind.MISSING, f"未列 {label}：{why}。") for label, why in kpis.missing_optional.items()
    ]
    empty = [rate.label for rate in kpis.rates if not total[f"{rate.name}_denominator"]]
    if empty and total["active"]:
        notes.append(Note(NoteKind.MISSING, f"{'、'.join(empty)}：没有一件进入分母，率空缺。"))
    notes += _targets(kpis, rows)
    if query.co and not total["active"]:
        notes.append(Note(NoteKind.EMPTY, "范围内没有写明协办单位的工单。"))
    else:
        notes += empty_notes(total["active"])
    if kpis.closings:
        notes += carry_over_notes(total)
    if kpis.durations:
        office = kpis.profile.office.label
        text = f"办理工时按工作日 {office} 计；时长为办结减受理，负值剔除并计数。"
        notes.append(Note(NoteKind.DEFINITION, text, about=("timed",)))
    return notes


def _profile(kpis: Kpis) -> Note:
    named = f"{kpis.profile.title}（{kpis.profile.name}）"
    text = f"考核口径：{named}。率 = 分子 ÷ 分母；未评价不进满意率分母。"
    return Note(NoteKind.DEFINITION, text)


def _moment(kpis: Kpis, total: UnitCounts, query: Query) -> Note:
    if total["as_of"] is None:
        return Note(NoteKind.MISSING, "库中没有任何时间，无法判断是否到期。")
    origin = "" if query.as_of else "（时间段末或库中最晚时间，取早者）"
    later = [rate.label for rate in kpis.rates if not ISSUE_FACTS.isdisjoint(rate.facts)]
    beyond = f"；{'、'.join(later)}看其后是否再来，也看此刻之后的来件" if later else ""
    return Note(
        NoteKind.SCOPE,
        f"统计截至 {shown_moment(total['as_of'])}{origin}："
        "此刻未到期的工单不进入按时率的分子和分母，已到期未办结的计为超期"
        f"{'；此后受理的不计' if query.as_of else beyond}。",
    )


def _deadlines(kpis: Kpis, total: UnitCounts) -> list[Note]:
    given, known, unknown = total["due_given"], total["due_known"], total["due_unknown"]
    if not any("due" in rate.denominator for rate in kpis.rates):
        return []
    text = (
        f"办理时限：{given:,} 件取平台应办结时间，{known - given:,} 件按口径推算，"
        f"{unknown:,} 件无时限，不参加按时率。"
    )
    notes = [Note(NoteKind.DEFINITION, text)]
    day = total["as_of"].date() if total["as_of"] else None
    estimated = kpis.profile.calendar.note(day, day) if day else None
    return [*notes, Note(NoteKind.QUALITY, estimated)] if estimated else notes


def _left_out(kpis: Kpis, total: UnitCounts, query: Query) -> list[Note]:
    notes = []
    if total["excluded"]:
        text = (
            f"按口径剔除 {total['excluded']:,} 件（如已撤销），不计入考核各数；"
            "受理总量、类别、渠道等只数件数的统计仍含这些工单。"
        )
        notes.append(Note(NoteKind.EXCLUDED, text))
    if total["undated"] and query.period:
        text = f"另有 {total['undated']:,} 件没有受理时间，无法归入时间段，未计入。"
        notes.append(Note(NoteKind.EXCLUDED, text))
    if total["negative_durations"]:
        text = f"{total['negative_durations']:,} 件办结早于受理（时间有误），不计入时长与按时办结率。"
        notes.append(Note(NoteKind.EXCLUDED, text))
    if total["closings_unknown"] and any("closing_time_unknown" in rate.exclude for rate in kpis.rates):
        text = f"{total['closings_unknown']:,} 件已办结而无办结时间，是否按时无从判断，不计入按时办结率。"
        notes.append(Note(NoteKind.EXCLUDED, text))
    if total["untimed_answers"] and total["as_of"]:
        text = (
            f"{total['untimed_answers']:,} 件的满意度或是否解决既无回访时间也无办结时间，"
            "无法判断是否在截至时刻之前，照计。"
        )
        notes.append(Note(NoteKind.QUALITY, text))
    if query.as_of and any(not set(rate.facts).isdisjoint(_UNDATED) for rate in kpis.rates):
        text = "退回、重办、延期只有次数、没有时间：无法去掉截至时刻之后的，按导出时的次数计。"
        notes.append(Note(NoteKind.QUALITY, text))
    if query.co:
        notes.append(Note(NoteKind.DEFINITION, "一件工单有几个协办单位就计几次，合计大于工单数。"))
    return notes


def _targets(kpis: Kpis, rows: list[dict[str, Any]]) -> list[Note]:
    """Say how many units reach each target, of those with enough orders in the denominator."""
    least, parts = kpis.profile.minimum_orders, []
    for rate in kpis.rates:
        enough = [row for row in rows if row["unit"] != UNFILLED and row[f"{rate.name}_denominator"] >= least]
        values = [row[rate.name] for row in enough]
        if rate.target is None or not values:
            continue
        if rate.lower_is_better:
            met, sign = sum(value <= rate.target for value in values), "≤"
        else:
            met, sign = sum(value >= rate.target for value in values), "≥"
        parts.append(f"{rate.label} {sign} {rate.target:.1%}，{met}/{len(values):,} 个达到")
    if not parts:
        return []
    return [Note(NoteKind.SHOWN, f"目标（只算分母满 {least:,} 件的单位）：{'；'.join(parts)}。")]
