"""Finding repeat issues: names, sites, evidence, groups; tables of cases and what must always hold."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tools.repeats.clustering.linkage import best_pairs_linkage
from hotline_tools.repeats.comparison.features import FEATURES
from hotline_tools.repeats.comparison.model import VETO
from hotline_tools.repeats.encode.idf import heaviest
from hotline_tools.repeats.encode.ragged import coded, distinct, rows_of
from hotline_tools.repeats.find import COLUMNS, find_groups
from hotline_tools.repeats.issues.explanation import THEMES, explain
from hotline_tools.repeats.text.aspects import aspects_of
from hotline_tools.repeats.text.lexicon import lexicon
from hotline_tools.repeats.text.names import core, find_names
from hotline_tools.repeats.text.normalisation import normalise, prepare
from hotline_tools.repeats.text.sites import address_site, object_number, text_site, without_area
from hotline_tools.repeats.text.tokens import Tokenizer

START = datetime(2025, 3, 1)
SCHEMA = pa.schema([(n, pa.timestamp("us") if n == "received_at" else pa.string()) for n in COLUMNS])


def orders(*rows: dict[str, Any]) -> pa.Table:
    """Return orders a day apart, each by a caller of its own unless said."""
    full = [
        {"caller_key": f"c{k}", "order_id": f"T{k:08d}", "received_at": START + timedelta(days=k), **row}
        for k, row in enumerate(rows)
    ]
    return pa.Table.from_pylist(full, schema=SCHEMA)


def groups(*rows: dict[str, Any]) -> list[int]:
    return find_groups(orders(*rows), workers=1).group.tolist()


LIFT = "电梯坏了半个月没人修，老人上下楼困难，物业一直推脱，请尽快维修"
NOISE = "楼下烧烤店夜里油烟和噪声很大，营业到凌晨两点，影响居民休息，请查处"


@pytest.mark.parametrize(
    ("text", "wanted", "why"),
    [
        ("Ａ３区　十三栋", "a3区13栋", "full width, spaces, numerals before a unit"),
        ("臺北市萬華區", "台北市万华区", "Traditional"),
        ("看 https://a.cn/x?y=1 图", "看图", "links say nothing"),
        ("三号线和二期", "3号线和2期", "numerals"),
        ("中国三峡", "中国三峡", "a numeral that is part of a name stays"),
        (None, "", "missing"),
    ],
)
def test_texts_are_normalised(text: str | None, wanted: str, why: str) -> None:
    assert normalise([text]) == [wanted], why


@given(st.lists(st.none() | st.text(max_size=30), max_size=8))
def test_normalising_keeps_the_number_of_texts(texts: list[str | None]) -> None:
    assert len(normalise(texts)) == len(texts)
    assert all(" " not in text and "\n" not in text for text in normalise(texts))


def test_a_title_that_says_nothing_gives_way_to_the_content() -> None:
    heads, bodies = prepare(["市民反映问题", "电梯故障"], ["您好！碧水嘉园电梯坏了。", "碧水嘉园"])
    assert heads == ["碧水嘉园电梯坏了。", "电梯故障"]
    assert bodies[0] == "碧水嘉园电梯坏了。"


@pytest.mark.parametrize(
    ("text", "wanted", "why"),
    [
        ("咨询丽发新城小区停水", ["丽发新城"], "generic tail dropped"),
        ("请问人民路何时通车", ["人民路"], "a road"),
        ("我们小区的物业不作为", [], "generic words are no names"),
        ("反映万家丽路的碧桂园小学乱收费", ["万家丽路", "碧桂园"], "two names, one after the other"),
    ],
)
def test_names_are_found(text: str, wanted: list[str], why: str) -> None:
    assert [name.text for name in find_names(Tokenizer().tokenize(text))] == wanted, why


def test_a_name_keeps_at_least_two_characters() -> None:
    assert core("绿地小区") == "绿地"
    assert core("小区") == "小区"


@pytest.mark.parametrize(
    ("address", "site", "why"),
    [
        ("云河区柳溪街道碧水嘉园12号楼3单元", "碧水嘉园", "area and building dropped"),
        ("柳溪街道和平北路碧水嘉园", "碧水嘉园", "the estate is closer than its road"),
        ("望河街道太白路与新华路交叉口", "太白路", "a crossing is at the road"),
        ("太白路中段", "太白路", "part of a road"),
        ("康馨小区6号楼", "康馨小区", "小区 is no district"),
        ("金沙湾镇望坪村", "望坪村", "a village"),
        ("柳溪街道松苑社区", "", "a community is where a caller lives"),
        ("柳溪街道石巷社区", "", "though its name ends as a road's"),
        ("興隆路二段55巷3弄9號", "兴隆路二段55巷", "a lane tells one lamp of a road from the next"),
        ("臺北市北投區福安里003鄰光明路１２９號", "光明路129号", "a Taipei address"),
        ("和平北路12號七樓", "和平北路12号", "a floor in Chinese numerals"),
        ("和平北路170巷-光明路二段59巷", "和平北路170巷", "a stretch of a road"),
        ("大同區市民大道一段211號", "市民大道一段211号", "no city of the name 大同區市"),
        ("和平北路12號2F", "和平北路12号", "a floor in Latin letters"),
        ("中央里和平北路12號", "和平北路12号", "the ward before a road"),
        ("和平北路5之4號2樓", "和平北路5之4号", "a number with a second one"),
        ("和平北路12号碧水嘉园", "碧水嘉园", "the estate, not its number"),
        ("柳溪河濱公園(西)-279", "柳溪河滨公园(西)", "a park, without the number of its lamp"),
        ("柳溪街道地址不详", "", "words that say nothing"),
        ("不详", "", "a word that says nothing"),
        ("云河区", "", "a district is no site"),
        ("", "", "nothing written"),
    ],
)
def test_sites_of_addresses(address: str, site: str, why: str) -> None:
    assert address_site(without_area(normalise([address])[0])) == site, why


@pytest.mark.parametrize(
    ("address", "number", "why"),
    [
        ("柳溪河濱公園(西)-279", "279", "a lamp of a park"),
        ("松林路三段60巷76號左前方(燈桿編號0302714)", "302714", "a pole with its number"),
        ("松林路二段239號-第07支(本通)", "7", "the seventh of a road"),
        ("柳溪公園-345，含步道", "345", "more is said after it"),
        ("碧水嘉园-12", "", "a building of an estate"),
        ("松林路三段217巷3弄1-5號", "217巷", "a lane, whatever the house"),
        ("松林路12號", "", "a house of a road"),
        ("柳溪公园", "", "none"),
        ("", "", "nothing written"),
    ],
)
def test_numbers_of_lamps(address: str, number: str, why: str) -> None:
    assert object_number(without_area(normalise([address])[0])) == number, why


def test_each_lamp_of_a_park_is_an_issue_of_its_own() -> None:
    lamps = ["柳溪河濱公園(西)-279", "柳溪河濱公園(西)-278", "柳溪河濱公園(西)-0279", "柳溪河濱公園(西)-278"]
    rows = [{"address": address, "content": "路燈失明", "district": "柳溪區"} for address in lamps]
    assert groups(*rows) == [0, 1, 0, 1]
    lanes = [
        {**rows[0], "address": f"松林路{lane}巷{house}號"} for lane, house in ((18, 2), (12, 5), (18, 9))
    ]
    assert groups(*lanes) == [0, 1, 0]
    vague = [{**rows[0], "address": f"柳溪河濱公園(西)-{end}"} for end in ("", "，好幾盞", "，整排")]
    found = groups(*rows, *vague)
    assert found[0] != found[1], "orders that name no lamp do not link two lamps"


def test_in_one_street_the_road_in_a_text_meets_the_estate_of_an_address() -> None:
    burst = "和平北路的水管爆了，水柱有两米高，把人行道冲塌了，打了五遍电话没人来，请尽快抢修漏点"
    rows = [
        {
            "title": "自来水管爆裂",
            "content": burst,
            "address": "柳溪街道和平北路碧水嘉园",
            "street": "柳溪街道",
        },
        {"title": "自来水管爆裂漏水", "content": burst + "。", "address": None, "street": "柳溪街道"},
    ]
    assert groups(*rows) == [0, 0]
    assert groups(rows[0], {**rows[1], "street": None, "district": "云河区"}) == [0, 1]


def test_an_address_names_a_site_without_a_known_ending() -> None:
    row = {
        "title": "频繁停电",
        "content": "昨晚又停电，从八点停到天亮，冰箱里的菜全坏了",
        "district": "云河区",
    }
    assert groups(*[{**row, "address": "云河区银杏一期"}] * 2) == [0, 0]
    assert groups(*[{**row, "address": "云河区"}] * 2) == [0, 1]
    assert groups(*[{**row, "address": "云河区不详"}] * 2) == [0, 1]


def test_alike_titles_without_a_place_over_texts_of_two_places_are_two_issues() -> None:
    cold = "供暖公司电话打不通，家里暖气一直不热，老人孩子受不了，请尽快处理"
    rows = [
        {"title": "暖气不热", "content": f"我是{place}业主，{cold}"}
        for place in ("碧水嘉园小区", "凤凰新村小区", "碧水嘉园小区")
    ]
    assert groups(*rows) == [0, 1, 0]


def test_aspects_agree_with_their_regular_expressions() -> None:
    import re

    texts = [LIFT, NOISE, "车位捆绑销售", "停车场收费", "污水直排河里，村干部不管", ""]
    docs, numbers = aspects_of(texts)
    found = {(int(d), int(n)) for d, n in zip(docs, numbers, strict=True)}
    wanted = {
        (d, n)
        for d, text in enumerate(texts)
        for n, pattern in enumerate(lexicon().aspects.values())
        if re.search(pattern, text)
    }
    assert found == wanted
    assert len(found) > 6


def test_one_issue_by_three_callers_two_places_two_problems() -> None:
    found = groups(
        {"title": "碧水嘉园电梯坏了没人修", "content": f"碧水嘉园3号楼{LIFT}", "address": "碧水嘉园3号楼"},
        {
            "title": "投诉碧水嘉园电梯故障",
            "content": f"碧水嘉园{LIFT}。望处理",
            "address": "柳溪街道碧水嘉园",
        },
        {"title": "反映碧水嘉园电梯坏了", "content": f"我住碧水嘉园，{LIFT}", "address": "碧水嘉园"},
        {"title": "枫林雅苑电梯坏了没人修", "content": f"枫林雅苑3号楼{LIFT}", "address": "枫林雅苑3号楼"},
        {"title": "碧水嘉园烧烤店扰民", "content": f"碧水嘉园{NOISE}", "address": "碧水嘉园"},
    )
    assert found[0] == found[1] == found[2] == 0
    assert found[3] == 3, "the same words about another place"
    assert found[4] == 4, "the same place, another problem"


def test_orders_whose_place_is_only_the_district_never_form_an_issue() -> None:
    words = {
        "title": "路灯不亮",
        "content": "市民反映路灯不亮影响出行，希望尽快维修，请相关部门处理并回复结果",
    }
    by_column = [{**words, "district": "朝阳区", "address": "朝阳区"}] * 6
    by_text = [{"title": "朝阳区路灯不亮", "content": f"朝阳区{words['content']}"}] * 6
    named = [{**words, "district": "朝阳区", "address": "朝阳区幸福路"}] * 2
    found = find_groups(orders(*by_column, *by_text, *named), workers=1)
    assert found.group.tolist()[:12] == list(range(12))
    assert not found.eligible[:12].any()
    assert found.group.tolist()[12:] == [12, 12], "the same words with a road are one issue"


def test_the_street_alone_joins_nobody_but_the_same_caller() -> None:
    words = {
        "content": f"{NOISE}，已经反映多次",
        "title": "夜里噪声扰民",
        "street": "柳溪街道",
        "district": "云河区",
    }
    assert groups(words, words) == [0, 1]
    assert groups({**words, "caller_key": "x"}, {**words, "caller_key": "x"}) == [0, 0]


@pytest.mark.parametrize(
    ("first", "second", "one", "why"),
    [
        ({"community": "松苑社区"}, {"community": "松苑社区"}, True, "one community, neither names a site"),
        ({"community": "松苑社区"}, {"community": "松苑社区居委会"}, True, "the tail is a clerk's habit"),
        ({"community": "松苑社区"}, {"community": "竹庭社区"}, False, "two communities"),
        ({"community": "松苑社区"}, {"community": None}, False, "the area of one is not known"),
        (
            {"community": "松苑社区", "street": "柳溪街道"},
            {"community": "松苑社区", "street": "望河街道"},
            False,
            "two streets with a community of the same name",
        ),
        (
            {"community": "松苑社区", "address": "碧水嘉园"},
            {"community": "松苑社区"},
            True,
            "one order leaves the estate out",
        ),
        (
            {"community": "松苑社区", "address": "碧水嘉园"},
            {"community": "竹庭社区", "address": "碧水嘉园3号楼"},
            True,
            "both addresses name the estate: the clerk erred in the community",
        ),
        (
            {"community": "松苑社区", "address": "太白路与新华路交叉口"},
            {"community": "竹庭社区", "address": "太白路"},
            True,
            "one road through two communities",
        ),
        (
            {"community": "松苑社区", "address": "太白路"},
            {"community": "竹庭社区", "address": "新华路靠近太白路口"},
            False,
            "two crossings of one road",
        ),
    ],
)
def test_what_columns_say_of_the_place(
    first: dict[str, str | None], second: dict[str, str | None], one: bool, why: str
) -> None:
    words = {"content": f"{NOISE}，已经反映多次", "title": "夜里噪声扰民", "district": "云河区"}
    assert groups({**words, **first}, {**words, **second}) == ([0, 0] if one else [0, 1]), why


def test_a_name_of_many_communities_says_nothing_of_the_place() -> None:
    words = {
        "content": f"弘业物流公司旁{NOISE}，已经反映多次",
        "title": "夜里噪声扰民",
        "district": "云河区",
    }
    here = {**words, "community": "松苑社区"}
    unknown = {**words, "content": words["content"] + "，谢谢", "community": None}
    assert groups(here, unknown) == [0, 0], "the only company of that name"
    others = [
        {
            "title": f"弘业物流公司{what}",
            "content": f"弘业物流公司{what}，请查处",
            "community": f"{where}社区",
        }
        for what, where in (("拖欠司机工资", "竹庭"), ("占道堆货", "梅巷"), ("偷接电线", "望河"))
    ]
    assert groups(here, unknown, *others)[:2] == [0, 1], "one of a chain"


def test_unknown_callers_are_not_one_person() -> None:
    words = {
        "content": f"{NOISE}，已经反映多次",
        "title": "夜里噪声扰民",
        "street": "柳溪街道",
        "caller_key": None,
    }
    assert groups(words, words) == [0, 1]


def test_questions_and_praise_ask_for_no_action() -> None:
    asked = {
        "title": "碧水嘉园学区划分",
        "content": "碧水嘉园属于哪个小学的学区，怎么报名",
        "address": "碧水嘉园",
    }
    assert groups({**asked, "request_type": "咨询"}, {**asked, "request_type": "咨询"}) == [0, 1]
    assert groups({**asked, "request_type": "求助"}, {**asked, "request_type": "求助"}) == [0, 0]


def test_an_order_that_quotes_another_joins_it() -> None:
    first = {
        "title": "碧水嘉园电梯故障",
        "content": f"碧水嘉园{LIFT}",
        "address": "碧水嘉园",
        "order_id": "YH20250301001",
    }
    again = {
        "title": "催办",
        "content": "之前的工单YH20250301001一直没有人处理，请尽快回电",
        "street": "柳溪街道",
    }
    assert groups(first, again) == [0, 0]
    assert groups(first, {**again, "content": again["content"].replace("0301001", "0309999")}) == [0, 1]


def test_orders_that_only_name_their_type_are_one_issue_when_type_and_place_agree() -> None:
    lamp = {"original_category": "路灯不亮", "address": "和平路12号", "district": "云河区"}
    hole = {**lamp, "original_category": "路面坑洞"}
    assert groups(lamp, hole, lamp, hole) == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (["和平路96巷24号2楼", "和平路96巷24号", "和平路96巷30号", "和平路96巷30号1楼"], [0, 0, 2, 2]),
        (["和平路一段-光明街", "光明街-和平路一段", "和平路一段-中山街"], [0, 0, 2]),
        (["和平路96巷4弄", "和平路96巷6弄", "和平路96巷4弄"], [0, 1, 0]),
    ],
    ids=["houses of a lane", "crossings of a road", "lanes"],
)
def test_of_a_type_alone_each_house_and_crossing_has_its_own_issue(
    where: list[str], found: list[int]
) -> None:
    waste = {"original_category": "垃圾清运", "district": "云河区"}
    assert groups(*({**waste, "address": text} for text in where)) == found


@pytest.mark.parametrize(
    "silent", [{}, {"district": "云河区", "street": "柳溪街道"}], ids=["no area known", "the same street"]
)
def test_a_text_that_names_another_estate_than_an_address_is_another_issue(silent: dict[str, str]) -> None:
    thin = "小区楼上走路都听得清，请第三方量了楼板才9公分，设计是12公分，这是不是偷工减料，请公布检测报告"
    where = {"district": "云河区", "street": "柳溪街道", "address": "柳溪街道枫林雅苑8号楼"}
    told = {"title": "楼板太薄", "content": f"我是碧水嘉园4栋的住户，{thin}", **silent}
    assert groups(told, {"title": "楼板太薄", "content": f"枫林雅苑{thin}", **where}) == [0, 1]
    assert groups(
        told, {"title": "楼板太薄", "content": f"碧水嘉园{thin}", **where, "address": "碧水嘉园8号楼"}
    ) == [0, 0]


def test_the_street_of_an_address_counts_where_the_column_is_empty() -> None:
    bay = {
        "title": "和平路停车位收费",
        "content": "和平路新划的车位正好堵着商铺门，卸货没地方，划线的人谁问过，请公示收费标准",
    }
    first = {**bay, "district": "云河区", "street": "柳溪街道", "address": "柳溪街道和平路中段"}
    second = {**bay, "district": "云河区", "address": "云河区白鹭镇和平路"}
    third = {**bay, "district": "云河区", "street": "白鹭镇", "address": "白鹭镇和平路北头"}
    assert groups(first, second, third) == [0, 1, 1]


def test_an_estate_that_is_only_called_new_is_no_site() -> None:
    title, body = (
        find_names(Tokenizer().tokenize(text))
        for text in ("新小区未接入集中供暖", "来电人为碧水嘉园居民，称碧水嘉园交房4年没暖气")
    )
    assert text_site(title, body) == "碧水嘉园"


def test_copies_by_the_hundred_are_one_issue() -> None:
    """More copies than any blocking key allows."""
    copy = {
        "title": "碧水嘉园捆绑销售车位",
        "content": "碧水嘉园开发商捆绑销售车位，不买车位不让买房",
        "address": None,
    }
    assert set(groups(*[copy] * 300)) == {0}


def test_missing_times_and_texts_are_no_obstacle() -> None:
    rows = [
        {"title": None, "content": None, "received_at": None},
        {"title": "碧水嘉园电梯故障", "content": LIFT},
    ]
    assert groups(*rows, {**rows[1], "received_at": None}) == [0, 1, 1]
    assert groups() == []


def test_an_order_between_two_places_cannot_chain_them() -> None:
    n = 3
    codes = np.array([0 * n + 1, 1 * n + 2, 0 * n + 2])
    assert best_pairs_linkage(n, codes, np.array([0.95, 0.95, 0.9])).tolist() == [0, 0, 0]
    assert len(set(best_pairs_linkage(n, codes, np.array([0.95, 0.95, VETO])).tolist())) == 2


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40)), max_size=60), st.integers(1, 5))
def test_the_heaviest_are_kept(pairs: list[tuple[int, int]], keep: int) -> None:
    flat = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    codes, _ = distinct(coded(flat[:, 0], flat[:, 1], 8))
    rows = rows_of(codes, 6, 8)
    weight = (rows.ids % 7 + 1).astype(np.float32)
    chosen = heaviest(rows, weight, keep)
    for order in range(6):
        span = slice(rows.indptr[order], rows.indptr[order + 1])
        wanted = sorted(zip(-weight[span], rows.ids[span], strict=True))[:keep]
        assert sorted(rows.ids[span][chosen[span]].tolist()) == sorted(int(i) for _, i in wanted)


def test_each_feature_is_explained_once() -> None:
    explained = [feature for features in THEMES.values() for feature in features]
    assert sorted(explained) == sorted(FEATURES)


def test_why_says_what_is_shared_and_what_speaks_against() -> None:
    table = orders(
        {"title": "碧水嘉园电梯坏了", "content": f"碧水嘉园{LIFT}", "address": "碧水嘉园"},
        {"title": "枫林雅苑电梯坏了", "content": f"枫林雅苑{LIFT}", "address": "枫林雅苑"},
        {"title": "碧水嘉园电梯故障", "content": f"碧水嘉园{LIFT}", "address": "碧水嘉园"},
    )
    apart, together = explain(table, 0, 1), explain(table, 0, 2)
    assert apart.place_rules
    assert not together.place_rules
    assert "碧水嘉园" in together.shared["地点与对象"]
    assert "电梯" in together.shared["诉求事由"]
    assert together.probability > 0.5
    assert apart.only == (("碧水嘉园",), ("枫林雅苑",))


@pytest.mark.parametrize(("title", "apart"), [("", True), ("北高村自来水改造", False)])
def test_texts_without_titles_about_two_villages_are_two_matters(title: str, apart: bool) -> None:
    said = "张先生来电反映：仲宫街道{}，村内前期自来水改造，至今没有供水，希望相关单位落实处理。"
    table = orders(
        {"title": title, "content": said.format("北高村")},
        {"title": title, "content": said.format("槲疃村")},
        {"title": title, "content": said.format("北高村").replace("张先生", "李女士")},
    )
    assert bool(explain(table, 0, 1).place_rules) is apart
    assert not explain(table, 0, 2).place_rules


def test_categories_speak_as_loudly_as_the_classifier_is_sure() -> None:
    two = orders(
        {"title": "碧水嘉园电梯坏了", "content": LIFT},
        {"title": "碧水嘉园电梯故障", "content": "碧水嘉园" + LIFT},
    )

    def probability(categories: list[str | None], sure: float) -> float:
        columns = {"category": categories, "subcategory": ["电梯"] * 2, "confidence": [sure] * 2}
        told = two
        for name, values in columns.items():
            told = told.append_column(name, pa.array(values))
        return explain(told, 0, 1).probability

    alone = explain(two, 0, 1).probability
    assert probability(["物业", "物业"], 0.0) == pytest.approx(alone)
    assert probability([None, None], 0.9) == pytest.approx(alone)
    assert probability(["物业", "物业"], 0.9) > probability(["物业", "交通"], 0.9)


@pytest.mark.parametrize(
    ("likely", "wanted", "why"),
    [
        ({(0, 1): 0.9, (1, 2): 0.9, (0, 2): 0.5}, [0, 0, 0], "nearly all alike"),
        ({(0, 1): 0.9, (1, 2): 0.7}, [0, 0, 2], "two of three pairs are not enough in a small group"),
        ({(0, 1): 0.9, (1, 2): 0.9, (0, 2): VETO}, [0, 0, 2], "a rule between two keeps them apart"),
        (
            {(a, b): 0.9 for a in range(8) for b in range(a)} | {(8, b): 0.6 for b in range(5)},
            [0] * 9,
            "five likenesses suffice to join a large issue",
        ),
        (
            {(a, b): 0.9 for a in range(8) for b in range(a)} | {(8, 0): 0.9},
            [0] * 8 + [8],
            "one likeness does not",
        ),
    ],
)
def test_groups_by_the_best_few_pairs(
    likely: dict[tuple[int, int], float], wanted: list[int], why: str
) -> None:
    n = len(wanted)
    codes = np.array([min(pair) * n + max(pair) for pair in likely])
    assert best_pairs_linkage(n, codes, np.array(list(likely.values()))).tolist() == wanted, why


def test_a_whole_area_is_no_evidence() -> None:
    assert [name.is_specific for name in find_names(Tokenizer().tokenize("高铁新区管委会"))] in ([], [False])
    assert all(name.is_specific for name in find_names(Tokenizer().tokenize("人民路")))
