"""Tell a planned period: each order gets its number, its words and its course, in order of time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from hotline_tools.sample import message
from hotline_tools.sample.clock import Clock
from hotline_tools.sample.dice import Dice
from hotline_tools.sample.lifecycle import Course, Office
from hotline_tools.sample.message import Past
from hotline_tools.sample.people import People
from hotline_tools.sample.plan import Planned, Planner
from hotline_tools.sample.speech import Speaker
from hotline_tools.sample.templates import CategoryTemplate
from hotline_tools.sample.world import World, load_world

_VOICES = {"op": "op", "terse": "op", "first": "first", "board": "first", "grid": "grid"}
_WORD_FOR_WORD = 0.15
TRUTH = ("order_id", "category", "subcategory", "request_type", "issue_id", "outbreak_id")


@dataclass(frozen=True)
class Sample:
    """Generated orders and what is true of them; every column of both tables is text."""

    orders: pa.Table
    truth: pa.Table


@dataclass(frozen=True)
class SamplePeriod:
    """What to tell: ``first`` to ``last``, as an export made at ``until`` shows it."""

    seed: int
    stream: int
    total: int
    first: date
    last: date
    until: datetime


@dataclass(frozen=True)
class Told:
    """One order with its words; ``style`` is op, terse, first, board or grid."""

    order: Planned
    style: str
    title: str
    content: str
    course: Course
    speaker: Speaker


Numbering = Callable[[datetime, int], str]
"""Makes an order's number from its time and its place among all orders, counted from 1."""


class Teller:
    """Tells the orders of one period; the same period is always told in the same words."""

    def __init__(
        self, period: SamplePeriod, number: Numbering, styles: tuple[tuple[str, ...], tuple[float, ...]]
    ):
        self.world: World = load_world()
        self._period, self._number, self._styles = period, number, styles
        self.dice = Dice(period.seed, period.stream, 2)
        self._office = Office(self.world, Dice(period.seed, period.stream, 3), period.until)
        self._spoken: dict[int, list[Told]] = {}

    def tell(self, categories: tuple[CategoryTemplate, ...]) -> Iterator[Told]:
        """Yield the orders in order of time."""
        period, dice = self._period, Dice(self._period.seed, self._period.stream, 1)
        clock, people = Clock(dice, period.first, period.last), People(dice, self.world.surnames)
        planned = Planner(self.world, dice, clock, people).plan(categories, period.total)
        for place, order in enumerate(planned, start=1):
            order.order_id = self._number(order.received, place)
            course = self._office.handle(order)
            order.closed = course.closed
            yield self._word(order, course)

    def _word(self, order: Planned, course: Course) -> Told:
        style = self.dice.weighted(*self._styles)
        speaker = Speaker(
            self.world, self.dice, order.facts, _VOICES[style], order.received, order.caller.name
        )
        before = self._spoken.setdefault(order.issue.number, []) if order.issue else []
        own = [t for t in before if t.order.caller == order.caller]
        if own and own[-1].style == style and self.dice.chance(_WORD_FOR_WORD):
            title, content = own[-1].title, own[-1].content
        else:
            title = message.title(order.scene, speaker)
            past = self._past(order, own or before, bool(own))
            content = message.content(order.scene, speaker, style, past=past, crowd=len(before) > 2)
        told = Told(order, style, title, content, course, speaker)
        before.append(told)
        return told

    def _past(self, order: Planned, before: list[Told], own: bool) -> Past | None:
        """What a follow-up quotes: one's own earlier order, or somebody's mend that did not last."""
        if not before:
            return None
        last = before[-1].order
        closed = last.closed is not None and last.closed < order.received
        if not self.dice.chance(0.8 if own else 0.3 if closed else 0.0):
            return None
        return Past(last.order_id, f"{last.received.month}月{last.received.day}日", closed, own)


def clock_text(when: datetime | None) -> str | None:
    """Write a time as platforms do, or nothing."""
    return when.strftime("%Y-%m-%d %H:%M:%S") if when is not None else None


def reply_text(told: Told) -> str | None:
    """Return what the department wrote on closing, or nothing while the order is open."""
    course, speaker = told.course, told.speaker
    if course.closed is None:
        return None
    speaker.extra |= {"closed": f"{course.closed.month}月{course.closed.day}日", "dept": course.department}
    return message.reply(course.outcome, speaker)


def truth_row(order: Planned) -> tuple[str | None, ...]:
    """Return the ``TRUTH`` columns of one order."""
    issue = f"I{order.issue.number:05d}" if order.issue else None
    request = order.scene.request_type
    return order.order_id, order.category.name, order.sub.name, request, issue, order.outbreak or None


def text_table(names: tuple[str, ...], rows: list[tuple[str | None, ...]]) -> pa.Table:
    """Build an all-text table; empty cells become null."""
    columns = [[value or None for value in column] for column in zip(*rows, strict=True)]
    columns = columns or [[] for _ in names]
    return pa.table(dict(zip(names, (pa.array(c, pa.string()) for c in columns), strict=True)))
