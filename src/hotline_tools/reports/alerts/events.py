"""Alerts that are one event: a place, its street and its category may all rise by the same orders."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hotline_tools.reports.alerts.scan import Alert

_CONTAINED = 0.8
"""From this share of its orders on, an alert is contained in another."""


@dataclass
class Event:
    """The most surprising alert of an event, and the others that are about it."""

    alert: Alert
    orders: set[str]
    related: list[Alert] = field(default_factory=list)


def events(alerts: list[Alert], orders: Callable[[Alert], set[str]]) -> list[Event]:
    """Join alerts of the same 7 days, one contained in the other; ``alerts`` come most surprising first.

    The wider one must owe its alarm to the orders of the narrower: what would alarm without them is an
    event of its own. ``orders`` returns the keys of the orders of an alert.
    """
    found: list[Event] = []
    for alert in alerts:
        own = orders(alert)
        same = next((event for event in found if _is_one(event, alert, own)), None)
        if same is None:
            found.append(Event(alert, own))
        elif own == same.orders and alert.key[2] and not same.alert.key[2]:  # says where as well
            same.related.append(same.alert)
            same.alert = alert
        else:
            same.related.append(alert)
    return found


def _is_one(event: Event, alert: Alert, orders: set[str]) -> bool:
    if event.alert.last != alert.last:
        return False
    wider, narrower = (event.alert, orders) if len(event.orders) >= len(orders) else (alert, event.orders)
    shared = len(event.orders & orders)
    return shared >= _CONTAINED * len(narrower) and wider.orders - shared < wider.limit
