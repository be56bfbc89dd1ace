"""上期回看: what became of what the issue before pointed at, told from the same reports of its period."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from hotline_tools.briefing.chapters.repeats import EVERYTHING, private
from hotline_tools.briefing.chapters.watching import printable_alert
from hotline_tools.briefing.material import Material, Parts, Row
from hotline_tools.briefing.outline import ChapterOutline, Content
from hotline_tools.briefing.sentences.lookback import (
    FollowedIssue,
    alerts_followed,
    issue_followed,
    issues_followed,
    orders_followed,
)
from hotline_tools.briefing.tables import first_rows, plain_table
from hotline_tools.briefing.words import moment_words, period_words
from hotline_tools.document import Sentence
from hotline_tools.reports.common import closing_known, filled
from hotline_tools.reports.issues.view import define_issued
from hotline_tools.reports.kpi.basis import CLOSED_ON
from hotline_tools.reports.kpi.facts import open_sql
from hotline_tools.reports.query import scope
from hotline_tools.sql import literal
from hotline_tools.table import Field, ReportTable

_OPEN = {"超期", "即将到期", "未联系", "无进展"}
"""The reasons to push an order that is open; the others are about closed ones too."""
_COLUMNS = (
    Field("item", "上期提示"),
    Field("flagged", "数量", "integer"),
    Field("again", "本期又现", "integer"),
    Field("still", "仍列入", "integer"),
    Field("closed", "已办结", "integer"),
    Field("open", "未办结", "integer"),
)
_OF_ISSUES = (
    Field("label", "上期建议提级的事项"),
    Field("level", "建议层级"),
    Field("orders", "上期工单数", "integer", "件"),
    Field("since", "本期又来", "integer", "件"),
    Field("open", "期末未办结（含此前受理）", "integer", "件"),
    Field("still", "仍符合规则", "boolean"),
)


def lookback(material: Material, chapter: ChapterOutline) -> Parts:
    """Return the chapter; nothing where the store lacks the period before, or it had nothing to tell."""
    rows: list[Row] = []
    parts: Parts = []
    if material.answers.before is None:
        return []
    had = {name for one in material.outline.chapter for name in one.contents}
    for content, told in _FOLLOWED.items():
        if content not in had:
            continue  # the issue before had no such chapter either
        said, row, table = told(material, chapter)
        parts += said
        rows += [row] if row else []
        if table is not None and chapter.tables:
            parts.append(table)
    if not rows:
        return []
    columns = [column for column in _COLUMNS if any(row.get(column.name) is not None for row in rows)]
    return [*parts, plain_table("lookback", "上期提示事项的后续", columns, rows)]


Told = tuple[list[Sentence], Row | None, ReportTable | None]


def _source(material: Material, report: str) -> str:
    before = material.answers.before
    return f"report {report} {period_words(before)}" if before else ""


def _issues(material: Material, chapter: ChapterOutline) -> Told:
    before = material.answers.table_before("escalations")
    if before is None or not before.rows or material.answers.unlooked:
        return [], None, None
    now = material.answers.table("escalations")
    raised = {row["issue_id"] for row in now.rows} if now is not None else set()
    counts = _counts(material, [str(row["issue_id"]) for row in before.rows])
    followed = []
    repeated = material.answers.table("repeats", top=EVERYTHING)
    names = {row["issue_id"]: row["label"] for row in private(repeated).rows} if repeated is not None else {}
    for row in private(before).rows:
        since, open_now = counts.get(str(row["issue_id"]), (0, None))
        name = str(names.get(row["issue_id"], row["label"]))  # as the other chapters call it
        followed.append((FollowedIssue(name, since, open_now, row["issue_id"] in raised), row))
    followed.sort(key=lambda pair: (not pair[0].is_raised_again, -pair[0].since))
    issues = [one for one, _ in followed]
    columns = [c for c in _OF_ISSUES if c.name != "open" or any(one.open is not None for one in issues)]
    rows: list[Row] = [
        {"label": one.name, "level": row["level"], "orders": row["orders"], "since": one.since}
        | {"open": one.open, "still": one.is_raised_again}
        for one, row in followed
    ]
    table = first_rows(
        plain_table("escalations", "上期建议提级事项的后续", columns, rows), chapter.rows, "个"
    )
    source = _source(material, "escalations")
    said = [issues_followed(issues, source)]
    said += [issue_followed(one, source) for one in issues[: chapter.top] if one.since]
    again, still = sum(bool(one.since) for one in issues), sum(one.is_raised_again for one in issues)
    row = {"item": "建议提级的事项（个）", "flagged": len(issues), "again": again, "still": still}
    return said, row, table


def _counts(material: Material, issues: Iterable[str]) -> dict[str, tuple[int, int | None]]:
    """Return of each issue its orders of the period, and how many are open at its end where that is known."""
    answers = material.answers
    database = answers.database
    database.define("scope", scope(answers.query, columns=()))
    known = closing_known(filled(database, ("closed_at", "status")))
    database.define("ever", scope(replace(answers.query, period=None)))
    define_issued(database, "ever", "issued_ever")
    start, moment = literal(answers.now.start), literal(answers.as_of)
    listed = ", ".join(literal(issue) for issue in issues)
    found = database.query(
        f"SELECT issue_id, count(*) FILTER (received_at >= {start}) AS since, "
        f"count(*) FILTER ({open_sql(moment, CLOSED_ON)}) AS open FROM issued_ever "
        f"WHERE issue_id IN ({listed}) AND received_at <= {moment} GROUP BY issue_id"
    ).to_pylist()
    return {row["issue_id"]: (row["since"], row["open"] if known else None) for row in found}


def _alerts(material: Material, chapter: ChapterOutline) -> Told:
    del chapter
    before, now = material.answers.table_before("alerts"), material.answers.table("alerts")
    if before is None or now is None or not before.rows or not now.totals.get("tests"):
        return [], None, None
    present = {(row["kind"], row["subject"]) for row in now.rows}
    subjects = {(row["kind"], row["subject"]): printable_alert(row) for row in before.rows}
    again = [f"{key[0]}“{row['subject']}”" for key, row in subjects.items() if key in present]
    said = alerts_followed([str(key) for key in subjects], again, _source(material, "alerts"))
    return [said], {"item": "预警对象（个）", "flagged": len(subjects), "again": len(again)}, None


def _orders(material: Material, chapter: ChapterOutline) -> Told:
    del chapter
    answers = material.answers
    before = answers.table_before("supervise")
    pushed = {
        str(row["order_key"])
        for row in (before.rows if before is not None else [])
        if isinstance(row["kinds"], list) and _OPEN & set(map(str, row["kinds"]))
    }
    if not pushed:
        return [], None, None
    listed = ", ".join(literal(order) for order in sorted(pushed))
    moment = literal(answers.as_of)
    open_now: int = answers.database.query(
        f"SELECT count(*) AS open FROM stored_orders WHERE order_key IN ({listed}) "
        f"AND {open_sql(moment, CLOSED_ON)}"
    ).to_pylist()[0]["open"]
    said = orders_followed(len(pushed), open_now, moment_words(answers.as_of), _source(material, "supervise"))
    row: Row = {"item": "须督办的未办结工单（件）", "flagged": len(pushed), "open": open_now}
    return [said], {**row, "closed": len(pushed) - open_now}, None


_FOLLOWED: dict[Content, Callable[[Material, ChapterOutline], Told]] = {
    "escalations": _issues,
    "alerts": _alerts,
    "supervision": _orders,
}
