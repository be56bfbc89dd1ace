"""Scores of replies with the reasons for every point lost."""

import re
from dataclasses import dataclass
from typing import Any

from hotline_tools.reports.common import UNFILLED
from hotline_tools.reports.replies.relevance import SUSPECT, Relevance, relevances
from hotline_tools.reports.replies.texts import ELEMENTS, Repetition, Said, missing_elements
from hotline_tools.reports.rules import ReplyRules


@dataclass(frozen=True)
class _Measures:
    """Of one reply: what it repeats, how it fits its message, what it lacks."""

    repetition: Repetition
    relevance: Relevance
    lacks: list[str]


def scored(found: list[dict[str, Any]], said: Said, rules: ReplyRules) -> list[dict[str, Any]]:
    """Score a block of rows of replies.sql; ``said``: what all replies say, these among them."""
    patterns = {name: re.compile(getattr(rules, name)) for name in ELEMENTS}
    replies = [row["reply"] for row in found]
    questions = [f"{row['title'] or ''} {row['content'] or ''}" for row in found]
    repetitions = said.repetitions(replies, rules.boilerplate_from)
    near = relevances(questions, replies, rules.common_words)
    lacks = {reply: missing_elements(reply, patterns) for reply in set(replies)}
    return [
        _score(row, _Measures(repetitions[row["reply"]], fit, lacks[row["reply"]]), rules)
        for row, fit in zip(found, near, strict=True)
    ]


def _score(row: dict[str, Any], measured: _Measures, rules: ReplyRules) -> dict[str, Any]:
    (same, share), lacks = measured.repetition, measured.lacks
    original = 0.0 if same else 1 - share
    complete = 1 - len(lacks) / len(ELEMENTS)
    parts = [(rules.weight_original, original), (rules.weight_complete, complete)]
    fit = measured.relevance.fit
    if fit is not None:
        parts.append((rules.weight_relevance, max(0.0, 2 * fit - 1)))
    full = sum(weight for weight, _ in parts)
    is_near = not same and share >= rules.near_repeat_share
    return {
        **{name: row[name] for name in ("order_id", "department", "hours", "title")},
        "score": 100 * sum(weight * part for weight, part in parts) / full if full else None,
        "lacks": lacks,
        "repeats": same,
        "boilerplate_share": share,
        "unit": row["unit"] or UNFILLED,
        "relevance": fit,
        "elements": len(ELEMENTS) - len(lacks),
        "reply": row["reply"],
        "exact_repeat_rate": same > 0,
        "near_repeat_rate": is_near,
        "off_topic_rate": measured.relevance.better >= SUSPECT,
        "complete_rate": not lacks,
    }


def worded(row: dict[str, Any]) -> dict[str, Any]:
    """Return a scored row with ``reasons`` and ``reply_start``: only the rows that are shown need words."""
    same, lacks = row["repeats"], row["lacks"]
    reasons = [f"与另外 {same:,} 件答复一字不差"] if same else []
    reasons += [f"{row['boilerplate_share']:.0%} 是套话"] if row["near_repeat_rate"] else []
    reasons += ["更像是在答复别的诉求"] if row["off_topic_rate"] else []
    reasons += [f"未写明{'、'.join(lacks)}"] if lacks else []
    return {**row, "reasons": reasons, "reply_start": row["reply"][:60]}
