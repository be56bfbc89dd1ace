"""How a profile scores units: points of a rate, items beside the rates, boards (红黑榜)."""

import csv
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    model_validator,
)
from pydantic.dataclasses import dataclass

from hotline_tools.datafile import read_text
from hotline_tools.errors import DataFileError

CHECKED = ConfigDict(extra="forbid", validate_by_name=True, validate_by_alias=True)
SCORE = "score"
"""What a board goes by beside the names of rates."""


def _identifier(name: str) -> str:
    if not name.isidentifier() or not name.isascii():
        raise ValueError(f"“{name}” 须由英文字母、数字与下划线组成")
    return name


def _share(value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"{value:g} 须在 0 到 1 之间（率写作 0.95）")
    return value


def _steps(value: Any) -> tuple[tuple[float, float], ...]:
    """Read ``[[0.95, 25], [0.9, 20]]``: from which rate on how many points."""
    good = isinstance(value, tuple) and all(
        isinstance(step, tuple)
        and len(step) == 2
        and all(isinstance(x, int | float) and not isinstance(x, bool) for x in step)
        and 0 <= step[0] <= 1
        for step in value
    )
    if not good:
        raise ValueError("steps 须写作 [[0.95, 25], [0.9, 20]]")
    return tuple((float(rate), float(points)) for rate, points in value)


def _marks(value: Any, info: ValidationInfo) -> tuple[tuple[str, float], ...]:
    """Read the CSV of marks given by hand, beside the profile: a unit and its points in each line."""
    if isinstance(value, tuple):
        return value
    folder: Path = (info.context or {}).get("folder", Path())
    try:
        lines = list(csv.reader(read_text(folder / str(value), what="评分表").splitlines()))
    except DataFileError as error:
        raise ValueError(str(error)) from error
    marks: dict[str, float] = {}
    for number, cells in enumerate(lines, 1):
        if not any(cells) or (number == 1 and len(cells) == 2 and not re.search(r"\d", cells[1])):
            continue  # a blank line, the heading
        if len(cells) != 2 or not _is_number(cells[1]):
            raise ValueError(f"评分表 {value} 第 {number} 行须是“单位,得分”两列")
        unit = cells[0].strip()
        if unit in marks:
            raise ValueError(f"评分表 {value} 第 {number} 行的“{unit}”前面已有一行")
        marks[unit] = float(cells[1])
    return tuple(marks.items())


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).isdecimal()


ScoreKind = Literal["share", "linear_gap", "steps"]
ItemKind = Literal["basic", "bonus", "deduction", "workload"]
Share = Annotated[float, Field(strict=True), AfterValidator(_share)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Points = Annotated[float, Field(strict=True, gt=0)]
_PARAMETERS = {"share": (), "linear_gap": ("target", "per_point", "floor"), "steps": ("floor", "steps")}
_ITEM_KEYS = {
    "basic": ("marks",),
    "bonus": ("rate", "per_order"),
    "deduction": ("rate", "per_order"),
    "workload": (),
}


def _only_its_own(data: Any, kinds: Any, parameters: dict[str, tuple[str, ...]]) -> Any:
    """Refuse the keys that only tables of another ``kind`` use."""
    if isinstance(data, dict) and data.get("kind") in get_args(kinds):
        others = {name for names in parameters.values() for name in names} - {*parameters[data["kind"]]}
        if wrong := sorted(others & data.keys()):
            raise ValueError(f"kind = “{data['kind']}” 不用 {'、'.join(wrong)}")
    return data


@dataclass(frozen=True, config=CHECKED)
class Score:
    """From a rate (0-1) to points.

    ``share``: points × rate (or × (1 - rate) when lower is better).
    ``linear_gap``: ``max(floor, points - per_point × gap)``; the gap to ``target`` is in
    percentage points and never negative (Lianyungang-type: 25 - (100 - rate)).
    ``steps``: the points of the best step that the rate reaches, else ``floor``.
    """

    kind: ScoreKind
    points: Points
    target: Share = 1.0
    per_point: Annotated[float, Field(strict=True, ge=0)] = 1.0
    floor: Annotated[float, Field(strict=True, ge=0)] = 0.0
    steps: Annotated[tuple[tuple[float, float], ...], PlainValidator(_steps)] = ()

    @model_validator(mode="before")
    @classmethod
    def _parameters_of_its_kind(cls, data: Any) -> Any:
        return _only_its_own(data, ScoreKind, _PARAMETERS)

    @model_validator(mode="after")
    def _within_points(self) -> Self:
        if self.kind == "steps" and not self.steps:
            raise ValueError("steps 须写作 [[0.95, 25], [0.9, 20]]")
        if max([self.floor, *(points for _, points in self.steps)]) > self.points:
            raise ValueError("floor 与各档得分不能高于 points")
        return self

    def points_of(self, value: float, *, lower_is_better: bool = False) -> float:
        """Turn a rate (0-1) into points."""
        if self.kind == "share":
            return self.points * (1 - value if lower_is_better else value)
        if self.kind == "linear_gap":
            gap = value - self.target if lower_is_better else self.target - value
            return max(self.floor, self.points - self.per_point * max(0.0, gap) * 100)
        reached = [
            points for edge, points in self.steps if (value <= edge if lower_is_better else value >= edge)
        ]
        return max(reached, default=self.floor)


@dataclass(frozen=True, config=CHECKED)
class Item:
    """A part of the score that is not the points of a rate.

    ``basic``: every unit has ``points``, or what ``marks`` (given by hand) says of it.
    ``bonus`` / ``deduction``: ``per_order`` for each order in the numerator of ``rate``, at most ``points``,
    added or taken off.
    ``workload``: ``points`` × the unit's orders ÷ those of the largest ranked unit of its group.
    """

    name: Identifier
    label: str
    kind: ItemKind
    points: Points
    per_order: Points = 1.0
    rate: str = ""
    marks: Annotated[tuple[tuple[str, float], ...], PlainValidator(_marks)] = ()
    """What units were given by hand; those not named have ``points``."""

    @model_validator(mode="before")
    @classmethod
    def _keys_of_its_kind(cls, data: Any) -> Any:
        return _only_its_own(data, ItemKind, _ITEM_KEYS)

    @model_validator(mode="after")
    def _says_what_it_counts(self) -> Self:
        if self.kind in ("bonus", "deduction") and not self.rate:
            raise ValueError(f"kind = “{self.kind}” 须写明 rate（按哪个率的分子计件）")
        over = [unit for unit, mark in self.marks if mark > self.points]
        if over:
            raise ValueError(f"评分表里 {'、'.join(over)} 的得分高于 points")
        return self

    @property
    def is_full_mark(self) -> bool:
        """Whether its points belong to the full score: a bonus comes on top, a deduction is taken off."""
        return self.kind in ("basic", "workload")

    def points_of(self, count: float) -> float:
        """Return the points that ``count`` orders bring (bonus) or cost (deduction, negative)."""
        points = min(self.points, self.per_order * count)
        return -points if self.kind == "deduction" else points


@dataclass(frozen=True, config=CHECKED)
class Board:
    """A red and a black board of each group, by the score or by one rate."""

    name: Identifier
    label: str
    by: str = SCORE
    size: Annotated[int, Field(strict=True, ge=1)] = 3

    @property
    def column(self) -> str:
        """The column of the table that holds it."""
        return "board" if self.by == SCORE else f"{self.name}_board"
