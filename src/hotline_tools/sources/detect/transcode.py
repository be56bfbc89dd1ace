"""A byte stream that is valid UTF-8 whatever the file's encoding, for pyarrow's CSV reader.

Undecodable bytes become U+FFFD; ``saw_lost`` tells the reader to look for them. NUL bytes, which some
platforms pad cells with, and the byte order marks of joined files are removed.
"""

import codecs
import io
from collections.abc import Generator
from pathlib import Path
from threading import Lock
from typing import BinaryIO

import pyarrow as pa

from hotline_tools.prefetch import prefetch
from hotline_tools.sources.detect.decode import LOST, Block, decoded, decoded_apart, decodes_apart

_LOST_BYTES = LOST.encode()
_READ = 1 << 22
_BLOCKS_AHEAD = 12
"""Of a child: so that it is at work while nobody asks for a block."""
_UTF8 = ("utf-8", "utf-8-sig")


class Utf8Stream(io.RawIOBase):
    """Reads the file ``path`` in UTF-8; where all of it is to be read, a large one is decoded ``apart``."""

    def __init__(self, path: Path, encoding: str, *, apart: bool = False) -> None:
        super().__init__()
        self._raw = path.open("rb")
        self._blocks: list[Generator[Block]] = []
        """What is read, and behind it what that is read from."""
        if encoding in _UTF8:
            self._blocks = [_checked(self._raw)]
        elif apart and decodes_apart(path):
            child = decoded_apart(path, encoding)
            self._blocks = [prefetch(child, _BLOCKS_AHEAD), child]
        else:
            self._blocks = [decoded(self._raw, encoding)]
        self._pending = b""
        self._one_at_a_time = Lock()
        """pyarrow reads ahead in a thread of its own, which may be at it when this is closed."""
        self.saw_lost = False
        self._end = b"\n"
        self.quotes = 0
        """Quotation marks so far."""

    @property
    def ends_line(self) -> bool:
        """Whether what was read last ends a line."""
        return self._end.endswith((b"\n", b"\r"))

    @property
    def ends_in_character(self) -> bool:
        """Whether what was read last is the rest of a character."""
        return self._end == _LOST_BYTES

    def readable(self) -> bool:
        """Always True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes; shorter only at the end."""
        with self._one_at_a_time:
            return self._taken(size if size >= 0 else 1 << 62)

    def _taken(self, wanted: int) -> bytes:
        parts, got = [self._pending], len(self._pending)
        while got < wanted and (block := next(self._blocks[0], None)) is not None:
            part, lost = block
            self.saw_lost = self.saw_lost or lost
            self.quotes += part.count(b'"')
            self._end = part[-len(_LOST_BYTES) :] or self._end
            parts.append(part)
            got += len(part)
        whole = b"".join(parts)
        self._pending = whole[wanted:]
        return whole[:wanted]

    def readall(self) -> bytes:
        """Everything that is left."""
        return self.read(-1)

    def close(self) -> None:
        """Close the file below, too, and end the process that decodes it."""
        with self._one_at_a_time:
            for blocks in self._blocks:
                blocks.close()
            self._raw.close()
        super().close()


def _checked(raw: BinaryIO) -> Generator[Block]:
    """Yield what ``decode.decoded`` does of UTF-8: valid bytes as they are, for Arrow checks them faster than
    Python decodes them.
    """
    rest, ended = b"", False
    while not ended:
        data = raw.read(_READ)
        ended, data = not data, rest + data
        cut = len(data) if ended else len(data) - _cut_character(data)
        data, rest = data[:cut], data[cut:]
        try:
            pa.array([data], pa.large_binary()).cast(pa.large_string())
        except pa.ArrowInvalid:
            data = data.decode("utf-8", "replace").encode("utf-8", "replace")
        data = data.replace(codecs.BOM_UTF8, b"")
        yield data.replace(b"\0", b"") if b"\0" in data else data, _LOST_BYTES in data


def _cut_character(data: bytes) -> int:
    """How many bytes at the end are the beginning of a character whose rest is still to come."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte < 0x80:
            return 0
        if byte >= 0xC0:
            need = 4 if byte >= 0xF0 else 3 if byte >= 0xE0 else 2
            return back if need > back else 0
    return 0
