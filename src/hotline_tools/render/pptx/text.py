"""Text of slides: every run names the East-Asian font, which python-pptx leaves to the reader's machine."""

from typing import Any

from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.util import Pt

from hotline_tools.render.opc import xml_text

FONT = "微软雅黑"


def write(paragraph: Any, text: str, points: float | None = None, *, bold: bool = False) -> Any:
    """Write one run into a paragraph; return the run."""
    run = paragraph.add_run()
    run.text = xml_text(" ".join(text.split()))
    if points is not None:
        run.font.size = Pt(points)
    if bold:
        run.font.bold = True
    properties = run._r.get_or_add_rPr()
    properties.set("lang", "zh-CN")
    for name in ("a:latin", "a:ea"):
        properties.append(properties.makeelement(qn(name), {"typeface": FONT}))
    return run


def write_lines(frame: Any, lines: list[str], *, points: float | None = None, colour: str = "") -> None:
    """Write paragraphs into an empty text frame."""
    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        run = write(paragraph, line, points)
        if points is not None:
            paragraph.space_after = Pt(points / 2)
            paragraph.line_spacing = 1.2
        if colour:
            fill = run.font.fill
            fill.solid()
            fill.fore_color.rgb = RGBColor.from_string(colour)
