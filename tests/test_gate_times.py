"""Exports as they come: times in every notation, days without a clock, offsets, values, ids and persons."""

import csv
import os
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

import hotline_tools as ht
from cli import hotline
from formats import as_xlsx
from hotline_tools.normalise.cleaning import plain_id
from hotline_tools.normalise.dates import read_times
from hotline_tools.normalise.derive import days_without_clock
from hotline_tools.privacy import Masker, mask_text

SHARED = os.environ.get("HOTLINE_SHARED_DATA")
shared = pytest.mark.skipif(SHARED is None, reason="HOTLINE_SHARED_DATA is not set")
CASES = Path(SHARED or ".") / "cases"


class Imported:
    """A new store with some files in it."""

    def __init__(self, folder: Path, *files: Path) -> None:
        self.store = ht.Store.open(folder / "库", create=True)
        self.report = ht.import_files(self.store, list(files))

    @property
    def notes(self) -> str:
        """All that the import said."""
        return "\n".join(note for record in self.report.records for note in record.notes)

    def column(self, name: str) -> list[Any]:
        """One column of all orders, by their ids."""
        table = ht.sql(self.store, f"SELECT {name} FROM orders ORDER BY order_id")
        return [row[name.rsplit(maxsplit=1)[-1]] for row in table.rows]


def written(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def orders(path: Path, column: str, cells: list[str], **others: str) -> Path:
    """An export whose column ``column`` has ``cells``; its ids count up, ``others`` are alike in all rows."""
    header = ["工单编号", "诉求内容", column, *others]
    rows = [[f"T{n:03}", f"春晖路{n}号路灯不亮", cell, *others.values()] for n, cell in enumerate(cells)]
    return written(path, header, *rows)


NOON = "2025-06-03 12:00:00"
NOTATIONS = [
    ("12 digits", "202506031430", "2025-06-03 14:30"),
    ("day and four digits", "2025-06-03 1430", "2025-06-03 14:30"),
    ("10 digits", "2025060314", "2025-06-03 14:00"),
    ("compact day and four digits", "20250603 1430", "2025-06-03 14:30"),
    ("Chinese numerals", "二〇二五年六月三日", "2025-06-03 00:00"),
    ("Java", "Tue Jun 03 14:30:00 CST 2025", "2025-06-03 14:30"),
    ("year and month name", "2025-Jun-03 14:30", "2025-06-03 14:30"),
    ("a dash before the clock", "2025-06-03 - 14:30:00", "2025-06-03 14:30"),
    ("an offset of hours", "2025-06-03 14:30:00+08", "2025-06-03 14:30"),
    ("a guard", '="2025-06-03 14:30"', "2025-06-03 14:30"),
    ("an apostrophe", "'2025-06-03 14:30", "2025-06-03 14:30"),
]


@pytest.mark.parametrize(("why", "cell", "expected"), NOTATIONS, ids=[n[0] for n in NOTATIONS])
def test_a_time_in_any_notation(why: str, cell: str, expected: str, tmp_path: Path) -> None:
    imported = Imported(tmp_path, orders(tmp_path / "a.csv", "受理时间", [cell, NOON]))
    assert imported.column("received_at")[0] == datetime.fromisoformat(expected)


@shared
def test_case_05(tmp_path: Path) -> None:
    received = Imported(tmp_path, CASES / "05_compact_time").column("received_at")
    assert [f"{moment:%H:%M}" for moment in received] == ["14:30", "14:30", "14:00", "14:30"]


@settings(max_examples=25, deadline=None)
@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2039, 12, 31)).map(
        lambda m: m.replace(second=0, microsecond=0)
    ),
    st.sampled_from(
        ["%Y%m%d%H%M", "%Y%m%d %H%M", "%Y-%m-%d %H%M", "%Y/%m/%dT%H%M", "%a %b %d %H:%M:%S CST %Y"]
    ),
)
def test_every_minute_is_read_back(moment: datetime, form: str) -> None:
    assert read_times(pa.array([moment.strftime(form)])).values.to_pylist() == [moment]


