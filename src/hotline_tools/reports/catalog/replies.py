"""``report replies``: how good the answers on a message board are, the worst first, each explained.

Measured are repetition, relevance and completeness of the text, and the time to reply. Whether an
answer is true, or the problem solved, no text can tell: the notes say so.
"""

from hotline_tools.reports.common import (
    empty_notes,
    filled,
    level_of,
    missing_notes,
    period_label,
    rate_cells,
    rate_fields,
)
from hotline_tools.reports.coverage import Uncovered, coverage_notes, covered_sql, uncovered_sources
from hotline_tools.reports.kpi.basis import CLOSED_ON, active_scope, basis_note, in_period_sql
from hotline_tools.reports.kpi.facts import REPLIED
from hotline_tools.reports.kpi.patterns import any_sql, column_sql
from hotline_tools.reports.kpi.statement import moment_sql, profile_of
from hotline_tools.reports.query import LEVELS, Database, Query, scope
from hotline_tools.reports.registry import Report, sql_text
from hotline_tools.reports.replies.blocks import MOST, block_conditions
from hotline_tools.reports.replies.figures import RATES, ReplyFigures
from hotline_tools.reports.replies.relevance import QUESTION_CHARS, SUSPECT
from hotline_tools.reports.replies.scores import worded
from hotline_tools.reports.replies.texts import Said
from hotline_tools.reports.rules import ReplyRules, rules_for
from hotline_tools.sql import literal
from hotline_tools.table import Field, Note, NoteKind, ReportTable

_WORST = 50
_SHARE_ANSWERED = {"replied_rate": "有答复的占比"}
_LEVELS = ("department", "category", "subcategory", "street", "district", "channel", "request_type")


def sql(query: Query, within: str = "TRUE") -> str:
    """Return the statement that reads the texts; ``within``: the condition of a block of them."""
    level, rules = level_of(query, "department", _LEVELS), rules_for(ReplyRules, query.rules)
    said = f"regexp_matches(title, {literal(rules.praise_titles)})"
    praised = (
        f"CASE WHEN request_type IS NULL THEN {said} ELSE {column_sql('request_type', rules.praise)} END"
    )
    return sql_text("replies", level=level, praised=praised, within=within, chars=str(QUESTION_CHARS))


def compute(database: Database, query: Query) -> ReportTable:
    """Return the ``top`` (50) worst replies; with ``by`` one row a department (or other level)."""
    database.define("scope", scope(query, columns=(query.by,)))
    replied = active_scope(query, columns=(query.by,))
    database.define(
        "replied",
        "SELECT * EXCLUDE (closed_on, as_of)"
        f" FROM (SELECT *, {CLOSED_ON} AS closed_on FROM ({replied}) AS active) AS placed"
        f" CROSS JOIN ({moment_sql(query)}) AS known"
        f" WHERE {in_period_sql('closed', query)} AND {REPLIED}",
    )
    rules = rules_for(ReplyRules, query.rules)
    level = level_of(query, "department", _LEVELS)
    counts = filled(database, ("reply", "closed_at", "received_at", level))
    texts = [sql(query, within) for within in block_conditions(database)]
    found = _measured(database, texts, rules, query.top or _WORST)
    lacking = missing_notes(counts, {"reply": "答复质量", "closed_at": "答复用时", "received_at": "答复用时"})
    uncovered = uncovered_sources(database, {"replied_rate": (("reply",),)})
    answered = _answered(database, query, uncovered)
    totals = {**rate_cells("replied_rate", answered["replied"], answered["orders"]), **found.total.cells()}
    return ReportTable(
        report="replies",
        title=f"答复质量（按{LEVELS[level]}）" if query.by else "答复质量（最差的答复）",
        period=period_label(query),
        filters=query.described(),
        columns=_level_columns(level) if query.by else _columns(),
        rows=found.by_level()[: query.top] if query.by else [worded(row) for row in found.worst],
        totals=totals,
        notes=[
            *empty_notes(counts[""]),
            *lacking,
            basis_note(query),
            *coverage_notes(uncovered, {"replied_rate": answered["left_out"]}, _SHARE_ANSWERED),
            *_notes(rules, found.praise, len(texts)),
        ],
        incomplete=bool(lacking),
    )


