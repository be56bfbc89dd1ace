"""Areas in the names of classes: a text that names 甘井子区 is rather for one of its units."""

import re
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotline_tools.places import AREA_PREFIX, TOWN

_LEVEL = re.compile(rf"[^省市区區县縣].*?(?:[省市区區县縣]|{TOWN})")
_BRANCH = re.compile(r"^(\w{2,3})分局")
_KIND = re.compile(rf"(?:新?[区區]|[省市县縣]|{TOWN})$")
_NO_NAMES = {"开发", "经开", "高新", "高新技术", "经济", "工业", "示范", "管理", "合作", "保税"}
"""Without 区 these are words of any text: 开发 of 开发商."""
_LONGEST = 4
"""Characters of an area's name without its kind; what is longer is no area."""


def area_words(names: Iterable[str]) -> tuple[str, ...]:
    """Return how the areas that names begin with are written in texts, sorted, each once.

    沙河口区兴工街道办事处 gives 沙河口 and 兴工, 开发区分局 the whole 开发区, 教育局 nothing.
    """
    found = set()
    for name in names:
        prefix = AREA_PREFIX.match(name)
        levels = _LEVEL.findall(prefix[0]) if prefix else []
        branch = _BRANCH.match(name)
        if branch and not levels:
            levels = [branch[1]]
        for level in levels:
            plain = _KIND.sub("", level)
            if len(plain) > _LONGEST or level.endswith("城乡"):
                continue
            found.add(level if len(plain) < 2 or plain in _NO_NAMES else plain)
    return tuple(sorted(found))


def named_areas(words: tuple[str, ...], titles: pa.Array, contents: pa.Array) -> NDArray[np.float32]:
    """Return (n × words + 1): 1 where a message names the area, and in the last column where it names none.

    No column at all without words.
    """
    found = np.zeros((len(titles), len(words) + 1 if words else 0), np.float32)
    for place, word in enumerate(words):
        for text in (titles, contents):
            hits = pc.fill_null(pc.match_substring(text, word), False)
            found[np.asarray(hits), place] = 1
    if words:
        found[:, -1] = ~found[:, :-1].any(axis=1)
    return found
