"""Reviewing issues: find an issue or orders by id, explain a pair, record a person's decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.errors import UsageError
from hotline_tools.jobs.issue_tables import known_members, load_decisions, load_issues
from hotline_tools.jobs.repeat_groups import with_categories
from hotline_tools.jobs.repeats import decide
from hotline_tools.parquet import footers
from hotline_tools.repeats.find import COLUMNS
from hotline_tools.repeats.issues.decisions import Decision, decided_together
from hotline_tools.repeats.issues.explanation import Reasons, explain
from hotline_tools.store import Store
from hotline_tools.suggestions import did_you_mean

_SAMPLE = 8_000
"""Number of orders from which the document frequencies for an explanation are taken."""


def find_issue(store: Store, issue_id: str) -> dict[str, Any]:
    """Return an issue's row; raise ``UsageError`` naming the closest id."""
    table = load_issues(store)
    found: list[dict[str, Any]] = table.filter(pc.equal(table["issue_id"], issue_id)).to_pylist()
    if found:
        return found[0]
    if not table.num_rows:
        raise UsageError("还没有重复事项", remedy="请先运行 hotline repeats。")
    hint = did_you_mean(issue_id, table["issue_id"].to_pylist())
    raise UsageError(f"没有事项 {issue_id}", remedy=f"{hint}运行 hotline issues list 查看全部。")


def find_orders(store: Store, wanted: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the orders named by their id or key, by the name given.

    Raises ``UsageError`` for one that is not there, or an id that several orders have.
    """
    names = pa.array(list(wanted), pa.string())
    found: dict[str, dict[str, Any]] = {}
    for batch in store.order_batches(["order_key", *COLUMNS]):
        hit = pc.or_kleene(pc.is_in(batch["order_id"], names), pc.is_in(batch["order_key"], names))
        for row in batch.filter(hit).to_pylist():
            name = row["order_key"] if row["order_key"] in wanted else row["order_id"]
            if name in found:
                raise UsageError(f"编号 {name} 有不止一件工单", remedy="请改用工单键 order_key。")
            found[name] = row
    missing = [name for name in wanted if name not in found]
    if missing:
        raise UsageError(f"没有工单 {'、'.join(missing)}", remedy="请检查工单编号。")
    return found


@dataclass(frozen=True)
class Why:
    """The reasons for or against two orders, the issue each is in, and what a person decided about both."""

    reasons: Reasons
    issue_of: dict[str, str | None]
    decision: Decision | None


@dataclass(frozen=True)
class SplitPart:
    """Some orders after a split: how many, and the issue that they are in; None for one left alone."""

    orders: int
    issue: str | None


def why(store: Store, first: str, second: str) -> Why:
    """Return why two orders are, or are not, one issue."""
    if first == second:
        raise UsageError("须是两件不同的工单", remedy="例如 hotline issues why 工单甲 工单乙。")
    two = find_orders(store, [first, second])
    others = _some_orders(store)
    rows = pa.Table.from_pylist(
        [{name: two[key][name] for name in COLUMNS} for key in (first, second)], schema=others.schema
    )
    members = known_members(store)
    issue_of = {name: members.get(two[name]["order_key"]) for name in (first, second)}
    reasons = explain(with_categories(pa.concat_tables([rows, others])), 0, 1)
    keys = [two[name]["order_key"] for name in (first, second)]
    return Why(reasons, issue_of, decided_together(load_decisions(store), *keys))


def _some_orders(store: Store) -> pa.Table:
    """Return every so-many-th order; of all others no more than a batch is in memory."""
    total = sum(footer.num_rows for footer in footers(store.order_files()))
    step = max(1, total // _SAMPLE)
    kept, first = [], 0
    for batch in store.order_batches(list(COLUMNS)):
        kept.append(batch.take(pa.array(range(-first % step, batch.num_rows, step), pa.int64())))
        first += batch.num_rows
    return pa.concat_tables(kept)


def confirm(store: Store, issue_ids: Sequence[str], *, now: datetime | None = None) -> None:
    """Say that each of these issues is one, however unsure the search was of it."""
    moment = now or datetime.now()
    rows = [find_issue(store, issue_id) for issue_id in dict.fromkeys(issue_ids)]
    keys = {row["issue_id"]: tuple(row["order_keys"]) for row in rows}
    decide(store, *(Decision(moment, "join", issue, orders=orders) for issue, orders in keys.items()))


def join(store: Store, issue_ids: Sequence[str], *, now: datetime | None = None) -> int:
    """Make several issues one; the first keeps its id. Return how many orders it has now."""
    rows = [find_issue(store, issue_id) for issue_id in dict.fromkeys(issue_ids)]
    if len(rows) < 2:
        raise UsageError("至少写两个不同的事项", remedy="例如 hotline issues join R000001 R000002。")
    orders = tuple(key for row in rows for key in row["order_keys"])
    kept = rows[0]["issue_id"]
    decide(store, Decision(now or datetime.now(), "join", kept, orders=orders))
    return sum(issue == kept for issue in known_members(store).values())


def split(
    store: Store, issue_id: str, orders: Sequence[str], *, now: datetime | None = None
) -> tuple[SplitPart, SplitPart]:
    """Take orders out of an issue; return what became of those taken out, and of the rest.

    Those taken out are an issue of their own when they are several; the rest keep the id when they are.
    """
    issue = find_issue(store, issue_id)
    apart = {row["order_key"] for row in find_orders(store, orders).values()}
    outside = apart - set(issue["order_keys"])
    rest = tuple(key for key in issue["order_keys"] if key not in apart)
    if outside or not rest:
        raise UsageError(
            "要拆出的工单须是该事项的一部分", where=issue_id, remedy="用 hotline issues show 查看它的工单。"
        )
    chosen = tuple(key for key in issue["order_keys"] if key in apart)
    decide(store, Decision(now or datetime.now(), "split", issue_id, orders=chosen, others=rest))
    after = known_members(store)
    return SplitPart(len(chosen), after.get(chosen[0])), SplitPart(len(rest), after.get(rest[0]))


def rename(store: Store, issue_id: str, name: str, *, now: datetime | None = None) -> None:
    """Give an issue a name of one's own."""
    find_issue(store, issue_id)
    if not name.strip():
        raise UsageError("名称不能为空", where=issue_id, remedy="例如 hotline issues rename R000001 新名称。")
    decide(store, Decision(now or datetime.now(), "rename", issue_id, name=name.strip()))


def mute(store: Store, issue_id: str, *, undo: bool = False, now: datetime | None = None) -> None:
    """Leave an issue out of lists and escalation, or take it in again."""
    find_issue(store, issue_id)
    decide(store, Decision(now or datetime.now(), "unmute" if undo else "mute", issue_id))
