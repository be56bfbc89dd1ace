"""The review workbook: orders for people to judge, with drop-down lists and locked key columns."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from hotline_tools.render.review_guide import GUIDE_SHEET, write_guide

REVIEW_SHEET = "复核"
LIST_SHEET = "类别表"
KEY, CATEGORY, SUBCATEGORY, REQUEST_TYPE = "工单键", "正确类别", "正确子类", "正确诉求类型"
REMARK, DRAWN = "备注", "取样"
DOUBTFUL, CONTROL = "存疑", "随机"
_COLUMNS: tuple[tuple[str, str, int], ...] = (
    (KEY, "order_key", 10),
    ("工单编号", "order_id", 16),
    ("受理时间", "received_at", 16),
    ("标题", "title", 28),
    ("内容", "content", 70),
    (CATEGORY, "", 16),
    (SUBCATEGORY, "", 18),
    (REQUEST_TYPE, "", 10),
    (REMARK, "", 20),
    ("模型类别", "category", 16),
    ("模型子类", "subcategory", 16),
    ("模型诉求类型", "request_type", 10),
    ("置信度", "confidence", 8),
    ("备选", "alternatives", 24),
    ("依据", "evidence", 24),
    (DRAWN, "drawn", 8),
)
"""Heading, key of the row, width; a column without a key is for people to fill in."""
_AT = {heading: index for index, (heading, _, _) in enumerate(_COLUMNS)}
_CELL = 32_767


@dataclass(frozen=True)
class ReviewBook:
    """What the workbook shows.

    ``choices``: category → its subcategories; each row has the keys of ``_COLUMNS``, text or number.
    """

    taxonomy: str
    choices: Mapping[str, Sequence[str]]
    request_types: Sequence[str]
    rows: Sequence[Mapping[str, Any]]


def render_review_book(book: ReviewBook) -> bytes:
    """Return the workbook: guide, rows to judge, and the (hidden) lists behind the drop-downs."""
    sink = io.BytesIO()
    # Text that starts with = or looks like a link must stay text: it comes from callers.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sink, options) as workbook:
        sheet = workbook.add_worksheet(REVIEW_SHEET)
        write_guide(workbook, workbook.add_worksheet(GUIDE_SHEET), book.taxonomy)
        pairs = _write_lists(workbook.add_worksheet(LIST_SHEET), book)
        _write_rows(workbook, sheet, book.rows)
        if book.rows:
            _add_drop_downs(sheet, book, pairs)
        sheet.activate()
    return sink.getvalue()


def _write_lists(sheet: Any, book: ReviewBook) -> int:
    """Columns A: categories, B: request types, D and E: category and subcategory; return their pairs."""
    for row, name in enumerate(book.choices):
        sheet.write_string(row, 0, name)
    for row, name in enumerate(book.request_types):
        sheet.write_string(row, 1, name)
    pairs = [(category, name) for category, names in book.choices.items() for name in names]
    for row, (category, name) in enumerate(pairs):
        sheet.write_string(row, 3, category)
        sheet.write_string(row, 4, name)
    sheet.protect()
    sheet.hide()
    return len(pairs)


def _write_rows(workbook: Any, sheet: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    head = workbook.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True})
    ask = workbook.add_format({"bold": True, "bg_color": "#FFE699", "border": 1, "text_wrap": True})
    given = workbook.add_format({"valign": "top", "text_wrap": True, "font_color": "#404040"})
    free = workbook.add_format({"valign": "top", "text_wrap": True, "locked": False, "bg_color": "#FFF9E5"})
    for index, (heading, key, width) in enumerate(_COLUMNS):
        sheet.set_column(index, index, width, None, {"hidden": heading == KEY})
        sheet.write_string(0, index, heading, head if key else ask)
        for number, row in enumerate(rows, 1):
            value = row.get(key) if key else None
            if isinstance(value, int | float):
                sheet.write_number(number, index, value, given)
            elif value:
                sheet.write_string(number, index, str(value)[:_CELL], given)
            else:
                sheet.write_blank(number, index, None, given if key else free)
    sheet.freeze_panes(1, _AT["内容"])
    if rows:
        sheet.autofilter(0, 0, len(rows), len(_COLUMNS) - 1)
    # without a password: it keeps slips away, not people
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True})


def _add_drop_downs(sheet: Any, book: ReviewBook, pairs: int) -> None:
    last = len(book.rows)
    first_cell = f"${chr(ord('A') + _AT[CATEGORY])}2"
    below = f"{LIST_SHEET}!$D$1:$D${max(pairs, 1)}"
    lists = {
        CATEGORY: f"={LIST_SHEET}!$A$1:$A${len(book.choices)}",
        REQUEST_TYPE: f"={LIST_SHEET}!$B$1:$B${len(book.request_types)}",
    }
    if pairs:
        # the pairs stand category by category, so the subcategories of one are a run of rows
        lists[SUBCATEGORY] = (
            f"=OFFSET({LIST_SHEET}!$E$1,MATCH({first_cell},{below},0)-1,0,COUNTIF({below},{first_cell}),1)"
        )
    for heading, source in lists.items():
        sheet.data_validation(
            1, _AT[heading], last, _AT[heading],
            {
                "validate": "list",
                "source": source,
                "error_title": "不在列表中",
                "error_message": f"请从下拉列表中选择{heading.removeprefix('正确')}。",
            },
        )  # fmt: skip
