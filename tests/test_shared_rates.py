"""A rate of one name has one definition: every report that shows it counts as departments does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers import database_of
from hotline_tools.reports.catalog import agenda, callers, channels, departments, loop, repeat_rates, repeats
from hotline_tools.reports.kpi.profile import Profile
from hotline_tools.reports.kpi.profile_file import find_profile
from hotline_tools.reports.query import Query
from hotline_tools.table import ReportTable

ANSWERS = [
    ("satisfied", "yes", "2025-06-20"),
    ("basically", "partly", "2025-06-20"),
    ("dissatisfied", "no", None),
    ("unrated", "yes", None),  # revisited, as the answer shows
    ("unrated", "unknown", "2025-06-21"),  # revisited, nobody answered
    ("unrated", "unknown", None),
    ("dissatisfied", "unknown", "2025-06-22"),
]


def orders() -> list[dict[str, Any]]:
    """Return two issues of two callers, every answer twice in each; every fourth order is cancelled."""
    return [
        {
            "order_id": f"{number}", "received_at": f"2025-06-0{1 + number % 7} 08:00",
            "closed_at": f"2025-06-1{number % 7} 08:00", "revisited_at": revisited,
            "status": "cancelled" if number % 4 == 3 else "closed",
            "satisfaction": satisfaction, "resolved": resolved, "channel": "电话", "department": "甲局",
            "community": "东社区", "place": f"{number % 2} 号楼", "category": "物业", "subcategory": "电梯",
            "caller_key": f"c{number // 14}",
        }
        for number, (satisfaction, resolved, revisited) in enumerate(ANSWERS * 4)
    ]  # fmt: skip


OWN = """
title = "本地"
[exclude]
status = ["cancelled"]
[[rate]]
name = "satisfied_rate"
label = "满意率"
numerator = ["satisfied"]
denominator = ["revisited"]
[[rate]]
name = "dissatisfied_rate"
label = "不满意率"
numerator = ["dissatisfied"]
denominator = ["rated"]
[[rate]]
name = "resolved_rate"
label = "解决率"
numerator = ["resolved", "partly_resolved"]
denominator = ["resolution_known"]
"""


@pytest.fixture(params=["default", "own"])
def profile(request: pytest.FixtureRequest, tmp_path: Path) -> Profile:
    """Return the default profile, and one of other definitions."""
    if request.param == "default":
        return find_profile("default")
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return find_profile(str(path))


def counts(rows: list[dict[str, Any]], *names: str) -> tuple[int, int]:
    numerator, denominator = (
        sum(row[f"{name}_{end}"] for row in rows for name in names) for end in ("numerator", "denominator")
    )
    return numerator, denominator


def of_step(table: ReportTable) -> tuple[int, int]:
    return counts([row for row in table.rows if row["step"] == "解决"], "rate")


CASES: list[tuple[str, Any, Callable[[ReportTable], tuple[int, int]]]] = [
    ("satisfied_rate", channels, lambda table: counts(table.rows, "satisfied_rate")),
    (
        "satisfied_rate",
        repeat_rates,
        lambda table: counts(table.rows, "repeat_satisfied_rate", "other_satisfied_rate"),
    ),
    ("dissatisfied_rate", callers, lambda table: counts(table.rows, "dissatisfied_rate")),
    ("dissatisfied_rate", repeats, lambda table: counts(table.rows, "dissatisfied_rate")),
    (
        "dissatisfied_rate",
        agenda,
        lambda table: counts([row for row in table.rows if row["kind"] == "主题"], "dissatisfied_rate"),
    ),
    ("resolved_rate", loop, of_step),
]


@pytest.mark.parametrize(
    ("name", "module", "found"),
    CASES,
    ids=[f"{module.__name__.split('.')[-1]}-{n}" for n, module, _ in CASES],
)
@pytest.mark.parametrize("sources", [1, 2])
def test_every_report_counts_a_rate_as_departments_does(
    name: str, module: Any, found: Callable[[ReportTable], tuple[int, int]], profile: Profile, sources: int
) -> None:
    rows = [{**order, "source": f"s{number % sources}"} for number, order in enumerate(orders())]
    if sources == 2:
        for row in rows[1::2]:
            row["satisfaction"] = "unrated"  # the second source never asks
    query = Query(profile=profile)
    whole = departments.compute(database_of(rows), query).totals
    expected = (whole[f"{name}_numerator"], whole[f"{name}_denominator"])
    assert expected[1]
    assert found(module.compute(database_of(rows), query)) == expected


def test_without_satisfaction_the_dissatisfied_share_is_not_zero() -> None:
    rows = [{**order, "satisfaction": None} for order in orders()]
    for row in callers.compute(database_of(rows), Query()).rows:
        assert row["dissatisfied_rate"] is None
