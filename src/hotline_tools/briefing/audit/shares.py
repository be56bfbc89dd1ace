"""Shares against their denominator, and shares of one list against 100%."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotline_tools.briefing.audit.changes import Problem, is_plain
from hotline_tools.briefing.audit.quantities import Quantity, ratio_fits, shown

_SHARE = re.compile(r"占(?P<of>[^，。；、（）]*?)(?:的|之)?(?:比例|比重|比|有率)?(?:分别)?(?:为|达|到|约)*$")
_OF_TOTAL = re.compile(r"总|全部|全市|全区|全县|受理|诉求量|来电量|工单量|接听|同期")
_TOTAL_LEAD = re.compile(r"(?:共|总|累计|合计|受理|接听|接收|接到|办理|收到)[^，。；、（）]{0,20}$")
_SUM = re.compile(r"(?:合计|共计|总计)$")
_SEVERAL = re.compile(r"分别占|分别为")
_LEAST_IN_LIST = 3
_BEFORE_LIST = 2
"""So many passages before a list its total may stand."""
_NEAR = 8
"""A count and what share it is stand no more characters apart."""


@dataclass(frozen=True)
class Share:
    """A share that is printed: of what, and the counts that may be its numerator."""

    stated: Quantity
    of: str
    """What stands between 占 and the figure; empty for a bare 占比."""
    parts: tuple[Quantity, ...]
    whole: Quantity | None = None
    """The denominator where the sentence names its figure: 占全部3128件的13.3%."""
    list_sum: float | None = None
    """The sum of the list before it, which may be the numerator as well."""


def shares_of(found: Sequence[Quantity]) -> list[Share]:
    """Return the shares of a sentence that have a count."""
    shares = []
    for index, stated in enumerate(found):
        if stated.kind != "percent" or stated.is_vague:
            continue
        before = list(found[:index])
        match = _SHARE.search(stated.lead)
        whole = None
        if (
            match is None
            and before
            and before[-1].kind == "count"
            and re.fullmatch(r"的|的比例为|的比重为", stated.lead)
        ):
            match = _SHARE.search(before[-1].lead)
            whole = before.pop() if match else None
        if match is None or match.start() > _NEAR:
            continue
        if whole is not None and (whole.is_vague or whole.unit == "个"):
            continue
        part = _of_several(found, index) if _SEVERAL.search(stated.lead) else _numerator(before)
        if part is not None and not part.is_vague:
            run = [part] if _SEVERAL.search(stated.lead) else _run_before(before, part)
            total = sum(q.value for q in run) if len(run) > 1 else None
            shares.append(Share(stated, match["of"], (part,), whole, total))
    return shares


def _numerator(before: Sequence[Quantity]) -> Quantity | None:
    """Return the last count that counts something itself; none where another share stands nearer."""
    for quantity in reversed(before):
        if quantity.kind == "percent" and _SHARE.search(quantity.lead):
            return None
        if quantity.kind == "count" and is_plain(quantity):
            return quantity
    return None


def _of_several(found: Sequence[Quantity], index: int) -> Quantity | None:
    """Return the count of the first share of 甲3件、乙2件，分别占60%和40%; None where the numbers differ."""
    shares = 1
    while index + shares < len(found) and re.fullmatch(r"[、，和及与]", found[index + shares].lead):
        shares += 1
    counts = [q for q in found[:index] if q.kind == "count" and is_plain(q) and not _SUM.search(q.lead)]
    return counts[-shares] if shares > 1 and len(counts) >= shares else None


def _run_before(before: Sequence[Quantity], last: Quantity) -> list[Quantity]:
    """Return the counts of the list that ends with ``last``: 甲3件、乙2件、丙1件."""
    run = [last]
    for quantity in reversed(before[: before.index(last)]):
        if (
            quantity.kind != "count"
            or not is_plain(quantity)
            or quantity.unit != last.unit
            or quantity.is_vague
        ):
            break
        if not re.match(r"[、，；和及与]", run[0].lead):
            break
        run.insert(0, quantity)
    return run


def explicit_share_problems(sentence: str, found: list[Quantity]) -> Iterator[Problem]:
    """Yield shares that their own denominator in the sentence contradicts."""
    del sentence
    for share in shares_of(found):
        if share.whole is None or share.whole.value < share.parts[0].value:
            continue
        if not _fits(share, share.whole):
            true = share.parts[0].value / share.whole.value * 100
            said = f"{share.parts[0].text}占{share.whole.text}的{share.stated.text}"
            yield "占比", said, f"按件数计为{shown(true)}%"


def share_sum_problems(sentence: str, found: list[Quantity]) -> Iterator[Problem]:
    """Yield lists of disjoint shares that come to more than 100%."""
    run: list[Quantity] = []
    for quantity in [*found, None]:
        match = _SHARE.search(quantity.lead) if quantity is not None else None
        is_listed = (
            bool(match) and quantity is not None and quantity.kind == "percent" and not quantity.is_vague
        )
        if (
            quantity is not None
            and quantity.kind == "count"
            and is_plain(quantity)
            and "其中" not in quantity.lead
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


def _fits(share: Share, whole: Quantity) -> bool:
    if any(ratio_fits(part, whole, share.stated) for part in share.parts):
        return True
    if share.list_sum is None:
        return False
    return abs(share.list_sum / whole.value * 100 - share.stated.value) <= share.stated.step * 1.001


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
    whole, one in a list whose others agree on a denominator, and a list that agrees on a denominator which is
    nowhere in the bulletin although a total stands right before it.
    """
    counts = [q for p in passages for _, found in p.sentences for q in found if q.kind == "count"]
    wholes = [q for q in counts if is_plain(q) and not q.is_vague]
    wholes += [Quantity("count", value, 1.0, "", "", shown(value), 0, 0) for value in dict.fromkeys(printed)]
    for listed, total in _lists(passages):
        lost = [item for item in listed if not any(_may_be(item[2], whole) for whole in wholes)]
        fitting = [item[2] for item in listed if item not in lost]
        if len(lost) >= _LEAST_IN_LIST and not fitting:
            if total is not None and (problem := _foreign_denominator([s for _, _, s in lost], total)):
                yield lost[0][0], lost[0][1], problem
            continue
        for passage, sentence, share in lost:
            if whole := _expected(share, fitting, wholes):
                true = share.parts[0].value / whole.value * 100
                said = f"{share.parts[0].text}占{share.of}{share.stated.text}"
                yield passage, sentence, ("占比", said, f"占{whole.text}的{shown(true)}%")


