"""``ReportTable``: what a report answers and what a renderer draws.

A report fills one and opens nothing; a renderer draws one and computes nothing.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Cell = str | int | float | bool | date | datetime | list[str] | list[int] | list[float] | None
FieldType = Literal["text", "integer", "number", "rate", "boolean", "date", "datetime", "list"]
"""``rate`` is a number in 0-1 that people read as a percentage."""


class NoteKind(StrEnum):
    """What a note is about; renderers and briefings choose by it, never by the words of the text."""

    DEFINITION = "definition"
    """How a figure is defined: profile, denominator, formula, rule file."""
    SCOPE = "scope"
    """Period, basis, moment of the count, what is compared with what."""
    EMPTY = "empty"
    """Nothing is in scope, and why."""
    MISSING = "missing"
    """A figure that was asked for and cannot be computed, and what it lacks."""
    EXCLUDED = "excluded"
    """What the figures leave out, with the number of orders."""
    QUALITY = "quality"
    """Data that may mislead: impossible times, estimates, values that could not be read."""
    STALE = "stale"
    """Labels or repeat issues that are older than orders in scope."""
    GAP = "gap"
    """Days on which a source has no order although it usually has."""
    SHOWN = "shown"
    """How the rows are read: order, rank, mark, rows that are not listed."""
    ADVICE = "advice"
    """What to do or to look at next."""


class Note(str):
    """One sentence beside a table, with its ``kind``; everywhere else it is its text.

    ``about`` names the columns it explains: where one of them is not shown, it says nothing.
    """

    __slots__ = ("about", "kind")
    kind: NoteKind
    about: tuple[str, ...]

    def __new__(cls, kind: NoteKind, text: str, about: tuple[str, ...] = ()) -> Self:
        """Make a note of a kind."""
        note = super().__new__(cls, text)
        note.kind = kind
        note.about = about
        return note

    def __getnewargs__(self) -> tuple[NoteKind, str, tuple[str, ...]]:  # type: ignore[override]
        """Let notes be copied between processes."""
        return self.kind, str(self), self.about

    @property
    def text(self) -> str:
        """The sentence."""
        return str.__str__(self)


@dataclass(frozen=True)
class Counts:
    """The columns that a rate is made of."""

    numerator: str
    denominator: str
    of_total: bool = False
    """``denominator`` names a total of the table, as in a share of all orders, not a column."""


@dataclass(frozen=True)
class Field:
    """One column: ``name`` is stable and English, ``label`` is what people read."""

    name: str
    label: str
    type: FieldType = "text"
    unit: str = ""
    detail: bool = False
    """Left out of a terminal too narrow for all columns; files have it always."""
    decides: bool = False
    """What the report is read for; after the names, the last to give way on a narrow page."""
    machine: bool = False
    """For programs alone: csv, json and parquet have it, what people read has not."""
    coded: bool = False
    """Holds codes of the schema; people read their labels."""
    digits: int = 1
    """Decimals that people read of a ``number``."""
    counts: Counts | None = None
    """A rate's numerator and denominator."""
    estimate_of: str = ""
    """The rate of which this is an end of the interval, or the standardised form: no quotient of counts."""
    comparable: bool = True
    """False for figures that are not subtracted between periods: places, full marks, comparisons."""
    then_of: str = ""
    """The column whose value in the base period this is."""
    change_of: str = ""
    """The column whose change since the base period this is: a number, or percentage points of a rate."""
    change_rate_of: str = ""
    """The column whose change divided by the base this is."""
    noise_of: str = ""
    """The column whose change may be chance alone where this is true."""
    base: str = ""
    """Which of several bases this belongs to, as it stands in the name; empty where there is one."""
    is_place: bool = False
    """A place in an order: a smaller one is better, and its change is the places it rose, never a rate."""
    signed: bool = False
    """A difference, which people read with its sign."""
    names_row: bool = False
    """Says what a row is although it is no text, as a rank does; it stays in sight with the names."""


RANK = Field("rank", "序", "integer", comparable=False, names_row=True)
"""The place of a row in its table."""


class RowKind(StrEnum):
    """What a row that is no single item stands for; its cell ``ROW_KIND``, which is no column, says so."""

    UNFILLED = "unfilled"
    """What has no value of the level, as the orders without a category."""
    REST = "rest"
    """Several items put together, as those after the first N."""


ROW_KIND = "row_kind"


@dataclass(frozen=True)
class ChartHint:
    """What a picture of the table shows; names refer to columns.

    ``bars``: one bar a row, sorted as the rows are; ``panels``: bars in one panel for each value of
    ``series``; ``lines``: ``value`` over ``label``, one line for each value of ``series``; ``heat``:
    ``value`` at (``label``, ``series``); ``bands``: one panel for each ``label`` (and ``series``), drawn
    from its latest row, whose lists ``value``, ``expected`` and ``limit`` run week by week up to ``last``,
    the last day of the last week; the weeks that end on the ``last`` of one of its rows are marked.
    """

    kind: Literal["bars", "panels", "lines", "heat", "bands"]
    label: str
    value: str
    share: str = ""
    """Written behind a bar's figure."""
    series: str = ""
    pale: str = ""
    """Bars of rows where this column is filled or true are drawn pale."""
    apart: str = ""
    """``panels``: rows where this column is filled are named below instead of drawn."""
    rates: tuple[str, ...] = ()
    """``panels``: rates written beside the bars, with their counts."""
    text: str = ""
    """``heat``: what is written in the cells, in place of ``value``."""
    line: str = ""
    """``bars``: a cumulative share drawn as a line over the bars, with a rule at 80 %."""
    latest: bool = False
    """``bars``: rows are in order of time; where not all can be drawn, the last ones are."""
    whole: str = ""
    """``lines``: points of rows where this column is false are hollow."""
    in_document: bool = False
    """Drawn for a document, whose readers need no name of a command."""
    expected: str = ""
    limit: str = ""
    last: str = ""


