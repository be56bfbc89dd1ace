"""Issues as files and lists: the table of issues, its members, the list people look at."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from hotline_tools.jobs.issue_tables import load_issues, load_members
from hotline_tools.render.rows import write_rows
from hotline_tools.repeats.clustering.certainty import SURE
from hotline_tools.repeats.issues.table import ISSUES
from hotline_tools.store import Store
from hotline_tools.table import Field, Note, NoteKind, ReportTable

_MEMBER_COLUMNS = pa.schema([("order_id", pa.string()), ("issue_id", pa.string())])
_FLAT = pa.schema(
    [
        pa.field(f.name, pa.string() if pa.types.is_list(f.type) or pa.types.is_temporal(f.type) else f.type)
        for f in ISSUES
        if f.name != "order_keys"
    ]
)

_LABELS = {
    "order_id": "工单编号",
    "category": "类别",
    "subcategory": "子类",
    "place": "地点",
    "district": "区县",
    "street": "镇街",
    "community": "社区",
    "channels": "渠道",
    "departments": "主办单位",
    "first_week": "首周（周一）",
    "satisfied": "满意",
    "basically": "基本满意",
    "dissatisfied": "不满意",
    "unrated": "未评价",
    "open_orders": "未办结",
    "muted": "已静音",
    "typical": "典型内容",
    "order_ids": "工单编号",
}
"""What the columns are called in a workbook, beside those of ``LIST_COLUMNS``."""
_TO_CHECK = f"各件与事项内最相近一件是同一事项的可能性，平均不到 {SURE:.0%}；确认前不列入报表和提级建议。"


def write_members(store: Store, path: Path) -> int:
    """Write ``order_id,issue_id`` of all grouped orders; return how many.

    An order without an id of its own is named by its key.
    """
    members = load_members(store)
    ids = [
        order_id or key
        for order_id, key in zip(
            members["order_id"].to_pylist(), members["order_key"].to_pylist(), strict=True
        )
    ]
    table = pa.table({"order_id": ids, "issue_id": members["issue_id"]}, schema=_MEMBER_COLUMNS)
    return write_rows(path, _MEMBER_COLUMNS, [table], labels=_labels())


def write_issues(store: Store, path: Path) -> int:
    """Write the table of issues, most orders first; lists are joined by ``；`` but in Parquet."""
    table = load_issues(store).sort_by([("orders", "descending"), ("issue_id", "ascending")])
    if path.suffix.lower() == ".parquet":
        return write_rows(path, ISSUES, [table])
    rows = [{name: _flat(row[name]) for name in _FLAT.names} for row in table.to_pylist()]
    flat = pa.Table.from_pylist(rows, schema=_FLAT)
    return write_rows(path, _FLAT, [flat], labels=_labels())


def _labels() -> dict[str, str]:
    return {column.name: column.label for column in LIST_COLUMNS} | _LABELS


def _flat(value: Any) -> Any:
    if isinstance(value, list):
        return "；".join(map(str, value))
    return (
        value.isoformat(sep=" ")
        if hasattr(value, "hour")
        else str(value)
        if hasattr(value, "year")
        else value
    )


def issue_list(
    store: Store,
    *,
    top: int | None = None,
    with_muted: bool = False,
    to_check: bool = False,
    is_kept: bool = True,
) -> ReportTable:
    """Return the issues, most orders first; with ``to_check`` those alone that somebody has to look at.

    Unless the store ``is_kept`` no command can be used on them afterwards, and none is named.
    """
    table = load_issues(store).sort_by([("orders", "descending"), ("issue_id", "ascending")])
    every = table.to_pylist()
    rows = [row for row in every if (with_muted or not row["muted"]) and (row["to_check"] or not to_check)]
    muted = sum(bool(row["muted"]) for row in every)
    shown = rows[:top]
    text = f"共 {len(rows):,} 个事项，{sum(row['orders'] for row in rows):,} 件工单。"
    notes = [Note(NoteKind.SHOWN, text)]
    if unsure := sum(bool(row["to_check"]) for row in rows):
        how = "用 hotline issues confirm 确认、split 拆开。" if is_kept else ""
        text = f"待核实的 {unsure:,} 个：{_TO_CHECK}{how}"
        notes.append(Note(NoteKind.QUALITY, text))
    if len(shown) < len(rows):
        how = "hotline issues list" if is_kept else "加 -o 文件.xlsx"
        notes.append(Note(NoteKind.SHOWN, f"只列前 {len(shown):,} 个；{how} 看全部。"))
    if muted and not with_muted:
        notes.append(Note(NoteKind.EXCLUDED, f"另有 {muted:,} 个已静音，加 --muted 查看。"))
    return ReportTable(
        report="issues",
        title="重复事项",
        columns=LIST_COLUMNS,
        rows=[{column.name: row[column.name] for column in LIST_COLUMNS} for row in shown],
        totals={"issues": len(rows), "orders": sum(row["orders"] for row in rows)},
        notes=notes,
    )


LIST_COLUMNS = (
    Field("issue_id", "事项"),
    Field("label", "名称"),
    Field("kind", "来电人"),
    Field("orders", "工单数", "integer", "件"),
    Field("callers", "不同来电人", "integer", "人"),
    Field("unknown_callers", "来电人不详", "integer", "件", detail=True),
    Field("came_back", "办结后又来", "integer", "件", detail=True),
    Field("first_at", "首次", "datetime", detail=True),
    Field("last_at", "最近", "datetime"),
    Field("weekly", "每周件数", "list", detail=True),
    Field("status", "状态"),
    Field("to_check", "待核实", "boolean"),
    Field("certainty", "把握", "rate", detail=True),
)
