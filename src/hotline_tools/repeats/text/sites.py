"""Sites: the one name that locates the problem, from the address column, else from the text."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from hotline_tools.places import AREA_PREFIX, ROAD, ROAD_SECTION
from hotline_tools.repeats.text.lexicon import lexicon
from hotline_tools.repeats.text.names import Name

_BUILDING = re.compile(
    r"(?:\d+|[a-z])(?:-\d+)*(?:号楼|号(?!院)|栋|幢|单元|室|层|楼|座|弄).*$|[一二三四五六七八九十]+[层楼].*$"
    r"|(?:\d+f|b\d+)$"
)
_ROAD = re.compile(rf"^([^|]{{1,9}}?(?:{ROAD}){ROAD_SECTION}?)(?!社区|居委会)(.*)$")
_NUMBER = re.compile(r"^(\d+(?:之\d+)?(?:巷|弄|号))(?:\d+(?:弄|号|之\d+))*")
_ALONG = re.compile(
    r"^(?:-|与|和|靠近|近|到|至|旁|附近|[前后对上下]|[东南西北]侧)|路灯|对面|路口|交叉口|巷口|街口|[东南西北中][段头]|往[东南西北]|[东南西北]侧$"
)
_OBJECT = re.compile(
    r"\(?(?:路灯|灯杆|灯柱|电杆)?(?:编号|编码|杆号|灯号)[:：]?(?P<written>[a-z]{0,3}\d[\d-]*)\)?"
    r"|(?<!\d)-(?P<ending>第?\d{2,4})(?:支|盏|根)?(?:\([^()]*\))?(?:,.*)?$"
    r"|(?<=号)-(?P<nth>第\d{1,4})(?:支|盏|根)(?:\([^()]*\))?$"
)
"""The number of a lamp, a pole or a bin: 编号0302714, or at the end after a dash: 公园(西)-279."""
HOUSE = re.compile(r"(?<=[路道街巷段])(?:\d+(?:[之-]\d+)?(?:巷|弄|号(?!楼)))+(?:之\d+)?")
"""The lanes and the number of a house of a road, without its floor."""
_WARD = re.compile(r"^[^|]{2,3}里(?=[^|]{1,6}(?:路|街|大道))")
"""The ward of a city that stands before a road: 中央里松江路."""
_LANE = re.compile(r"(?<=[路街道段])\d+[巷弄]$")
_UNKNOWN_ADDRESS = frozenset(
    [
        "不详",
        "不明",
        "未知",
        "不清楚",
        "无地址",
        "地址不详",
        "地址不明",
        "未提供",
        "暂无",
        "其他",
        "见内容",
        "详见内容",
    ]
)
_CLOSE = ("estate", "school", "actor", "village", "line", "road")
_LEAST_IN_TEXT = 3
"""Least characters of a site in free text: shorter names are too often none."""
_SINGLE_ENDINGS = "路街村巷厂苑院园桥河"
"""Of the endings of one character, those that free text seldom has by chance (都, 里 and 次 are not)."""
_SENTENCE_FRAGMENT = re.compile(r"[去说并来跟给每收人为]|住院|法院$|银行$")
"""A name of free text that contains one of these is a fragment of a sentence."""


def without_area(address: str) -> str:
    """Return a normalised address without the province, city, district and town it begins with."""
    return AREA_PREFIX.sub("", address)


def address_site(address: str) -> str:
    """Return the estate, village or company of an address without its area, else the road; or nothing.

    The number of a building in an estate is dropped, but a lane or a number tells one lamp of a road from
    the next. A community alone is where a caller lives, not where the problem is.
    """
    if _object(address):
        address = _OBJECT.sub("", address)
    address = _WARD.sub("", address)
    found = _ROAD.match(address)
    if not found:
        site = _BUILDING.sub("", address)
        nothing = len(site) < 2 or site.endswith(("社区", "居委会")) or site in _UNKNOWN_ADDRESS
        return "" if nothing else site
    road, rest = found.groups()
    number = _NUMBER.match(rest)
    rest = _BUILDING.sub("", rest[number.end() :] if number else rest)
    if len(rest) < 2 or _ALONG.search(rest):
        return road + (number.group(1) if number else "")
    return rest


def object_number(address: str) -> str:
    """Return the number of the one object (a lamp, a pole) that a normalised address names, or its lane's.

    What follows an estate's name after a dash is a building and is ignored.
    """
    return _object(address) or _lane(address_site(address))


def spot(address: str) -> str:
    """Return the crossing, else the house (or the lane) that a normalised address names; or nothing.

    Of a crossing of two roads, in whatever order, or of the ends of a stretch.
    """
    ends = [part for part in address.split("-") if _ROAD.match(part)]
    if len(ends) > 1:
        return "-".join(sorted(ends))
    found = HOUSE.search(address)
    return found.group().replace("-", "之") if found else ""


def _lane(site: str) -> str:
    found = _LANE.search(site)
    return found.group() if found else ""


def _object(address: str) -> str:
    found = _OBJECT.search(address)
    if found is None or (found["ending"] and _is_estate(address[: found.start()])):
        return ""
    return (found["written"] or found["ending"] or found["nth"]).strip("第").lstrip("0")


def _is_estate(name: str) -> bool:
    known = lexicon()
    sizes = range(min(known.longest_ending, len(name)), 0, -1)
    kinds = (known.kind_of[name[-size:]] for size in sizes if name[-size:] in known.kind_of)
    return next(kinds, "") == "estate"


def text_site(title: Sequence[Name], body: Sequence[Name]) -> str:
    """Return the name in a title, else in a body, that is closest to a site; or nothing.

    An estate, school or company is closer than the road it stands at.
    """
    for names in (title, body):
        close = [
            name for name in names if name.kind in _CLOSE and is_reliable_site(name.text, name.words[-1])
        ]
        if close:
            buildings = [name for name in close if name.kind != "road"]
            return "".join((buildings or close)[0].words)
    return ""


@lru_cache(maxsize=1 << 16)
def is_reliable_site(name: str, last_word: str) -> bool:
    """Tell whether a name of free text can stand for a site: long enough, with a telling ending."""
    if len(name) < _LEAST_IN_TEXT or _SENTENCE_FRAGMENT.search(name):
        return False
    return name[-1] in _SINGLE_ENDINGS or last_word.endswith(_long_endings())


@cache
def _long_endings() -> tuple[str, ...]:
    return tuple(ending for ending in lexicon().kind_of if len(ending) >= 2)
