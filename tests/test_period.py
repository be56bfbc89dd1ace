"""Periods: every form an analyst writes, and the periods beside them."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline_tools.errors import UsageError
from hotline_tools.reports.filters import make_query
from hotline_tools.reports.period import Period, cycle, cycle_of, days, month, months, weeks
from hotline_tools.reports.period_forms import parse_period

TODAY = date(2026, 1, 15)

FORMS = [
    ("a month", "2025-06", date(2025, 6, 1), date(2025, 7, 1), "2025年6月"),
    ("December ends in the next year", "2025-12", date(2025, 12, 1), date(2026, 1, 1), "2025年12月"),
    ("a month unpadded", "2025-6", date(2025, 6, 1), date(2025, 7, 1), "2025年6月"),
    ("a year", "2025", date(2025, 1, 1), date(2026, 1, 1), "2025年"),
    ("a quarter", "2025Q2", date(2025, 4, 1), date(2025, 7, 1), "2025年第2季度"),
    ("the last quarter", "2025q4", date(2025, 10, 1), date(2026, 1, 1), "2025年第4季度"),
    ("days, the last included", "2025-06-01..2025-06-15", date(2025, 6, 1), date(2025, 6, 16), None),
    ("one day", "2025-06-01", date(2025, 6, 1), date(2025, 6, 2), None),
    ("last month over the new year", "last-month", date(2025, 12, 1), date(2026, 1, 1), "2025年12月"),
    ("in Chinese", "上月", date(2025, 12, 1), date(2026, 1, 1), "2025年12月"),
    ("a year in Chinese", "2025年", date(2025, 1, 1), date(2026, 1, 1), "2025年"),
    ("a half-year", "2025H1", date(2025, 1, 1), date(2025, 7, 1), "2025年上半年"),
    ("the second half, in small letters", "2025h2", date(2025, 7, 1), date(2026, 1, 1), "2025年下半年"),
    ("a half-year in Chinese", "2025上半年", date(2025, 1, 1), date(2025, 7, 1), "2025年上半年"),
    ("the same with 年", "2025年下半年", date(2025, 7, 1), date(2026, 1, 1), "2025年下半年"),
    ("a quarter in Chinese", "2025年第2季度", date(2025, 4, 1), date(2025, 7, 1), "2025年第2季度"),
    ("with a Chinese number", "2025年二季度", date(2025, 4, 1), date(2025, 7, 1), "2025年第2季度"),
    ("a month in Chinese", "2025年6月", date(2025, 6, 1), date(2025, 7, 1), "2025年6月"),
    ("full-width, with spaces", "２０２５ 年 ６ 月", date(2025, 6, 1), date(2025, 7, 1), "2025年6月"),
    ("a month in six digits", "202506", date(2025, 6, 1), date(2025, 7, 1), "2025年6月"),
    ("a month after a slash", "2025/6", date(2025, 6, 1), date(2025, 7, 1), "2025年6月"),
    ("months", "2025-01..2025-09", date(2025, 1, 1), date(2025, 10, 1), "2025年1—9月"),
    ("months in Chinese", "2025年1-9月", date(2025, 1, 1), date(2025, 10, 1), "2025年1—9月"),
    ("with a long dash", "2025年1—9月", date(2025, 1, 1), date(2025, 10, 1), "2025年1—9月"),
    ("with 至", "2025年1月至9月", date(2025, 1, 1), date(2025, 10, 1), "2025年1—9月"),
    (
        "months over the new year",
        "2024-11..2025-02",
        date(2024, 11, 1),
        date(2025, 3, 1),
        "2024年11月至2025年2月",
    ),
    ("six months that are no half", "2025-02..2025-07", date(2025, 2, 1), date(2025, 8, 1), "2025年2—7月"),
    ("quarters", "2025Q1..2025Q3", date(2025, 1, 1), date(2025, 10, 1), "2025年1—9月"),
    ("quarters in Chinese", "2025年第1-2季度", date(2025, 1, 1), date(2025, 7, 1), "2025年上半年"),
    (
        "days in eight digits",
        "20250601..20250615",
        date(2025, 6, 1),
        date(2025, 6, 16),
        "2025-06-01 至 2025-06-15",
    ),
    ("with a hyphen between", "20250601-20250615", date(2025, 6, 1), date(2025, 6, 16), None),
    ("with slashes", "2025/6/1-2025/6/15", date(2025, 6, 1), date(2025, 6, 16), None),
    ("with a hyphen apart", "2025-06-01 - 2025-06-15", date(2025, 6, 1), date(2025, 6, 16), None),
    ("months with a hyphen between", "202501-202509", date(2025, 1, 1), date(2025, 10, 1), "2025年1—9月"),
    ("years with a hyphen between", "2024-2025", date(2024, 1, 1), date(2026, 1, 1), None),
    (
        "days in Chinese",
        "2025年6月1日至15日",
        date(2025, 6, 1),
        date(2025, 6, 16),
        "2025-06-01 至 2025-06-15",
    ),
    (
        "the month only once",
        "2025年6月1-15日",
        date(2025, 6, 1),
        date(2025, 6, 16),
        "2025-06-01 至 2025-06-15",
    ),
    (
        "the year only once",
        "2025年5月20日-6月3日",
        date(2025, 5, 20),
        date(2025, 6, 4),
        "2025-05-20 至 2025-06-03",
    ),
    (
        "a day and a month",
        "2025-05-20..2025-06",
        date(2025, 5, 20),
        date(2025, 7, 1),
        "2025-05-20 至 2025-06-30",
    ),
    ("a week", "2025-W23", date(2025, 6, 2), date(2025, 6, 9), "2025年第23周（6月2日至6月8日）"),
    (
        "a week in Chinese",
        "2025年第23周",
        date(2025, 6, 2),
        date(2025, 6, 9),
        "2025年第23周（6月2日至6月8日）",
    ),
    (
        "the first week begins in the old year",
        "2026-W1",
        date(2025, 12, 29),
        date(2026, 1, 5),
        "2026年第1周（2025年12月29日至2026年1月4日）",
    ),
    (
        "weeks",
        "2025-W23..2025-W26",
        date(2025, 6, 2),
        date(2025, 6, 30),
        "2025年第23—26周（6月2日至6月29日）",
    ),
    (
        "last week, from a Thursday",
        "last-week",
        date(2026, 1, 5),
        date(2026, 1, 12),
        "2026年第2周（1月5日至1月11日）",
    ),
    ("the week that is running", "本周", date(2026, 1, 12), date(2026, 1, 19), None),
    ("last quarter", "last-quarter", date(2025, 10, 1), date(2026, 1, 1), "2025年第4季度"),
    ("last year", "last-year", date(2025, 1, 1), date(2026, 1, 1), "2025年"),
    ("yesterday", "yesterday", date(2026, 1, 14), date(2026, 1, 15), "2026-01-14"),
    (
        "a cycle, named after the month in which it ends",
        "cycle:2025-06",
        date(2025, 5, 19),
        date(2025, 6, 19),
        "2025年6月考核周期（5月19日至6月18日）",
    ),
    (
        "a cycle in Chinese",
        "2025年6月期",
        date(2025, 5, 19),
        date(2025, 6, 19),
        "2025年6月考核周期（5月19日至6月18日）",
    ),
    ("a cycle in short", "2025-06期", date(2025, 5, 19), date(2025, 6, 19), None),
    (
        "a cycle over the new year",
        "cycle:2025-01",
        date(2024, 12, 19),
        date(2025, 1, 19),
        "2025年1月考核周期（2024年12月19日至2025年1月18日）",
    ),
    (
        "the last cycle: 15 January is in that of January",
        "last-cycle",
        date(2025, 11, 19),
        date(2025, 12, 19),
        "2025年12月考核周期（11月19日至12月18日）",
    ),
    (
        "all days of a month read as the month",
        "2025-02-01..2025-02-28",
        date(2025, 2, 1),
        date(2025, 3, 1),
        "2025年2月",
    ),
]


@pytest.mark.parametrize(("what", "text", "start", "end", "label"), FORMS, ids=[f[0] for f in FORMS])
def test_forms(what: str, text: str, start: date, end: date, label: str | None) -> None:
    period = parse_period(text, today=TODAY, cycle_start=19)
    assert (period.start, period.end) == (start, end)
    if label:
        assert period.label == label


@pytest.mark.parametrize(
    "text",
    [
        "",
        "junk",
        "2025-13",
        "202513",
        "2025Q5",
        "2025-02-30",
        "25-06",
        "0001",
        "2025H3",
        "2025-W54",
        "2026年第53周和",
        "2025-W00",
        "2025年五季度",
        "2025-06..",
        "..2025-06",
        "cycle:2025",
        "cycle:2025Q2",
        "2025期",
        "last-day",
        "1-9月",
    ],
)
def test_nonsense_is_refused_with_the_known_forms(text: str) -> None:
    with pytest.raises(UsageError, match="2025Q2"):
        parse_period(text, today=TODAY)


BACKWARDS = [
    ("2020-11..2020-10", "2020-11-01", "2020-10-31"),
    ("2025-06-15..2025-06-01", "2025-06-15", "2025-06-01"),
    ("2025年9-1月", "2025-09-01", "2025-01-31"),
]


@pytest.mark.parametrize(("text", "start", "end"), BACKWARDS)
def test_a_period_that_starts_after_its_end_is_told_as_that(text: str, start: str, end: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_period(text, today=TODAY)
    told = str(caught.value)
    assert "看不懂" not in told
    assert f"起点 {start} 在终点 {end} 之后" in told


def test_what_no_period_can_be_compared_with_is_refused_with_the_named_bases() -> None:
    with pytest.raises(UsageError) as caught:
        make_query(TODAY, period="2025-06", compare="lastyear")
    told = str(caught.value)
    assert "是不是 last-year？可写 previous、last-year、2025-06、" in told


def test_a_cycle_needs_a_profile_that_says_when_it_starts() -> None:
    with pytest.raises(UsageError, match="考核周期") as told:
        parse_period("last-cycle", today=TODAY)
    assert "start_day" in told.value.remedy


BESIDE = [
    ("a month", "2025-01", "2024-12", "2024-01"),
    ("a quarter", "2025Q1", "2024Q4", "2024Q1"),
    ("a half-year", "2025H1", "2024H2", "2024H1"),
    ("a year", "2025", "2024", "2024"),
    ("nine months: the nine before them", "2025-01..2025-09", "2024-04..2024-12", "2024-01..2024-09"),
    (
        "days: as many before them",
        "2025-06-11..2025-06-20",
        "2025-06-01..2025-06-10",
        "2024-06-11..2024-06-20",
    ),
    ("one day", "2025-06-01", "2025-05-31", "2024-06-01"),
    (
        "a month from the 19th on",
        "2025-05-19..2025-06-18",
        "2025-04-19..2025-05-18",
        "2024-05-19..2024-06-18",
    ),
    ("a week", "2025-W23", "2025-W22", "2024-W23"),
    ("the first week", "2025-W01", "2024-W52", "2024-W01"),
    ("week 53 of 2020; 2019 has 52", "2020-W53", "2020-W52", "2019-W52"),
    ("week 1 after a year of 53", "2021-W01", "2020-W53", "2020-W01"),
    ("weeks", "2025-W23..2025-W26", "2025-W19..2025-W22", "2024-W23..2024-W26"),
    ("a cycle", "cycle:2025-03", "cycle:2025-02", "cycle:2024-03"),
    ("the cycle of January", "cycle:2025-01", "cycle:2024-12", "cycle:2024-01"),
    ("February of a leap year", "2024-02", "2024-01", "2023-02"),
    ("February after a leap year", "2025-02", "2025-01", "2024-02-01..2024-02-29"),
    (
        "to the end of a long February",
        "2024-02-10..2024-02-29",
        "2024-01-21..2024-02-09",
        "2023-02-10..2023-02-28",
    ),
    (
        "to the end of a short February",
        "2025-02-10..2025-02-28",
        "2025-01-22..2025-02-09",
        "2024-02-10..2024-02-29",
    ),
    ("from 29 February on", "2024-02-29..2024-03-05", "2024-02-23..2024-02-28", "2023-02-28..2023-03-05"),
    ("29 February alone: the 60th day of the year", "2024-02-29", "2024-02-28", "2023-03-01"),
    ("28 February alone", "2025-02-28", "2025-02-27", "2024-02-28"),
]


@pytest.mark.parametrize(("what", "text", "before", "year_before"), BESIDE, ids=[case[0] for case in BESIDE])
def test_periods_to_compare_with(what: str, text: str, before: str, year_before: str) -> None:
    period, *beside = (parse_period(t, today=TODAY, cycle_start=19) for t in (text, before, year_before))
    assert [period.previous(), period.last_year()] == beside
    assert [period.previous().label, period.last_year().label] == [found.label for found in beside]


def test_a_cycle_from_the_first_on_is_the_month() -> None:
    june = parse_period("cycle:2025-06", today=TODAY, cycle_start=1)
    assert (june, june.previous()) == (month(2025, 6), month(2025, 5))
    assert june.previous().label == "2025年5月考核周期（5月1日至5月31日）"


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(1, 28))
def test_every_day_is_in_its_cycle(day: date, start: int) -> None:
    found = cycle_of(day, start)
    assert found.start <= day < found.end
    assert found.start.day == found.end.day == start


PERIODS = st.one_of(
    st.builds(
        days, st.dates(date(1990, 1, 1), date(2020, 1, 1)), st.dates(date(2020, 1, 1), date(2060, 1, 1))
    ),
    st.builds(lambda d: days(d, d), st.dates(date(1990, 1, 1), date(2060, 1, 1))),
    st.builds(months, st.integers(1990, 2060), st.integers(1, 12), st.integers(1, 30)),
    st.builds(
        lambda d, n: weeks(d - timedelta(days=d.weekday()), n),
        st.dates(date(1990, 1, 8), date(2060, 1, 1)),
        st.integers(1, 60),
    ),
    st.builds(cycle, st.integers(1990, 2060), st.integers(1, 12), st.just(19)),
)


@settings(deadline=None)
@given(PERIODS)
def test_what_is_printed_can_be_read_again(period: Period) -> None:
    for written in (period.text, period.label):
        found = parse_period(written, today=TODAY, cycle_start=19)
        assert (found, found.kind) == (period, period.kind)


@settings(deadline=None)
@given(PERIODS)
def test_the_period_before_ends_where_this_one_starts(period: Period) -> None:
    before = period.previous()
    assert before.end == period.start
    assert before.whole_months == period.whole_months if period.whole_months else before.days == period.days
    assert abs(period.last_year().days - period.days) <= 1


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2025-06-01", "2025-06-01"),
        ("2025-06-01..2025-06-02", "2025-06-01 至 2025-06-02"),
        ("2025-06-01..2025-06-30", "2025年6月"),
    ],
)
def test_days_as_people_write_them(text: str, label: str) -> None:
    assert parse_period(text, today=date(2025, 7, 1)).label == label


def test_the_page_says_what_periods_are_called_and_compared_with() -> None:
    page = (Path(__file__).parent.parent / "docs/reports.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (`2025-06`.*(?:\n\|.*)*)", page, re.MULTILINE)[0].splitlines()
    assert len(lines) == 9
    for line in lines:
        written, label, before, year_before = (cell.strip() for cell in line.strip("| ").split(" | "))
        forms = [
            parse_period(text, today=TODAY, cycle_start=19) for text in re.findall(r"`([^`]+)`", written)
        ]
        assert {form.label for form in forms} == {label.replace(", ", "、")}
        beside = [
            parse_period(text.strip("`"), today=TODAY, cycle_start=19) for text in (before, year_before)
        ]
        assert [forms[0].previous(), forms[0].last_year()] == beside
