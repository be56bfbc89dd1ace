"""What the cells of two columns say of each other, row by row, where their names do not decide.

``replyContentMain`` may be the letter and ``handleContent`` its answer: of two texts for the answer the one
that every row has is the letter. Of two numbers the one is right that people write, and no counter or key of
a database, and that tells apart what the rows tell apart.
"""

import re
from collections.abc import Sequence

from hotline_tools.layouts.legends import legend_of
from hotline_tools.layouts.recognition.between_times import decide_times
from hotline_tools.layouts.recognition.choosing import (
    ALWAYS,
    BETTER,
    LESS,
    OFTEN,
    SEVERAL,
    Choosing,
    Chosen,
    Reasons,
    Rows,
    Scores,
    rivals_of,
)
from hotline_tools.layouts.recognition.column import Candidate

_SOME = 0.1
"""Share of rows that a column must fill before it counts as another way to say the same."""
_AGAIN = 2
"""Numbers of several rows from which these are no mistake."""
_KINDS = frozenset({"category", "manner"})
"""What else a name of ways of calling may say: 信访形式."""
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


def decided(
    chosen: Chosen, scores: Scores, columns: Sequence[Candidate], rows: Rows
) -> tuple[Chosen, Reasons]:
    """Return what was chosen by name, put right where the cells of rival columns say otherwise, and why."""
    choice = Choosing(dict(chosen), {}, scores, {column.header: column for column in columns}, rows)
    for decide in (decide_times, _letter, _answer, _reply, _number, _number_of_each, _channel):
        decide(choice)
    return choice.found, choice.reasons


def instead(field: str, found: Chosen, scores: Scores, rows: Rows) -> tuple[str, ...]:
    """Return the columns that some rows fill in place of the chosen one: Fixed or Closed, never both."""
    named, score = found[field]
    others = [name for name in rivals_of(field, found, scores) if scores[field][name] >= LESS * score]
    filled = [bool(cell) for cell in rows.cells(named)]
    kept = []
    for other in others:
        own = [bool(cell) for cell in rows.cells(other)]
        both = sum(a and b for a, b in zip(filled, own, strict=True))
        if both == 0 and min(sum(own), sum(filled)) >= _SOME * len(own):
            kept.append(other)
            filled = [a or b for a, b in zip(filled, own, strict=True)]
    return tuple(kept)


def _number(choice: Choosing) -> None:
    """Of two numbers of the order, take the one that people write, and no counter or key of a program."""
    named, _ = choice.found.get("order_id", ("", 0.0))
    if not named or not _is_key(choice.rows.cells(named)):
        return
    for rival in choice.rivals("order_id"):
        cells = choice.rows.cells(rival)
        if _is_written_for_each(cells):
            score = choice.scores["order_id"][rival]
            choice.take("order_id", rival, "值各不相同，另一列是行号或系统内部的主键", score)
            return


def _number_of_each(choice: Choosing) -> None:
    """Of two numbers take the one that is of a case: of each that the rows tell apart, and of no more.

    信访事项编号 gathers the letters of a matter, 信访件编号 is the letter's own. A number that comes again
    with the same text is an order of several rows, and what is new in each row, as 派单编号, counts these.
    """
    named, _ = choice.found.get("order_id", ("", 0.0))
    text, _ = choice.found.get("content", choice.found.get("title", ("", 0.0)))
    if not named or not text:
        return
    texts = choice.rows.cells(text)
    gathers = _gathers(choice.rows.cells(named), texts)
    for rival in choice.rivals("order_id"):
        cells = choice.rows.cells(rival)
        score = choice.scores["order_id"][rival]
        if gathers and _is_written_for_each(cells):
            choice.take("order_id", rival, "值各不相同，另一列把内容不同的几行编为一号", score)
            return
        says_more = _said(choice, rival) > _said(choice, named)
        if gathers is None and says_more and all(cells) and _gathers(cells, texts) is False:
            choice.take("order_id", rival, "同一编号的几行内容相同，是一件工单；另一列每行一号", score)
            return


def _said(choice: Choosing, header: str) -> float:
    """Return how well a name says that it is the order's number."""
    return choice.columns[header].name.score("order_id", choice.columns[header].values.shapes)


def _gathers(numbers: list[str], texts: list[str]) -> bool | None:
    """Whether the numbers that come again have different texts; None where hardly one comes again."""
    told: dict[str, list[str]] = {}
    for number, said in zip(numbers, texts, strict=True):
        if number and said:
            told.setdefault(number, []).append(said)
    several = [said for said in told.values() if len(said) > 1]
    different = sum(len(set(said)) > 1 for said in several)
    if len(several) < _AGAIN:
        return None
    return different > OFTEN * len(several)


def _is_written_for_each(cells: list[str]) -> bool:
    """Whether each row has a number of its own that people write."""
    return len(set(cells)) == len(cells) and all(cells) and not _is_key(cells)


