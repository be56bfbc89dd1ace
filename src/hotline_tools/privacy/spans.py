"""Where a text holds personal data.

Each finder is a pattern and a judge that looks at what stands around the match, because order numbers,
dates, building numbers and office telephones look much alike.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from hotline_tools.privacy.checks import is_birth_date, is_id_number, passes_luhn

Author = Literal["caller", "office"]
"""Who wrote the text: an office's own telephone in its reply is not personal."""


class Kind(StrEnum):
    """What was found."""

    ID = "id"
    BANK_CARD = "bank-card"
    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "e-mail"
    PLATE = "plate"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Span:
    """Characters ``start`` to ``end`` of the text; the first ``keep`` of them may stay readable."""

    start: int
    end: int
    kind: Kind
    keep: int = 0


_ALONE = r"(?<![\dA-Za-z.])"
_END = r"(?![\d])"
_EMAIL = re.compile(r"[A-Za-z0-9][\w.%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
_ID = re.compile(rf"{_ALONE}(?:\d{{17}}[\dXx]|\d{{15}})(?![\dA-Za-z])")
_ID_BY_WORD = re.compile(r"身份证[^\dA-Za-z，。；]{0,8}(?P<number>\d{14,18}[\dXx]?)(?!\d)")
_CARD = re.compile(
    rf"{_ALONE}[3-6]\d{{3}}(?P<gap>[ -]?)\d{{4}}(?P=gap)\d{{4}}(?P=gap)\d{{3,4}}(?:(?P=gap)\d{{1,3}})?{_END}"
)
_MOBILE = re.compile(r"1[3-9]\d(?P<gap>[- ]?)\d{4}(?P=gap)\d{4}" + _END)
_COUNTRY = re.compile(r"(?<!\d)(?:\+|00)?86[- ]?$")
_GLUED = re.compile(
    r"(?<!\d)(?:(?:0\d{2,3}-?[2-9]\d{6,7}|1[3-9]\d{9})1[3-9]\d{9}(?!\d)|1[3-9]\d{9}(?=20[0-3]\d年))"
)
"""Two numbers written without a gap, or a number and the year of the signature below it."""
_TAIWAN_MOBILE = re.compile(rf"{_ALONE}09\d\d-?\d{{3}}-?\d{{3}}{_END}")
_LANDLINE = re.compile(rf"{_ALONE}(?<!400-)(?<!800-)(?:[(（]?0\d{{2,3}}[)）]?[-—– ]?)?[2-8]\d{{6,7}}{_END}")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•.・ -]?"
    r"(?:[A-HJ-NP-Z0-9]{5}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?:QQ|qq|扣扣|微信|vx|VX|wx)(?:号码?|邮箱)?(?:是|为)?[:： ]{0,2}(?P<name>[A-Za-z0-9_-]{5,20})(?!\w)",
    re.ASCII,
)

_DIGITS = re.compile(r"\d[\d()（）—– -]{5,}[\dXx]")
_LOOK_BACK, _LOOK_AHEAD = 32, 6
"""Characters around a run of digits that the patterns and judges may want to see."""
_ACCOUNT_WORD = re.compile("[Qq扣微Vvw][Qq扣信Xx]")
"""Whatever ``_ACCOUNT`` begins with: two sets are found sooner than five words."""
_NUMBERED = re.compile(
    r"(?:编号|单号|工单|案号|文号|合同号?|订单号?|流水号|证号|注册|代码|受理号|事项码|序号|〔|第)[^\d，。；]{0,4}$"
)
_PHONE_CUE = re.compile(r"(?:电话|手机|号码|联系|致电|来电|拨打|TEL|Tel|tel)[^\d，。；]{0,8}$")
_LATIN_CUE = re.compile(r"(?:^|[^A-Za-z])(?:tel|phone|mobile|v|vx|wx|wechat|t|m|mp|q|qq)$", re.IGNORECASE)
_LATIN_END = re.compile(r"[A-Za-z]$")
_BANK_ACCOUNT = re.compile(r"(?:卡号|账号|帐号|账户|帐户)[^\dA-Za-z，。；]{0,10}(?P<number>\d{12,21})(?!\d)")
_CARD_CUE = re.compile(r"(?:卡号|账号|帐号|账户|帐户|银行|信用卡|储蓄卡|借记卡)[^\d]{0,10}$")
_OWN_PHONE = re.compile(
    r"(?:我的?|本人|家里?|家庭|住宅|宅|私人|市民|来电人|诉求人|反映人|投诉人|举报人|申请人|业主|您的?)[^\d，。；、打拨给]{0,4}"
    r"(?:电话|号码|座机|固话|联系方式)[^\d，。；、]{0,5}$"
)
_BARE_PHONE = re.compile(
    r"(?:^|[，。；！？、\s\d*）)])(?:联系电话|联系方式|电话号码|电话|座机|固话|回电)(?:是|为)?[:： ]{0,2}$"
)
_CITIZEN_PHONE = re.compile(
    r"(?:市民|来电人|诉求人|反映人|投诉人|举报人|申请人|业主|您)(?:[的所预本人留提供下登记联系]{0,6})"
    r"(?:电话|号码|座机|固话|联系方式)[^\d，。；、]{0,6}$"
)
_OFFICE = re.compile(
    r"(?:单位|物业|公司|部门|办公|热线|客服|咨询|服务|窗口|大厅|中心|局|处|科|所|街道|社区|医院|学校|银行|派出所|监督|值班|企业"
    r"|商家|店)[^\d。；]{0,8}$"
)


