"""The reports behind a briefing, each computed once, and what could not be computed."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from hotline_tools.briefing.numbers import integer
from hotline_tools.briefing.words import BasisName, base_name, base_word, period_words
from hotline_tools.errors import NotComputableError
from hotline_tools.reports.changed_basis import OneSidedSource, one_sided_sources
from hotline_tools.reports.common import filled, filled_sql
from hotline_tools.reports.compare.periods import spans
from hotline_tools.reports.covered_days import has_orders, received_days
from hotline_tools.reports.freshness import unlooked_orders
from hotline_tools.reports.issues.view import has_members
from hotline_tools.reports.kpi.statement import moment_sql
from hotline_tools.reports.period import Period
from hotline_tools.reports.query import Database, Query, scope
from hotline_tools.reports.registry import find_report
from hotline_tools.reports.run import run_report
from hotline_tools.table import ReportTable

_COMPARABLE = "categories"
"""Any report that can be compared settles the periods."""
_MISLEADING = 0.02
"""Share of the orders from which a source that one period lacks makes their comparison mislead."""


@dataclass(frozen=True)
class BasePeriodFacts:
    """A period that the briefing's is compared with."""

    basis: BasisName
    name: str
    word: str
    now: Period
    then: Period
    tag: str
    """As it stands in the names of compared columns."""

    knows_before: bool = True
    """Whether the store has orders from before it, so that what was carried into it is known."""
    is_part: bool = False
    """Whether it was cut to the days that answer those of an unfinished period."""


