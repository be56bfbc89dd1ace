"""What an import learned about each column: filled, missing, unknown, invalid."""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from hotline_tools.privacy import mask_text
from hotline_tools.schema import MAPPABLE, QualityFlag

_KINDS = {"time": "时间", "integer": "次数", "boolean": "是否"}
_SHOWN = 5
"""How many different unread texts a note shows."""
_MAX_EXAMPLES = 10
_MAX_KINDS = 200


@dataclass
class ColumnQuality:
    """Counts over the rows of one field; ``filled + missing + unknown + invalid`` = rows."""

    field: str
    headers: tuple[str, ...]
    filled: int = 0
    missing: int = 0
    unknown: int = 0
    """Cells whose text no value map knows (kept raw)."""
    invalid: int = 0
    """Cells that are no time or number (kept raw)."""
    refused: Counter[str] = dataclasses.field(default_factory=Counter)
    """How often each unknown or invalid text came, for the first 200 different ones."""
    only_value: str | None = None
    """The one value of a constant column; null once a second one is seen."""
    _constant: bool = True

    def add(self, values: pa.Array, refused: pa.Array | None, *, as_unknown: bool) -> None:
        """Count one batch; ``refused`` holds the texts that could not be read (null elsewhere)."""
        rows = len(values)
        bad = rows - refused.null_count if refused is not None else 0
        good = rows - values.null_count
        self.filled += good
        self.missing += rows - good - bad
        if as_unknown:
            self.unknown += bad
        else:
            self.invalid += bad
        if refused is not None and bad:
            self._remember(refused)
        if self._constant and self.field != "caller_key":
            self._watch(values)

    def _remember(self, refused: pa.Array) -> None:
        for item in refused.drop_null().value_counts().to_pylist():
            if item["values"] in self.refused or len(self.refused) < _MAX_KINDS:
                self.refused[item["values"]] += item["counts"]

    def _watch(self, values: pa.Array) -> None:
        kinds = values.slice(0, 1000).unique().drop_null()
        if len(kinds) == 1:
            kinds = values.unique().drop_null()
        texts = {str(kind) for kind in kinds.slice(0, 2).to_pylist()}
        if self.only_value is not None:
            texts.add(self.only_value)
        self._constant = len(texts) <= 1
        self.only_value = next(iter(texts), None) if self._constant else None

    def examples(self) -> list[tuple[str, int]]:
        """The most frequent refused texts."""
        return self.refused.most_common(_MAX_EXAMPLES)


@dataclass
class Quality:
    """Counts of one table."""

    rows: int = 0
    columns: dict[str, ColumnQuality] = dataclasses.field(default_factory=dict)
    flags: Counter[str] = dataclasses.field(default_factory=Counter)
    """Rows per ``schema.QualityFlag``."""

    def column(self, name: str, headers: tuple[str, ...]) -> ColumnQuality:
        """The counter of a field, created on first use."""
        return self.columns.setdefault(name, ColumnQuality(name, headers))

    @property
    def undated(self) -> int:
        """The rows without a time of receipt, or one that stands in for it; the store may know it."""
        received = self.columns.get("received_at")
        inferred = self.flags[QualityFlag.RECEIVED_INFERRED]
        return self.rows - inferred - (received.filled if received else 0)

    def notes(self) -> Iterator[str]:
        """Tell in Chinese which cells could not be read, and how many times of receipt are stood in for."""
        for column in self.columns.values():
            if column.unknown or column.invalid:
                kind = MAPPABLE[column.field].kind
                what = f"读不出{_KINDS[kind]}" if kind in _KINDS else "没有对照，未计入"
                shown = "、".join(
                    f"{mask_text(text)} {count:,}" for text, count in column.examples()[:_SHOWN]
                )
                number = column.unknown + column.invalid
                yield f"列 {'+'.join(column.headers)} 有 {number:,} 个单元格{what}（{shown}）"
        if early := self.flags[QualityFlag.REPLY_WHILE_OPEN]:
            yield f"{early:,} 件已有答复但状态仍在办理，答复时间不作办结时间，存在“其他列”"
        if inferred := self.flags[QualityFlag.RECEIVED_INFERRED]:
            yield f"没有受理时间列，{inferred:,} 件以其最早的派单、签收、联系、办结或回访时间代替"

    def to_dict(self) -> dict[str, Any]:
        """The form kept in the import record."""
        return {
            "rows": self.rows,
            "flags": dict(sorted(self.flags.items())),
            "columns": [
                {
                    "field": c.field,
                    "headers": list(c.headers),
                    "filled": c.filled,
                    "missing": c.missing,
                    "unknown": c.unknown,
                    "invalid": c.invalid,
                    "constant": mask_text(c.only_value) if c.only_value and self.rows > 1 else None,
                    "examples": [[mask_text(text), count] for text, count in c.examples()],
                }
                for c in self.columns.values()
            ],
        }
