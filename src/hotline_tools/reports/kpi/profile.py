"""A KPI profile: a city's deadlines, rates, exclusions, scores and groups, as data.

The models check what a profile file says (``profile_file`` reads one); their aliases are the file's keys.
Validation has a context when a file is read: ``facts``, the names that rates may use, and ``folder``.
"""

from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    StrictBool,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.dataclasses import dataclass

from hotline_tools.calendar import CountFrom, LimitUnit, OfficeHours, WorkCalendar, read_overrides
from hotline_tools.errors import DataFileError
from hotline_tools.reports.kpi.cycle import Cycle
from hotline_tools.reports.kpi.score_model import (
    CHECKED,
    SCORE,
    Board,
    Identifier,
    Item,
    Score,
    Share,
)
from hotline_tools.suggestions import did_you_mean
from hotline_tools.text import repeated

COLUMNS = (
    "request_type",
    "urgency",
    "channel",
    "source",
    "original_category",
    "category",
    "subcategory",
    "district",
    "street",
    "department",
    "status",
    "status_raw",
    "handling_level",
)
"""The columns a condition may look at."""


def _hint(word: str, known: list[str]) -> str:
    return did_you_mean(word, known, otherwise=f"可用：{'、'.join(known)}")


def _texts(value: Any) -> Any:
    """Read a single text as a list of one."""
    return (value,) if isinstance(value, str) else value


def _pairs(value: Any) -> Any:
    """Read a table column = [patterns] as pairs."""
    return (
        tuple((column, _texts(cell)) for column, cell in value.items()) if isinstance(value, dict) else value
    )


def _known_columns(conditions: Any) -> Any:
    wrong = [
        f"{column} 不认识，{_hint(column, [*COLUMNS])}" for column, _ in conditions if column not in COLUMNS
    ]
    for column, patterns in conditions:
        if not patterns:
            wrong.append(f"{column} 须是文字的列表")
        if any("%" in pattern or "_" in pattern for pattern in patterns if "*" in pattern):
            wrong.append(f"{column} 的写法里 * 不能与 % 或 _ 同用")
    if wrong:
        raise ValueError("；".join(wrong))
    return conditions


def _known_facts(names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    known = (info.context or {}).get("facts", names)
    wrong = [f"没有 {name} 这个事实，{_hint(name, list(known))}" for name in names if name not in known]
    if wrong:
        raise ValueError("；".join(wrong))
    return names


def _office(value: Any) -> OfficeHours:
    """Read ``[["09:00", "12:00"], ["14:00", "18:00"]]``."""
    if isinstance(value, OfficeHours):
        return value
    spans: list[tuple[int, int]] = []
    for span in value if isinstance(value, tuple) else (value,):
        ends = tuple(map(_seconds, span)) if isinstance(span, tuple) else ()
        match ends:
            case (int(start), int(end)) if start < end and (not spans or start >= spans[-1][1]):
                spans.append((start, end))
            case _:
                raise ValueError('须写作 [["09:00", "12:00"]]，先后有序、互不重叠')
    return OfficeHours(tuple(spans))


def _seconds(clock: object) -> int | None:
    hours, _, minutes = str(clock).partition(":")
    if not (hours.isdigit() and minutes.isdigit()) or int(minutes) > 59:
        return None
    seconds = int(hours) * 3600 + int(minutes) * 60
    return seconds if seconds <= 86400 else None


def _calendar(value: Any, info: ValidationInfo) -> WorkCalendar:
    """Read the file of own working days, beside the profile."""
    if isinstance(value, WorkCalendar):
        return value
    folder: Path = (info.context or {}).get("folder", Path())
    try:
        return WorkCalendar.with_overrides(read_overrides(folder / str(value))) if value else WorkCalendar()
    except DataFileError as error:
        raise ValueError(str(error)) from error


Patterns = tuple[str, ...]
"""Cell texts; ``*`` stands for any run of characters."""
Conditions = Annotated[
    tuple[tuple[str, Patterns], ...], BeforeValidator(_pairs), AfterValidator(_known_columns)
]
"""Column → patterns, one of which its cell has to fit."""
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts), Field(min_length=1)]
FactNames = Annotated[tuple[str, ...], BeforeValidator(_texts), AfterValidator(_known_facts)]
NeededFacts = Annotated[FactNames, Field(min_length=1)]


