"""Working days against an independent source, deadlines against hand-counted cases, SQL against Python."""

from datetime import date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline_tools.calendar import (
    CALENDAR_LAST,
    CountFrom,
    LimitUnit,
    OfficeHours,
    WorkCalendar,
    deadline,
    read_overrides,
    working_hours_between,
)
from hotline_tools.errors import DataFileError

CHINA = WorkCalendar()
SPLIT = OfficeHours(((9 * 3600, 12 * 3600), (14 * 3600, 18 * 3600)))


def test_every_day_of_2018_to_2026_agrees_with_an_independent_package() -> None:
    """``chinesecalendar`` types the State Council's notices in by hand, apart from ``holidays``."""
    days = [date(2018, 1, 1) + timedelta(days=i) for i in range((date(2027, 1, 1) - date(2018, 1, 1)).days)]
    assert len(days) == 3287
    assert [d for d in days if CHINA.is_working_day(d) != chinese_calendar.is_workday(d)] == []
    assert CHINA.unpublished(days[0], days[-1]) == []


NOTICES = [
    ("make-up Saturday after National Day 2022", date(2022, 10, 8), True),
    ("make-up Sunday after National Day 2022", date(2022, 10, 9), True),
    ("a Monday off for Mid-Autumn 2022", date(2022, 9, 12), False),
    ("Spring Festival 2020 extended by notice to 2 February", date(2020, 1, 31), False),
    ("make-up Sunday before Spring Festival 2025", date(2025, 1, 26), True),
    ("National Day 2025 and Mid-Autumn together end on the 8th", date(2025, 10, 8), False),
    ("the Saturday that pays for it", date(2025, 10, 11), True),
    ("an ordinary Saturday", date(2025, 6, 7), False),
]


@pytest.mark.parametrize(("what", "day", "worked"), NOTICES, ids=[n[0] for n in NOTICES])
def test_days_of_the_notices(what: str, day: date, worked: bool) -> None:
    assert CHINA.is_working_day(day) is worked


# National Day 2022: Friday 30 Sept worked, 1-7 Oct off, Saturday 8 and Sunday 9 worked.
CASES: list[tuple[str, str, int, LimitUnit, CountFrom, str]] = [
    (
        "Friday before National Day, 5 working days: 8 9 10 11 12",
        "2022-09-30 10:00",
        5,
        "workdays",
        "next-day",
        "2022-10-12 23:59:59",
    ),
    (
        "the same by the clock ends at 10:00",
        "2022-09-30 10:00",
        5,
        "workdays",
        "receipt",
        "2022-10-12 10:00",
    ),
    (
        "the same with that Friday as day 1",
        "2022-09-30 10:00",
        5,
        "workdays",
        "same-day",
        "2022-10-11 23:59:59",
    ),
    ("received on a make-up Saturday", "2022-10-08 09:00", 1, "workdays", "next-day", "2022-10-09 23:59:59"),
    (
        "received within the holiday, by the clock: day 1 ends at 24:00",
        "2022-10-03 15:00",
        1,
        "workdays",
        "receipt",
        "2022-10-08 23:59:59",
    ),
    (
        "received within the holiday, day 1 is the first worked day",
        "2022-10-03 15:00",
        1,
        "workdays",
        "same-day",
        "2022-10-08 23:59:59",
    ),
    ("a minute before midnight", "2025-06-06 23:59", 1, "workdays", "next-day", "2025-06-09 23:59:59"),
    ("at 24:00, which is the Saturday", "2025-06-07 00:00", 1, "workdays", "next-day", "2025-06-09 23:59:59"),
    ("an emergency, the same day", "2025-06-06 08:30", 1, "days", "same-day", "2025-06-06 23:59:59"),
    ("2 hours over midnight", "2025-06-06 23:00", 2, "hours", "receipt", "2025-06-07 01:00"),
    ("7 calendar days by the clock", "2025-06-06 23:00", 7, "days", "receipt", "2025-06-13 23:00"),
    ("7 calendar days from the day after", "2025-06-06 23:00", 7, "days", "next-day", "2025-06-13 23:59:59"),
    (
        "13 working days over the new year 2025 (1 Jan off)",
        "2024-12-25 10:00",
        13,
        "workdays",
        "next-day",
        "2025-01-14 23:59:59",
    ),
]


