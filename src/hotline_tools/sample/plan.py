"""Plan a period: how many orders of what, where, by whom and when; nothing is worded yet."""

from dataclasses import dataclass, field
from datetime import date, datetime

from hotline_tools.sample.clock import Clock
from hotline_tools.sample.dice import Dice, shares
from hotline_tools.sample.grammar import Phrase
from hotline_tools.sample.people import Caller, People
from hotline_tools.sample.speech import Facts
from hotline_tools.sample.templates import CategoryTemplate, Scene, Sub
from hotline_tools.sample.waves import Wave, load_waves
from hotline_tools.sample.world import Place, World

ISSUES_PER_ORDER = 900 / 31838
_SIZES = ((2, 2, 0.34), (3, 3, 0.22), (4, 4, 0.14), (5, 8, 0.17), (9, 20, 0.1), (21, 60, 0.03))
_TRIES = 30


@dataclass
class Issue:
    """One concrete problem at one place; ``kind`` is group, persistent or comeback."""

    number: int
    kind: str
    scene: Scene
    facts: Facts
    orders: int = 0


@dataclass
class Planned:
    """One order before it is worded."""

    category: CategoryTemplate
    sub: Sub
    scene: Scene
    facts: Facts
    caller: Caller
    received: datetime
    issue: Issue | None = None
    outbreak: str = ""
    order_id: str = ""
    content: str = ""
    closed: datetime | None = None


@dataclass
class Planner:
    """Plans the orders of one period; ``clock`` knows its days."""

    world: World
    dice: Dice
    clock: Clock
    people: People
    orders: list[Planned] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    _taken: dict[tuple[str, str], Planned] = field(default_factory=dict)
    _titled: set[tuple[Phrase, str]] = field(default_factory=set)

    def plan(self, categories: tuple[CategoryTemplate, ...], total: int) -> list[Planned]:
        """Return ``total`` orders in order of time, category shares kept by largest remainder."""
        counts = shares(total, [c.orders for c in categories])
        cells = [
            (category, sub, count)
            for category, orders in zip(categories, counts, strict=True)
            for sub, count in zip(
                category.subs, shares(orders, [s.weight for s in category.subs]), strict=True
            )
        ]
        weights = [count * (1.0 if sub.place != "none" else 0.25) for _, sub, count in cells]
        issues = shares(round(total * ISSUES_PER_ORDER), weights)
        for (category, sub, count), wanted in zip(cells, issues, strict=True):
            left = count
            for _ in range(wanted):
                left -= self._plant(category, sub, min(left, int(count * 0.45)))
            for _ in range(left):
                self._single(category, sub)
        self.orders.sort(key=lambda o: o.received)
        return self.orders

    def _plant(self, category: CategoryTemplate, sub: Sub, room: int) -> int:
        """Plan one issue of at most ``room`` orders; return how many it took."""
        dice = self.dice
        scenes = [s for s in sub.scenes if s.request_type in {"投诉", "求助", "举报"}]
        low, high, _ = dice.weighted(_SIZES, [w for _, _, w in _SIZES])
        size = min(dice.between(low, high), room)
        if size < 2 or not scenes:
            return 0
        kind = dice.weighted(("group", "persistent", "comeback"), (0.62, 0.15, 0.23))
        scene = dice.pick(scenes)
        # One's own trouble is told by oneself; what has no place cannot be matched between callers.
        if sub.place == "none" or (scene.request_type == "求助" and dice.chance(0.6)):
            kind = "persistent"
        if kind == "persistent":
            size = min(size, 14)
        issue = self._issue(kind, scene, self._facts(sub, scene))
        callers = self._callers(kind, size, issue.facts.street)
        wave = self._wave(sub)
        times = self.clock.spread(size, kind, sub, wave)
        for caller, when in zip(callers, times, strict=True):
            order = Planned(category, sub, scene, issue.facts, caller, when, issue, wave.id if wave else "")
            issue.orders += 1
            self.orders.append(order)
            if issue.facts.place is not None:
                self._taken[scene.key, issue.facts.place.name] = order
        return size

    def _issue(self, kind: str, scene: Scene, facts: Facts) -> Issue:
        """Open an issue: all its callers speak of one trouble at one place."""
        issue = Issue(len(self.issues) + 1, kind, scene, facts)
        self.issues.append(issue)
        return issue

    def _callers(self, kind: str, size: int, street: str) -> list[Caller]:
        """At least two distinct callers, but one alone when the issue is a persistent caller's."""
        if kind == "persistent":
            return [self.people.new(street)] * size
        distinct = max(2, round(size * (0.5 + 0.5 * self.dice.roll())))
        people = [self.people.new(street) for _ in range(distinct)]
        again = [self.dice.pick(people) for _ in range(size - distinct)]
        return [*people[:2], *self.dice.shuffled([*people[2:], *again])]

    def _single(self, category: CategoryTemplate, sub: Sub) -> None:
        scene = self.dice.weighted(sub.scenes, sub.scene_weights)
        facts = self._facts(sub, scene)
        wave = self._wave(sub)
        if wave and wave.street and facts.place is None:
            facts.street = wave.street
        caller = self.people.new_or_known(facts.street)
        received = self.clock.moment(sub, wave)
        order = Planned(category, sub, scene, facts, caller, received, None, wave.id if wave else "")
        self.orders.append(order)
        if facts.place is not None and scene.request_type not in {"咨询", "表扬", "其他"}:
            self._join(order, facts.place)

    def _join(self, order: Planned, place: Place) -> None:
        """The same problem at the same place is the same issue, even when it came about by chance."""
        first = self._taken.setdefault((order.scene.key, place.name), order)
        if first is order:
            return
        if first.issue is None:
            first.issue = self._issue("group", order.scene, first.facts)
            first.issue.orders = 1
        order.issue, order.facts = first.issue, first.facts
        first.issue.orders += 1

    def _facts(self, sub: Sub, scene: Scene) -> Facts:
        """Choose a place of which nothing has been told under this title yet, when there is one.

        Two troubles of one title at one place could not be told apart by their titles alone.
        """
        if sub.place == "none":
            street = self.dice.pick(self.world.streets)
            return Facts(None, street, self.dice.pick(self.world.communities[street]))
        choices = self.world.places[sub.place]
        place = self.dice.pick(choices)
        for _ in range(_TRIES):
            if (scene.title, place.name) not in self._titled:
                break
            place = self.dice.pick(choices)
        self._titled.add((scene.title, place.name))
        return Facts(place, place.street, place.community)

    def _wave(self, sub: Sub) -> Wave | None:
        roll = self.dice.roll()
        for wave in load_waves().get(sub.name, ()):
            if roll < wave.share and self.clock.covers(wave):
                return wave
            roll -= wave.share
        return None


def month_range(month: str) -> tuple[date, date]:
    """Return the first and last day of ``YYYY-MM``."""
    year, number = map(int, month.split("-"))
    first = date(year, number, 1)
    after = date(year + number // 12, number % 12 + 1, 1)
    return first, date.fromordinal(after.toordinal() - 1)