HAN = str.maketrans("0123456789", "〇一二三四五六七八九")
WAYS: dict[str, Callable[[datetime], str]] = {
    "Chinese units": lambda m: f"{m.year}年{m.month}月{m.day}日{m.hour}时{m.minute}分",
    "half days": lambda m: (
        f"{m.year}/{m.month}/{m.day} {'下午' if m.hour >= 12 else '上午'}{m.hour % 12 or 12}:{m:%M}"
    ),
    "AM and PM": lambda m: f"{m:%Y-%m-%d %I:%M %p}",
    "dots": lambda m: f"{m.year}.{m.month}.{m.day} {m:%H:%M}",
    "years of the Republic": lambda m: f"民國{m.year - 1911}年{m.month}月{m.day}日 {m:%H:%M}",
    "full width": lambda m: f"{m:%Y-%m-%d %H:%M}".translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)}),
    "Chinese digits": lambda m: f"{m.year}".translate(HAN) + f"年{m.month}月{m.day}日 {m:%H:%M}",
    "English": lambda m: f"{m:%b} {m.day}, {m.year} {m:%H:%M}",
    "a weekday": lambda m: f"{m:%Y-%m-%d} 星期{'一二三四五六日'[m.weekday()]} {m:%H:%M}",
    "an offset": lambda m: f"{m:%Y-%m-%dT%H:%M:%S}+08:00",
    "seconds": lambda m: f"{m:%Y/%m/%d %H:%M:%S.000}",
    "a serial": lambda m: repr((m - datetime(1899, 12, 30)) / timedelta(days=1)),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@settings(max_examples=20, deadline=None)
@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2039, 12, 31)).map(
        lambda m: m.replace(second=0, microsecond=0)
    )
)
def test_every_minute_is_read_back_however_it_is_written(
    way: Callable[[datetime], str], moment: datetime
) -> None:
    assert read_times(pa.array([way(moment)])).values.to_pylist() == [moment]


@pytest.mark.parametrize("day_first", [True, False])
@pytest.mark.parametrize("year", ["2020", "20"])
def test_day_and_month_are_decided_by_the_whole_column(day_first: bool, year: str, tmp_path: Path) -> None:
    telling = f"25/1/{year}" if day_first else f"1/25/{year}"
    imported = Imported(tmp_path, orders(tmp_path / "a.csv", "受理时间", [f"1/7/{year}"] * 900 + [telling]))
    assert imported.column("received_at")[0] == (datetime(2020, 7, 1) if day_first else datetime(2020, 1, 7))
    assert "没有确证" not in imported.notes


def test_an_offset_changes_no_written_clock(tmp_path: Path) -> None:
    header = ["id", "created_at", "closed_at", "title", "description"]
    row = ["1", "2024-03-01T23:30:00-05:00", "2024-03-02T08:00:00-05:00", "Pothole", "Deep hole on Main St 1"]
    imported = Imported(tmp_path, written(tmp_path / "a.csv", header, row))
    assert imported.column("received_at") == [datetime(2024, 3, 1, 23, 30)]


@shared
def test_case_r05(tmp_path: Path) -> None:
    assert Imported(tmp_path, CASES / "r05_offset.csv").column("received_at")[0] == datetime(
        2024, 3, 1, 23, 30
    )


def test_universal_time_stays_where_no_zone_is_known() -> None:
    cells = pa.array(["2025-06-03T06:30:00Z", "2025-06-03 06:30:00+00:00", "2025-06-03 06:30", "1748934301"])
    known, unknown = read_times(cells, zone="Asia/Shanghai"), read_times(cells, zone="")
    assert [f"{m:%H:%M}" for m in known.values.to_pylist()] == ["14:30", "14:30", "06:30", "15:05"]
    assert [f"{m:%H:%M}" for m in unknown.values.to_pylist()] == ["06:30", "06:30", "06:30", "07:05"]
    assert known.universal.tolist() == unknown.universal.tolist() == [True, True, False, True]


@pytest.mark.parametrize(
    ("text", "hour", "told"),
    [
        ("春晖路路灯不亮，夜间出行不便", 14, "按北京时间换算"),
        ("The street light is out again", 6, "城市时区未知"),
        ("道路の街灯が消えています", 6, "城市时区未知"),
    ],
)
def test_chinese_texts_tell_the_zone(text: str, hour: int, told: str, tmp_path: Path) -> None:
    rows = [[f"T{n}", "2025-06-03T06:30:00Z", f"{text} {n}"] for n in range(12)]
    imported = Imported(
        tmp_path, written(tmp_path / "a.csv", ["case_id", "created_at", "description"], *rows)
    )
    assert set(imported.column("received_at")) == {datetime(2025, 6, 3, hour, 30)}
    assert f"有 12 个世界时（UTC），{told}" in imported.notes


