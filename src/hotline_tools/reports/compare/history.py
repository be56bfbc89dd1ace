"""The history that a report's rows are known from: its statement, and its answer as a ``Variation``."""

from dataclasses import replace

from hotline_tools.reports.compare.variation import (
    Variation,
    history_period,
    history_sql,
    plain,
    variation_of,
)
from hotline_tools.reports.covered_days import received_days
from hotline_tools.reports.kpi.statement import profile_of
from hotline_tools.reports.period import Period
from hotline_tools.reports.query import LABEL_COLUMNS, Database, Query, scope
from hotline_tools.reports.registry import Report


def history_statement(report: Report, query: Query) -> str:
    """Return the SQL of the daily counts of each row before the period of ``query``."""
    assert query.period is not None
    keys = report.series(query)
    labelled = [name for name in LABEL_COLUMNS if any(name in text for text in keys.values())]
    before = replace(query, period=history_period(query.period))
    return history_sql(keys, scope(before, columns=labelled))


def known_variation(report: Report, database: Database, query: Query, then: Period) -> Variation:
    """Return how much each row of the report varies, known from before the period of ``query``."""
    assert query.period is not None
    days = received_days(database)
    if days is None or days[0] >= query.period.start:
        return plain(query.period.days, then.days)
    answer = database.query(history_statement(report, query))
    keys = tuple(report.series(query))
    return variation_of(answer, keys, (query.period, then), days[0], profile_of(query).calendar)
