"""Periods: every form an analyst writes, and the periods beside them."""

from datetime import date

import pytest

from hotline_tools.errors import UsageError
from hotline_tools.reports.period import parse_period

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
    period = parse_period(text, today=TODAY)
    assert (period.start, period.end) == (start, end)
    if label:
        assert period.label == label


@pytest.mark.parametrize(
    "text", ["", "junk", "2025-13", "2025Q5", "2025-02-30", "2025-06-15..2025-06-01", "25-06"]
)
def test_nonsense_is_refused_with_the_known_forms(text: str) -> None:
    with pytest.raises(UsageError, match="2025Q2"):
        parse_period(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "before", "year_before"),
    [
        ("2025-01", "2024-12", "2024-01"),
        ("2025Q1", "2024Q4", "2024Q1"),
        ("2025", "2024", "2024"),
        ("2025-06-11..2025-06-20", "2025-06-01..2025-06-10", "2024-06-11..2024-06-20"),
    ],
)
def test_periods_to_compare_with(text: str, before: str, year_before: str) -> None:
    period = parse_period(text, today=TODAY)
    assert period.previous() == parse_period(before, today=TODAY)
    assert period.last_year() == parse_period(year_before, today=TODAY)


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
