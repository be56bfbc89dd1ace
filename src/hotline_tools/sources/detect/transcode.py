"""A byte stream that is valid UTF-8 whatever the file's encoding, for pyarrow's CSV reader.

Undecodable bytes become U+FFFD; ``saw_lost`` tells the reader to look for them. NUL bytes, which some
platforms pad cells with, and the byte order marks of joined files are removed.
"""

import codecs
import io
from typing import BinaryIO

import pyarrow as pa

LOST = "\ufffd"
_LOST_BYTES = LOST.encode()
_MARK = "\ufeff"


class Utf8Stream(io.RawIOBase):
    """Reads ``raw`` from where it stands, decodes and encodes again; closes ``raw`` with itself."""

    def __init__(self, raw: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._is_utf8 = encoding in ("utf-8", "utf-8-sig")
        if encoding.startswith("utf-") and encoding != "utf-8":
            _skip_mark(raw, encoding)
        self._tail = b""
        self._pending = b""
        self._ended = False
        self.saw_lost = False

    def readable(self) -> bool:
        """Always True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes; shorter only at the end."""
        wanted = size if size >= 0 else 1 << 62
        parts, got = [self._pending], len(self._pending)
        while got < wanted and not self._ended:
            part = self._next(min(max(wanted - got, 4096), 1 << 22))
            parts.append(part)
            got += len(part)
        whole = b"".join(parts)
        self._pending = whole[wanted:]
        return whole[:wanted]

    def readall(self) -> bytes:
        """Everything that is left."""
        return self.read(-1)

    def close(self) -> None:
        """Close the file below, too."""
        if not self.closed:
            self._raw.close()
        super().close()

    def _next(self, size: int) -> bytes:
        data = self._raw.read(size)
        self._ended = not data
        if self._is_utf8:
            encoded = self._checked(self._tail + data).replace(codecs.BOM_UTF8, b"")
            self.saw_lost = self.saw_lost or _LOST_BYTES in encoded
        else:
            text = self._decoder.decode(data, final=self._ended).replace(_MARK, "")
            self.saw_lost = self.saw_lost or LOST in text
            encoded = text.encode("utf-8", "replace")
        return encoded.replace(b"\0", b"") if b"\0" in encoded else encoded

    def _checked(self, data: bytes) -> bytes:
        """UTF-8 stays as it is when valid; Arrow checks it faster than Python decodes it."""
        cut = len(data) if self._ended else len(data) - _cut_character(data)
        data, self._tail = data[:cut], data[cut:]
        try:
            pa.array([data], pa.large_binary()).cast(pa.large_string())
        except pa.ArrowInvalid:
            return data.decode("utf-8", "replace").encode("utf-8", "replace")
        return data


def _skip_mark(raw: BinaryIO, encoding: str) -> None:
    mark = {"utf-8-sig": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE}.get(encoding, codecs.BOM_UTF16_BE)
    if raw.read(len(mark)) != mark:
        raw.seek(0)


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
