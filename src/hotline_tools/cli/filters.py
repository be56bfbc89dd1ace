"""The filters that every report shares: options on the command line, one ``Query``, and its answer."""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotline_tools.cli.completion import comparisons, profile_names
from hotline_tools.cli.shared import State, state_of, today
from hotline_tools.errors import DataFileError, UsageError

if TYPE_CHECKING:
    from hotline_tools.reports.kpi.profile import Profile
    from hotline_tools.reports.query import Query
    from hotline_tools.settings import Configuration
    from hotline_tools.table import ReportTable


def _option(
    kind: Any, name: str, metavar: str, text: str, complete: Callable[[], list[str]] | None = None
) -> Any:
    option = typer.Option(name, metavar=metavar, help=text, show_default=False, autocompletion=complete)
    return Annotated[kind, option]


def _flag(name: str, text: str) -> Any:
    return Annotated[bool, typer.Option(name, help=text)]


_PERIOD = (
    "2025-06、2025年6月、2025、2025H1、2025Q2、2025-W23、2025-01..2025-09、2025-06-01..2025-06-15、"
    "last-month、last-week 等；考核周期写 cycle:2025-06 或 last-cycle；默认全部。"
)
_OPTIONS: dict[str, tuple[Any, Any]] = {
    "period": (_option(str | None, "--period", "时间段", _PERIOD), None),
    "by": (_option(str | None, "--by", "分组", "category、subcategory、street、department 等。"), None),
    "category": (_option(str | None, "--category", "类别", "只看这一类或子类。"), None),
    "department": (_option(str | None, "--department", "单位", "只看这个单位。"), None),
    "area": (_option(str | None, "--area", "区域", "只看这个区县、镇街、社区或网格。"), None),
    "channel": (_option(str | None, "--channel", "渠道", "只看这个渠道。"), None),
    "top": (_option(int | None, "--top", "N", "只列前 N 行。"), None),
    "compare": (
        _option(
            str | None,
            "--compare",
            "时间段",
            "对比：previous（环比）、last-year（同比）或一个时间段；可写几个，用逗号隔开。",
            comparisons,
        ),
        None,
    ),
    "profile": (
        _option(str | None, "--profile", "口径", "考核口径：名称或 TOML 文件。", profile_names),
        None,
    ),
    "as_of": (_option(str | None, "--as-of", "时刻", "统计截至，如 2025-06-30T24:00；默认见表注。"), None),
    "basis": (
        _option(str, "--basis", "归期", "event：各指标按自己的时间归入时间段；received：只看本期受理的。"),
        "event",
    ),
    "co": (_flag("--co", "按协办单位统计。"), False),
    "granularity": (
        _option(str | None, "--step", "粒度", "趋势的一步：day、week、month 或 quarter。"),
        None,
    ),
    "hours": (_option(float | None, "--hours", "N", "督办：列出 N 小时内到期的工单。"), None),
    "proactive": (_flag("--proactive", "渠道：主动发现与被动受理对照。"), False),
    "population": (
        _option(Path | None, "--population", "文件", "人口 CSV（区域,人口），用于每万人件数。"),
        None,
    ),
    "rules": (_option(Path | None, "--rules", "文件", "该报表自己的规则 TOML。"), None),
}


def with_query(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command filter options, all or those named, and pass it the ``query`` that they make.

    So that all commands that filter offer the same options from one list.
    """
    offered = {name: _OPTIONS[name] for name in names or _OPTIONS}

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        own = [p for p in inspect.signature(function).parameters.values() if p.name != "query"]
        keyword = inspect.Parameter.KEYWORD_ONLY
        added = [
            inspect.Parameter(name, keyword, default=default, annotation=annotation)
            for name, (annotation, default) in offered.items()
        ]

        @functools.wraps(function)
        def command(**given: Any) -> None:
            chosen = {name: given.pop(name) for name in offered}
            function(**given, query=make_query(state_of(given["context"]), **chosen))

        signature = inspect.Signature([p.replace(kind=keyword) for p in own] + added)
        command.__signature__ = signature  # type: ignore[attr-defined]
        command.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
        return command

    return decorate


def make_query(state: State, **chosen: Any) -> "Query":
    """Turn the options into a query; without ``--profile`` it has the profile of the settings."""
    from hotline_tools.reports import filters

    configuration = state.configuration()
    is_setting = chosen.get("profile") is None
    profile = _profile_of(configuration) if is_setting else chosen["profile"]
    return filters.make_query(
        today(),
        calendar=configuration.settings.calendar,
        **{**chosen, "profile": profile, "profile_is_setting": is_setting},
    )


def _profile_of(configuration: "Configuration") -> "Profile | None":
    """Return the profile of the settings; a name that is none is a mistake in them, not in the command."""
    from hotline_tools.reports.filters import named_profile

    try:
        return named_profile(configuration.settings.profile)
    except UsageError as error:
        where = configuration.origins["profile"]
        raise DataFileError(error.message, where=where, remedy=error.remedy) from error


def answered(state: State, name: str, query: "Query") -> "ReportTable":
    """Return the table of a report; orders without a label are classified first where it needs labels."""
    from hotline_tools.cli.labels import ensure_labels
    from hotline_tools.reports.options import check_options
    from hotline_tools.reports.registry import find_report
    from hotline_tools.reports.run import run_report

    found = find_report(name)
    check_options(found, query)  # before the work, not after it
    if found.needs_labels:
        ensure_labels(state)
    with state.engine() as engine:
        return run_report(found, engine, query)