@dataclass
class Answers:
    """Asks reports of a database about one period, each only once."""

    database: Database
    query: Query
    bases: tuple[BasePeriodFacts, ...] = ()
    no_base: tuple[tuple[str, str, bool], ...] = ()
    """Of each base that the store lacks: its label, 环比 or 同比, and whether it has a part of it."""
    store_days: tuple[date, date] | None = None
    """First and last day of the store's orders."""
    until: Period | None = None
    """The days of the data, where the period is not over."""
    lacking: dict[str, str] = field(default_factory=dict)
    """Report → why it could not be computed."""
    _tables: dict[Any, ReportTable | None] = field(default_factory=dict)
    _known: dict[tuple[str, ...], bool] = field(default_factory=dict)
    _unlooked: int | None = None
    _one_sided: dict[BasePeriodFacts, list[OneSidedSource]] = field(default_factory=dict)

    @classmethod
    def of(cls, database: Database, query: Query) -> "Answers":
        """Settle which periods there are to compare with."""
        found = cls(database, query)
        found._settle()
        return found

    @property
    def period(self) -> Period:
        """The period asked for."""
        assert self.query.period is not None
        return self.query.period

    @property
    def only_base(self) -> str:
        """What the base period is called where there is one; empty where there are two or none."""
        return self.bases[0].name if len(self.bases) == 1 else ""

    @property
    def previous(self) -> BasePeriodFacts | None:
        """The period before, where there is one to compare with."""
        return next((base for base in self.bases if base.basis == "previous"), None)

    @property
    def previous_alike(self) -> BasePeriodFacts | None:
        """The period before, where its orders come from the same sources."""
        base = self.previous
        return None if base is None or self.one_sided_sources(base) else base

    @property
    def knows_before(self) -> bool:
        """Whether the store has orders from before the period, so that what was carried in is known."""
        return self.store_days is not None and self.store_days[0] < self.period.start

    @property
    def now(self) -> Period:
        """The days that are looked at: the period's, cut where the data end."""
        return self.until or self.period

    @property
    def days(self) -> int:
        """How many days are looked at that the data cover."""
        first = self.store_days[0] if self.store_days else self.now.start
        return max(1, (self.now.end - max(first, self.now.start)).days)

    @property
    def begins(self) -> date | None:
        """The first day of the data, where they begin inside the period."""
        first = self.store_days[0] if self.store_days else self.now.start
        return first if self.now.start < first < self.now.end else None

    @property
    def as_of(self) -> datetime:
        """The moment of the count."""
        (row,) = self.database.query(moment_sql(self.query)).to_pylist()
        found: datetime = row["as_of"]
        return found

    def table(self, name: str, **changes: Any) -> ReportTable | None:
        """Return a report's answer; None where the data cannot support it (``lacking`` says why).

        ``compare=True`` stands for the bases that the store has.
        """
        if changes.pop("compare", False) and self.bases:
            changes["compare"] = tuple(base.basis for base in self.bases)
        key = (name, tuple(sorted(changes.items())))
        if key not in self._tables:
            report, asked = find_report(name), replace(self.query, **changes)
            if "as_of" not in report.options:
                asked = replace(asked, as_of=None)
            try:
                self._tables[key] = run_report(report, self.database, asked)
            except NotComputableError as error:
                self.lacking[name] = error.message
                self._tables[key] = None
        return self._tables[key]

    def has(self, *columns: str) -> bool:
        """Tell whether any order in scope has a value in one of the columns."""
        if columns not in self._known:
            self.database.define("scope", scope(self.query, columns=()))
            counts = filled(self.database, columns)
            self._known[columns] = any(counts[name] for name in columns)
        return self._known[columns]

    def tells(self, *columns: str) -> bool:
        """Tell whether the sources of the orders in scope fill a column, if not for these orders."""
        if self.has(*columns):
            return True
        counts = ", ".join(f"count({filled_sql(column)}) AS {column}" for column in columns)
        own = "SELECT coalesce(source, '') FROM scope"
        found = self.database.query(
            f"SELECT {counts} FROM stored_orders WHERE coalesce(source, '') IN ({own})"
        ).to_pylist()
        return any(found[0].values())

    def one_sided_sources(self, base: BasePeriodFacts) -> list[OneSidedSource]:
        """Return the sources that the periods do not both have whole; none where too small to mislead."""
        if base not in self._one_sided:
            found = one_sided_sources(self.database, self.query, base.now, base.then)
            totals = self.table(_COMPARABLE, compare=True)
            assert totals is not None
            most = max((one.apart for one in found), default=0)
            least = _MISLEADING * (integer(totals.totals["orders"]) or 0)
            self._one_sided[base] = found if most >= max(least, 1) else []
        return self._one_sided[base]

    @property
    def knows_issues(self) -> bool:
        """Whether orders can be told to be of one issue: by ``hotline repeats``, or by their places."""
        return has_members(self.database) or self.has("place")

    @property
    def unlooked(self) -> int:
        """How many orders of the period ``hotline repeats`` has not looked at, though it ran before."""
        if self._unlooked is None:
            self._unlooked = unlooked_orders(self.database, self.query)
        return self._unlooked

    @property
    def before(self) -> Period | None:
        """The period of the issue before; None where the store lacks part of it."""
        previous = self.period.previous()
        covered = self.store_days is not None and self.store_days[0] <= previous.start
        return previous if covered else None

    def table_before(self, name: str) -> ReportTable | None:
        """Return a report's answer as the issue before had it; None where there is none."""
        if self.before is None:
            return None
        try:
            asked = replace(self.query, period=self.before, as_of=None, compare=None)
            return run_report(find_report(name), self.database, asked)
        except NotComputableError:
            return None

    @property
    def used(self) -> list[ReportTable]:
        """The answers given so far."""
        return [table for table in self._tables.values() if table is not None]

    def _settle(self) -> None:
        self.store_days = received_days(self.database)
        first, last = self.store_days or (None, None)
        wanted: tuple[BasisName, ...] = ("previous", "last-year")
        if self.period.previous() == self.period.last_year():
            wanted = ("previous",)
        asked = replace(self.query, compare=wanted)
        found = spans(find_report(_COMPARABLE), asked, first, last)
        if found[0].now != self.period:
            self.until = found[0].now
        bases, none = [], []
        for basis, span in zip(wanted, found, strict=True):
            word = base_word(self.period, basis)
            is_there = has_orders(self.database, span.then)
            if first is None or first > span.then.start or not is_there:
                none.append((period_words(span.then), word, is_there))
                continue
            name, is_part, begun = (
                base_name(self.period, basis),
                self.until is not None,
                first < span.then.start,
            )
            bases.append(
                BasePeriodFacts(basis, name, word, span.now, span.then, span.naming.tag, begun, is_part)
            )
        if len(bases) == 1:
            bases = [replace(bases[0], tag="")]
        self.bases, self.no_base = tuple(bases), tuple(none)
        self._count_at_the_end_of_what_is_compared()

    def _count_at_the_end_of_what_is_compared(self) -> None:
        """Let all chapters count at one moment: what is compared ends with the last day of receipts."""
        if self.until is None or not self.bases or self.query.as_of is not None:
            return
        end = datetime.combine(self.until.end, time())
        if self.as_of > end:
            self.query = replace(self.query, as_of=end)