def closings(folder: Path, closed: list[str], form: str = "csv") -> Imported:
    header = ["工单编号", "受理时间", "诉求内容", "主办单位", "办结时间", "应办结时间", "工单状态"]
    rows = [
        [f"T{n}", f"2025-06-0{n} 10:00:00", "路灯不亮", "城管局", cell, f"2025-06-1{n} 18:00:00", "已办结"]
        for n, cell in enumerate(closed, 1)
    ]
    path = folder / f"a.{form}"
    if form == "xlsx":
        path.write_bytes(as_xlsx([header, *rows]))
    else:
        written(path, header, *rows)
    return Imported(folder, path)


def on_time(store: ht.Store) -> tuple[Any, Any]:
    table = ht.report(store, "departments", as_of="2025-07-01")
    return table.totals["on_time_rate_numerator"], table.totals["on_time_rate_denominator"]


def test_what_is_closed_on_the_day_of_receipt_is_on_time(tmp_path: Path) -> None:
    imported = closings(tmp_path, ["2025-06-01", "2025/6/2", "20250603", "2025-06-05"])
    assert on_time(imported.store) == (4, 4)
    assert imported.column("handling_hours") == [0.0, 0.0, 0.0, 14.0]
    assert imported.column("quality_flags") == [None] * 4


def test_a_midnight_that_was_written_is_before_the_receipt(tmp_path: Path) -> None:
    imported = closings(tmp_path, ["2025-06-01 00:00:00", "2025-06-03 08:00:00"])
    assert imported.column("quality_flags") == ["closed-before-received", None]
    assert on_time(imported.store) == (1, 1)


def test_a_column_of_nothing_but_midnights_is_of_days(tmp_path: Path) -> None:
    rows = [["工单编号", "受理时间", "诉求内容", "办理时限", "办结时间"]]
    for n in range(24):
        day = f"2025/6/{n % 8 + 1}"
        rows.append([f"T{n}", f"{day} 10:30:00", f"春晖路{n}号路灯不亮", f"{day} 0:00:00", f"{day} 16:00:00"])
    imported = Imported(tmp_path, written(tmp_path / "a.csv", *rows))
    assert {due.time() for due in imported.column("due_at")} == {time(23, 59, 59)}
    assert on_time(imported.store) == (24, 24)
    assert "列 办理时限 的时刻都是 0 点，按日期读" in imported.notes


@shared
def test_case_01(tmp_path: Path) -> None:
    assert on_time(Imported(tmp_path, CASES / "01_same_day_close").store) == (12, 12)


def test_a_workbook_has_its_midnights_as_dates() -> None:
    values, texts = pa.array([datetime(2025, 6, 8)] * 2), pa.array(["2025-06-08", "2025-06-08 00:00:00"])
    assert days_without_clock(values, texts).to_pylist() == [True, False]
    assert days_without_clock(values, texts, hides_midnights=True).to_pylist() == [False, False]


@pytest.mark.parametrize(
    "cell", ["2025-06-08", "2025.06.08", "二〇二五年六月八日", "8 Jun 2025", "Sun Jun 08 2025", "25-6-8"]
)
def test_a_day_has_no_clock(cell: str) -> None:
    texts = pa.array([cell])
    assert days_without_clock(read_times(texts).values, texts).to_pylist() == [True]


@pytest.mark.parametrize(
    "cell",
    ["2025-06-08 0000", "2025060800", "20250608T0000", "2025-06-08 0:00", "Sun Jun 08 00:00:00 CST 2025"],
)
def test_a_written_midnight_has_one(cell: str) -> None:
    texts = pa.array([cell])
    assert days_without_clock(read_times(texts).values, texts).to_pylist() == [False]


def test_the_earliest_time_stands_in_for_the_receipt(tmp_path: Path) -> None:
    header = ["工单编号", "诉求内容", "派单时间", "办结时间", "办理时限", "主办单位"]
    rows = [
        ["T1", "春晖路路灯不亮", "2025-06-03 09:00", "2025-06-04 10:00", "2025-06-01 18:00", "城管局"],
        ["T2", "春晖路停水", "", "2025-06-05 10:00", "2025-06-09 18:00", "水务局"],
        ["T3", "春晖路积水", "", "", "2025-06-09 18:00", "水务局"],
    ]
    imported = Imported(tmp_path, written(tmp_path / "a.csv", header, *rows))
    assert imported.column("received_at") == [datetime(2025, 6, 3, 9), datetime(2025, 6, 5, 10), None]
    assert imported.column("quality_flags") == ["received-inferred", "received-inferred", None]
    assert "2 件以其最早的派单" in imported.notes
    assert "1 件没有可读的受理时间" in imported.notes
    told = [str(note) for note in ht.report(imported.store, "departments", period="2025-06").notes]
    assert any("2 件的导出没有受理时间" in note for note in told)
    told = [str(note) for note in ht.report(imported.store, "departments", department="水务局").notes]
    assert any("1 件的导出没有受理时间" in note for note in told)


