"""What the cells of two columns say of each other, row by row, where their names do not decide.

``replyContentMain`` may be the letter and ``handleContent`` its answer: of two texts for the answer the one
that every row has is the letter; of two times for the closing the one that is never later is the receipt.
Of two closings the one is right that the closed orders have and the open ones have not; of two numbers the
one that people write, and no counter or key of a database; and what says the same in every row, or the same
as the receipt, is no receipt and no limit.
"""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import pyarrow as pa

from hotline_tools.layouts.keys import code_of, value_key
from hotline_tools.layouts.recognition.column import CLOCKS, LEAST, Candidate
from hotline_tools.schema import Status

Chosen = dict[str, tuple[str, float]]
"""Field → its column and score."""
Reasons = dict[str, str]
"""Field → in Chinese, why a column was taken for it that its name did not put first."""
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
_SEVERAL = 5
"""Rows from which what they all say is no chance."""
_SELDOM = 0.2
"""Share of cells up to which a text speaks to a citizen by chance."""
_KEY = re.compile(
    r"[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:500|00[0-9A-Z])[0-9A-Za-z]{12}(?:[0-9A-Z]{3})?",
    re.IGNORECASE,
)
"""Keys that a program gives: hexadecimal, a universal one, Salesforce's."""
_DATED = re.compile(r"\d{0,6}20[0-4]\d[01]\d[0-3]\d\d*")
"""A long number with a day in it, which people give."""
_LONG_NUMBER = 7
"""Digits from which a number does not count the rows of a table."""
_AFTER_RECEIPT = frozenset({"dispatched_at", "signed_at", "first_contact_at", "due_at", "closed_at"})
_DONE = _AFTER_RECEIPT - {"due_at"}
_VISIT = re.compile(r"visits?(?!ed)", re.IGNORECASE)


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
        return ["" if value_key(cell) in self.placeholders else cell for cell in cells]


@dataclass
class _Table:
    """What was chosen so far, and what there is to choose from."""

    found: Chosen
    reasons: Reasons
    scores: Scores
    columns: Mapping[str, Candidate]
    rows: Rows

    def take(self, field: str, header: str, reason: str, score: float = _FOUND) -> None:
        """Take a column for a field."""
        self.found[field], self.reasons[field] = (header, score), reason

    def rivals(self, field: str) -> list[str]:
        """Return the other columns that could fill the field and fill none, the best first."""
        return _rivals(field, self.found, self.scores)

    def free(self) -> list[Candidate]:
        """Return the columns that fill no field."""
        taken = {header for header, _ in self.found.values()}
        return [column for header, column in self.columns.items() if header not in taken]


def decided(
    chosen: Chosen, scores: Scores, columns: Sequence[Candidate], rows: Rows
) -> tuple[Chosen, Reasons]:
    """Return what was chosen by name, put right where the cells of rival columns say otherwise, and why."""
    table = _Table(dict(chosen), {}, scores, {column.header: column for column in columns}, rows)
    receipts = (_visit, _receipt, _varied_receipt, _early_receipt)
    for decide in (_number, *receipts, _letter, _answer, _closing, _limit):
        decide(table)
    return table.found, table.reasons


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


def _number(table: _Table) -> None:
    """Of two numbers of the order, take the one that people write, and no counter or key of a program."""
    named, _ = table.found.get("order_id", ("", 0.0))
    if not named or not _is_key(table.rows.cells(named)):
        return
    for rival in table.rivals("order_id"):
        cells = table.rows.cells(rival)
        if len(set(cells)) == len(cells) and all(cells) and not _is_key(cells):
            score = table.scores["order_id"][rival]
            table.take("order_id", rival, "值各不相同，另一列是行号或系统内部的主键", score)
            return


def _is_key(cells: list[str]) -> bool:
    """Whether the cells count the rows, or are keys that a program gave."""
    told = [cell for cell in cells if cell]
    if len(told) < _SEVERAL:
        return False
    if all(cell.isdecimal() and len(cell) < _LONG_NUMBER for cell in told):
        numbers = {int(cell) for cell in told}
        return max(numbers) - min(numbers) == len(told) - 1 == len(numbers) - 1
    return all(_KEY.fullmatch(cell) and not _DATED.fullmatch(cell) for cell in told)


