"""Place patterns, each known once: what import reads off an address and what repeats compare agree."""

import pyarrow as pa
import pytest

from hotline_tools.normalise.addresses import read_district, read_place
from hotline_tools.places import (
    AREA_PREFIX,
    COMMITTEE,
    NOT_A_DISTRICT,
    anonymised_codes,
    is_district,
    names_district,
)
from hotline_tools.repeats.text.sites import address_site, without_area


@pytest.mark.parametrize("before", NOT_A_DISTRICT)
def test_a_word_that_ends_like_a_district_is_none_in_any_room(before: str) -> None:
    address = f"东{before}区12栋"
    assert read_district(pa.array([address]))[0].to_pylist() == [None]
    assert without_area(address) == address


@pytest.mark.parametrize("road", ["帽儿胡同", "东大街", "人民大道", "太白路", "青石巷"])
def test_a_road_is_one_in_any_room(road: str) -> None:
    assert read_place(pa.array([f"云河区{road}12号"])).to_pylist() == [road]
    assert address_site(without_area(f"云河区{road}对面")) == road


@pytest.mark.parametrize(
    ("address", "rest"),
    [
        ("安宁省云河市朝阳区柳溪街道太白路", "太白路"),
        ("朝阳区金沙湾镇望坪村", "望坪村"),
        ("北投区福安里3邻光明路", "光明路"),
        ("碧水嘉园小区", "碧水嘉园小区"),
    ],
)
def test_the_area_before_an_address(address: str, rest: str) -> None:
    assert AREA_PREFIX.sub("", address) == rest


def test_committees_are_cut_off() -> None:
    names = ["望坪村村民委员会", "松苑社区居委会", "松苑社区"]
    assert [COMMITTEE.sub("", name) for name in names] == ["望坪", "松苑", "松苑社区"]


@pytest.mark.parametrize(
    ("text", "codes", "named"),
    [
        ("a3区和a市b12县", ["a3", "b12"], True),
        ("a市的路灯", [], False),
        ("朝阳区的路灯", [], True),
        ("我们小区的路灯", [], False),
        ("整个片区域", [], False),
        ("kv10区", [], False),
    ],
)
def test_districts_in_texts(text: str, codes: list[str], named: bool) -> None:
    assert anonymised_codes(text) == codes
    assert names_district(text) == named


@pytest.mark.parametrize(
    ("name", "district"), [("朝阳区", True), ("朝阳区路", True), ("绿地小区", False), ("人民路", False)]
)
def test_names_of_districts(name: str, district: bool) -> None:
    assert is_district(name) == district
