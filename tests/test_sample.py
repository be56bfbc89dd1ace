"""The sample generator: true marginals, the same bytes every time, planted issues, sane dates."""

import os
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from hotline_tools.datafile import check, parsed
from hotline_tools.errors import DataFileError
from hotline_tools.layouts import load_layouts, match_layout
from hotline_tools.sample import (
    PUBLISHED_ORDERS,
    Sample,
    generate_board,
    generate_grid,
    generate_month,
    generate_year,
    write_month,
    write_sample,
)
from hotline_tools.sample.dice import shares
from hotline_tools.sample.grammar import parse, slot_names
from hotline_tools.sample.speech import KNOWN_SLOTS
from hotline_tools.sample.templates import CategoryFile, CommonFile, load_categories
from hotline_tools.sample.waves import OutbreakFile
from hotline_tools.sample.world import load_world

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
# Category, orders of the published-size year, and the level-2 names of the default taxonomy.
TAXONOMY = """
物业管理 4225 物业服务质量 物业收费 小区停车与车位 电梯运行 业委会与选聘解聘物业 维修资金与公共收益
  小区公共设施
住房与房产 2350 房屋质量与渗漏 商品房买卖与开发商违约 房产证与不动产登记 保障房与公租房 住房公积金
  购房补贴 房屋租赁 老旧小区改造与加装电梯
征收拆迁与土地 1250 征收补偿 安置与回迁 棚户区改造 宅基地 土地权属与流转 规划与用地
城市管理 2380 违法建设 占道经营与流动摊贩 户外广告与小广告 养犬与宠物 人行道与非机动车停放 共享单车
  露天烧烤占道
市容环卫 1560 垃圾清运与堆放 垃圾分类 道路保洁 公共厕所 建筑垃圾
市政设施 1980 道路破损与修建 井盖 路灯 排水与内涝 桥梁与过街设施 河道
供水供电供气供热 2450 停水与水质 水费 停电与电价 燃气开通与价格 供暖温度与收费
公共交通与运输 1020 公交线路与班次 地铁轨道 出租车与网约车 长途客运与货运 公路收费与建设 机场铁路
交通管理 2140 交通信号与标志标线 拥堵 机动车违停与停车位 交通事故 驾驶证与车辆登记 电动车与渣土车管理 限行
生态环境 1480 大气污染 水污染 固废与垃圾场 辐射 工厂与养殖污染 环评
噪声扰民 1890 施工噪声 商业与娱乐场所噪声 广场舞 交通与铁路噪声 设备与邻里噪声
园林绿化 520 公园管理 行道树修剪 毁绿种菜 绿地建设
市场监管与消费 1650 消费纠纷与退款 预付卡 价格与收费 产品质量 虚假广告 无证经营 传销
食品药品安全 430 餐饮卫生 食品质量 药品与医疗器械 化妆品保健品
教育 1260 入学与招生 学位与划片 学校管理与师德 收费 作业与补课 幼儿园 校外培训 学历与考试 强制实习
医疗卫生 960 医疗服务与收费 医患纠纷 防疫与疾控 计划生育与生育补助 医院建设
劳动就业 1120 拖欠工资 劳动合同与辞退 加班与休假 工伤认定 就业与人才政策 职业资格 事业单位与教师待遇
社会保障 780 养老保险与退休 医疗保险与报销 失业与生育保险 社保卡 社保关系转移
民政与社区 540 低保与救助 养老服务 婚姻与殡葬 残疾人 退役军人优抚 社区居委会服务与选举 地名门牌 慈善
公共安全 790 治安案件 诈骗 黄赌毒 消防 安全生产 户籍与证件 流动人口 矛盾纠纷
农业农村 430 惠农补贴 村务公开与村干部 农村道路与饮水 水利灌溉 林业 农产品 扶贫
文体旅游 180 景区 文化场馆 体育健身设施 网吧与游戏厅 广播电视 文物保护
金融财税 160 非法集资与网贷 银行与保险 税务与发票 信用卡
通信邮政 130 手机信号与宽带 通信资费 快递与邮政
政务服务与效能 108 办事流程与材料 窗口态度 政策咨询 对答复不满 推诿不作为 干部作风与违纪举报 司法诉讼
经济与科技 35 招商与企业服务 产业政策 科技与知识产权 能源 国企改制
其他 20 内容不足以判断 表扬感谢而无业务归口
"""
EXPECTED = {
    w[0]: (int(w[1]), w[2:])
    for w in (line.split() for line in TAXONOMY.replace("\n  ", " ").strip().splitlines())
}


