"""Elements of WordprocessingML: paragraphs, runs and fields.

Every run hints at the East-Asian font, without which Word sets “ ” … — in the Latin one.
"""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from hotline_tools.render.opc import xml_text


def element(name: str, *children: BaseOxmlElement, **attributes: Any) -> BaseOxmlElement:
    """Return ``w:name`` with attributes of the same namespace and children in the order given."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    made.extend(children)
    return made


def run(text: str, points: float | None = None, *, bold: bool = False) -> BaseOxmlElement:
    """Return a run of text; its line breaks and tabs become those of Word."""
    made = element("r", _properties(points, bold=bold))
    for number, line in enumerate(xml_text(text).split("\n")):
        if number:
            made.append(element("br"))
        for place, piece in enumerate(line.split("\t")):
            if place:
                made.append(element("tab"))
            if piece:
                made.append(_text("t", piece))
    return made


def field(code: str, cached: str) -> list[BaseOxmlElement]:
    """Return the runs of a field, with the result that is shown until Word computes it anew."""
    return [
        element("r", _properties(), element("fldChar", fldCharType="begin")),
        element("r", _properties(), _text("instrText", f" {code} ")),
        element("r", _properties(), element("fldChar", fldCharType="separate")),
        run(cached),
        element("r", _properties(), element("fldChar", fldCharType="end")),
    ]


def paragraph(style: str, *runs: BaseOxmlElement, **properties: BaseOxmlElement) -> BaseOxmlElement:
    """Return a paragraph in the style of that id; further ``properties`` stand behind the style."""
    return element("p", element("pPr", element("pStyle", val=style), *properties.values()), *runs)


def _properties(points: float | None = None, *, bold: bool = False) -> BaseOxmlElement:
    fonts = element("rFonts", hint="eastAsia")
    weight = [element("b")] if bold else []
    size = [] if points is None else [element(name, val=round(points * 2)) for name in ("sz", "szCs")]
    return element("rPr", fonts, *weight, *size)


def _text(name: str, text: str) -> BaseOxmlElement:
    made = element(name)
    made.text = text
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made
