"""The fictional district: streets, communities, estates, roads, firms; the same for every seed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import create_model

from hotline_tools.datafile import DataModel
from hotline_tools.sample.dice import Dice
from hotline_tools.sample.templates import read_template

_SEED = 20210101
_COMMUNITIES = 120
_ESTATES = 420
_ROADS = 150
_LISTS = (
    *("streets", "first", "second", "town_second", "estate_first", "estate_second", "yard_owner", "yard"),
    *("road_first", "road_second", "school_first", "school_second", "nursery_first", "college"),
    *("training_first", "training_second", "hospital", "firm_first", "firm_second", "pm_first", "pm_second"),
    *("dev_first", "dev_second", "park", "market", "shop_first", "shop_food", "shop_retail", "shop_fun"),
    *("gym_first", "gym_second", "bank", "site", "river", "scenic", "hall", "building_office", "courier"),
    "telecom",
)
"""Word lists that the district is built from."""


@dataclass(frozen=True)
class Place:
    """Somewhere a problem can be. ``street`` is empty when it belongs to the whole district."""

    kind: str
    name: str
    street: str
    community: str
    road: str
    manager: str = ""
    developer: str = ""


@dataclass(frozen=True)
class Department:
    """Who handles orders; ``slow`` multiplies lateness, ``mood`` shifts satisfaction."""

    name: str
    slow: float
    mood: float


@dataclass(frozen=True)
class World:
    """Everything that has a name."""

    district: str
    streets: tuple[str, ...]
    communities: dict[str, tuple[str, ...]]
    places: dict[str, tuple[Place, ...]]
    departments: dict[str, Department]
    surnames: str

    def department(self, short: str, street: str) -> Department:
        """Look a department up by its short name; ``镇街`` is the order's own street."""
        if short == "镇街":
            return Department(
                f"{street}办事处" if street.endswith("街道") else f"{street}人民政府", 1.0, -0.02
            )
        return self.departments[short]


class _Names(DataModel):
    """The names that stand in no list; a department is its name, slowness and mood."""

    district: str
    surnames: str
    departments: dict[str, tuple[str, float, float]]


_Lists = dict[str, tuple[str, ...]]
_fields: dict[str, Any] = dict.fromkeys(_LISTS, (tuple[str, ...], ...))
WorldFile = create_model("WorldFile", __base__=_Names, __doc__="The district as it is written.", **_fields)


@lru_cache(maxsize=1)
def load_world() -> World:
    """Build the district from its word lists."""
    file = read_template("world.toml", WorldFile)
    data: _Lists = {name: getattr(file, name) for name in _LISTS}
    dice = Dice(_SEED)
    streets = data["streets"]
    communities = _communities(dice, data, streets)
    roads = _roads(dice, data, streets, communities)
    by_street = {s: [r.name for r in roads if r.street == s] for s in streets}

    def somewhere(kind: str, names: Iterable[str]) -> tuple[Place, ...]:
        places = []
        for name in dict.fromkeys(names):
            street = next((s for s in streets if name.startswith(s[:2])), None) or dice.pick(streets)
            places.append(
                Place(kind, name, street, dice.pick(communities[street]), dice.pick(by_street[street]))
            )
        return tuple(places)

    places: dict[str, tuple[Place, ...]] = {
        "estate": _estates(dice, data, streets, communities, by_street),
        "road": tuple(roads),
        "village": tuple(
            Place("village", c, s, c, dice.pick(by_street[s]))
            for s in streets
            for c in communities[s]
            if c.endswith("村")
        ),
    }
    places |= _named(data, dice, somewhere)
    # Nobody buys a flat off plan in a factory's yard, and nobody renews an estate built last year.
    yards = data["yard"]
    places["new_estate"] = tuple(p for p in places["estate"] if not p.name.endswith(yards))
    older = (*yards, "新村", "小区", "家园", "花园")
    places["old_estate"] = tuple(p for p in places["estate"] if p.name.endswith(older))
    departments = {short: Department(*said) for short, said in file.departments.items()}
    return World(file.district, streets, communities, places, departments, file.surnames)


Somewhere = Callable[[str, Iterable[str]], tuple[Place, ...]]


