"""Every pattern of a briefing's sentences, word for word, with figures counted by hand."""

from dataclasses import replace

import pytest

from hotline_tools.briefing.numbers import percent, points, without_blanks
from hotline_tools.briefing.sentences.flow import RateFacts, below_target, carry_over, rate
from hotline_tools.briefing.sentences.issues import (
    Case,
    RepeatedIssue,
    case,
    escalation,
    escalation_totals,
    repeat_issues,
    repeat_totals,
)
from hotline_tools.briefing.sentences.ranking import RankedGroup, few_units, leading_units, ranking, unranked
from hotline_tools.briefing.sentences.shares import Listed, Mover, leading, most_of, movers
from hotline_tools.briefing.sentences.volume import BaseVolume, Volume, compared, no_base, volume
from hotline_tools.briefing.sentences.watching import AlertFacts, alert, alert_totals, lacking, supervision
from hotline_tools.briefing.words import LocalWords

JUNE = "2025年6月"
WORDS = LocalWords()


def june(orders: int, until: str = "", days: int = 30) -> Volume:
    return Volume(JUNE, orders, days, "本月", until)


def may(orders: int, days: int = 30, *, is_noise: bool = False, is_part: bool = False) -> BaseVolume:
    return BaseVolume("上月", "环比", orders, days, is_noise, is_part)


