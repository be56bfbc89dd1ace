"""What is odd about a table as a whole: rows and ids that repeat, times that cannot be."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.schema import MAPPABLE

PLAUSIBLE_FROM = datetime(2000, 1, 1)
"""No hotline platform exports anything older; such a time is a default or a slip."""
_MAY_BE_AHEAD = ("due_at",)


@dataclass
class TimeSpan:
    """The times of one field: the first and last, how many lie ahead of now, how many before 2000."""

    first: datetime | None = None
    last: datetime | None = None
    future: int = 0
    ancient: int = 0

    def remark(self) -> str:
        """Chinese; empty when there is no time at all."""
        if self.first is None or self.last is None:
            return ""
        parts = [f"{self.first:%Y-%m-%d} 至 {self.last:%Y-%m-%d}"]
        parts += [f"{self.future:,} 个晚于现在"] if self.future else []
        parts += [f"{self.ancient:,} 个早于 {PLAUSIBLE_FROM.year} 年"] if self.ancient else []
        return "，".join(parts)


class Anomalies:
    """Fed the orders of a table batch by batch; keeps 16 bytes a row."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._rows: list[np.ndarray] = []
        self._ids: list[np.ndarray] = []
        self.times: dict[str, TimeSpan] = {}

    def add(self, orders: pa.Table) -> None:
        """Take in some orders (``schema.ORDERS``)."""
        self._rows.append(_hashes(orders.column("content_hash")))
        self._ids.append(_hashes(orders.column("order_id").drop_null()))
        for name, column in MAPPABLE.items():
            if column.kind == "time" and orders.column(name).null_count < orders.num_rows:
                self._watch(name, orders.column(name).drop_null())

    @property
    def identical_rows(self) -> int:
        """Rows that say, word for word, what an earlier one said."""
        return _beyond_first(self._rows)

    @property
    def repeated_ids(self) -> int:
        """Rows whose order number an earlier row had."""
        return _beyond_first(self._ids)

    def _watch(self, name: str, times: pa.ChunkedArray) -> None:
        span = self.times.setdefault(name, TimeSpan())
        edges = pc.min_max(times).as_py()
        span.first = min(edges["min"], span.first or edges["min"])
        span.last = max(edges["max"], span.last or edges["max"])
        span.ancient += pc.sum(pc.less(times, pa.scalar(PLAUSIBLE_FROM, times.type))).as_py()
        if name not in _MAY_BE_AHEAD:
            span.future += pc.sum(pc.greater(times, pa.scalar(self._now, times.type))).as_py()


def _hashes(column: pa.ChunkedArray) -> np.ndarray:
    return pd.util.hash_array(column.to_numpy(), categorize=False)


def _beyond_first(parts: list[np.ndarray]) -> int:
    whole = np.concatenate(parts) if parts else np.empty(0, np.uint64)
    return len(whole) - len(np.unique(whole))
