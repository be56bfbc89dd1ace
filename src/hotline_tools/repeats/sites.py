"""The one name that says where the problem is: of the address column, else of the text."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from hotline_tools.repeats.lexicon import lexicon
from hotline_tools.repeats.names import Name

_AREA = re.compile(
    r"^(?:[^|]{2,3}省)?(?:[^|]{2,4}市)?(?:[^|]{1,3}(?<![小社园校景厂片街库院宅民])[区县])?(?:[^|]{1,6}?(?:街道|镇|乡))?"
    r"(?:[^|]{1,4}?[里村]\d+邻)?"
)
_BUILDING = re.compile(r"(?:\d+|[a-z])(?:-\d+)*(?:号楼|号(?!院)|栋|幢|单元|室|层|楼|座|弄).*$")
_ROAD = re.compile(r"^([^|]{1,9}?(?:大道|大街|路|街|巷|胡同)(?:[一二三四五六七八九十\d]{1,2}段)?)(.*)$")
_NUMBER = re.compile(r"^(\d+(?:巷|弄|号))(?:\d+(?:弄|号|之\d+))*")
_ALONG = re.compile(
    r"^(?:与|和|靠近|近|到|至|旁|附近|[前后对上下]|[东南西北]侧)|路灯|对面|路口|交叉口|巷口|街口|[东南西北中][段头]|往[东南西北]|[东南西北]侧$"
)
_CLOSE = ("estate", "school", "actor", "village", "line", "road")
_LEAST_IN_TEXT = 3
"""Names in free text that are shorter are too often none."""
_SINGLE_ENDINGS = "路街村巷厂苑院园桥河"
"""Of the endings of one character, those that free text seldom has by chance (都, 里 and 次 are not)."""
_TALK = re.compile(r"[去说并来跟给每收人为]|住院|法院$|银行$")
"""Inside a would-be name of free text: it is a piece of a sentence."""


def without_area(address: str) -> str:
    """Return a normalised address without the province, city, district and town it begins with."""
    return _AREA.sub("", address)


def address_site(address: str) -> str:
    """Return the estate, village or company of an address without its area, else the road; or nothing.

    A building's number says nothing about an estate, but a lane or a number tells one lamp of a road from
    the next. A community alone is where a caller lives, not where
    the problem is.
    """
    found = _ROAD.match(address)
    if not found:
        site = _BUILDING.sub("", address)
        return "" if len(site) < 2 or site.endswith(("社区", "居委会")) else site
    road, rest = found.groups()
    number = _NUMBER.match(rest)
    rest = _BUILDING.sub("", rest[number.end() :] if number else rest)
    if len(rest) < 2 or _ALONG.search(rest):
        return road + (number.group(1) if number else "")
    return rest


def text_site(title: Sequence[Name], body: Sequence[Name]) -> str:
    """Return the name in a title, else in a body, that is closest to a site; or nothing.

    An estate, school or company is closer than the road it stands at.
    """
    for names in (title, body):
        close = [name for name in names if name.kind in _CLOSE and _is_sure(name.text, name.words[-1])]
        if close:
            buildings = [name for name in close if name.kind != "road"]
            return "".join((buildings or close)[0].words)
    return ""


@lru_cache(maxsize=1 << 16)
def _is_sure(name: str, last_word: str) -> bool:
    """Tell whether a name of free text can stand for a site: long enough, with a telling ending."""
    if len(name) < _LEAST_IN_TEXT or _TALK.search(name):
        return False
    return name[-1] in _SINGLE_ENDINGS or last_word.endswith(_long_endings())


@cache
def _long_endings() -> tuple[str, ...]:
    return tuple(ending for ending in lexicon().kind_of if len(ending) >= 2)
