"""A rise or fall against its figures: direction, difference and rate.

Read are ``N件，比上月（B件）增加Δ件，环比上升p%``, ``由A件增至B件（上升p%）`` and the same of rates. Where
several figures of a sentence may be the one that changed, one that fits is enough.
"""

import re
from collections.abc import Iterator, Sequence

from hotline_tools.briefing.audit.quantities import Quantity, shown

UP = "增加|上升|增长|提高|上涨|提升|攀升|升高|增幅|涨幅|增|升|多"
DOWN = "减少|下降|降低|回落|下滑|降幅|跌幅|减|降|少"
_CHANGE = re.compile(rf"(?P<up>{UP})?(?P<down>{DOWN})?(?:了|约|为|达|幅度为|幅为)?$")
_TO = re.compile(rf"^[^，；。]{{0,4}}?(?:(?P<up>{UP})|(?P<down>{DOWN}))(?:至|到|为)$")
_FROM = re.compile(r"(?:由|从)[^，。；、]{0,10}$")
_PREVIOUS = re.compile(r"环比|(?:比|较|同)前?上?(?:月|周|期|季)|上月|上周|上期|上季|上一|前一")
_LAST_YEAR = re.compile(r"同比|去年|上年|上一年")
_CONTINUES = re.compile(r"^）?[，；（、]?(?:环比|同比|比|较|与|同)")
_COMPARES = re.compile(r"环比|同比|比|较|相比")
_BASE = re.compile(
    r"(?:上月|上个月|上周|上期|上季度|上一季度|去年同期|上年同期|去年|上年|前一日|上一个半年|\d+月|\d+日)"
    r"[^，。；、（）]{0,6}(?:（|的|为)$"
)
_EXACT = 0.01
"""A rate printed with two decimals is no other one by chance."""
_AVERAGE = re.compile(r"日均|平均|每日|人均|月均")
Problem = tuple[str, str, str]
"""Kind, stated, against."""


def change_problems(found: list[Quantity], earlier: Sequence[Quantity] = ()) -> Iterator[Problem]:
    """Yield what contradicts itself in the rises and falls of a sentence; ``earlier`` stand before it."""
    for index in range(len(found)):
        yield from _from_to(found, index)
        if _way(found[index]):
            yield from _change(found, index)
            yield from _misnamed([*earlier, *found[:index]], found[index : index + 2])


def _way(quantity: Quantity) -> int:
    """Return 1 for a rise, -1 for a fall, 0 for a figure that is no change."""
    match = _CHANGE.search(quantity.lead)
    if match is None or quantity.is_vague or bool(match["up"]) == bool(match["down"]):
        return 0
    return 1 if match["up"] else -1


def _said(quantity: Quantity) -> str:
    """Return a change with its verb: 增加20件."""
    match = _CHANGE.search(quantity.lead)
    return (match[0] if match else "") + quantity.text


def _is_base(quantity: Quantity) -> bool:
    return bool(_BASE.search(quantity.lead))


def is_change(quantity: Quantity) -> bool:
    """Tell whether a figure is an increase or a decrease."""
    match = _CHANGE.search(quantity.lead)
    return bool(match and (match["up"] or match["down"]))


def is_plain(quantity: Quantity) -> bool:
    """Tell whether a figure counts something itself: no change, no base of one, no average."""
    return not (is_change(quantity) or _is_base(quantity) or _AVERAGE.search(quantity.lead[-6:]))


def _from_to(found: list[Quantity], index: int) -> Iterator[Problem]:
    """Yield what is wrong with 由A件增至B件（上升p%）."""
    if index + 1 >= len(found):
        return
    old, new = found[index], found[index + 1]
    match = _TO.match(new.lead)
    if not _FROM.search(old.lead) or match is None or old.kind != new.kind or old.is_vague or new.is_vague:
        return
    said = f"由{old.text}{new.lead}{new.text}"
    if (new.value - old.value) * (1 if match["up"] else -1) < 0 or new.value == old.value:
        yield (
            "升降",
            said,
            "数值" + ("上升" if new.value > old.value else "下降" if new.value < old.value else "未变"),
        )
        return
    if index + 2 >= len(found):
        return
    rate = found[index + 2]
    way = _way(rate)
    if not way or len(rate.lead) > 10 or _of_other_base(rate.lead, new.lead):
        return
    if (new.value - old.value) * way < 0:
        yield "升降", _said(rate), said
    elif old.kind == "count" and rate.kind == "percent":
        yield from _rate(old, new.value - old.value, new.slack + old.slack, rate)
    elif old.kind == "percent" and rate.kind == "points":
        yield from _points(new, old, rate)


def _change(found: list[Quantity], index: int) -> Iterator[Problem]:
    change = found[index]
    base = found[index - 1] if index and _is_base(found[index - 1]) else None
    clause = (base.lead + change.lead) if base else change.lead
    if base and base.is_vague:
        return
    if change.kind == "count" and _COMPARES.search(clause):
        yield from _difference(found, index, base)
    elif change.kind == "percent" and base is not None and base.kind == "count":
        yield from _rate_of_base(found, index, base)
    elif change.kind == "points" and base is not None and base.kind == "percent":
        rates = _subjects(found[: index - 1], base, clause)
        problems = [list(_points(now, base, change)) for now in rates]
        if problems and all(problems):
            yield problems[-1][0]


