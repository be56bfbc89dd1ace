"""Repeat issues of a store, or of export files through a store of their own."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.engine import Engine
from hotline_tools.errors import NotComputableError
from hotline_tools.jobs.importing import ImportReport, import_tables
from hotline_tools.jobs.issue_tables import (
    DECISIONS_TABLE,
    HISTORY,
    HISTORY_TABLE,
    ISSUES_TABLE,
    LOOKED_AT_TABLE,
    MEMBERS_TABLE,
    known_members,
    load_decisions,
    load_history,
    load_members,
)
from hotline_tools.jobs.repeat_groups import grouped_here
from hotline_tools.layouts import Match
from hotline_tools.normalise.classified import CLASSIFIED, category_alone
from hotline_tools.repeats.encode.ragged import Longs
from hotline_tools.repeats.find import StepCallback, ignore_step
from hotline_tools.repeats.issues.decisions import (
    Decision,
    muted,
    names,
    preferred_ids,
    regroup,
)
from hotline_tools.repeats.issues.decisions import to_table as decisions_table
from hotline_tools.repeats.issues.identity import PREFIX, IssueChange, identify
from hotline_tools.repeats.issues.table import ISSUES, MEMBERS, TextsOfIssues, issue_table, issues_sql
from hotline_tools.scratch import scratch
from hotline_tools.sources import RawTable
from hotline_tools.store import Store
from hotline_tools.store.written import WaitingTables

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_AT_A_TIME, _SUMMING_MEMORY = 500_000, "800MB"
"""Members that are summed up at a time, and what DuckDB may use for it."""


@dataclass(frozen=True)
class RepeatsReport:
    """What a run found."""

    orders: int
    """Orders looked at."""
    grouped: int
    """Orders that belong to an issue."""
    issues: int
    to_check: int
    """Issues that somebody has to look at before they are counted; part of ``issues``."""
    without_place: int
    """Orders that name no place or actor, kept out."""
    changes: tuple[IssueChange, ...] = ()
    is_first: bool = False
    """Whether nobody had looked before, so that every issue is a new one."""


def find_repeats(
    store: Store,
    *,
    workers: int | None = None,
    step: StepCallback = ignore_step,
    now: datetime | None = None,
    spark: "SparkSession | None" = None,
) -> RepeatsReport:
    """Find the repeat issues of a store and write its tables of them.

    Known issues keep their ids; people's decisions hold. With a session the districts are looked through by
    Spark's workers; ``workers`` are processes of this machine. Raises ``StoreError`` when the store cannot
    be written.
    """
    made_of = store.import_ids()  # before the orders are read: what comes in meanwhile is later
    if not store.order_files():
        raise NotComputableError(
            "工单库里没有工单", where=str(store.path), remedy="请先用 hotline import 导入。"
        )
    if spark is None:
        grouped = grouped_here(store, workers, step)
    else:
        from hotline_tools.jobs.repeats_on_spark import grouped_on_spark  # noqa: PLC0415 - an extra

        grouped = grouped_on_spark(store, spark, step)
    orders = grouped.looked_at.num_rows
    is_first = not store.issue_files()
    with store.issue_tables(made_of=made_of) as tables:
        decisions = load_decisions(store)
        keys = grouped.looked_at["order_key"]
        groups = regroup(_members(grouped.group, keys), decisions)
        members, changes = _numbered(store, groups, decisions)
        closest = pa.table({"order_key": keys, "closest": grouped.closest})
        closest = closest.filter(pc.is_in(keys, members["order_key"].combine_chunks()))
        tables[LOOKED_AT_TABLE] = grouped.looked_at
        without_place = grouped.without_place
        del groups, keys, grouped  # of a city, a gigabyte that nothing asks for any more
        sums = _settle(
            store,
            tables,
            members,
            closest,
            decisions,
            changes=changes,
            now=now or datetime.now(),
            step=step,
        )
    return RepeatsReport(
        orders,
        sums["orders"],
        sums["issues"],
        sums["to_check"],
        without_place,
        changes=tuple(changes),
        is_first=is_first,
    )


def decide(store: Store, *decided: Decision) -> list[IssueChange]:
    """Carry out a person's decisions of one moment now, all or none, and remember them for every rerun."""
    with store.issue_tables() as tables:
        decisions = [*load_decisions(store), *decided]
        current: defaultdict[str, list[str]] = defaultdict(list)
        for key, issue in known_members(store).items():
            current[issue].append(key)
        groups = regroup(list(current.values()), decided)
        members, changes = _numbered(store, groups, decisions)
        tables[DECISIONS_TABLE] = decisions_table(decisions)
        _settle(
            store,
            tables,
            members,
            load_members(store),
            decisions,
            changes=changes,
            now=decided[-1].decided_at,
        )
    return changes


