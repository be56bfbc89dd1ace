"""The total that a part belongs to by the structure of its sentence: 受理200件，其中投诉100件."""

import re
from collections.abc import Sequence

from hotline_tools.briefing.audit.changes import is_plain
from hotline_tools.briefing.audit.quantities import Quantity

_OF_WHICH = re.compile(r"^[，。；：（、]*(?:其中|包括)")
_LISTED = re.compile(
    r"^[，；、（][^，。；、（）涉]{1,8}$|^(?:[，（]?(?:所|约)?占|[，（]同比|[，（]环比|[，）]?[，（]?(?:较|比))"
)
"""A further part by its short name, and what is said of the part before it."""
_TOTAL = re.compile(r"(?:共|总计|累计)(?:受理|接听|接收|接到|办理|收到|接)?[^，。；、（）其]{0,20}$")
_NEXT = re.compile(r"^，[^，。；、（）]{1,12}$")


def whole_of(before: Sequence[Quantity], part: Quantity, earlier: Sequence[Quantity]) -> Quantity | None:
    """Return the count that ``part`` is told to be of; None where the sentence does not say.

    ``before`` are the figures of the sentence up to the part, ``earlier`` those of the sentence before it.
    """
    place = before.index(part)
    opening = _opening(before, place)
    if opening is None:
        return _named_before(before, place)
    if whole := _last_count(before[:opening], part.unit):
        return whole
    counts = _counts(earlier, part.unit) if not opening else []
    return counts[0] if len(counts) == 1 else None


def _opening(before: Sequence[Quantity], place: int) -> int | None:
    """Return the first figure of the list after 其中 that the figure at ``place`` stands in."""
    for index in range(place, -1, -1):
        if _OF_WHICH.search(before[index].lead):
            return index
        if not _LISTED.search(before[index].lead):
            return None
    return None


def _named_before(before: Sequence[Quantity], place: int) -> Quantity | None:
    """Return the total right before a part: 共受理200件，投诉100件."""
    whole = before[place - 1] if place else None
    is_whole = whole is not None and whole in _counts(before, before[place].unit)
    if whole is None or not is_whole or not _TOTAL.search(whole.lead):
        return None
    return whole if _NEXT.search(before[place].lead) else None


def _last_count(before: Sequence[Quantity], unit: str) -> Quantity | None:
    counts = _counts(before, unit)
    return counts[-1] if counts else None


def _counts(found: Sequence[Quantity], unit: str) -> list[Quantity]:
    return [q for q in found if q.kind == "count" and q.unit == unit and is_plain(q) and not q.is_vague]
