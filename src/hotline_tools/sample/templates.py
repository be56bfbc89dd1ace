"""Read the template files: one TOML per level-1 category, and the phrases common to all.

A scene is one concrete problem in several wordings, written line by line::

    # title            the order's title (alternatives in brackets)
    wording            what the caller says; one of these is always used
    - detail           may be added
    > demand           what the caller wants
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from hotline_tools.errors import DataFileError
from hotline_tools.sample.grammar import Phrase, parse

TYPE_KEYS = {
    "bad": "投诉",
    "ask": "咨询",
    "help": "求助",
    "idea": "建议",
    "report": "举报",
    "praise": "表扬",
    "other": "其他",
}
TYPE_WEIGHTS = {
    "bad": 46.0,
    "ask": 27.0,
    "help": 22.0,
    "idea": 8.0,
    "report": 9.0,
    "praise": 3.0,
    "other": 10.0,
}


@dataclass(frozen=True, eq=False)
class Scene:
    """One concrete problem in several wordings."""

    key: str
    request_type: str
    title: Phrase
    mains: tuple[Phrase, ...]
    details: tuple[Phrase, ...]
    demands: tuple[Phrase, ...]


@dataclass(frozen=True, eq=False)
class Sub:
    """One level-2 category: where it happens, whose job it is, and its scenes."""

    category: str
    name: str
    weight: float
    place: str
    departments: tuple[str, ...]
    months: tuple[float, ...]
    grid: float
    scenes: tuple[Scene, ...]
    scene_weights: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class CategoryTemplate:
    """One level-1 category; ``orders`` of the published-size year, ``mood`` shifts satisfaction."""

    code: str
    name: str
    orders: int
    mood: float
    subs: tuple[Sub, ...]


@lru_cache(maxsize=1)
def load_categories() -> tuple[CategoryTemplate, ...]:
    """Read all category templates in order of their code."""
    folder = resources.files("hotline_tools.sample") / "templates"
    names = sorted(item.name for item in folder.iterdir() if item.name[:2].isdigit())
    return tuple(_category(tomllib.loads((folder / n).read_text("utf-8")), n) for n in names)


@lru_cache(maxsize=4)
def load_common(name: str = "common") -> dict[str, Any]:
    """Read a shared data file (``common``, ``world``, ``outbreaks``)."""
    folder = resources.files("hotline_tools.sample") / "templates"
    return tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))


def phrases(lines: list[str], where: str) -> tuple[Phrase, ...]:
    """Parse a list of templates."""
    return tuple(parse(line, where) for line in lines)


def _category(data: dict[str, Any], file: str) -> CategoryTemplate:
    name = str(data["name"])
    subs = tuple(_sub(name, item, file) for item in data["sub"])
    return CategoryTemplate(str(data["code"]), name, int(data["orders"]), float(data.get("mood", 0.0)), subs)


def _sub(category: str, data: dict[str, Any], file: str) -> Sub:
    where = f"{file} {data['name']}"
    scenes: list[Scene] = []
    weights: list[float] = []
    factors = data.get("types", {})
    for key in TYPE_KEYS:
        if key in data:
            found = _scenes(data[key], f"{category}/{data['name']}", key, where)
            scenes += found
            # A scene told in many wordings comes up more often, so that no single wording wears out.
            wordings = sum(len(scene.mains) for scene in found)
            each = float(factors.get(key, TYPE_WEIGHTS[key])) / wordings
            weights += [each * len(scene.mains) for scene in found]
    return Sub(
        category=category,
        name=str(data["name"]),
        weight=float(data.get("weight", 10)),
        place=str(data.get("place", "none")),
        departments=tuple(str(data["dept"]).split()),
        months=_months(str(data.get("season", ""))),
        grid=float(data.get("grid", 0)),
        scenes=tuple(scenes),
        scene_weights=tuple(weights),
    )


def _months(text: str) -> tuple[float, ...]:
    factors = [1.0] * 12
    for item in text.split():
        month, factor = item.split(":")
        factors[int(month) - 1] = float(factor)
    return tuple(factors)


def _scenes(block: str, owner: str, key: str, where: str) -> list[Scene]:
    groups: list[list[str]] = []
    for raw in block.splitlines():
        line = raw.strip()
        if line.startswith("#"):
            groups.append([line])
        elif line and not groups:
            raise DataFileError(f"场景缺少标题行：{line}", where=where, remedy="请先写以 # 开头的标题行。")
        elif line:
            groups[-1].append(line)
    return [_scene(lines, f"{owner}/{key}{n}", key, where) for n, lines in enumerate(groups, start=1)]


def _scene(lines: list[str], name: str, key: str, where: str) -> Scene:
    def read(mark: str) -> tuple[Phrase, ...]:
        return phrases([line[1:].strip() for line in lines if line.startswith(mark)], where)

    mains = phrases([line for line in lines if line[0] not in "#->"], where)
    if not mains:
        raise DataFileError(f"场景没有正文：{lines[0]}", where=where, remedy="请至少写一句正文。")
    return Scene(name, TYPE_KEYS[key], read("#")[0], mains, read("-"), read(">"))
