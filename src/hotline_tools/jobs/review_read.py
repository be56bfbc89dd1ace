"""Reads a filled review workbook; whatever is wrong in it is gathered and said with its place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hotline_tools.classify.annotators import Answer
from hotline_tools.errors import InputError
from hotline_tools.jobs.review_choices import NEAR, REQUEST_TYPES, Choices
from hotline_tools.render.review_book import (
    CATEGORY,
    CONTROL,
    DRAWN,
    KEY,
    REQUEST_TYPE,
    REVIEW_SHEET,
    SUBCATEGORY,
)
from hotline_tools.render.review_guide import GUIDE_SHEET, PERSON_CELL, TAXONOMY_CELL
from hotline_tools.suggestions import did_you_mean
from hotline_tools.text import clean
from hotline_tools.workbooks import read_sheets

SHOWN = 10
_NEEDED = (KEY, CATEGORY, SUBCATEGORY, REQUEST_TYPE)
Row = Mapping[str, str]


@dataclass(frozen=True)
class ReviewFile:
    """One workbook as it came back."""

    file: str
    annotator: str
    answers: tuple[Answer, ...]
    blank: int
    """Rows without a category: nobody judged them."""
    control: frozenset[str]
    """Order keys of the random rows."""
    places: Mapping[str, str]
    """Order key → file, sheet and row."""


def read_review(path: Path, choices: Choices, annotator: str | None = None) -> ReviewFile:
    """Read one workbook; the person is ``annotator``, else the one named inside, else the file's name.

    Raises ``InputError`` for a file that is no review workbook, was made with another taxonomy, or has
    mistakes; the message names each (file, sheet, row, column, value, closest name).
    """
    rows, guide = _sheets(path)
    if guide.get(TAXONOMY_CELL, choices.taxonomy) != choices.taxonomy:
        raise InputError(
            f"复核表按“{guide[TAXONOMY_CELL]}”制作，现在用的是“{choices.taxonomy}”",
            where=str(path),
            remedy="请用 --taxonomy 或 --model 指明制作时所用的。",
        )
    person = annotator or guide.get(PERSON_CELL) or path.stem
    answers: dict[str, Answer] = {}
    mistakes: list[str] = []
    places: dict[str, str] = {}
    blank = 0
    for number, row in rows:
        where = f"{path.name} {REVIEW_SHEET} 第 {number} 行"
        found = list(_mistakes(row, choices))
        mistakes += [f"{where}{mistake}" for mistake in found]
        if found:
            continue
        if not row[CATEGORY]:
            blank += 1
            continue
        answer = Answer(row[KEY], person, row[CATEGORY], row[SUBCATEGORY] or None, row[REQUEST_TYPE] or None)
        if answers.setdefault(row[KEY], answer) != answer:
            mistakes.append(f"{where}与{places[row[KEY]]}是同一件工单，答案却不同")
        places[row[KEY]] = where
    raise_mistakes(mistakes)
    control = frozenset(row[KEY] for _, row in rows if row.get(DRAWN) == CONTROL)
    return ReviewFile(path.name, person, tuple(answers.values()), blank, control, places)


def raise_mistakes(mistakes: Sequence[str]) -> None:
    """Raise one ``InputError`` for all mistakes; nothing has been written then."""
    if not mistakes:
        return
    rest = f"；另有 {len(mistakes) - SHOWN} 处" if len(mistakes) > SHOWN else ""
    raise InputError(
        f"复核表有 {len(mistakes)} 处错误：{'；'.join(mistakes[:SHOWN])}{rest}",
        remedy="没有写入任何标注，请改正后重新写回。",
    )


def _mistakes(row: Row, choices: Choices) -> Iterator[str]:
    if not row[KEY]:
        yield f"“{KEY}”是空的，无法对应工单"
    category, subcategory, request_type = row[CATEGORY], row[SUBCATEGORY], row[REQUEST_TYPE]
    if category and (wrong := choices.mistake(category, subcategory or None)):
        column = SUBCATEGORY if category in choices.below else CATEGORY
        below = "" if column == CATEGORY else f"“{category}”下"
        yield f"“{column}”：{below}没有“{wrong[0]}”{wrong[1] and '，'}{wrong[1]}"
    if not category and (subcategory or request_type):
        yield f"“{CATEGORY}”是空的，却填了“{SUBCATEGORY if subcategory else REQUEST_TYPE}”"
    if request_type and request_type not in REQUEST_TYPES:
        hint = did_you_mean(request_type, REQUEST_TYPES, cutoff=NEAR)
        yield f"“{REQUEST_TYPE}”：没有“{request_type}”{hint and '，'}{hint}"


def _sheets(path: Path) -> tuple[list[tuple[int, Row]], Row]:
    """Rows of the review sheet with their numbers, and the guide's cells by their names."""
    sheets = read_sheets(path)
    if REVIEW_SHEET not in sheets:
        raise _not_a_review(path, f"没有“{REVIEW_SHEET}”工作表")
    cells = [[_text(cell) for cell in row] for row in sheets[REVIEW_SHEET]]
    guide = sheets.get(GUIDE_SHEET, [])
    return _rows(path, cells), {
        _text(row[0]): _text(row[1]) for row in guide if len(row) > 1 and _text(row[1]) and _text(row[0])
    }


def _rows(path: Path, cells: list[list[str]]) -> list[tuple[int, Row]]:
    for top, header in enumerate(cells):
        if set(_NEEDED) <= set(header):
            return [
                (top + 2 + index, dict(zip(header, row, strict=False)))
                for index, row in enumerate(cells[top + 1 :])
                if any(row)
            ]
    raise _not_a_review(path, f"“{REVIEW_SHEET}”工作表缺少列 {'、'.join(_NEEDED)}")


def _not_a_review(path: Path, message: str) -> InputError:
    return InputError(message, where=str(path), remedy="请用 hotline review export 生成的复核表。")


def _text(cell: object) -> str:
    # Excel hands whole numbers over as 1.0
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return clean(text)
