"""Records with names (JSON objects) as a table: the columns are the names of all of them."""

import json
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from itertools import islice
from typing import Any

import pyarrow as pa

from hotline_tools.sources.detect.decode import LOST
from hotline_tools.sources.detect.header import Header, are_names, unique_names
from hotline_tools.sources.detect.shape import BELOW
from hotline_tools.sources.model import RawBatch, RawReject, RawTable
from hotline_tools.sources.readers.assemble import Assembler
from hotline_tools.sources.readers.cells import cell_text
from hotline_tools.sources.readers.grid import BATCH_ROWS, Origin, text_column

Objects = Callable[[], Iterable[Any]]
_TRANSPARENT = ("properties", "attributes")
"""Where GeoJSON and ArcGIS keep the columns."""
_NO_OBJECT = "不是 JSON 对象"


def table_of_objects(objects: Objects, origin: Origin, known: Container[str] | None) -> RawTable | None:
    """The table; None when its names are not those of a known header. Row numbers count from 1."""
    names = _names(objects())
    head = [flatten(record) for record in islice(objects(), BELOW) if isinstance(record, dict)]
    if not names or not are_names(names, [[row.get(name, "") for name in names] for row in head], known):
        return None
    header = Header(-1, unique_names(names), tuple(names), 0)
    return RawTable(
        file=origin.file,
        header=header.names,
        original_header=header.originals,
        header_row=0,
        format=origin.format,
        encoding=origin.encoding,
        notes=origin.notes,
        reader=lambda counts: _read(objects, header, counts),
        digest=origin.digest,
    )


def flatten(record: dict[str, Any]) -> dict[str, str]:
    """Inner objects become ``outer.inner``; lists of plain values are joined, others stay JSON."""
    flat: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            prefix = "" if name in _TRANSPARENT else f"{name}."
            flat.update({f"{prefix}{inner}": text for inner, text in flatten(value).items()})
        elif isinstance(value, list):
            plain = all(not isinstance(item, dict | list) for item in value)
            flat[name] = ";".join(map(_text, value)) if plain else json.dumps(value, ensure_ascii=False)
        else:
            flat[name] = _text(value)
    return flat


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else cell_text(value)


def _names(objects: Iterable[Any]) -> list[str]:
    names: dict[str, None] = {}
    for record in objects:
        if isinstance(record, dict):
            names.update(dict.fromkeys(flatten(record)))
    return list(names)


def _read(objects: Objects, header: Header, counts: Counter[str]) -> Iterator[RawBatch]:
    assembler = Assembler(header.names, header.originals, counts)
    stream = iter(objects())
    number = 1
    while block := list(islice(stream, BATCH_ROWS)):
        rows = [flatten(item) if isinstance(item, dict) else {} for item in block]
        wrong = [i for i, item in enumerate(block) if item is not None and not isinstance(item, dict)]
        keep = [i for i in range(len(block)) if i not in set(wrong)]
        columns = [text_column([rows[i].get(name, "") for i in keep]) for name in header.originals]
        table = pa.table(columns, names=list(header.names))
        lost = any(LOST in text for row in rows for text in row.values())
        batch = assembler.batch(table, pa.array([number + i for i in keep], pa.int64()), lost=lost)
        if wrong:
            rejects = tuple(RawReject(number + i, _NO_OBJECT, {"原文": str(block[i])}) for i in wrong)
            counts["rejected"] += len(rejects)
            batch = RawBatch(batch.table, batch.row_numbers, (*batch.rejects, *rejects), batch.flags)
        yield batch
        number += len(block)
