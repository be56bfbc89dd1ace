"""Which channels find requests and which wait for them: the rules of ``channels.toml`` as SQL."""

from typing import Any

from hotline_tools.reports.kpi.patterns import column_sql
from hotline_tools.reports.query import Database, Query
from hotline_tools.reports.rules import ChannelRules, rules_for
from hotline_tools.table import Note, NoteKind


def channel_rules(query: Query) -> ChannelRules:
    """Return the channel rules of the question."""
    return rules_for(ChannelRules, query.rules)


def kind_sql(rules: ChannelRules) -> str:
    """Return the expression that is 'proactive', 'reactive' or null for an order."""
    proactive = column_sql("channel", rules.proactive)
    reactive = column_sql("channel", rules.reactive)
    return f"CASE WHEN {proactive} THEN 'proactive' WHEN {reactive} THEN 'reactive' END"


def unmapped_notes(database: Database, rules: ChannelRules, view: str = "scope") -> list[Note]:
    """Return a note that names the channels which are neither, with their orders."""
    answer = database.query(
        f"SELECT channel, count(*) AS orders FROM {view} "
        f"WHERE channel IS NOT NULL AND {kind_sql(rules)} IS NULL "
        "GROUP BY channel ORDER BY orders DESC, channel"
    )
    rows: list[dict[str, Any]] = answer.to_pylist()
    if not rows:
        return []
    named = "、".join(f"{row['channel']} {row['orders']:,} 件" for row in rows[:10])
    text = f"这些渠道在规则里既非主动也非被动，未计入比例：{named}；可用 --rules 补充。"
    return [Note(NoteKind.EXCLUDED, text)]
