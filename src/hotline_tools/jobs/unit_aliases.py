"""Units by one name: a file of aliases, applied to the departments of an import.

``瓦房店市 = 瓦房店市人民政府``: what no rule can know, a person writes down. The name as the export has it
stays in ``extra``.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.datafile import FIX, read_text
from hotline_tools.errors import DataFileError
from hotline_tools.normalise.cleaning import unit_name
from hotline_tools.normalise.hashing import hash_rows
from hotline_tools.schema import ORDERS
from hotline_tools.text import split_names

_LINE = re.compile(r"""^\s*(["']?)(?P<alias>[^=,\t]+?)\1\s*[=,\t]\s*(["']?)(?P<unit>[^=,\t]+?)\3\s*$""")
_ORIGINAL = {"department": "原主办单位", "co_departments": "原协办单位"}
"""Column → under which name its original value is kept in ``extra``."""
_JOINER = ";"
_CASE_DIGITS = 48
"""Digits of the content hash that tell what the order is about; units are not among them."""


@dataclass
class UnitAliases:
    """Alias → unit; counts the orders it has changed."""

    names: Mapping[str, str]
    changed: int = field(default=0, compare=False)

    @classmethod
    def read(cls, path: Path) -> "UnitAliases":
        """Read ``alias = unit`` or ``alias,unit``, one a line; ``#`` begins a comment, names may be quoted.

        Raises ``DataFileError`` naming every line that is no pair or gives an alias another unit.
        """
        names: dict[str, str] = {}
        wrong = []
        for number, line in enumerate(read_text(path, what="单位别名文件").splitlines(), 1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            found = _LINE.match(line)
            if found is None:
                wrong.append(f"第 {number} 行不是“别名 = 单位”")
                continue
            alias, unit = unit_name(found["alias"]), unit_name(found["unit"])
            if names.setdefault(alias, unit) != unit:
                wrong.append(f"第 {number} 行的“{alias}”已是“{names[alias]}”的别名")
        if wrong:
            raise DataFileError("；".join(wrong), where=str(path), remedy=FIX)
        return cls(names)

    def apply(self, orders: pa.Table) -> pa.Table:
        """Return ``orders`` (``schema.ORDERS``) with units by their own name."""
        extra, touched = orders["extra"], None
        for name, original in _ORIGINAL.items():
            before = orders[name]
            after = _each_value(before, self._unit if name == "department" else self._units)
            differs = pc.fill_null(pc.not_equal(before, after), False)
            if not pc.any(differs).as_py():
                continue
            touched = differs if touched is None else pc.or_(touched, differs)
            kept = [_with(e, original, b) for e, b in _rows(extra, before, differs)]
            extra = pc.replace_with_mask(extra.combine_chunks(), differs.combine_chunks(), pa.array(kept))
            extra = pa.chunked_array([extra])
            orders = _set(orders, name, after)
        if touched is None:
            return orders
        self.changed += pc.sum(touched).as_py()
        return _rehashed(_set(orders, "extra", extra), touched)

    def _unit(self, name: str) -> str:
        return self.names.get(name, name)

    def _units(self, names: str) -> str:
        return _JOINER.join(dict.fromkeys(self._unit(name) for name in split_names(names)))


def _each_value(column: pa.ChunkedArray, change: Callable[[str], str]) -> pa.ChunkedArray:
    """Change every distinct value once."""
    encoded = column.combine_chunks().dictionary_encode()
    values = [change(value) for value in encoded.dictionary.to_pylist()]
    return pa.chunked_array([pa.array(values, pa.string()).take(encoded.indices)], pa.string())


def _rows(
    extra: pa.ChunkedArray, before: pa.ChunkedArray, chosen: pa.ChunkedArray
) -> list[tuple[str | None, str]]:
    return list(zip(extra.filter(chosen).to_pylist(), before.filter(chosen).to_pylist(), strict=True))


def _with(extra: str | None, name: str, value: str) -> str:
    """Keep the name as exported beside what is there; a column of the export with that name keeps it."""
    cells = json.loads(extra or "{}")
    free = next(key for key in (name, *(f"{name}_{n}" for n in range(2, len(cells) + 3))) if key not in cells)
    return json.dumps({**cells, free: value}, ensure_ascii=False)


def _rehashed(orders: pa.Table, touched: pa.ChunkedArray) -> pa.Table:
    """The digest of all values follows the names, so that an import with a new alias is an update."""
    names = ("content_hash", *_ORIGINAL)
    every = hash_rows([orders[name].combine_chunks() for name in names])
    case = pc.utf8_slice_codeunits(orders["content_hash"], 0, _CASE_DIGITS)
    changed = pc.binary_join_element_wise(case, pc.utf8_slice_codeunits(every, 0, 64 - _CASE_DIGITS), "")
    return _set(orders, "content_hash", pc.if_else(touched, changed, orders["content_hash"]))


def _set(orders: pa.Table, name: str, values: pa.ChunkedArray) -> pa.Table:
    return orders.set_column(ORDERS.get_field_index(name), ORDERS.field(name), values)