def _visit(table: _Table) -> None:
    """Take a visit that comes before all else for the receipt: it is no call after the closing."""
    if "revisited_at" not in table.found or "received_at" in table.found or "received_at" not in table.scores:
        return
    named, score = table.found["revisited_at"]
    later = [header for field, (header, _) in table.found.items() if field in _AFTER_RECEIPT]
    if _VISIT.search(named) and not any(_comes_later(table.rows, named, other) for other in later):
        del table.found["revisited_at"]
        table.take("received_at", named, "没有认识的受理时间列，来访在其他各时间之前", score)


def _receipt(table: _Table) -> None:
    """Of two closings without a receipt, take the one that is never later and fuller as the receipt."""
    found, rows = table.found, table.rows
    if "closed_at" not in found or "received_at" not in table.scores or "received_at" in found:
        return
    named, score = found["closed_at"]
    for rival in table.rivals("closed_at"):
        for first, later in ((named, rival), (rival, named)):
            if _fill(rows, first) >= _fill(rows, later) and _never_later(rows, first, later):
                table.take("received_at", first, "没有认识的受理时间列，这一列的时间总在另一列之前")
                found["closed_at"] = later, table.scores["closed_at"].get(later, score)
                return


def _varied_receipt(table: _Table) -> None:
    """Take another receipt where the chosen one is the same in every row: the day of something else."""
    named, _ = table.found.get("received_at", ("", 0.0))
    if not named or not _is_constant(table.rows, named):
        return
    rivals = table.rivals("received_at")
    rival = next((name for name in rivals if not _is_constant(table.rows, name)), None)
    if rival is not None:
        score = table.scores["received_at"][rival]
        table.take("received_at", rival, "另一列每行都是同一个时间", score)


def _early_receipt(table: _Table) -> None:
    """Take no receipt that is later than what is done with an order: an earlier time, or none."""
    named, _ = table.found.get("received_at", ("", 0.0))
    done = [header for field, (header, _) in table.found.items() if field in _DONE]
    late = [other for other in done if named and _is_later(table.rows, named, other)]
    if not late:
        return
    times = [c.header for c in table.free() if c.values.times >= CLOCKS and not _is_of_others(c)]
    earlier = [own for own in times if all(_never_later(table.rows, own, other) for other in late)]
    if earlier:
        fullest = max(earlier, key=lambda header: _fill(table.rows, header))
        table.take("received_at", fullest, "另一列的时间在派单或办结之后")
    elif len(late) > 1:
        del table.found["received_at"]


def _is_of_others(column: Candidate) -> bool:
    return any("other" in role for role in column.name.roles)


def _is_later(rows: Rows, header: str, other: str) -> bool:
    """Whether a time comes after another one in most rows, and most rows have both."""
    pairs = _moments(rows, header, other)
    is_told = len(pairs) >= max(_SEVERAL, _OFTEN * _fill(rows, header))
    return is_told and sum(one > two for one, two in pairs) > _OFTEN * len(pairs)


def _limit(table: _Table) -> None:
    """Take no limit that is the receipt once more in every row; another one where there is."""
    if "due_at" not in table.found or "received_at" not in table.found:
        return
    receipt, (named, _) = table.found["received_at"][0], table.found["due_at"]
    if not _repeats(table.rows, named, receipt):
        return
    rivals = [name for name in table.rivals("due_at") if not _repeats(table.rows, name, receipt)]
    del table.found["due_at"]
    if rivals:
        table.take("due_at", rivals[0], "另一列与受理时间完全相同", table.scores["due_at"][rivals[0]])


def _is_constant(rows: Rows, header: str) -> bool:
    told = [cell for cell in rows.cells(header) if cell]
    return len(told) >= _SEVERAL and len(set(told)) == 1


def _repeats(rows: Rows, header: str, other: str) -> bool:
    """Whether a column says in every row what another one says."""
    pairs = [pair for pair in zip(rows.cells(header), rows.cells(other), strict=True) if pair[0]]
    return len(pairs) >= _SEVERAL and all(one == two for one, two in pairs)


