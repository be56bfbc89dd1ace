"""The period of the title against that of the text, one total stated twice, and the daily average."""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hotline_tools.briefing.audit.bulletin import Passage
from hotline_tools.briefing.audit.changes import Problem
from hotline_tools.briefing.audit.quantities import Quantity, folded, shown
from hotline_tools.briefing.audit.shares import PassageFigures

_NAMED = re.compile(r"通报|月报|周报|日报|季报|年报|简报|专报|分析|报告|情况|统计|数据|热线")
_MONTH = re.compile(
    r"(?:(?P<year>20\d\d)年)?(?P<month>1[0-2]|0?[1-9]|[一二三四五六七八九十]{1,2})月(?:份)?(?!\d{1,2}日|[一二三四五六七八九十]{1,3}日)"
)
_SPAN = re.compile(r"月\s*(?:份)?[-—–~～至到]|[-—–~～至]\s*\d+月|季度|半年|上旬|中旬|下旬|截至|今年以来|累计")
_TOTAL = re.compile(
    r"^(?:一是|\d[.、]|（[一二三四五六七八九十]+）)?(?P<scope>[^。；]{0,40}?)(?:共|总共|累计)"
    r"(?P<verb>受理|接听|接收|接到|收到|办理|承办|办结|转办|派发|交办)(?:了|到)?"
    r"(?P<what>[\u4e00-\u9fff、“”]{0,18}?)(?:总量)?(?:为|达)?$"
)
_DAILY = re.compile(r"日均(?:受理|接听|接收)?[\u4e00-\u9fff]{0,6}?(?:为|约)?$")
_NUMERALS = {sign: number for number, sign in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}
_WITHIN_TITLE = 6
"""Passages from the top in which the title stands."""
_MOST_TITLE = 45


def _month_of(match: re.Match[str]) -> int:
    return (
        _NUMERALS[match["month"]]
        if match["month"] in _NUMERALS
        else int(match["month"])
        if match["month"].isdigit()
        else 0
    )


def title_of(passages: Sequence[Passage]) -> tuple[Passage, int, int] | None:
    """Return the title, its year (0 for none) and month; None where it names none, or more than one."""
    titles = [p for p in passages if p.is_title][:2] or list(passages[:_WITHIN_TITLE])
    for passage in titles:
        text = folded(passage.text)
        found = list(_MONTH.finditer(text))
        is_title = len(text) <= _MOST_TITLE and _NAMED.search(text) and not re.search(r"[。，]", text)
        if is_title and len(found) == 1 and not _SPAN.search(text):
            return passage, int(found[0]["year"] or 0), _month_of(found[0])
    return None


@dataclass(frozen=True)
class StatedTotal:
    """A total of the whole hotline as a sentence states it."""

    passage: PassageFigures
    sentence: str
    quantity: Quantity
    year: int
    month: int
    """0 where the sentence names none."""
    period: str
    """The words that name the period: 2025年6月, 本月; empty for none."""
    scope: str
    counted: tuple[str, str, str]
    """Verb, object and unit: 受理, 诉求, 件."""


def heading_problems(
    passages: Sequence[Passage], figures: Sequence[PassageFigures]
) -> Iterator[tuple[PassageFigures, str, Problem]]:
    """Yield a first total of another month than the title's, and totals stated with two values."""
    totals = list(_totals(figures))
    titled = title_of(passages)
    if titled is not None:
        yield from _other_period(titled, totals)
    seen: list[StatedTotal] = []
    for total in totals:
        for other in seen:
            if not _same(total, other, titled[2] if titled else 0):
                continue
            apart = abs(other.quantity.value - total.quantity.value)
            if apart > other.quantity.slack + total.quantity.slack:
                said = f"{total.period}{total.counted[0]}{total.quantity.text}"
                against = f"{other.passage.where}为{other.quantity.text}"
                yield total.passage, total.sentence, ("前后不一", said, against)
                break
        seen.append(total)


def _other_period(
    titled: tuple[Passage, int, int], totals: Sequence[StatedTotal]
) -> Iterator[tuple[PassageFigures, str, Problem]]:
    title, year, month = titled
    dated = [total for total in totals if total.month]
    if any(total.month == month and (not total.year or not year or total.year == year) for total in dated):
        return
    if dated:
        first = dated[0]
        yield first.passage, first.sentence, ("时段", f"标题“{title.text}”", f"正文为{first.period}")


