"""What the times of two columns say of each other, row by row, where their names do not decide.

Of two times for the closing the one that is never later is the receipt; what says the same in every row, or
the same as the receipt, is no receipt and no limit; and where no name says receipt, the time that all rows
have and that is never after another is one. What the states of the orders say of the closing: ``closings``.
"""

import re

from hotline_tools.layouts.recognition.choosing import ALWAYS, OFTEN, SEVERAL, Choosing, Rows
from hotline_tools.layouts.recognition.closings import NO_EVENT, decide_closing
from hotline_tools.layouts.recognition.column import CLOCKS, Candidate
from hotline_tools.layouts.recognition.header import OWN_TIMES
from hotline_tools.layouts.recognition.moments import moments_of, never_later

_AFTER_RECEIPT = frozenset({"dispatched_at", "signed_at", "first_contact_at", "due_at", "closed_at"})
_DONE = _AFTER_RECEIPT - {"due_at"}
_LATER_STEPS = frozenset({"dispatch", "sign", "close", "answer", "revisit", "due"})
"""Steps whose times are no receipt's."""
_LONG_BEFORE = 90
"""Days, at the median, from which what comes first is of something else than the order."""
_VISIT = re.compile(r"visits?(?!ed)", re.IGNORECASE)


def decide_times(choice: Choosing) -> None:
    """Put right the times that were chosen by name, where the rows say otherwise."""
    for decide in (
        _visit,
        _receipt,
        _varied_receipt,
        _whole_receipt,
        _early_receipt,
        decide_closing,
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
    if receipt and not (_VISIT.search(named) and never_later(choice.rows, named, receipt)):
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
            if rows.filled(first) >= rows.filled(later) and never_later(rows, first, later):
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


def _whole_receipt(choice: Choosing) -> None:
    """Take another receipt where the chosen one is only its day: 发布时间 beside 创建日期 with a clock."""
    named, _ = choice.found.get("received_at", ("", 0.0))
    rivals = choice.rivals("received_at") if named else []
    whole = next((name for name in rivals if _is_day_of(choice.rows, named, name)), None)
    if whole is not None:
        score = choice.scores["received_at"][whole]
        choice.take("received_at", whole, "另一列只有同一天的日期，没有时刻", score)


def _early_receipt(choice: Choosing) -> None:
    """Take no receipt that is later than what is done with an order: an earlier time, or none."""
    named, _ = choice.found.get("received_at", ("", 0.0))
    done = [header for field, (header, _) in choice.found.items() if field in _DONE]
    late = [other for other in done if named and _is_later(choice.rows, named, other)]
    if not late:
        return
    times = [c.header for c in choice.free() if c.values.times >= CLOCKS and not _is_of_others(c)]
    earlier = [own for own in times if all(never_later(choice.rows, own, other) for other in late)]
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
    return not column.name.heads & NO_EVENT and not column.name.steps & (OWN_TIMES | _LATER_STEPS)


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


def _comes_later(rows: Rows, header: str, other: str) -> bool:
    """Whether of two columns of times the first is the later one in more rows than by mistake."""
    pairs = moments_of(rows, header, other)
    return sum(one > two for one, two in pairs) > (1 - ALWAYS) * len(pairs)
