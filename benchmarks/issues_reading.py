"""Would a leader get these issues as they are? A list to read twice, and what two readers found.

    python benchmarks/issues_reading.py sheet STORE OUT.csv    # sixty issues and all escalations, to be read
    python benchmarks/issues_reading.py agree A.csv B.csv      # the share that both send on as it is

The sheet has a row an issue: what ``report repeats`` and ``report escalations`` say of it, and its first,
middle and last messages. The sixty are drawn evenly from all issues, in the order of the report. A reader
writes ``key,ok,reason`` (1: sent on as it is, 0: not), and knows nothing of the other's.
"""

import argparse
from pathlib import Path

import pandas as pd

import hotline_tools as ht

ISSUES, CHARS, KEPT_LISTS = 60, 160, ("repeats", "escalations")
_TOLD = (
    "label",
    "kind",
    "orders",
    "callers",
    "came_back",
    "first_at",
    "last_at",
    "place",
    "department_names",
)


def sheet(store: ht.Store, drawn: int = ISSUES) -> pd.DataFrame:
    """Return the rows to be read: ``drawn`` issues evenly from all, and every escalation."""
    found = ht.sql(store, "SELECT order_id, title, content FROM orders").rows
    texts = {row["order_id"]: f"{row['title'] or ''}｜{(row['content'] or '')[:CHARS]}" for row in found}
    rows = []
    for name in KEPT_LISTS:
        table = ht.report(store, name, top=10**6)
        step = max(1, len(table.rows) // drawn) if name == "repeats" else 1
        for row in table.rows[::step][: drawn if name == "repeats" else None]:
            ids = list(row["order_ids"])
            shown = dict.fromkeys((ids[0], ids[len(ids) // 2], ids[-1]))
            rows.append(
                {
                    "key": f"{name}-{row['issue_id']}",
                    **{field: row.get(field) for field in _TOLD},
                    "level": row.get("level") if name == "escalations" else None,
                    "reasons": "；".join(row["reasons"]) if name == "escalations" else None,
                    **{f"message_{n}": texts[order_id] for n, order_id in enumerate(shown, 1)},
                }
            )
    return pd.DataFrame(rows)


def agree(first: pd.DataFrame, second: pd.DataFrame) -> str:
    """Return for each list how many were read, both send on, and where the two agree."""
    both = first.merge(second, on="key", suffixes=("_1", "_2"))
    both["list"] = both["key"].str.split("-").str[0]
    lines = [
        "| list | read | sent on by the first | by the second | by both | agreed |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, part in both.groupby("list"):
        one, two = part["ok_1"].astype(int), part["ok_2"].astype(int)
        lines.append(
            f"| {name} | {len(part)} | {one.mean():.1%} | {two.mean():.1%} | {(one & two).mean():.1%}"
            f" | {(one == two).mean():.1%} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=("sheet", "agree"))
    parser.add_argument("paths", type=Path, nargs=2)
    asked = parser.parse_args()
    one, two = asked.paths
    if asked.what == "sheet":
        sheet(ht.Store.open(one)).to_csv(two, index=False)
    else:
        print(agree(pd.read_csv(one), pd.read_csv(two)))


if __name__ == "__main__":
    main()