def _never_later(rows: Rows, first: str, later: str) -> bool:
    """Whether of two columns of times the first is before the other, or at most at the same time."""
    pairs = _moments(rows, first, later)
    before = sum(one < other for one, other in pairs)
    together = sum(one == other for one, other in pairs)
    return before >= max(1, _OFTEN * len(pairs)) and before + together >= _ALWAYS * len(pairs)


def _moments(rows: Rows, first: str, second: str) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return the times of two columns in the rows that have both."""
    moments = zip(map(_moment, rows.cells(first)), map(_moment, rows.cells(second)), strict=True)
    return [(one, other) for one, other in moments if one and other]


def _comes_later(rows: Rows, header: str, other: str) -> bool:
    """Whether of two columns of times the first is the later one in more rows than by mistake."""
    pairs = _moments(rows, header, other)
    return sum(one > two for one, two in pairs) > (1 - _ALWAYS) * len(pairs)


def _letter(table: _Table) -> None:
    """Of two answers without a letter, take as the answer the one that answers, or that rows may lack."""
    found, columns = table.found, table.columns
    if "reply" not in found or "content" not in table.scores or "content" in found:
        return
    reply, score = found["reply"]
    for rival in table.rivals("reply"):
        if min(columns[name].values.sentences for name in (reply, rival)) < _OFTEN:
            continue
        letter, answer = sorted(
            (reply, rival), key=lambda name: (_answers(columns[name]), -_fill(table.rows, name))
        )
        table.take("content", letter, "没有认识的内容列，这一列几乎每行都有，另一列是对它的答复")
        table.take(
            "reply", answer, "几列都像答复，这一列是对另一列的答复", table.scores["reply"].get(answer, score)
        )
        return


def _answer(table: _Table) -> None:
    """Take what speaks to a citizen as the answer, though its name is that of the letter, beside a letter."""
    named, score = table.found.get("content", ("", 0.0))
    if not named:
        return
    if not _answers(table.columns[named]):
        spoken = [name for name in table.rivals("content") if _answers(table.columns[name])]
        if spoken and "reply" not in table.found and "reply" in table.scores:
            table.take("reply", spoken[0], "这一列是写给群众的答复")
        return
    texts = [c for c in table.free() if "text" in c.name.heads and c.values.sentences >= _OFTEN]
    letters = [c for c in texts if c.values.answers <= _SELDOM]
    if letters:
        letter = max(letters, key=lambda column: (_fill(table.rows, column.header), column.values.length))
        table.take("content", letter.header, "另一列是办理单位写给群众的答复，这一列是来信人写的")
        if "reply" not in table.found or not _answers(table.columns[table.found["reply"][0]]):
            table.take("reply", named, "这一列是写给群众的答复", score)


def _closing(table: _Table) -> None:
    """Of several closings, take the one that agrees best with the states of the orders."""
    found, scores = table.found, table.scores
    if "closed_at" not in found or "status" not in found:
        return
    rows = table.rows
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
    others = table.rivals("closed_at")
    best = max(
        (header for header in others if scores["closed_at"][header] >= _LESS * score),
        key=agreeing,
        default=named,
    )
    if agreeing(best) >= agreeing(named) + _BETTER:
        table.take("closed_at", best, "与工单状态相符：办结的有时间，未办结的没有", scores["closed_at"][best])
        return
    of_open = [at for at, closed in told if not closed]
    is_said = any(role & {"close", "answer"} for role in table.columns[named].name.roles)
    # 办理日期 is when they took it up, Follow Up Date when they mean to look again.
    for field in ("revisited_at", *(() if is_said else ("closed_at",))):
        cells = rows.cells(found[field][0]) if field in found else []
        if len(of_open) >= _SEVERAL and cells and all(cells[at] for at in of_open):
            del found[field]


def _answers(column: Candidate) -> bool:
    return column.values.answers > _OFTEN


def _fill(rows: Rows, header: str) -> int:
    return sum(map(bool, rows.cells(header)))


def _moment(cell: str) -> tuple[int, ...] | None:
    """Return a time that begins with its year as numbers; None for another notation."""
    read = _DAY_FIRST.match(cell)
    return tuple(int(part or 0) for part in read.groups()) if read else None