def _same(one: StatedTotal, other: StatedTotal, title_month: int) -> bool:
    """Tell whether two totals are of the same hotline, period and thing."""
    return (
        one.counted == other.counted
        and bool(one.period and other.period)
        and (one.month or title_month) == (other.month or title_month)
        and len({one.scope, other.scope} - {""}) < 2
        and len({one.year, other.year} - {0}) < 2
    )


def _totals(figures: Sequence[PassageFigures]) -> Iterator[StatedTotal]:
    for passage in figures:
        for sentence, found in passage.sentences:
            if not found or found[0].kind != "count" or found[0].is_vague:
                continue
            match = _TOTAL.match(sentence[: found[0].start])
            if match is None or _SPAN.search(match["scope"]) or not _ALL.match(match["what"]):
                continue
            months = list(_MONTH.finditer(match["scope"]))
            scope = _PERIOD_WORDS.sub("", _MONTH.sub("", match["scope"]))
            if len(months) > 1 or not _WHOLE.match(scope):
                continue
            words = _PERIOD_WORDS.search(match["scope"])
            period = months[0][0] if months else words[0] if words else ""
            year, month = (int(months[0]["year"] or 0), _month_of(months[0])) if months else (0, 0)
            counted = (match["verb"], match["what"], found[0].unit)
            named = scope.strip("，：:")
            yield StatedTotal(passage, sentence, found[0], year, month, period, named, counted)


_PERIOD_WORDS = re.compile(r"本月|本周|本期|当月|本季度|本年")
_ALL = re.compile(
    r"^(?:企业|群众|市民|各类|有效|热线|各项|来电|电话|诉求|工单|事项|问题|来件|和|、|话务|办件)*$"
)
_WHOLE = re.compile(
    r"^[，：:\s]*(?:20\d\d年|全市|全省|全区|全县|我市|我区|我县|12345|政务服务|便民|政府|热线|平台|中心|服务|市长|市民|[\u4e00-\u9fff]{1,4}[省市县区州盟旗]|，|：|-)*$"
)

"""A scope that is the hotline's own, not that of a channel, unit or category."""


def daily_problems(sentence: str, found: list[Quantity]) -> Iterator[Problem]:
    """Yield a daily average that neither the days nor the working days of its period make of its total."""
    lengths = _lengths(sentence[: found[0].start]) if found else ()
    for total, daily in pairwise(found):
        if daily.kind != "count" or total is not found[0] or total.unit != daily.unit or not daily.value:
            continue
        if not _DAILY.search(daily.lead) or len(daily.lead) > 10 or total.is_vague or daily.is_vague:
            continue
        low = (total.value - total.slack) / (daily.value + daily.step)
        high = (total.value + total.slack) / max(daily.value - daily.step, 1e-9)
        if lengths and not any(low <= days <= high for days in lengths):
            against = f"{total.text}按{lengths[0]}天计为{shown(total.value / lengths[0])}"
            yield "日均", f"日均{daily.text}", against


def _lengths(period: str) -> tuple[int, ...]:
    """Return how many days a named week or month may have, the calendar's first; none for other periods."""
    months = list(_MONTH.finditer(period))
    if match := re.match(r"^(?:20\d\d)?年?(上半年|下半年|第?[一二三四1-4]季度|(?<=\d年)共)", period):
        return _LONG[match[1][-2:]]
    if re.search(r"本周|第\d+周", period) and not months:
        return (7, 5, 6)
    if len(months) != 1 or _SPAN.search(period) or re.search(r"\d日|周", period):
        return ()
    year, month = int(months[0]["year"] or 0), _month_of(months[0])
    days = calendar.monthrange(year or 2024, month)[1]
    return (days, *((28,) if month == 2 and not year else ()), *_WORKING_DAYS)


_LONG = {
    "半年": (181, 182, 184, *range(112, 131)), "季度": (90, 91, 92, *range(55, 67)),
    "共": (365, 366, *range(240, 256)),
}  # fmt: skip
_WORKING_DAYS = range(15, 24)
"""Working days that a month may have."""
