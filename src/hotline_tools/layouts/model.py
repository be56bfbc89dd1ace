"""What a layout says, and what came of matching a table against the layouts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from hotline_tools.datafile import DataModel
from hotline_tools.schema import UNKNOWN_SOURCE

Combine = Literal["join", "first"]


@dataclass(frozen=True)
class FieldSpec:
    """How one field of the work order is filled."""

    field: str
    parts: tuple[tuple[str, ...], ...]
    """Each part is a list of header synonyms, the best first; most fields have one part.

    Several parts are put together in order (date + time, levels of a category).
    """
    combine: Combine = "join"
    """``join``: all parts that are filled, with ``joiner`` between; ``first``: the first filled one."""
    joiner: str = " "
    dates: tuple[str, ...] = ()
    """Hints for times: roc, epoch_seconds, epoch_millis, month_first, day_first, compact, excel_serial."""
    placeholders: tuple[str, ...] = ()
    """Cell texts that mean "nothing here" in this column, beside the layout's general ones."""
    split: str = ""
    """Separator of a path inside one cell (``->`` in ``住房->物业``); becomes ``/``."""


class Sister(DataModel):
    """A second layout that describes the same orders, and the columns that may join the two."""

    layout: str
    keys: tuple[str, ...]
    """Headers that may be the key, the best first; ``A|B`` when the two files name it differently."""


@dataclass(frozen=True)
class Layout:
    """One export layout, as its TOML file says it (with common.toml's rules added)."""

    id: str
    name: str
    source: str
    """The name space of order ids unless the user gives another."""
    version: int
    fields: dict[str, FieldSpec]
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    """Field → folded cell text → code of the schema."""
    signature: dict[str, float] = field(default_factory=dict)
    """Header (synonyms by ``|``) → weight: what this layout is recognised by."""
    required: tuple[str, ...] = ()
    """Headers (synonyms by ``|``) without which the table is another's."""
    marks: dict[str, str] = field(default_factory=dict)
    """Header → pattern that most of its values match, as the names of the city's districts."""
    min_score: float = 0.6
    placeholders: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    """Headers whose values are never stored: names of callers and the like."""
    keep: tuple[str, ...] = ()
    """Headers that go to ``extra`` although a general synonym would map them."""
    time_zone: str = "Asia/Shanghai"
    """The city's; empty where files of many cities look alike, so that times stay as they are written."""
    channel: str = ""
    """Channel of every order when the export has no such column."""
    sister: Sister | None = None
    path: str = ""
    own: bool = False
    """The user's, not a shipped one: wins a tie."""


@dataclass(frozen=True)
class Unsure:
    """A guess that a person should look at; ``reason`` is Chinese."""

    field: str
    header: str
    reason: str


@dataclass(frozen=True)
class ColumnEvidence:
    """Why a field has its columns."""

    score: float
    """0-1; 1 where the layout says so."""
    reason: str
    """In Chinese."""
    rivals: tuple[str, ...] = ()
    """Headers that could have filled the field; they are kept in ``extra``."""


@dataclass(frozen=True)
class Match:
    """Which layout a table has, and which of its headers fill which field."""

    layout: Layout | None
    """None: no layout fits; the mapping is guessed from general synonyms."""
    score: float
    """Share of the layout's signature weight that was found, 0-1."""
    mapping: dict[str, list[str]]
    """Field → source headers of the table, joined (or tried) in this order."""
    specs: dict[str, FieldSpec]
    """Field → how to fill it; the same keys as ``mapping``, whatever ``layout`` is."""
    values: Mapping[str, Mapping[str, str]]
    """Field → folded cell text → code; for a guessed mapping the common ones."""
    placeholders: tuple[str, ...] = ()
    """Folded cell texts that mean missing in every column."""
    drop: tuple[str, ...] = ()
    """Headers of the table whose values must not be stored."""
    evidence: dict[str, ColumnEvidence] = field(default_factory=dict)
    """Field → how sure its columns are, and why; the same keys as ``mapping``."""
    unsure: list[Unsure] = field(default_factory=list)
    says_more: bool = False
    """Whether a column that fills no field holds texts."""
    unmapped: list[str] = field(default_factory=list)
    """Headers of the table that go to ``extra``."""
    source: str = UNKNOWN_SOURCE
    time_zone: str = "Asia/Shanghai"
    channel: str = ""
    closes_by_reply: bool = False
    """The closing is the time of a reply, and a status tells which of the orders are closed by it."""
    candidates: list[tuple[str, float]] = field(default_factory=list)
    """Layout id and score of the best five, for ``hotline inspect``."""
