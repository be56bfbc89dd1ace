"""A ``Document`` as a PDF for print and for readers aloud (PDF/UA-1), set by typst: extra ``[pdf]``."""

from hotline_tools.render.pdf.document import render_document

__all__ = ["render_document"]
