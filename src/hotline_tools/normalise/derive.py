"""Columns the toolkit works out: status without a status column, duration, lateness, quality flags."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.dates import HAS_CLOCK, MIDNIGHT_CELL
from hotline_tools.normalise.combining import join_filled
from hotline_tools.schema import BEGINNINGS, QualityFlag, Status

_HOUR = 3_600_000_000
_HALF = 0.5
_MANY, _SEVERAL_DAYS = 20, 5
"""Cells and different days from which it is no chance that all are midnights."""


def fill_status(status: pa.Array, raw: pa.Array, finished: pa.Array | None) -> pa.Array:
    """Complete ``status`` where the export says nothing.

    ``finished`` is the closing time, else the reply; None when the export has neither. A status text
    that no value map knows is ``unknown``, whatever else the row says.
    """
    unknown = pa.scalar(Status.UNKNOWN.value)
    if finished is None:
        return pc.fill_null(status, unknown)
    guessed = pc.if_else(pc.is_valid(finished), Status.CLOSED.value, Status.OPEN.value)
    return pc.coalesce(status, pc.if_else(pc.is_valid(raw), unknown, guessed))


def reopened(closed: pa.Array, status: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return the closings without those of orders that are said to be open, and these as text."""
    early = pc.and_(pc.fill_null(pc.equal(status, Status.OPEN.value), False), pc.is_valid(closed))
    written = closed.cast(pa.timestamp("s"), safe=False).cast(pa.string())
    nothing = pa.scalar(None, pa.string())
    return pc.if_else(early, pa.scalar(None, closed.type), closed), pc.if_else(early, written, nothing)


_OWN_TIMES = (*BEGINNINGS, "closed_at", "revisited_at")
"""What happens to an order after its receipt; a deadline is no event."""


def infer_receipt(columns: Mapping[str, pa.Array]) -> pa.Array | None:
    """Return the earliest of each order's own times; None when the export does not tell when any work began.

    An order's end says nothing of its beginning: a duration counted from it would be invented.
    """
    if not any(name in columns for name in BEGINNINGS):
        return None
    return pc.min_element_wise(*(columns[n] for n in _OWN_TIMES if n in columns), skip_nulls=True)


def handling_hours(received: pa.Array, closed: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """Return (hours from received to closed, mask of rows closed before they were received).

    The rows of the mask have no duration.
    """
    span = pc.cast(pc.subtract(closed.cast(pa.int64()), received.cast(pa.int64())), pa.float64())
    negative = pc.fill_null(pc.less(span, 0.0), False)
    hours = pc.if_else(negative, pa.scalar(None, pa.float64()), pc.divide(span, float(_HOUR)))
    return hours, np.asarray(negative)


def overdue(closed: pa.Array, due: pa.Array) -> pa.Array:
    """Tell whether an order was closed after its deadline; null while open or without one."""
    return pc.greater(closed, due)


def days_without_clock(
    values: pa.Array, texts: pa.Array, *, hides_midnights: bool = False, of_days: bool = False
) -> pa.Array:
    """Tell which times are days only: whose text writes no clock; of a column ``of_days`` all midnights.

    A workbook has a midnight as the date alone: in a column that ``hides_midnights`` a date is the midnight
    that somebody wrote.
    """
    if hides_midnights:
        return pa.array(np.zeros(len(values), dtype=bool))
    clocked = pc.fill_null(pc.match_substring_regex(texts, HAS_CLOCK), False)
    midnight = pc.equal(pc.floor_temporal(values, unit="day"), values)
    return pc.fill_null(midnight if of_days else pc.and_(midnight, pc.invert(clocked)), False)


def only_midnights(texts: pa.Array) -> bool:
    """Tell whether the cells of a column are all midnights, of several days: a program wrote dates alone.

    That nothing ever happened at another time of day is no chance from ``_MANY`` cells on.
    """
    filled = texts.drop_null()
    if len(filled) < _MANY or len(filled.unique()) < _SEVERAL_DAYS:
        return False
    return bool(pc.all(pc.match_substring_regex(filled, MIDNIGHT_CELL)).as_py())


def mostly_clocked(texts: pa.Array) -> bool:
    """Tell whether at least half of the times in a column are written with a clock."""
    clocked = pc.match_substring_regex(texts, HAS_CLOCK)
    return bool(pc.fill_null(pc.greater_equal(pc.mean(clocked), _HALF), False).as_py())


def at_end_of_day(values: pa.Array, days: pa.Array) -> pa.Array:
    """A deadline given as a day lasts until its end: 2025-06-08 → 2025-06-08 23:59:59."""
    end = pc.add(values, pa.scalar(86_399_000_000, pa.duration("us")))
    return pc.if_else(days, end, values)


def not_before_receipt(values: pa.Array, days: pa.Array, received: pa.Array) -> pa.Array:
    """An event given as a day begins with it, but on the day of receipt not before the receipt.

    So what was closed on the day it came in is closed in time and after 0 hours; a duration up to a
    later day is counted to its beginning, its least possible value.
    """
    same_day = pc.equal(pc.floor_temporal(received, unit="day"), values)
    return pc.if_else(pc.fill_null(pc.and_(days, same_day), False), received, values)


def join_flags(masks: Mapping[QualityFlag, np.ndarray], given: pa.Array | None, rows: int) -> pa.Array:
    """Write one ``;``-joined string of flags per row, null where there is none."""
    none = pa.scalar(None, pa.string())
    parts = [pc.if_else(pa.array(mask), flag.value, none) for flag, mask in masks.items() if mask.any()]
    if given is not None and given.null_count < rows:
        parts.insert(0, given)
    if not parts:
        return pa.nulls(rows, pa.string())
    return join_filled(parts, ";")


def rederive(orders: pa.Table) -> pa.Table:
    """Work out duration and lateness of orders that were put together from two exports."""
    columns = {n: orders.column(n).combine_chunks() for n in ("received_at", "closed_at", "due_at")}
    hours, _ = handling_hours(columns["received_at"], columns["closed_at"])
    late = overdue(columns["closed_at"], columns["due_at"])
    for name, values in (("handling_hours", hours), ("overdue", late)):
        orders = orders.set_column(orders.column_names.index(name), orders.schema.field(name), values)
    return orders
