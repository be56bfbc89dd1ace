"""What changes in a column between two periods, by the kind of the column."""

from dataclasses import dataclass, replace
from typing import Literal

from hotline_tools.reports.compare.significance import counts_p, proportions_p
from hotline_tools.table import Cell, Field

TINY = 10
"""A base below this gives no percentage: 1 to 3 orders is not +200 %."""
Kind = Literal["count", "rate", "number"]
_WORDS: dict[Kind, str] = {"count": "增减", "rate": "变化", "number": "变化"}
Cells = dict[str, Cell]


@dataclass(frozen=True)
class Change:
    """How one column is compared; a rate knows which columns are its counts."""

    name: str
    kind: Kind
    numerator: str = ""
    denominator: str = ""
    of_total: bool = False
    """The denominator is that column's total (a share of all orders)."""

    @property
    def p_name(self) -> str:
        """The cell that holds the p-value until the rows are judged together."""
        return f"_{self.name}_p"

    @property
    def counted(self) -> tuple[str, ...]:
        """The columns that are zero where a row is missing."""
        if self.kind == "count":
            return (self.name,)
        return (self.numerator, self.denominator) if self.numerator and not self.of_total else ()

    def cells(
        self, now: Cells, then: Cells, total_now: Cells, total_then: Cells, days: tuple[int, int]
    ) -> Cells:
        """Return the added cells of one row; ``then`` is empty when there is no base."""
        if self.kind == "count":
            return self._count(now.get(self.name), then.get(self.name), days)
        if self.kind == "number":
            return self._number(now.get(self.name), then.get(self.name))
        return self._rate(now, then, total_now, total_then)

    def _count(self, now: Cell, then: Cell, days: tuple[int, int]) -> Cells:
        added: Cells = {f"{self.name}_then": then, f"{self.name}_change": None}
        added[f"{self.name}_change_rate"] = None
        if isinstance(now, int) and isinstance(then, int):
            added[f"{self.name}_change"] = now - then
            added[f"{self.name}_change_rate"] = (now - then) / then if then >= TINY else None
            added[self.p_name] = counts_p(now, then, *days) if min(days) > 0 else 1.0
        return added

    def _number(self, now: Cell, then: Cell) -> Cells:
        both = isinstance(now, int | float) and isinstance(then, int | float)
        change = round(float(str(now)) - float(str(then)), 4) if both else None
        return {f"{self.name}_then": then, f"{self.name}_change": change}

    def _rate(self, now: Cells, then: Cells, total_now: Cells, total_then: Cells) -> Cells:
        if not self.numerator:
            return self._bare_rate(now.get(self.name), then.get(self.name))
        hits_now, all_now = now.get(self.numerator), self._all(now, total_now)
        hits_then, all_then = then.get(self.numerator), self._all(then, total_then)
        added: Cells = {f"{self.name}_then": _ratio(hits_then, all_then), f"{self.name}_change": None}
        if self.of_total:
            added[self.name] = _ratio(hits_now, all_now)
        else:
            added[f"{self.numerator}_then"], added[f"{self.denominator}_then"] = hits_then, all_then
        counts = [n for n in (hits_now, all_now, hits_then, all_then) if isinstance(n, int)]
        if len(counts) == 4 and counts[1] >= TINY and counts[3] >= TINY:
            gap = counts[0] / counts[1] - counts[2] / counts[3]
            added[f"{self.name}_change"] = round(gap * 100, 4)
            added[self.p_name] = proportions_p(*counts)
        return added

    def _all(self, row: Cells, total: Cells) -> Cell:
        if self.of_total:
            return total.get(self.denominator) if row else None
        return row.get(self.denominator)

    def _bare_rate(self, now: Cell, then: Cell) -> Cells:
        both = isinstance(now, float) and isinstance(then, float)
        points = round((float(str(now)) - float(str(then))) * 100, 4) if both else None
        return {f"{self.name}_then": then, f"{self.name}_change": points}


def _ratio(numerator: Cell, denominator: Cell) -> float | None:
    both = isinstance(numerator, int) and isinstance(denominator, int)
    return int(str(numerator)) / int(str(denominator)) if both and denominator else None


def changes_of(columns: list[Field], keys: tuple[str, ...], never: tuple[str, ...]) -> list[Change]:
    """Decide how each column is compared; texts, keys and places are not."""
    names = {column.name for column in columns}
    found = []
    for column in columns:
        name = column.name
        if name in keys or name in never or name.endswith(("_numerator", "_denominator")):
            continue
        if column.type == "integer":
            found.append(Change(name, "count"))
        elif column.type == "number":
            found.append(Change(name, "number"))
        elif column.type == "rate":
            found.append(_rate_change(name, names))
    return found


def then_fields(column: Field, changes: list[Change]) -> list[Field]:
    """Return a column with those that comparison adds behind it."""
    name, label = column.name, column.label
    # What is added gives way where the column itself does, and is for programs where it is.
    then = replace(column, name=f"{name}_then", label=f"{label}（对比期）")
    counts = {c.numerator for c in changes} | {c.denominator for c in changes if not c.of_total}
    if name.endswith(("_numerator", "_denominator")) and name in counts:
        return [column, then]
    kind = next((change for change in changes if change.name == name), None)
    if kind is None:
        return [column]
    change = replace(column, name=f"{name}_change", label=f"{label}{_WORDS[kind.kind]}")
    noise = replace(
        column,
        name=f"{name}_change_is_noise",
        label=f"{label}的变化可能只是偶然波动",
        type="boolean",
        unit="",
    )
    if kind.kind == "count":
        rate = replace(column, name=f"{name}_change_rate", label=f"{label}变化率", type="rate", unit="")
        return [column, then, change, rate, noise]
    unit = "百分点" if kind.kind == "rate" else column.unit
    added = [column, then, replace(change, type="number", unit=unit)]
    return [*added, noise] if kind.numerator else added


def _rate_change(name: str, names: set[str]) -> Change:
    own = (f"{name}_numerator", f"{name}_denominator")
    if own[0] in names and own[1] in names:
        return Change(name, "rate", *own)
    if name == "share" and "orders" in names:
        return Change(name, "rate", "orders", "orders", of_total=True)
    return Change(name, "rate")
