"""The empty Word document that every one is made from: its styles, page and page numbers, nothing foreign."""

import io
from importlib.resources import files
from importlib.resources.abc import Traversable

import docx
from docx.document import Document as WordDocument

from hotline_tools.render.opc import packed


def empty_document() -> WordDocument:
    """Return a new Word document without text; its parts lie as XML files in the directory ``base``."""
    parts = _parts(files("hotline_tools.render.docx").joinpath("base"))
    # Office looks for the content types first.
    return docx.Document(io.BytesIO(packed(dict(sorted(parts.items(), key=lambda item: item[0] != _FIRST)))))


_FIRST = "[Content_Types].xml"


def _parts(directory: Traversable, prefix: str = "") -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for entry in sorted(directory.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found |= _parts(entry, f"{prefix}{entry.name}/")
        else:
            found[prefix + entry.name] = entry.read_bytes()
    return found
