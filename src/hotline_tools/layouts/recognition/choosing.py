"""What was chosen of a table's columns so far, what else could be, and what the rows hold of each."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import pyarrow as pa

from hotline_tools.dates import ZERO_DAY
from hotline_tools.layouts.keys import value_key
from hotline_tools.layouts.recognition.column import LEAST, Candidate

Chosen = dict[str, tuple[str, float]]
"""Field → its column and score."""
Reasons = dict[str, str]
"""Field → in Chinese, why a column was taken for it that its name did not put first."""
Scores = Mapping[str, Mapping[str, float]]
FOUND = 0.5
"""Score of a column that was told by its cells from another: a person should look."""
ALWAYS, OFTEN = 0.95, 0.5
"""Shares of rows."""
BETTER = 0.1
"""Share of rows by which a column must agree better with the states or the closings of the orders."""
LESS = 0.7
"""Of the best score, what another column must have at least."""
SEVERAL = 5
"""Rows from which what they all say is no chance."""


_ZERO_DAY = re.compile(ZERO_DAY)


@dataclass(frozen=True)
class Rows:
    """The first rows of a table, by column."""

    sample: pa.Table
    words: Mapping[str, Mapping[str, str]]
    """Field → folded cell text → code."""
    placeholders: AbstractSet[str] = frozenset()
    """Folded texts that say nothing, as NULL."""

    def cells(self, header: str) -> list[str]:
        """Return the cells of a column, empty where nothing is filled in."""
        if header not in self.sample.column_names:
            return [""] * self.sample.num_rows
        cells = [(cell or "").strip() for cell in self.sample.column(header).to_pylist()]
        return [
            "" if value_key(cell) in self.placeholders or _ZERO_DAY.match(cell) else cell for cell in cells
        ]

    def filled(self, header: str) -> int:
        """Return in how many rows a column is filled."""
        return sum(map(bool, self.cells(header)))


@dataclass
class Choosing:
    """What was chosen so far, and what there is to choose from."""

    found: Chosen
    reasons: Reasons
    scores: Scores
    columns: Mapping[str, Candidate]
    rows: Rows

    def take(self, field: str, header: str, reason: str, score: float = FOUND) -> None:
        """Take a column for a field."""
        self.found[field], self.reasons[field] = (header, score), reason

    def rivals(self, field: str) -> list[str]:
        """Return the other columns that could fill the field and fill none, the best first."""
        return rivals_of(field, self.found, self.scores)

    def free(self) -> list[Candidate]:
        """Return the columns that fill no field."""
        taken = {header for header, _ in self.found.values()}
        return [column for header, column in self.columns.items() if header not in taken]


def rivals_of(field: str, found: Chosen, scores: Scores) -> list[str]:
    """Return the other columns that could fill the field and fill none, the best first."""
    taken = {header for header, _ in found.values()}
    able = [(score, header) for header, score in scores.get(field, {}).items() if score >= LEAST]
    return [header for _, header in sorted(able, reverse=True) if header not in taken]
