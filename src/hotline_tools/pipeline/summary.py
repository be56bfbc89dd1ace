"""What imports did, as a table for people and machines."""

from collections.abc import Sequence

from hotline_tools.store import ImportRecord
from hotline_tools.table import Cell, Field, ReportTable

_COUNTS = {
    "read": "读入",
    "new": "新增",
    "updated": "更新",
    "unchanged": "未变",
    "duplicate": "重复",
    "rejected": "拒收",
}


def records_table(records: Sequence[ImportRecord]) -> ReportTable:
    """One row per import, with the row sum: read = new + updated + unchanged + duplicate + rejected."""
    rows: list[dict[str, Cell]] = [
        {"file": _name(record), **{name: getattr(record.counts, name) for name in _COUNTS}}
        for record in records
    ]
    layouts = dict.fromkeys(f"{_name(r)}：版式 {r.layout or '未知，按表头同义词猜测'}。" for r in records)
    return ReportTable(
        report="imports",
        title="导入结果",
        columns=(Field("file", "文件"), *(Field(name, label, "integer") for name, label in _COUNTS.items())),
        rows=rows,
        totals={name: sum(getattr(r.counts, name) for r in records) for name in _COUNTS},
        notes=["读入 = 新增 + 更新 + 未变 + 重复 + 拒收。", *layouts],
    )


def _name(record: ImportRecord) -> str:
    return f"{record.file}（{record.sheet}）" if record.sheet else record.file
