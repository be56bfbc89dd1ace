"""Read the template files: one TOML per level-1 category, and the phrases common to all.

A scene is one concrete trouble in several wordings. Troubles that share a title, details and demands are
written together, line by line::

    # title            the order's title (alternatives in brackets)
    wording            what the caller says: begins a trouble
    = wording          the same trouble in other words; one of its wordings is always used
    - detail           may be added
    > demand           what the caller wants
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BeforeValidator, Field, PlainValidator
from pydantic_core import PydanticKnownError

from hotline_tools.datafile import DataModel, parsed, read_toml
from hotline_tools.errors import DataFileError
from hotline_tools.sample.grammar import Phrase, parse

FOLDER = Path(__file__).parent / "templates"
TypeKey = Literal["bad", "ask", "help", "idea", "report", "praise", "other"]
TYPE_KEYS: dict[TypeKey, str] = {
    "bad": "投诉",
    "ask": "咨询",
    "help": "求助",
    "idea": "建议",
    "report": "举报",
    "praise": "表扬",
    "other": "其他",
}
TYPE_WEIGHTS: dict[TypeKey, float] = {
    "bad": 46.0,
    "ask": 27.0,
    "help": 22.0,
    "idea": 8.0,
    "report": 9.0,
    "praise": 3.0,
    "other": 10.0,
}


@dataclass(frozen=True, eq=False)
class Wordings:
    """One trouble as it is written: title, wordings, details, demands."""

    title: Phrase
    mains: tuple[Phrase, ...]
    details: tuple[Phrase, ...]
    demands: tuple[Phrase, ...]


@dataclass(frozen=True, eq=False)
class Scene(Wordings):
    """One concrete trouble in several wordings."""

    key: str
    request_type: str


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


def _phrase(text: Any) -> Phrase:
    try:
        return parse(_string(text))
    except DataFileError as error:
        raise ValueError(error.message) from error


def _string(text: Any) -> str:
    if not isinstance(text, str):
        raise PydanticKnownError("string_type")
    return text


def _months(text: Any) -> tuple[float, ...]:
    factors = [1.0] * 12
    for item in _string(text).split():
        month, _, factor = item.partition(":")
        try:
            factors[range(1, 13).index(int(month))] = float(factor)
        except ValueError as error:
            raise ValueError(f"“{item}” 不是“月:倍数”，如 7:1.6") from error
    return tuple(factors)


def _scenes(block: Any) -> tuple[Wordings, ...]:
    """Return one scene for each trouble."""
    groups: list[list[str]] = []
    for raw in _string(block).splitlines():
        line = raw.strip()
        if line.startswith("#"):
            groups.append([line])
        elif line and not groups:
            raise ValueError(f"场景缺少标题行：{line}，请先写以 # 开头的标题行")
        elif line:
            groups[-1].append(line)
    return tuple(scene for group in groups for scene in _troubles(group))


def _troubles(lines: list[str]) -> list[Wordings]:
    def read(mark: str) -> tuple[Phrase, ...]:
        return tuple(_phrase(line[1:].strip()) for line in lines if line.startswith(mark))

    troubles: list[list[Phrase]] = []
    for line in lines:
        if line[0] not in "#->=":
            troubles.append([_phrase(line)])
        elif line[0] == "=" and not troubles:
            raise ValueError(f"“=” 行之前没有正文：{line}，请先写一句正文")
        elif line[0] == "=":
            troubles[-1].append(_phrase(line[1:].strip()))
    if not troubles:
        raise ValueError(f"场景没有正文：{lines[0]}，请至少写一句正文")
    title, details, demands = read("#")[0], read("-"), read(">")
    return [Wordings(title, tuple(mains), details, demands) for mains in troubles]


Lines = tuple[Annotated[Phrase, PlainValidator(_phrase)], ...]
Scenes = Annotated[tuple[Wordings, ...], PlainValidator(_scenes)]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda text: tuple(_string(text).split()))]
Weight = Annotated[float, Field(ge=0)]


class SubTable(DataModel):
    """A level-2 category as it is written: ``season`` is ``month:factor …``, a request type its scenes."""

    name: str
    weight: Weight = 10.0
    place: str = "none"
    dept: Names
    season: Annotated[tuple[float, ...], PlainValidator(_months)] = (1.0,) * 12
    grid: Weight = 0.0
    types: dict[TypeKey, Weight] = Field(default_factory=dict)
    bad: Scenes = ()
    ask: Scenes = ()
    help: Scenes = ()
    idea: Scenes = ()
    report: Scenes = ()
    praise: Scenes = ()
    other: Scenes = ()


class CategoryFile(DataModel):
    """A level-1 category as it is written."""

    code: str
    name: str
    orders: Annotated[int, Field(ge=0)]
    mood: float = 0.0
    sub: tuple[SubTable, ...]


class CommonFile(DataModel):
    """Phrases that all categories share, by request type or by occasion; slips of the keyboard."""

    opening: dict[str, Lines]
    impact: dict[str, Lines]
    history: dict[str, Lines]
    demand: dict[str, Lines]
    closing: dict[str, Lines]
    aside: dict[str, Lines]
    generic_title: dict[str, Lines]
    title_wrap: dict[str, Lines]
    reply: dict[str, Lines]
    slips: dict[str, str]


Model = TypeVar("Model", bound=DataModel)


def read_template(name: str, model: type[Model]) -> Model:
    """Return a file of the templates; raise ``DataFileError`` naming every mistake in it."""
    path = FOLDER / name
    return parsed(model, read_toml(path, what="模板"), where=str(path), what="模板")


@lru_cache(maxsize=1)
def load_categories() -> tuple[CategoryTemplate, ...]:
    """Read all category templates in order of their code."""
    names = sorted(path.name for path in FOLDER.glob("[0-9][0-9]*.toml"))
    return tuple(_category(read_template(name, CategoryFile)) for name in names)


@lru_cache(maxsize=1)
def load_common() -> CommonFile:
    """Read what all categories share."""
    return read_template("common.toml", CommonFile)


def _category(file: CategoryFile) -> CategoryTemplate:
    subs = tuple(_sub(file.name, table) for table in file.sub)
    return CategoryTemplate(file.code, file.name, file.orders, file.mood, subs)


def _sub(category: str, table: SubTable) -> Sub:
    scenes: list[Scene] = []
    weights: list[float] = []
    for key in get_args(TypeKey):
        found: tuple[Wordings, ...] = getattr(table, key)
        # A scene told in many wordings comes up more often, so that no single wording wears out.
        each = table.types.get(key, TYPE_WEIGHTS[key]) / max(sum(len(told.mains) for told in found), 1)
        for n, told in enumerate(found, 1):
            name = f"{category}/{table.name}/{key}{n}"
            scenes.append(Scene(told.title, told.mains, told.details, told.demands, name, TYPE_KEYS[key]))
            weights.append(each * len(told.mains))
    return Sub(
        category=category,
        name=table.name,
        weight=table.weight,
        place=table.place,
        departments=table.dept,
        months=table.season,
        grid=table.grid,
        scenes=tuple(scenes),
        scene_weights=tuple(weights),
    )
