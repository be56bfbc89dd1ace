"""Word documents laid out by GB/T 9704—2012, with native tables and charts."""

from hotline_tools.render.docx.document import render_document, render_table

__all__ = ["render_document", "render_table"]
