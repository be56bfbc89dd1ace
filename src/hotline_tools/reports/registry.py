"""The registry: one ``Report`` a name, which drives the command line, the docs and the briefings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from hotline_tools.errors import UsageError
from hotline_tools.reports.query import Database, Query
from hotline_tools.sql import statement
from hotline_tools.suggestions import did_you_mean
from hotline_tools.table import ReportTable

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
    keys: tuple[str, ...] = ()
    """The columns that tell rows apart, so that two periods can be compared; none: not comparable."""
    options: tuple[str, ...] = ()
    """The options of ``options.OPTIONS`` that it uses; ``run_report`` refuses the others."""
    series: Callable[[Query], Mapping[str, str]] = lambda _: {}
    """Those of ``keys`` that an order tells by itself, each with its SQL: how the orders of a row are
    counted day by day. Without any, a row is known by the variation of the whole."""
    compares_itself: bool = False
    """True when ``compute`` uses ``query.compare`` on its own."""


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
