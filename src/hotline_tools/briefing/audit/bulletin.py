"""What is read of a bulletin: passages of text and tables in reading order, each with its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Passage:
    """A paragraph or heading, and where it stands: 第3段, 第2页."""

    text: str
    where: str
    is_title: bool = False


@dataclass(frozen=True)
class PrintedTable:
    """The cells of a table as they are printed; a merged cell stands in each place that it covers."""

    rows: tuple[tuple[str, ...], ...]
    where: str


@dataclass(frozen=True)
class Bulletin:
    """The parts in reading order."""

    parts: tuple[Passage | PrintedTable, ...]
    lacks_cells: bool = False
    """The file keeps no cells: what stands in its tables was not read."""

    @property
    def passages(self) -> list[Passage]:
        """The paragraphs and headings."""
        return [part for part in self.parts if isinstance(part, Passage)]

    @property
    def tables(self) -> list[PrintedTable]:
        """The tables."""
        return [part for part in self.parts if isinstance(part, PrintedTable)]


class Contradiction(NamedTuple):
    """Two figures or words of a bulletin that cannot both be true."""

    kind: str
    where: str
    stated: str
    """The figure or word as it is printed."""
    against: str
    """What the bulletin says or implies elsewhere."""
    text: str
    """The sentence or table row."""


class Gathered:
    """Collects the parts of a bulletin while a file is read, and numbers paragraphs and tables."""

    def __init__(self) -> None:
        self._parts: list[Passage | PrintedTable] = []
        self._passages = self._tables = 0

    def passage(self, text: str, *, where: str = "", is_title: bool = False) -> None:
        """Add a paragraph; an empty one is no part."""
        if said := " ".join(text.split()):
            self._passages += 1
            self._parts.append(Passage(said, where or f"第{self._passages}段", is_title))

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a table; rows of one cell and tables of one column are running text in a frame.

        So are rows at its end that are one cell across the table: its notes.
        """
        end = len(rows)
        while end > 1 and _is_text_across(rows[end - 1]):
            end -= 1
        if end < len(rows):
            self.table(rows[:end])
            for row in rows[end:]:
                for line in row[0].split("\n"):
                    self.passage(line)
            return
        if max(map(len, rows), default=0) < 2 or len(rows) < 2:
            for row in rows:
                self.passage(" ".join(row))
            return
        self._tables += 1
        cells = tuple(tuple(" ".join(cell.split()) for cell in row) for row in rows)
        self._parts.append(PrintedTable(cells, f"表{self._tables}"))

    def bulletin(self) -> Bulletin:
        """Return what was added."""
        return Bulletin(tuple(self._parts))


def _is_text_across(row: Sequence[str]) -> bool:
    """Tell whether a row is one cell of words over several columns."""
    return len(row) > 1 and len(set(row)) == 1 and any(letter.isalpha() for letter in row[0])
