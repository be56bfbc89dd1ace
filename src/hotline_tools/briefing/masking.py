"""Texts of callers in a briefing: masked once more, since it leaves the house."""

import re

from hotline_tools.privacy import Author, mask_text

_NAMED = re.compile(r"[\u4e00-\u9fff](先生|女士|小姐|师傅|大爷|大妈|阿姨)")
"""A surname before a form of address."""
_NUMBERED = re.compile(r"[A-Za-z]{0,6}\d{8,}")
"""The number of an order, a contract and the like."""


def masked_twice(text: str, author: Author) -> str:
    """Return a text on one line, without persons and numbers."""
    masked = mask_text(text, author)
    return _NUMBERED.sub("（编号略）", _NAMED.sub(r"某\1", " ".join(masked.split())))