def find_personal(text: str, author: Author = "caller") -> list[Span]:
    """Return the spans of personal data in ``text``, in order, without overlaps."""
    plain = text.translate(_HALF_WIDTH) if _FULL_WIDTH.search(text) else text
    taken: list[Span] = []
    for span in _found(plain, author):
        if all(span.end <= other.start or span.start >= other.end for other in taken):
            taken.append(span)
    return sorted(taken, key=lambda span: span.start)


def _found(text: str, author: Author) -> Iterator[Span]:
    if "@" in text:
        yield from _emails(text, author)
    for digits in _DIGITS.finditer(text):
        yield from _numbers(text, author, digits.start(), digits.end())
    yield from _plates(text, author)
    if _ACCOUNT_WORD.search(text):
        yield from _accounts(text, author)


def _numbers(text: str, author: Author, start: int, end: int) -> Iterator[Span]:
    """Look at one run of digits: finding digits is cheap, looking around them is not."""
    first = max(0, start - _LOOK_BACK)
    window = text[first : end + _LOOK_AHEAD]
    for at_least, finder in _NUMBER_FINDERS:
        if end - start >= at_least:
            for span in finder(window, author):
                yield replace(span, start=span.start + first, end=span.end + first)


def mask_text(text: str, author: Author = "caller") -> str:
    """Replace personal data by asterisks, one for each character hidden.

    What stands beside a number decides what it is, and hiding one thing changes what stands beside the
    next; so it looks again until nothing more is found, and masking a masked text changes nothing.
    """
    before = None
    while text != before:
        before = text
        text = _hide(text, find_personal(text, author))
    return text


def _hide(text: str, spans: list[Span]) -> str:
    parts, at = [], 0
    for span in spans:
        shown = span.start + span.keep
        parts += [text[at:shown], "*" * (span.end - shown)]
        at = span.end
    return "".join([*parts, text[at:]])


_FULL_WIDTH = re.compile("[０-９＠Ａ-Ｚａ-ｚ]")
_HALF_WIDTH = {
    wide: wide - 0xFEE0
    for wide in range(0xFF01, 0xFF5F)
    if chr(wide - 0xFEE0).isalnum() or chr(wide - 0xFEE0) in "@._+%-"
} | {0x3000: 0x20, ord("×"): ord("X")}
"""What numbers and names are written in; Chinese punctuation stays, the judges know it by its width."""


def _emails(text: str, _: Author) -> Iterator[Span]:
    for found in _EMAIL.finditer(text):
        if not found[0].lower().endswith("gov.cn"):
            yield Span(found.start(), found.end(), Kind.EMAIL)


def _ids(text: str, _: Author) -> Iterator[Span]:
    for found in _ID.finditer(text):
        before = text[max(0, found.start() - 12) : found.start()]
        if is_id_number(found[0]) and ("身份证" in before or not _NUMBERED.search(before)):
            yield Span(found.start(), found.end(), Kind.ID)
    for found in _ID_BY_WORD.finditer(text):
        yield Span(found.start("number"), found.end("number"), Kind.ID)


def _cards(text: str, _: Author) -> Iterator[Span]:
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        before = text[max(0, found.start() - 16) : found.start()]
        cue = bool(_CARD_CUE.search(before))
        if cue or (passes_luhn(digits) and not _NUMBERED.search(before)):
            yield Span(found.start(), found.end(), Kind.BANK_CARD)


def _accounts_by_word(text: str, _: Author) -> Iterator[Span]:
    for found in _BANK_ACCOUNT.finditer(text):
        yield Span(found.start("number"), found.end("number"), Kind.BANK_CARD)


def _mobiles(text: str, _: Author) -> Iterator[Span]:
    for found in _GLUED.finditer(text):
        yield Span(found.start(), found.end(), Kind.MOBILE)
    for pattern in (_MOBILE, _TAIWAN_MOBILE):
        for found in pattern.finditer(text):
            before = text[max(0, found.start() - 14) : found.start()]
            before = _COUNTRY.sub("", before)
            if before[-1:].isdigit() or before[-1:] == ".":
                continue
            if _LATIN_END.search(before) and not _LATIN_CUE.search(before):
                continue
            if _NUMBERED.search(before) and not _PHONE_CUE.search(before):
                continue
            yield Span(found.start(), found.end(), Kind.MOBILE, keep=3)


def _landlines(text: str, author: Author) -> Iterator[Span]:
    for found in _LANDLINE.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if (
            len(digits) == 8
            and digits.startswith(("19", "20"))
            and is_birth_date(digits[:4], digits[4:6], digits[6:])
        ):
            continue
        before = text[max(0, found.start() - 24) : found.start()]
        if author == "office":
            personal = bool(_CITIZEN_PHONE.search(before))
        else:
            bare = _BARE_PHONE.search(before)
            personal = bool(_OWN_PHONE.search(before)) or (bare is not None and not _OFFICE.search(before))
        if personal:
            yield Span(found.start(), found.end(), Kind.LANDLINE)


def _plates(text: str, _: Author) -> Iterator[Span]:
    for found in _PLATE.finditer(text):
        if any(c.isdigit() for c in found[0][2:]):
            yield Span(found.start(), found.end(), Kind.PLATE, keep=2)


def _accounts(text: str, _: Author) -> Iterator[Span]:
    for found in _ACCOUNT.finditer(text):
        if any(c.isdigit() for c in found["name"]):
            yield Span(found.start("name"), found.end("name"), Kind.ACCOUNT)


_NUMBER_FINDERS: tuple[tuple[int, Callable[[str, Author], Iterator[Span]]], ...] = (
    (14, _ids), (10, _mobiles), (15, _cards), (12, _accounts_by_word), (7, _landlines),
)  # fmt: skip
"""The fewest characters a run must have, and what it might then be; the more certain first."""
