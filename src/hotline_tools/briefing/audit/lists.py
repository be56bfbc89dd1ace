"""Lists in a sentence: their sum against the total, their order against the places they are given."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from hotline_tools.briefing.audit.changes import Problem, is_change, is_plain
from hotline_tools.briefing.audit.quantities import Quantity, ratio_fits, shown

_TOGETHER = re.compile(r"[，、；（](?:合计|共计|总计|三项合计|以上合计|两项合计)(?:为|达|有)?$")
_OVERLAP = re.compile(r"兼|重复|去重|其他|其余|等[，。、]|多次|交叉")
_NESTED = re.compile(
    r"办结|满意|回访|按时|按期|超时|超期|解决|签收|逾期|回复|答复|评价|办理|退回|正在|转办|直办|直接"
)
_OF_WHICH = re.compile(r"^[，。；（]?其中[，：:]?")
_ANEW = re.compile(r"包括|其中|按|从")
_IN_ORDER = re.compile(
    r"(?:居|列|位居|位列|排名?|排在)(?:全市|全区|全县)?前[一二三四五六七八九十\d]+(?:位|名|类|的)?|由(?:高到低|多到少)|从(?:高到低|多到少)|"
    r"前[三四五六七八九十]+(?:位|名|类)(?:的|为|是|依次|分别)"
)
_BY_OTHER = re.compile(r"率|得分|分值|增幅|增长|上升|下降|降幅|增量|增加|减少|满意度|时长")
_BETWEEN = re.compile(r"^[、，；和及与]\s*[^，。；、]{1,30}$")
_BEFORE_NAME = re.compile(r"^.*(?:是|为|：|有|依次|分别)")
_PLACES = {sign: number for number, sign in enumerate("一二三四五六七八九十", 1)}
_DEADLINE = re.compile(r"应(?:办结|办|回访|签收|回复|联系)[^，。；]{0,6}$")
_RATED = re.compile(r"(?:有效评价|参评|参与评价|评价|有效回访)[^，。；]{0,6}$")
_RATE = re.compile(r"(?P<name>满意|解决|办结|签收|回复|联系)率(?:为|达到?|是)*$")
_WHOLES = {"满意": _RATED, "解决": re.compile(r"是否解决[^，。；]{0,6}$|解决情况[^，。；]{0,6}$")}
"""Rate → what its denominator is called; for the others that is what was due."""
_NEGATED = re.compile(r"不满意|未|超时|超期|逾期")


def list_problems(sentence: str, found: list[Quantity]) -> Iterator[Problem]:
    """Yield what is wrong with the sums, the order and the rates of a sentence."""
    yield from _together(sentence, found)
    yield from _parts(found)
    yield from _order(sentence, found)
    yield from _rates(found)


def _counts(found: Sequence[Quantity]) -> list[Quantity]:
    return [q for q in found if q.kind == "count" and not q.is_vague and is_plain(q)]


def _together(sentence: str, found: list[Quantity]) -> Iterator[Problem]:
    """Yield a 合计 that is the sum of no run of counts before it."""
    if _OVERLAP.search(sentence):
        return
    for index, total in enumerate(found):
        if total.kind != "count" or total.is_vague or not _TOGETHER.search(total.lead):
            continue
        parts = [q for q in _counts(found[:index]) if q.unit == total.unit]
        listed = _listed(parts)
        if len(listed) < 2 or parts[-1] is not listed[-1] or found[index - 1] is not listed[-1]:
            continue
        sums = [sum(q.value for q in parts[start:]) for start in range(len(parts) - 1)]
        slack = sum(q.slack for q in parts) + total.slack
        if not any(abs(value - total.value) <= slack for value in sums):
            names = "、".join(q.text for q in listed)
            yield "合计", f"合计{total.text}", f"{names}之和为{shown(sum(q.value for q in listed))}"


def _listed(parts: Sequence[Quantity]) -> list[Quantity]:
    """Return the counts at the end that are one list."""
    run: list[Quantity] = []
    for quantity in reversed(parts):
        run.insert(0, quantity)
        if not _BETWEEN.match(quantity.lead):
            break
    return run


def _parts(found: list[Quantity]) -> Iterator[Problem]:
    """Yield parts after 其中, told apart by name, that are more than their total."""
    for index, first in enumerate(found):
        if not index or not _OF_WHICH.search(first.lead) or first.kind != "count":
            continue
        total = found[index - 1]
        parts = [first]
        for quantity in found[index + 1 :]:
            if quantity.kind == "percent" or "占" in quantity.lead:
                continue
            if (
                quantity.kind != "count"
                or quantity.unit != first.unit
                or not re.match(r"[、，；]", quantity.lead)
            ):
                break
            if (len(parts) > 1 and quantity.lead[0] != parts[1].lead[0]) or _ANEW.search(quantity.lead):
                break  # another list: told apart by another mark of the total
            parts.append(quantity)
        if total.kind != "count" or total.unit != first.unit or any(q.is_vague for q in [total, *parts]):
            continue
        if len(parts) < 2 or any(
            _NESTED.search(q.lead) or is_change(q) or "其中" in q.lead[1:] for q in parts[1:]
        ):
            continue
        if _NESTED.search(first.lead) or not all(is_plain(q) for q in [total, *parts]):
            continue
        value = sum(q.value for q in parts)
        slack = total.slack + sum(q.slack for q in parts)
        if value > total.value + slack and not _adds_up_before(parts, total.value, slack):
            yield "合计", total.text, f"其中各项之和为{shown(value)}，超过总数"


def _adds_up_before(parts: Sequence[Quantity], total: float, slack: float) -> bool:
    """Tell whether the first parts make up the total, so that what follows is another list."""
    sums = [sum(q.value for q in parts[:number]) for number in range(2, len(parts))]
    return any(abs(value - total) <= slack for value in sums)


def _order(sentence: str, found: list[Quantity]) -> Iterator[Problem]:
    """Yield a list of first places that does not fall."""
    for match in _IN_ORDER.finditer(sentence):
        after = [q for q in found if q.start >= match.end()]
        if not after or after[0].start - match.end() > 40 or after[0].is_vague or is_change(after[0]):
            continue
        head = sentence[max(0, match.start() - 12) : after[0].start]
        if after[0].kind == "points" or (after[0].kind == "count" and _BY_OTHER.search(head)):
            continue
        run = [after[0]]
        for quantity in after[1:]:
            if quantity.kind != run[0].kind and re.match(r"^（?[，（]?占", quantity.lead):
                continue
            if (
                quantity.kind != run[0].kind
                or quantity.unit != run[0].unit
                or not _BETWEEN.match(_bare(quantity.lead))
            ):
                break
            if quantity.is_vague or is_change(quantity) or re.search(r"合计|共|占|其中", quantity.lead):
                break
            run.append(quantity)
        run = run[: _places(match[0]) or len(run)]
        for higher, lower in pairwise(run):
            if lower.value > higher.value:
                yield "位次", name_of(higher) + higher.text, f"排在其后的是{name_of(lower)}{lower.text}"


def name_of(quantity: Quantity) -> str:
    """Return what a figure of a list counts: 甲类 of 居前三位的是甲类30件."""
    return _BEFORE_NAME.sub("", quantity.lead.strip("、，；和及与（）"))


def _bare(lead: str) -> str:
    """Return the words before a figure without the bracket that closes the figure before."""
    return lead.removeprefix("）")


def _places(said: str) -> int:
    found = re.search(r"前([一二三四五六七八九十]|\d+)", said)
    return 0 if found is None else _PLACES.get(found[1]) or int(found[1])


def _rates(found: list[Quantity]) -> Iterator[Problem]:
    """Yield a rate that the two counts right before it contradict: 应办结D件，按时办结n件，按时办结率p%."""
    for index in range(2, len(found)):
        whole, part, rate = found[index - 2 : index + 1]
        match = _RATE.search(rate.lead)
        if match is None or rate.kind != "percent" or rate.is_vague or _NEGATED.search(rate.lead):
            continue
        if whole.kind != "count" or part.kind != "count" or whole.is_vague or part.is_vague:
            continue
        named = _WHOLES.get(match["name"], _DEADLINE)
        if not named.search(whole.lead) or match["name"] not in part.lead or _NEGATED.search(part.lead):
            continue
        if part.value <= whole.value and not ratio_fits(part, whole, rate):
            yield (
                "率",
                rate.lead.strip("，（、") + rate.text,
                f"{part.text}占{whole.text}的{shown(part.value / whole.value * 100)}%",
            )
