"""Rankings by group: only units that can be told from their group are named."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline_tools.document import Sentence
from hotline_tools.table import Cell

LEAST_UNITS = 6
"""A group needs so many ranked units before anything is said of their order."""


@dataclass(frozen=True)
class RankedGroup:
    """What a ranking found out about one group of units."""

    name: str
    ranked: int
    above: tuple[str, ...] = ()
    """Units better than the whole group beyond chance, best first."""
    below: tuple[str, ...] = ()
    red: tuple[str, ...] = ()
    black: tuple[str, ...] = ()


_MOST_NAMED = 5
"""More names than these are left to the attached table."""


def ranking(group: RankedGroup, where: str, source: str = "") -> Sentence:
    """Say who stands out of a group of at least ``LEAST_UNITS``, and who is on its boards."""
    facts: dict[str, Cell] = {"group": group.name, "n_ranked": group.ranked}
    if not (group.above or group.below):
        head = f"{group.name}{group.ranked}个单位参加排名"
        text = f"{head}，没有单位能与全组水平区分，不设红黑榜，名次区间见{where}。"
        return Sentence(text, facts, source)
    said = []
    for names, named, board, what in (
        (group.above, group.red, "红榜", "明显高于全组水平"),
        (group.below, group.black, "黑榜", "明显低于全组水平"),
    ):
        if names:
            facts |= {what: list(names), board: list(named), f"n_{what}": len(names)}
            more = f"等{len(names)}个" if len(names) > _MOST_NAMED else ""
            listed = "、".join(names[:_MOST_NAMED])
            said.append(f"{what}的是{listed}{more}{_on_board(names, named, board)}")
    others = group.ranked - len(group.above) - len(group.below)
    facts["n_others"] = others
    rest = f"；其余{others}个单位不宜分先后" if others else ""
    return Sentence(
        f"{group.name}{group.ranked}个单位中，{'；'.join(said)}{rest}（{where}）。", facts, source
    )


def _on_board(names: Sequence[str], named: Sequence[str], board: str) -> str:
    if not named:
        return ""
    if len(named) < len(names):
        return f"（其中{'、'.join(named)}列入{board}）"
    return f"（{'均' if len(names) > 1 else ''}列入{board}）"


def few_units(groups: Sequence[str], source: str = "") -> Sentence:
    """Say which groups have too few ranked units for anything to be said of their order."""
    text = f"{'、'.join(groups)}参加排名的单位不足{LEAST_UNITS}个，不设红黑榜。"
    return Sentence(text, {"groups": list(groups), "least": LEAST_UNITS}, source)


def unranked(number: int, least: int, where: str, source: str = "", *, are_others: bool = True) -> Sentence:
    """Say how many units have too few orders to be ranked, beside others or of all."""
    beside = "另有" if are_others else "有"
    text = f"{beside}{number}个单位件数不足{least}件或缺考核数据，只列数、不排名（{where}）。"
    return Sentence(text, {"n_unranked": number, "least": least}, source)


def leading_units(units: Sequence[tuple[str, int]], places: int, source: str = "") -> Sentence:
    """Name the units with most orders received, each with their number; ties at the last place are all named.

    ``units`` are in falling order.
    """
    last = units[:places][-1][1]
    shown = [*units[:places], *(unit for unit in units[places:] if unit[1] == last)]
    listed = "、".join(f"{name}{orders}件" for name, orders in shown)
    return Sentence(f"承办量较大的单位是{listed}。", dict(shown), source)
