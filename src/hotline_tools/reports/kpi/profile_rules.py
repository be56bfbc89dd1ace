"""The deadline tables of a profile file: ``[deadline]``, ``[sign]``, ``[contact]``."""

from collections.abc import Callable
from typing import cast, get_args

from hotline_tools.calendar import CountFrom, LimitUnit
from hotline_tools.reports.kpi.profile import Conditions, Limit, Rule
from hotline_tools.reports.toml_reader import TomlReader

COLUMNS = (
    "request_type",
    "urgency",
    "channel",
    "source",
    "original_category",
    "category",
    "subcategory",
    "district",
    "street",
    "department",
    "status",
    "status_raw",
    "handling_level",
)
"""The columns a condition may look at."""
_STARTS = ("received_at", "dispatched_at")


def read_limit(reader: TomlReader, default: Limit, conditions: Callable[[TomlReader], Conditions]) -> Limit:
    """Read one limit with its rules; a rule behind one without conditions would never be reached."""
    start = reader.text("start", default.start, among=_STARTS)
    rules: list[Rule] = []
    for table in reader.tables("rules"):
        if rules and not rules[-1].when:
            table.wrong("前一条没有条件，这一条永远轮不到")
        rules.append(_rule(table, conditions))
    return Limit(default.name, start, tuple(rules))


def _rule(reader: TomlReader, conditions: Callable[[TomlReader], Conditions]) -> Rule:
    amount = reader.whole("amount", low=1)
    unit = cast(LimitUnit, reader.text("unit", among=get_args(LimitUnit)))
    count_from = cast(CountFrom, reader.text("count_from", "receipt", among=get_args(CountFrom)))
    if unit == "hours" and count_from != "receipt":
        reader.wrong('unit = "hours" 只能从受理时刻起算（count_from = "receipt"）')
    return Rule(
        amount=amount,
        unit=unit,
        count_from=count_from,
        extension=reader.whole("extension", 0),
        max_extensions=reader.whole("max_extensions", 1, low=1),
        when=conditions(reader),
    )
