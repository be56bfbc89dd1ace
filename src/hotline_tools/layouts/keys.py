"""How headers and cell values are compared: spelling variants of one name have one key."""

import re
from functools import lru_cache

from hotline_tools.text import fold

_NOT_WORD = re.compile(r"[\W_]+")
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
