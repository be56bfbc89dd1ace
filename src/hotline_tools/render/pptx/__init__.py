"""PowerPoint presentations: a finding a slide, with native charts and tables and the source in the notes."""

from hotline_tools.render.pptx.presentation import render_document

__all__ = ["render_document"]
