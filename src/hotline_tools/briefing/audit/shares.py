"""Shares against their denominator, and shares of one list against 100%."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotline_tools.briefing.audit.changes import Problem, is_plain
from hotline_tools.briefing.audit.quantities import Quantity, shown
from hotline_tools.briefing.audit.stated_shares import NEW_LIST, SHARE, Share, shares_of

_OF_TOTAL = re.compile(
    r"(?:全[省市区县州]|本[月周期季年]|当[月周期季年]|同期|全[月年部]|总|所有|全体|共|受理|接听|接收|接到|收到|办理|热线|平台|"
    r"12345|市民|群众|企业|有效|各类|诉求|来电|工单|信件|来信|留言|事项|件|量|数|的)+"
)
"""Words for the whole and nothing else: a share of 甲局投诉总量 is one of a part."""
_TOTAL_LEAD = re.compile(r"(?:共|总|累计|合计|受理|接听|接收|接到|办理|收到)[^，。；、（）]{0,20}$")
_LEAST_IN_LIST = 3
_BEFORE_LIST = 2
"""So many passages before a list its total may stand."""


def explicit_share_problems(sentence: str, found: list[Quantity]) -> Iterator[Problem]:
    """Yield shares that their own denominator in the sentence contradicts."""
    del sentence
    for share in shares_of(found):
        if share.whole is None or share.whole.value < share.part.value:
            continue
        if not share.fits(share.whole):
            true = share.part.value / share.whole.value * 100
            said = f"{share.part.text}占{share.whole.text}的{share.stated.text}"
            yield "占比", said, f"按件数计为{shown(true)}%"


def share_sum_problems(sentence: str, found: list[Quantity]) -> Iterator[Problem]:
    """Yield lists of disjoint shares that come to more than 100%."""
    run: list[Quantity] = []
    for quantity in [*found, None]:
        match = SHARE.search(quantity.lead) if quantity is not None else None
        is_listed = (
            bool(match) and quantity is not None and quantity.kind == "percent" and not quantity.is_vague
        )
        if (
            quantity is not None
            and quantity.kind == "count"
            and is_plain(quantity)
            and not NEW_LIST.search(quantity.lead)
        ):
            continue
        if (
            is_listed
            and quantity is not None
            and not (run and re.search(r"其中|合计|共占|总计|另|率", quantity.lead))
        ):
            run.append(quantity)
            continue
        if len(run) >= _LEAST_IN_LIST:
            total, slack = sum(q.value for q in run), sum(q.step for q in run)
            if total > 100 + slack and not re.search(r"多选|可兼|重复计|一单", sentence):
                yield "占比合计", "、".join(q.text for q in run), f"合计{shown(total)}%，超过100%"
        run = []


@dataclass(frozen=True)
class PassageFigures:
    """The figures of a passage, sentence by sentence."""

    where: str
    sentences: tuple[tuple[str, tuple[Quantity, ...]], ...]


def unfitting_shares(
    passages: Sequence[PassageFigures], printed: Sequence[float]
) -> Iterator[tuple[PassageFigures, str, Problem]]:
    """Yield the shares without a denominator of their own that fit no count of the bulletin.

    ``printed`` are the totals of its tables. Accused are a share whose text says that it is one of the
    whole, one whose sentence says what it is part of, one in a list whose others agree on a denominator, and
    a list that agrees on a denominator which is nowhere in the bulletin although a total stands right before
    it.
    """
    counts = [q for p in passages for _, found in p.sentences for q in found if q.kind == "count"]
    wholes = [q for q in counts if is_plain(q) and not q.is_vague]
    wholes += [Quantity("count", value, 1.0, "", "", shown(value), 0, 0) for value in dict.fromkeys(printed)]
    for listed, total in _lists(passages):
        lost = [item for item in listed if not any(_may_be(item[2], whole) for whole in wholes)]
        fitting = [item[2] for item in listed if item not in lost]
        shares = [share for _, _, share in listed]
        is_foreign = len(lost) >= _LEAST_IN_LIST and not fitting
        if is_foreign and total is not None and (problem := _foreign_denominator(shares, total)):
            yield lost[0][0], lost[0][1], problem
            continue
        for passage, sentence, share in lost:
            whole = _told(share, shares) or (None if is_foreign else _expected(share, fitting, wholes))
            if whole is not None:
                true = share.part.value / whole.value * 100
                said = f"{share.part.text}占{share.of}{share.stated.text}"
                yield passage, sentence, ("占比", said, f"占{whole.text}的{shown(true)}%")


def _lists(
    passages: Sequence[PassageFigures],
) -> Iterator[tuple[list[tuple[PassageFigures, str, Share]], Quantity | None]]:
    """Yield the shares of neighbouring passages, each list with the total that stands before it."""
    listed: list[tuple[PassageFigures, str, Share]] = []
    recent: list[PassageFigures] = []
    total = None
    earlier: tuple[Quantity, ...] = ()
    for passage in passages:
        shares = []
        for sentence, found in passage.sentences:
            shares += [(passage, sentence, s) for s in shares_of(found, earlier) if s.whole is None]
            earlier = found
        if shares:
            near = (_total_of(one, shares[0][2].part.unit) for one in (passage, *reversed(recent)))
            total = total or next((q for q in near if q), None)
            listed += shares
        elif listed:
            yield listed, total
            listed, total = [], None
        recent = [*recent, passage][-_BEFORE_LIST:]
    if listed:
        yield listed, total


def _may_be(share: Share, whole: Quantity) -> bool:
    return whole.value >= share.part.value and whole is not share.part and share.fits(whole)


def _total_of(passage: PassageFigures, unit: str) -> Quantity | None:
    """Return the first count of a unit that is called a total."""
    for _, found in passage.sentences:
        for quantity in found:
            if quantity.unit == unit and not quantity.is_vague and _TOTAL_LEAD.search(quantity.lead):
                return quantity
    return None


def _foreign_denominator(shares: Sequence[Share], total: Quantity) -> Problem | None:
    """Say which denominator most of a list agrees on, where it is not the stated total."""
    if any(share.part.value > total.value for share in shares):
        return None
    bounds = [_bounds(share) for share in shares]
    agreeing = max(
        ([s for s, (a, b) in zip(shares, bounds, strict=True) if a <= low <= b] for low, _ in bounds), key=len
    )
    if len(agreeing) < _LEAST_IN_LIST or len(agreeing) * 3 < len(shares) * 2:
        return None
    low = max(_bounds(share)[0] for share in agreeing)
    high = min(_bounds(share)[1] for share in agreeing)
    parts = sum(share.part.value for share in shares)
    whole = shown(parts) if low <= parts <= high else f"约{shown(round((low + high) / 2))}"
    return (
        "占比分母",
        f"{'、'.join(share.stated.text for share in agreeing)}按{whole}计",
        f"文中总量为{total.text}",
    )


def _bounds(share: Share) -> tuple[float, float]:
    part, stated = share.part.value * 100, share.stated
    low = part / (stated.value + stated.step)
    return low, part / (stated.value - stated.step) if stated.value > stated.step else float("inf")


def _told(share: Share, listed: Sequence[Share]) -> Quantity | None:
    """Return the total that the sentence names for a share: for its first share, and beside one that fits."""
    whole = share.of_which
    if whole is None or whole.value < share.part.value:
        return None
    others = [other for other in listed if other.of_which is whole]
    return whole if others[0] is share or any(_may_be(other, whole) for other in others) else None


def _expected(share: Share, fitting: Sequence[Share], wholes: Sequence[Quantity]) -> Quantity | None:
    """Return the total that a share should fit: what others of its list fit, else what it says it is of."""
    alike = [other for other in fitting if other.of == share.of]
    if len(alike) >= _LEAST_IN_LIST - 1:
        for whole in wholes:
            if whole.value > share.part.value and all(_may_be(other, whole) for other in alike):
                return whole
    if _OF_TOTAL.fullmatch(share.of):
        totals = [w for w in wholes if _TOTAL_LEAD.search(w.lead) and w.value >= share.part.value]
        return max(totals, key=lambda w: w.value, default=None)
    return None
