"""What changes in a column between two periods, by the kind of the column."""

from dataclasses import dataclass, replace
from typing import Literal

from hotline_tools.reports.statistics import proportions_p
from hotline_tools.table import Cell, Counts, Field, FieldType

TINY = 10
"""A base below this gives no percentage: 1 to 3 orders is not +200 %."""
Kind = Literal["count", "rate", "number", "place"]
_WORDS: dict[Kind, str] = {"count": "增减", "rate": "变化", "number": "变化", "place": "升降"}
Cells = dict[str, Cell]


@dataclass(frozen=True)
class Naming:
    """How the columns of one base are told from those of the others; as they are, of the only one."""

    tag: str = ""
    """Part of their names: ``orders_previous_then``."""
    then: str = "对比期"
    """What people read with a figure of the base: 工单数（对比期）, 上期工单数."""
    word: str = ""
    """What people read before a change: 工单数环比增减."""

    def label(self, column: str) -> str:
        """Return what people read of a figure of the base."""
        return f"{self.then}{column}" if self.tag else f"{column}（{self.then}）"

    def name(self, column: str, role: str) -> str:
        """Return the name of what is added to a column: ``then``, ``change`` …"""
        return "_".join(part for part in (column, self.tag, role) if part)


ONLY = Naming()
"""The names where there is one base."""


@dataclass(frozen=True)
class Change:
    """How one column is compared with one base; ``counts`` are those of a rate."""

    name: str
    kind: Kind
    counts: Counts | None = None
    naming: Naming = ONLY

    @property
    def p_name(self) -> str:
        """The cell that holds the p-value until the rows are judged together."""
        return f"_{self.added('p')}"

    def added(self, role: str, name: str = "") -> str:
        """Return the name of a cell that is added to the column, or to another that belongs to it."""
        return self.naming.name(name or self.name, role)

    @property
    def counted(self) -> tuple[str, ...]:
        """The columns that are zero where a row is missing."""
        if self.kind == "count":
            return (self.name,)
        own = self.counts is not None and not self.counts.of_total
        return (self.counts.numerator, self.counts.denominator) if self.counts and own else ()

    def cells(self, now: Cells, then: Cells, total_now: Cells, total_then: Cells) -> Cells:
        """Return the added cells of one row; ``then`` is empty when there is no base."""
        if self.kind == "count":
            return self._count(now.get(self.name), then.get(self.name))
        if self.kind in ("number", "place"):
            return self._number(now.get(self.name), then.get(self.name))
        return self._rate(now, then, total_now, total_then)

    def _count(self, now: Cell, then: Cell) -> Cells:
        change, rate = self.added("change"), self.added("change_rate")
        added: Cells = {self.added("then"): then, change: None, rate: None}
        if isinstance(now, int) and isinstance(then, int):
            added[change] = now - then
            added[rate] = (now - then) / then if then >= TINY else None
        return added

    def _number(self, now: Cell, then: Cell) -> Cells:
        both = isinstance(now, int | float) and isinstance(then, int | float)
        change = round(float(str(now)) - float(str(then)), 4) if both else None
        if change is not None and self.kind == "place":
            change = -int(change)  # a rise is positive
        return {self.added("then"): then, self.added("change"): change}

    def _rate(self, now: Cells, then: Cells, total_now: Cells, total_then: Cells) -> Cells:
        counts = self.counts
        if counts is None:
            return self._bare_rate(now.get(self.name), then.get(self.name))
        hits_now, all_now = now.get(counts.numerator), _all(counts, now, total_now)
        hits_then, all_then = then.get(counts.numerator), _all(counts, then, total_then)
        added: Cells = {self.added("then"): _ratio(hits_then, all_then), self.added("change"): None}
        if counts.of_total:
            added[self.name] = _ratio(hits_now, all_now)
        else:
            added |= {
                self.added("then", counts.numerator): hits_then,
                self.added("then", counts.denominator): all_then,
            }
        four = [n for n in (hits_now, all_now, hits_then, all_then) if isinstance(n, int)]
        if len(four) == 4 and four[1] >= TINY and four[3] >= TINY:
            gap = four[0] / four[1] - four[2] / four[3]
            added[self.added("change")] = round(gap * 100, 4)
            added[self.p_name] = proportions_p(*four)
        return added

    def _bare_rate(self, now: Cell, then: Cell) -> Cells:
        both = isinstance(now, float) and isinstance(then, float)
        points = round((float(str(now)) - float(str(then))) * 100, 4) if both else None
        return {self.added("then"): then, self.added("change"): points}


