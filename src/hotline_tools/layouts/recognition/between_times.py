"""What the times of two columns say of each other, row by row, where their names do not decide.

Of two times for the closing the one that is never later is the receipt; of two closings the one is right that
the closed orders have and the open ones have not; what says the same in every row, or the same as the
receipt, is no receipt and no limit; and where no name says receipt, the time that all rows have and that is
never after another is one.
"""

import re

from hotline_tools.layouts.keys import code_of
from hotline_tools.layouts.recognition.choosing import ALWAYS, BETTER, LESS, OFTEN, SEVERAL, Choosing, Rows
from hotline_tools.layouts.recognition.column import CLOCKS, Candidate
from hotline_tools.layouts.recognition.header import OWN_TIMES
from hotline_tools.layouts.recognition.moments import moments_of
from hotline_tools.layouts.recognition.words import words_of
from hotline_tools.schema import Status

_AFTER_RECEIPT = frozenset({"dispatched_at", "signed_at", "first_contact_at", "due_at", "closed_at"})
_DONE = _AFTER_RECEIPT - {"due_at"}
_LATER_STEPS = frozenset({"dispatch", "sign", "close", "answer", "revisit", "due"})
"""Steps whose times are no receipt's."""
_TELLING = (Status.OPEN, Status.CLOSED)
_NO_ENDS = frozenset({"begin", "revisit", "due", "extend", "return", "redo", "visit", "receive"})
"""Steps whose times are no closing's, whatever rows have them."""
_NOT_FIRST = frozenset({"private", "limit"})
_LONG_BEFORE = 90
"""Days, at the median, from which what comes first is of something else than the order."""
_VAGUE_ENDS = frozenset({"over", "end"})
"""Words of a closing that may be of its limit: ``over_time``."""
_ARCHIVED = frozenset({"archive", "archived", "归档"})
"""What follows on the closing, and may be all that is told of it."""
_VISIT = re.compile(r"visits?(?!ed)", re.IGNORECASE)


def decide_times(choice: Choosing) -> None:
    """Put right the times that were chosen by name, where the rows say otherwise."""
    for decide in (
        _visit,
        _receipt,
        _varied_receipt,
        _early_receipt,
        _state,
        _closing,
        _ending,
        _archived,
        _limit,
        _first,
        _steps,
    ):
        decide(choice)


def _visit(choice: Choosing) -> None:
    """Take a visit that comes before all else for the receipt: it is no call after the closing.

    So is one that comes before the time at which its record was made.
    """
    found = choice.found
    if "revisited_at" not in found or "received_at" not in choice.scores:
        return
    named, score = found["revisited_at"]
    receipt, _ = found.get("received_at", ("", 0.0))
    if receipt and not (_VISIT.search(named) and _never_later(choice.rows, named, receipt)):
        return
    if receipt and not choice.columns[receipt].name.is_stamped:
        del found["revisited_at"]
        return
    later = [header for field, (header, _) in found.items() if field in _AFTER_RECEIPT]
    if _VISIT.search(named) and not any(_comes_later(choice.rows, named, other) for other in later):
        del found["revisited_at"]
        choice.take("received_at", named, "来访在其他各时间之前，没有别的受理时间列", score)


def _receipt(choice: Choosing) -> None:
    """Of two closings without a receipt, take the one that is never later and fuller as the receipt."""
    found, rows = choice.found, choice.rows
    if "closed_at" not in found or "received_at" not in choice.scores or "received_at" in found:
        return
    named, score = found["closed_at"]
    for rival in choice.rivals("closed_at"):
        for first, later in ((named, rival), (rival, named)):
            if rows.filled(first) >= rows.filled(later) and _never_later(rows, first, later):
                choice.take("received_at", first, "没有认识的受理时间列，这一列的时间总在另一列之前")
                found["closed_at"] = later, choice.scores["closed_at"].get(later, score)
                return


def _varied_receipt(choice: Choosing) -> None:
    """Take another receipt where the chosen one is the same in every row: the day of something else."""
    named, _ = choice.found.get("received_at", ("", 0.0))
    if not named or not _is_constant(choice.rows, named):
        return
    rivals = choice.rivals("received_at")
    rival = next((name for name in rivals if not _is_constant(choice.rows, name)), None)
    if rival is not None:
        score = choice.scores["received_at"][rival]
        choice.take("received_at", rival, "另一列每行都是同一个时间", score)


def _early_receipt(choice: Choosing) -> None:
    """Take no receipt that is later than what is done with an order: an earlier time, or none."""
    named, _ = choice.found.get("received_at", ("", 0.0))
    done = [header for field, (header, _) in choice.found.items() if field in _DONE]
    late = [other for other in done if named and _is_later(choice.rows, named, other)]
    if not late:
        return
    times = [c.header for c in choice.free() if c.values.times >= CLOCKS and not _is_of_others(c)]
    earlier = [own for own in times if all(_never_later(choice.rows, own, other) for other in late)]
    if earlier:
        fullest = max(earlier, key=choice.rows.filled)
        choice.take("received_at", fullest, "另一列的时间在派单或办结之后")
    elif len(late) > 1:
        del choice.found["received_at"]


def _is_of_others(column: Candidate) -> bool:
    return any("other" in role for role in column.name.roles)


def _is_later(rows: Rows, header: str, other: str) -> bool:
    """Whether a time comes after another one in most rows, and most rows have both."""
    pairs = moments_of(rows, header, other)
    is_told = len(pairs) >= max(SEVERAL, OFTEN * rows.filled(header))
    return is_told and sum(one > two for one, two in pairs) > OFTEN * len(pairs)


