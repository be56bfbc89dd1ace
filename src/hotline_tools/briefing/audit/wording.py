"""环比, 同比 and 百分点 where they cannot stand."""

import re
from collections.abc import Iterator
from itertools import pairwise

from hotline_tools.briefing.audit.changes import DOWN, UP, Problem
from hotline_tools.briefing.audit.quantities import Quantity

_LAST = "上月|上个月|上一月|上周|上一周|上期|上季度|上一季度|前一周|前一月"
_YEAR = "去年同期|上年同期|去年同月|上年同月|去年同季"
_WRONG = (
    (
        re.compile(rf"(?:(?:比|较|与|同|和)(?:{_LAST})(?:相比)?|同比(?:{_LAST}))(?!同期)同?比?"),
        "同比",
        "上一期的变化应称环比",
    ),
    (
        re.compile(rf"(?:(?:比|较|与|同|和)(?:{_YEAR})(?:相比)?环比|环比(?:{_YEAR}))"),
        "环比",
        "与去年同期的比较应称同比",
    ),
)
_RATE = re.compile(
    rf"(?P<name>[\u4e00-\u9fff]{{0,8}}(?:满意率|办结率|办理率|回复率|签收率|接通率|解决率|响应率|及时率|按时率|按期率|结案率|"
    rf"联系率|退回率|重办率|逾期率|超时率))(?:均?为|达到?|是)?(?P<is>\d[\d.]*%)?[，（]?"
    rf"(?:环比|同比|(?:比|较|与)[\u4e00-\u9fff]{{1,6}}?(?:相比)?)[，]?(?:{UP}|{DOWN})了?(?P<by>\d[\d.]*%)"
)
_RATE_WORD = re.compile(r"率|占比|比例|比重|满意度")


def wording_problems(sentence: str, found: list[Quantity]) -> Iterator[Problem]:
    """Yield the words of comparison that contradict what is compared."""
    for pattern, word, remark in _WRONG:
        for match in pattern.finditer(sentence):
            if word in match[0]:
                yield "环比同比", match[0], remark
    for match in _RATE.finditer(sentence):
        yield "百分点", match[0], "率的变化以百分点计；若是相对变化，须写明"
    for before, change in pairwise(found):
        said = sentence[: change.start]
        is_pair = before.kind == "count" and change.kind == "points"
        if is_pair and "%" not in said and not _RATE_WORD.search(said):
            yield "百分点", before.text + change.lead + change.text, "件数的变化以百分比计"
