"""How headers and cell values are compared: spelling variants of one name have one key."""

import re
from collections.abc import Mapping
from functools import lru_cache

from hotline_tools.schema import Status
from hotline_tools.text import fold

_NOT_WORD = re.compile(r"[\W_]+")
_NUMBERED = re.compile(r"^\d{1,3}[-_.、:) ]+")
_REMARK = re.compile(r" *\([^()]*\)$")
_AROUND = re.compile(r"^[\[(【〔「<《“\"']+(.+?)[\])】〕」>》”\"']+$")
_PARTS = re.compile(r" *[-–—_/:：,，;；|>]+ *| with ")
_LONGEST_CODE = 100
"""Characters up to which a cell may be a code with its remark; a longer one is a text."""
_PARENTHESIS = re.compile(r"\s*[(\[【〔<].*?[)\]】〕>]\s*")


@lru_cache(maxsize=65536)
def header_key(name: str) -> str:
    """Folded (NFKC, case, Traditional to Simplified), without spaces and punctuation."""
    return _NOT_WORD.sub("", fold(name))


def header_keys(name: str) -> tuple[str, ...]:
    """The key of the whole name, then of what stands outside and inside its parenthesis."""
    keys = [header_key(name)]
    outside = _PARENTHESIS.sub("", fold(name))
    if header_key(outside) not in ("", keys[0]):
        keys.append(header_key(outside))
        inside = fold(name)[len(outside) :] if fold(name).startswith(outside) else ""
        if header_key(inside):
            keys.append(header_key(inside))
    return tuple(keys)


def value_key(text: str) -> str:
    """How cell texts are compared with value maps and placeholders."""
    return " ".join(fold(text).split())


def code_of(text: str, table: Mapping[str, str]) -> str | None:
    """Return the code of a cell, by ``table`` (folded text → code); None where it is not known.

    A number before the text, a remark behind it and brackets around it say nothing of the code
    (``3-已办结（超期）``, ``[结案]``). Of several parts (``fixed - council``, 在办-超期) the known ones
    decide where they agree. An order that is closed is so whatever is told beside it: ``Closed - Referred``.
    """
    if len(text) > _LONGEST_CODE:
        return None
    key = value_key(text)
    bare = _NUMBERED.sub("", key)
    bare = _AROUND.sub(r"\1", _REMARK.sub("", bare) or bare)
    for written in dict.fromkeys((key, bare, key.replace("_", " "))):  # IN_PROGRESS
        if found := table.get(written):
            return found
    codes = [table[part] for part in _PARTS.split(bare) if part in table]
    if len(set(codes)) == 1 or codes[:1] == [Status.CLOSED]:
        return codes[0]
    return None
