"""Tables of Word: a numbered caption above, a head that repeats on every page, notes below."""

from itertools import pairwise

from docx.oxml.xmlchemy import BaseOxmlElement

from hotline_tools.render.columns import full_title, notes_of
from hotline_tools.render.docx.elements import element, field, paragraph, run
from hotline_tools.render.fitting import END_LINES, PageTable, fitted, is_broad, left_out_notes
from hotline_tools.render.opc import xml_text
from hotline_tools.table import ReportTable

TEXT_WIDTH, BROAD_WIDTH = 8844, 12756
"""Twentieths of a point between the margins of a page: 156 mm, and 225 mm where it lies."""
_SIZES = (12, 10.5, 9)
"""Type sizes in points, the first that the columns fit in."""


def caption(style: str, name: str, number: int, text: str) -> BaseOxmlElement:
    """Return the caption of a table or a figure, numbered by a field: ``表1　…``."""
    return paragraph(style, run(name), *field(f"SEQ {name} \\* ARABIC", str(number)), run(f"　{text}"))


def needs_broad_page(table: ReportTable, *, with_counts: bool = False) -> bool:
    """Tell whether a table is better laid on a page that lies."""
    return is_broad(table, TEXT_WIDTH / 20, _SIZES, with_counts=with_counts)


def table_block(
    table: ReportTable, number: int, width: int = TEXT_WIDTH, *, with_counts: bool = False
) -> list[BaseOxmlElement]:
    """Return caption, table and notes; ``width`` in twentieths of a point, ``with_counts`` as ``fitted``."""
    title, pages = full_title(table), fitted(table, width / 20, _SIZES, with_counts=with_counts)
    block = [caption("TableCaption", "表", number, title)]
    notes = [*map(str, notes_of(pages[0].table)), *left_out_notes(pages[0])]
    is_kept = bool(notes and table.rows and _first_kept(pages[-1], notes) < len(pages[-1].lines) - 1)
    for place, page in enumerate(pages):
        if place:
            block.append(paragraph("TableCaption", run(f"表{number}（续）")))
        below = notes if is_kept and page is pages[-1] else []
        block.append(
            _grid(page, title, width, below) if table.rows else paragraph("Note", run("（没有数据）"))
        )
    return block + note_block([] if is_kept else notes)


def note_block(notes: list[str]) -> list[BaseOxmlElement]:
    """Return the notes below a table, a space behind them."""
    return [*_notes(notes), paragraph("Note")]


def _notes(notes: list[str]) -> list[BaseOxmlElement]:
    numbers = [""] if len(notes) == 1 else range(1, len(notes) + 1)
    return [
        paragraph("Note", run(f"注{number}：{note}")) for number, note in zip(numbers, notes, strict=True)
    ]


def _grid(page: PageTable, title: str, whole: int, notes: list[str]) -> BaseOxmlElement:
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
    heads = [column.heading for column in page.columns]
    made.append(_row(heads, widths, page, is_head=True, is_kept=bool(page.table.rows)))
    rows = [[column.cells[number] for column in page.columns] for number in range(len(page.table.rows))]
    if page.has_totals:
        rows.append([column.total for column in page.columns])
    # Of a long table, the head is kept with the first row, and the last rows with each other and the notes.
    # Where a page ends behind a first row that is kept with the next one, LibreOffice loses all the others;
    # and it keeps no row of a long table with the paragraph below: notes that stay are a row, therefore.
    last, first_kept = len(rows) - 1, _first_kept(page, notes)
    for number, texts in enumerate(rows):
        is_total = page.has_totals and number == last
        is_kept = first_kept <= number < last + bool(notes)
        made.append(_row(texts, widths, page, is_total=is_total, is_kept=is_kept))
    if notes:
        made.append(_note_row(_notes(notes), whole, len(widths)))
    return made


def _first_kept(page: PageTable, notes: list[str]) -> int:
    """Return the first row, the total among them, from which all stay on one page with the notes."""
    rows, below = len(page.lines) - 1, page.note_lines(notes)
    return 0 if page.is_short and below <= END_LINES else rows - page.end(below)


def _note_row(notes: list[BaseOxmlElement], whole: int, columns: int) -> BaseOxmlElement:
    """Return the notes as a row without lines around it."""
    borders = element("tcBorders", *(element(side, val="nil") for side in ("left", "bottom", "right")))
    margins = element("tcMar", *(element(side, w=0, type="dxa") for side in ("left", "right")))
    size = element("tcW", w=whole, type="dxa")
    properties = element("tcPr", size, element("gridSpan", val=columns), borders, margins)
    return element("tr", element("trPr", element("cantSplit")), element("tc", properties, *notes))


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
