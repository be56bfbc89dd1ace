"""A month of grid workers' reports in the 网格 layout."""

from dataclasses import replace
from datetime import datetime, timedelta

from hotline_tools.sample.plan import month_range
from hotline_tools.sample.story import (
    TRUTH,
    Sample,
    SamplePeriod,
    Teller,
    Told,
    clock_text,
    text_table,
    truth_row,
)
from hotline_tools.sample.templates import CategoryTemplate, Sub, load_categories

_STYLES = (("grid",), (1.0,))
_REPORTED = frozenset({"投诉", "求助", "建议", "举报"})
_LEVELS = (("网格", "村居", "镇街", "区级"), (0.44, 0.27, 0.19, 0.1))
_HOURS = {"网格": 6, "村居": 48, "镇街": 120, "区级": 240}
_HEADER = (
    *("事件编号", "上报时间", "上报人(网格员)", "网格", "社区", "街道"),
    *("事件描述", "事件类别", "处置层级", "处置单位", "处置时间"),
)
_CLASSES = {
    "物业管理": "物业管理",
    "城市管理": "市容秩序",
    "市容环卫": "环境卫生",
    "市政设施": "公用设施",
    "园林绿化": "公用设施",
    "供水供电供气供热": "公用设施",
    "公共安全": "平安隐患",
    "民政与社区": "民生服务",
    "生态环境": "环境保护",
    "噪声扰民": "矛盾纠纷",
}


def generate_grid(month: str = "2021-06", seed: int = 2021, events: int = 800) -> Sample:
    """Generate a grid-report month; ``orders`` has the eleven 网格 columns."""
    first, last = month_range(month)
    until = datetime.combine(last, datetime.min.time()) + timedelta(days=8, hours=8)
    teller = Teller(SamplePeriod(seed, 4, events, first, last, until), _number, _STYLES)
    rows, truth = [], []
    for told in teller.tell(_seen_on_rounds(load_categories())):
        rows.append(_row(teller, told, until))
        truth.append(truth_row(told.order))
    return Sample(text_table(_HEADER, rows), text_table(TRUTH, truth))


def _number(received: datetime, place: int) -> str:
    return f"WG{received:%Y%m%d}{place:05d}"


def _seen_on_rounds(categories: tuple[CategoryTemplate, ...]) -> tuple[CategoryTemplate, ...]:
    """Keep what grid workers report (``grid`` > 0), weighted by how often they do."""
    kept = []
    for category in categories:
        subs = tuple(s for s in (_reported(sub) for sub in category.subs if sub.grid) if s.scenes)
        if subs:
            weight = round(100 * sum(s.grid for s in subs))
            kept.append(replace(category, subs=subs, orders=weight))
    return tuple(kept)


def _reported(sub: Sub) -> Sub:
    pairs = [
        (scene, weight)
        for scene, weight in zip(sub.scenes, sub.scene_weights, strict=True)
        if scene.request_type in _REPORTED
    ]
    scenes, weights = tuple(p[0] for p in pairs), tuple(p[1] for p in pairs)
    return replace(sub, weight=sub.grid, scenes=scenes, scene_weights=weights)


def _row(teller: Teller, told: Told, until: datetime) -> tuple[str | None, ...]:
    order, dice, facts = told.order, teller.dice, told.order.facts
    cell = _cell(facts.community, dice.between(1, 6))
    level = dice.weighted(*_LEVELS)
    settled = order.received + timedelta(hours=0.2 + _HOURS[level] * dice.roll() ** 2)
    done = settled <= until and not dice.chance(0.02)
    unit = {
        "网格": cell,
        "村居": _committee(facts.community),
        "镇街": teller.world.department("镇街", facts.street).name,
        "区级": teller.world.department(order.sub.departments[0], facts.street).name,
    }[level]
    return (
        order.order_id,
        clock_text(order.received),
        _worker(teller.world.surnames, cell),
        cell,
        facts.community,
        facts.street,
        told.content,
        _CLASSES.get(order.category.name, "其他") if dice.chance(0.9) else "其他",
        level,
        unit,
        clock_text(settled) if done else None,
    )


def _cell(community: str, number: int) -> str:
    return f"{community}第{'一二三四五六'[number - 1]}网格"


def _committee(community: str) -> str:
    return f"{community}{'村民' if community.endswith('村') else '居民'}委员会"


def _worker(surnames: str, cell: str) -> str:
    """Each grid has one worker, so the name follows from the grid."""
    code = sum(ord(char) * place for place, char in enumerate(cell, start=1))
    given = "建国海燕秀英志强丽华永军小梅红霞文斌玉兰"
    start = code // len(surnames) % (len(given) // 2) * 2
    return surnames[code % len(surnames)] + given[start : start + 2]