def _with_conditions(model: Any, data: Any) -> Any:
    """Gather the keys of a table that are no fields: they are columns of its conditions."""
    if not isinstance(data, dict):
        return data
    own = {field.name for field in fields(model)} - {"when"}
    columns = {key: value for key, value in data.items() if key not in own}
    return {**{key: value for key, value in data.items() if key in own}, "when": columns}


@dataclass(frozen=True, config=CHECKED)
class LimitRule:
    """How long a limit is for the orders that meet all of ``when`` (none: for all orders)."""

    when: Conditions
    amount: Annotated[int, Field(strict=True, ge=1)]
    unit: LimitUnit
    count_from: CountFrom = "receipt"
    extension: Annotated[int, Field(strict=True, ge=0)] = 0
    """What one extension adds, in ``unit``."""
    max_extensions: Annotated[int, Field(strict=True, ge=1)] = 1

    @model_validator(mode="before")
    @classmethod
    def _columns(cls, data: Any) -> Any:
        return _with_conditions(cls, data)

    @model_validator(mode="after")
    def _hours_count_from_receipt(self) -> Self:
        if self.unit == "hours" and self.count_from != "receipt":
            raise ValueError('unit = "hours" 只能从受理时刻起算（count_from = "receipt"）')
        return self


@dataclass(frozen=True, config=CHECKED)
class Limit:
    """A limit counted from the column ``start``; the first rule that fits an order holds."""

    name: Literal["deadline", "sign", "contact"]
    start: Literal["received_at", "dispatched_at"]
    rules: tuple[LimitRule, ...] = ()

    @field_validator("rules")
    @classmethod
    def _reached(cls, rules: tuple[LimitRule, ...]) -> tuple[LimitRule, ...]:
        if any(not rule.when for rule in rules[:-1]):
            raise ValueError("有一条没有条件，其后的永远轮不到")
        return rules

    @property
    def counts_workdays(self) -> bool:
        """Whether any rule needs the calendar."""
        return any(rule.unit == "workdays" for rule in self.rules)


@dataclass(frozen=True, config=CHECKED)
class Rate:
    """A rate over orders; numerator and denominator are facts, of which one has to hold."""

    name: Identifier
    label: str
    numerator: NeededFacts
    denominator: NeededFacts
    exclude: FactNames = ()
    target: Share | None = None
    lower_is_better: StrictBool = False
    required: StrictBool = False
    """Units without this denominator are not ranked."""
    optional: StrictBool = False
    """When the export cannot support it, that is said but does not make the report incomplete."""
    score: Score | None = None

    @model_validator(mode="before")
    @classmethod
    def _gap_to_its_target(cls, data: Any) -> Any:
        """A gap is to the rate's own target unless the score names another."""
        score = data.get("score") if isinstance(data, dict) else None
        if isinstance(score, dict) and score.get("kind") == "linear_gap" and "target" in data:
            return {**data, "score": {"target": data["target"], **score}}
        return data

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact it is made of."""
        return (*self.numerator, *self.denominator, *self.exclude)


@dataclass(frozen=True, config=CHECKED)
class OwnFact:
    """A fact a profile defines: one of its columns fits one of the column's patterns."""

    name: Identifier
    label: str
    when: Conditions

    @model_validator(mode="before")
    @classmethod
    def _columns(cls, data: Any) -> Any:
        return _with_conditions(cls, data)

    @model_validator(mode="after")
    def _has_a_condition(self) -> Self:
        if not self.when:
            raise ValueError("没有写任何列")
        return self


@dataclass(frozen=True, config=CHECKED)
class UnitGroup:
    """Units that are ranked among themselves (分档分类), found by name."""

    name: str
    match: Texts
    level: Literal["department", "district", "street", "community", "grid"] = "department"
    orders_from: Annotated[int, Field(strict=True, ge=0)] = 0
    """The fewest orders of a unit of the group."""