@dataclass(frozen=True)
class Grid:
    """How people read long rows as a matrix: one line for each ``down``, one column for each ``across``.

    Names refer to columns; a row whose ``mark`` is true has its ``value`` followed by ``*``.
    """

    down: str
    across: str
    value: str
    mark: str = ""


@dataclass(frozen=True)
class ReportTable:
    """Rows with typed columns, and everything needed to believe them."""

    report: str
    title: str
    columns: tuple[Field, ...]
    rows: list[dict[str, Cell]]
    period: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    totals: dict[str, Cell] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    chart: ChartHint | None = None
    grid: Grid | None = None
    incomplete: bool = False
    """True when asked-for figures could not be computed (exit code 3); the notes say which."""

    def column(self, name: str) -> Field:
        """Return the column called ``name``; raise ``KeyError`` when there is none."""
        for item in self.columns:
            if item.name == name:
                return item
        raise KeyError(name)

    def counts_of(self, column: Field) -> tuple[Field, Field] | None:
        """Return the columns of a rate's numerator and denominator; None when it has none of its own."""
        counts = column.counts
        if counts is None or counts.of_total:
            return None
        return self.column(counts.numerator), self.column(counts.denominator)

    def derived(
        self, role: Literal["then", "change", "change_rate", "noise"], name: str, base: str | None = None
    ) -> Field | None:
        """Return the column that a comparison added for the column ``name``; None when there is none.

        Of several bases it is that of the first, unless ``base`` says which.
        """
        found = (item for item in self.columns if getattr(item, f"{role}_of") == name)
        return next((item for item in found if base in (None, item.base)), None)

    def to_arrow(self) -> "pa.Table":
        """Return the rows as an Arrow table: a column for each field, typed by it, its label as metadata."""
        import pyarrow as pa  # noqa: PLC0415 -- a table is light until it is asked for this

        schema = pa.schema(
            [pa.field(c.name, self._arrow_type(c), metadata={"label": c.label}) for c in self.columns]
        )
        rows = [{c.name: row.get(c.name) for c in self.columns} for row in self.rows]
        return pa.Table.from_pylist(rows, schema=schema)

    def to_pandas(self) -> "pd.DataFrame":
        """Return the rows as a DataFrame, a column for each field; rates in 0-1, lists as lists.

        Whole numbers and truth values are of pandas' nullable types, so that what is missing stays missing.
        """
        import pandas as pd  # noqa: PLC0415

        return pd.DataFrame(
            {
                c.name: pd.Series([row.get(c.name) for row in self.rows], dtype=_PANDAS.get(c.type, "object"))
                for c in self.columns
            }
        )

    def _repr_html_(self) -> str:
        """Show the table in a notebook."""
        # By name: a table stands below its renderers and imports none of them.
        renderer = import_module("hotline_tools.render.html")
        return str(renderer.render_fragment(self))

    def _arrow_type(self, column: Field) -> "pa.DataType":
        """Return the Arrow type; a list holds what its items are: whole numbers, numbers or texts."""
        import pyarrow as pa  # noqa: PLC0415 -- a table is light until it is asked for this

        if column.type != "list":
            return pa.type_for_alias(_ARROW[column.type])
        kinds = {type(item) for row in self.rows for item in _items(row.get(column.name))}
        if kinds and kinds <= {int, float}:
            return pa.list_(pa.int64() if kinds == {int} else pa.float64())
        return pa.list_(pa.string())

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the file contract (``--format json`` prints exactly this)."""
        return {
            "report": self.report,
            "title": self.title,
            "period": self.period,
            "filters": dict(self.filters),
            "columns": [
                {"name": c.name, "label": c.label, "type": c.type, "unit": c.unit} for c in self.columns
            ],
            "rows": [{c.name: plain(row.get(c.name)) for c in self.columns} for row in self.rows],
            "totals": {name: plain(value) for name, value in self.totals.items()},
            "notes": [note.text for note in self.notes],
        }


_ARROW: dict[FieldType, str] = {
    "text": "string",
    "integer": "int64",
    "number": "float64",
    "rate": "float64",
    "boolean": "bool",
    "date": "date32",
    "datetime": "timestamp[us]",
}
_PANDAS: dict[FieldType, str] = {
    "integer": "Int64",
    "number": "float64",
    "rate": "float64",
    "boolean": "boolean",
    "date": "datetime64[us]",
    "datetime": "datetime64[us]",
}


def _items(value: Cell) -> list[Any]:
    return value if isinstance(value, list) else []


def plain(value: Cell) -> Any:
    """Turn a cell into what JSON can hold: times become ISO 8601 text."""
    return (
        value.isoformat(sep=" ")
        if isinstance(value, datetime)
        else (value.isoformat() if isinstance(value, date) else value)
    )