@contextmanager
def repeats_of_files(
    tables: Iterable[tuple[RawTable, Match]],
    *,
    workers: int | None = None,
    step: StepCallback = ignore_step,
) -> Iterator[tuple[Store, ImportReport, RepeatsReport]]:
    """Import export files into a store that lives as long as the context, and find its issues."""
    with scratch() as folder:
        store = Store.open(folder / "store", create=True, key_file=folder / "caller.key")
        step("读入")
        imported = import_tables(tables, store)
        yield store, imported, find_repeats(store, workers=workers, step=step)


def _members(group: Longs, keys: pa.ChunkedArray) -> list[list[str]]:
    """Return the order keys of each group of two or more, both in the store's order."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    sizes = np.diff(starts, append=len(order))
    several = np.flatnonzero(sizes > 1)
    several = several[np.argsort(order[starts[several]])]
    rows = [order[starts[at] : starts[at] + sizes[at]] for at in several]
    flat = keys.combine_chunks().take(pa.array(np.concatenate([np.empty(0, np.int64), *rows]))).to_pylist()
    ends = np.cumsum([len(some) for some in rows]).tolist()
    return [flat[end - len(some) : end] for some, end in zip(rows, ends, strict=True)]


def _numbered(
    store: Store, groups: Sequence[Sequence[str]], decisions: list[Decision]
) -> tuple[pa.Table, list[IssueChange]]:
    """Give the groups their ids; return ``order_key`` and ``issue_id``, sorted by issue, and what changes."""
    past = [issue for issue in load_history(store)["issue_id"].to_pylist() if issue.startswith(PREFIX)]
    last = max((int(issue.removeprefix(PREFIX)) for issue in past), default=0)
    found = identify(groups, known_members(store), last, preferred_ids(decisions))
    keyed = {"order_key": list(found.issue_of), "issue_id": list(found.issue_of.values())}
    members = pa.table(keyed, schema=pa.schema([MEMBERS.field(name) for name in keyed]))
    return members.sort_by([("issue_id", "ascending"), ("order_key", "ascending")]), found.changes


def _settle(
    store: Store,
    tables: WaitingTables,
    members: pa.Table,
    closest: pa.Table,
    decisions: list[Decision],
    *,
    changes: list[IssueChange],
    now: datetime,
    step: StepCallback = ignore_step,
) -> Counter[str]:
    """Write members, issues and history; return how many ``orders``, ``issues`` and ``to_check`` there are.

    ``members`` as ``_numbered`` returns them; ``closest`` has ``order_key`` and ``closest`` of at least those
    that no person put there. Needs the lock.
    """
    step("编号与汇总")
    place = _places(store, members["order_key"])
    members = members.append_column("order_id", _order_ids(store, place, len(members)))
    members = members.append_column("closest", _closest(members, closest, decisions)).cast(MEMBERS)
    added = [
        {"changed_at": now, "kind": c.kind, "issue_id": c.issue_id, "others": list(c.others)} for c in changes
    ]
    tables[MEMBERS_TABLE] = members
    tables[HISTORY_TABLE] = pa.concat_tables(
        [load_history(store), pa.Table.from_pylist(added, schema=HISTORY)]
    )
    sums: Counter[str] = Counter()
    tables.write(ISSUES_TABLE, _counted(_issues(store, members, place, decisions), sums), ISSUES)
    return sums


def _counted(parts: Iterable[pa.Table], sums: Counter[str]) -> Iterator[pa.Table]:
    """Pass parts of the table of issues on, and add them up."""
    for part in parts:
        orders, to_check = (pc.sum(part[name]).as_py() or 0 for name in ("orders", "to_check"))
        sums.update(orders=orders, issues=part.num_rows, to_check=to_check)
        yield part


def _issues(
    store: Store, members: pa.Table, place: pa.Array, decisions: list[Decision]
) -> Iterator[pa.Table]:
    """Yield the table of issues; whole issues, some at a time, for their texts and lists are in memory."""
    codes = members["issue_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    starts = np.searchsorted(codes, codes[::_AT_A_TIME]).tolist()
    with Engine(store, memory_limit=_SUMMING_MEMORY) as engine:
        for start, end in pairwise([*dict.fromkeys([0, *starts]), len(members)]):
            some = members.slice(start, end - start)
            engine.define_table(MEMBERS_TABLE, some)
            facts = engine.query(issues_sql())
            within = pc.and_(pc.greater_equal(place, start), pc.less(place, end))
            own = pc.if_else(within, pc.subtract(place, pa.scalar(start, place.type)), None).cast(place.type)
            texts = TextsOfIssues.of(_texts(store, own), some["issue_id"])
            yield issue_table(facts, texts, names(decisions), muted(decisions))


def _closest(members: pa.Table, known: pa.Table, decisions: list[Decision]) -> pa.Array:
    """Return how sure each member is of another of its issue; 1 where a person put them together."""
    at = pc.index_in(known["order_key"].combine_chunks(), value_set=members["order_key"].combine_chunks())
    told = pa.table({"at": at, "closest": known["closest"]}).drop_null()
    closest = np.full(len(members), np.nan, np.float32)
    closest[told["at"].to_numpy()] = told["closest"].to_numpy()
    joins = [decision for decision in decisions if decision.kind == "join"]
    said = {(key, decision.issue_id) for decision in joins for key in decision.orders}
    if said:
        pairs = zip(members["order_key"].to_pylist(), members["issue_id"].to_pylist(), strict=True)
        closest[[pair in said for pair in pairs]] = 1
    return pa.array(closest, mask=np.isnan(closest))


def _places(store: Store, members: pa.ChunkedArray) -> pa.Array:
    """Return of each order, in the store's order, which of ``members`` it is; null where none."""
    keys = pa.concat_tables(store.order_batches(["order_key"]))["order_key"].combine_chunks()
    return pc.index_in(keys, value_set=members.combine_chunks())


