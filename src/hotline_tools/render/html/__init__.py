"""Tables and documents as one HTML page that needs nothing else: offline, sortable, prints well."""

from hotline_tools.render.html.document import render_document
from hotline_tools.render.html.page import render_html, render_page
from hotline_tools.render.html.tables import render_fragment

__all__ = ["render_document", "render_fragment", "render_html", "render_page"]
