"""Masking of whole columns and the keyed hash of callers."""

import re
import unicodedata
from functools import reduce
from hashlib import blake2b
from itertools import compress
from operator import ne

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.privacy.patterns import prefilter
from hotline_tools.privacy.personal_pattern import Author
from hotline_tools.privacy.spans import ANYWHERE, hide_found

_PHONE = re.compile(
    r"(?<!\d)(?:(?:\+|00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
    r"|(?<!\d)(?:\(?0\d{2,3}\)?[-—– ]?)?[2-8]\d{6,7}(?!\d)"
)
"""A telephone among others, or beside a name."""


class Masker:
    """Masks free text and turns callers into keys; ``key`` is the store's secret."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def mask(self, column: pa.Array, author: Author = "caller") -> pa.Array:
        """Return the string column with personal data replaced by asterisks; the same object if none.

        Only the texts that the prefilter lets through are looked at one by one, and those where something
        was hidden are looked at again (see ``mask_text``).
        """
        suspect = _has_any(column, prefilter(author))
        if not pc.any(suspect).as_py():
            return column
        suspects = column.filter(suspect)
        anywhere = _has_any(suspects, prefilter(author, ANYWHERE)).to_pylist()
        texts = suspects.to_pylist()
        hidden = [hide_found(text, author, anywhere=has) for text, has in zip(texts, anywhere, strict=True)]
        changed = np.fromiter(map(ne, hidden, texts), bool, len(texts))
        if not changed.any():
            return column
        rows = np.flatnonzero(suspect)[changed]
        again = self.mask(pa.array(compress(hidden, changed), pa.string()), author)
        is_changed = np.zeros(len(column), bool)
        is_changed[rows] = True
        return pc.replace_with_mask(column, pa.array(is_changed), again)

    def caller_key(self, column: pa.Array) -> pa.Array:
        """Return 32 hexadecimal digits per caller (keyed BLAKE2b-128); null stays null.

        The same telephone written ``+86 138-0000-0000`` or ``13800000000`` gives the same key. Of several
        in one cell the first counts; one digit repeated (00000000) is no telephone: null.
        """
        encoded = column.dictionary_encode()
        hashed = [self._hash(text) for text in encoded.dictionary.to_pylist()]
        return pa.array(hashed, pa.string()).take(encoded.indices)

    def _hash(self, text: str) -> str | None:
        caller = _canonical(text)
        if len(caller) >= 7 and caller.isdigit() and len(set(caller)) == 1:
            return None
        return blake2b(caller.encode(), key=self._key, digest_size=16).hexdigest()


def _has_any(column: pa.Array, patterns: tuple[str, ...]) -> pa.Array:
    found = (pc.match_substring_regex(column, pattern) for pattern in patterns)
    return pc.fill_null(reduce(pc.or_, found), False)


def _canonical(text: str) -> str:
    if len(text) == 11 and text.isascii() and text.isdigit():
        return text
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    if len(folded) > 11 and not (folded.isascii() and folded.isalnum()) and (found := _PHONE.search(folded)):
        folded = found[0]
    digits = "".join(c for c in folded if c.isdigit())
    is_phone = len(digits) >= 7 and not any(c.isalpha() for c in folded)
    if not is_phone:
        return folded
    if folded.endswith(".0"):
        digits = digits[:-1]
    return digits[-11:] if len(digits) in (13, 15) and digits.lstrip("0").startswith("86") else digits
