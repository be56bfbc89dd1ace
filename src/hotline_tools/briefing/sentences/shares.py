"""The first places of a list, their shares, and what grew."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline_tools.briefing.numbers import percent
from hotline_tools.briefing.sentences.volume import TINY
from hotline_tools.document import Sentence
from hotline_tools.table import Cell

_TIED_NAMED = 3
"""More that share the first place are counted, not named."""
_PLACES = "一二三四五六七八九十"


@dataclass(frozen=True)
class Listed:
    """A row of a list with its orders, and how many of them a person should look at again."""

    name: str
    orders: int
    to_review: int = 0


REST = "其他"
"""What a taxonomy calls what it has no name for: no kind of its own, however much it is."""


def leading(
    items: Sequence[Listed],
    total: int,
    places: int,
    *,
    of: str = "全部",
    what: str = "",
    source: str = "",
    unfilled: int = 0,
) -> Sentence:
    """Say who has the first places and what share they have together; ties at the last place are all named.

    ``items`` are in falling order; ``of`` names the total. What is of no kind (``REST``) takes no place, and
    is told where it is larger than what has one. ``unfilled``: the orders of the total that are of no item.
    """
    rest = [item for item in items if item.name == REST and len(items) > 1]
    items = [item for item in items if item not in rest]
    shown = [item for item in items[:places] if item.orders]
    last = shown[-1].orders
    shown += [item for item in items[len(shown) :] if item.orders == last]
    together = sum(item.orders for item in shown)
    facts: dict[str, Cell] = {item.name: item.orders for item in shown}
    facts |= {"total": total}
    larger = [item for item in rest if item.orders >= last]
    facts |= {item.name: item.orders for item in larger}
    besides = "".join(f"；另有{_counted(item)}，不排位次" for item in larger)
    if unfilled:
        facts["unfilled"] = unfilled
        besides += f"；另有{unfilled}件未填写"
    listed = "、".join(_counted(item) for item in shown)
    if len(items) == 1 and together == total:
        return Sentence(f"{what}均为{shown[0].name}（{total}件）。", facts, source)
    if len(shown) == 1:
        facts["share"] = together / total
        head = "最多的是" if len(items) > 1 else "有"
        text = f"{what}{head}{listed}，占{of}{total}件的{percent(together / total)}"
        return Sentence(f"{text}{besides}。", facts, source)
    facts |= {"sum": together, "share": together / total}
    counted = [item for item in items if item.orders]
    head = f"居前{_place(min(places, len(shown)))}位的" if len(counted) > len(shown) else "依次"
    text = f"{what}{head}是{listed}，合计{together}件，占{of}{total}件的{percent(together / total)}"
    if tied := _ties(shown):
        text += f"；{tied}"
    review = sum(item.to_review for item in shown)
    if review:
        facts["sum_to_review"] = review
        text += f"；上述各类中{review}件归类待复核，位次可能调整"
    return Sentence(f"{text}{besides}。", facts, source)


def most_of(items: Sequence[Listed], unit: str) -> str:
    """Say what has most orders, for the title of a chart; what shares the first place is not hidden."""
    most = max(item.orders for item in items)
    names = [item.name for item in items if item.orders == most]
    if len(names) == 1:
        return f"{names[0]}最多，{most}件"
    if len(names) <= _TIED_NAMED:
        return f"{'、'.join(names)}并列最多，各{most}件"
    return f"{len(names)}{unit}并列最多，各{most}件"


def _counted(item: Listed) -> str:
    """Return a name with its orders, in brackets where the name ends in a figure (the channel 1999)."""
    orders = f"{item.orders}件"
    return f"{item.name}（{orders}）" if item.name[-1:].isdigit() else item.name + orders


def _place(number: int) -> str:
    return _PLACES[number - 1] if number <= len(_PLACES) else str(number)


def _ties(shown: Sequence[Listed]) -> str:
    """Name the items that share a place."""
    said, start = [], 0
    while start < len(shown):
        same = [item.name for item in shown if item.orders == shown[start].orders]
        if len(same) > 1:
            said.append(f"{'、'.join(same[:-1])}与{same[-1]}并列第{_place(start + 1)}")
        start += len(same)
    return "，".join(said)


@dataclass(frozen=True)
class Mover:
    """An item whose orders changed beyond its own variation."""

    name: str
    now: int
    then: int


def other_sources(base: str, unit: str, source: str = "") -> Sentence:
    """Say why the items are not compared with a period that has other sources."""
    return Sentence(f"本期与{base}的来源不同，各{unit}的件数不作升降比较。", {}, source)


def movers(
    found: Sequence[Mover], others: int, base: str, unit: str, *, most: int = 5, source: str = ""
) -> Sentence:
    """Say which items changed beyond their own variation; ``others`` is the number of those that did not."""
    if not found:
        return Sentence(f"与{base}相比，各{unit}件数的变化均未超出日常波动。", {}, source)
    facts: dict[str, Cell] = {}
    said = []
    for verb in ("增加", "减少"):
        side = [mover for mover in found if (mover.now > mover.then) == (verb == "增加")]
        if not side:
            continue
        named = "、".join(_moved(mover, verb) for mover in side[:most])
        said.append(f"{verb}的有{len(side)}个，{_which(len(side), most)}{named}")
        facts[f"n_{verb}的{unit}"] = len(side)
        for mover in side[:most]:
            facts |= {mover.name: mover.now, f"{base}{mover.name}": mover.then}
            if mover.then >= TINY:
                facts[f"{mover.name}变化率"] = (mover.now - mover.then) / mover.then
    text = f"与{base}相比，变化超出日常波动的{unit}中，{'；'.join(said)}"
    if others:
        text += f"。其余{others}个{unit}未超出"
        facts[f"n_其余{unit}"] = others
    return Sentence(f"{text}。", facts, source)


def _which(number: int, most: int) -> str:
    if number > most:
        return f"居前{_place(most)}位的是"
    return "依次为" if number > 1 else "即"


def _moved(mover: Mover, verb: str) -> str:
    moved = f"{mover.name}由{mover.then}件{verb[0]}至{mover.now}件"
    if mover.then < TINY:
        return f"{moved}（基数小，不计百分比）"
    rate = abs(mover.now - mover.then) / mover.then
    return f"{moved}（{'上升' if verb == '增加' else '下降'}{percent(rate)}）"