def frame(sample: Sample) -> pd.DataFrame:
    """The orders with their truth beside them, joined row by row."""
    orders, truth = sample.orders.to_pandas(), sample.truth.to_pandas()
    return pd.concat([orders, truth], axis=1)


@pytest.fixture(scope="module")
def year() -> pd.DataFrame:
    return frame(generate_year())


def test_templates_cover_the_whole_taxonomy_with_the_published_counts() -> None:
    found = {c.name: (c.orders, [s.name for s in c.subs]) for c in load_categories()}
    assert found == EXPECTED
    assert sum(c.orders for c in load_categories()) == PUBLISHED_ORDERS


def test_every_slot_is_one_the_speaker_can_fill() -> None:
    unknown = {
        (scene.key, slot)
        for category in load_categories()
        for sub in category.subs
        for scene in sub.scenes
        for phrase in (scene.title, *scene.mains, *scene.details, *scene.demands)
        for slot in slot_names(phrase) - KNOWN_SLOTS
    }
    assert not unknown
    known = set(load_world().departments) | {"镇街"}
    assert {d for c in load_categories() for s in c.subs for d in s.departments} <= known


@pytest.mark.parametrize("text", ["门口[堆土", "堆土]", "一堆|两堆", "{at"])
def test_a_broken_template_is_refused(text: str) -> None:
    with pytest.raises(DataFileError, match="不配对"):
        parse(text, "试")


SCENES = "# 标题\n正文\n= 同一件事\n另一件事\n- 细节\n> 要求"
SUB = {"name": "乙", "dept": "城管 环卫", "bad": SCENES}
MISWRITTEN = [
    ("a line before the title", {"bad": "正文"}, "sub[1].bad：场景缺少标题行：正文"),
    (
        "nothing said before",
        {"ask": "# 标题\n= 又一句"},
        "sub[1].ask：“=” 行之前没有正文：= 又一句",
    ),
    ("no wording", {"ask": "# 标题\n- 细节"}, "sub[1].ask：场景没有正文：# 标题"),
    ("brackets", {"help": "# 标题\n门口[堆土"}, "sub[1].help：模板方括号不配对：门口[堆土"),
    ("no text", {"idea": ["# 标题"]}, "sub[1].idea 须是文字"),
    ("unknown key", {"wieght": 3}, "sub[1].wieght 不认识，是不是 weight？"),
    ("unknown type", {"types": {"hlep": 3}}, "sub[1].types.hlep = “hlep” 不认识，是不是 help？"),
    ("weight below 0", {"weight": -1}, "sub[1].weight：须不小于 0"),
    ("season without a factor", {"season": "7:1.6 8"}, "sub[1].season：“8” 不是“月:倍数”"),
    ("season of month 13", {"season": "13:1.6"}, "sub[1].season：“13:1.6” 不是“月:倍数”"),
]


def test_a_template_file_is_read_through_its_model() -> None:
    data = {"code": "01", "name": "甲", "orders": 5, "sub": [{**SUB, "season": "7:1.6"}]}
    assert check(CategoryFile, data) == []
    sub = parsed(CategoryFile, data, where="a.toml").sub[0]
    assert (sub.dept, sub.season) == (("城管", "环卫"), (1, 1, 1, 1, 1, 1, 1.6, 1, 1, 1, 1, 1))
    assert [(scene.title, scene.mains, scene.details, scene.demands) for scene in sub.bad] == [
        (("标题",), mains, (("细节",),), (("要求",),))
        for mains in ((("正文",), ("同一件事",)), (("另一件事",),))
    ]