def test_a_real_time_of_receipt_is_not_replaced(tmp_path: Path) -> None:
    header = ["工单编号", "诉求内容", "受理时间", "派单时间"]
    full = written(tmp_path / "a.csv", header, ["T1", "春晖路路灯不亮", "2025-06-03 09:00", ""])
    sheet = written(
        tmp_path / "b.csv", ["工单编号", "诉求内容", "派单时间"], ["T1", "春晖路路灯不亮", "2025-06-04 09:00"]
    )
    assert Imported(tmp_path, full, sheet).column("received_at") == [datetime(2025, 6, 3, 9)]


def test_five_levels_and_a_slash_inside_one(tmp_path: Path) -> None:
    header = ["工单编号", "受理时间", "诉求内容", *(f"{n}级分类" for n in "一二三四五")]
    row = ["T1", NOON, "停水", "公用事业", "供水/供电", "供水", "停水", "计划停水"]
    imported = Imported(tmp_path, written(tmp_path / "a.csv", header, row))
    assert imported.column("original_category") == ["公用事业/供水／供电/供水/停水/计划停水"]


TYPES = {
    "反映问题": "投诉", "咨询问题": "咨询", "求助类": "求助", "投诉件": "投诉", "01-咨询类": "咨询",
    "意见建议类": "建议", "举报（匿名）": "举报", "complaint": "投诉", "办理单": None,
}  # fmt: skip
STATUSES = {
    "RESOL": "closed", "结案": "closed", "已销案": "closed", "Complete": "closed",
    "3-已办结（超期）": "closed", "Closed": "closed", "Acknowledged": "open", "再议": "unknown",
}  # fmt: skip


def test_request_types_and_statuses_by_their_words(tmp_path: Path) -> None:
    imported = Imported(tmp_path, orders(tmp_path / "a.csv", "诉求类型", list(TYPES), 受理时间=NOON))
    assert imported.column("request_type") == list(TYPES.values())
    assert "列 诉求类型 有 1 个单元格没有对照，未计入（办理单 1）" in imported.notes


def test_statuses_by_their_words(tmp_path: Path) -> None:
    imported = Imported(tmp_path, orders(tmp_path / "a.csv", "工单状态", list(STATUSES), 受理时间=NOON))
    assert imported.column("status") == list(STATUSES.values())
    assert "（再议 1）" in imported.notes


def test_ratings_that_no_map_knows_are_told(tmp_path: Path) -> None:
    cells = ["满意"] * 3 + ["一般"] * 4 + ["五星"] * 2 + ["默认满意"]
    imported = Imported(tmp_path, orders(tmp_path / "a.csv", "满意度", cells, 受理时间=NOON))
    assert imported.column("satisfaction") == ["satisfied"] * 3 + [None] * 7
    assert "列 满意度 有 7 个单元格没有对照，未计入（一般 4、五星 2、默认满意 1）" in imported.notes


def test_a_mask_is_no_value(tmp_path: Path) -> None:
    others = {"受理时间": NOON, "地址": "******", "联系电话": "***", "主办单位": "＊＊＊", "备用": "****"}
    imported = Imported(tmp_path, orders(tmp_path / "a.csv", "诉求标题", ["联系138****电话"], **others))
    for name in ("address", "place", "caller_key", "department", "extra"):
        assert imported.column(name) == [None], name
    assert imported.column("title") == ["联系138****电话"]


@shared
def test_case_r10(tmp_path: Path) -> None:
    assert not any(Imported(tmp_path, CASES / "r10_stars.csv").column("address"))


MARKS = "\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u202d\u202e\u2060\u2066\u2069\ufeff"


