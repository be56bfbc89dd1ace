"""Whether a column is read as it was when the same export came in last time.

What no layout says is recognised by names and values, and the values of another month may say otherwise: a
column that was the category in June and the type of request in July would make the two months unlike without
a word.
"""

from collections.abc import Mapping, Sequence

from hotline_tools.layouts import Match
from hotline_tools.schema import MAPPABLE
from hotline_tools.sources import RawTable
from hotline_tools.store import ImportRecord

_SAME_EXPORT = 0.8
"""Share of the columns read then that a table must have to be the same export."""


def read_otherwise(match: Match, table: RawTable, latest: Sequence[ImportRecord], source: str) -> str | None:
    """Say which columns the last import of the same export read as another field; None when it did of none.

    ``latest`` are the imports before it, newest first. What a layout says is decided; columns that are empty
    this time say nothing.
    """
    decided = {name for name, told in match.evidence.items() if told.score == 1}
    last = next((record for record in latest if _is_alike(record, table, source)), None)
    if last is None:
        return None
    now, before = _fields(match.mapping), _fields(last.mapping)
    moved = [
        f"“{header}”上次作 {_label(before.get(header))}，这次作 {_label(now.get(header))}"
        for header in dict.fromkeys([*now, *before])
        if header in table.header
        and now.get(header) != before.get(header)
        and now.get(header) not in decided
        and not _is_empty(table, header)
    ]
    if not moved:
        return None
    return (
        f"同名的列与上次导入 {last.file} 时读法不同：{'；'.join(moved)}。两批的统计会因此不一致："
        "请用 hotline layout new 起草版式固定读法，再把两个文件重新导入。"
    )


def _is_alike(record: ImportRecord, table: RawTable, source: str) -> bool:
    headers = _fields(record.mapping)
    known = sum(header in table.header for header in headers)
    is_standing = record.undone_at is None and record.source == source
    return is_standing and bool(headers) and known >= _SAME_EXPORT * len(headers)


def _fields(mapping: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return header → the field that it fills."""
    return {header: field for field, headers in mapping.items() for header in headers}


def _label(field: str | None) -> str:
    return MAPPABLE[field].label if field in MAPPABLE else "其他列"


def _is_empty(table: RawTable, header: str) -> bool:
    sample = table.sample()
    return header not in sample.column_names or not any(
        (cell or "").strip() for cell in sample.column(header).to_pylist()
    )