def _all(counts: Counts, row: Cells, total: Cells) -> Cell:
    if counts.of_total:
        return total.get(counts.denominator) if row else None
    return row.get(counts.denominator)


def _ratio(numerator: Cell, denominator: Cell) -> float | None:
    both = isinstance(numerator, int) and isinstance(denominator, int)
    return int(str(numerator)) / int(str(denominator)) if both and denominator else None


def changes_of(
    columns: list[Field],
    keys: tuple[str, ...],
    naming: Naming = ONLY,
) -> list[Change]:
    """Decide how each column is compared; texts, keys, a rate's counts and the incomparable are not."""
    kinds: dict[str, Kind] = {"integer": "count", "number": "number", "rate": "rate"}
    skipped = {*keys, *_counts_of_rates(columns)}
    return [
        Change(column.name, "place" if column.is_place else kinds[column.type], column.counts, naming)
        for column in columns
        if column.comparable and column.type in kinds and column.name not in skipped
    ]


def then_fields(columns: list[Field], changes: list[Change]) -> list[Field]:
    """Return the columns, each with those that comparison adds behind it, base by base.

    A column of the report's own that is called like an added one gives way to it.
    """
    added: dict[str, list[Field]] = {column.name: [] for column in columns}
    for naming in dict.fromkeys(change.naming for change in changes):
        own = [change for change in changes if change.naming == naming]
        kinds = {change.name: change for change in own}
        compared = {c.counts for c in own if c.counts is not None and not c.counts.of_total}
        counted = {name for counts in compared for name in (counts.numerator, counts.denominator)}
        for column in columns:
            added[column.name] += _added(column, kinds.get(column.name), naming, counted)
    taken = {field.name for fields in added.values() for field in fields}
    return [
        field
        for column in columns
        for field in ([] if column.name in taken else [column]) + added[column.name]
    ]


def _added(column: Field, change: Change | None, naming: Naming, counted: set[str]) -> list[Field]:
    name, label = column.name, column.label
    # What is added gives way where the column itself does, and is for programs where it is.
    is_place = change is not None and change.kind == "place"
    column = replace(column, names_row=False)
    then = replace(
        column,
        name=naming.name(name, "then"),
        label=naming.label(label),
        then_of=name,
        base=naming.tag,
        detail=column.detail or is_place,
    )
    if name in counted:
        return [then]
    if change is None:
        return []
    own = change.counts
    if own and not own.of_total:
        counts = Counts(naming.name(own.numerator, "then"), naming.name(own.denominator, "then"))
    else:
        counts = None
    then = replace(then, counts=counts)
    plain = replace(column, counts=None, base=naming.tag)
    word = _WORDS[change.kind]
    difference = replace(
        plain, name=change.added("change"), label=f"{label}{naming.word}{word}", change_of=name
    )
    noise = replace(
        plain,
        name=change.added("change_is_noise"),
        label=f"{label}的{naming.word}变化可能只是偶然波动",
        type="boolean",
        unit="",
        noise_of=name,
    )
    if change.kind == "count":
        relative = replace(
            plain,
            name=change.added("change_rate"),
            label=f"{label}{naming.word}变化率",
            type="rate",
            unit="",
            change_rate_of=name,
        )
        return [then, difference, relative, noise]
    unit = "百分点" if change.kind == "rate" else column.unit
    kind: FieldType = "integer" if is_place else "number"
    return [then, replace(difference, type=kind, unit=unit), *([noise] if own else [])]


def _counts_of_rates(columns: list[Field]) -> set[str]:
    """Return the columns that are a rate's own numerator or denominator."""
    own = [column.counts for column in columns if column.counts and not column.counts.of_total]
    return {name for counts in own for name in (counts.numerator, counts.denominator)}
