"""The registry: one ``Report`` a name, which drives the command line, the docs and the briefings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

from hotline_tools.errors import UsageError
from hotline_tools.reports.query import Database, Query
from hotline_tools.sql import statement
from hotline_tools.suggestions import did_you_mean
from hotline_tools.table import ReportTable

Touched = Literal[
    "labels", "issues", "profile", "satisfaction", "resolved", "status", "responded", "request_type"
]
"""What figures may be made of: labels, repeat issues, the rates of the profile, codes read from an export."""
_CATALOG = "hotline_tools.reports.catalog"


@dataclass(frozen=True)
class Report:
    """One report: ``compute`` answers a query; ``sql`` renders the statement it runs."""

    name: str
    title: str
    summary: str
    compute: Callable[[Database, Query], ReportTable]
    sql: Callable[[Query], str]
    needs_labels: bool = False
    """True when orders must be classified first."""
    touches: tuple[Touched, ...] = ()
    """What its figures are made of, beside labels where it needs them; ``freshness`` tells what is old or
    missing of it."""
    keys: tuple[str, ...] = ()
    """The columns that tell rows apart, so that two periods can be compared; none: not comparable."""
    options: tuple[str, ...] = ()
    """The options of ``options.OPTIONS`` that it uses; ``run_report`` refuses the others."""
    top_of: str = ""
    """The column whose first values ``--top`` counts, where it does not count rows."""
    most: int | None = None
    """How many of them are shown without ``--top``."""
    top_within: str = "group"
    """The column for each value of which ``--top`` counts anew."""
    is_whole: Callable[[Query], bool] = lambda _: False
    """Whether the rows are parts of one whole, as the hours of a week, so that ``--top`` cuts none."""
    series: Callable[[Query], Mapping[str, str]] = lambda _: {}
    """Those of ``keys`` that an order tells by itself, each with its SQL: how the orders of a row are
    counted day by day. Without any, a row is known by the variation of the whole."""
    area_level: str = ""
    """The level of areas that its rows are without ``--by``."""
    compares_itself: bool = False
    """True when ``compute`` uses ``query.compare`` on its own."""
    figures: Mapping[str, str] = field(default_factory=dict)
    """Its totals that other reports show too: name in ``totals`` → the fact, one of ``figures.FIGURES``."""


@cache
def reports() -> dict[str, Report]:
    """All reports by name: every module of the catalogue that has a ``REPORT``."""
    found = {}
    for module in sorted(info.name for info in iter_modules(import_module(_CATALOG).__path__)):
        report = getattr(import_module(f"{_CATALOG}.{module}"), "REPORT", None)
        if report is not None:
            found[report.name] = report
    return found


def find_report(name: str) -> Report:
    """Return the report called ``name``; raise ``UsageError`` with the closest name.

    Words are joined by hyphens; underscores will do. Only the report's own module is imported, for some lean
    on libraries that take long to load.
    """
    module, name = name.replace("-", "_"), name.replace("_", "-")
    if any(info.name == module for info in iter_modules(import_module(_CATALOG).__path__)):
        report = getattr(import_module(f"{_CATALOG}.{module}"), "REPORT", None)
        if isinstance(report, Report) and report.name == name:
            return report
    known = reports()
    hint = did_you_mean(name, known)
    raise UsageError(f"没有名为 {name} 的报表", remedy=f"{hint}运行 hotline report --list 查看全部。")


def sql_text(name: str, room: str = "catalog", **places: str) -> str:
    """Return the statement stored in a room of ``reports`` as ``name``.sql, its places filled."""
    return statement(f"hotline_tools.reports.{room}", name, **places)
