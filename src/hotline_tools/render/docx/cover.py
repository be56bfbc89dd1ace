"""The head of a bulletin's first page and its tail: name in red, number, date, title; who receives it."""

from docx.oxml.xmlchemy import BaseOxmlElement

from hotline_tools.document import Document, Letterhead
from hotline_tools.render.docx.elements import element, paragraph, run
from hotline_tools.render.docx.tables import TEXT_WIDTH
from hotline_tools.render.titles import title_lines

_TITLE_ROOM = TEXT_WIDTH / 20 / 22
"""Ems of the title's type between the margins."""
_NAME_POINTS, _ISSUER_POINTS = 44, 26
"""Largest type of the red lines; a longer one is set smaller, so that it stays on one line."""


def cover(document: Document) -> list[BaseOxmlElement]:
    """Return what stands before the first chapter."""
    block = _letterhead(document.letterhead) if document.letterhead else []
    block += _to_verify(document.to_verify)
    block.append(paragraph("Title", run("\n".join(title_lines(document.title, _TITLE_ROOM)))))
    if document.period and document.period not in document.title:
        block.append(paragraph("Subtitle", run(f"（{document.period}）")))
    else:
        block.append(paragraph("Normal"))
    return block


def _letterhead(head: Letterhead) -> list[BaseOxmlElement]:
    block = []
    if head.issuer and head.issuer not in head.name:
        block.append(paragraph("BulletinIssuer", run(head.issuer, _points(head.issuer, _ISSUER_POINTS))))
    block.append(paragraph("BulletinName", run(head.name, _points(head.name, _NAME_POINTS))))
    if head.number:
        block.append(paragraph("BulletinNumber", run(head.number)))
    compiled_by = head.compiled_by or head.issuer
    block.append(paragraph("BulletinRule", run(f"{compiled_by}\t{head.date}")))
    return block


def _points(text: str, largest: int) -> int:
    """Return the type size in which a line of Chinese keeps to the width of the text."""
    return min(largest, int(TEXT_WIDTH / 20 / max(1, len(text))))


def _to_verify(reasons: tuple[str, ...]) -> list[BaseOxmlElement]:
    """Return the mark that the document is not to be sent on yet, with what was found wrong."""
    if not reasons:
        return []
    lines = [f"待核：以下 {len(reasons)} 处经检查有误，核实前请勿印发。"]
    lines += [f"{number}. {reason}" for number, reason in enumerate(reasons, 1)]
    return [paragraph("ToVerify", run(line, bold=not place)) for place, line in enumerate(lines)]


def distribution(head: Letterhead | None) -> list[BaseOxmlElement]:
    """Return the last lines, between two rules: 报, 送, 发, and who compiled the bulletin when."""
    if head is None or not head.to:
        return []
    last = f"{head.compiled_by or head.issuer}\t{f'{head.date}印发' if head.date else ''}"
    lines = [*head.to, *([last] if last.strip() else [])]
    block = [paragraph("Normal")]
    for place, line in enumerate(lines):
        rules = [name for name, here in (("top", place == 0), ("bottom", place == len(lines) - 1)) if here]
        border = element("pBdr", *(element(n, val="single", sz=8, space=1, color="auto") for n in rules))
        keep = {} if place == len(lines) - 1 else {"keep": element("keepNext")}
        block.append(paragraph("Distribution", run(line), **keep, **({"border": border} if rules else {})))
    return block
