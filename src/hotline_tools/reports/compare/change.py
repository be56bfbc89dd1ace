"""What changes in a column between two periods, by the kind of the column."""

from dataclasses import dataclass, replace
from typing import Literal

from hotline_tools.reports.statistics import proportions_p
from hotline_tools.table import Cell, Counts, Field

TINY = 10
"""A base below this gives no percentage: 1 to 3 orders is not +200 %."""
Kind = Literal["count", "rate", "number"]
_WORDS: dict[Kind, str] = {"count": "增减", "rate": "变化", "number": "变化"}
Cells = dict[str, Cell]


@dataclass(frozen=True)
class Change:
    """How one column is compared; ``counts`` are those of a rate."""

    name: str
    kind: Kind
    counts: Counts | None = None

    @property
    def p_name(self) -> str:
        """The cell that holds the p-value until the rows are judged together."""
        return f"_{self.name}_p"

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
        if self.kind == "number":
            return self._number(now.get(self.name), then.get(self.name))
        return self._rate(now, then, total_now, total_then)

    def _count(self, now: Cell, then: Cell) -> Cells:
        added: Cells = {f"{self.name}_then": then, f"{self.name}_change": None}
        added[f"{self.name}_change_rate"] = None
        if isinstance(now, int) and isinstance(then, int):
            added[f"{self.name}_change"] = now - then
            added[f"{self.name}_change_rate"] = (now - then) / then if then >= TINY else None
        return added

    def _number(self, now: Cell, then: Cell) -> Cells:
        both = isinstance(now, int | float) and isinstance(then, int | float)
        change = round(float(str(now)) - float(str(then)), 4) if both else None
        return {f"{self.name}_then": then, f"{self.name}_change": change}

    def _rate(self, now: Cells, then: Cells, total_now: Cells, total_then: Cells) -> Cells:
        counts = self.counts
        if counts is None:
            return self._bare_rate(now.get(self.name), then.get(self.name))
        hits_now, all_now = now.get(counts.numerator), _all(counts, now, total_now)
        hits_then, all_then = then.get(counts.numerator), _all(counts, then, total_then)
        added: Cells = {f"{self.name}_then": _ratio(hits_then, all_then), f"{self.name}_change": None}
        if counts.of_total:
            added[self.name] = _ratio(hits_now, all_now)
        else:
            added |= {f"{counts.numerator}_then": hits_then, f"{counts.denominator}_then": all_then}
        four = [n for n in (hits_now, all_now, hits_then, all_then) if isinstance(n, int)]
        if len(four) == 4 and four[1] >= TINY and four[3] >= TINY:
            gap = four[0] / four[1] - four[2] / four[3]
            added[f"{self.name}_change"] = round(gap * 100, 4)
            added[self.p_name] = proportions_p(*four)
        return added

    def _bare_rate(self, now: Cell, then: Cell) -> Cells:
        both = isinstance(now, float) and isinstance(then, float)
        points = round((float(str(now)) - float(str(then))) * 100, 4) if both else None
        return {f"{self.name}_then": then, f"{self.name}_change": points}


def _all(counts: Counts, row: Cells, total: Cells) -> Cell:
    if counts.of_total:
        return total.get(counts.denominator) if row else None
    return row.get(counts.denominator)


def _ratio(numerator: Cell, denominator: Cell) -> float | None:
    both = isinstance(numerator, int) and isinstance(denominator, int)
    return int(str(numerator)) / int(str(denominator)) if both and denominator else None


def changes_of(columns: list[Field], keys: tuple[str, ...]) -> list[Change]:
    """Decide how each column is compared; texts, keys, a rate's counts and the incomparable are not."""
    kinds: dict[str, Kind] = {"integer": "count", "number": "number", "rate": "rate"}
    skipped = {*keys, *_counts_of_rates(columns)}
    return [
        Change(column.name, kinds[column.type], column.counts)
        for column in columns
        if column.comparable and column.type in kinds and column.name not in skipped
    ]


def then_fields(columns: list[Field], changes: list[Change]) -> list[Field]:
    """Return the columns, each with those that comparison adds behind it.

    A column of the report's own that is called like an added one gives way to it.
    """
    kinds = {change.name: change for change in changes}
    compared = {c.counts for c in changes if c.counts is not None and not c.counts.of_total}
    counted = {name for counts in compared for name in (counts.numerator, counts.denominator)}
    added = {column.name: _added(column, kinds.get(column.name), counted) for column in columns}
    taken = {field.name for fields in added.values() for field in fields}
    return [
        field
        for column in columns
        for field in ([] if column.name in taken else [column]) + added[column.name]
    ]


def _added(column: Field, change: Change | None, counted: set[str]) -> list[Field]:
    name, label = column.name, column.label
    # What is added gives way where the column itself does, and is for programs where it is.
    then = replace(column, name=f"{name}_then", label=f"{label}（对比期）", then_of=name)
    if name in counted:
        return [then]
    if change is None:
        return []
    own = change.counts
    counts = Counts(f"{own.numerator}_then", f"{own.denominator}_then") if own and not own.of_total else None
    then = replace(then, counts=counts)
    plain = replace(column, counts=None)
    difference = replace(plain, name=f"{name}_change", label=f"{label}{_WORDS[change.kind]}", change_of=name)
    noise = replace(
        plain,
        name=f"{name}_change_is_noise",
        label=f"{label}的变化可能只是偶然波动",
        type="boolean",
        unit="",
        noise_of=name,
    )
    if change.kind == "count":
        relative = replace(
            plain,
            name=f"{name}_change_rate",
            label=f"{label}变化率",
            type="rate",
            unit="",
            change_rate_of=name,
        )
        return [then, difference, relative, noise]
    unit = "百分点" if change.kind == "rate" else column.unit
    return [then, replace(difference, type="number", unit=unit), *([noise] if own else [])]


def _counts_of_rates(columns: list[Field]) -> set[str]:
    """Return the columns that are a rate's own numerator or denominator."""
    own = [column.counts for column in columns if column.counts and not column.counts.of_total]
    return {name for counts in own for name in (counts.numerator, counts.denominator)}