def _of_members(store: Store, place: pa.Array, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Yield some columns of the orders that are members, batch by batch, and their ``place``."""
    start = 0
    for batch in store.order_batches(columns):
        part = place.slice(start, len(batch))
        start += len(batch)
        yield batch.append_column("place", part).filter(part.is_valid())


def _texts(store: Store, place: pa.Array) -> Iterator[pa.Table]:
    """Yield place, title, content and address; the last level of the export's category for lack of a text."""
    for batch in _of_members(store, place, ["address", *CLASSIFIED]):
        types = category_alone(*(batch[name] for name in CLASSIFIED))
        levels = pc.utf8_trim_whitespace(pc.replace_substring_regex(types, "^.*/", ""))
        titles = pc.coalesce(batch["title"], levels)
        rows = batch.set_column(batch.column_names.index("title"), "title", titles)
        yield rows.drop_columns(["original_category"])


def _order_ids(store: Store, place: pa.Array, members: int) -> pa.ChunkedArray:
    """Return the id of each member; null for one that a person named and the store does not have."""
    found = pa.concat_tables(_of_members(store, place, ["order_id"]))
    row = np.full(members, -1)
    row[found["place"].to_numpy()] = np.arange(len(found))
    return found["order_id"].take(pa.array(row, mask=row < 0))
