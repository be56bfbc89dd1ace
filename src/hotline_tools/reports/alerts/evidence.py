"""The orders that an alert is about."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from hotline_tools.reports.alerts.scan import Alert
from hotline_tools.reports.alerts.series import DEPARTMENT, REGION, TERM, TOTAL, WEEK
from hotline_tools.reports.alerts.terms import TermIndex

Order = dict[str, Any]
_ANY = ""
"""The category of a series that counts orders of every category."""


class Evidence:
    """Orders of evidence.sql by day and category, and those of the key terms."""

    def __init__(self, orders: list[Order], terms: TermIndex | None = None) -> None:
        self._terms = terms
        self._by_day: defaultdict[tuple[date, str | None], list[Order]] = defaultdict(list)
        for order in orders:
            for category in (order["category"], _ANY):
                self._by_day[order["day"], category].append(order)

    def of(self, alert: Alert) -> list[Order]:
        """Return the orders of an alert's window, newest first."""
        if alert.family == TERM and self._terms is not None:
            return self._terms.said(alert.key[1], alert.last)
        days = (alert.last - timedelta(days=back) for back in range(WEEK))
        return [order for day in days for order in self._by_day[day, alert.key[0]] if _belongs(order, alert)]


def _belongs(order: Order, alert: Alert) -> bool:
    _, item, area = alert.key
    if alert.family == TOTAL:
        return True
    if alert.family in (DEPARTMENT, REGION):
        return bool(order["department" if alert.family == DEPARTMENT else "area"] == item)
    if alert.family == "place":
        return (order["subcategory"], order["place"]) == (item, area)
    if alert.family == "subcategory":
        return bool(order["subcategory"] == item)
    return bool(alert.family == "category" or order["area"] == area)
