"""The figures of a Chinese sentence: each with its unit, its precision and the words before it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

QuantityKind = Literal["count", "percent", "points"]
_WIDE = str.maketrans("０１２３４５６７８９％．－＋；：（）", "0123456789%.-+；：（）")
_HALF_STOPS = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "﹪": "%", "﹐": "，"}
_THOUSANDS = re.compile(r"(?<=\d)[,](?=\d{3}(?!\d))")
_STOP = re.compile(r"[,;:()﹪﹐]")
_POINT = re.compile(r"(?<=\d)\s*\.\s*(?=\d)")
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_UNITS = (
    "件次|件|宗|条|起|例|通|人次|次|单|户|"
    "个(?!百分点|月|工作日|小时|单位|部门|县|区|镇|乡|街|市|社区|村|百分)"
)
_QUANTITY = re.compile(
    r"(?P<about>约|近|逾|超过|超|突破|不足|至少|大约|不到|高于|低于|达到或超过)?"
    r"(?P<number>(?<![\d.])\d+(?:\.\d+)?)(?P<more>余|多)?(?P<ten>万|亿)?(?P<more2>余|多)?"
    rf"(?:(?P<percent>%)|(?P<points>个?百分点)|(?P<unit>{_UNITS}))(?P<after>左右|以上|以下|以内)?"
)
_TENS = {None: 1.0, "万": 1e4, "亿": 1e8}


@dataclass(frozen=True)
class Quantity:
    """A count, a percentage or a number of percentage points as it is printed."""

    kind: QuantityKind
    value: float
    step: float
    """One unit of the last printed place; the true value lies within it, rounded or cut off."""
    unit: str
    lead: str
    """The text between the figure before and this one."""
    text: str
    start: int
    end: int
    is_vague: bool = False
    """约, 余, 左右 …: no arithmetic is done with it."""

    @property
    def slack(self) -> float:
        """How far the true value may lie from the printed one; a whole count is exact."""
        return 0.0 if self.kind == "count" and self.step == 1 else self.step


def folded(text: str) -> str:
    """Return a text with half-width figures, full-width stops, and without blanks and thousands commas."""
    text = _POINT.sub(".", text.translate(_WIDE))
    text = _THOUSANDS.sub("", re.sub(r"\s+", "", text))
    return _STOP.sub(lambda found: _HALF_STOPS[found[0]], text)


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a passage, folded."""
    for found in _SENTENCE.finditer(folded(text)):
        yield found[0]


def quantities(sentence: str) -> list[Quantity]:
    """Return the figures of a folded sentence in their order."""
    found: list[Quantity] = []
    end = 0
    for match in _QUANTITY.finditer(sentence):
        digits = match["number"].partition(".")[2]
        scale = _TENS[match["ten"]]
        kind: QuantityKind = "percent" if match["percent"] else "points" if match["points"] else "count"
        vague = any(match[name] for name in ("about", "more", "more2", "after"))
        lead = sentence[end : match.start()]
        step = scale * 10.0 ** -len(digits)
        value = float(match["number"]) * scale
        end = match.end()
        found.append(
            Quantity(kind, value, step, match["unit"] or "", lead, match[0], match.start(), end, vague)
        )
    return found


def ratio_fits(part: Quantity, whole: Quantity, stated: Quantity) -> bool:
    """Tell whether ``part`` of ``whole`` is the percentage that is stated."""
    if not whole.value:
        return True
    ratio = part.value / whole.value * 100
    spread = (part.slack / part.value if part.value else 0) + whole.slack / whole.value
    return abs(ratio - stated.value) <= stated.step * 1.001 + ratio * spread


def shown(value: float) -> str:
    """Return a computed figure for a message: whole, else with two decimals."""
    return f"{value:.0f}" if abs(value - round(value)) < 1e-9 else f"{value:.2f}"