@pytest.mark.parametrize(("wrong", "said"), [case[1:] for case in MISWRITTEN], ids=[c[0] for c in MISWRITTEN])
def test_a_mistake_in_a_template_file_is_told_with_its_key(wrong: dict[str, object], said: str) -> None:
    found = check(CategoryFile, {"code": "01", "orders": 5, "sub": [{**SUB, **wrong}]})
    assert found[0] == "缺 name"
    assert found[1].startswith(said)
    assert len(found) == 2


def test_mistakes_in_what_all_categories_share_are_told_with_their_keys() -> None:
    sections = {name: {} for name in CommonFile.model_fields}
    found = check(CommonFile, {**sections, "opening": {"op": ["您好", "[您好"]}, "slips": {"做": 1}})
    assert [line.partition("：")[0] for line in found] == [
        "opening.op[2]",
        "slips.做 须是文字，不能是 1（类型不对）",
    ]
    wave = {"id": "snow", "sub": "道路保洁", "from": "7月", "to": "11-10", "share": 2}
    assert check(OutbreakFile, {"outbreak": [wave]}) == [
        "outbreak[1].from：“7月” 不是“月-日”，如 07-18",
        "outbreak[1].share：须不大于 1.0，不能是 2",
    ]


def test_year_has_the_published_marginals(year: pd.DataFrame) -> None:
    assert len(year) == PUBLISHED_ORDERS
    assert year["category"].value_counts().to_dict() == {k: v[0] for k, v in EXPECTED.items()}
    assert year["order_id"].is_unique
    assert (year["order_id"] == year["工单编号"]).all()
    assert (year["request_type"] == year["诉求类型"]).all()


def test_smaller_samples_keep_the_shares_by_largest_remainder() -> None:
    categories = load_categories()
    wanted = shares(500, [c.orders for c in categories])
    found = Counter(generate_month(orders=500).truth["category"].to_pylist())
    assert [found[c.name] for c in categories] == wanted


def test_issues_are_planted_and_have_several_callers(year: pd.DataFrame) -> None:
    issues = year[year["issue_id"].notna()].groupby("issue_id")
    sizes = issues.size()
    assert len(sizes) >= 900
    assert (sizes >= 2).all()
    callers = issues["来电人电话"].nunique()
    assert (callers >= 3).sum() >= 200
    assert ((callers == 1) & (sizes >= 3)).sum() >= 40, "one caller again and again"
    assert issues["subcategory"].nunique().max() == 1
    assert sizes.sum() < 0.45 * len(year)


def test_some_issues_are_closed_and_come_back(year: pd.DataFrame) -> None:
    back = 0
    for _, group in year[year["issue_id"].notna()].groupby("issue_id"):
        ordered = group.sort_values("受理时间")
        closed, received = ordered["办结时间"].iloc[0], ordered["受理时间"].iloc[-1]
        back += isinstance(closed, str) and closed < received
    assert back >= 150


def test_contents_differ_outside_word_for_word_repeats(year: pd.DataFrame) -> None:
    repeated = year.duplicated(["诉求内容", "issue_id", "来电人电话"]) & year["issue_id"].notna()
    single = year.loc[~repeated, "诉求内容"]
    assert single.nunique() > 0.95 * len(single)
    assert repeated.sum() >= 20


def test_steps_follow_each_other_in_time(year: pd.DataFrame) -> None:
    steps = ["受理时间", "派单时间", "签收时间", "首次联系时间"]
    times = {n: pd.to_datetime(year[n]) for n in (*steps, "应办结时间", "办结时间", "回访时间")}
    for earlier, later in pairwise(steps):
        assert not (times[later] < times[earlier]).any(), later
    for later in ("办结时间", "应办结时间"):
        assert not (times[later] < times["派单时间"]).any(), later
    assert not (times["办结时间"] < times["签收时间"]).any()
    assert not (times["回访时间"] < times["办结时间"]).any()
    assert times["受理时间"].dt.year.eq(2021).all()
    assert max(t.max() for n, t in times.items() if n != "应办结时间") < pd.Timestamp("2022-01-09")


