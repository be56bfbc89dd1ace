"""总体情况: how many came in, by type and channel, and what was carried over and closed."""

from dataclasses import replace

from hotline_tools.briefing.answers import Answers, BasePeriodFacts
from hotline_tools.briefing.material import Material, Parts, Row, source_of
from hotline_tools.briefing.numbers import integer
from hotline_tools.briefing.outline import ChapterOutline
from hotline_tools.briefing.sentences.flow import carry_over
from hotline_tools.briefing.sentences.shares import Listed, leading, most_of
from hotline_tools.briefing.sentences.volume import (
    BaseVolume,
    Volume,
    by_common_sources,
    compared,
    no_base,
    volume,
)
from hotline_tools.briefing.tables import compared_name, flow_table, narrowed, sources_table, volume_table
from hotline_tools.briefing.words import days_words, period_words, step_names, step_words, this_period
from hotline_tools.codes import code_label
from hotline_tools.document import Chart
from hotline_tools.reports.changed_basis import PartlyCovered
from hotline_tools.reports.common import UNFILLED
from hotline_tools.reports.query import Query
from hotline_tools.table import ReportTable

_WORTH_SAYING = 0.05
"""Share of the closings from which it is said that their time is missing or wrong."""
_FLOWS = ("carried_in", "closed", "closed_late", "withdrawn", "open_at_end", "overdue_at_end")


def overview(material: Material, chapter: ChapterOutline) -> Parts:
    """Return the chapter."""
    answers = material.answers
    counted = answers.table("categories", compare=True)
    assert counted is not None
    parts: Parts = [*_volume(material, counted)]
    if chapter.tables and len(answers.bases):
        parts.append(volume_table(answers, counted.totals))
    of_others = [base for base in answers.bases if answers.one_sided_sources(base)]
    parts += [sources_table(answers, base, counted.totals) for base in of_others]
    parts += _listed(material, "categories", "诉求类型", chapter, by="request_type")
    parts += _listed(material, "channels", "受理渠道", chapter)
    parts += _flow(material, chapter, integer(counted.totals["orders"]) or 0)
    parts += _trend(answers, chapter)
    return parts


def _volume(material: Material, counted: ReportTable) -> Parts:
    answers, words = material.answers, material.outline.words
    now = Volume(
        period_words(answers.period),
        integer(counted.totals["orders"]) or 0,
        answers.days,
        this_period(answers.period),
        f"{answers.now.last.month}月{answers.now.last.day}日" if answers.until else "",
        f"{answers.query.area or ''}{answers.query.department or ''}",
        _what(answers.query),
        f"{answers.begins.month}月{answers.begins.day}日" if answers.begins else "",
    )
    bases = [_base(answers, base, counted) for base in answers.bases]
    source = source_of(counted)
    parts: Parts = [volume(now, bases[0] if bases else None, words, source)]
    parts += [compared(now, base, source) for base in bases[1:]]
    parts += [by_common_sources(now, base, source) for base in bases if base.is_of_other_sources]
    parts += [no_base(label, word, is_partial=partial) for label, word, partial in answers.no_base]
    return parts


def _what(query: Query) -> str:
    """Return the category and the channel that a briefing is confined to, as they stand before 诉求."""
    kind = f"“{query.category}”类" if query.category else ""
    return (f"“{query.channel}”渠道" if query.channel else "") + kind


def _base(answers: Answers, base: BasePeriodFacts, counted: ReportTable) -> BaseVolume:
    aside = answers.one_sided_sources(base)
    return BaseVolume(
        base.name,
        base.word,
        integer(counted.totals[compared_name("orders", base, "then")]) or 0,
        base.then.days,
        bool(counted.totals.get(compared_name("orders", base, "change_is_noise"))),
        is_part=base.is_part,
        only_now=tuple((one.label, one.now) for one in aside if one.now and not one.part),
        only_then=tuple((one.label, one.then) for one in aside if one.then and not one.part),
        partly=tuple(
            (one.label, _since_or_until(answers, base, one.part), one.now, one.then)
            for one in aside
            if one.part
        ),
    )


