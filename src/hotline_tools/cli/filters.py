"""The filters that every report shares, as options and as a ``Query``."""

from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.shared import today

if TYPE_CHECKING:
    from hotline_tools.reports.query import Query

PeriodOption = Annotated[
    str | None,
    typer.Option(
        "--period",
        metavar="时间段",
        help="2025-06、2025、2025Q2、2025-06-01..2025-06-15 或 last-month；默认全部。",
        show_default=False,
    ),
]
ByOption = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="分组", help="category、subcategory、street、department 等。", show_default=False
    ),
]
CategoryOption = Annotated[
    str | None, typer.Option("--category", metavar="类别", help="只看这一类或子类。", show_default=False)
]
DepartmentOption = Annotated[
    str | None, typer.Option("--department", metavar="单位", help="只看这个主办单位。", show_default=False)
]
AreaOption = Annotated[
    str | None,
    typer.Option("--area", metavar="区域", help="只看这个区县、镇街、社区或网格。", show_default=False),
]
ChannelOption = Annotated[
    str | None, typer.Option("--channel", metavar="渠道", help="只看这个渠道。", show_default=False)
]
TopOption = Annotated[
    int | None, typer.Option("--top", metavar="N", help="只列前 N 行。", show_default=False)
]


def make_query(
    *,
    period: str | None,
    by: str | None,
    category: str | None,
    department: str | None,
    area: str | None,
    channel: str | None,
    top: int | None,
) -> "Query":
    """Turn the options into a query; raise ``UsageError`` for what makes no sense."""
    from hotline_tools.reports.period import parse_period
    from hotline_tools.reports.query import Query

    return Query(
        period=parse_period(period, today=today()) if period else None,
        by=by,
        category=category,
        department=department,
        area=area,
        channel=channel,
        top=top,
    )
