"""What happens to an order: dispatched, signed, contacted, closed (or not), revisited, rated.

Deadlines count working days from the day after dispatch: 咨询 1, 求助 and 建议 5, the rest 10;
an extension adds the same number again once, and later ones five days.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import holidays

from hotline_tools.sample.dice import Dice
from hotline_tools.sample.plan import Planned
from hotline_tools.sample.world import Department, World

WORKING_DAYS = {"咨询": 1, "求助": 5, "建议": 5, "表扬": 5, "其他": 5}
COMPLAINT_DAYS = 10
_LATE, _NEVER, _DESK = 0.145, 0.003, 0.42
_WRONG = ("镇街", "住建", "城管", "公安", "市政", "市场监管", "信访", "自然", "交通")


@dataclass
class Course:
    """The life of one order; times are null where a step has not been taken."""

    department: str
    partners: str = ""
    dispatched: datetime | None = None
    signed: datetime | None = None
    contacted: datetime | None = None
    due: datetime | None = None
    closed: datetime | None = None
    revisited: datetime | None = None
    extensions: int = 0
    returns: int = 0
    redos: int = 0
    status: str = "办理中"
    responded: str = ""
    resolved: str = ""
    satisfaction: str = ""
    outcome: str = ""
    mood: float = 0.0


class Office:
    """Works through orders up to ``until``, the moment of the export."""

    def __init__(self, world: World, dice: Dice, until: datetime) -> None:
        self._world, self._dice, self._until = world, dice, until
        calendar = holidays.country_holidays("CN", years=range(until.year - 2, until.year + 2))
        first = date(until.year - 2, 12, 1)
        days = (first + timedelta(days=n) for n in range(1000))
        self._workdays = [d for d in days if calendar.is_working_day(d)]

    def handle(self, order: Planned) -> Course:
        """Return what became of an order."""
        dice = self._dice
        if order.scene.request_type in {"咨询", "表扬", "其他"} and dice.chance(_DESK):
            return self._desk(order)
        department, returns = self._department(order)
        course = Course(department.name, returns=returns, mood=department.mood)
        course.dispatched = self._dispatch(order.received)
        self._partners(order, course)
        course.signed = self._within_office_hours(
            course.dispatched, 0.15 + 7 * dice.roll() ** 2 + 5 * returns
        )
        course.contacted = course.signed + timedelta(hours=0.3 + 30 * dice.roll() ** 2.5)
        late = dice.chance(_LATE * department.slow * (1.5 if order.issue else 1.0) * (1 + 0.6 * returns))
        self._deadline(order, course)
        self._close(course, late)
        self._judge(order, course, late)
        return self._as_of_export(course)

    def _desk(self, order: Planned) -> Course:
        course = Course(self._world.departments["热线"].name, mood=0.08, status="已办结", outcome="answer")
        minutes = 4 + 40 * self._dice.roll() ** 2
        course.dispatched = course.signed = course.contacted = order.received
        course.due = self._working_day(order.received, 1)
        course.closed = order.received + timedelta(minutes=minutes)
        self._judge(order, course, late=False)
        return self._as_of_export(course)

    def _department(self, order: Planned) -> tuple[Department, int]:
        dice, names = self._dice, order.sub.departments
        right = names[0] if len(names) == 1 or dice.chance(0.68) else dice.pick(names[1:])
        returns = 0
        if dice.chance(0.085):
            returns = 2 if dice.chance(0.15) else 1
            if dice.chance(0.22):
                right = dice.pick(_WRONG)
        return self._world.department(right, order.facts.street), returns

    def _partners(self, order: Planned, course: Course) -> None:
        if self._dice.chance(0.14):
            names = [
                self._world.department(n, order.facts.street).name for n in (*order.sub.departments, "镇街")
            ]
            others = [n for n in dict.fromkeys(names) if n != course.department]
            course.partners = ";".join(others[: self._dice.between(1, 2)])

    def _dispatch(self, received: datetime) -> datetime:
        return self._within_office_hours(received, 0.05 + 1.6 * self._dice.roll() ** 2)

    def _within_office_hours(self, start: datetime, hours: float) -> datetime:
        """Add ``hours``; what falls at night is done next morning."""
        when = start + timedelta(hours=hours)
        if when.hour >= 21:
            when = datetime.combine(when.date() + timedelta(days=1), time(8))
        elif when.hour < 8:
            when = datetime.combine(when.date(), time(8))
        else:
            return when
        return when + timedelta(minutes=90 * self._dice.roll())

    def _working_day(self, start: datetime, days: int) -> datetime:
        index = bisect_right(self._workdays, start.date()) + days - 1
        return datetime.combine(self._workdays[index], time(18))

    def _deadline(self, order: Planned, course: Course) -> None:
        assert course.dispatched is not None
        days = WORKING_DAYS.get(order.scene.request_type, COMPLAINT_DAYS)
        if self._dice.chance(0.06 if days >= 5 else 0.01):
            course.extensions = 2 if self._dice.chance(0.12) else 1
        extra = days + 5 * (course.extensions - 1) if course.extensions else 0
        course.due = self._working_day(course.dispatched, days + extra)

    def _close(self, course: Course, late: bool) -> None:
        assert course.signed is not None
        assert course.due is not None
        dice = self._dice
        if dice.chance(_NEVER):
            return
        if late:
            closed = course.due + timedelta(days=0.1 + 14 * dice.roll() ** 3, hours=5 * dice.roll())
        else:
            room = max((course.due - course.signed).total_seconds(), 0)
            closed = course.signed + timedelta(seconds=room * (0.05 + 0.94 * dice.roll() ** 1.3))
        course.closed = self._within_office_hours(closed, 0)
        if not late:
            course.closed = min(course.closed, course.due)
        course.closed = max(course.closed, course.signed + timedelta(minutes=5))
        if course.contacted is not None:
            course.contacted = min(course.contacted, course.closed)

    def _judge(self, order: Planned, course: Course, late: bool) -> None:
        if course.closed is None:
            return
        dice, request = self._dice, order.scene.request_type
        good = 0.66 + order.category.mood + course.mood - 0.14 * late - (0.12 if order.issue else 0)
        good += {"咨询": 0.18, "表扬": 0.3, "求助": 0.05, "建议": 0.08}.get(request, 0.0)
        roll = dice.roll()
        course.resolved = "解决" if roll < good else "部分解决" if roll < good + 0.17 else "未解决"
        if not course.outcome:
            course.outcome = {"解决": "done", "部分解决": "partial"}.get(course.resolved, "refuse")
            if request in {"咨询", "表扬"}:
                course.outcome = "answer" if request == "咨询" else "thanks"
        course.responded = "是" if dice.chance(0.97 - 0.25 * late) else "否"
        if not dice.chance(0.74):
            course.resolved = course.satisfaction = ""
            course.satisfaction = "未评价" if dice.chance(0.5) else ""
            return
        course.revisited = course.closed + timedelta(hours=10 + 90 * dice.roll() ** 2)
        course.revisited = course.revisited.replace(hour=9 + int(8 * dice.roll()))
        if course.revisited <= course.closed:
            course.revisited += timedelta(days=1)
        course.satisfaction = self._rating(course.resolved)
        if course.satisfaction == "不满意" and dice.chance(0.28):
            course.redos = 1 + dice.chance(0.12)

    def _rating(self, resolved: str) -> str:
        weights = {"解决": (0.84, 0.09, 0.01), "部分解决": (0.2, 0.5, 0.2), "未解决": (0.05, 0.2, 0.67)}
        share = weights[resolved]
        return self._dice.weighted(("满意", "基本满意", "不满意", "未评价"), (*share, 1 - sum(share)))

    def _as_of_export(self, course: Course) -> Course:
        """Forget what had not happened yet when the export was made."""
        until = self._until
        if course.closed is not None and course.closed <= until:
            course.status = "已归档" if course.revisited and course.revisited <= until else "已办结"
        else:
            course.closed = None
            course.outcome = course.responded = ""
        if course.closed is None or (course.revisited and course.revisited > until):
            course.revisited, course.redos = None, 0
            course.resolved = course.satisfaction = ""
        for name, status in (("contacted", ""), ("signed", "待签收"), ("dispatched", "待派单")):
            when = getattr(course, name)
            if when is not None and when > until:
                setattr(course, name, None)
                course.status = status or course.status
        if course.dispatched is None:
            course.due, course.department, course.partners, course.returns = None, "", "", 0
        return course
