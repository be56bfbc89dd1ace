"""A batch of messages as one array of character codes, so that words are looked up by numpy.

Title and content of every message are laid end to end, folded character by character
(NFKC, lower case, Traditional to Simplified); nothing depends on other rows of the batch.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import opencc
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

PLANE = 0x10000
HEAD, TAIL = 420, 120
"""Of a long message the first 420 and the last 120 characters are read."""

UInts = NDArray[np.uint16]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class CodeBatch:
    """``codes[i]`` is the folded character at position i, of message ``row[i]``; line break = row end."""

    codes: UInts
    row: Ints
    in_title: NDArray[np.bool_]
    rows: int

    def text(self, start: int, end: int) -> str:
        """The folded characters of a span."""
        return self.codes[start:end].astype("<u2").tobytes().decode("utf-16-le", "replace")


@lru_cache(maxsize=1)
def fold_table() -> UInts:
    """Folded code of every code of the basic plane; what folds to several characters stays."""
    letters = [chr(code) if not 0xD800 <= code < 0xE000 else "?" for code in range(PLANE)]
    folded = [unicodedata.normalize("NFKC", letter).lower() for letter in letters]
    table = np.arange(PLANE, dtype=np.uint16)
    # OpenCC reads phrases; a line break between any two characters keeps it to single ones
    lines = "\n".join(f if len(f) == 1 and f not in "\r\n" else "?" for f in folded)
    simplified = opencc.OpenCC("t2s").convert(lines).split("\n")
    for code, (own, simple) in enumerate(zip(folded, simplified, strict=True)):
        if len(own) == 1 and len(simple) == 1 and own not in "\r\n" and ord(simple) < PLANE:
            table[code] = ord(simple)
    return table


def encode(titles: pa.Array, contents: pa.Array) -> CodeBatch:
    """Lay a batch out as codes; ``titles`` and ``contents`` are string arrays of one length."""
    title = pc.replace_substring(pc.fill_null(titles.cast(pa.string()), ""), "\n", " ")
    content = pc.fill_null(contents.cast(pa.string()), "")
    joined = pc.binary_join_element_wise(title, content, "", "\n")
    if isinstance(joined, pa.ChunkedArray):
        joined = joined.combine_chunks()
    codes = _codes(joined)
    lengths = pc.utf8_length(joined).to_numpy(zero_copy_only=False).astype(np.int64)
    title_lengths = pc.utf8_length(title).to_numpy(zero_copy_only=False).astype(np.int64)
    row = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    after_title = lengths - title_lengths
    in_title = np.repeat(
        np.tile([True, False], len(lengths)), np.column_stack([title_lengths, after_title]).ravel()
    )
    is_long = after_title > HEAD + TAIL + 2
    if is_long.any():
        starts = np.cumsum(lengths) - lengths
        place = np.arange(len(codes)) - (starts + title_lengths)[row]
        long, inner = is_long[row], after_title[row]
        keep = in_title | ~long | (place <= HEAD + 1) | (place >= inner - TAIL - 1)
        # the cut is a line break, so that no word reaches across it
        codes = np.where(long & (place == HEAD + 1), np.uint16(10), codes)
        codes, row, in_title = codes[keep], row[keep], in_title[keep]
    return CodeBatch(codes, row, in_title, len(lengths))


def _codes(joined: pa.Array) -> UInts:
    offsets = np.frombuffer(joined.buffers()[1], np.int32)[joined.offset : joined.offset + len(joined) + 1]
    data = joined.buffers()[2]
    if data is None or len(joined) == 0:
        return np.empty(0, np.uint16)
    text = memoryview(data)[int(offsets[0]) : int(offsets[-1])]
    wide = np.frombuffer(bytes(text).decode("utf-8").encode("utf-32-le"), np.uint32)
    return fold_table()[np.where(wide < PLANE, wide, 0xFFFD)]


def fold_codes(text: str) -> str:
    """``text`` folded exactly as a batch is, for building vocabularies."""
    wide = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    folded = fold_table()[np.where(wide < PLANE, wide, 0xFFFD)]
    return folded.astype("<u2").tobytes().decode("utf-16-le", "replace")
