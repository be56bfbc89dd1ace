"""Which time is the closing of the orders, by what the rows say of their states.

Of two closings the one is right that the closed orders have and the open ones have not; a time that open
orders have too is none. Where no name says closing, the rows may tell it all the same.
"""

from hotline_tools.layouts.keys import code_of
from hotline_tools.layouts.recognition.choosing import ALWAYS, BETTER, LESS, SEVERAL, Choosing
from hotline_tools.layouts.recognition.column import CLOCKS, Candidate
from hotline_tools.layouts.recognition.moments import never_later
from hotline_tools.layouts.recognition.words import words_of
from hotline_tools.schema import Status

NO_EVENT = frozenset({"private", "limit"})
"""Heads of times at which nothing happened to an order."""
_TELLING = (Status.OPEN, Status.CLOSED)
_NO_ENDS = frozenset({"begin", "revisit", "due", "extend", "return", "redo", "visit", "receive"})
"""Steps whose times are no closing's, whatever rows have them."""
_VAGUE_ENDS = frozenset({"over", "end"})
"""Words of a closing that may be of its limit: ``over_time``."""
_ARCHIVED = frozenset({"archive", "archived", "归档"})
"""What follows on the closing, and may be all that is told of it."""


def decide_closing(choice: Choosing) -> None:
    """Put right the closing and the state that were chosen by name, where the rows say otherwise."""
    for decide in (_state, _closing, _ending, _archived):
        decide(choice)


def _state(choice: Choosing) -> None:
    """Of two states take the one that tells what is closed: 办结状态 beside 状态, which says 已受理."""
    named, _ = choice.found.get("status", ("", 0.0))
    if not named or any(closed for _, closed in _states(choice, named)):
        return
    for rival in choice.rivals("status"):
        if len({closed for _, closed in _states(choice, rival)}) == len(_TELLING):
            score = choice.scores["status"][rival]
            choice.take("status", rival, "这一列说明办结与否，另一列没有办结的", score)
            return


def _closing(choice: Choosing) -> None:
    """Of several closings, take the one that agrees best with the states of the orders."""
    found, scores = choice.found, choice.scores
    if "closed_at" not in found or "status" not in found:
        return
    rows = choice.rows
    told = _states(choice, found["status"][0])
    if len({closed for _, closed in told}) < 2:
        return
    named, score = found["closed_at"]
    others = choice.rivals("closed_at")
    best = max(
        (header for header in others if scores["closed_at"][header] >= LESS * score),
        key=lambda header: _agreeing(choice, header, told),
        default=named,
    )
    if _agreeing(choice, best, told) >= _agreeing(choice, named, told) + BETTER:
        choice.take(
            "closed_at", best, "与工单状态相符：办结的有时间，未办结的没有", scores["closed_at"][best]
        )
        return
    of_open = [at for at, closed in told if not closed]
    is_vague = any(word.text in _VAGUE_ENDS for word in words_of(choice.columns[named].said))
    is_said = not is_vague and any(role & {"close", "answer"} for role in choice.columns[named].name.roles)
    # 办理日期 is when they took it up, Follow Up Date when they mean to look again.
    for field in ("revisited_at", *(() if is_said else ("closed_at",))):
        cells = rows.cells(found[field][0]) if field in found else []
        if len(of_open) >= SEVERAL and cells and all(cells[at] for at in of_open):
            del found[field]
    if is_vague and "closed_at" not in found and "due_at" in scores and "due_at" not in found:
        choice.take("due_at", named, "未办结的也有这个时间，是期限，不是办结时间")


def _ending(choice: Choosing) -> None:
    """Where no name says closing, take the time that the closed orders have and the open ones have not."""
    if "closed_at" in choice.found or "closed_at" not in choice.scores or "status" not in choice.found:
        return
    told = _states(choice, choice.found["status"][0])
    if min(sum(closed for _, closed in told), sum(not closed for _, closed in told)) < SEVERAL:
        return
    for column in choice.free():
        is_time = column.values.times >= CLOCKS and _may_end(column)
        if is_time and _agreeing(choice, column.header, told) >= ALWAYS:
            why = "没有认识的办结时间列，这一列办结的有、未办结的没有"
            choice.take("closed_at", column.header, why)
            return


def _archived(choice: Choosing) -> None:
    """Where neither closing nor state is told, take the filing, which follows them, for the closing."""
    found = choice.found
    if "closed_at" in found or "status" in found or "closed_at" not in choice.scores:
        return
    before = [found[field][0] for field in ("received_at", "dispatched_at") if field in found]
    for column in choice.free():
        is_filed = any(word.text in _ARCHIVED for word in words_of(column.said))
        is_last = before and all(never_later(choice.rows, one, column.header) for one in before)
        if is_filed and column.values.times >= CLOCKS and is_last:
            choice.take("closed_at", column.header, "没有办结时间列，也没有状态列，归档在办结之后")
            return


def _may_end(column: Candidate) -> bool:
    """Whether a name leaves it open that a time is the closing: 归档时间, ``Decided``."""
    return not column.name.heads & NO_EVENT and not column.name.steps & _NO_ENDS


def _states(choice: Choosing, header: str) -> list[tuple[int, bool]]:
    """Return the rows whose state is known to be open or closed, and whether it is closed."""
    words = choice.rows.words.get("status", {})
    codes = [code_of(cell, words) for cell in choice.rows.cells(header)]
    return [(at, code == Status.CLOSED) for at, code in enumerate(codes) if code in _TELLING]


def _agreeing(choice: Choosing, header: str, told: list[tuple[int, bool]]) -> float:
    """Return the share of the rows ``told`` that have a time where they are closed, and none where open."""
    cells = choice.rows.cells(header)
    return sum(bool(cells[at]) == closed for at, closed in told) / len(told)
