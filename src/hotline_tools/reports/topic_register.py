"""The topic register as a table: where each topic stands, and what is stuck."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hotline_tools.reports.rule_model import Rules
from hotline_tools.reports.rules import TopicRules, rules_for
from hotline_tools.store.topics import STEPS, Topic
from hotline_tools.table import Cell, Field, Note, NoteKind, ReportTable

_KEYS = ("publish_days", "supervise_days", "accept_days", "assess_days", "feedback_days")


def topics_table(
    topics: Sequence[Topic], today: date, *, stuck_only: bool = False, rules: Rules | None = None
) -> ReportTable:
    """Return one row a topic as it stood on the day ``today``, stuck ones first, then the longest waiting.

    How long a step may take is in the rules (``defaults/topics.toml``).
    """
    topics = [_as_of(topic, today) for topic in topics if topic.opened <= today]
    limits_given = rules_for(TopicRules, rules)
    limit_days = {step: getattr(limits_given, key) for step, key in zip(STEPS, _KEYS, strict=True)}
    rows = [_row(topic, today, limit_days) for topic in topics]
    rows = [row for row in rows if row["stuck"] or not stuck_only]
    rows.sort(key=lambda row: (not row["stuck"], -int(str(row["waiting_days"])), int(str(row["number"]))))
    ended = sum(topic.next_step is None for topic in topics)
    limits = "、".join(f"{step} {days} 天" for step, days in limit_days.items())
    return ReportTable(
        report="topics",
        title="议题登记",
        period=f"截至 {today}",
        columns=(
            Field("number", "编号", "integer"),
            Field("unit", "区域"),
            Field("title", "议题"),
            Field("opened", "立项", "date", decides=True),
            *(Field(f"step_{n}", step, "date") for n, step in enumerate(STEPS, 1)),
            Field("next_step", "下一步", decides=True),
            Field("waiting_days", "已等待", "integer", "天"),
            Field("stuck", "停滞", "boolean", decides=True),
            Field("last_note", "最近说明"),
            Field("order_ids", "工单编号", "list"),
        ),
        rows=rows,
        totals={
            "topics": len(topics),
            "ended": ended,
            "stuck": sum(topic.is_stuck(today, limit_days) for topic in topics),
        },
        notes=[
            Note(
                NoteKind.DEFINITION,
                f"超过以下天数没有进入下一步的算停滞：{limits}；可用 --rules 换成本地规定。",
            )
        ],
    )


def _as_of(topic: Topic, day: date) -> Topic:
    """Leave out the steps that were done later; of a withdrawal no day is known."""
    return replace(topic, steps=tuple(step for step in topic.steps if step.day <= day))


def _row(topic: Topic, today: date, limit_days: dict[str, int]) -> dict[str, Cell]:
    done = {step.name: step.day for step in topic.steps}
    return {
        "number": topic.number,
        "unit": topic.unit,
        "title": topic.title,
        "opened": topic.opened,
        **{f"step_{n}": done.get(step) for n, step in enumerate(STEPS, 1)},
        "next_step": topic.next_step or ("已撤销" if topic.withdrawn else "已完成"),
        "waiting_days": topic.waiting_days(today),
        "stuck": topic.is_stuck(today, limit_days),
        "last_note": topic.withdrawn or (topic.steps[-1].note if topic.steps else ""),
        "order_ids": list(topic.order_ids),
    }
