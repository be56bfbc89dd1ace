"""Options that only some reports use: given to another, they are refused, not printed as if applied."""

from hotline_tools.errors import UsageError
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import Report, reports

OPTIONS = {
    "by": "--by",
    "granularity": "--step",
    "hours": "--hours",
    "proactive": "--proactive",
    "population": "--population",
    "rules": "--rules",
    "profile": "--profile",
    "as_of": "--as-of",
    "basis": "--basis",
    "co": "--co",
}
"""The names that ``Report.options`` may hold, and how they are written on the command line."""


def check_options(report: Report, query: Query) -> None:
    """Refuse an option that the report does not use, naming the reports that do (``UsageError``)."""
    for name, option in OPTIONS.items():
        if (
            getattr(query, name) in (None, False, "event")
            or name in report.options
            or _used_outside_the_report(name, report, query)
        ):
            continue
        users = "、".join(sorted(item.name for item in reports().values() if name in item.options))
        raise UsageError(f"{report.name} 不用 {option}", remedy=f"请去掉 {option}；用它的报表：{users}。")


def _used_outside_the_report(name: str, report: Report, query: Query) -> bool:
    """Whether the option has a meaning outside of the report: in its scope, or in the comparison."""
    if name == "co":
        return query.department is not None
    if name == "as_of":
        return query.compare is not None and not report.compares_itself
    if name == "profile" and any(period.kind == "cycle" for period in query.periods):
        return True  # it says when the cycle starts
    return name == "profile" and query.profile_is_setting
