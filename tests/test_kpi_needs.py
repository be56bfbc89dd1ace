"""What a KPI needs of an export is defined by the facts alone: a file is judged as its import will be."""

from pathlib import Path
from typing import Any

import pytest

from helpers import database_of
from hotline_tools.reports.catalog import departments
from hotline_tools.reports.kpi.facts import FACTS
from hotline_tools.reports.kpi.profile_file import find_profile
from hotline_tools.reports.kpi.rates import lacking_kpis, of_file
from hotline_tools.reports.query import Query

PAGE = (Path(__file__).parent.parent / "docs" / "kpi.md").read_text(encoding="utf-8")
FULL: dict[str, Any] = {
    "received_at": "2025-06-02 09:00", "dispatched_at": "2025-06-02 10:00", "signed_at": "2025-06-02 11:00",
    "first_contact_at": "2025-06-02 12:00", "responded": True, "due_at": "2025-06-09 00:00",
    "closed_at": "2025-06-05 09:00", "revisited_at": "2025-06-06 09:00", "satisfaction": "satisfied",
    "resolved": "yes", "returns": 0, "redos": 0, "extensions": 0, "reply": "已修复", "status": "closed",
}  # fmt: skip
WITHOUT = [
    (),
    ("received_at",),  # a deadline of the platform's own is enough to be on time
    ("received_at", "due_at"),
    ("first_contact_at",),
    ("responded", "dispatched_at"),
    ("revisited_at",),  # an answer shows that the caller was asked
    ("satisfaction", "resolved", "revisited_at"),
    ("closed_at",),
    ("returns", "redos", "extensions", "signed_at"),
]


@pytest.mark.parametrize("profile", ["default", "three-rates", "message-board"])
@pytest.mark.parametrize("without", WITHOUT)
def test_a_file_lacks_what_departments_cannot_compute(without: tuple[str, ...], profile: str) -> None:
    row = {name: value for name, value in FULL.items() if name not in without}
    chosen = find_profile(profile)
    table = departments.compute(database_of([{**row, "department": "甲局"}]), Query(profile=chosen))
    said = {
        note.removeprefix("无法计算 ").split("：")[0]: note.split("：")[1].removesuffix("。")
        for note in table.notes
        if note.startswith("无法计算 ")
    }
    optional = {rate.label for rate in chosen.rates if rate.optional}
    found = lacking_kpis(chosen, of_file(row.keys()))
    assert {label: why for label, why in found.items() if label not in optional} == said


def test_no_closing_time_is_missing_where_no_order_is_closed() -> None:
    profile, filled = find_profile("default"), {"received_at", "status"}
    assert "按时办结率" in lacking_kpis(profile, of_file(filled))
    assert "按时办结率" not in lacking_kpis(profile, of_file(filled, none_closed=True))


def needs_text(name: str) -> str:
    """Return the needs of a fact as the page writes them."""
    stand_ins = {
        "@deadline": "`due_at`, or a `[deadline]` rule and its start",
        "@sign": "a `[sign]` rule and its start",
        "@response": "`responded`, or `first_contact_at`, a `[contact]` rule and its start",
        "none_closed": "no order closed yet",
        "issue": "the result of `hotline repeats`",
    }
    groups = (" or ".join(stand_ins.get(need, f"`{need}`") for need in group) for group in FACTS[name].needs)
    return "; ".join(groups) or "–"


@pytest.mark.parametrize("name", FACTS)
def test_the_page_tells_what_each_fact_needs(name: str) -> None:
    assert f"| `{name}` | {needs_text(name)} |" in PAGE


@pytest.mark.parametrize("rate", find_profile("default").rates, ids=lambda rate: rate.name)
def test_the_page_defines_each_rate_as_the_default_profile_does(rate: Any) -> None:
    row = next(
        line
        for line in PAGE.partition("## 3.")[2].splitlines()
        if line.startswith("|") and rate.label.removesuffix("率") in line
    )
    cells = [cell.strip() for cell in row.split("|")[1:-1]]
    if rate.name in ("returned_rate", "redone_rate", "extended_rate", "direct_answer_rate"):
        assert all(f"`{name}`" in cells[2] for name in rate.denominator)
        return
    for names, cell in ((rate.numerator, cells[1]), (rate.denominator, cells[2])):
        assert [f"`{name}`" in cell for name in names] == [True] * len(names)
        assert cell.count("`") == 2 * len(names)