@settings(max_examples=40, deadline=None)
@given(st.text("0123456789AB-", min_size=3, max_size=12),
       st.lists(st.tuples(st.integers(0, 12), st.sampled_from(MARKS)), max_size=4),
       st.sampled_from(['="{}"', "'{}", "{}", " {} ", "{}\t"]), st.booleans())  # fmt: skip
def test_a_guarded_id_is_the_id(name: str, marks: list[tuple[int, str]], guard: str, wide: bool) -> None:
    text = name.translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)}) if wide else name
    for place, mark in marks:
        text = text[:place] + mark + text[place:]
    assert plain_id(guard.format(text)) == name


UNITS = [
    "城管局（东区）",
    "城管局(东区)",
    "城\u200b管局(东区)",
    "城管局（东区） ",
    "\u202a城管局（东区）\u202c",
    '="城管局（东区）"',
    "'城管局(东区)",
]


def test_a_unit_has_one_name(tmp_path: Path) -> None:
    imported = Imported(tmp_path, orders(tmp_path / "a.csv", "主办单位", UNITS, 受理时间=NOON))
    assert imported.column("department") == ["城管局（东区）"] * len(UNITS)


def test_ids_in_a_file_lose_their_guards(tmp_path: Path) -> None:
    header = ["工单编号", "受理时间", "诉求内容"]
    cells = ['="0012506031"', "'0012506032", "\u202d0012506033\u202c", "００１２５０６０３４", "0012506035.0"]
    rows = [[cell, NOON, f"春晖路{n}号停水"] for n, cell in enumerate(cells, 1)]
    imported = Imported(tmp_path, written(tmp_path / "a.csv", header, *rows))
    assert imported.column("order_id") == [f"001250603{n}" for n in range(1, 6)]


@pytest.mark.parametrize("names", [("whole", "cut"), ("cut", "whole")])
def test_an_id_that_lost_its_leading_zeros_is_the_same_order(tmp_path: Path, names: tuple[str, str]) -> None:
    header = ["工单编号", "受理时间", "诉求内容"]
    ids = {"whole": "0012506031", "cut": "12506031"}
    store = ht.Store.open(tmp_path / "store", create=True)
    for name in names:
        path = written(tmp_path / f"{name}.csv", header, [ids[name], NOON, "春晖路1号停水，请尽快恢复"])
        ht.import_files(store, [path])
    assert store.info().orders == 1


@shared
@pytest.mark.parametrize("names", [("plain", "guarded"), ("guarded", "plain")])
def test_case_11_ids(tmp_path: Path, names: tuple[str, str]) -> None:
    store = ht.Store.open(tmp_path / "store", create=True)
    for name in names:
        ht.import_files(store, [CASES / "11_guards" / f"{name}.csv"])
    assert store.info().orders == 5


@shared
def test_case_11_units(tmp_path: Path) -> None:
    assert len(set(Imported(tmp_path, CASES / "11_guards" / "departments.csv").column("department"))) <= 2


LINKS = [
    "https://x.test/view/17390396991/",
    "www.x.test/a?id=13812345678",
    "http://x.test/370102199001011234#top",
]


@pytest.mark.parametrize("link", LINKS)
def test_a_link_stays_whole(link: str, tmp_path: Path) -> None:
    imported = Imported(
        tmp_path, orders(tmp_path / "a.csv", "诉求标题", [f"见{link} 谢谢"], 受理时间=NOON, 页面=link)
    )
    assert imported.column("title") == [f"见{link} 谢谢"]
    assert link in imported.column("extra")[0]
    assert mask_text(f"见{link}，电话13812345678") == f"见{link}，电话138********"


def test_a_telephone_handed_over_in_a_link_is_masked() -> None:
    assert mask_text("https://x.test/a?phone=13812345678") == "https://x.test/a?phone=138********"


@shared
def test_case_r09(tmp_path: Path) -> None:
    extra = Imported(tmp_path, CASES / "r09_url.csv").column("extra")
    assert all("https://x.test/view/1739039699" in text and "*" not in text for text in extra)


@pytest.mark.parametrize(
    "text", ["单 370100202506030001 已转", '"case_id": "17390396991"', "流水 4201202506030012348"]
)
def test_a_long_id_is_no_persons_number(text: str) -> None:
    assert mask_text(text) == text


def test_one_of_several_telephones_is_the_caller() -> None:
    masker = Masker(b"k" * 32)
    cells = [
        "13812345678",
        "13812345678/13912345678",
        "13812345678、0531-88880000",
        "张先生13812345678",
        "00000000",
        None,
    ]
    keys = masker.caller_key(pa.array(cells)).to_pylist()
    assert keys[:4] == [keys[0]] * 4
    assert keys[4:] == [None, None]
    assert masker.caller_key(pa.array(["88880000", "0531-88880000转8001"])).null_count == 0


