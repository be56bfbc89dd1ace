"""A month of a message board in the 问政 layout: public letters, votes, and replies to some."""

from datetime import datetime, timedelta

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

_STYLES = (("board", "first"), (0.75, 0.25))
_REPLIED = 0.62
_USERS = ("用户", "A000", "网友", "微信用户")
_HEADER = (
    "留言编号",
    "留言用户",
    "留言主题",
    "留言时间",
    "留言详情",
    "反对数",
    "点赞数",
    "答复意见",
    "答复时间",
)


def generate_board(month: str = "2021-06", seed: int = 2021, messages: int = 600) -> Sample:
    """Generate a message-board month; ``orders`` has the nine 问政 columns."""
    first, last = month_range(month)
    until = datetime.combine(last, datetime.min.time()) + timedelta(days=8, hours=8)
    start = 180_000 + (first.year * 12 + first.month) % 100 * 1000
    period = SamplePeriod(seed, 3, messages, first, last, until)
    teller = Teller(period, lambda _, place: str(start + 3 * place), _STYLES)
    rows, truth = [], []
    for told in teller.tell(load_categories()):
        rows.append(_row(teller, told))
        truth.append(truth_row(told.order))
    return Sample(text_table(_HEADER, rows), text_table(TRUTH, truth))


def _row(teller: Teller, told: Told) -> tuple[str | None, ...]:
    order, dice = told.order, teller.dice
    replied = told.course.closed is not None and dice.chance(_REPLIED)
    likes = int(60 * dice.roll() ** 8) + (dice.between(0, 15) if order.issue else 0)
    return (
        order.order_id,
        _user(order.caller.number),
        told.title or f"{order.facts.street}居民留言",
        clock_text(order.received),
        told.content,
        str(int(4 * dice.roll() ** 9)),
        str(likes),
        _letter(told) if replied else None,
        clock_text(told.course.closed) if replied else None,
    )


def _user(number: str) -> str:
    """A nickname that stays the caller's own."""
    digits = int(number[3:])
    return f"{_USERS[digits % len(_USERS)]}{digits % 1_000_003:06d}"


def _letter(told: Told) -> str:
    said, signed = (reply_text(told) or "").replace("来电人", "留言人"), told.course.department
    return f"网友您好！您的留言已收悉。{said}感谢您对我们工作的关心和支持！（{signed}）"
