"""What the values of a column say, over a sample of rows: how full and distinct, of which kind."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.dates import (
    CLOCK_CELL,
    COLUMN_TIME_CELL,
    DIGIT_CLOCK_CELL,
    EPOCH_CELL,
    MIDNIGHT_CELL,
    WRITTEN_CLOCK,
    ZERO_DAY,
)
from hotline_tools.layouts.keys import code_of, value_key
from hotline_tools.layouts.recognition.cell_patterns import (
    ABBREVIATION,
    ANSWER,
    CHANNEL,
    CITIZEN,
    CODE,
    DATED,
    HOUSE,
    ID,
    IDENTITY,
    LINK,
    NUMBER,
    OBJECT,
    OF_ADULTS,
    PERSON,
    PHONE,
    RATED,
    RATING,
    ROAD,
    SENTENCE,
    STARS,
    STATE,
    STREET,
    UNIT,
    URGENT,
    YES_NO,
)

_NEAR = 1000
"""How far numbers that are given one after the other lie apart."""
_MOSTLY, _HALF = 0.9, 0.5
"""Shares of cells from which a column is of a shape."""
_PHRASE, _TEXT, _VARIED = 5, 10, 0.3
"""Mean characters from which cells are phrases, and texts; different values per filled cell of both."""
_SEVERAL = 5
"""Filled cells from which it is no chance that all begin with a day."""
_MANY_CELLS, _FEW_KINDS = 20, 0.15
"""Filled cells from which so few different values per cell are no chance."""
_MANY_KINDS = 0.8
"""Different values per filled cell from which names are not of a few units."""


@cache
def _years_to_come(now: int) -> str:
    """Return the pattern of the years from the one after next on, up to 2199."""
    return rf"^\s*(?:{'|'.join(map(str, range(now + 2, 2200)))})\D"


@dataclass(frozen=True)
class Values:
    """A column of text cells; shares are of the filled cells unless said."""

    column: pa.Array
    """Filled cells alone."""
    rows: int

    @classmethod
    def of(cls, column: pa.ChunkedArray | pa.Array, placeholders: AbstractSet[str] = frozenset()) -> "Values":
        """Take the filled cells of a column; blanks, ``placeholders`` (folded) and zero days are empty."""
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        trimmed = pc.utf8_trim_whitespace(pc.cast(whole, pa.string()))
        filled = trimmed.filter(pc.fill_null(pc.not_equal(trimmed, ""), False))
        kinds = filled.unique()
        short = kinds.filter(pc.less_equal(pc.utf8_length(kinds), max(map(len, placeholders), default=0)))
        nothing = [text for text in short.to_pylist() if value_key(text) in placeholders]
        nothing += kinds.filter(pc.match_substring_regex(kinds, ZERO_DAY)).to_pylist()
        if nothing:
            says = pc.invert(pc.is_in(filled, value_set=pa.array(nothing, pa.string())))
            filled = filled.filter(says)
        return cls(filled, len(whole))

    @property
    def count(self) -> int:
        """Filled cells."""
        return len(self.column)

    @property
    def fill(self) -> float:
        """Share of rows that are filled."""
        return self.count / self.rows if self.rows else 0.0

    @cached_property
    def distinct(self) -> int:
        """Different values."""
        return len(self.column.unique())

    @cached_property
    def distinct_share(self) -> float:
        """Different values per filled cell."""
        return self.distinct / self.count if self.count else 0.0

    @property
    def come_again(self) -> bool:
        """Whether they are many cells of a few kinds."""
        return self.count > _MANY_CELLS and self.distinct_share < _FEW_KINDS

    @cached_property
    def length(self) -> float:
        """Mean length: Han characters count one, other texts by words of five letters."""
        if not self.count:
            return 0.0
        return float(pc.mean(pc.utf8_length(self.column)).as_py())

    @cached_property
    def words(self) -> float:
        """Share of cells that hold words: two characters of Han, kana or Hangul, or three letters."""
        return self.share(r"[\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}]{2}|[\p{L}\p{M}]{3}")

    def share(self, pattern: str, *, ignore_case: bool = True) -> float:
        """Return the share of cells that match an RE2 pattern."""
        if not self.count:
            return 0.0
        found = pc.match_substring_regex(self.column, pattern, ignore_case=ignore_case)
        return float(pc.sum(found).as_py()) / self.count

    @cached_property
    def times(self) -> float:
        """Share of cells that read as a day, with or without a clock."""
        return self.share(COLUMN_TIME_CELL)

    @cached_property
    def epochs(self) -> float:
        """Share of cells that are seconds or milliseconds since 1970."""
        return self.share(EPOCH_CELL)

    @cached_property
    def future(self) -> float:
        """Share of cells that begin with a year still to come: those of another calendar do."""
        return self.share(_years_to_come(date.today().year))

    @cached_property
    def clocks(self) -> float:
        """Share of cells that are a time of day alone."""
        return self.share(CLOCK_CELL)

    @cached_property
    def digit_clocks(self) -> float:
        """Share of cells whose digits can be a time of day."""
        return self.share(DIGIT_CLOCK_CELL)

    @cached_property
    def clocked(self) -> float:
        """Share of cells with a written clock, beside a day or alone."""
        return self.share(WRITTEN_CLOCK)

    @cached_property
    def midnights(self) -> float:
        """Share of cells whose clock is that of a day's beginning."""
        return self.share(MIDNIGHT_CELL)

    @cached_property
    def numbers(self) -> float:
        """Share of cells that are one number."""
        return self.share(NUMBER)

    @cached_property
    def phones(self) -> float:
        """Share of cells that are one telephone number; those that all begin with a day are no telephones."""
        is_dated = self.count >= _SEVERAL and self.share(DATED) == 1.0
        return 0.0 if is_dated else self.share(PHONE)

    @cached_property
    def counts_on(self) -> bool:
        """Whether the cells are numbers close together, as those that are given one after the other."""
        numbers = [int(text) for text in self.column.to_pylist() if text and text.strip().isdecimal()]
        return bool(numbers) and max(numbers) - min(numbers) <= _NEAR * len(numbers)

    @cached_property
    def links(self) -> float:
        """Share of cells that are a web address."""
        return self.share(LINK)

    @cached_property
    def stars(self) -> float:
        """Share of cells that the platform masked whole."""
        return self.share(STARS)

    @cached_property
    def objects(self) -> float:
        """Share of cells that are a list or an object, in any notation."""
        return self.share(OBJECT)

    @cached_property
    def identities(self) -> float:
        """Share of cells that are the identity number of a grown person."""
        return self.share(OF_ADULTS)

    @cached_property
    def codes(self) -> float:
        """Share of cells that are a code, digits among Latin letters, but no identity number."""
        return self.share(CODE) - self.share(IDENTITY)

    @cached_property
    def abbreviations(self) -> float:
        """Share of cells of a few capital letters: of a unit, or a person's name written large."""
        return self.share(ABBREVIATION, ignore_case=False)

    @cached_property
    def units(self) -> float:
        """Share of cells that are the name of a unit."""
        return self.share(UNIT, ignore_case=False)

    @cached_property
    def people(self) -> float:
        """Share of cells that are a person's name, whole or masked."""
        return self.share(PERSON, ignore_case=False)

    @cached_property
    def citizens(self) -> float:
        """Share of cells that are the name of a Chinese person and can hardly be anything else."""
        return self.share(CITIZEN, ignore_case=False)

    @cached_property
    def sentences(self) -> float:
        """Share of cells of words enough to say what happened."""
        return self.share(SENTENCE)

    @cached_property
    def answers(self) -> float:
        """Share of cells that speak to a citizen as an office does."""
        return self.share(ANSWER)

    @cached_property
    def yes_no(self) -> float:
        """Share of cells that say yes or no."""
        return self.share(YES_NO)

    @cached_property
    def id_like(self) -> float:
        """Share of cells that have the shape of a number or code."""
        return self.share(ID)

    def known(self, words: Mapping[str, str]) -> float:
        """Return the share of cells whose folded text is one of ``words``."""
        if not self.count:
            return 0.0
        counted = self.column.value_counts().to_pylist()
        known = (pair["counts"] for pair in counted if code_of(pair["values"], words))
        return float(sum(known)) / self.count

    @cached_property
    def shapes(self) -> frozenset[str]:
        """What the cells are all like, where that says more than a name: words of urgency, names of streets
        as parts of a district (街道、镇、乡), texts of their own, phrases, roads, whole addresses,
        telephones, states of an order, ways of calling, ratings, units, a number for each row.
        """
        urgent = self.distinct > 1 and self.share(URGENT) > _MOSTLY
        streets = self.share(STREET) > _MOSTLY
        texts = self.words > _MOSTLY and self.length >= _TEXT and self.distinct_share > _VARIED
        are_own = self.words > _MOSTLY and self.distinct_share > _VARIED and not self.codes > 0.5
        phrases = are_own and _PHRASE <= self.length < _TEXT
        units = self.units + self.abbreviations > _MOSTLY and self.distinct_share < _MANY_KINDS
        states = self.share(STATE) > _MOSTLY
        shapes = (
            ("urgent", urgent),
            ("streets", streets),
            ("texts", texts),
            ("phrases", phrases),
            ("states", states),
            ("roads", self.share(ROAD) > _HALF),
            ("addresses", self.share(HOUSE) > _MOSTLY and self.distinct_share > _VARIED),
            ("phones", self.phones > _MOSTLY),
            ("channels", self.distinct > 1 and self.share(CHANNEL) > _MOSTLY),
            ("ratings", self.share(RATED) > 0 and self.share(RATING) > _MOSTLY),
            ("units", units),
            ("numbers", self.codes > _MOSTLY and self.count > 1 and self.distinct == self.count),
        )
        return frozenset(name for name, is_so in shapes if is_so)
