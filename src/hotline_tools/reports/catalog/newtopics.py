"""``report newtopics``: what the categories do not cover yet.

Messages without a category, in 其他, or of low confidence are grouped by their words and each group
is named by its key terms, so that the taxonomy can grow. The grouping is ``similarity.star_groups``;
it lives below reports and classify, because neither of the two may import the other.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import numpy as np

from hotline_tools.reports.common import empty_notes, filled, period_label
from hotline_tools.reports.query import Database, Granularity, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.reports.time_steps import NAMES, Step, fitting, floor, steps
from hotline_tools.similarity import Vectors, key_words, star_groups, vectors
from hotline_tools.similarity.words import content_words
from hotline_tools.table import RANK, Cell, ChartHint, Counts, Field, Note, NoteKind, ReportTable

LEAST_ORDERS = 5
"""A topic has at least so many orders."""
LEAST_WORDS = 2
"""Messages that have one word in common are about as many things as there are messages."""
MOST_MESSAGES = 30_000
"""More doubtful messages than this are thinned out evenly before they are grouped."""
EXAMPLES = 5
_COLUMNS = (
    RANK,
    Field("topic", "主题词"),
    Field("orders", "工单数", "integer", "件", decides=True),
    Field("share", "占分组的存疑工单", "rate", counts=Counts("orders", "read", of_total=True)),
    Field("fits_nothing", "其他或未归类", "integer", "件"),
    Field("closest", "现多归为", decides=True),
    Field("uncovered", "不归该类", "integer", "件", decides=True),
    Field("first_at", "首次", "datetime"),
    Field("last_at", "最近", "datetime"),
    Field("trend", "趋势", "list", "件"),
    Field("typical", "典型标题", decides=True),
    Field("examples", "工单编号", "list"),
)


def sql(_query: Query) -> str:
    """Return the statement that finds the doubtful orders; it runs over the view ``scope``."""
    return sql_text("newtopics", most=str(MOST_MESSAGES))


def compute(database: Database, query: Query) -> ReportTable:
    """Return one row a topic, those least covered by one category first; ``share`` is of those grouped."""
    database.define("scope", scope(query))
    counts = filled(database, ("category",))
    read: list[dict[str, Any]] = database.query(sql(query)).to_pylist()
    doubtful: int = read[0]["doubtful"] if read else 0
    unit, line = _time_line(query, read)
    topics = _topics(read)
    rows = [_row(topic, members, len(read), unit, line) for topic, members in topics]
    rows = sorted(rows, key=lambda row: -int(str(row["uncovered"])))[: query.top]
    return ReportTable(
        report="newtopics",
        title="类别体系之外的新主题",
        period=period_label(query),
        filters=query.described(),
        columns=_COLUMNS,
        rows=[{"rank": rank, **row} for rank, row in enumerate(rows, 1)],
        totals={
            "orders": counts[""],
            "doubtful": doubtful,
            "read": len(read),
            "grouped": sum(len(members) for _, members in topics),
            "topics": len(topics),
        },
        notes=[*empty_notes(counts[""]), *_notes(counts[""], doubtful, len(read), unit, line)],
        chart=ChartHint("bars", label="topic", value="uncovered"),
    )


def _topics(read: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Name and members of each topic; the most typical message comes first."""
    found = vectors(
        [row["title"] for row in read], [row["content"] for row in read], without=_place_words(read)
    )
    group = star_groups(found.matrix, least=LEAST_ORDERS)
    topics = []
    for number in range(int(group.max(initial=-1)) + 1):
        rows = np.flatnonzero(group == number)
        words = key_words(found, rows)
        if len(words) >= LEAST_WORDS:
            topics.append((" ".join(words), [read[i] for i in _typical_first(found, rows)]))
    return topics


def _typical_first(found: Vectors, rows: np.ndarray[Any, Any]) -> list[int]:
    members = found.matrix[rows]
    near = np.asarray(members @ np.asarray(members.sum(axis=0)).ravel()).round(9)
    return [int(rows[i]) for i in np.lexsort((rows, -near))]


def _place_words(read: list[dict[str, Any]]) -> set[str]:
    """Words of streets and communities: where something is does not make it a topic."""
    names = {row[column] for row in read for column in ("street", "community")}
    return {word for name in names if name for word in content_words(name)}


def _time_line(query: Query, read: list[dict[str, Any]]) -> tuple[Granularity, list[Step]]:
    days = [row["received_at"].date() for row in read if row["received_at"] is not None]
    if query.period is not None:
        first, end = query.period.start, query.period.end
    elif days:
        first, end = min(days), max(days) + timedelta(days=1)
    else:
        return query.granularity or "month", []
    unit: Granularity = query.granularity or _coarse(fitting((end - first).days))
    return unit, steps(first, end, unit)


def _coarse(unit: Granularity) -> Granularity:
    """A topic has few orders: weeks are the finest step that shows anything."""
    return "week" if unit == "day" else "month"


def _row(
    topic: str, members: list[dict[str, Any]], doubtful: int, unit: Granularity, line: list[Step]
) -> dict[str, Cell]:
    times = sorted(row["received_at"] for row in members if row["received_at"] is not None)
    per_step: Counter[date] = Counter(floor(time.date(), unit) for time in times)
    named: Counter[str] = Counter(
        "/".join(filter(None, (row["category"], row["subcategory"])))
        for row in members
        if not row["fits_nothing"]
    )
    best = min(named.items(), key=lambda item: (-item[1], item[0])) if named else None
    return {
        "topic": topic,
        "orders": len(members),
        "share": len(members) / doubtful,
        "fits_nothing": sum(bool(row["fits_nothing"]) for row in members),
        "closest": f"{best[0]}（{best[1]}）" if best else None,
        "uncovered": len(members) - (best[1] if best else 0),
        "first_at": times[0] if times else None,
        "last_at": times[-1] if times else None,
        "trend": [per_step[step.start] for step in line],
        "typical": members[0]["title"] or (members[0]["content"] or "")[:40] or None,
        "examples": [row["order_id"] for row in members[:EXAMPLES]],
    }


def _notes(orders: int, doubtful: int, read: int, unit: Granularity, line: list[Step]) -> list[Note]:
    notes = [
        Note(
            NoteKind.SCOPE,
            f"存疑工单 {doubtful:,} 件（全部 {orders:,} 件）：未归类、归为“其他”，或分类器没有把握的；"
            f"按用词自动分组，每组至少 {LEAST_ORDERS} 件。",
        ),
        Note(
            NoteKind.SHOWN,
            "按“不归该类”（组内没有归入“现多归为”那一类的件数）排列：越多，越像现有类别没有覆盖的主题。",
        ),
        Note(NoteKind.ADVICE, "主题词取组内常见、组外少见的词；是否增设类别请看典型标题后决定。"),
    ]
    if read < doubtful:
        text = f"存疑工单较多，均匀抽取 {read:,} 件分组：各主题的件数、占比与成组件数都只是抽取的这些。"
        notes.append(Note(NoteKind.EXCLUDED, text))
    if line:
        notes.append(Note(NoteKind.SHOWN, f"趋势按{NAMES[unit]}：{line[0].label} 至 {line[-1].label}。"))
    return notes


REPORT = Report(
    name="newtopics",
    title="类别体系之外的新主题",
    summary="归不进现有类别的工单自动成组、以主题词命名，供增设类别参考",
    compute=compute,
    sql=sql,
    needs_labels=True,
    options=("granularity",),
)
