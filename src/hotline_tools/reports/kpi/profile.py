"""A KPI profile: a city's deadlines, rates, exclusions, scores and groups, as data.

``profile_file`` reads one from TOML and checks it; here is only what it says.
"""

from dataclasses import dataclass, field
from typing import Literal

from hotline_tools.calendar import CountFrom, LimitUnit, OfficeHours, WorkCalendar

Patterns = tuple[str, ...]
"""Cell texts; ``*`` stands for any run of characters."""
Conditions = tuple[tuple[str, Patterns], ...]
"""Column → patterns, one of which its cell has to fit."""
ScoreKind = Literal["share", "linear_gap", "steps"]


@dataclass(frozen=True)
class Rule:
    """How long a limit is for the orders that meet all of ``when`` (none: for all orders)."""

    when: Conditions
    amount: int
    unit: LimitUnit
    count_from: CountFrom
    extension: int = 0
    """What one extension adds, in ``unit``."""
    max_extensions: int = 1


@dataclass(frozen=True)
class Limit:
    """A limit counted from the column ``start``; the first rule that fits an order holds."""

    name: Literal["deadline", "sign", "contact"]
    start: str
    rules: tuple[Rule, ...] = ()

    @property
    def counts_workdays(self) -> bool:
        """Whether any rule needs the calendar."""
        return any(rule.unit == "workdays" for rule in self.rules)


@dataclass(frozen=True)
class Score:
    """From a rate (0-1) to points.

    ``share``: points × rate (or × (1 - rate) when lower is better).
    ``linear_gap``: ``max(floor, points - per_point × gap)``; the gap to ``target`` is in
    percentage points and never negative (Lianyungang-type: 25 - (100 - rate)).
    ``steps``: the points of the best step that the rate reaches, else ``floor``.
    """

    kind: ScoreKind
    points: float
    target: float = 1.0
    per_point: float = 1.0
    floor: float = 0.0
    steps: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Rate:
    """A rate over orders; numerator and denominator are facts, of which one has to hold."""

    name: str
    label: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    target: float | None = None
    lower_is_better: bool = False
    required: bool = False
    """Units without this denominator are not ranked."""
    optional: bool = False
    """When the export cannot support it, that is said but does not make the report incomplete."""
    score: Score | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact it is made of."""
        return (*self.numerator, *self.denominator, *self.exclude)


@dataclass(frozen=True)
class OwnFact:
    """A fact a profile defines: one of its columns fits one of the column's patterns."""

    name: str
    label: str
    when: Conditions


@dataclass(frozen=True)
class Group:
    """Units that are ranked among themselves (分档分类), found by name."""

    name: str
    match: Patterns
    level: str = "department"


@dataclass(frozen=True)
class Profile:
    """Everything a city decides about its KPIs."""

    name: str
    title: str
    rates: tuple[Rate, ...]
    description: str = ""
    minimum_orders: int = 10
    board_size: int = 3
    missing: Literal["rescale", "unranked"] = "rescale"
    """A unit without one scored rate: the others are scaled up, or it is not ranked."""
    deadline: Limit = Limit("deadline", "received_at")
    sign: Limit = Limit("sign", "dispatched_at")
    contact: Limit = Limit("contact", "dispatched_at")
    facts: tuple[OwnFact, ...] = ()
    exclude: Conditions = ()
    """Orders for which any of these holds are left out altogether, and counted."""
    groups: tuple[Group, ...] = ()
    office: OfficeHours = field(default_factory=OfficeHours)
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    path: str = ""

    @property
    def limits(self) -> tuple[Limit, Limit, Limit]:
        """The three limits."""
        return self.deadline, self.sign, self.contact

    @property
    def points(self) -> float:
        """The full score."""
        return sum(rate.score.points for rate in self.rates if rate.score)
