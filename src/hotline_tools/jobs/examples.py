"""Labelled messages to learn from: a column of export files, and people's labels in a store."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from hotline_tools.classify.training import split_path
from hotline_tools.engine import Engine
from hotline_tools.errors import InputError, UsageError
from hotline_tools.jobs.sisters import join_sisters
from hotline_tools.layouts import Match
from hotline_tools.normalise import read_text, without_own_names
from hotline_tools.privacy import mask_text
from hotline_tools.sources import RawTable
from hotline_tools.store import Store
from hotline_tools.suggestions import did_you_mean
from hotline_tools.text import fold

_NEAR = 0.4
"""Likeness from which a column is suggested: headers are short, one other character is far."""
_CORRECTED = """
SELECT o.title, o.content, concat_ws('/', p.category, p.subcategory) AS label
FROM stored_orders AS o JOIN person_labels AS p ON p.order_key = o.order_key
WHERE p.category IS NOT NULL ORDER BY o.order_key
"""


@dataclass(frozen=True)
class LabelledTexts:
    """Masked messages and the label of each (``None``: none); ``rejected`` rows could not be read."""

    titles: list[str | None]
    contents: list[str | None]
    labels: list[str | None]
    rejected: int = 0

    def __add__(self, other: "LabelledTexts") -> "LabelledTexts":
        """Both, one after the other."""
        return LabelledTexts(
            self.titles + other.titles,
            self.contents + other.contents,
            self.labels + other.labels,
            self.rejected + other.rejected,
        )


def examples_of_files(tables: Iterable[tuple[RawTable, Match]], label: str) -> LabelledTexts:
    """Titles, contents and the column ``label`` of every table; sister files are joined first.

    Raises ``UsageError`` when a table has no such column (naming the closest), ``InputError`` when it has
    neither title nor content.
    """
    found = LabelledTexts([], [], [])
    for table, match in join_sisters(tables):
        if not any(match.mapping.get(name) for name in ("title", "content")):
            raise InputError(
                "没有认出标题列或内容列，无从学习",
                where=table.where,
                remedy=f"用 hotline inspect {table.file} 查看识别结果，或用 --layout 指定版式。",
            )
        column = _column(table, label)
        missing = {"", *map(fold, match.placeholders)}
        for batch in table.batches():
            rows = without_own_names(batch.table, match)
            titles, contents = (_masked(read_text(rows, match, name)) for name in ("title", "content"))
            values = [
                value if value and fold(value.strip()) not in missing else None
                for value in batch.table[column].to_pylist()
            ]
            found += LabelledTexts(titles, contents, values, len(batch.rejects))
    return found


def _column(table: RawTable, label: str) -> str:
    by_fold = {fold(name): name for name in table.header}
    if fold(label) in by_fold:
        return by_fold[fold(label)]
    hint = did_you_mean(label, table.header, cutoff=_NEAR)
    raise UsageError(
        f"没有“{label}”这一列", where=table.where, remedy=f"{hint}可用：{'、'.join(table.header)}。"
    )


def _masked(texts: pa.ChunkedArray) -> list[str | None]:
    """A model keeps runs of characters: telephone numbers and the like must not be among them."""
    return [mask_text(text) if text else None for text in texts.to_pylist()]


def examples_of_people(store: Store) -> LabelledTexts:
    """The orders that people labelled, as ``类别/子类``; the store's texts are masked already."""
    with Engine(store) as engine:
        found = engine.query(_CORRECTED).to_pydict()
    return LabelledTexts(found["title"], found["content"], found["label"])


def require_same_kind(files: LabelledTexts, people: LabelledTexts, label: str) -> None:
    """Raise ``UsageError`` when the column of the files and people's labels share no class at all."""
    left, right = _classes(files.labels), _classes(people.labels)
    if left and right and not left & right:
        raise UsageError(
            f"“{label}”列与工单库的人工标注没有相同的类别（{'、'.join(sorted(left)[:3])} / "
            f"{'、'.join(sorted(right)[:3])}）",
            remedy="人工标注的是诉求类别；要学别的列，请去掉 --store-labels。",
        )


def _classes(labels: Sequence[str | None]) -> set[str]:
    return {path[0] for value in set(labels) if (path := split_path(value))}
