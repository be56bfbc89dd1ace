"""Times in every notation seen in the field."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotline_tools.normalise.date_order import decide_order
from hotline_tools.normalise.dates import _to_wall, read_times

READABLE = [
    ("ISO with seconds", "2025-06-03 15:05:01", datetime(2025, 6, 3, 15, 5, 1)),
    ("ISO with T", "2025-06-03T15:05:01", datetime(2025, 6, 3, 15, 5, 1)),
    ("fraction of a second is dropped", "2025-06-03 15:05:01.987", datetime(2025, 6, 3, 15, 5, 1)),
    ("UTC becomes Shanghai", "2025-06-03T15:05:01Z", datetime(2025, 6, 3, 23, 5, 1)),
    ("a wall clock is kept beside its offset", "2025-06-03T15:05:01+09:00", datetime(2025, 6, 3, 15, 5, 1)),
    ("an offset of hours alone", "2025-06-03 15:05:01+08", datetime(2025, 6, 3, 15, 5, 1)),
    ("unpadded with slashes", "2025/6/3 9:05", datetime(2025, 6, 3, 9, 5)),
    ("day only", "2025-06-03", datetime(2025, 6, 3)),
    ("points", "2025.06.03", datetime(2025, 6, 3)),
    ("24:00 ends its own day", "2025-06-03 24:00:00", datetime(2025, 6, 3, 23, 59, 59)),
    ("Chinese, afternoon", "2025年6月3日 下午3:05", datetime(2025, 6, 3, 15, 5)),
    ("Chinese, spelled out", "2025年06月03日15时05分01秒", datetime(2025, 6, 3, 15, 5, 1)),
    ("Chinese, evening hour", "2025-06-03 晚上8点", datetime(2025, 6, 3, 20)),
    ("Chinese, the end of the day", "2025年6月3日 晚上12点", datetime(2025, 6, 3, 23, 59, 59)),
    ("Chinese, after midnight", "2025年6月3日 夜里0点20分", datetime(2025, 6, 3, 0, 20)),
    ("Chinese, small hours", "2025-06-03 深夜1:30", datetime(2025, 6, 3, 1, 30)),
    ("Chinese, late", "2025-06-03 深夜11点半", datetime(2025, 6, 3, 23, 30)),
    ("noon", "2025-06-03 中午12:30", datetime(2025, 6, 3, 12, 30)),
    ("weekday in between", "2025-06-03 星期二 15:05", datetime(2025, 6, 3, 15, 5)),
    ("full-width digits", "２０２５－０６－０３ 08:00", datetime(2025, 6, 3, 8)),
    ("American, PM", "02/17/2020 12:19:00 PM", datetime(2020, 2, 17, 12, 19)),
    ("American, 12 AM is midnight", "02/17/2020 12:19:00 AM", datetime(2020, 2, 17, 0, 19)),
    ("only day first makes sense", "25/12/2024", datetime(2024, 12, 25)),
    ("ROC with slashes", "113/06/03", datetime(2024, 6, 3)),
    ("ROC spelled out", "民國113年6月3日", datetime(2024, 6, 3)),
    ("ROC compact", "1130603", datetime(2024, 6, 3)),
    ("compact day", "20250430", datetime(2025, 4, 30)),
    ("compact day and clock", "20250831 235548", datetime(2025, 8, 31, 23, 55, 48)),
    ("clock that was a float", "20250831 000400.0", datetime(2025, 8, 31, 0, 4)),
    ("clock that lost its zeros", "20250831 400", datetime(2025, 8, 31, 0, 4)),
    ("compact day, clock with colons", "20250603 15:05:01", datetime(2025, 6, 3, 15, 5, 1)),
    ("compact, to the minute", "202506031430", datetime(2025, 6, 3, 14, 30)),
    ("compact, to the hour", "2025060314", datetime(2025, 6, 3, 14)),
    ("a clock of four digits", "2025-06-03 1430", datetime(2025, 6, 3, 14, 30)),
    ("a clock of six digits", "2025/6/3 143005", datetime(2025, 6, 3, 14, 30, 5)),
    ("ISO basic", "20250603T143005", datetime(2025, 6, 3, 14, 30, 5)),
    ("ISO basic, UTC", "20250603T063005Z", datetime(2025, 6, 3, 14, 30, 5)),
    ("a year of two digits, month first", "1/7/20", datetime(2020, 1, 7)),
    ("a year of two digits and a clock", "1/7/20 2:30 PM", datetime(2020, 1, 7, 14, 30)),
    ("a year of two digits before 年", "25年6月3日 14时30分", datetime(2025, 6, 3, 14, 30)),
    ("a year of two digits that can only be first", "25-6-3", datetime(2025, 6, 3)),
    ("Chinese numerals", "二〇二五年六月三日", datetime(2025, 6, 3)),
    (
        "Chinese numerals above ten, with a clock",
        "二○二五年十二月二十三日十四时三十分",
        datetime(2025, 12, 23, 14, 30),
    ),
    ("half past", "2025年6月3日下午3点半", datetime(2025, 6, 3, 15, 30)),
    ("Java", "Tue Jun 03 14:30:00 CST 2025", datetime(2025, 6, 3, 14, 30)),
    ("Java, UTC", "Tue Jun 03 06:30:00 UTC 2025", datetime(2025, 6, 3, 14, 30)),
    ("JavaScript", "Tue Jun 03 2025 14:30:00 GMT+0800 (中国标准时间)", datetime(2025, 6, 3, 14, 30)),
    ("e-mail", "Tue, 03 Jun 2025 14:30:00 +0800", datetime(2025, 6, 3, 14, 30)),
    ("English, a year of two digits", "03-Jun-25", datetime(2025, 6, 3)),
    ("14 digits", "20250603150501", datetime(2025, 6, 3, 15, 5, 1)),
    ("epoch seconds", "1748934301", datetime(2025, 6, 3, 15, 5, 1)),
    ("epoch milliseconds", "1748934301000", datetime(2025, 6, 3, 15, 5, 1)),
    ("Excel serial", "45811.5", datetime(2025, 6, 3, 12)),
    ("English month first", "Jun 3, 2025 3:05 PM", datetime(2025, 6, 3, 15, 5)),
    ("English day first", "03-Jun-2025", datetime(2025, 6, 3)),
    ("ctime", "Tue Jun 03 15:05:01 2025", datetime(2025, 6, 3, 15, 5, 1)),
]


@pytest.mark.parametrize(("why", "text", "expected"), READABLE, ids=[c[0] for c in READABLE])
def test_readable(why: str, text: str, expected: datetime) -> None:
    assert read_times(pa.array([text])).values.to_pylist() == [expected]


def test_all_notations_in_one_column() -> None:
    times = read_times(pa.array([text for _, text, _ in READABLE]))
    assert times.values.to_pylist() == [expected for _, _, expected in READABLE]
    assert not times.invalid.any()
    assert not times.sentinel.any()


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30",
        "abc",
        "0202-06-03",
        "12:30:11",
        "2025年6月",
        "2025-13-01",
        "2025-06-03 25:00",
        "38/38/2020",
        "2025-06-03 2560",
        "20250603 246000",
        "2025-06-031430",
        "1/2/202",
    ],
)
def test_invalid_is_null_and_marked(text: str) -> None:
    times = read_times(pa.array([text]))
    assert times.values.to_pylist() == [None]
    assert times.invalid.tolist() == [True]
    assert times.sentinel.tolist() == [False]


@pytest.mark.parametrize(
    "text",
    ["1900-01-01", "01/01/1900", "01/01/1900 12:00:00 AM", "0000-00-00 00:00:00", "9999-12-31 23:59:59",
     "1970-01-01 08:00:00", "0001-01-01", "2099-12-31"],
)  # fmt: skip
def test_sentinels_are_missing_and_marked(text: str) -> None:
    times = read_times(pa.array([text]))
    assert times.values.to_pylist() == [None]
    assert times.sentinel.tolist() == [True]
    assert times.invalid.tolist() == [False]


def test_missing_is_neither() -> None:
    times = read_times(pa.array([None, "", " "], pa.string()))
    assert times.values.null_count == 3
    assert not times.invalid.any()
    assert not times.sentinel.any()


ORDERS = [
    ("a first part above 12", ["13/05/2025", "03/04/2025"], ("dmy", True)),
    ("a second part above 12", ["05/13/2025", "03/04/2025"], ("mdy", True)),
    ("one month under one reading only", ["01/06/2025", "05/06/2025", "12/06/2025"], ("dmy", False)),
    ("one month, month first", ["06/01/2025", "06/05/2025", "06/12/2025"], ("mdy", False)),
    ("year first needs no decision", ["2025-06-01"], ("mdy", True)),
]


@pytest.mark.parametrize(("why", "texts", "expected"), ORDERS, ids=[c[0] for c in ORDERS])
def test_order_of_day_and_month(why: str, texts: list[str], expected: tuple[str, bool]) -> None:
    assert decide_order([pa.array(texts)]) == expected


@pytest.mark.parametrize(
    ("why", "texts", "expected", "certain"),
    [
        ("month first", ["1/7/20", "1/17/20"], datetime(2020, 1, 7), True),
        ("day first", ["1/7/20", "17/7/20"], datetime(2020, 7, 1), True),
        ("year first", ["25-06-03", "25-06-30"], datetime(2025, 6, 3), False),
        ("year first, beyond the days of a month", ["32-06-03"], datetime(2032, 6, 3), True),
        (
            "year first, as the whole years beside it say",
            ["25-06-03", "2025-06-03", "2025/6/4"],
            datetime(2025, 6, 3),
            False,
        ),
        ("last century", ["1/7/98", "1/17/98"], datetime(1998, 1, 7), True),
    ],
)
def test_years_of_two_digits(why: str, texts: list[str], expected: datetime, certain: bool) -> None:
    order, sure = decide_order([pa.array(texts)])
    assert read_times(pa.array(texts), order=order).values[0].as_py() == expected
    assert sure is certain


def test_another_column_of_the_file_decides() -> None:
    assert decide_order([pa.array(["03/04/2025"]), pa.array(["25/04/2025"])]) == ("dmy", True)


def test_hint_wins() -> None:
    assert decide_order([pa.array(["13/05/2025"])], "mdy") == ("mdy", True)


moments = st.datetimes(datetime(1981, 1, 1), datetime(2097, 12, 30)).map(lambda m: m.replace(microsecond=0))
FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y/%m/%dT%H:%M:%S", "%Y%m%d%H%M%S", "%Y%m%d %H%M%S", "%m/%d/%Y %I:%M:%S %p",
           "%Y年%m月%d日 %H:%M:%S"]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(moments, st.sampled_from(FORMATS)), min_size=1, max_size=30))
def test_any_mixture_is_read_back(cells: list[tuple[datetime, str]]) -> None:
    times = read_times(pa.array([moment.strftime(form) for moment, form in cells]), order="mdy")
    assert times.values.to_pylist() == [moment for moment, _ in cells]


@settings(max_examples=60, deadline=None)
@example(datetime(2010, 11, 24))  # 1290528000 would also be a day of the year 129 of the Republic
@given(moments)
def test_epoch_and_serial(moment: datetime) -> None:
    seconds = int((moment - timedelta(hours=8) - datetime(1970, 1, 1)).total_seconds())
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    texts = [str(seconds), f"{serial:.8f}"] if seconds >= 10**9 else [f"{serial:.8f}"]
    if len(texts) == 2 and (moment.year < 1992 or moment.year >= 2030):
        # from 2030 on ten digits may also be a day and hour, 2035051800, which exports do write
        texts = texts[1:]
    found = read_times(pa.array(texts), zone="Etc/GMT-8").values.to_pylist()
    assert found == [moment] * len(texts)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=25), max_size=20))
def test_never_raises_and_accounts_for_every_cell(texts: list[str]) -> None:
    times = read_times(pa.array(texts, pa.string()))
    blank = np.array([not text.strip(" ") for text in texts], dtype=bool)
    read = np.asarray(times.values.is_valid())
    assert (read.astype(int) + times.invalid + times.sentinel + blank == 1).all()


@pytest.mark.parametrize(
    "zone",
    ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "Europe/Dublin"],
)
def test_the_clock_of_a_zone_is_that_of_arrow(zone: str) -> None:
    """Arrow needs a library of the system for it on Windows, and is the measure where that is there."""
    rng = np.random.default_rng(7)
    utc = rng.integers(-1_000_000_000, 2_145_000_000, 5_000) * 1_000_000 + rng.integers(0, 1_000_000, 5_000)
    aware = pa.array(utc, pa.timestamp("us", tz="UTC")).cast(pa.timestamp("us", tz=zone))
    assert (_to_wall(utc, zone) == np.asarray(pc.local_timestamp(aware).cast(pa.int64()))).all()
    assert len(_to_wall(utc[:0], zone)) == 0
    far = np.array([-(2**62), 2**62])
    assert (abs(_to_wall(far, zone) - far) < 86_400_000_000).all()


def test_no_code_asks_arrow_for_zones() -> None:
    """On Windows, Arrow takes them from icu.dll, which older systems do not have."""
    import hotline_tools

    asking = ("pc.strftime", "pc.strptime", "assume_timezone", "local_timestamp", 'tz="')
    sources = Path(hotline_tools.__file__).parent.rglob("*.py")
    assert [path.name for path in sources if any(a in path.read_text("utf-8") for a in asking)] == []


def test_milliseconds_are_no_compact_roc_times_where_most_of_a_column_are_none() -> None:
    """1580830122000 would be 30 August 2069, and 1130603120000 June 2024, were they of the Republic."""
    millis = ["1580830122000", "1600314011000", "1130603120000", "1699999999999", "1577836800123"]
    read = read_times(pa.array(millis)).values.to_pylist()
    assert [time.year for time in read] == [2020, 2020, 2005, 2023, 2020]
    republic = ["1130603120000", "1121231235959", "1140101000000"]
    assert [t.year for t in read_times(pa.array(republic)).values.to_pylist()] == [2024, 2023, 2025]
    damaged = read_times(pa.array([*republic, "1131303120000"]))
    assert damaged.values.to_pylist()[3] is None
    assert damaged.invalid.tolist() == [False, False, False, True]