@dataclass(frozen=True, config=CHECKED)
class Profile:
    """Everything a city decides about its KPIs."""

    name: str
    title: str
    rates: Annotated[tuple[Rate, ...], Field(validation_alias="rate")]
    description: str = ""
    minimum_orders: Annotated[int, Field(strict=True, ge=1)] = 10
    """Fewer orders, or a smaller denominator of a required rate: no rank. A scored rate of a smaller
    denominator is not scored."""
    board_size: Annotated[int, Field(strict=True, ge=0)] = 3
    items: Annotated[tuple[Item, ...], Field(validation_alias="item")] = ()
    own_boards: Annotated[tuple[Board, ...], Field(validation_alias="board")] = ()
    missing: Literal["rescale", "unranked"] = "rescale"
    """A unit without one scored rate: the others are scaled up, or it is not ranked."""
    deadline: Limit = Limit("deadline", "received_at")
    sign: Limit = Limit("sign", "dispatched_at")
    contact: Limit = Limit("contact", "dispatched_at")
    back_days: Annotated[int, Field(strict=True, ge=1)] = 30
    """How long after a closing another order of the same issue means that it came back."""
    facts: Annotated[tuple[OwnFact, ...], Field(validation_alias="fact")] = ()
    exclude: Conditions = ()
    """Orders for which any of these holds are left out altogether, and counted."""
    groups: Annotated[tuple[UnitGroup, ...], Field(validation_alias="group")] = ()
    office: Annotated[OfficeHours, PlainValidator(_office), Field(validation_alias="office_hours")] = (
        OfficeHours()
    )
    calendar: Annotated[WorkCalendar, PlainValidator(_calendar)] = WorkCalendar()
    cycle: Cycle | None = None
    path: str = ""

    @field_validator("deadline", "sign", "contact", mode="before")
    @classmethod
    def _named(cls, table: Any, info: ValidationInfo) -> Any:
        start = "received_at" if info.field_name == "deadline" else "dispatched_at"
        return {"start": start, **table, "name": info.field_name} if isinstance(table, dict) else table

    @field_validator("facts", mode="before")
    @classmethod
    def _facts_by_name(cls, table: Any) -> Any:
        if not isinstance(table, dict):
            return table
        return tuple(
            {**fact, "name": name} if isinstance(fact, dict) else fact for name, fact in table.items()
        )

    @field_validator("rates", "groups", "items", "own_boards")
    @classmethod
    def _names_differ(cls, items: tuple[Any, ...], info: ValidationInfo) -> tuple[Any, ...]:
        names = [item.name for item in items]
        word = str(info.field_name).removeprefix("own_").removesuffix("s")
        wrong = [f"{word} {name} 重复" for name in sorted(repeated(names))]
        if word == "rate" and not items:
            wrong.append("没有一个 [[rate]]")
        if wrong:
            raise ValueError("；".join(wrong))
        return items

    @property
    def limits(self) -> tuple[Limit, Limit, Limit]:
        """The three limits."""
        return self.deadline, self.sign, self.contact

    @field_validator("items", "own_boards")
    @classmethod
    def _name_rates(cls, given: tuple[Any, ...], info: ValidationInfo) -> tuple[Any, ...]:
        """Refuse items and boards of rates that the profile has not."""
        known = [rate.name for rate in info.data.get("rates", ())]
        wrong = []
        for one in given:
            asked, allowed = (one.by, [SCORE, *known]) if isinstance(one, Board) else (one.rate, ["", *known])
            if asked not in allowed:
                key = "by" if isinstance(one, Board) else "rate"
                wrong.append(f"{one.name} 的 {key} = “{asked}” 不认识，{_hint(asked, allowed)}")
            if isinstance(one, Item) and one.name in known:
                wrong.append(f"{one.name} 与 rate 重名")
        if sum(isinstance(one, Board) and one.by == SCORE for one in given) > 1:
            wrong.append(f"只能有一个 by = “{SCORE}”")
        if wrong:
            raise ValueError("；".join(wrong))
        return given

    @property
    def boards(self) -> tuple[Board, ...]:
        """Its boards; without any of its own, one by score of ``board_size``; none when that is 0."""
        if self.own_boards or not self.board_size:
            return self.own_boards
        return (Board(SCORE, "红黑榜", size=self.board_size),)

    @property
    def points(self) -> float:
        """The full score: the points of rates and of items that every unit can have."""
        rates = sum(rate.score.points for rate in self.rates if rate.score)
        return rates + sum(item.points for item in self.items if item.is_full_mark)
