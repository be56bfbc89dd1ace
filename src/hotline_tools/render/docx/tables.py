"""Tables of Word: a numbered caption above, a head that repeats on every page, notes below."""

from itertools import pairwise

from docx.oxml.xmlchemy import BaseOxmlElement

from hotline_tools.render.columns import full_title, notes_of
from hotline_tools.render.docx.elements import element, field, paragraph, run
from hotline_tools.render.fitting import PageTable, fitted, is_broad, left_out_notes
from hotline_tools.render.opc import xml_text
from hotline_tools.table import ReportTable

TEXT_WIDTH, BROAD_WIDTH = 8844, 12756
"""Twentieths of a point between the margins of a page: 156 mm, and 225 mm where it lies."""
_SIZES = (12, 10.5, 9)
"""Type sizes in points, the first that the columns fit in."""


def caption(style: str, name: str, number: int, text: str) -> BaseOxmlElement:
    """Return the caption of a table or a figure, numbered by a field: ``表1　…``."""
    return paragraph(style, run(name), *field(f"SEQ {name} \\* ARABIC", str(number)), run(f"　{text}"))


def needs_broad_page(table: ReportTable) -> bool:
    """Tell whether a table is better laid on a page that lies."""
    return is_broad(table, TEXT_WIDTH / 20, _SIZES)


def table_block(table: ReportTable, number: int, width: int = TEXT_WIDTH) -> list[BaseOxmlElement]:
    """Return caption, table and notes; ``width`` in twentieths of a point."""
    title, pages = full_title(table), fitted(table, width / 20, _SIZES)
    block = [caption("TableCaption", "表", number, title)]
    for place, page in enumerate(pages):
        if place:
            block.append(paragraph("TableCaption", run(f"表{number}（续）")))
        block.append(_grid(page, title, width) if table.rows else paragraph("Note", run("（没有数据）")))
    notes = [str(note) for note in notes_of(pages[0].table)]
    return block + note_block([*notes, *left_out_notes(pages[0])])


def note_block(notes: list[str]) -> list[BaseOxmlElement]:
    """Return the notes below a table, a space behind them."""
    if not notes:
        return [paragraph("Note")]
    numbers = [""] if len(notes) == 1 else range(1, len(notes) + 1)
    return [
        *(paragraph("Note", run(f"注{number}：{note}")) for number, note in zip(numbers, notes, strict=True)),
        paragraph("Note"),
    ]


def _grid(page: PageTable, title: str, whole: int) -> BaseOxmlElement:
    widths = _whole([width * whole for width in page.widths])
    made = element(
        "tbl",
        element(
            "tblPr",
            element("tblStyle", val="ReportTable"),
            element("tblW", w=whole, type="dxa"),
            element("jc", val="center"),
            element("tblLayout", type="fixed"),
            element("tblLook", val="0020", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0),
            element("tblCaption", val=xml_text(title)),
        ),
        element("tblGrid", *(element("gridCol", w=width) for width in widths)),
    )
    # Of a long table, the head is kept with the first row and the last two rows with the total. Where a page
    # ends behind a first row that is kept with the next one, LibreOffice loses all the others.
    is_short = page.is_short
    heads = [column.heading for column in page.columns]
    made.append(_row(heads, widths, page, is_head=True, is_kept=bool(page.table.rows)))
    last = len(page.table.rows) - 1
    for number in range(last + 1):
        is_kept = (is_short and number < last) or (page.has_totals and number >= last - 1)
        texts = [column.cells[number] for column in page.columns]
        made.append(_row(texts, widths, page, is_kept=is_kept))
    if page.has_totals:
        made.append(_row([column.total for column in page.columns], widths, page, is_total=True))
    return made


def _row(
    texts: list[str],
    widths: list[int],
    page: PageTable,
    *,
    is_head: bool = False,
    is_total: bool = False,
    is_kept: bool = False,
) -> BaseOxmlElement:
    """Return a row that stays on one page, and where ``is_kept`` on that of the next row.

    A head comes again on the next page.
    """
    properties = element("trPr", element("cantSplit"), *([element("tblHeader")] if is_head else []))
    cells = []
    for column, text, width in zip(page.columns, texts, widths, strict=True):
        shade = [element("shd", val="clear", color="auto", fill="E7EEF7")] if is_head else []
        style = "TableHead" if is_head else "TableText"
        side = {"jc": element("jc", val="right")} if column.numeric and not is_head else {}
        keep = {"keep": element("keepNext")} if is_kept else {}
        inside = paragraph(style, run(text, page.points, bold=is_total), **keep, **side)
        size = element("tcW", w=width, type="dxa")
        cells.append(element("tc", element("tcPr", size, *shade, element("vAlign", val="center")), inside))
    return element("tr", properties, *cells)


def _whole(widths: list[float]) -> list[int]:
    """Return whole widths of the same sum."""
    ends = [0, *(round(sum(widths[: n + 1])) for n in range(len(widths)))]
    return [end - start for start, end in pairwise(ends)]
