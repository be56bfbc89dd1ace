"""The hotline's export: generic 12345 columns with every timestamp."""

from datetime import date, datetime, timedelta

from hotline_tools.sample.plan import month_range
from hotline_tools.sample.story import (
    TRUTH,
    Sample,
    SamplePeriod,
    Teller,
    Told,
    clock_text,
    reply_text,
    text_table,
    truth_row,
)
from hotline_tools.sample.templates import load_categories

PUBLISHED_ORDERS = 31_838
"""Orders of the published year whose category counts the templates carry."""
YEAR = 2021
_EXPORTED_AFTER = timedelta(days=8, hours=8)
_STYLES = (("op", "terse", "first"), (0.58, 0.14, 0.28))
_PHONE = (("12345热线", "110非警务转办", "市长热线", "部门热线并转"), (0.93, 0.03, 0.03, 0.01))
_WEB = (("微信公众号", "手机APP", "政府网站", "市长信箱", "国家平台转办"), (0.5, 0.2, 0.14, 0.1, 0.06))
HEADER = (
    *(
        "工单编号",
        "受理时间",
        "诉求类型",
        "诉求来源",
        "诉求标题",
        "诉求内容",
        "诉求地点",
        "所属区县",
        "所属镇街",
        "所属社区",
    ),
    *(
        "来电人",
        "来电人电话",
        "紧急程度",
        "派单时间",
        "签收时间",
        "首次联系时间",
        "应办结时间",
        "延期次数",
        "退回次数",
    ),
    *(
        "主办单位",
        "协办单位",
        "办结时间",
        "办理结果",
        "回访时间",
        "是否响应",
        "是否解决",
        "满意度",
        "重办次数",
        "工单状态",
    ),
)


def generate_year(seed: int = 2021, orders: int = PUBLISHED_ORDERS) -> Sample:
    """Generate the hotline's year 2021, exported in the second week of January.

    The category counts are those of the published year, scaled by largest remainder. Returns
    ``orders`` (columns ``HEADER``) and ``truth`` (columns ``TRUTH``), one row per order in order of time.
    """
    return _generate(seed, 1, orders, date(YEAR, 1, 1), date(YEAR, 12, 31))


def generate_month(month: str = "2021-06", seed: int = 2021, orders: int = 1000) -> Sample:
    """Generate one month (``YYYY-MM``) of the hotline, with the same shares as the year."""
    return _generate(seed, 2, orders, *month_range(month))


def _generate(seed: int, stream: int, orders: int, first: date, last: date) -> Sample:
    until = datetime.combine(last, datetime.min.time()) + _EXPORTED_AFTER
    teller = Teller(SamplePeriod(seed, stream, orders, first, last, until), _number, _STYLES)
    rows, truth = [], []
    for told in teller.tell(load_categories()):
        rows.append(_row(teller, told))
        truth.append(truth_row(told.order))
    return Sample(text_table(HEADER, rows), text_table(TRUTH, truth))


def _number(received: datetime, place: int) -> str:
    return f"YH{received:%Y%m%d}{place:06d}"


def _row(teller: Teller, told: Told) -> tuple[str | None, ...]:
    order, course, dice = told.order, told.course, teller.dice
    facts, caller = order.facts, order.caller
    channel = dice.weighted(*(_WEB if told.style == "first" and dice.chance(0.8) else _PHONE))
    hidden = dice.chance(0.03)
    known = dice.chance(0.93)
    return (
        order.order_id,
        clock_text(order.received),
        order.scene.request_type,
        channel,
        told.title,
        told.content,
        _address(teller, told),
        teller.world.district,
        facts.street if known else None,
        facts.community if known and dice.chance(0.85) else None,
        None if hidden else caller.name,
        None if hidden else caller.number,
        dice.weighted(("一般", "紧急", "特急"), (0.93, 0.06, 0.01)),
        clock_text(course.dispatched),
        clock_text(course.signed),
        clock_text(course.contacted),
        clock_text(course.due),
        str(course.extensions),
        str(course.returns),
        course.department,
        course.partners,
        clock_text(course.closed),
        reply_text(told),
        clock_text(course.revisited),
        course.responded,
        course.resolved,
        course.satisfaction,
        str(course.redos),
        course.status,
    )


def _address(teller: Teller, told: Told) -> str | None:
    """Write the place as a desk clerk would: whole, shortened, or not at all."""
    facts, dice, place = told.order.facts, teller.dice, told.order.facts.place
    if dice.chance(0.12):
        return None
    if place is None or place.kind in {"bus", "courier", "telecom"}:
        return f"{facts.street}{facts.community}" if dice.chance(0.5) else None
    detail = ""
    if place.kind == "estate" and dice.chance(0.6):
        detail = f"{told.speaker.fill('bldg')}号楼"
        if dice.chance(0.4):
            detail += f"{told.speaker.fill('unit')}单元"
    elif place.kind == "road":
        detail = told.speaker.fill("spot") if dice.chance(0.6) else ""
    road = place.road if place.kind not in {"road", "village"} and dice.chance(0.3) else ""
    start = dice.weighted((teller.world.district + facts.street, facts.street, ""), (0.4, 0.4, 0.2))
    return start + road + place.name + detail
