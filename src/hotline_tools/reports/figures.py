"""Facts that several reports state of the same orders and the same period: each must be the same everywhere.

A report names in ``Report.figures`` which of its totals state one; ``report reconcile`` holds them together.
"""

from hotline_tools.reports.kpi.carry_over import LABELS as FLOWS
from hotline_tools.reports.kpi.facts import SHARED_RATES

COUNTS = {
    "received": "受理量",
    "assessed": "受理量（纳入考核）",
    **FLOWS,
    "hours_median": "办理时长中位（小时）",
    "hours_mean": "办理时长平均（小时）",
    "hours_p90": "办理时长P90（小时）",
    "timed": "有时长的工单",
}
"""Fact → what people call it. Assessed are the orders received that the profile does not exclude."""
RATES = (*SHARED_RATES, "on_time_rate", "revisited_rate", "returned_rate")
"""Facts that are rates, each with its NAME_numerator and NAME_denominator among the totals."""


def shared(*names: str, **facts: str) -> dict[str, str]:
    """Return a report's figures: totals called as their fact, and others as total = fact."""
    return {**{name: name for name in names}, **facts}
