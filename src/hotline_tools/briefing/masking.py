"""Texts of callers in a briefing: masked once more, since it leaves the house."""

import re

from hotline_tools.privacy import Author, mask_text
from hotline_tools.surnames import COMPOUND_SURNAMES

_ADDRESS = "先生|女士|小姐|师傅|大爷|大妈|阿姨"
_NAMED = re.compile(rf"(?:{COMPOUND_SURNAMES}|[\u4e00-\u9fff])老?({_ADDRESS})")
"""A surname before a form of address."""
_NUMBERED = re.compile(r"[A-Za-z]{0,6}\d{8,}")
"""The number of an order, a contract and the like."""
_PLATE = re.compile(r"[，、；]?车牌号?[^，。；]{0,3}\*{3,}")
"""A number plate without its figures, which says nothing any more."""
_WHO = re.compile(rf"[（(【\[][^（）()【】\[\]]*(?:\*\*|某(?:{_ADDRESS}))[^（）()【】\[\]]*[）)】\]]")
"""Who it was, in brackets."""


def masked_twice(text: str, author: Author) -> str:
    """Return a text on one line, without persons and numbers."""
    masked = mask_text(text, author)
    return _NUMBERED.sub("（编号略）", _NAMED.sub(r"某\1", " ".join(masked.split())))


def masked_name(name: str) -> str:
    """Return the name of an issue, which may be an order's title, without the person in it."""
    masked = masked_twice(name, "caller")
    return _PLATE.sub("", _WHO.sub("", masked)).strip() or "某事项"
