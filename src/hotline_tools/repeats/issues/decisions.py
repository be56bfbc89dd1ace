"""What people decided about issues, kept in terms of orders so that it outlives every rerun."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import pyarrow as pa

DecisionKind = Literal["join", "split", "rename", "mute", "unmute"]
DECISIONS = pa.schema(
    [
        pa.field("decided_at", pa.timestamp("us")),
        pa.field("kind", pa.string()),
        pa.field("issue_id", pa.string()),
        pa.field("name", pa.string()),
        pa.field("orders", pa.list_(pa.string())),
        pa.field("others", pa.list_(pa.string())),
    ]
)
"""The table ``issue_decisions`` of the store."""


@dataclass(frozen=True)
class Decision:
    """One decision.

    ``join``: all of ``orders`` are one issue, called ``issue_id``. ``split``: ``orders`` are another
    issue than ``others``. ``rename``: ``issue_id`` is labelled ``name``. ``mute``/``unmute``: whether
    ``issue_id`` is left out of lists and escalation.
    """

    decided_at: datetime
    kind: DecisionKind
    issue_id: str
    name: str = ""
    orders: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def to_table(decisions: Iterable[Decision]) -> pa.Table:
    """Return decisions as the store keeps them."""
    rows = [{**vars(d), "orders": list(d.orders), "others": list(d.others)} for d in decisions]
    return pa.Table.from_pylist(rows, schema=DECISIONS)


def from_table(table: pa.Table) -> list[Decision]:
    """Read the store's table, in the order of the decisions."""
    rows = table.select(DECISIONS.names).to_pylist()
    return [
        Decision(**{**row, "orders": tuple(row["orders"]), "others": tuple(row["others"])}) for row in rows
    ]


def regroup(groups: Sequence[Sequence[str]], decisions: Sequence[Decision]) -> list[list[str]]:
    """Apply joins and splits, in their order, to groups of order keys; a later decision wins.

    Groups come back largest change last: those untouched in their order, the others after them.
    """
    current: dict[int, list[str]] = {number: list(group) for number, group in enumerate(groups)}
    where = {key: number for number, group in current.items() for key in group}
    fresh = len(current)
    for decision in decisions:
        if decision.kind == "join":
            _join(current, where, decision.orders, fresh)
            fresh += 1
        elif decision.kind == "split":
            fresh = _split(current, where, decision, fresh)
    return [group for group in current.values() if len(group) > 1]


def _join(current: dict[int, list[str]], where: dict[str, int], orders: Sequence[str], fresh: int) -> None:
    touched = dict.fromkeys(where[key] for key in orders if key in where)
    # An order that the machine left alone is in no group, and joins all the same.
    alone = [key for key in orders if key not in where]
    current[fresh] = [*alone, *(key for number in touched for key in current.pop(number))]
    for key in current[fresh]:
        where[key] = fresh


def _split(current: dict[int, list[str]], where: dict[str, int], decision: Decision, fresh: int) -> int:
    apart = set(decision.orders)
    kept = {where[key] for key in decision.others if key in where}
    for number in sorted({where[key] for key in apart if key in where} & kept):
        taken = [key for key in current[number] if key in apart]
        current[number] = [key for key in current[number] if key not in apart]
        current[fresh] = taken
        where |= dict.fromkeys(taken, fresh)
        fresh += 1
    return fresh


def preferred_ids(decisions: Iterable[Decision]) -> dict[str, str]:
    """Return order key → the id a person chose: of a join for all, of a split for those that were left."""
    chosen: dict[str, str] = {}
    for decision in decisions:
        if decision.kind == "join":
            chosen |= dict.fromkeys(decision.orders, decision.issue_id)
        elif decision.kind == "split":
            for key in decision.orders:
                chosen.pop(key, None)
            chosen |= dict.fromkeys(decision.others, decision.issue_id)
    return chosen


def decided_together(decisions: Iterable[Decision], one: str, other: str) -> Decision | None:
    """Return the last decision that put two orders together or apart; None when nobody decided on both."""
    last = None
    for decision in decisions:
        joined = decision.kind == "join" and {one, other} <= set(decision.orders)
        sides = (one in decision.orders, other in decision.orders)
        rest = (one in decision.others, other in decision.others)
        if joined or (
            decision.kind == "split"
            and (sides, rest) in (((True, False), (False, True)), ((False, True), (True, False)))
        ):
            last = decision
    return last


def names(decisions: Iterable[Decision]) -> dict[str, str]:
    """Return issue id → the name given last."""
    return {d.issue_id: d.name for d in decisions if d.kind == "rename"}


def muted(decisions: Iterable[Decision]) -> set[str]:
    """Return the issues muted and not unmuted since."""
    state = {d.issue_id: d.kind == "mute" for d in decisions if d.kind in ("mute", "unmute")}
    return {issue for issue, is_muted in state.items() if is_muted}
