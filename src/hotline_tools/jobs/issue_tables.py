"""The tables of repeat issues that a store keeps, read back."""

import pyarrow as pa
import pyarrow.parquet as pq

from hotline_tools.parquet import naming
from hotline_tools.repeats.issues.decisions import DECISIONS, Decision, from_table
from hotline_tools.repeats.issues.table import ISSUES, MEMBERS
from hotline_tools.store import Store

MEMBERS_TABLE, ISSUES_TABLE = "issue_members", "issues"
LOOKED_AT_TABLE = "issue_looked_at"
DECISIONS_TABLE, HISTORY_TABLE = "issue_decisions", "issue_history"
HISTORY = pa.schema(
    [
        pa.field("changed_at", pa.timestamp("us")),
        pa.field("kind", pa.string()),
        pa.field("issue_id", pa.string()),
        pa.field("others", pa.list_(pa.string())),
    ]
)
"""``kind``: new, joined (``others`` went into the issue), split (``others`` came out of it), gone."""


def _load(store: Store, name: str, schema: pa.Schema) -> pa.Table:
    path = store.issue_files().get(name)
    if path is None:
        return schema.empty_table()
    with naming(path):
        return pq.read_table(path, schema=schema)


def load_issues(store: Store) -> pa.Table:
    """Return the table of issues (``ISSUES``), empty before the first run."""
    return _load(store, ISSUES_TABLE, ISSUES)


def load_members(store: Store) -> pa.Table:
    """Return order_key, issue_id and order_id of grouped orders."""
    return _load(store, MEMBERS_TABLE, MEMBERS)


def known_members(store: Store) -> dict[str, str]:
    """Return order key → issue id of the last run."""
    table = load_members(store)
    return dict(zip(table["order_key"].to_pylist(), table["issue_id"].to_pylist(), strict=True))


def load_history(store: Store) -> pa.Table:
    """Return what became of issues over time (``HISTORY``)."""
    return _load(store, HISTORY_TABLE, HISTORY)


def load_decisions(store: Store) -> list[Decision]:
    """Return people's decisions, oldest first."""
    return from_table(_load(store, DECISIONS_TABLE, DECISIONS))
