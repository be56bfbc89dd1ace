"""The normaliser: one per table, fed batch by batch."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.layouts import REPLY_WORDS, Match
from hotline_tools.normalise.addresses import read_district, read_place
from hotline_tools.normalise.cleaning import clean_column
from hotline_tools.normalise.combining import json_objects
from hotline_tools.normalise.date_order import DayOrders
from hotline_tools.normalise.derive import (
    fill_status,
    handling_hours,
    infer_receipt,
    join_flags,
    not_before_receipt,
    overdue,
    reopened,
)
from hotline_tools.normalise.fields import Filled, fill_field, plan_fields, single
from hotline_tools.normalise.hashing import hash_orders
from hotline_tools.normalise.masking import mask_columns
from hotline_tools.normalise.own_names import own_names, without_names_of
from hotline_tools.normalise.quality import Quality
from hotline_tools.normalise.values import blank_placeholders
from hotline_tools.normalise.years import Years
from hotline_tools.privacy import Masker, mask_text
from hotline_tools.schema import ORDERS, REJECTS, QualityFlag
from hotline_tools.sources import RawBatch, RawReject, RawTable

_NAMED = 6
"""Columns that a note names."""
_DAYS_NOTE = "列 {} 的时刻都是 0 点，按日期读；作为时限到当日 24 时"
_RAW_BESIDE = {"status": "status_raw", "satisfaction": "satisfaction_raw"}


@dataclass(frozen=True)
class NormalisedBatch:
    """Work orders (``schema.ORDERS``) and rejects (``schema.REJECTS``) of one raw batch.

    ``order_key`` holds the content key and ``order_key_origin`` is null: the store, which sees the
    whole file, decides which orders may go by their id.
    """

    orders: pa.Table
    rejects: pa.Table


@dataclass(frozen=True)
class Draft:
    """A batch whose fields are read, not yet masked."""

    raw: RawBatch
    columns: dict[str, pa.Array]
    flags: dict[QualityFlag, np.ndarray]


class Normaliser:
    """Turns raw batches of one table into work orders; ``quality`` grows as it goes."""

    def __init__(
        self,
        match: Match,
        table: RawTable,
        *,
        import_id: str,
        masker: Masker,
        source: str | None = None,
        keep_personal_data: bool = False,
    ) -> None:
        self._match = match
        self._table = table
        self._import_id = import_id
        self._masker = masker
        self._source = source or match.source
        self._keep = keep_personal_data
        self._orders_of_days = DayOrders(match, table)
        self._years = Years(table)
        self._plans = plan_fields(match, table)
        self.quality = Quality()
        self._universal: Counter[tuple[str, ...]] = Counter()
        self._zone, self._is_guessed = match.time_zone, match.layout is None
        mapped = {header for headers in match.mapping.values() for header in headers}
        dropped = set() if keep_personal_data else set(match.drop)
        self._extra = [h for h in table.header if h not in mapped | dropped]
        self._header, self._mapped = table.header, mapped
        self._personal = dropped | (set() if keep_personal_data else set(match.mapping.get("caller_key", ())))

    @property
    def notes(self) -> list[str]:
        """Chinese remarks on how cells were read; complete once all batches are."""
        return [
            *self._orders_of_days.notes,
            *self._years.notes(),
            *self._zones(),
            *(_DAYS_NOTE.format(plan.headers[0]) for plan in self._plans if plan.of_days),
            *self._withheld(),
            *self.quality.notes(),
        ]

    def _zones(self) -> Iterator[str]:
        """Tell what became of universal times where no layout says which zone the city is in."""
        if self._zone and not self._is_guessed:
            return
        done = "按北京时间换算（正文是中文）" if self._zone else "城市时区未知，按原样保留，没有换算"
        for headers, count in self._universal.items():
            if count:
                yield f"列 {'+'.join(headers)} 有 {count:,} 个世界时（UTC），{done}"

    def _withheld(self) -> list[str]:
        """Name the columns of personal data that are not stored: one that holds none can then be kept."""
        gone = [header for header in self._header if header in self._personal - self._mapped]
        if not gone:
            return []
        named = "、".join(gone[:_NAMED]) + (f"等 {len(gone)} 列" if len(gone) > _NAMED else "")
        return [f"个人信息列不入库：{named}；如不是个人信息，请在版式的 [keep] 中写明"]

    @property
    def provided(self) -> frozenset[str]:
        """The columns that this table says something about."""
        names = {plan.column.name for plan in self._plans}
        names |= {raw for name, raw in _RAW_BESIDE.items() if name in names}
        if names & {"status", "closed_at", "reply"}:
            names.add("status")
        if "address" in names:
            names.add("place")
        return frozenset(names)

    def batch(self, raw: RawBatch) -> NormalisedBatch:
        """Normalise one batch; each of its rows becomes one work order."""
        return self.finish(self.read(raw))

    def read(self, raw: RawBatch) -> Draft:
        """Read the fields of one batch: the first half of ``batch``."""
        rows = raw.table.num_rows
        columns: dict[str, pa.Array] = {}
        leftovers: list[tuple[str, pa.Array]] = []
        flags: dict[QualityFlag, np.ndarray] = {}
        days: dict[str, pa.Array] = {}
        for plan in self._plans:
            filled = fill_field(plan, raw.table, self._orders_of_days, self._years)
            name = plan.column.name
            self._count(name, plan.headers, filled)
            columns[name] = filled.values
            if filled.times is not None:
                self._universal[plan.headers] += int(filled.times.universal.sum())
                days[name] = filled.days
            if name in _RAW_BESIDE and filled.raw is not None:
                columns[_RAW_BESIDE[name]] = filled.raw
            elif filled.refused is not None and filled.refused.null_count < rows:
                leftovers.append(("+".join(plan.headers), filled.refused))
            _note_times(flags, filled)
        _place_days(columns, days)
        self._reopen(columns, flags, leftovers)
        self._infer_receipt(columns, flags)
        self._callers(columns, leftovers)
        columns["extra"] = self._leftover_json(raw.table, leftovers)
        self._derive(columns, flags, rows)
        return Draft(raw, columns, flags)

    def finish(self, draft: Draft) -> NormalisedBatch:
        """Mask and digest one batch: the second half, which another thread may do beside the first."""
        names = own_names(draft.raw.table, self._match)
        safe, masked = mask_columns(draft.columns, names, self._masker)
        if not self._keep:
            draft.columns.update(safe)
            if masked is not None:
                draft.flags[QualityFlag.MASKED] = masked
        return NormalisedBatch(self._orders(draft, safe), self._rejects(draft.raw.rejects))

    def _count(self, name: str, headers: tuple[str, ...], filled: Filled) -> None:
        quality = self.quality.column(name, headers)
        quality.add(filled.values, filled.refused, as_unknown=filled.times is None)

    def _callers(self, columns: dict[str, pa.Array], leftovers: list[tuple[str, pa.Array]]) -> None:
        caller = columns.get("caller_key")
        if caller is None:
            return
        if self._keep:
            leftovers.append(("+".join(self._match.mapping["caller_key"]), caller))
        columns["caller_key"] = self._masker.caller_key(caller)

    def _leftover_json(self, table: pa.Table, leftovers: list[tuple[str, pa.Array]]) -> pa.Array:
        unmapped = [
            (header, blank_placeholders(clean_column(single(table.column(header))), frozenset()))
            for header in self._extra
        ]
        return json_objects([*unmapped, *leftovers], table.num_rows)

    def _derive(self, columns: dict[str, pa.Array], flags: dict[QualityFlag, np.ndarray], rows: int) -> None:
        nothing = pa.nulls(rows, pa.string())
        finished = columns.get("closed_at", columns.get("reply"))
        columns["status"] = fill_status(
            columns.get("status", nothing), columns.get("status_raw", nothing), finished
        )
        if "channel" not in columns and self._match.channel:
            columns["channel"] = pa.array([self._match.channel] * rows, pa.string())
        if "received_at" in columns and "closed_at" in columns:
            columns["handling_hours"], early = handling_hours(columns["received_at"], columns["closed_at"])
            flags[self._early_flag()] = early
        if "closed_at" in columns and "due_at" in columns:
            columns["overdue"] = overdue(columns["closed_at"], columns["due_at"])
        if "address" in columns:
            self._read_address(columns, flags)

    def _read_address(self, columns: dict[str, pa.Array], flags: dict[QualityFlag, np.ndarray]) -> None:
        """Read district and place of each distinct address."""
        encoded = columns["address"].dictionary_encode()
        district, alone = read_district(encoded.dictionary)
        columns.setdefault("district", district.take(encoded.indices))
        columns["place"] = read_place(encoded.dictionary).take(encoded.indices)
        flags[QualityFlag.AREA_ONLY_DISTRICT] = np.asarray(pc.fill_null(alone.take(encoded.indices), False))

    def _reopen(
        self,
        columns: dict[str, pa.Array],
        flags: dict[QualityFlag, np.ndarray],
        leftovers: list[tuple[str, pa.Array]],
    ) -> None:
        """An order that is said to be open is not closed by a first reply, whose time goes to ``extra``."""
        if not self._match.closes_by_reply or not {"closed_at", "status"} <= columns.keys():
            return
        columns["closed_at"], said = reopened(columns["closed_at"], columns["status"])
        leftovers.append(("+".join(self._match.mapping["closed_at"]), said))
        flags[QualityFlag.REPLY_WHILE_OPEN] = np.asarray(pc.is_valid(said))

    def _infer_receipt(self, columns: dict[str, pa.Array], flags: dict[QualityFlag, np.ndarray]) -> None:
        if "received_at" in columns or (received := infer_receipt(columns)) is None:
            return
        columns["received_at"] = received
        flags[QualityFlag.RECEIVED_INFERRED] = np.asarray(pc.is_valid(received))

    def _early_flag(self) -> QualityFlag:
        headers = " ".join(self._match.mapping["closed_at"]).lower()
        is_reply = any(word in headers for word in REPLY_WORDS)
        return QualityFlag.REPLY_BEFORE_LETTER if is_reply else QualityFlag.CLOSED_BEFORE_RECEIVED

    def _orders(self, draft: Draft, safe: dict[str, pa.Array]) -> pa.Table:
        raw, columns, flags = draft.raw, draft.columns, draft.flags
        rows = raw.table.num_rows
        columns["quality_flags"] = join_flags(flags, raw.flags, rows)
        self.quality.rows += rows
        self.quality.flags.update(_flag_counts(columns["quality_flags"]))
        if QualityFlag.RECEIVED_INFERRED in flags:
            # it may move while the order is handled, and so is no part of the content key
            safe = {name: column for name, column in safe.items() if name != "received_at"}
        columns["order_key"], columns["content_hash"] = hash_orders(columns, safe, rows)
        columns["source"] = pa.array([self._source] * rows, pa.string())
        columns["import_id"] = pa.array([self._import_id] * rows, pa.string())
        columns["row_number"] = raw.row_numbers
        arrays = [columns.get(f.name) for f in ORDERS]
        return pa.Table.from_arrays(
            [
                pa.nulls(rows, f.type) if a is None else a.cast(f.type)
                for a, f in zip(arrays, ORDERS, strict=True)
            ],
            schema=ORDERS,
        )

    def _rejects(self, rejects: Iterable[RawReject]) -> pa.Table:
        found = []
        for reject in rejects:
            cells = {name: cell for name, cell in reject.raw.items() if name not in self._personal}
            text = json.dumps(cells, ensure_ascii=False)
            if not self._keep:
                text = mask_text(without_names_of(text, reject.raw, self._match))
            found.append(
                {
                    "import_id": self._import_id,
                    "file": self._table.file,
                    "sheet": self._table.sheet,
                    "row_number": reject.row_number,
                    "reason": reject.reason,
                    "raw": text,
                }
            )
        return pa.Table.from_pylist(found, schema=REJECTS)


def _note_times(flags: dict[QualityFlag, np.ndarray], filled: Filled) -> None:
    if filled.times is None:
        return
    for flag, mask in (
        (QualityFlag.DATE_INVALID, filled.times.invalid),
        (QualityFlag.DATE_SENTINEL, filled.times.sentinel),
    ):
        if mask.any():
            flags[flag] = flags[flag] | mask if flag in flags else mask


def _place_days(columns: dict[str, pa.Array], days: Mapping[str, pa.Array]) -> None:
    """Put events that are given as days after the receipt on the same day; deadlines have their own rule."""
    if "received_at" not in columns:
        return
    for name, mask in days.items():
        if name not in ("received_at", "due_at"):
            columns[name] = not_before_receipt(columns[name], mask, columns["received_at"])


def _flag_counts(column: pa.Array) -> Counter[str]:
    counts: Counter[str] = Counter()
    for item in column.drop_null().value_counts().to_pylist():
        for flag in item["values"].split(";"):
            counts[flag] += item["counts"]
    return counts
