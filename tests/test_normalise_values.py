"""Cleaning, codes, numbers, paths, addresses, extra."""

import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline_tools.normalise.addresses import read_district, read_place, repair_doubled
from hotline_tools.normalise.cleaning import clean_column
from hotline_tools.normalise.combining import as_path, combine, join_filled, json_objects
from hotline_tools.normalise.derive import at_end_of_day, days_without_clock
from hotline_tools.normalise.hashing import hash_rows
from hotline_tools.normalise.values import blank_placeholders, read_booleans, read_codes, read_integers
from hotline_tools.text import clean

AWKWARD = st.text(alphabet="ab中 \n\r\t\u3000\u00a0\u200b\ufeff\x1f\x0b&;#3亿lt", max_size=20)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.none(), AWKWARD), max_size=20))
def test_clean_column_is_text_clean(texts: list[str | None]) -> None:
    found = clean_column(pa.array(texts, pa.string())).to_pylist()
    assert found == [(clean(text) or None) if text is not None else None for text in texts]


def test_clean_entities_and_padding() -> None:
    texts = ["\n\t\t 路灯&nbsp;坏了 \r\n\r\n请&lt;修&gt;", "\u3000\u3000您好", "好"]
    assert clean_column(pa.array(texts)).to_pylist() == ["路灯 坏了\n请<修>", "您好", "好"]


def test_placeholders() -> None:
    cells = pa.array(["无", "Ｎ/Ａ", "无锡路", " 不详 ", "保密局", None, "12"])
    assert blank_placeholders(cells, frozenset({"无", "n/a", "不详", "保密"})).to_pylist() == [
        None, None, "无锡路", None, "保密局", None, "12",
    ]  # fmt: skip


def test_hidden_values_and_slices_of_a_column() -> None:
    cells = pa.array(["前", "*" * 80, "＊ ＊", "（*）", "*号楼", "　无", None, "N/A ", "\U00020000无"]).slice(
        1
    )
    kept = [None, None, "（*）", "*号楼", "　无", None, None, "\U00020000无"]
    assert blank_placeholders(cells, frozenset({"无", "n/a"})).to_pylist() == kept
    assert blank_placeholders(cells.slice(0, 2), frozenset()).to_pylist() == [None, None]


def test_codes_keep_the_unknown() -> None:
    read = read_codes(
        pa.array(["满意", "非常滿意", "还行", None]),
        {"满意": "satisfied", "非常满意": "satisfied"},
        ("satisfied",),
    )
    assert read.values.to_pylist() == ["satisfied", "satisfied", None, None]
    assert read.refused.to_pylist() == [None, None, "还行", None]


def test_integers() -> None:
    read = read_integers(pa.array(["3", "3.0", "1,234", "２次", "-1", "多次", None, "3.5"]))
    assert read.values.to_pylist() == [3, 3, 1234, 2, None, None, None, None]
    assert read.refused.to_pylist() == [None, None, None, None, "-1", "多次", None, "3.5"]


def test_booleans() -> None:
    read = read_booleans(pa.array(["是", "否", "1", "大概", None]), {"大约": "true"})
    assert read.values.to_pylist() == [True, False, True, None, None]
    assert read.refused.to_pylist() == [None, None, None, "大概", None]


@pytest.mark.parametrize(
    ("text", "separator", "path"),
    [
        ("住房城乡建设->物业管理->电梯故障", "", "住房城乡建设/物业管理/电梯故障"),
        ("城建 > 路灯", "", "城建/路灯"),
        ("城建-路灯", "-", "城建/路灯"),
        ("城建/", "", "城建"),
        ("3-5岁入园", "", "3-5岁入园"),
        ("公用事业->供水/供电", "", "公用事业/供水／供电"),
        ("公用事业-供水/供电", "-", "公用事业/供水／供电"),
    ],
)
def test_category_path(text: str, separator: str, path: str) -> None:
    assert as_path(text, separator) == path


def test_combine() -> None:
    date, clock = pa.array(["20250430", None, "20250501"]), pa.array(["1", "2", None])
    assert combine([date, clock], "join", " ", need_first=True).to_pylist() == [
        "20250430 1",
        None,
        "20250501",
    ]
    assert combine([clock, date], "first", " ").to_pylist() == ["1", "2", "20250501"]


