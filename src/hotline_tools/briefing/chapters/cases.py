"""典型案例: orders chosen by rule, their texts masked once more."""

from collections.abc import Sequence
from typing import Any

from hotline_tools.briefing.chapters.repeats import EVERYTHING, private
from hotline_tools.briefing.masking import masked_twice
from hotline_tools.briefing.material import Material, Parts, Row
from hotline_tools.briefing.numbers import integer
from hotline_tools.briefing.outline import ChapterOutline
from hotline_tools.briefing.sentences.issues import KNOWN_CALLERS, Case, case
from hotline_tools.privacy import Author
from hotline_tools.reports.query import Database
from hotline_tools.sql import literal

_LONGEST = 120
"""Characters of a text that are told."""
_RULES = (
    ("callers", "来电人最多，已知{n}人"),
    ("came_back", "办结后又来最多，{n}件"),
    ("orders", "件数最多，{n}件"),
    ("open_orders", "未办结最多，{n}件"),
)
"""The columns of the repeat issues by which a case is chosen, and how the choice is told."""


def cases(material: Material, chapter: ChapterOutline) -> Parts:
    """Return the chapter: by each rule one of the issues of several callers that was not told yet."""
    table = material.answers.table("repeats", top=EVERYTHING)
    if table is None:
        return []
    has_replies = material.answers.has("reply")
    told = [row for row in private(table).rows if (integer(row["callers"]) or 0) >= KNOWN_CALLERS]
    parts: Parts = []
    seen: set[Any] = set()
    for column, why in _RULES[: chapter.top]:
        left = [row for row in told if row["issue_id"] not in seen and integer(row[column])]
        if not left:
            continue
        row = max(left, key=lambda row: (integer(row[column]) or 0, str(row["issue_id"])))
        order = _order(material.answers.database, row["order_keys"])
        if order is not None:
            among = "多人反映的其他事项中" if seen else "多人反映的事项中"
            facts = _case(row, order, among + why.format(n=row[column]), has_replies=has_replies)
            source = f"report repeats；事项 {row['issue_id']}；工单 {order['order_id']}"
            parts.append(case(facts, len(parts) + 1, material.outline.words.people, source))
            seen.add(row["issue_id"])
    return parts


def _order(database: Database, order_keys: Any) -> dict[str, Any] | None:
    """Return the issue's first order that has an answer, else its first; ids may be those of other orders."""
    keys = ", ".join(literal(str(one)) for one in order_keys)
    found: Sequence[dict[str, Any]] = database.query(
        "SELECT order_id, received_at, title, content, reply FROM stored_orders "
        f"WHERE order_key IN ({keys}) ORDER BY coalesce(reply, '') = '', received_at, order_key LIMIT 1"
    ).to_pylist()
    return found[0] if found else None


def _case(row: Row, order: dict[str, Any], why: str, *, has_replies: bool) -> Case:
    day = order["received_at"]
    return Case(
        why,
        str(row.get("subcategory") or row.get("category") or "未归类"),
        _told(order["content"] or order["title"] or "", "caller"),
        _told(order["reply"] or "", "office") if has_replies else None,
        f"{day.month}月{day.day}日",
        str(row.get("community") or row.get("street") or ""),
    )


def _told(text: str, author: Author) -> str:
    """Return a text masked, on one line and cut at the end of a clause."""
    masked = masked_twice(text, author)
    if len(masked) <= _LONGEST:
        return masked
    cut = masked[:_LONGEST]
    end = max(cut.rfind(mark) for mark in "。！？；，")
    return f"{cut[: end if end > _LONGEST // 2 else _LONGEST]}……"
