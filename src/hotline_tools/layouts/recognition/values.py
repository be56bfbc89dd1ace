"""What the values of a column say, over a sample of rows: how full and distinct, of which kind."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.dates import COLUMN_CLOCK_CELL, COLUMN_TIME_CELL
from hotline_tools.layouts.keys import code_of, value_key

_NUMBER = r"^\s*-?\d[\d,]*(?:\.\d+)?\s*(?:次|天|个|件|%)?\s*$"
_PHONE = (
    r"^\s*(?:\+?86[- ]?)?(?:1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}|[2-9]\d{6,7}"
    r"|\(?\d{3}\)?[- .]\d{3}[- .]\d{4})\s*$"
)
_LINK = r"^\s*https?://"
_URGENT = (
    r"^\s*(?:\d[-_.、: ]*)?(?:(?:非常|特别|次|不|较|一般)?(?:紧急|急)(?:件|类|级)?|特急|平急|平件|加急"
    r"|普通(?:件)?|一般(?:件|类|级)?|常规|[高中低]|low|medium|middle|normal|moderate|high|urgent"
    r"|emergency|critical|routine|standard|non-?urgent)\s*$"
)
"""Words of urgency."""
_STREET = r"(?:街道|街道办|办事处|镇|乡|街办)\s*$"
_MOSTLY = 0.9
"""Share of cells from which a column is of a shape."""
_TEXT, _VARIED = 10, 0.3
"""Mean characters and different values per filled cell from which cells are texts."""
_STARS = r"^\s*[*＊×xX#]{3,}\s*$"
_YES_NO = r"^\s*(?:是|否|有|无|y|n|yes|no|true|false|0|1|不?保密|不?回复)\s*$"
_ID = r"^\s*[\w\-#/()（）〔〕\[\]年第号]{1,40}\s*$"


@dataclass(frozen=True)
class Values:
    """A column of text cells; shares are of the filled cells unless said."""

    column: pa.Array
    """Filled cells alone."""
    rows: int

    @classmethod
    def of(cls, column: pa.ChunkedArray | pa.Array, placeholders: AbstractSet[str] = frozenset()) -> "Values":
        """Take the filled cells of a column; blanks count as empty, and so do cells of nothing but
        ``placeholders`` (folded) where the whole column says nothing else.
        """
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        trimmed = pc.utf8_trim_whitespace(pc.cast(whole, pa.string()))
        filled = trimmed.filter(pc.fill_null(pc.not_equal(trimmed, ""), False))
        kinds = filled.unique()
        if len(kinds) <= len(placeholders) and all(
            value_key(text) in placeholders for text in kinds.to_pylist()
        ):
            filled = filled.slice(0, 0)
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

    @cached_property
    def length(self) -> float:
        """Mean length: Han characters count one, other texts by words of five letters."""
        if not self.count:
            return 0.0
        return float(pc.mean(pc.utf8_length(self.column)).as_py())

    @cached_property
    def words(self) -> float:
        """Share of cells that hold words: two characters of Han, kana or Hangul, or three letters."""
        return self.share(r"[\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}]{2}|[A-Za-z]{3}")

    def share(self, pattern: str) -> float:
        """Return the share of cells that match an RE2 pattern."""
        if not self.count:
            return 0.0
        found = pc.match_substring_regex(self.column, pattern, ignore_case=True)
        return float(pc.sum(found).as_py()) / self.count

    @cached_property
    def times(self) -> float:
        """Share of cells that read as a day, with or without a clock."""
        return self.share(COLUMN_TIME_CELL)

    @cached_property
    def clocks(self) -> float:
        """Share of cells that are a time of day alone."""
        return self.share(COLUMN_CLOCK_CELL)

    @cached_property
    def numbers(self) -> float:
        """Share of cells that are one number."""
        return self.share(_NUMBER)

    @cached_property
    def phones(self) -> float:
        """Share of cells that are one telephone number."""
        return self.share(_PHONE)

    @cached_property
    def links(self) -> float:
        """Share of cells that are a web address."""
        return self.share(_LINK)

    @cached_property
    def stars(self) -> float:
        """Share of cells that the platform masked whole."""
        return self.share(_STARS)

    @cached_property
    def yes_no(self) -> float:
        """Share of cells that say yes or no."""
        return self.share(_YES_NO)

    @cached_property
    def id_like(self) -> float:
        """Share of cells that have the shape of a number or code."""
        return self.share(_ID)

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
        as parts of a district (街道、镇、乡), texts of their own.
        """
        urgent = self.distinct > 1 and self.share(_URGENT) > _MOSTLY
        streets = self.share(_STREET) > _MOSTLY
        texts = self.words > _MOSTLY and self.length >= _TEXT and self.distinct_share > _VARIED
        shapes = (("urgent", urgent), ("streets", streets), ("texts", texts))
        return frozenset(name for name, is_so in shapes if is_so)