def _is_key(cells: list[str]) -> bool:
    """Whether the cells count the rows, or are keys that a program gave."""
    told = [cell for cell in cells if cell]
    if len(told) < SEVERAL:
        return False
    if all(cell.isdecimal() and len(cell) < _LONG_NUMBER for cell in told):
        numbers = {int(cell) for cell in told}
        return max(numbers) - min(numbers) == len(told) - 1 == len(numbers) - 1
    return all(_KEY.fullmatch(cell) and not _DATED.fullmatch(cell) for cell in told)


def _letter(choice: Choosing) -> None:
    """Of two answers without a letter, take as the answer the one that answers, or that rows may lack."""
    found, columns = choice.found, choice.columns
    if "reply" not in found or "content" not in choice.scores or "content" in found:
        return
    reply, score = found["reply"]
    for rival in choice.rivals("reply"):
        if min(columns[name].values.sentences for name in (reply, rival)) < OFTEN:
            continue
        letter, answer = sorted(
            (reply, rival), key=lambda name: (_answers(columns[name]), -choice.rows.filled(name))
        )
        choice.take("content", letter, "没有认识的内容列，这一列几乎每行都有，另一列是对它的答复")
        choice.take(
            "reply", answer, "几列都像答复，这一列是对另一列的答复", choice.scores["reply"].get(answer, score)
        )
        return


def _answer(choice: Choosing) -> None:
    """Take what speaks to a citizen as the answer, though its name is that of the letter, beside a letter.

    So is what only the closed orders have, where another text stands in every row.
    """
    named, score = choice.found.get("content", ("", 0.0))
    if not named:
        return

    def replies(header: str) -> bool:
        return _answers(choice.columns[header]) or _comes_with_closing(choice, header)

    if not replies(named):
        spoken = [name for name in choice.rivals("content") if replies(name)]
        if spoken and "reply" not in choice.found and "reply" in choice.scores:
            choice.take("reply", spoken[0], "这一列是写给群众的答复")
        return
    texts = [c for c in choice.free() if "text" in c.name.heads and c.values.sentences >= OFTEN]
    letters = [c for c in texts if c.values.answers <= _SELDOM and not _comes_with_closing(choice, c.header)]
    if letters:
        letter = max(letters, key=lambda column: (choice.rows.filled(column.header), column.values.length))
        choice.take("content", letter.header, "另一列是办理单位写给群众的答复，这一列是来信人写的")
        if "reply" not in choice.found or not _answers(choice.columns[choice.found["reply"][0]]):
            choice.take("reply", named, "这一列是写给群众的答复", score)


def _reply(choice: Choosing) -> None:
    """Of two answers take the one to the citizen, or that the closed orders have and the open ones lack.

    处理意见 may be how an order was passed on, in every row, and 处理情况 what came of it.
    """
    named, _ = choice.found.get("reply", ("", 0.0))
    if not named:
        return
    closed = choice.rows.cells(choice.found["closed_at"][0]) if "closed_at" in choice.found else []

    def speaks(header: str) -> tuple[bool, float]:
        cells = zip(choice.rows.cells(header), closed, strict=False)
        agreeing = sum(bool(said) == bool(done) for said, done in cells) / len(closed) if closed else 0.0
        return _answers(choice.columns[header]), agreeing

    own = speaks(named)
    for rival in choice.rivals("reply"):
        answers, agreeing = speaks(rival)
        is_fuller = choice.rows.filled(named) > choice.rows.filled(rival)
        if is_fuller and answers and (not own[0] or agreeing >= own[1] + BETTER):
            why = "这一列是写给群众的答复，未办结的没有；另一列更满"
            choice.take("reply", rival, why, choice.scores["reply"][rival])
            return


def _channel(choice: Choosing) -> None:
    """Take ways of calling that tell the rows apart, where the channel is the same in every row (``way``), or
    says of a few codes how the record was made: 来源类型：0=导入 1=手动新建 beside 信访形式.
    """
    named, _ = choice.found.get("channel", ("", 0.0))
    if not named or choice.rows.filled(named) < SEVERAL:
        return
    is_constant = choice.columns[named].values.distinct == 1
    is_coded = bool(legend_of(named)) and "channels" not in choice.columns[named].values.shapes
    if not is_constant and not is_coded:
        return
    ways = [c for c in choice.free() if "channels" in c.values.shapes and c.name.heads <= _KINDS]
    if ways:
        why = "另一列每行都一样" if is_constant else "另一列不是"
        choice.take("channel", ways[0].header, f"值都是来电、来信途径的说法，{why}")


def _comes_with_closing(choice: Choosing, header: str) -> bool:
    """Whether the closed orders have a text and the open ones have not, and there are several of both."""
    ended = (
        list(map(bool, choice.rows.cells(choice.found["closed_at"][0])))
        if "closed_at" in choice.found
        else []
    )
    if min(sum(ended), len(ended) - sum(ended)) < SEVERAL:
        return False
    told = map(bool, choice.rows.cells(header))
    return sum(said == done for said, done in zip(told, ended, strict=True)) >= ALWAYS * len(ended)


def _answers(column: Candidate) -> bool:
    return column.values.answers > OFTEN