def test_join_filled_keeps_rows_that_are_null_throughout() -> None:
    column = pa.array([None, "a", None], pa.string())
    assert join_filled([column], ";").to_pylist() == [None, "a", None]
    assert join_filled([column, pa.array([None, "b", "c"])], ";").to_pylist() == [None, "a;b", "c"]


ADDRESSES = [
    (
        "doubled",
        "萬華區臺北市萬華區福安里003鄰平安街１號",
        "臺北市萬華區福安里003鄰平安街１號",
        "萬華區",
        "平安街",
    ),
    (
        "doubled with post code",
        "中山區104台灣台北市中山區長春路12巷7號",
        "台北市中山區長春路12巷7號",
        "中山區",
        "長春路",
    ),
    (
        "the city twice",
        "文山區臺北市臺北市文山區萬芳里萬芳路5之4號",
        "臺北市文山區萬芳里萬芳路5之4號",
        "文山區",
        "萬芳里萬芳路",
    ),
    ("a community is no road", "云河区柳溪街道石巷社区", "云河区柳溪街道石巷社区", "云河区", "石巷社区"),
    (
        "a remark",
        "文山區大湖公園,參考地址：萬芳路5號",
        "文山區大湖公園,參考地址：萬芳路5號",
        "文山區",
        "大湖公園",
    ),
    ("plain", "文山區興隆路四段１０５巷", "文山區興隆路四段１０５巷", "文山區", "興隆路四段"),
    ("an estate is no district", "幸福小区3号楼", "幸福小区3号楼", None, "幸福小区"),
    ("estate after the road", "人民路12号幸福花园3号楼", "人民路12号幸福花园3号楼", None, "幸福花园"),
    ("two different districts stay", "東區臺北市西區一路", "東區臺北市西區一路", "東區", "一路"),
]


@pytest.mark.parametrize(
    ("why", "text", "address", "district", "place"), ADDRESSES, ids=[c[0] for c in ADDRESSES]
)
def test_addresses(why: str, text: str, address: str, district: str | None, place: str | None) -> None:
    repaired = repair_doubled(pa.array([text]))
    assert repaired.to_pylist() == [address]
    assert read_district(repaired)[0].to_pylist() == [district]
    if why != "two different districts stay":
        assert read_place(repaired).to_pylist() == [place]


def test_area_only_district() -> None:
    _, alone = read_district(pa.array(["大安區", "臺北市大安區", "大安區安和路", None, "阳光小区"]))
    assert alone.to_pylist() == [True, True, False, False, False]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.none() | st.text(min_size=1), st.none() | st.text(min_size=1)), min_size=1, max_size=8
    )
)
def test_extra_is_valid_json(rows: list[tuple[str | None, str | None]]) -> None:
    columns = [('甲"列', [a for a, _ in rows]), ("乙", [b for _, b in rows])]
    found = json_objects([(name, pa.array(cells, pa.string())) for name, cells in columns], len(rows))
    for text, (a, b) in zip(found.to_pylist(), rows, strict=True):
        expected = {k: v for k, v in (('甲"列', a), ("乙", b)) if v is not None}
        assert (json.loads(text) if text is not None else {}) == expected


def test_hash_depends_on_where_cells_end() -> None:
    one = hash_rows([pa.array(["ab", "a"]), pa.array(["c", "bc"])]).to_pylist()
    assert one[0] != one[1]
    assert (
        one
        == hash_rows([pa.array(["x", "ab", "a"]).slice(1), pa.array(["x", "c", "bc"]).slice(1)]).to_pylist()
    )


def test_deadline_day_lasts_until_its_end() -> None:
    texts = pa.array(["2025-06-08", "2025-06-08 00:00:00", "2025年6月8日"])
    midnight = pa.array([1749340800000000] * 3, pa.timestamp("us"))
    ends = [str(v) for v in at_end_of_day(midnight, days_without_clock(midnight, texts)).to_pylist()]
    assert ends == ["2025-06-08 23:59:59", "2025-06-08 00:00:00", "2025-06-08 23:59:59"]
