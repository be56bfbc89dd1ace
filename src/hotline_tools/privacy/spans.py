"""Where a text holds personal data.

What a pattern matches is judged by what stands around it, because order numbers, dates, building numbers
and office telephones look much alike.
"""

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from hotline_tools.privacy import patterns
from hotline_tools.privacy.checks import is_birth_date, is_id_number, passes_luhn
from hotline_tools.privacy.name_like_words import begins_a_word
from hotline_tools.privacy.name_patterns import (
    NAMES,
    SURE_NAMES,
    WORD_LIKE_NAMES,
    may_be_a_word,
)
from hotline_tools.privacy.personal_pattern import Author, Kind, PersonalPattern


@dataclass(frozen=True)
class PersonalSpan:
    """Characters ``start`` to ``end`` of the text; the first ``keep`` of them may stay readable."""

    start: int
    end: int
    kind: Kind
    keep: int = 0


_DIGITS = re.compile(r"\d[\d()（）—– -]{5,}[\dXx]", re.ASCII)
_LOOK_BACK, _LOOK_AHEAD = 32, 6
"""Characters around a run of digits that the patterns and judges may want to see."""
_IN_DIGITS: Mapping[Author, tuple[PersonalPattern, ...]] = {
    author: tuple(p for p in patterns.PATTERNS if p.least and p.author in (None, author))
    for author in get_args(Author)
}
ANYWHERE = (
    patterns.DOTTED_MOBILE, patterns.PERCENT_MOBILE, patterns.AMERICAN_PHONE, patterns.PLATE,
    patterns.PLATE_BY_WORD, patterns.PLATE_BY_CAR, patterns.ACCOUNT, patterns.CUSTOMER_NUMBER,
    *NAMES,
)  # fmt: skip
"""What no run of digits shows: sought in the whole text."""
_AFTER_DIGITS: Mapping[Author, tuple[PersonalPattern, ...]] = {
    author: tuple(p for p in ANYWHERE if p.author in (None, author)) for author in get_args(Author)
}
_TITLES = (
    "先生", "女士", "同志", "小姐", "总", "工", "主任", "经理", "书记", "老师", "科长", "局长", "队长",
    "师傅", "主管", "总监", "处长", "站长", "所长", "院长", "校长", "镇长", "村长", "厂长", "支书",
    "警官", "律师", "医生", "老板", "大爷", "大妈", "大姐", "大哥", "阿姨",
)  # fmt: skip
_FULL_WIDTH = re.compile(patterns.FULL_WIDTH)
_COUNTRY = re.compile(r"(?:(?<!\d)(?:\+|00)?|(?<=%2[Bb]))86[- ]?$")
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+$")
"""Blanks, colons and the like as an address on the web writes them."""
_NUMBERED = re.compile(
    r"(?:编号|单号|工单|案号|文号|合同号?|订单号?|流水号|证号|注册|代码|受理号|事项码|序号|〔|第)[^\d，。；]{0,4}$"
)
_PHONE_CUE = re.compile(r"(?:电话|手机|号码|联系|致电|来电|拨打|TEL|Tel|tel)[^\d，。；]{0,8}$")
_LATIN_CUE = re.compile(r"(?:^|[^A-Za-z])(?:tel|phone|mobile|v|vx|wx|wechat|t|m|mp|q|qq)$", re.IGNORECASE)
_LATIN_END = re.compile(r"[A-Za-z]$")
_ENGLISH_NUMBER = re.compile(r"([A-Za-z][A-Za-z_. ]*)[\"':=# ]{0,4}$")
_ENGLISH_ID = re.compile(r"(?:^|[_. ])(?:id|ids|no|num|number|key|code|ref|sn|seq|uuid)$|[a-z]Id$|[a-z]No$")
_ENGLISH_PHONE = re.compile(r"phone|tel|mobile|cell|contact|fax|caller|whatsapp", re.IGNORECASE)
_LINK = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]{0,20}://|www\.)[^\s\"'<>，。；、！？（）【】《》\u3400-\u9fff]+"
)
_LINK_PHONE = re.compile(
    r"(?:phone|tel|mobile|cell|sj|sjh|lxdh|idcard|sfzh?)\w*(?:=|%3[Dd])(?:%2[Bb](?:86)?)?$", re.IGNORECASE
)
_RECENT_DAY = re.compile(r"20[0-3]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_CARD_CUE = re.compile(r"(?:卡号|账号|帐号|账户|帐户|银行|信用卡|储蓄卡|借记卡)[^\d]{0,10}$")
_OWN_CUE = re.compile(rf"{patterns.OWN_PHONE}$")
_BARE_CUE = re.compile(rf"(?:^|[，。；！？、\s\d*）)]){patterns.BARE_PHONE}$")
"""The bare word for a telephone begins its clause: 电话 may be the office's in 物业电话."""
_OFFICE = re.compile(
    r"(?:单位|物业|公司|部门|办公|热线|客服|咨询|服务|窗口|大厅|中心|局|处|科|所|街道|社区|医院|学校|银行|派出所|监督|值班|企业"
    r"|商家|店)[^\d。；]{0,8}$"
)

_CAR_BEFORE = re.compile(
    r"(?:[车車]|驾驶|駕駛|[一-龥][A-HJ-NP-Z](?:[A-HJ-NP-Z0-9]{5}|\*{5})[、，, ]{0,2})[^。；\d]{0,12}$",
    re.IGNORECASE,
)
_CAR_AFTER = re.compile(r"[^，。；]{0,6}[车車]")
_SELLERS = re.compile(r"[店商厂卖东]家[^\d，。；、]{0,9}$")
"""The 家 of a shop is nobody's home."""
_FIRMS_RECORD = re.compile(r"(?:机构|信用)代码[^，。；]{0,24}$")
"""A telephone in the entry of a register of firms."""


def find_personal(text: str, author: Author = "caller", *, anywhere: bool = True) -> list[PersonalSpan]:
    """Return the spans of personal data in ``text``, in order, without overlaps.

    ``anywhere`` is false where the text is known to hold none of ``ANYWHERE``: to seek them takes most of the
    time.
    """
    plain = text.translate(patterns.HALF_WIDTH) if _FULL_WIDTH.search(text) else text
    links = [found.span() for found in _LINK.finditer(plain)] if "://" in plain or "www." in plain else []
    taken: list[PersonalSpan] = []
    for span in _found(plain, author, anywhere=anywhere):
        if links and _is_of_a_link(plain, span, links):
            continue
        place = bisect(taken, span.start, key=_start)
        beside = taken[max(0, place - 1) : place + 1]
        if all(span.end <= other.start or span.start >= other.end for other in beside):
            taken.insert(place, span)
    return taken


def _start(span: PersonalSpan) -> int:
    return span.start


def mask_text(text: str, author: Author = "caller") -> str:
    """Replace personal data by asterisks, one for each character hidden.

    What stands beside a number decides what it is, and hiding one thing changes what stands beside the
    next; so it looks again until nothing more is found, and masking a masked text changes nothing.
    """
    before = None
    while text != before:
        before, text = text, hide_found(text, author)
    return text


def hide_found(text: str, author: Author = "caller", *, anywhere: bool = True) -> str:
    """Replace what is found at the first look: one round of ``mask_text``; arguments of ``find_personal``."""
    return _hide(text, find_personal(text, author, anywhere=anywhere))


def _is_of_link(text: str, span: PersonalSpan, start: int, end: int) -> bool:
    """Whether the span is a part of a link's address, and not a telephone or id number handed over in it."""
    inside = start <= span.start and span.end <= end
    return inside and not _LINK_PHONE.search(text, start, span.start)


def _is_of_a_link(text: str, span: PersonalSpan, links: list[tuple[int, int]]) -> bool:
    """The same of the last of ``links`` (in their order) that begins before the span."""
    place = bisect(links, (span.start, len(text)))
    return place > 0 and _is_of_link(text, span, *links[place - 1])


def _is_numbered(before: str) -> bool:
    """Whether a number is what the text before it calls one: of an order, a contract, an article."""
    if _NUMBERED.search(before):
        return True
    english = _ENGLISH_NUMBER.search(before)
    name = english[1].rstrip() if english else ""
    return bool(_ENGLISH_ID.search(name)) and not _ENGLISH_PHONE.search(name)


def _hide(text: str, spans: list[PersonalSpan]) -> str:
    if not spans:
        return text
    parts, at = [], 0
    for span in spans:
        shown = span.start + span.keep
        parts += [text[at:shown], "*" * (span.end - shown)]
        at = span.end
    return "".join([*parts, text[at:]])


def _found(text: str, author: Author, *, anywhere: bool) -> Iterator[PersonalSpan]:
    for pattern, window, offset, begin in _places(text, author, anywhere=anywhere):
        for found in pattern.match.finditer(window):
            # a number further left has a window of its own, which shows all that stands before it
            if found.end() + offset > begin and _holds(pattern, found):
                start, end = found.span("value" if pattern.match.groups else 0)
                yield PersonalSpan(start + offset, end + offset, pattern.kind, pattern.keep)


def _places(text: str, author: Author, *, anywhere: bool) -> Iterator[tuple[PersonalPattern, str, int, int]]:
    """Yield which pattern to seek in which part of the text, where that part begins, and where its digits."""
    if patterns.EMAIL.may_be_in(text):
        yield patterns.EMAIL, text, 0, 0
    for run in _DIGITS.finditer(text):
        start, end = run.span()
        first = max(0, start - _LOOK_BACK)
        window = text[first : end + _LOOK_AHEAD]
        for pattern in _IN_DIGITS[author]:
            if end - start >= pattern.least and pattern.may_be_in(window):
                yield pattern, window, first, start
    for pattern in _AFTER_DIGITS[author] if anywhere else ():
        if pattern.may_be_in(text):
            yield pattern, text, 0, 0


def _holds(pattern: PersonalPattern, found: re.Match[str]) -> bool:
    if pattern.cue and not pattern.cue_before.search(_before(found, patterns.CUE_WIDTH)):
        return False
    judge = _JUDGES.get(pattern)
    return judge is None or judge(found)


def _before(found: re.Match[str], width: int) -> str:
    return found.string[max(0, found.start() - width) : found.start()]


def _is_foreign_phone(found: re.Match[str]) -> bool:
    return not _is_numbered(_before(found, patterns.CUE_WIDTH))


def _is_citizens(found: re.Match[str]) -> bool:
    return not found[0].lower().endswith("gov.cn")


def _is_id(found: re.Match[str]) -> bool:
    before = _before(found, 12)
    return is_id_number(re.sub("[ -]", "", found[0])) and ("身份证" in before or not _is_numbered(before))


def _is_card(found: re.Match[str]) -> bool:
    before = _before(found, 16)
    if _CARD_CUE.search(before):
        return True
    digits = re.sub(r"\D", "", found[0])
    # an order's id is a long number too, and holds the day of the order
    return passes_luhn(digits) and not _RECENT_DAY.search(digits) and not _is_numbered(before)


def _is_mobile(found: re.Match[str]) -> bool:
    before = _ESCAPES.sub("", _COUNTRY.sub("", _before(found, patterns.CUE_WIDTH)))
    if before[-1:].isdigit() or before[-1:] == ".":
        return False
    if _LATIN_END.search(before) and not _LATIN_CUE.search(before):
        return False
    return not _is_numbered(before) or bool(_PHONE_CUE.search(before))


def _is_landline(found: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", found[0])
    dated = len(digits) == 8 and digits.startswith(("19", "20"))
    return not (dated and is_birth_date(digits[:4], digits[4:6], digits[6:]))


def _is_callers_landline(found: re.Match[str]) -> bool:
    before = _before(found, _LOOK_BACK)
    if _SELLERS.search(before) or _FIRMS_RECORD.search(before):
        return False
    personal = _OWN_CUE.search(before) or (_BARE_CUE.search(before) and not _OFFICE.search(before))
    return bool(personal) and _is_landline(found)


def _is_plate_by_car(found: re.Match[str]) -> bool:
    beside = _CAR_BEFORE.search(_before(found, patterns.CUE_WIDTH)) or _CAR_AFTER.match(
        found.string, found.end()
    )
    return bool(beside) and _has_digit(found)


def _has_digit(found: re.Match[str]) -> bool:
    return any(c.isdigit() for c in found["value" if found.re.groups else 0])


def _is_given_name(found: re.Match[str]) -> bool:
    """Whether it is no title, and nobody has hidden it as 张某某 already."""
    return found["value"] not in _TITLES and "某" not in found["value"]


def _is_no_word(found: re.Match[str]) -> bool:
    """Whether it is a given name, and with the character before it no ordinary word."""
    start, end = found.span("value")
    return _is_given_name(found) and not begins_a_word(found.string[start - 1 : end])


def _is_sure_name(found: re.Match[str]) -> bool:
    """The same, and the surname begins no other word."""
    return _is_no_word(found) and not may_be_a_word(found.string[found.start("value") - 1])


_JUDGES: Mapping[PersonalPattern, Callable[[re.Match[str]], bool]] = {
    patterns.EMAIL: _is_citizens,
    patterns.ID: _is_id,
    patterns.SPACED_ID: _is_id,
    patterns.DOTTED_MOBILE: _is_mobile,
    patterns.MOBILE: _is_mobile,
    patterns.TAIWAN_MOBILE: _is_mobile,
    patterns.INTERNATIONAL_PHONE: _is_foreign_phone,
    patterns.AMERICAN_PHONE: _is_foreign_phone,
    patterns.GROUPED_PHONE: _is_foreign_phone,
    patterns.CARD: _is_card,
    patterns.CALLER_LANDLINE: _is_callers_landline,
    patterns.CITIZEN_LANDLINE: _is_landline,
    patterns.NAMED_LANDLINE: _is_landline,
    patterns.COLUMN_PHONE: _is_landline,
    patterns.PLATE: _has_digit,
    patterns.PLATE_BY_WORD: _has_digit,
    patterns.PLATE_BY_CAR: _is_plate_by_car,
    **dict.fromkeys(NAMES, _is_given_name),
    **dict.fromkeys(WORD_LIKE_NAMES, _is_no_word),
    **dict.fromkeys(SURE_NAMES, _is_sure_name),
    patterns.ACCOUNT: _has_digit,
}
"""What else a match must be; a pattern that is not here needs nothing more."""
