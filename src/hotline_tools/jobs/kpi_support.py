"""Which KPIs a table supports: the same question that the reports ask of the store, asked of its batches."""

import duckdb
import pyarrow as pa

from hotline_tools.reports.kpi.facts import ISSUE, NONE_CLOSED
from hotline_tools.reports.kpi.profile import Profile
from hotline_tools.reports.kpi.rates import Kpis
from hotline_tools.reports.kpi.statement import asked_columns, flag_name, has_sql


class KpiSupport:
    """Fed the orders of a table batch by batch; keeps one flag a column.

    Repeat issues count as found: whether ``hotline repeats`` has run says nothing about a file.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        facts = {fact for rate in profile.rates for fact in rate.facts}
        self._columns = [column for column in asked_columns(profile, facts) if column != ISSUE]
        self._flags = {flag_name(column): column == NONE_CLOSED for column in self._columns}
        self._orders = 0

    def add(self, orders: pa.Table) -> None:
        """Take in some orders (``schema.ORDERS``)."""
        if not orders.num_rows:
            return
        self._orders += orders.num_rows
        asked = ", ".join(has_sql(column, self._profile) for column in self._columns)
        with duckdb.connect() as database:
            database.register("orders", orders)
            (found,) = database.sql(f"SELECT {asked} FROM orders").to_arrow_table().to_pylist()
        for name, has in found.items():
            # no order of any batch may be closed; of every other column one value in one batch is enough
            both = all if name == flag_name(NONE_CLOSED) else any
            self._flags[name] = both((self._flags[name], has))

    def missing(self) -> dict[str, str]:
        """Return the label of each KPI that the table cannot support → what is lacking, in Chinese."""
        kpis = Kpis.of(self._profile, {"active": self._orders, flag_name(ISSUE): True, **self._flags})
        return {**kpis.missing, **kpis.missing_optional}