def _lists(
    passages: Sequence[PassageFigures],
) -> Iterator[tuple[list[tuple[PassageFigures, str, Share]], Quantity | None]]:
    """Yield the shares of neighbouring passages, each list with the total that stands before it."""
    listed: list[tuple[PassageFigures, str, Share]] = []
    recent: list[PassageFigures] = []
    total = None
    for passage in passages:
        shares = [
            (passage, sentence, share)
            for sentence, found in passage.sentences
            for share in shares_of(found)
            if share.whole is None
        ]
        if shares:
            near = (_total_of(one, shares[0][2].parts[0].unit) for one in (passage, *reversed(recent)))
            total = total or next((q for q in near if q), None)
            listed += shares
        elif listed:
            yield listed, total
            listed, total = [], None
        recent = [*recent, passage][-_BEFORE_LIST:]
    if listed:
        yield listed, total


def _may_be(share: Share, whole: Quantity) -> bool:
    return whole.value >= share.parts[0].value and whole is not share.parts[0] and _fits(share, whole)


def _total_of(passage: PassageFigures, unit: str) -> Quantity | None:
    """Return the first count of a unit that is called a total."""
    for _, found in passage.sentences:
        for quantity in found:
            if quantity.unit == unit and not quantity.is_vague and _TOTAL_LEAD.search(quantity.lead):
                return quantity
    return None


def _foreign_denominator(shares: Sequence[Share], total: Quantity) -> Problem | None:
    """Say which denominator most of a list agrees on, where it is not the stated total."""
    if any(share.parts[0].value > total.value for share in shares):
        return None
    bounds = [_bounds(share) for share in shares]
    agreeing = max(
        ([s for s, (a, b) in zip(shares, bounds, strict=True) if a <= low <= b] for low, _ in bounds), key=len
    )
    if len(agreeing) < _LEAST_IN_LIST or len(agreeing) * 3 < len(shares) * 2:
        return None
    low = max(_bounds(share)[0] for share in agreeing)
    high = min(_bounds(share)[1] for share in agreeing)
    parts = sum(share.parts[0].value for share in shares)
    whole = shown(parts) if low <= parts <= high else f"约{shown(round((low + high) / 2))}"
    return (
        "占比分母",
        f"{'、'.join(share.stated.text for share in agreeing)}按{whole}计",
        f"文中总量为{total.text}",
    )


def _bounds(share: Share) -> tuple[float, float]:
    part, stated = share.parts[0].value * 100, share.stated
    low = part / (stated.value + stated.step)
    return low, part / (stated.value - stated.step) if stated.value > stated.step else float("inf")


def _expected(share: Share, fitting: Sequence[Share], wholes: Sequence[Quantity]) -> Quantity | None:
    """Return the total that a share should fit: what others of its list fit, else what it says it is of."""
    if len(fitting) >= _LEAST_IN_LIST - 1:
        for whole in wholes:
            if whole.value > share.parts[0].value and all(_may_be(other, whole) for other in fitting):
                return whole
    if _OF_TOTAL.search(share.of):
        totals = [w for w in wholes if _TOTAL_LEAD.search(w.lead) and w.value >= share.parts[0].value]
        return max(totals, key=lambda w: w.value, default=None)
    return None