HEAD = "2025年6月共受理群众诉求"
VOLUMES = {
    "rise": (june(120), may(100), f"{HEAD}120件，日均4件，比上月（100件）增加20件，环比上升20.0%。"),
    "fall": (june(75), may(100), f"{HEAD}75件，日均2.5件，比上月（100件）减少25件，环比下降25.0%。"),
    "days differ": (
        june(120),
        may(93, 31),
        f"{HEAD}120件，日均4件，比上月（93件）增加27件，环比上升29.0%；"
        "两期天数不同（30天、31天），按日均计上升33.3%。",
    ),
    "days differ, fewer orders but more a day": (
        june(121, days=28),
        may(124, 31),
        f"{HEAD}121件，日均4.3件，比上月（124件）减少3件；两期天数不同（28天、31天），按日均计上升8.0%。",
    ),
    "chance": (
        june(120),
        may(100, is_noise=True),
        f"{HEAD}120件，日均4件，比上月（100件）增加20件，未超出日常波动，不作升降判断。",
    ),
    "chance within two per cent": (
        june(102),
        may(100, is_noise=True),
        f"{HEAD}102件，日均3.4件，与上月（100件）基本持平（增加2件，未超出日常波动）。",
    ),
    "chance, days differ": (
        june(120),
        may(100, 31, is_noise=True),
        f"{HEAD}120件，日均4件，比上月（100件）增加20件，未超出日常波动，不作升降判断；"
        "两期天数不同（30天、31天），已折算。",
    ),
    "equal": (june(100), may(100), f"{HEAD}100件，日均3.3件，与上月持平，均为100件。"),
    "equal and flagged": (june(90), may(90, is_noise=True), f"{HEAD}90件，日均3件，与上月持平，均为90件。"),
    "tiny base": (june(30), may(9), f"{HEAD}30件，日均1件，比上月（9件）增加21件（基数小，不计百分比）。"),
    "base of nothing": (
        june(5, days=1), may(0, 1), f"{HEAD}5件，比上月（0件）增加5件（基数小，不计百分比）。"
    ),
    "no base": (june(30), None, f"{HEAD}30件，日均1件。"),
    "one day": (june(3, days=1), None, f"{HEAD}3件。"),
    "unfinished": (
        june(60, "6月15日", 15),
        may(45, 15, is_part=True),
        "截至6月15日，本月（未满）共受理群众诉求60件，日均4件，"
        "比上月前15日（45件）增加15件，环比上升33.3%。",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", VOLUMES)
def test_the_volume(name: str) -> None:
    now, base, text = VOLUMES[name]
    assert volume(now, base, WORDS).text == text


SCOPES = {
    "a category": ({"what": "“噪声扰民”类"}, "2025年6月共受理“噪声扰民”类群众诉求30件，日均1件。"),
    "a unit": ({"within": "区公安分局"}, "2025年6月区公安分局共受理群众诉求30件，日均1件。"),
    "an area, unfinished": (
        {"within": "望河街道", "until": "6月15日"},
        "截至6月15日，本月（未满）望河街道共受理群众诉求30件，日均1件。",
    ),
}


@pytest.mark.parametrize("name", SCOPES)
def test_the_volume_names_what_it_is_confined_to(name: str) -> None:
    changed, text = SCOPES[name]
    assert volume(replace(june(30), **changed), None, WORDS).text == text


def test_words_of_a_city() -> None:
    assert volume(june(30), None, LocalWords(receive="承办", people="市民")).text == (
        "2025年6月共承办市民诉求30件，日均1件。"
    )


def test_the_same_span_of_last_year_and_one_that_is_not_there() -> None:
    base = BaseVolume("去年同期", "同比", 100, 30, False)
    assert compared(june(80), base).text == "比去年同期（100件）减少20件，同比下降20.0%。"
    assert no_base("2024年6月", "同比").text == "库中没有2024年6月的数据，不作同比。"
    assert no_base("2025年5月", "环比", is_partial=True).text == "库中2025年5月的数据不全，不作环比。"


FLOWS = {
    "carried_in": 10, "orders": 100, "closed": 90, "closed_late": 5, "withdrawn": 0,
    "open_at_end": 20, "overdue_at_end": 3,
}  # fmt: skip
LATE = "办结90件（其中超时办结5件）；期末未办结、结转下期20件，其中已超期3件"
CARRIED = {
    "all": ({}, f"上期结转10件，本月新受理100件，{LATE}。"),
    "nothing late": (
        {"closed_late": 0, "overdue_at_end": 0},
        "上期结转10件，本月新受理100件，办结90件（无超时办结）；期末未办结、结转下期20件，均未超期。",
    ),
    "withdrawn": (
        {"withdrawn": 2, "closed": 88},
        "上期结转10件，本月新受理100件，办结88件（其中超时办结5件），撤销2件；"
        "期末未办结、结转下期20件，其中已超期3件。",
    ),
    "all closed": (
        {"closed": 110, "open_at_end": 0, "overdue_at_end": 0},
        "上期结转10件，本月新受理100件，办结110件（其中超时办结5件）；期末未办结、结转下期0件。",
    ),
}


@pytest.mark.parametrize("name", CARRIED)
def test_orders_carried_over(name: str) -> None:
    changed, text = CARRIED[name]
    assert carry_over(FLOWS | changed, "本月", WORDS).text == text


def test_orders_that_do_not_count_are_named_beside_those_that_do() -> None:
    found = carry_over(FLOWS, "本月", WORDS, left_out=8)
    assert "本月新受理100件（另有8件按口径不纳入考核，如已撤销），办结90件" in found.text
    assert found.facts["left_out"] == 8


def test_what_was_carried_in_is_not_zero_where_the_store_begins_with_the_period() -> None:
    known = {name: number for name, number in FLOWS.items() if name != "carried_in"}
    assert carry_over(known, "本月", WORDS).text == (
        f"本月新受理100件，{LATE}；库中没有本期以前的工单，上期结转不详。"
    )


def on_time(hits: int, due: int, then: float | None = None, change: float | None = None, noise: bool = True):
    base = "上月" if then is not None else ""
    return RateFacts("按时办结率", hits, due, "应办结", "按时办结", "未到期的不计", base, then, change, noise)


DUE = "应办结200件，其中按时办结180件，按时办结率90.0%"
RATES = {
    "no base": (on_time(180, 200), f"{DUE}；未到期的不计。"),
    "rise": (
        on_time(180, 200, 0.85, 5.0, False),
        f"{DUE}，比上月（85.0%）提高5.0个百分点；未到期的不计。",
    ),
    "fall": (
        on_time(180, 200, 0.925, -2.5, False),
        f"{DUE}，比上月（92.5%）降低2.5个百分点；未到期的不计。",
    ),
    "chance": (
        on_time(180, 200, 0.89, 1.0, True),
        f"{DUE}，上月为89.0%，差别未超出偶然波动；未到期的不计。",
    ),
    "equal": (on_time(180, 200, 0.9, 0.0, True), f"{DUE}，与上月持平；未到期的不计。"),
    "few": (on_time(7, 9, 0.5, 27.8, False), "应办结9件，其中按时办结7件（件数少，不计按时办结率）。"),
    "all": (
        on_time(50, 50),
        "应办结50件，其中按时办结50件，按时办结率100%；未到期的不计。",
    ),
    "nearly all": (
        on_time(2999, 3000),
        "应办结3000件，其中按时办结2999件，按时办结率99.97%；未到期的不计。",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RATES)
def test_a_rate(name: str) -> None:
    facts, text = RATES[name]
    assert rate(facts).text == text


def test_a_list_says_what_is_of_none_of_its_items_and_no_place_that_there_is_not() -> None:
    items = [Listed("网格上报", 50), Listed("留言板", 8), Listed("信箱", 0)]
    said = leading(items, 280, 2, what="按受理渠道分，", unfilled=222)
    assert said.text == (
        "按受理渠道分，依次是网格上报50件、留言板8件，合计58件，占全部280件的20.7%；另有222件未填写。"
    )
    assert said.facts["unfilled"] == 222


@pytest.mark.parametrize(
    ("orders", "text"),
    [
        ((5, 3, 1), "甲最多，5件"),
        ((5, 5, 1), "甲、乙并列最多，各5件"),
        ((1, 1, 1, 1), "4类并列最多，各1件"),
    ],
)
def test_a_title_hides_no_tie(orders: tuple[int, ...], text: str) -> None:
    items = [Listed(name, number) for name, number in zip("甲乙丙丁", orders, strict=False)]
    assert most_of(items, "类") == text


def test_a_source_without_closings_is_said_beside_the_flow() -> None:
    found = carry_over(FLOWS, "本月", WORDS, untold=50)
    assert "（其中50件所在的来源不填写办结情况，以下各数不含）" in found.text


def test_units_below_a_target() -> None:
    goal = "满意率目标85%"
    assert below_target("满意率", 0.85, ["甲局", "乙局"], 9, "附件1").text == (
        f"{goal}，9个单位中2个未达到，依次为甲局、乙局（附件1）。"
    )
    assert below_target("满意率", 0.85, [], 9, "附件1").text == f"{goal}，参加比较的9个单位全部达到。"
    assert below_target("满意率", 0.85, ["甲局"], 1, "附件1").text == (
        f"{goal}，参加比较的1个单位未达到（附件1）。"
    )
    many = [f"{n}局" for n in "甲乙丙丁戊己庚辛壬"]
    assert below_target("满意率", 0.85, many, 20, "附件1").text == (
        f"{goal}，参加比较的20个单位中9个未达到（附件1）。"
    )


LISTS = {
    "places": (
        [("甲", 50), ("乙", 30), ("丙", 15), ("丁", 5)], 3,
        "居前三位的是甲50件、乙30件、丙15件，合计95件，占全部100件的95.0%。",
    ),
    "a tie at the last place names all": (
        [("甲", 50), ("乙", 20), ("丙", 15), ("丁", 15)], 3,
        "依次是甲50件、乙20件、丙15件、丁15件，合计100件，占全部100件的100%；丙与丁并列第三。",
    ),
    "a tie of the first": (
        [("甲", 40), ("乙", 40), ("丙", 15), ("丁", 5)], 2,
        "居前二位的是甲40件、乙40件，合计80件，占全部100件的80.0%；甲与乙并列第一。",
    ),
    "one": ([("甲", 60), ("乙", 40)], 1, "最多的是甲60件，占全部100件的60.0%。"),
    "only one": ([("甲", 100)], 3, "均为甲（100件）。"),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_the_first_places(name: str) -> None:
    items, places, text = LISTS[name]
    assert leading([Listed(*item) for item in items], 100, places).text == text


def test_places_that_may_change_when_a_person_looks() -> None:
    items = [Listed("甲", 50, 4), Listed("乙", 30, 3), Listed("丙", 20, 9)]
    assert leading(items, 100, 2).text.endswith("80.0%；上述各类中7件归类待复核，位次可能调整。")


def test_what_grew_beyond_its_own_variation() -> None:
    found = [Mover("甲", 60, 20), Mover("乙", 30, 3), Mover("丙", 10, 40)]
    assert movers(found, 7, "上月", "类别").text == (
        "与上月相比，变化超出日常波动的类别中，增加的有2个，依次为甲由20件增至60件（上升200.0%）、"
        "乙由3件增至30件（基数小，不计百分比）；减少的有1个，即丙由40件减至10件（下降75.0%）。其余7个类别未超出。"
    )
    assert movers([], 7, "上月", "类别").text == "与上月相比，各类别件数的变化均未超出日常波动。"
    assert "增加的有2个，居前一位的是甲由20件增至60件" in movers(found, 0, "上月", "类别", most=1).text


GROUPS = {
    "none told apart": (
        RankedGroup("镇街组", 12),
        "镇街组12个单位参加排名，没有单位能与全组水平区分，不设红黑榜，名次区间见附件1。",
    ),
    "both boards": (
        RankedGroup("部门组", 20, ("甲局", "乙局"), ("丙局",), ("甲局",), ("丙局",)),
        "部门组20个单位中，明显高于全组水平的是甲局、乙局（其中甲局列入红榜）；"
        "明显低于全组水平的是丙局（列入黑榜）；其余17个单位不宜分先后（附件1）。",
    ),
    "many": (
        RankedGroup("部门组", 20, (), ("甲", "乙", "丙", "丁", "戊", "己"), (), ("甲", "乙")),
        "部门组20个单位中，明显低于全组水平的是甲、乙、丙、丁、戊等6个（其中甲、乙列入黑榜）；"
        "其余14个单位不宜分先后（附件1）。",
    ),
    "no board": (
        RankedGroup("部门组", 8, ("甲局",)),
        "部门组8个单位中，明显高于全组水平的是甲局；其余7个单位不宜分先后（附件1）。",
    ),
}


@pytest.mark.parametrize("name", GROUPS)
def test_a_ranking_names_only_units_told_apart(name: str) -> None:
    group, text = GROUPS[name]
    assert ranking(group, "附件1").text == text


def test_units_that_are_not_ranked() -> None:
    assert few_units(["企业组", "其他组"]).text == "企业组、其他组参加排名的单位不足6个，不设红黑榜。"
    assert unranked(2, 10, "附件1", are_others=False).text.startswith("有2个单位")
    assert unranked(3, 10, "附件1").text == "另有3个单位件数不足10件或缺考核数据，只列数、不排名（附件1）。"


def test_issues_that_come_again() -> None:
    assert repeat_totals(4, 25, 200, 6).text == (
        "同一事项反映2次以上的4个，涉及25件，占全部200件的12.5%；其中办结后再次反映6件。"
    )
    assert repeat_totals(4, 25, 200, 0).text.endswith("占全部200件的12.5%。")
    found = [RepeatedIssue("甲路积水", 9, 5, 2, 0), RepeatedIssue("乙苑停水", 4, 4, 0, 0)]
    assert repeat_issues(found).text == (
        "反映较多的是：“甲路积水”9件，已知来电人5人，来电人不详2件；“乙苑停水”4件，已知来电人4人。"
    )


def test_what_should_be_looked_at_higher_up() -> None:
    assert escalation_totals([("区县", 2), ("镇街", 5), ("社区", 0)], "附件2").text == (
        "符合提级规则的事项7个，按建议研究的层级分：区县2个、镇街5个（附件2）。"
    )
    reasons = ("群体反映：不同来电人 15 人", "办结后又来 3 件")
    assert escalation(RepeatedIssue("甲路积水", 18, 15, 0, 3, "区县", reasons)).text == (
        "“甲路积水”18件，符合“群体反映”（不同来电人15人）、“办结后又来3件”，建议由区县研究。"
    )
    more = RepeatedIssue("甲路积水", 18, 15, 0, 3, "区县", (*reasons, "甲：1 件", "乙：2 件"))
    assert "（1件）等4项规则，建议由区县研究。" in escalation(more).text


def test_alerts() -> None:
    facts = AlertFacts("子类", "施工噪声", "6月3日", "9日", 66, 12.888, 30)
    assert alert(facts).text == ("6月3日—9日子类“施工噪声”66件，按历史预计约12.9件、预警线30件；原因待核实。")
    few = AlertFacts("地点", "甲苑", "5月30日", "6月5日", 8, 0.4, 5)
    assert "按历史预计不足1件、预警线5件" in alert(few).text
    assert (
        alert_totals(0, 600, "附件3").text
        == "对各类别、区域、单位和地点的每周件数作了600次检验，未发现达到预警线的上升。"
    )
    assert alert_totals(4, 600, "附件3").text == (
        "对各类别、区域、单位和地点的每周件数作了600次检验，发现达到预警线的上升4处（附件3），其中一部分可能纯属偶然（见口径说明），须核实工单后再作判断。"
    )


def test_supervision() -> None:
    moment = "2025年6月30日24时"
    assert supervision(moment, [("超期未办结", 5), ("即将到期", 2)], 6, "附件4").text == (
        f"截至{moment}，须督办的工单：超期未办结5件、即将到期2件；一单可兼有数项，合计6件（附件4）。"
    )
    assert supervision(moment, [("超期未办结", 5)], 5).text == f"截至{moment}，须督办的工单：超期未办结5件。"
    assert supervision(moment, [], 0).text == f"截至{moment}，没有须督办的工单。"


def test_what_the_export_lacks() -> None:
    assert lacking(["满意度"], ["满意率"]).text == "所涉工单都没有填“满意度”，本期不列满意率。"


def test_a_case_tells_why_it_was_chosen() -> None:
    told = Case("件数最多，9件", "积水", "路上积水。", "", "6月2日", "甲社区")
    assert case(told, 1, "群众").text == (
        "案例1（积水，件数最多，9件）：6月2日，甲社区群众反映：“路上积水。”承办单位尚无答复内容。"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "100%"),
        (0.0, "0%"),
        (0.9996, "99.96%"),
        (0.00004, "0.004%"),
        (0.5, "50.0%"),
        (13 / 16, "81.3%"),
        (6.0, "600.0%"),
    ],
)
def test_whole_percentages_stand_for_exactly_that(value: float, text: str) -> None:
    assert percent(value) == text


def test_a_note_has_its_counts_as_the_sentences_have_them() -> None:
    text = without_blanks("共检验 6,093 个序列，合计 1,234,567 件；序号 12,3 与 1,23456 不动。")
    assert text == "共检验6093个序列，合计1234567件；序号12,3与1,23456不动。"


def test_points_that_are_not_zero_are_not_written_as_zero() -> None:
    assert points(-0.04) == "0.04" and points(2.25) == "2.3" and points(0.0) == "0.0"


def test_a_name_that_ends_in_a_figure_is_kept_apart_from_its_orders() -> None:
    assert leading([Listed("1999", 13266)], 13266, 3, what="按受理渠道分，").text == (
        "按受理渠道分，均为1999（13266件）。"
    )


def test_issues_of_one_printed_name_each_keep_their_figures_and_nobody_known_is_no_zero() -> None:
    name = "垃圾清运"
    sentence = repeat_issues([RepeatedIssue(name, 126, 0, 126, 0), RepeatedIssue(name, 98, 2, 95, 0)])
    assert sentence.text == (
        "反映较多的是：“垃圾清运”126件，来电人均不详；“垃圾清运”98件，已知来电人2人，来电人不详95件。"
    )
    assert {126, 98} <= set(sentence.facts.values())


def test_what_is_of_no_kind_takes_no_place() -> None:
    items = [Listed("其他", 161), Listed("停水", 141), Listed("道路", 20), Listed("噪声", 5)]
    said = leading(items, 327, 2)
    assert said.text.startswith("居前二位的是停水141件、道路20件，合计161件，占全部327件")
    assert said.text.endswith("；另有其他161件，不排位次。") and said.facts["其他"] == 161
    assert "其他" not in leading([*items[1:3], Listed("其他", 3)], 164, 2).text
    assert leading([Listed("其他", 4)], 4, 5).text == "均为其他（4件）。"


def test_units_tied_at_the_last_place_are_all_named() -> None:
    said = leading_units([("甲局", 9), ("乙局", 4), ("丙局", 4), ("丁局", 1)], 2)
    assert said.text == "承办量较大的单位是甲局9件、乙局4件、丙局4件。"
    assert said.facts == {"甲局": 9, "乙局": 4, "丙局": 4}