def test_lateness_returns_and_satisfaction_are_like_life(year: pd.DataFrame) -> None:
    due, closed = pd.to_datetime(year["应办结时间"]), pd.to_datetime(year["办结时间"])
    fallen = due < pd.Timestamp("2022-01-08 08:00")
    on_time = ((closed <= due) & fallen).sum() / fallen.sum()
    assert 0.75 < on_time < 0.93
    assert 0.03 < (year["退回次数"] != "0").mean() < 0.15
    rated = year["满意度"].isin(["满意", "基本满意", "不满意"])
    assert 0.5 < (year.loc[rated, "满意度"] == "满意").mean() < 0.85


def test_waves_fall_in_their_days(year: pd.DataFrame) -> None:
    heating = year[year["outbreak_id"] == "heating"]
    assert len(heating) >= 100
    assert heating["受理时间"].between("2021-11-08", "2021-12-01").all()
    assert (heating["subcategory"] == "供暖温度与收费").all()


@pytest.mark.parametrize(
    ("sample", "layout", "rows"),
    [
        (generate_board, "wenzheng", 600),
        (generate_grid, "grid-reports", 800),
        (generate_month, "generic-12345", 1000),
    ],
)
def test_files_are_recognised_and_read_clean(sample, layout: str, rows: int) -> None:
    made = sample()
    assert made.orders.num_rows == made.truth.num_rows == rows
    match = match_layout(made.orders.column_names, made.orders, load_layouts())
    assert match.layout is not None
    assert match.layout.id == layout
    assert match.score > 0.9
    assert made.orders.column(0).to_pylist() == made.truth["order_id"].to_pylist()


def test_no_template_mark_is_left_in_any_text(year: pd.DataFrame) -> None:
    texts = pd.concat(
        [
            *(year[name] for name in ("诉求标题", "诉求内容", "办理结果", "诉求地点")),
            generate_board().orders.to_pandas()["留言详情"],
            generate_grid().orders.to_pandas()["事件描述"],
        ]
    ).dropna()
    marked = texts[texts.str.contains(r"[\[\]{}|#>]|None|。。|，，|，。|：，", regex=True)]
    assert marked.empty, marked.head().tolist()
    assert year["诉求内容"].str.len().min() > 5


def test_numbers_are_of_no_real_subscriber(year: pd.DataFrame) -> None:
    found = re.findall(r"(?<!\d)1\d{10}(?!\d)", "\n".join(year["诉求内容"]))
    assert found
    assert all(number.startswith("154") for number in (*found, *year["来电人电话"].dropna()))


def test_the_same_seed_writes_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    here = {p.name: p.read_bytes() for p in write_sample(tmp_path / "a", orders=600, seed=7)}
    code = "from pathlib import Path; import sys; from hotline_tools.sample import write_sample as w;"
    code += "w(Path(sys.argv[1]), orders=600, seed=7)"
    target = tmp_path / "b"
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    subprocess.run([sys.executable, "-c", code, str(target)], check=True, env=environment)
    assert {p.name: p.read_bytes() for p in target.iterdir()} == here
    assert len(here) == 6


def test_another_seed_tells_another_year() -> None:
    one, two = generate_month(seed=1, orders=300), generate_month(seed=2, orders=300)
    assert one.orders["诉求内容"].to_pylist() != two.orders["诉求内容"].to_pylist()


def test_places_and_callers_are_spread(year: pd.DataFrame) -> None:
    streets = year["所属镇街"].value_counts()
    assert len(streets) == 14
    assert streets.min() > 300


def test_committed_samples_are_what_the_generator_writes(tmp_path: Path) -> None:
    made = write_month(tmp_path)
    assert {p.name for p in made} == {p.name for p in SAMPLES.iterdir()} - {"README.md"}
    for path in made:
        committed = SAMPLES / path.name
        if path.suffix == ".xlsx":
            new, old = (pd.read_excel(p, dtype=str, engine="calamine") for p in (path, committed))
            pd.testing.assert_frame_equal(new, old)
        else:
            assert path.read_bytes() == committed.read_bytes(), f"{path.name}: see data/samples/README.md"
    assert sum(p.stat().st_size for p in SAMPLES.iterdir()) < 2_000_000
