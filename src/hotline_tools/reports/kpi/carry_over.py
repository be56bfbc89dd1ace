"""Orders carried over from period to period (结转): what came in, was closed, and is still open, as SQL.

For any orders and any period: carried in + received = closed + withdrawn + open at the end.
``open_at_end`` of a period is ``carried_in`` of the next.
"""

from collections.abc import Mapping

from hotline_tools.reports.coverage import covered_sql
from hotline_tools.reports.covered_days import received_days
from hotline_tools.reports.kpi.basis import in_period_sql
from hotline_tools.reports.kpi.facts import FACTS, PASSED, in_time_sql
from hotline_tools.reports.query import Database, Query, midnight
from hotline_tools.table import Field, Note, NoteKind

CLOSING = "carry_over"
"""Name under which the sources that never tell a closing are asked for (``coverage.uncovered_sources``)."""
_WITHDRAWN = "(coalesce(status = 'cancelled', FALSE) AND closed_at IS NULL)"
LABELS = {
    "carried_in": "上期结转",
    "closed": "办结",
    "closed_late": "超时办结",
    "withdrawn": "撤销",
    "open_at_end": "未办结（结转下期）",
    "overdue_at_end": "其中超期未办结",
}
"""Count → what people call it."""
FLOWS = (*LABELS, "overdue_at_start", "closing_untold")
"""The counts of a table: beside those of ``LABELS``, the carried in that were overdue already, and orders
received of which nobody tells the closing."""


def carry_over_marks(query: Query, untold: tuple[str, ...]) -> str:
    """Return what to select: flow_NAME of each count of ``FLOWS``.

    ``untold`` are the sources that never tell a closing: their orders are counted apart, and nowhere else.
    """
    told = covered_sql(untold)
    marks = {name: f"{condition} AND {told}" for name, condition in _conditions(query).items()}
    marks["closing_untold"] = f"{in_period_sql('received', query)} AND NOT {told}"
    return ",\n        ".join(f"{marks[name]} AS flow_{name}" for name in FLOWS)


def overdue_moves() -> tuple[str, str]:
    """Return the conditions that an order became overdue when it fell due, and that it ended so; never null.

    Overdue at the end of a month = at its start + became so - ended so, for every order: also one whose time
    of closing is not known and which counts as closed on its revisit (``basis.CLOSED_ON``). One that is
    closed, nobody knows when, became so never: neither does it end.
    """
    became = f"(coalesce(due_by <= {PASSED}, FALSE) AND NOT {in_time_sql()})"
    return became, f"({_gone()} AND coalesce(closed_on > due_by, FALSE))"


def carry_over_fields() -> tuple[Field, ...]:
    """Return the columns of the counts."""
    return tuple(
        Field(name, label, "integer", "件", detail=name == "withdrawn") for name, label in LABELS.items()
    )


def carry_over_notes(total: Mapping[str, int]) -> list[Note]:
    """Say how the counts belong together, and what they leave out."""
    untold = total["closing_untold"]
    without = f"（不含从不填写办结情况的来源的 {untold:,} 件）" if untold else " "
    text = f"上期结转 + 受理{without}= 办结 + 撤销 + 未办结（结转下期）；超时办结按办结时间计。"
    notes = [Note(NoteKind.DEFINITION, text)]
    if untold:
        left_out = f"{untold:,} 件所在的来源从不填写办结情况，不在结转、办结、未办结之内。"
        notes.append(Note(NoteKind.EXCLUDED, left_out))
    return notes


def nothing_before(database: Database, query: Query) -> list[Note]:
    """Say that what was carried in is not known, where the store has no order from before the period."""
    days = received_days(database) if query.period is not None and query.basis == "event" else None
    if query.period is None or days is None or days[0] < query.period.start:
        return []
    text = "库中没有时间段以前的工单：上期结转不详，结转与未办结只数库里的。"
    return [Note(NoteKind.QUALITY, text)]


def _gone() -> str:
    return f"(is_closed OR {_WITHDRAWN})"


def _conditions(query: Query) -> dict[str, str]:
    """Return the condition of each count of ``LABELS``, over the columns of ``facts``; none is ever null."""
    closed, ended, moment = in_period_sql("closed", query), "TRUE", PASSED
    carried = overdue_at_start = "FALSE"
    if query.period is not None:
        gone_before = f"({_gone()} AND closed_on < {midnight(query.period.start)})"
        if query.basis == "event":
            carried = f"(received_at < {midnight(query.period.start)} AND NOT {gone_before})"
            overdue_at_start = (
                f"({carried} AND coalesce(due_by <= least({midnight(query.period.start)}, {PASSED}), FALSE)"
                f" AND NOT {in_time_sql()})"
            )
            ended = f"closed_on < {midnight(query.period.end)}"
            moment = f"least({midnight(query.period.end)}, {PASSED})"
    open_at_end = f"(NOT ({_gone()} AND {ended}))"
    return {
        "carried_in": carried,
        "closed": f"(is_closed AND {closed})",
        "closed_late": f"(is_closed AND {closed} AND coalesce({FACTS['closed_late'].sql}, FALSE))",
        "withdrawn": f"({_WITHDRAWN} AND {closed})",
        "open_at_end": open_at_end,
        "overdue_at_start": overdue_at_start,
        "overdue_at_end": f"({open_at_end} AND coalesce(due_by <= {moment}, FALSE) AND NOT {in_time_sql()})",
    }
