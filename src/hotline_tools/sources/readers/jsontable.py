"""JSON and JSON lines: an array of objects, alone or inside an object, or one object a line."""

import json
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from hotline_tools.errors import InputError
from hotline_tools.files import digest_of
from hotline_tools.sources.detect.decode import LOST
from hotline_tools.sources.detect.encoding import decide, guess_note, probe
from hotline_tools.sources.detect.header import no_header
from hotline_tools.sources.detect.transcode import Utf8Stream
from hotline_tools.sources.model import RawTable
from hotline_tools.sources.readers.grid import Origin
from hotline_tools.sources.readers.objects import table_of_objects

Record = dict[str, Any]
_FOUND = "_source"
"""Where Elasticsearch gives what it has indexed, beside ``_index``, ``_type``, ``_id`` and ``_score``."""


def open_json(path: Path, name: str, known: Container[str] | None) -> RawTable | None:
    """The table in a JSON file; None when it is not JSON at all (a CSV may begin with a bracket).

    An array is held in memory; JSON lines are read line by line.
    """
    encoding = decide(probe(path), where=name)
    if _looks_like_lines(path, encoding):
        return _table(path, name, "jsonl", encoding, known)
    try:
        whole = _parsed(_text(path, encoding))
    except ValueError as error:
        if _begins_like_json(path, encoding):
            raise InputError(
                f"JSON 不完整或有误{_place(error)}", where=name, remedy="请重新导出。"
            ) from error
        return None
    records = _rows_of_columns(whole) or _records_in(whole)
    if records is None:
        raise InputError("JSON 里没有记录的数组", where=name, remedy="需要一个由对象组成的数组。")
    return table_of_objects(
        lambda: iter(records),
        Origin(name, "json", digest_of(path), encoding=encoding, notes=guess_note(encoding)),
        known,
    ) or _refuse(name, records)


def _table(path: Path, name: str, kind: str, encoding: str, known: Container[str] | None) -> RawTable:
    origin = Origin(name, kind, digest_of(path), encoding=encoding, notes=guess_note(encoding))
    table = table_of_objects(lambda: _lines(path, encoding), origin, known)
    return table or _refuse(name, [next(iter(_lines(path, encoding)), {})])


def _refuse(name: str, records: list[Any]) -> RawTable:
    raise no_header(name, [list(record) for record in records[:1] if isinstance(record, dict)])


def _text(path: Path, encoding: str) -> str:
    with Utf8Stream(path, encoding) as stream:
        return stream.read().decode("utf-8", "replace")


def _head(path: Path, encoding: str) -> str:
    with Utf8Stream(path, encoding) as stream:
        return stream.read(1 << 16).decode("utf-8", "ignore")


def _looks_like_lines(path: Path, encoding: str) -> bool:
    first, _, rest = _head(path, encoding).lstrip().partition("\n")
    try:
        return isinstance(_parsed(first), dict) and rest.lstrip().startswith("{")
    except ValueError:
        return False


def _begins_like_json(path: Path, encoding: str) -> bool:
    head = "".join(_head(path, encoding)[:200].split())
    return head.startswith(('{"', '[{"', "[{}", "{}"))


def _lines(path: Path, encoding: str) -> Iterator[Any]:
    """Objects; a line that is none is given as its text."""
    with Utf8Stream(path, encoding) as stream:
        rest = b""
        while chunk := stream.read(1 << 20):
            *found, rest = (rest + chunk).split(b"\n")
            yield from map(_line, found)
        if rest.strip():
            yield _line(rest)


def _line(raw: bytes) -> Any:
    text = raw.decode("utf-8", "replace").strip()
    if not text:
        return None
    try:
        return _unwrapped(_parsed(text))
    except ValueError:
        return text.replace(LOST, "?")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _object(pairs: list[tuple[str, Any]]) -> Record:
    """A name that stands twice in one object keeps both values, the second as ``name_2``."""
    # Half a surrogate pair, which JSON can spell, is no name for a column.
    pairs = [(name.encode("utf-8", "replace").decode(), value) for name, value in pairs]
    record = dict(pairs)
    if len(record) == len(pairs):
        return record
    record = {}
    for name, value in pairs:
        free, number = name, 1
        while free in record and record[free] != value:
            number += 1
            free = f"{name}_{number}"
        record[free] = value
    return record


def _rows_of_columns(whole: Any) -> list[Any] | None:
    """The rows of a table that names its columns once: Socrata's ``rows.json``, ``columns`` and ``data``."""
    if not isinstance(whole, dict):
        return None
    view = whole.get("meta")
    described = view.get("view") if isinstance(view, dict) else whole
    columns = described.get("columns") if isinstance(described, dict) else None
    rows = whole.get("data") or whole.get("rows")
    if not isinstance(columns, list) or not isinstance(rows, list) or not columns:
        return None
    if not all(isinstance(row, list) and len(row) == len(columns) for row in rows):
        return None
    names = [_column_name(column) for column in columns]
    kept = [at for at, name in enumerate(names) if name]
    return [_object([(names[at], row[at]) for at in kept]) for row in rows]


def _unwrapped(item: Any) -> Any:
    """Return what Elasticsearch found without the words about how it was found; its id where it has none."""
    found = item.get(_FOUND) if isinstance(item, dict) else None
    if not isinstance(found, dict) or not all(key.startswith("_") or key == "sort" for key in item):
        return item
    return {"_id": item["_id"], **found} if "_id" in item else found


def _without_kind(feature: Any) -> Any:
    """Leave out that a feature is a feature, which would be taken for a category; what is none stays."""
    return {k: v for k, v in feature.items() if k != "type"} if isinstance(feature, dict) else feature


def _column_name(column: Any) -> str:
    """Return the name of a column; empty for what a portal adds for itself (``:sid``, ``:updated_at``)."""
    if isinstance(column, dict):
        key = str(
            column.get("fieldName") or column.get("name") or column.get("title") or column.get("field") or ""
        )
        return "" if key.startswith(":") else str(column.get("name") or key)
    return str(column)


def _records_in(whole: Any, depth: int = 0) -> list[Any] | None:
    """The longest array of objects, at most four levels down."""
    if isinstance(whole, dict) and whole.get("type") == "FeatureCollection":  # GeoJSON (RFC 7946)
        return [_without_kind(item) for item in whole.get("features") or []]
    if isinstance(whole, list):
        return list(map(_unwrapped, whole)) if any(isinstance(item, dict) for item in whole) else None
    if not isinstance(whole, dict) or depth > 3:
        return None
    found = [records for value in whole.values() if (records := _records_in(value, depth + 1))]
    if found:
        return max(found, key=len)
    return [whole] if depth == 0 and len(whole) > 3 else None


def _place(error: ValueError) -> str:
    """Say where the text stops being JSON, where that is known."""
    if not isinstance(error, json.JSONDecodeError):
        return ""
    return f"（第 {error.lineno} 行第 {error.colno} 个字符）"
