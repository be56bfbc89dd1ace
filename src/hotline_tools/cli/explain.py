"""``hotline classify --explain``: one order's decision in words."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from hotline_tools.cli.shared import State
from hotline_tools.escapes import for_terminal

if TYPE_CHECKING:
    from hotline_tools.classify.explain import Explanation, WordShare

FOR, AGAINST = 8, 4
"""Most words shown that support the category, and the runner-up."""


def explain_order(state: State, order: str, taxonomy: Path | None, model: Path | None) -> None:
    """Print why an order of the store gets its category, and what the store says of it now."""
    from hotline_tools.classify.explain import explain
    from hotline_tools.jobs.issue_review import find_orders

    found = find_orders(state.open_store(), [order])[order]
    stored = _stored(state, found["order_key"])
    title, content = found["title"], found["content"]
    if title is None and content is None:
        title = stored["original_category"]  # as when the store is classified
    for line in _lines(order, found, explain(state.classifier(taxonomy, model), title, content)):
        typer.echo(for_terminal(line))
    if stored["model"] is not None:
        path = _path(stored["category"], stored["subcategory"])
        typer.echo(f"人工标注：{path}（{stored['model']}），报表以此为准。")


def _stored(state: State, order_key: str) -> dict[str, Any]:
    """The export's own category, and a person's label where there is one."""
    with state.engine() as engine:
        rows: list[dict[str, Any]] = engine.query(
            "SELECT o.original_category, p.category, p.subcategory, p.model FROM stored_orders AS o "
            "LEFT JOIN person_labels AS p ON p.order_key = o.order_key WHERE o.order_key = ?",
            [order_key],
        ).to_pylist()
    return rows[0]


def _lines(order: str, found: dict[str, Any], why: "Explanation") -> Iterator[str]:
    yield f"{order} {found['title'] or ''}".rstrip()
    path, kind = _path(why.category, why.subcategory), why.request_type or "不详"
    yield f"类别：{path}，置信度 {why.confidence:.2f}；诉求类型：{kind}"
    yield f"可能性最高的 {len(why.probabilities)} 类：" + "，".join(
        f"{name} {p:.2f}" for name, p in why.probabilities
    )
    if why.rival is not None and why.category is not None:
        yield from _words(why, why.rival)
    yield f"需复核：{'；'.join(why.reasons)}。" if why.reasons else "不需复核：把握足够。"


def _words(why: "Explanation", rival: str) -> Iterator[str]:
    what = "词典分" if why.margin is None else "判别分"
    yield f"与次选“{rival}”相比，各词的作用（{what}；正数支持“{why.category}”，负数支持“{rival}”）："
    mine = [share for share in why.words if share.contribution > 0][:FOR]
    other = [share for share in why.words if share.contribution < 0][:AGAINST]
    for share in (*mine, *other):
        yield _line(share)
    if not mine and not other:
        yield "  （没有可读的词）"
    if why.margin is not None:
        shown = sum(share.contribution for share in (*mine, *other))
        rest = sum(share.contribution for share in why.words) - shown
        for name, value in (
            ("其余的词", rest),
            ("不成词的字组", why.fragments),
            ("词典、规则与已有知识", why.knowledge),
            ("类别的基数", why.bias),
            ("合计：领先次选", why.margin),
        ):
            yield f"  {value:+7.3f}  {name}"


def _line(share: "WordShare") -> str:
    return f"  {share.contribution:+7.3f}  {share.word}{'（标题）' if share.in_title else ''}"


def _path(category: str | None, subcategory: str | None) -> str:
    return "/".join(filter(None, (category, subcategory))) or "未归类"