@pytest.mark.parametrize(
    ("what", "start", "amount", "unit", "count_from", "end"), CASES, ids=[c[0] for c in CASES]
)
def test_deadlines(
    *, what: str, start: str, amount: int, unit: LimitUnit, count_from: CountFrom, end: str
) -> None:
    found = deadline(datetime.fromisoformat(start), amount, unit, count_from, CHINA)
    assert found == datetime.fromisoformat(end)


HOURS = [
    ("within a morning", "2025-06-09 09:30", "2025-06-09 11:00", 1.5),
    ("over lunch", "2025-06-09 11:00", "2025-06-09 15:00", 2.0),
    ("over a weekend: Friday 17-18, Monday 9-10", "2025-06-06 17:00", "2025-06-09 10:00", 2.0),
    ("a weekend only", "2025-06-07 09:00", "2025-06-08 18:00", 0.0),
    ("a make-up Saturday counts: 7 h", "2022-10-08 00:00", "2022-10-09 00:00", 7.0),
    ("over National Day: Friday 1 h, then Saturday the 8th 1 h", "2022-09-30 17:00", "2022-10-08 10:00", 2.0),
    ("reversed is negative", "2025-06-09 11:00", "2025-06-09 10:00", -1.0),
]


@pytest.mark.parametrize(("what", "start", "end", "hours"), HOURS, ids=[h[0] for h in HOURS])
def test_working_hours(what: str, start: str, end: str, hours: float) -> None:
    found = working_hours_between(datetime.fromisoformat(start), datetime.fromisoformat(end), CHINA, SPLIT)
    assert found == pytest.approx(hours)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2018, 1, 1), date(2026, 12, 1)), st.integers(1, 30))
def test_adding_and_counting_working_days_agree(day: date, count: int) -> None:
    end = CHINA.add_working_days(day, count)
    assert CHINA.is_working_day(end)
    assert CHINA.working_days_between(day, end) == count
    assert CHINA.working_days_between(end, day) == -count


def test_the_sql_calendar_has_the_same_days_and_counts() -> None:
    with duckdb.connect() as database:
        rows = database.execute(f"SELECT * FROM ({CHINA.select()}) ORDER BY day").fetchall()
    assert rows[-1][0] == CALENDAR_LAST
    through = 0
    for day, is_working, before, counted in rows:
        assert is_working is CHINA.is_working_day(day), day
        assert before == through
        through += is_working
        assert counted == through


def test_overrides_fill_a_year_that_is_not_published() -> None:
    off, made_up = date(2031, 1, 2), date(2031, 1, 4)
    assert CHINA.unpublished(off, off) == [2031]
    assert "2031" in str(CHINA.note(off, off))
    own = WorkCalendar.with_overrides({off: False, made_up: True})
    assert (own.is_working_day(off), own.is_working_day(made_up)) == (False, True)
    assert (CHINA.is_working_day(off), CHINA.is_working_day(made_up)) == (True, False)
    assert own.note(off, off) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("days.toml", 'working = ["2031-01-04"]\nholidays = [2031-01-02]\n'),
        ("days.csv", "日期,上班\n2031/01/04,班\n2031-01-02,休\n"),
    ],
)
def test_override_files(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert read_overrides(path) == {date(2031, 1, 4): True, date(2031, 1, 2): False}


@pytest.mark.parametrize(
    ("name", "text", "parts"),
    [
        ("a.toml", 'worked = []\nworking = ["2031-13-01"]\n', ["worked 不认识", "2031-13-01"]),
        ("a.toml", 'working = ["2031-01-04"]\nholidays = ["2031-01-04"]\n', ["既写成上班又写成放假"]),
        ("a.csv", "2031-01-04,班\n2031-01-05\n1月6日,休\n", ["第 2 行", "第 3 行"]),
        ("a.toml", "working = [", ["TOML"]),
    ],
)
def test_mistakes_in_an_override_file_are_told_together(
    tmp_path: Path, name: str, text: str, parts: list[str]
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_overrides(path)
    for part in parts:
        assert part in str(caught.value)
