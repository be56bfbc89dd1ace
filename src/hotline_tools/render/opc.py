"""Office files (Open Packaging Conventions) that are the same bytes whenever they are made."""

import io
import re
import zipfile
from datetime import datetime
from importlib.resources.abc import Traversable

MADE = datetime(1980, 1, 1)
"""The time in every file, so that the same content gives the same bytes: the earliest that zip can hold."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no place for, as the escape of a terminal's colours."""


def packed(parts: dict[str, bytes]) -> bytes:
    """Return a package of parts by name, in their order, all of one fixed time."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, MADE.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return sink.getvalue()


def packed_directory(directory: Traversable) -> bytes:
    """Return the package whose parts lie as files in a directory; Office reads the content types first."""
    parts = _parts_in(directory, "")
    return packed(dict(sorted(parts.items(), key=lambda item: item[0] != "[Content_Types].xml")))


def _parts_in(directory: Traversable, prefix: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for entry in sorted(directory.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found |= _parts_in(entry, f"{prefix}{entry.name}/")
        else:
            found[prefix + entry.name] = entry.read_bytes()
    return found


def repacked(blob: bytes) -> bytes:
    """Return a package with its parts in their order and the times of writing taken out."""
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        return packed({name: package.read(name) for name in package.namelist()})


def xml_text(text: str) -> str:
    """Return the text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)