def _subjects(before: Sequence[Quantity], like: Quantity, clause: str) -> list[Quantity]:
    """Return the figures before a clause that it may be about; none where it has a subject of its own."""
    if not _CONTINUES.match(clause):
        return []
    return [
        q for q in before if (q.kind, q.unit) == (like.kind, like.unit) and is_plain(q) and not q.is_vague
    ]


def _difference(found: list[Quantity], index: int, base: Quantity | None) -> Iterator[Problem]:
    """Yield what is wrong with …N件，比上月（B件）增加Δ件，环比上升p%."""
    change, way = found[index], _way(found[index])
    first = index - (2 if base else 1)
    nows = _subjects(found[: first + 1], change, (base.lead if base else "") + change.lead)
    if base and base.unit == change.unit and nows:
        fits = [now for now in nows if _near(now.value - base.value, way * change.value, now, base, change)]
        if not fits:
            now = nows[-1]
            difference = now.value - base.value
            word = "增加" if difference > 0 else "减少"
            yield (
                "升降",
                _said(change),
                f"{now.text}与{base.text}相比{word}{shown(abs(difference))}",
            )
            return
        nows = fits
    rate = found[index + 1] if index + 1 < len(found) else None
    if rate is None or rate.kind != "percent" or not _way(rate) or len(rate.lead) > 12 or "率" in rate.lead:
        return
    if (
        _of_other_base(rate.lead, (base.lead if base else "") + change.lead)
        or "。" in rate.lead
        or "；" in rate.lead
    ):
        return
    if _way(rate) != way:
        yield "升降", _said(rate), _said(change)
        return
    problems = [
        list(_rate_of(now.value - way * change.value, way * change.value, change.slack + now.slack, rate))
        for now in nows
        if now.value - way * change.value > 0
    ]
    if problems and all(problems):
        yield problems[-1][0]


def _misnamed(before: Sequence[Quantity], pair: Sequence[Quantity]) -> Iterator[Problem]:
    """Yield a rate called 同比 that is exactly the change from the period before, and the other way round."""
    if len(pair) < 2 or pair[0].kind != "count" or pair[1].kind != "percent" or pair[1].step > _EXACT:
        return
    change, rate = pair
    was_previous = _PREVIOUS.search(change.lead) and not _LAST_YEAR.search(change.lead)
    if not (was_previous and re.match(r"^，同比", rate.lead)) or not rate.value or _way(rate) != _way(change):
        return
    for now in before:
        then = now.value - _way(change) * change.value
        if now.kind == "count" and is_plain(now) and now.unit == change.unit and then > 0:
            if list(_rate_of(then, change.value, 0.0, rate)):
                continue
            against = f"{change.lead.strip('，')}{change.text}的变化率即为{rate.text}，应称环比"
            yield "环比同比", rate.lead.strip("，") + rate.text, against
            return


def _rate_of_base(found: list[Quantity], index: int, base: Quantity) -> Iterator[Problem]:
    rate, way = found[index], _way(found[index])
    if len(rate.lead) > 12 or "率" in rate.lead:
        return
    nows = _subjects(found[: index - 1], base, base.lead + rate.lead)
    problems = []
    for now in nows:
        difference = now.value - base.value
        if difference * way < 0:
            word = "上升" if difference > 0 else "下降"
            problems.append([("升降", _said(rate), f"{now.text}与{base.text}相比{word}")])
        else:
            problems.append(list(_rate(base, difference, now.slack + base.slack, rate)))
    if problems and all(problems):
        yield problems[-1][0]


def _rate(base: Quantity, difference: float, slack: float, rate: Quantity) -> Iterator[Problem]:
    yield from _rate_of(base.value, difference, slack, rate)


def _rate_of(base: float, difference: float, slack: float, rate: Quantity) -> Iterator[Problem]:
    if not base:
        return
    true = abs(difference) / base * 100
    if abs(true - rate.value) > rate.step * 1.001 + slack / base * 100 * (1 + true / 100):
        yield "变化率", _said(rate), f"按件数计为{shown(true)}%"


def _points(now: Quantity, then: Quantity, change: Quantity) -> Iterator[Problem]:
    difference, way = now.value - then.value, _way(change)
    slack = now.step + then.step + change.step
    if abs(difference - way * change.value) > slack * 1.001:
        word = "提高" if difference > 0 else "降低"
        yield (
            "升降",
            _said(change),
            f"{now.text}与{then.text}相比{word}{shown(abs(difference))}个百分点",
        )


def _near(difference: float, stated: float, *quantities: Quantity) -> bool:
    # all three cut off: the errors of two go one way and that of the third the other
    return abs(difference - stated) <= sum(q.slack for q in quantities) * 2 / 3 + 1e-9


def _of_other_base(lead: str, before: str) -> bool:
    """Tell whether a clause compares with another period than the clause before it."""
    return bool(
        (_LAST_YEAR.search(lead) and not _LAST_YEAR.search(before))
        or (_PREVIOUS.search(lead) and not _PREVIOUS.search(before))
    )
