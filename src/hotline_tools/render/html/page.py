"""The page around tables and documents: its style, its scripts, and the policy that lets nothing else run.

The policy (Content Security Policy) names the SHA-256 of each script and style of the page, so that no text
of a caller can become one, and forbids every request.
"""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files

from markupsafe import Markup

from hotline_tools.render.html.tables import render_fragment
from hotline_tools.render.html.templates import filled
from hotline_tools.render.opc import xml_text
from hotline_tools.table import ReportTable

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>{{ style }}</style></head><body>
{{ body }}
{% for script in scripts %}
<script>{{ script }}</script>
{% endfor %}
</body></html>
"""
_SHEETS = '<main class="sheets">{{ body }}</main>'


def render_html(tables: Sequence[ReportTable]) -> str:
    """Return a page of tables, one below the other."""
    body = filled(_SHEETS, body=Markup("\n").join(render_fragment(table) for table in tables))
    return page(tables[0].title if tables else "报表", body, ["assets/tables.js"])


def render_page(table: ReportTable) -> str:
    """Return one report as a page."""
    return render_html([table])


def page(title: str, body: Markup, scripts: Sequence[str]) -> str:
    """Return the page of a body; ``scripts`` are files of this package, in the order they run."""
    style, texts = _asset("assets/page.css"), [_asset(name) for name in scripts]
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, texts))}",
            f"style-src {_hash(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    made = filled(
        _PAGE,
        policy=Markup(policy),
        title=title,
        style=Markup(style),
        body=body,
        scripts=[Markup(text) for text in texts],
    )
    return f"{xml_text(made)}\n"


@cache
def _asset(name: str) -> str:
    return files("hotline_tools.render.html").joinpath(name).read_text("utf-8")


@cache
def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
