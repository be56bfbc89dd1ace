"""The words and figures of totals, subtotals and remarks, as people put them below a table."""

import re

_NUMBER = r"[+-]?\d[\d,]*(?:\.\d+)?"
_UNIT = r"(?:条|條|件|單|单|笔|筆|个|個|宗|起|项|項|次|户|人|份|页|頁|行|天|小时|元|万元|%|％)"
_TOTAL_WORD = (
    r"(?:[合总總小共累统統]\s*[计計]|[总總]\s*[数數量]|小\s*[结結]|[总總][和额額]|汇总|彙總|全部|本[页頁]|以上\s*[共计計合]"
    r"|平均|均值|grand\s*total|sub-?\s*total|total|sum|average|count)"
)
_TOTAL_START = re.compile(rf"^[\W_]*(?:本?[页頁月周日年季]?{_TOTAL_WORD})", re.IGNORECASE)
_ENDS_TOTAL = re.compile(rf"{_TOTAL_WORD}[\W_]*$", re.IGNORECASE)
_SUM = re.compile(rf"^[\W_]*(?:以上|本[页頁月周日年季表])?\s*共\s*[有计計]?\s*{_NUMBER}\s*{_UNIT}?")
_SENTENCE = re.compile(
    rf"^.{{0,14}}?(?:共|[合总總累]\s*[计計]).{{0,8}}?{_NUMBER}\s*(?:条|條|件|單|单|笔|筆|宗|起)\W*(?:[（(].*[)）])?\W*$"
)
"""本月共受理诉求7件（已办结3件）。"""
_QUANTITY = re.compile(rf"{_NUMBER}\s*{_UNIT}?|[\d一二三四五六七八九十百千万]+\s*{_UNIT}")
_FIGURE = re.compile(rf"{_NUMBER}\s*{_UNIT}|[\d一二三四五六七八九十百千万]+\s*{_UNIT}")
_JUST_NUMBER = re.compile(r"^[\s\d,.%％+\-—/]*$")
_LABEL = re.compile(r"(?:率|数|數|量|值|额|額|计|計|[件单單条條])$")
_FOOTNOTE = re.compile(
    r"^\W*(?:(?:附?注|备注|備註|说明|說明|制表|填表|审核|審核|复核|統計|统计|打印|列印|导出|匯出|数据|數據|資料|资料|單位|单位"
    r"|报送|报表|查询|日期|note|remark|source|printed|exported|generated)[^。]{0,14}[:：]"
    r"|(?:接待人|值班领导|值班人|经办人|负责人|分管领导|主要领导|签发人)\s*[:：]|.{0,14}[（(]\s*(?:盖章|公章|签字|签章)\s*[)）]"
    r"|(?:本|以上|上述)(?:表|报表|数据|數據|資料|统计|内容)|(?:数据|统计)?截[至止]|以下空白|以下无正文|未完待续"
    r"|第\s*\d+\s*[页頁])",
    re.IGNORECASE,
)
_LONGEST = 40
_MOST_WORDS = 6
"""Letters between two figures up to which they are the label of a figure (已办结), not a sentence."""


def is_number(cell: str) -> bool:
    """Nothing but figures, percent signs and dashes."""
    return _JUST_NUMBER.match(cell) is not None


def is_total(cell: str) -> bool:
    """A short cell that says 合计, 小计, 共5件 and the like, with or without the figures."""
    if len(cell) > _LONGEST:
        return False
    if _SENTENCE.match(cell):
        return True
    starts = _TOTAL_START.match(cell) or _SUM.match(cell)
    return bool(starts or _ENDS_TOTAL.search(cell)) and _leftover(cell) <= _MOST_WORDS


def is_bare_total(cell: str) -> bool:
    """A total that is nothing else, even where the cell may be the rest of a torn text."""
    return is_total(cell) and bool(_TOTAL_START.match(cell) or _SUM.match(cell)) and _leftover(cell) <= 3


def is_summary(cell: str) -> bool:
    """A figure with its unit and label (已办结3件, 办结率100%), or the label of one (办结率)."""
    if len(cell) > _LONGEST:
        return False
    has_figure = _FIGURE.search(cell) is not None or _LABEL.search(cell) is not None
    return is_total(cell) or (has_figure and _leftover(cell) <= _MOST_WORDS)


def is_footnote(cell: str) -> bool:
    """A remark below a table: 备注：…, 制表人：…, 以上数据…."""
    return _FOOTNOTE.match(cell) is not None


def _leftover(cell: str) -> int:
    """The most letters between two figures or marks, total words aside."""
    bare = re.sub(_TOTAL_WORD, "", _QUANTITY.sub(",", cell), flags=re.IGNORECASE)
    return max(map(len, re.split(r"[\W\d_]+", bare)), default=0)
