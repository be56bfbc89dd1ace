"""How many orders came in, and whether that is more than before."""

from dataclasses import dataclass

from hotline_tools.briefing.numbers import amount, percent
from hotline_tools.briefing.words import LocalWords, rest_of_sources
from hotline_tools.document import Sentence
from hotline_tools.table import Cell

TINY = 10
"""A base below this gives no percentage."""
_LEVEL = 0.02
"""A change of at most this share that may be chance is called 基本持平."""


@dataclass(frozen=True)
class Volume:
    """The orders of a period of ``days``; ``until`` is the last day of the data where it is not over."""

    period: str
    orders: int
    days: int
    this: str = "本期"
    until: str = ""
    within: str = ""
    """The area and unit that the briefing is confined to."""
    what: str = ""
    """The category and channel that it is confined to, as they stand before what came in."""
    since: str = ""
    """The day with which the data begin, where that is inside the period; ``days`` count from it."""


Counted = tuple[str, int]
"""What people call a source, and its orders."""
PartlyCounted = tuple[str, str, int, int]
"""What people call a source, since or until when it has orders, and those of the period and of the base."""


@dataclass(frozen=True)
class BaseVolume:
    """The orders of a base period; ``word`` is 环比 or 同比, ``name`` 上月, 去年同期 …"""

    name: str
    word: str
    orders: int
    days: int
    is_noise: bool
    is_part: bool = False
    """Only the days that answer those of an unfinished period."""
    only_now: tuple[Counted, ...] = ()
    """Sources that the base lacks, each with its orders."""
    only_then: tuple[Counted, ...] = ()
    """Sources that only the base has."""
    partly: tuple[PartlyCounted, ...] = ()
    """Sources that begin or end inside one of the periods."""

    @property
    def is_of_other_sources(self) -> bool:
        """Whether the two periods cannot be compared as they are."""
        return bool(self.only_now or self.only_then or self.partly)


def volume(now: Volume, base: BaseVolume | None, words: LocalWords, source: str = "") -> Sentence:
    """Say what came in, and how it compares with a base."""
    what = f"{now.within}共{words.receive}{now.what}{words.people}诉求{now.orders}件"
    begun = f"（数据自{now.since}起）" if now.since else ""
    said = f"截至{now.until}，{now.this}（未满）{begun}{what}" if now.until else f"{now.period}{begun}{what}"
    facts: dict[str, Cell] = {"period": now.period, "until": now.until, "orders": now.orders}
    facts |= {"within": now.within, "what": now.what, "since": now.since}
    per_day = now.orders / now.days
    if now.days > 1 and amount(per_day) != "0":
        said += f"，日均{amount(per_day)}件"
        facts["per_day"] = per_day
    if base is not None:
        clause, more = _against(now, base)
        said, facts = f"{said}，{clause}", facts | more
    return Sentence(f"{said}。", facts, source)


def compared(now: Volume, base: BaseVolume, source: str = "") -> Sentence:
    """Say how the volume compares with a further base."""
    clause, facts = _against(now, base)
    return Sentence(f"{clause}。", {"orders": now.orders, **facts}, source)


def by_common_sources(now: Volume, base: BaseVolume, source: str = "") -> Sentence:
    """Say which sources only one of the periods has, and how the others compare: a change of them alone."""
    own = now.orders - sum(n for _, n in base.only_now) - sum(part[2] for part in base.partly)
    own_then = base.orders - sum(n for _, n in base.only_then) - sum(part[3] for part in base.partly)
    facts: dict[str, Cell] = {"common_orders": own, "common_orders_then": own_then, "change": own - own_then}
    said = []
    for sources, period in ((base.only_now, now.this), (base.only_then, base.name)):
        if sources:
            said.append(f"{'、'.join(f'{name}（{n}件）' for name, n in sources)}只在{period}有工单")
            facts |= {f"orders_of_{name}": n for name, n in sources}
    for name, days, orders, orders_then in base.partly:
        said.append(f"{name}{days}（{now.this}{orders}件、{base.name}{orders_then}件）")
        facts |= {f"orders_of_{name}": orders, f"orders_of_{name}_then": orders_then, f"days_of_{name}": days}
    if not own and not own_then:  # all of them begin or end
        return Sentence(f"{'；'.join(said)}。", facts, source)
    way = "增加" if own > own_then else "减少"
    moved = f"{way}{abs(own - own_then)}件" if own != own_then else "件数相同"
    rest = (
        f"{rest_of_sources(is_partly=bool(base.partly))}，{now.this}{own}件、{base.name}{own_then}件，{moved}"
    )
    return Sentence(f"{'；'.join([*said, rest])}。", facts, source)


def no_base(label: str, word: str, *, is_partial: bool = False) -> Sentence:
    """Say that there is nothing to compare with."""
    lack = f"{label}的数据不全" if is_partial else f"没有{label}的数据"
    return Sentence(f"库中{lack}，不作{word}。", {"base": label})


def _against(now: Volume, base: BaseVolume) -> tuple[str, dict[str, Cell]]:
    change = now.orders - base.orders
    facts: dict[str, Cell] = {"orders_then": base.orders, "orders_change": change, "is_noise": base.is_noise}
    name = f"{base.name}前{base.days}日" if base.is_part and base.name != "去年同期" else base.name
    days = ""
    if now.days != base.days:
        days = f"两期天数不同（{now.days}天、{base.days}天）"
        facts["days"] = now.days
    if days or base.is_part:
        facts["days_then"] = base.days
    then = f"{name}（{base.orders}件）"
    moved = f"{'增加' if change > 0 else '减少'}{abs(change)}件"
    if not change and not days:
        return f"与{name}持平，均为{now.orders}件", facts
    if base.is_of_other_sources and change:
        return f"比{then}{moved}，两期的来源不同，不作{base.word}", facts
    if base.orders < TINY:
        return (f"比{then}{moved}（基数小，不计百分比）" if change else f"与{then}件数相同"), facts
    if base.is_noise:
        return _noise(then, moved, change, base, f"；{days}，已折算" if days else ""), facts
    said, rates = _beyond(now, base, f"比{then}{moved}" if change else f"与{then}件数相同", days)
    return said, facts | rates


def _beyond(now: Volume, base: BaseVolume, said: str, days: str) -> tuple[str, dict[str, Cell]]:
    """Say a change that is no chance; where only the days made it, the daily average alone rose or fell."""
    rate = now.orders / base.orders - 1
    daily = now.orders / now.days / (base.orders / base.days) - 1
    rates: dict[str, Cell] = {}
    if not days or rate * daily > 0:
        said += f"，{base.word}{_way(rate)}{percent(abs(rate))}"
        rates["orders_change_rate"] = (now.orders - base.orders) / base.orders
    if days:
        said += f"；{days}，按日均计{_way(daily)}{percent(abs(daily))}"
        rates["per_day_change_rate"] = daily
    return said, rates


def _noise(then: str, moved: str, change: int, base: BaseVolume, days: str) -> str:
    if not change:
        return f"与{then}件数相同，未超出日常波动{days}"
    if base.orders >= TINY and abs(change) / base.orders <= _LEVEL:
        return f"与{then}基本持平（{moved}，未超出日常波动）{days}"
    return f"比{then}{moved}，未超出日常波动，不作升降判断{days}"


def _way(rate: float) -> str:
    return "上升" if rate > 0 else "下降"
