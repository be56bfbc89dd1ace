"""Bytes of any encoding → blocks of UTF-8, in this process or in one of its own.

Python decodes with its lock held: while a gigabyte of GB18030 is decoded, nothing else of an import runs but
what has let go of the lock. So the bytes of a large file are decoded by a child. It runs this file as a
script, without the package and what that loads, and therefore nothing but the standard library is used here.
"""

import codecs
import errno
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import IO, BinaryIO

Block = tuple[bytes, bool]
"""UTF-8, and whether there was something in it that could not be decoded."""

_LARGE = 64 << 20
"""Bytes of a file from which a child pays: it starts in a few hundredths of a second."""
_READ = 1 << 20
_PIPE = 1 << 20
"""Bytes; what Linux allows everybody."""
_SIZE_BYTES = 4
LOST = "\ufffd"
_MARK = "\ufeff"


def decodes_apart(path: Path) -> bool:
    """Tell whether a file is large enough to be decoded in a process of its own."""
    return path.stat().st_size >= _LARGE


def decoded(raw: BinaryIO, encoding: str) -> Generator[Block]:
    """Yield what is left of ``raw``: undecodable bytes as U+FFFD, without byte order marks and NUL bytes."""
    decoder = _Decoder(encoding)
    data = b"."
    while data:
        data = raw.read(_READ)
        text = decoder.decode(data, final=not data).replace(_MARK, "")
        encoded = text.encode("utf-8", "replace")
        yield encoded.replace(b"\0", b"") if b"\0" in encoded else encoded, LOST in text


def decoded_apart(path: Path, encoding: str) -> Generator[Block]:
    """Yield the blocks of ``decoded`` from a process of its own, which ends with the iterator.

    Raises ``OSError`` when it ended before the file did.
    """
    child = subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, str(path), encoding],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    assert child.stdout is not None
    try:
        widen(child.stdout)
        while True:
            lost, *size = _taken(child.stdout, 1 + _SIZE_BYTES, path)
            width = int.from_bytes(bytes(size), "little")
            if not width:
                return
            yield bytes(_taken(child.stdout, width, path)), bool(lost)
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


class _Decoder:
    """An incremental decoder. GB18030 is read as GBK, a fifth faster, until a character has four bytes."""

    def __init__(self, encoding: str) -> None:
        self._exact = codecs.getincrementaldecoder(encoding)("replace")
        self._quick = codecs.getincrementaldecoder("gbk")() if encoding == "gb18030" else None

    def decode(self, data: bytes, *, final: bool) -> str:
        if self._quick is not None:
            begun, _ = self._quick.getstate()
            try:
                return self._quick.decode(data, final)
            except UnicodeDecodeError:
                self._quick, data = None, begun + data
        return self._exact.decode(data, final)


def widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold more: each time it is full or empty, both sides wait for Python's lock."""
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415 - not there on Windows

        with suppress(OSError):  # a system may allow less
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _taken(pipe: IO[bytes], width: int, path: Path) -> bytearray:
    """Return the next ``width`` bytes."""
    data = bytearray(width)
    rest = memoryview(data)
    while rest:
        got = pipe.readinto(rest)  # type: ignore[attr-defined]
        if not got:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        rest = rest[got:]
    return data


def _serve(path: str, encoding: str) -> None:
    """Write each block to the standard output behind its mark and size, and an empty one at the end."""
    with Path(path).open("rb", buffering=0) as raw:
        for block, lost in decoded(raw, encoding):
            if block:
                _send(bytes([lost]) + len(block).to_bytes(_SIZE_BYTES, "little"))
                _send(block)
    _send(bytes(1 + _SIZE_BYTES))


def _send(data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(1, rest) :]


if __name__ == "__main__":
    _serve(*sys.argv[1:])