def _answered(database: Database, query: Query, uncovered: Uncovered) -> dict[str, int]:
    """Return the orders received that can show a reply, those with one at the moment, and those left out."""
    profile = profile_of(query)
    covers = covered_sql(uncovered.get("replied_rate", ()))
    replied = f"{covers} AND {REPLIED}"
    counts = {"orders": covers, "left_out": f"NOT ({covers})", "replied": replied}
    selected = ", ".join(
        f"count(*) FILTER (WHERE {condition}) AS {name}" for name, condition in counts.items()
    )
    rows: list[dict[str, int]] = database.query(
        f"SELECT {selected} FROM scope CROSS JOIN ({moment_sql(query)}) AS known"
        f" WHERE NOT {any_sql(profile.exclude)}"
    ).to_pylist()
    return rows[0]


def _measured(database: Database, texts: list[str], rules: ReplyRules, most: int) -> ReplyFigures:
    """Read the texts twice, block by block: first for what all replies say, then for the scores."""
    said = Said(rules.shortest_sentence)
    for block in texts:
        answer = database.query(f"SELECT reply FROM ({block}) AS texts WHERE NOT is_praise")
        said.add(answer["reply"].to_pylist())
    figures = ReplyFigures(said, rules, most)
    for block in texts:
        figures.add(database.query(block).to_pylist())
    return figures


def _columns() -> tuple[Field, ...]:
    return (
        Field("order_id", "编号"),
        Field("department", "答复单位"),
        Field("score", "得分", "number", "分", decides=True),
        Field("reasons", "扣分原因", "list", decides=True),
        Field("repeats", "相同答复", "integer", "件", detail=True),
        Field("boilerplate_share", "套话占比", "rate", detail=True),
        Field("relevance", "相关度", "number", detail=True, digits=2),
        Field("elements", "完整性要素", "integer", "项", detail=True),
        Field("hours", "答复用时", "number", "小时"),
        Field("title", "标题"),
        Field("reply_start", "答复开头", detail=True),
    )


def _level_columns(level: str) -> tuple[Field, ...]:
    return (
        Field("unit", LEVELS[level]),
        Field("replies", "答复", "integer", "件", decides=True),
        Field("score_mean", "平均得分", "number", "分", decides=True),
        *(item for name, label in RATES.items() for item in rate_fields(name, label)),
        Field("hours_median", "用时中位", "number", "小时"),
        Field("timed", "有用时的答复", "integer", "件", comparable=False),
    )


def _notes(rules: ReplyRules, praise: int, blocks: int) -> list[Note]:
    left_out = f"{praise:,} 件表扬、感谢的答复不需要查办结果，不评分，不在下列各率里。"
    parted = f"答复超过 {MOST:,} 件，按受理时间分为 {blocks} 段，相关度只在本段的诉求之间比。"
    return [
        *([Note(NoteKind.EXCLUDED, left_out)] if praise else []),
        Note(
            NoteKind.DEFINITION,
            f"得分 = 不套话 {rules.weight_original:g} + 相关度 {rules.weight_relevance:g} + 完整性 "
            f"{rules.weight_complete:g}。套话：一句话在 {rules.boilerplate_from} 件以上答复里一字不差，"
            "按字数计；与别的答复全文相同的，此项为 0。",
        ),
        Note(
            NoteKind.DEFINITION,
            "相关度：拿答复与本件、与另外若干件诉求比共同实词（越少见的词权重越大），本件胜过的比例；"
            f"太短、看不出的不计这一项。{SUSPECT:.0%} 以上的别的诉求都比本件更像，才列为“答非所问嫌疑”，"
            "仍须人看；"
            "完整性：是否写明查明情况、办理结果、联系方式、日期或时限。",
        ),
        *([Note(NoteKind.DEFINITION, parted)] if blocks > 1 else []),
        Note(
            NoteKind.QUALITY,
            "文字判断不了答复是否属实、问题是否真的解决、态度是否诚恳；"
            "同一政策问题用同样的答复可以是合理的。",
        ),
    ]


REPORT = Report(
    name="replies",
    title="答复质量",
    summary="留言板答复的套话、相关度、完整性与用时，列出最差的并说明原因",
    compute=compute,
    sql=sql,
    touches=("request_type",),
    options=("by", "rules", "basis"),
)