def test_a_local_number_beside_its_column_is_masked(tmp_path: Path) -> None:
    others = {"受理时间": NOON, "夜间电话": "88880000", "主办单位": "城管局 13812345678"}
    imported = Imported(tmp_path, orders(tmp_path / "a.csv", "诉求标题", ["路灯不亮"], **others))
    assert "88880000" not in str(imported.column("extra"))
    assert imported.column("department") == ["城管局 138********"]


def test_the_record_of_an_import_names_nobody(tmp_path: Path) -> None:
    cells = ["2025-06-03 09:00", "来电13812345678", "2025-06-03 10:00"]
    Imported(tmp_path, orders(tmp_path / "a.csv", "受理时间", cells, 联系电话="13900000001"))
    kept = "".join(path.read_text("utf-8") for path in (tmp_path / "库" / "imports").glob("*.json"))
    assert "来电138" in kept
    assert "13812345678" not in kept
    assert "13900000001" not in kept


SERIALS = {"1900": 45811.5, "1904": 45811.5 - 1462}
"""2025-06-03 12:00 in the two date systems."""


@pytest.mark.parametrize("system", SERIALS)
@pytest.mark.parametrize("form", ["xlsx", "xls"])
@pytest.mark.parametrize("formatted", [True, False])
def test_serials_count_from_the_workbook_s_own_epoch(
    system: str, form: str, formatted: bool, tmp_path: Path
) -> None:
    path = tmp_path / f"a.{form}"
    header, texts = ["工单编号", "受理时间", "诉求内容"], ["T1", "", "春晖路路灯不亮"]
    if form == "xlsx":
        with xlsxwriter.Workbook(path, {"date_1904": system == "1904"}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, header)
            sheet.write_row(1, 0, texts)
            clock = book.add_format({"num_format": "yyyy-mm-dd hh:mm"}) if formatted else None
            sheet.write_number(1, 1, SERIALS[system], clock)
    else:
        old = xlwt.Workbook()
        old.dates_1904 = system == "1904"
        page = old.add_sheet("工单")
        for place, name in enumerate(header):
            page.write(0, place, name)
        page.write(1, 0, texts[0])
        style = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm") if formatted else xlwt.Style.default_style
        page.write(1, 1, SERIALS[system], style)
        page.write(1, 2, texts[2])
        old.save(str(path))
    assert Imported(tmp_path, path).column("received_at") == [datetime(2025, 6, 3, 12)]


FORMATS = [
    ("yyyy-mm-dd hh:mm:ss", False, ["closed-before-received"] * 2),
    ("yyyy/m/d\\ h:mm;@", False, ["closed-before-received"] * 2),
    ('yyyy"年"m"月"d"日"\\ hh"时"mm"分"', False, ["closed-before-received"] * 2),
    ("yyyy-mm-dd", True, [None] * 2),
    ('yyyy"年"m"月"d"日"', True, [None] * 2),
    ('[$-804]yyyy-mm-dd "(hh)"', True, [None] * 2),
    ("m/d/yy h:mm", False, ["closed-before-received"] * 2),
]