def _limit(choice: Choosing) -> None:
    """Take no limit that is the receipt once more in every row; another one where there is."""
    if "due_at" not in choice.found or "received_at" not in choice.found:
        return
    receipt, (named, _) = choice.found["received_at"][0], choice.found["due_at"]
    if not _repeats(choice.rows, named, receipt):
        return
    rivals = [name for name in choice.rivals("due_at") if not _repeats(choice.rows, name, receipt)]
    del choice.found["due_at"]
    if rivals:
        choice.take("due_at", rivals[0], "另一列与受理时间完全相同", choice.scores["due_at"][rivals[0]])


def _first(choice: Choosing) -> None:
    """Where no name says receipt, take the time that all rows have and that is never after another one.

    A day of birth or of a contract comes first too, but years before.
    """
    found, rows = choice.found, choice.rows
    others = [header for field, (header, _) in found.items() if field in _AFTER_RECEIPT]
    if "received_at" in found or "received_at" not in choice.scores or not others:
        return
    times = [c.header for c in choice.free() if c.values.times >= CLOCKS and _may_be_first(c)]
    times = [own for own in times if rows.filled(own) >= ALWAYS * rows.sample.num_rows]
    others += times
    for own in times:
        if all(_is_before(rows, own, other) for other in others if other != own):
            choice.take("received_at", own, "没有认识的受理时间列，这一列每行都有，且从不晚于其他各时间")
            return


def _may_be_first(column: Candidate) -> bool:
    """Whether a name leaves it open that a time is the order's, and says no other step."""
    return not column.name.heads & _NOT_FIRST and not column.name.steps & (OWN_TIMES | _LATER_STEPS)


def _is_before(rows: Rows, first: str, later: str) -> bool:
    """Whether a time is never later than another, and not long before it."""
    pairs = moments_of(rows, first, later)
    days = sorted(_days(other) - _days(one) for one, other in pairs)
    is_near = len(days) >= SEVERAL and days[len(days) // 2] <= _LONG_BEFORE
    return is_near and sum(one <= other for one, other in pairs) >= ALWAYS * len(pairs)


def _days(moment: tuple[int, ...]) -> int:
    """Return a day as a number, near enough to tell months from years."""
    year, month, day, *_ = moment
    return 365 * year + 30 * month + day


def _steps(choice: Choosing) -> None:
    """Take no dispatch or signing that is only the day of the receipt in every row."""
    if "received_at" not in choice.found:
        return
    receipt, _ = choice.found["received_at"]
    for field in ("dispatched_at", "signed_at", "first_contact_at"):
        named, _ = choice.found.get(field, ("", 0.0))
        if named and _is_day_of(choice.rows, named, receipt):
            del choice.found[field]


def _is_day_of(rows: Rows, header: str, other: str) -> bool:
    """Whether a column has only the day of another one's times, in every row."""
    pairs = moments_of(rows, header, other)
    is_told = len(pairs) >= SEVERAL and any(whole[3:] != (0, 0) for _, whole in pairs)
    return is_told and all(day[:3] == whole[:3] and day[3:] == (0, 0) for day, whole in pairs)


def _is_constant(rows: Rows, header: str) -> bool:
    told = [cell for cell in rows.cells(header) if cell]
    return len(told) >= SEVERAL and len(set(told)) == 1


def _repeats(rows: Rows, header: str, other: str) -> bool:
    """Whether a column says in every row what another one says."""
    pairs = [pair for pair in zip(rows.cells(header), rows.cells(other), strict=True) if pair[0]]
    return len(pairs) >= SEVERAL and all(one == two for one, two in pairs)


def _never_later(rows: Rows, first: str, later: str) -> bool:
    """Whether of two columns of times the first is before the other, or at most at the same time."""
    pairs = moments_of(rows, first, later)
    before = sum(one < other for one, other in pairs)
    together = sum(one == other for one, other in pairs)
    return before >= max(1, OFTEN * len(pairs)) and before + together >= ALWAYS * len(pairs)


def _comes_later(rows: Rows, header: str, other: str) -> bool:
    """Whether of two columns of times the first is the later one in more rows than by mistake."""
    pairs = moments_of(rows, header, other)
    return sum(one > two for one, two in pairs) > (1 - ALWAYS) * len(pairs)


def _states(choice: Choosing, header: str) -> list[tuple[int, bool]]:
    """Return the rows whose state is known to be open or closed, and whether it is closed."""
    words = choice.rows.words.get("status", {})
    codes = [code_of(cell, words) for cell in choice.rows.cells(header)]
    return [(at, code == Status.CLOSED) for at, code in enumerate(codes) if code in _TELLING]


def _agreeing(choice: Choosing, header: str, told: list[tuple[int, bool]]) -> float:
    """Return the share of the rows ``told`` that have a time where they are closed, and none where open."""
    cells = choice.rows.cells(header)
    return sum(bool(cells[at]) == closed for at, closed in told) / len(told)


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
        is_last = before and all(_never_later(choice.rows, one, column.header) for one in before)
        if is_filed and column.values.times >= CLOCKS and is_last:
            choice.take("closed_at", column.header, "没有办结时间列，也没有状态列，归档在办结之后")
            return


def _may_end(column: Candidate) -> bool:
    """Whether a name leaves it open that a time is the closing: 归档时间, ``Decided``."""
    return not column.name.heads & _NOT_FIRST and not column.name.steps & _NO_ENDS


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
