"""The name of a row's caller, known from a column of its own, in the texts of the same row."""

import re

from hotline_tools.privacy.name_patterns import NO_CALLER
from hotline_tools.surnames import COMPOUND_SURNAMES, SURNAMES, TRADITIONAL_SURNAMES

_SURNAME = re.compile(rf"{COMPOUND_SURNAMES}|[{SURNAMES}{TRADITIONAL_SURNAMES}]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SHORT = 2
"""A name of so few characters may be a part of another word: 高峰 in 早高峰期."""
_BEFORE = (
    "人", "者", "市民", "群众", "居民", "村民", "业主", "网友", "户主", "用户", "客户", "顾客", "旅客",
    "乘客", "患者", "家长", "学生", "我叫", "我是", "名叫", "姓名", "告知", "告知了", "联系", "联系了",
    "回复", "答复", "回访", "通知", "转告",
)  # fmt: skip
_AFTER = (
    "先生", "女士", "小姐", "同志", "师傅", "老师", "大爷", "大妈", "阿姨", "来电", "致电", "来信",
    "来访", "反映", "反應", "陈情", "陳情", "投诉", "投訴", "举报", "檢舉", "咨询", "求助", "表示",
    "称", "说", "联系", "电话", "手机", "身份证", "男", "女", "本人", "家住", "住在", "要求", "希望",
)  # fmt: skip
"""What stands beside a name, and not in the middle of a word."""
NO_OWN_NAME = rf"^(?:{NO_CALLER}|单位|单元)$|先生|女士|小姐|同志|师傅|老师|某|大爷|大妈|大姐|大哥|阿姨"
"""RE2 of cells that are shaped like a name, but another word (游客), or hide who it is (王女士, 张某)."""


LATIN_NAME = r"^\p{Lu}[\p{L}'’.-]+(?: \p{Lu}[\p{L}'’.-]*){1,3}$"
"""RE2 of a cell of two to four words that begin with a capital letter: Ravi Kumar, John F. Smith."""


def hide_name(text: str, name: str) -> str:
    """Replace the given name of ``name`` by asterisks wherever it can only be that person."""
    surname = _SURNAME.match(name)
    kept = surname.end() if surname and surname.end() < len(name) else 1
    hidden = name[:kept] + "*" * (len(name) - kept)
    if len(name) > _SHORT:
        return text.replace(name, hidden)
    parts = text.split(name)
    shown = parts[0]
    for part in parts[1:]:
        shown += (hidden if _stands_alone(shown, part) else name) + part
    return shown


def hide_latin_name(text: str, name: str) -> str:
    """Replace a name of Latin letters by the first letter of each of its words, wherever all of it stands."""
    if name not in text:
        return text
    hidden = " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())
    return re.sub(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", hidden, text)


def _stands_alone(before: str, after: str) -> bool:
    begins = not before or not _HAN.match(before[-1]) or before.endswith(_BEFORE)
    return begins and (not after or not _HAN.match(after) or after.startswith(_AFTER))
