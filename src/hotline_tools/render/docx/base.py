"""The empty Word document that every one is made from: its styles, page and page numbers, nothing foreign."""

import io
from importlib.resources import files

import docx
from docx.document import Document as WordDocument

from hotline_tools.render.opc import packed_directory


def empty_document() -> WordDocument:
    """Return a new Word document without text; its parts lie as XML files in the directory ``base``."""
    return docx.Document(io.BytesIO(packed_directory(files("hotline_tools.render.docx").joinpath("base"))))
