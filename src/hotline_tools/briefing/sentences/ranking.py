"""Rankings by group: only units that can be told from their group are named."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline_tools.document import Sentence
from hotline_tools.table import Cell

LEAST_UNITS = 6
"""A group needs so many ranked units before anything is said of their order."""


@dataclass(frozen=True)
class Group:
    """What a ranking found out about one group of units."""

    name: str
    ranked: int
    above: tuple[str, ...] = ()
    """Units better than the whole group beyond chance, best first."""
    below: tuple[str, ...] = ()
    red: tuple[str, ...] = ()
    black: tuple[str, ...] = ()


def ranking(group: Group, where: str, source: str = "") -> Sentence:
    """Say who stands out of a group, and who is on its boards, if there are any."""
    facts: dict[str, Cell] = {"group": group.name, "ranked": group.ranked}
    if group.ranked < LEAST_UNITS:
        text = f"{group.name}参加排名的单位只有{group.ranked}个，不足{LEAST_UNITS}个，不设红黑榜"
        facts["least"] = LEAST_UNITS
        return Sentence(f"{text}（{where}）。", facts, source)
    head = f"{group.name}{group.ranked}个单位参加排名"
    if not (group.above or group.below):
        text = f"{head}，相互间的差别未超出偶然波动，不设红黑榜，名次区间见{where}"
        return Sentence(f"{text}。", facts, source)
    said = []
    for names, what in ((group.above, "明显高于全组水平"), (group.below, "明显低于全组水平")):
        if names:
            facts[what] = list(names)
            said.append(f"{what}的是{'、'.join(names)}")
    for names, board in ((group.red, "红榜"), (group.black, "黑榜")):
        if names:
            facts[board] = list(names)
            on_board = "其中" if len(names) < len(group.above if board == "红榜" else group.below) else "均"
            said.append(f"{'、'.join(names) if on_board == '其中' else '上述单位'}列入{board}")
    others = group.ranked - len(group.above) - len(group.below)
    facts["others"] = others
    rest = f"；其余{others}个单位不宜分先后" if others else ""
    return Sentence(f"{head}，{'；'.join(said)}{rest}（{where}）。", facts, source)


def unranked(number: int, least: int, where: str, source: str = "") -> Sentence:
    """Say how many units have too few orders to be ranked."""
    text = f"另有{number}个单位件数不足{least}件或缺考核数据，只列数、不排名（{where}）。"
    return Sentence(text, {"unranked": number, "least": least}, source)


def leading_units(rows: Sequence[tuple[str, int, int]], most: int, source: str = "") -> Sentence:
    """Name the units with most orders; ``rows``: unit, orders received, orders open at the end."""
    shown = rows[:most]
    facts: dict[str, Cell] = {name: orders for name, orders, _ in shown}
    listed = "、".join(f"{name}{orders}件" for name, orders, _ in shown)
    return Sentence(f"承办量较大的单位是{listed}。", facts, source)
