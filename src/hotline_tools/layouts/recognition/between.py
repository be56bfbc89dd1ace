"""What the cells of two columns say of each other, row by row, where their names do not decide.

``replyContentMain`` may be the letter and ``handleContent`` its answer: of two texts for the answer the one
that every row has is the letter; of two times for the closing the one that is never later is the receipt.
And of two closings the one is right that the closed orders have and the open ones have not.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from hotline_tools.layouts.keys import code_of
from hotline_tools.layouts.recognition.column import LEAST, Candidate
from hotline_tools.schema import Status

Chosen = dict[str, tuple[str, float]]
"""Field → its column and score."""
Scores = Mapping[str, Mapping[str, float]]
_DAY_FIRST = re.compile(r"\s*((?:19|20)\d\d)\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})(?:\D{1,3}(\d{1,2})\D(\d{1,2}))?")
_ALWAYS, _OFTEN = 0.95, 0.5
_FOUND = 0.5
"""Score of a column that was told by its cells from another: a person should look."""
_LESS = 0.7
"""Of the best score, what another closing must have at least."""
_SOME = 0.1
"""Share of rows that a column must fill before it counts as another way to say the same."""
_BETTER = 0.1
"""Share of rows by which a closing must agree better with the states of the orders."""


@dataclass(frozen=True)
class Rows:
    """The first rows of a table, by column."""

    sample: pa.Table
    words: Mapping[str, Mapping[str, str]]
    """Field → folded cell text → code."""

    def cells(self, header: str) -> list[str]:
        """Return the cells of a column, empty where nothing is filled in."""
        if header not in self.sample.column_names:
            return [""] * self.sample.num_rows
        return [(cell or "").strip() for cell in self.sample.column(header).to_pylist()]


def decided(chosen: Chosen, scores: Scores, columns: Sequence[Candidate], rows: Rows) -> Chosen:
    """Return what was chosen by name, put right where the cells of rival columns say otherwise."""
    by_header = {column.header: column for column in columns}
    found = dict(chosen)
    for decide in (_receipt, _letter, _closing):
        decide(found, scores, by_header, rows)
    return found


def instead(field: str, found: Chosen, scores: Scores, rows: Rows) -> tuple[str, ...]:
    """Return the columns that some rows fill in place of the chosen one: Fixed or Closed, never both."""
    named, score = found[field]
    others = [name for name in _rivals(field, found, scores) if scores[field][name] >= _LESS * score]
    filled = [bool(cell) for cell in rows.cells(named)]
    kept = []
    for other in others:
        own = [bool(cell) for cell in rows.cells(other)]
        both = sum(a and b for a, b in zip(filled, own, strict=True))
        if both == 0 and min(sum(own), sum(filled)) >= _SOME * len(own):
            kept.append(other)
            filled = [a or b for a, b in zip(filled, own, strict=True)]
    return tuple(kept)


def _rivals(field: str, found: Chosen, scores: Scores) -> list[str]:
    """Return the other columns that could fill the field and fill none, the best first."""
    taken = {header for header, _ in found.values()}
    able = [(score, header) for header, score in scores.get(field, {}).items() if score >= LEAST]
    return [header for _, header in sorted(able, reverse=True) if header not in taken]


def _receipt(found: Chosen, scores: Scores, _: Mapping[str, Candidate], rows: Rows) -> None:
    """Of two closings without a receipt, take the one that is never later and fuller as the receipt."""
    if "closed_at" not in found or "received_at" not in scores or "received_at" in found:
        return
    named, score = found["closed_at"]
    for rival in _rivals("closed_at", found, scores):
        for first, later in ((named, rival), (rival, named)):
            if _fill(rows, first) >= _fill(rows, later) and _never_later(rows, first, later):
                found["received_at"] = first, _FOUND
                found["closed_at"] = later, scores["closed_at"].get(later, score)
                return


def _never_later(rows: Rows, first: str, later: str) -> bool:
    """Whether of two columns of times the first is before the other, or at most at the same time."""
    moments = zip(map(_moment, rows.cells(first)), map(_moment, rows.cells(later)), strict=True)
    pairs = [(one, other) for one, other in moments if one and other]
    before = sum(one < other for one, other in pairs)
    together = sum(one == other for one, other in pairs)
    return before >= max(1, _OFTEN * len(pairs)) and before + together >= _ALWAYS * len(pairs)


def _letter(found: Chosen, scores: Scores, columns: Mapping[str, Candidate], rows: Rows) -> None:
    """Of two answers without a letter, take as the answer the one that answers, or that rows may lack."""
    if "reply" not in found or "content" not in scores or "content" in found:
        return
    reply, score = found["reply"]
    for rival in _rivals("reply", found, scores):
        if min(columns[name].values.sentences for name in (reply, rival)) < _OFTEN:
            continue
        letter, answer = sorted(
            (reply, rival), key=lambda name: (_answers(columns[name]), -_fill(rows, name))
        )
        found["content"] = letter, _FOUND
        found["reply"] = answer, scores["reply"].get(answer, score)
        return


def _closing(found: Chosen, scores: Scores, _: Mapping[str, Candidate], rows: Rows) -> None:
    """Of several closings, take the one that agrees best with the states of the orders."""
    if "closed_at" not in found or "status" not in found:
        return
    codes = [code_of(cell, rows.words.get("status", {})) for cell in rows.cells(found["status"][0])]
    told = [
        (at, code == Status.CLOSED) for at, code in enumerate(codes) if code in (Status.OPEN, Status.CLOSED)
    ]
    if len({closed for _, closed in told}) < 2:
        return

    def agreeing(header: str) -> float:
        cells = rows.cells(header)
        return sum(bool(cells[at]) == closed for at, closed in told) / len(told)

    named, score = found["closed_at"]
    others = _rivals("closed_at", found, scores)
    best = max(
        (header for header in others if scores["closed_at"][header] >= _LESS * score),
        key=agreeing,
        default=named,
    )
    if agreeing(best) >= agreeing(named) + _BETTER:
        found["closed_at"] = best, scores["closed_at"][best]


def _answers(column: Candidate) -> bool:
    return column.values.answers > _OFTEN


def _fill(rows: Rows, header: str) -> int:
    return sum(map(bool, rows.cells(header)))


def _moment(cell: str) -> tuple[int, ...] | None:
    """Return a time that begins with its year as numbers; None for another notation."""
    read = _DAY_FIRST.match(cell)
    return tuple(int(part or 0) for part in read.groups()) if read else None