def _since_or_until(answers: Answers, base: BasePeriodFacts, part: PartlyCovered) -> str:
    """Return since or until when a source has orders, as in 上月自5月20日起才有工单."""
    said = [f"自{days_words(part.first, part.first)}起才有工单"] if part.first else []
    said += [f"到{days_words(part.last, part.last)}为止，以后没有工单"] if part.last else []
    return f"{this_period(answers.period) if part.of_now else base.name}{'、'.join(said)}"


def _listed(material: Material, report: str, title: str, chapter: ChapterOutline, **asked: str) -> Parts:
    """Return the sentence and the table of a short list, as of the types of request or the channels."""
    table = material.answers.table(report, **asked)
    if table is None:
        return []
    name = table.columns[1].name
    known = [row for row in table.rows if row[name] != UNFILLED and row["orders"]]
    total = integer(table.totals["orders"]) or 0
    if not known or not total:
        material.lacks(title, f"按{title}的件数")
        return []
    items = [Listed(code_label(str(row[name])), integer(row["orders"]) or 0) for row in known]
    unfilled = sum(integer(row["orders"]) or 0 for row in table.rows if row[name] == UNFILLED)
    said = leading(
        items, total, chapter.top, what=f"按{title}分，", source=source_of(table), unfilled=unfilled
    )
    parts: Parts = [said]
    if chapter.tables:
        parts.append(narrowed(table, (name, "orders", "share"), title=f"{title}构成", chart=False))
    return parts


def _flow(material: Material, chapter: ChapterOutline, received: int) -> Parts:
    table = material.answers.table("departments", compare=True)
    if table is None:
        return []
    flows = {name: integer(table.totals.get(name)) for name in ("orders", *_FLOWS)}
    known = {name: number for name, number in flows.items() if number is not None}
    gone = known.get("closed") or known.get("withdrawn")
    if len(known) < len(flows) or not (gone or material.answers.tells("closed_at")):
        material.lacks("办结时间", "办结、超时办结与结转")
        return []
    if not material.answers.knows_before:
        del known["carried_in"]
    timed = integer(table.totals.get("timed")) or 0
    if known["closed"] and not timed:
        del known["closed_late"]
        material.lacks("办结时间", "超时办结")
    untimed = known["closed"] - timed
    if untimed < _WORTH_SAYING * known["closed"]:
        untimed = 0
    this = this_period(material.answers.period)
    left_out = received - known["orders"]
    parts: Parts = [
        carry_over(
            known,
            this,
            material.outline.words,
            source_of(table),
            left_out=left_out,
            untimed=untimed,
            untold=integer(table.totals.get("closing_untold")) or 0,
        )
    ]
    if chapter.tables:
        parts.append(flow_table(material.answers, table.totals, known))
    return parts


def _trend(answers: Answers, chapter: ChapterOutline) -> Parts:
    table = answers.table("trend")
    if not chapter.charts or table is None or len(table.rows) < 2:
        return []
    most = max(table.rows, key=lambda row: integer(row["orders"]) or 0)
    step = table.column("step").label
    shown = narrowed(_with_names(table), ("step_name", "orders", "whole"), title=f"逐{step}受理量")
    shown = replace(shown, columns=tuple(replace(c, machine=c.name == "whole") for c in shown.columns))
    days = [Listed(step_words(str(row["step"])), integer(row["orders"]) or 0) for row in table.rows]
    title = most_of(days, f"个{step}" if step != "日" else "天").replace("最多", "受理最多")
    if cut := [str(row["step_name"]) for row in shown.rows if row["whole"] is False]:
        title += f"（{'、'.join(cut)}天数不全）"
    what = f"{period_words(answers.now)}逐{step}受理量"
    alt = f"折线图：{what}，共{len(table.rows)}{step}，最多{most['orders']}件"
    return [Chart(shown, title, alt)]


def _with_names(table: ReportTable) -> ReportTable:
    """Return a trend whose steps are named as in texts; the steps themselves still find the orders behind."""
    names = step_names([str(row["step"]) for row in table.rows])
    rows: list[Row] = [{**row, "step_name": names[str(row["step"])]} for row in table.rows]
    columns = tuple(replace(c, name="step_name") if c.name == "step" else c for c in table.columns)
    return replace(
        table, columns=columns, rows=rows, chart=table.chart and replace(table.chart, label="step_name")
    )
