"""A ``Document`` as a page: letterhead, chapters, attachments, and the orders behind its figures."""

from collections.abc import Mapping

from markupsafe import Markup

from hotline_tools.document import Behind, Chart, Document, OrdersBehind, Part, Section, Sentence
from hotline_tools.render.columns import drawn_columns
from hotline_tools.render.html.charts import embedded, figures
from hotline_tools.render.html.page import page
from hotline_tools.render.html.tables import Opens, notes_list, render_fragment
from hotline_tools.render.html.templates import filled
from hotline_tools.render.opc import xml_text
from hotline_tools.render.values import heading, shown
from hotline_tools.table import Cell, ReportTable

_CHARTS = ("echarts/echarts.common.min.js", "assets/charts.js")
_SCRIPTS = ("assets/tables.js", "assets/orders.js")
_MANY = 10
"""Columns beyond which a table is printed on a broad page."""
_BODY = """
<a class="skip" href="#text">跳到正文</a>
<header>
{% if head %}
<div class="letterhead">
{% if head.issuer and head.issuer not in head.name %}<p>{{ head.issuer }}</p>{% endif %}
<p class="bulletin">{{ head.name }}</p>
{% if head.number %}<p>{{ head.number }}</p>{% endif %}
<p class="line"><span>{{ head.compiled_by or head.issuer }}</span><span>{{ head.date }}</span></p>
</div>
{% endif %}
{% if verify %}
<div class="verify" role="alert"><b>待核：以下 {{ verify | length }} 处经检查有误，核实前请勿印发。</b>
<ol>{% for reason in verify %}<li>{{ reason }}</li>{% endfor %}</ol></div>
{% endif %}
<h1>{{ title }}</h1>
{% if period and period not in title %}<p class="period">（{{ period }}）</p>{% endif %}
</header>
{% if headings | length > 2 %}
<nav aria-label="目录"><ol>
{% for name in headings %}
{% if name %}<li><a href="#s{{ loop.index }}">{{ name }}</a></li>{% endif %}
{% endfor %}
</ol></nav>
{% endif %}
<main id="text" tabindex="-1">
{% for section in sections %}{{ section }}{% endfor %}
{{ notes }}
</main>
{% if head and head.to %}
<footer class="distribution">{% for line in head.to %}<p>{{ line }}</p>{% endfor %}</footer>
{% endif %}
{% if orders %}<script type="application/json" id="orders-data">{{ orders }}</script>{% endif %}
"""
_SECTION = """
<section{% if name %} aria-labelledby="s{{ number }}"{% endif %}{% if kind %} class="{{ kind }}"{% endif %}>
{% if name %}<h{{ level }} id="s{{ number }}">{{ name }}</h{{ level }}>{% endif %}
{% for block in blocks %}{{ block }}{% endfor %}
</section>
"""
_SENTENCE = '<p class="text">{{ text }}</p>\n'


def render_document(document: Document) -> str:
    """Return the document as a page that works offline.

    Raises ``NotComputableError`` for a chart with nothing to draw.
    """
    document = document.printed()
    behind = _Behind(document.orders)
    sections = [
        _section(document, section, number, behind.number_of)
        for number, section in enumerate(document.sections, 1)
    ]
    body = filled(
        _BODY,
        title=document.title,
        period=document.period,
        head=document.letterhead,
        verify=document.to_verify,
        headings=[document.heading(section) for section in document.sections],
        sections=sections,
        notes=notes_list(document.notes),
        orders=behind.embedded(),
    )
    has_charts = any('class="plot"' in section for section in sections)
    return page(document.title, body, [*_SCRIPTS, *(_CHARTS if has_charts else ())])


def _section(document: Document, section: Section, number: int, opens: Opens) -> Markup:
    blocks = [block for part in section.parts for block in _blocks(part, section, opens)]
    kinds = ["attachment"] if section.is_attachment else []
    if any(isinstance(part, ReportTable) and len(drawn_columns(part)) > _MANY for part in section.parts):
        kinds.append("broad")
    return filled(
        _SECTION,
        number=number,
        name=document.heading(section),
        level=section.level + 1,
        kind=" ".join(kinds),
        blocks=blocks,
    )


def _blocks(part: Part, section: Section, opens: Opens) -> list[Markup]:
    if isinstance(part, Sentence):
        return [filled(_SENTENCE, text=part.text)]
    if isinstance(part, Chart):
        return figures(part, opens)
    return [render_fragment(part, 0 if part.title == section.title else section.level + 2, opens)]


class _Behind:
    """Numbers the orders behind rows as the rows come, so that the page holds only what it can open."""

    def __init__(self, orders: OrdersBehind | None):
        self._orders = orders
        self._numbers: dict[int, int] = {}
        self._used: list[Behind] = []

    def number_of(self, row: Mapping[str, Cell]) -> int | None:
        """Return the number of a row's orders; None where it has none."""
        found = self._orders.of(row) if self._orders else None
        if found is None:
            return None
        if id(found) not in self._numbers:
            self._numbers[id(found)] = len(self._used)
            self._used.append(found)
        return self._numbers[id(found)]

    def embedded(self) -> Markup | None:
        """Return the orders as JSON: labels of the columns, texts of the rows, and who has which of them."""
        if self._orders is None or not self._used:
            return None
        table = self._orders.table
        places = sorted({place for one in self._used for place in one.rows})
        new = {place: number for number, place in enumerate(places)}
        rows = [
            [xml_text(shown(table.rows[place].get(column.name), column)) for column in table.columns]
            for place in places
        ]
        behind = [[xml_text(one.name), one.total, [new[place] for place in one.rows]] for one in self._used]
        return embedded({"columns": [heading(c) for c in table.columns], "rows": rows, "behind": behind})