@pytest.mark.parametrize(("form", "days", "flags"), FORMATS, ids=[case[0] for case in FORMATS])
@pytest.mark.parametrize("left", [0, 3])
def test_the_format_of_a_cell_says_whether_a_midnight_was_written(
    form: str, days: bool, flags: list[str | None], left: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        clock, shown = (book.add_format({"num_format": f}) for f in ("yyyy-mm-dd hh:mm", form))
        sheet = book.add_worksheet("六月")
        sheet.write_row(0, left, ["工单编号", "受理时间", "诉求内容", "办结时间"])
        for row in (1, 2):
            sheet.write_string(row, left, f"T{row}")
            sheet.write_datetime(row, left + 1, datetime(2025, 6, row, 10), clock)
            sheet.write_string(row, left + 2, f"春晖路{row}号路灯不亮")
            sheet.write_datetime(row, left + 3, datetime(2025, 6, row), shown)
    imported = Imported(tmp_path, path)
    assert imported.column("quality_flags") == flags
    assert imported.column("closed_at") == [datetime(2025, 6, n, 10 if days else 0) for n in (1, 2)]


CLOCKS = {
    "afternoon": ("下午3:05", datetime(2025, 6, 3, 15, 5)),
    "hours in words": ("下午3点05分", datetime(2025, 6, 3, 15, 5)),
    "PM": ("3:05 PM", datetime(2025, 6, 3, 15, 5)),
    "six digits": ("150500", datetime(2025, 6, 3, 15, 5)),
    "four digits": ("1505", datetime(2025, 6, 3, 15, 5)),
    "a fraction of a second": ("15:05:00.981000", datetime(2025, 6, 3, 15, 5)),
}


@pytest.mark.parametrize("headers", [("来电日期", "来电时间"), ("created_date", "created_time")])
@pytest.mark.parametrize(("clock", "time"), CLOCKS.values(), ids=CLOCKS)
def test_a_clock_in_a_column_of_its_own(
    headers: tuple[str, str], clock: str, time: datetime, tmp_path: Path
) -> None:
    day, moment = headers
    header = ["case_id", day, moment, "description"] if day.isascii() else ["编号", day, moment, "诉求内容"]
    rows = [[f"T{n}", "2025/6/3", clock, f"春晖路{n}号路灯不亮，夜间出行不便，请处理"] for n in range(12)]
    imported = Imported(tmp_path, written(tmp_path / "a.csv", header, *rows))
    assert set(imported.column("received_at")) == {time}


def test_times_that_cannot_be_read_are_a_matter_for_a_person(tmp_path: Path) -> None:
    rows = [[f"T{n}", "很久以前", f"春晖路{n}号路灯不亮"] for n in range(12)]
    path = written(tmp_path / "a.csv", ["工单编号", "受理时间", "诉求内容"], *rows)
    ran = hotline("--store", "store", "import", path, cwd=tmp_path)
    assert (ran.code, "请核对 a.csv" in ran.err) == (3, True)


@pytest.mark.parametrize(
    ("title", "name", "cells", "days"),
    [
        ("2025年8月台账", "a.csv", ["8月1日 9:05", "8月 31日"], ["2025-08-01", "2025-08-31"]),
        ("2025年8月台账", "a.csv", ["8月1日", "9月2号"], ["2025-08-01", "2025-09-02"]),
        ("2024年12月热线台账", "a.csv", ["12月30日", "1月2日"], ["2024-12-30", "2025-01-02"]),
        ("（2024年12月26日至2025年1月25日）", "a.csv", ["12月30日", "1月2日"], ["2024-12-30", "2025-01-02"]),
        ("热线台账", "台账202501.csv", ["12月30日", "1月2日"], ["2024-12-30", "2025-01-02"]),
        ("2023年度热线台账", "台账202501.csv", ["12月30日", "1月2日"], ["2023-12-30", "2023-01-02"]),
        ("热线台账", "a.csv", ["2022年3月1日", "3月2日"], ["2022-03-01", "None"]),
        ("2023—2024年热线台账", "a.csv", ["3月1日", "3月2日"], ["None", "None"]),
    ],
)  # fmt: skip
def test_days_without_a_year_are_of_the_year_of_the_title(
    tmp_path: Path, title: str, name: str, cells: list[str], days: list[str]
) -> None:
    rows = [[f"T{n:03}", f"春晖路{n}号路灯不亮", cell] for n, cell in enumerate(cells)]
    file = written(tmp_path / name, [title, "", ""], ["工单编号", "诉求内容", "受理时间"], *rows)
    imported = Imported(tmp_path, file)
    assert [str(at)[:10] for at in imported.column("received_at")] == days
    years = sorted({day[:4] for day, cell in zip(days, cells, strict=True) if cell[:2] != "20"} - {"None"})
    assert [year for year in years if f"{year} 年（" in imported.notes] == years
    assert ("没有年份" in imported.notes) == bool(years)


def test_the_name_of_a_sheet_tells_the_year(tmp_path: Path) -> None:
    rows = [["工单编号", "诉求内容", "受理时间"], ["A1", "路灯不亮", "8月1日"], ["A2", "井盖破损", "8月3日"]]
    file = tmp_path / "台账.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("2023年8月")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    imported = Imported(tmp_path, file)
    assert imported.column("received_at") == [datetime(2023, 8, 1), datetime(2023, 8, 3)]
    assert "列 受理时间 的日期没有年份，按工作表名记作 2023 年（2 个）" in imported.notes
