"""Options and filters that make no sense are refused or told: never printed as if they had been applied."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from cli import hotline
from helpers import database_of
from hotline_tools.cli.filters import make_query
from hotline_tools.cli.shared import State
from hotline_tools.errors import UsageError
from hotline_tools.reports import filters
from hotline_tools.reports.kpi.profile_file import find_profile
from hotline_tools.reports.options import OPTIONS
from hotline_tools.reports.period import month
from hotline_tools.reports.population import Population
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report, reports
from hotline_tools.reports.rules import shipped_rules
from hotline_tools.reports.run import run_report, statements

ORDERS: list[dict[str, Any]] = [
    {
        "received_at": "2025-06-02", "category": "物业管理", "subcategory": "电梯", "street": "甲街道",
        "channel": "12345热线", "department": "区住建局", "co_departments": "甲街道办;区消防大队",
    }
]  # fmt: skip
GIVEN: dict[str, Any] = {
    "by": "category",
    "granularity": "week",
    "hours": 5.0,
    "proactive": True,
    "population": Population("人口.csv", {"甲街道": 100}),
    "rules": shipped_rules("supervise"),
    "profile": find_profile("three-rates"),
    "as_of": datetime(2025, 7, 1),
    "basis": "received",
    "co": True,
}
UNUSED = [
    (report.name, name) for report in reports().values() for name in OPTIONS if name not in report.options
]


def test_every_option_is_used_by_some_report_and_has_a_value_here() -> None:
    assert set(GIVEN) == set(OPTIONS) == {name for report in reports().values() for name in report.options}


@pytest.mark.parametrize(("name", "option"), UNUSED)
def test_an_option_that_a_report_does_not_use_is_refused(name: str, option: str) -> None:
    query = Query(**{option: GIVEN[option]})
    for ask in (lambda r, q: run_report(r, database_of(ORDERS), q), statements):
        with pytest.raises(UsageError, match=f"{name} 不用 {OPTIONS[option]}") as refused:
            ask(find_report(name), query)
        users = [item.name for item in reports().values() if option in item.options]
        assert all(user in str(refused.value.remedy) for user in users)


@pytest.mark.parametrize(
    ("name", "option"),
    [
        (report.name, option)
        for report in reports().values()
        for option in ("granularity", "hours", "proactive", "profile", "as_of", "co")
        if option in report.options and report.name != "newtopics"  # which steps in Python
    ],
)
def test_an_option_that_is_used_changes_the_statement(name: str, option: str) -> None:
    report = find_report(name)
    assert statements(report, Query(**{option: GIVEN[option]})) != statements(report, Query())


def test_the_setting_of_a_profile_is_no_request_to_each_report() -> None:
    query = Query(profile=find_profile("three-rates"), profile_is_setting=True)
    table = run_report(find_report("categories"), database_of(ORDERS), query)
    assert "profile" not in table.filters


def test_helping_departments_and_moments_mean_something_to_all_reports() -> None:
    table = run_report(find_report("trend"), database_of(ORDERS), Query(department="区消防大队", co=True))
    assert table.totals["orders"] == 1
    compared = Query(period=month(2025, 6), compare="previous", as_of=datetime(2025, 6, 10))
    assert "2025-06-09" in run_report(find_report("categories"), database_of(ORDERS), compared).period


def test_the_profile_of_a_cycle_means_something_to_all_reports(tmp_path: Path) -> None:
    """19 May to 18 June against 19 April to 18 May: one order on each edge day."""
    path = tmp_path / "ours.toml"
    rate = 'name = "closing_rate"\nlabel = "结案率"\nnumerator = ["closed"]\ndenominator = ["received"]'
    path.write_text(f'title = "本市"\n[cycle]\nstart_day = 19\n[[rate]]\n{rate}\n', encoding="utf-8")
    days = ["2025-04-18", "2025-04-19", "2025-05-19", "2025-06-18", "2025-06-19"]
    database = database_of([{"received_at": f"{day} 09:00", "category": "物业管理"} for day in days])
    query = filters.make_query(date(2025, 6, 30), period="last-cycle", compare="previous", profile=path)
    (row,) = run_report(find_report("categories"), database, query).rows
    assert (row["orders"], row["orders_then"]) == (2, 1)
    assert query.period is not None
    assert query.period.label == "2025年6月考核周期（5月19日至6月18日）"
    with pytest.raises(UsageError, match="不用 --profile"):
        plain = filters.make_query(date(2025, 6, 30), period="2025-06", profile=path)
        run_report(find_report("trend"), database, plain)


@pytest.mark.parametrize("given", [{"by": "street"}, {"rules": shipped_rules("channels")}])
def test_channels_groups_only_when_it_sets_found_against_called(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="--proactive"):
        run_report(find_report("channels"), database_of(ORDERS), Query(**given))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"hours": -5.0}, "--hours"),
        ({"hours": float("nan")}, "--hours"),
        ({"hours": 1e12}, "--hours"),
        ({"granularity": "fortnight"}, "没有 fortnight 这个粒度"),
        ({"granularity": "months"}, "是不是 month"),
        ({"by": "镇街"}, "是不是 street"),
    ],
)
def test_impossible_options_are_refused_in_chinese(given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        Query(**given)
    assert said in f"{refused.value}{refused.value.remedy}"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"category": "物业"}, "库中没有类别“物业”。是不是 物业管理？"),
        ({"category": "电剃"}, "是不是 电梯？"),
        ({"department": "住建局"}, "是不是 区住建局？"),
        ({"area": "甲街"}, "是不是 甲街道？"),
        ({"channel": "12345"}, "是不是 12345热线？"),
        ({"department": "消防大队", "co": True}, "是不是 区消防大队？"),
        ({"channel": "微博"}, "库中没有渠道“微博”。请检查写法。"),
    ],
)
@pytest.mark.parametrize("name", ["categories", "departments"])
def test_a_value_that_the_store_does_not_know_is_refused(name: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        run_report(find_report(name), database_of(ORDERS), Query(**given))
    assert said in f"{refused.value}{refused.value.remedy}"


def test_a_known_value_without_orders_in_the_period_is_not_called_unknown() -> None:
    query = Query(category="物业管理", period=month(1999, 1))
    notes = run_report(find_report("categories"), database_of(ORDERS), query).notes
    assert any("范围内没有工单" in note for note in notes)
    assert not any("库中" in note for note in notes)


def test_categories_are_looked_for_only_after_classifying() -> None:
    query = Query(category="物业管理")
    notes = run_report(find_report("departments"), database_of([{"department": "甲局"}]), query).notes
    assert any("hotline classify" in note for note in notes)


@pytest.mark.parametrize("command", [("report", "categories"), ("chart", "categories", "-o", "图.png")])
def test_the_command_line_refuses_it_too(tmp_path: Any, command: tuple[str, ...]) -> None:
    (tmp_path / "工单.csv").write_text(
        "工单编号,受理时间,诉求标题\n1,2025-06-02 08:00:00,电梯坏了\n", "utf-8"
    )
    assert hotline("import", "工单.csv", cwd=tmp_path).code == 0
    ran = hotline(*command, "--hours", "5", cwd=tmp_path)
    assert ran.code == 2
    assert "categories 不用 --hours" in ran.err
    assert "supervise" in ran.err


def test_report_names_are_hyphenated_and_underscores_will_do() -> None:
    assert all("_" not in name for name in reports())
    assert find_report("repeat_rates") is find_report("repeat-rates")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-06-30T24:00", datetime(2025, 7, 1)),
        ("2025-02-28 24:00:00", datetime(2025, 3, 1)),
        ("2025-06-30", datetime(2025, 6, 30)),
        ("2025-06-30T18:00", datetime(2025, 6, 30, 18)),
    ],
)
def test_the_moment_of_the_count_as_people_write_it(written: str, moment: datetime) -> None:
    nothing = dict.fromkeys(("period", "compare", "population", "rules", "profile"))
    assert make_query(State(), as_of=written, **nothing).as_of == moment


@pytest.mark.parametrize("written", ["24:00", "2025-02-30T24:00", "昨天"])
def test_a_moment_that_cannot_be_is_refused(written: str) -> None:
    nothing = dict.fromkeys(("period", "compare", "population", "rules", "profile"))
    with pytest.raises(UsageError, match="看不懂时刻"):
        make_query(State(), as_of=written, **nothing)
