"""What imports did, as a table for people and machines."""

from collections.abc import Mapping, Sequence

from hotline_tools.layouts import load_layouts
from hotline_tools.store import ImportRecord
from hotline_tools.table import Cell, Field, Note, NoteKind, ReportTable

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
    names = {layout.id: layout.name for layout in load_layouts()}
    layouts = dict.fromkeys(f"{_name(record)}：版式“{_layout(record, names)}”。" for record in records)
    return ReportTable(
        report="imports",
        title="导入结果",
        columns=(Field("file", "文件"), *(Field(name, label, "integer") for name, label in _COUNTS.items())),
        rows=rows,
        totals={name: sum(getattr(r.counts, name) for r in records) for name in _COUNTS},
        notes=[
            Note(NoteKind.DEFINITION, "读入 = 新增 + 更新 + 未变 + 重复 + 拒收。"),
            *(Note(NoteKind.SCOPE, text) for text in layouts),
        ],
    )


def _layout(record: ImportRecord, names: Mapping[str, str]) -> str:
    if not record.layout:
        return "未知，按表头同义词猜测"
    return names.get(record.layout, record.layout)


def _name(record: ImportRecord) -> str:
    return f"{record.file}（{record.sheet}）" if record.sheet else record.file