def _named(data: _Lists, dice: Dice, somewhere: Somewhere) -> dict[str, tuple[Place, ...]]:
    def mix(first: str, second: str, count: int) -> list[str]:
        pairs = [a + b for a in data[first] for b in data[second]]
        return dice.shuffled(pairs)[:count]

    def around(kind: str, count: int, *endings: str) -> tuple[Place, ...]:
        names = [a + b for a in dice.shuffled(nearby)[:count] for b in endings]
        return somewhere(kind, [*data[kind], *dice.shuffled(names)[:count]])

    nearby = [a + b for a in data["first"] for b in data["second"]]
    places = {kind: somewhere(kind, data[kind]) for kind in ("scenic", "hall", "college")}
    places["site"] = around("site", 150, "安置区工地", "路东侧工地", "片区在建项目")
    places["park"] = around("park", 50, "口袋公园", "游园", "小广场")
    places["market"] = around("market", 50, "菜市场", "集市", "便民市场")
    places["river"] = around("river", 60, "河", "排水渠", "水塘")
    places["hospital"] = around("hospital", 40, "卫生室", "社区卫生服务站", "口腔诊所")
    places["office"] = around("building_office", 30, "派出所户籍室", "便民服务站")
    places["school"] = somewhere("school", mix("school_first", "school_second", 48))
    places["nursery"] = somewhere("nursery", [f"{n}幼儿园" for n in data["nursery_first"]])
    places["training"] = somewhere("training", mix("training_first", "training_second", 50))
    places["firm"] = somewhere("firm", mix("firm_first", "firm_second", 160))
    places["food"] = somewhere("food", mix("shop_first", "shop_food", 130))
    places["shop"] = somewhere("shop", mix("shop_first", "shop_retail", 130))
    places["fun"] = somewhere("fun", mix("shop_first", "shop_fun", 70))
    places["gym"] = somewhere("gym", mix("gym_first", "gym_second", 60))
    places["bank"] = somewhere(
        "bank", [f"{b}{r}支行" for b in data["bank"] for r in ("城南", "柳溪", "云河")]
    )
    places["bus"] = somewhere("bus", [f"{n}路" for n in (*range(1, 38), 101, 102, 105, 301, 306)])
    places["courier"] = somewhere("courier", data["courier"])
    places["telecom"] = somewhere("telecom", data["telecom"])
    return places


def _communities(dice: Dice, data: _Lists, streets: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    rural = dice.shuffled([a + b for a in data["first"] for b in data["second"]])
    urban = dice.shuffled([a + b for a in data["first"] for b in data["town_second"]])
    found: dict[str, tuple[str, ...]] = {}
    for index, street in enumerate(streets):
        count = _COMMUNITIES // len(streets) + (index < _COMMUNITIES % len(streets))
        if street.endswith("街道"):
            found[street] = tuple(f"{urban.pop()}社区" for _ in range(count))
        else:
            villages = [f"{rural.pop()}村" for _ in range(count - 2)]
            found[street] = (*villages, f"{urban.pop()}社区", f"{urban.pop()}社区")
    return found


def _roads(
    dice: Dice, data: _Lists, streets: tuple[str, ...], communities: dict[str, tuple[str, ...]]
) -> list[Place]:
    names = dice.shuffled([a + b for a in data["road_first"] for b in data["road_second"]])[:_ROADS]
    result = []
    for index, name in enumerate(names):
        street = streets[index % len(streets)]
        result.append(Place("road", name, street, dice.pick(communities[street]), name))
    return result


def _estates(
    dice: Dice,
    data: _Lists,
    streets: tuple[str, ...],
    communities: dict[str, tuple[str, ...]],
    roads: dict[str, list[str]],
) -> tuple[Place, ...]:
    modern = [a + b for a in data["estate_first"] for b in data["estate_second"]]
    old = [a + b for a in data["yard_owner"] for b in data["yard"]]
    names = dice.shuffled(dice.shuffled(modern)[: _ESTATES - len(old)] + old)
    managers = [a + b for a in data["pm_first"] for b in data["pm_second"][:2]]
    developers = [a + b for a in data["dev_first"] for b in data["dev_second"]]
    weights = [3.0 if s.endswith("街道") else 1.0 for s in streets]
    result = []
    for name in names:
        street = dice.weighted(streets, weights)
        community, road = dice.pick(communities[street]), dice.pick(roads[street])
        result.append(
            Place("estate", name, street, community, road, dice.pick(managers), dice.pick(developers))
        )
    return tuple(result)
