"""What the values of a column say, over a sample of rows: how full and distinct, of which kind."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.dates import COLUMN_CLOCK_CELL, COLUMN_TIME_CELL
from hotline_tools.layouts.keys import code_of, value_key
from hotline_tools.schema import MAPPABLE, ColumnKind, RequestType

_NUMBER = r"^\s*-?\d[\d,]*(?:\.\d+)?\s*(?:次|天|个|件|%)?\s*$"
_PHONE = (
    r"^\s*(?:\+?86[- ]?)?(?:1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}|[2-9]\d{6,7}"
    r"|\(?\d{3}\)?[- .]\d{3}[- .]\d{4})\s*$"
)
_LINK = r"^\s*https?://"
_OBJECT = r"^\s*[\[{]"
_POINT = r"^\s*\(?\s*-?\d+\.\d+\s*[,，]\s*-?\d+\.\d+\s*\)?\s*$"
_REGION = r"^[A-Z]{2}$"
"""Codes of states and provinces, which an English ``State`` may hold."""
_URGENT = (
    r"^\s*(?:\d[-_.、: ]*)?(?:(?:非常|特别|次|不|较|一般)?(?:紧急|急)(?:件|类|级)?|特急|平急|平件|加急"
    r"|普通(?:件)?|一般(?:件|类|级)?|常规|[高中低]|low|medium|middle|normal|moderate|high|urgent"
    r"|emergency|critical|routine|standard|non-?urgent)\s*$"
)
"""Words of urgency."""
_STREET = r"(?:街道|街道办|办事处|镇|乡|街办)\s*$"
_MOSTLY = 0.9
"""Share of cells from which a column is of a shape."""
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
        as parts of a district (街道、镇、乡).
        """
        urgent = self.distinct > 1 and self.share(_URGENT) > _MOSTLY
        streets = self.share(_STREET) > _MOSTLY
        return frozenset(name for name, is_so in (("urgent", urgent), ("streets", streets)) if is_so)


Score = Callable[[Values, Mapping[str, str]], float]
"""How well filled cells fit a field, 0-1; 0 is a veto. The words are those known for the field's codes."""


def _time(values: Values, _: Mapping[str, str]) -> float:
    if values.times >= 0.3:
        return values.times
    return 0.0 if values.numbers > 0.5 or values.yes_no > 0.5 else 0.05  # unreadable, and told so


def _content(values: Values, _: Mapping[str, str]) -> float:
    if values.times > 0.5 or values.numbers > 0.5 or values.links > 0.5 or values.share(_OBJECT) > 0.5:
        return 0.0
    varied = values.distinct_share > 0.3 or values.distinct > 100
    if not varied and values.count > 8:
        names_of_kinds = values.distinct <= 0.2 * values.count and values.length < 30
        return 0.1 if values.length >= 12 and not names_of_kinds else 0.0
    return 0.3 + 0.5 * min(1.0, values.length / 25) + 0.2 * values.words


def _title(values: Values, _: Mapping[str, str]) -> float:
    if values.times > 0.5 or values.numbers > 0.5 or values.links > 0.5:
        return 0.0
    if values.count > 20 and values.distinct_share < 0.15:
        return 0.2  # names of types stand in when nothing better is there
    return 0.6 + 0.4 * values.words


def _reply(values: Values, _: Mapping[str, str]) -> float:
    if values.times > 0.5 or values.numbers > 0.5 or values.yes_no > 0.5:
        return 0.0
    return 0.4 + 0.6 * min(1.0, values.length / 20)


def _order_id(values: Values, _: Mapping[str, str]) -> float:
    if values.phones > 0.8 and values.distinct_share < 0.9:
        return 0.0
    # Damaged ids (2.02504E+12, cut short, guarded by a quote) are still the ids of the order, and told.
    return max(0.15, values.distinct_share * values.id_like)


def _coded(values: Values, words: Mapping[str, str]) -> float:
    known = values.known(words)
    if known >= 0.3:
        return max(0.6, known)
    if pc.mean(pc.cast(pc.match_substring_regex(values.column, _REGION), pa.float64())).as_py() > 0.8:
        return 0.0
    return 0.35 if values.distinct <= 12 and values.times < 0.5 and values.yes_no < 0.5 else 0.0


def _request_type(values: Values, words: Mapping[str, str]) -> float:
    # Every list of categories has an 其他, so that it alone says nothing.
    telling = {text: code for text, code in words.items() if code != RequestType.OTHER}
    return known if values.known(telling) >= 0.2 and (known := values.known(words)) >= 0.3 else 0.0


def _yes_no(values: Values, words: Mapping[str, str]) -> float:
    share = max(values.known(words), values.yes_no)
    return share if share >= 0.3 else 0.0


def _few(values: Values, _: Mapping[str, str]) -> float:
    """Names of few kinds: channels, levels, urgency."""
    if values.times > 0.5 or values.links > 0.5 or values.length > 30 or values.yes_no > 0.9:
        return 0.0
    return 1.0 if values.distinct <= max(20, values.count * 0.2) else 0.3


def _unit(values: Values, _: Mapping[str, str]) -> float:
    if values.times > 0.5 or values.numbers > 0.5 or values.links > 0.5 or values.length > 60:
        return 0.0
    varied = 0.9 if values.distinct == 1 and values.count > 20 else 1.0  # of two, the one that tells more
    return varied * (0.5 + 0.5 * (values.words > 0.3 or values.length < 12))


def _area(values: Values, _: Mapping[str, str]) -> float:
    if values.times > 0.5 or values.numbers > 0.5 or values.length > 40 or values.stars > 0.9:
        return 0.0
    return 0.4 + 0.6 * values.words


def _grid(values: Values, _: Mapping[str, str]) -> float:
    return 0.0 if values.times > 0.5 or values.length > 40 or values.phones > 0.5 else 0.8


def _address(values: Values, _: Mapping[str, str]) -> float:
    if values.stars > 0.9 or values.times > 0.5 or values.numbers > 0.5 or values.links > 0.5:
        return 0.0
    if values.share(_POINT) > 0.5:
        return 0.0
    return 0.4 + 0.6 * min(1.0, values.length / 8)


def _integer(values: Values, _: Mapping[str, str]) -> float:
    return values.numbers if values.times < 0.5 else 0.0


def _phone(values: Values, _: Mapping[str, str]) -> float:
    if values.times > 0.5 or values.length > 25 or (values.words > 0.5 and values.phones < 0.2):
        return 0.0
    return max(0.5, values.phones)


def _category(values: Values, _: Mapping[str, str]) -> float:
    if values.times > 0.5 or values.links > 0.5 or values.numbers > 0.5 or values.yes_no > 0.9:
        return 0.0
    if "urgent" in values.shapes:
        return 0.0
    few = values.distinct <= max(30, values.count * 0.5)
    if values.distinct == 1 and values.count > 20:  # one kind tells nothing apart
        return 0.6
    return 0.9 if few and values.length < 40 else 0.0


def _person(values: Values, _: Mapping[str, str]) -> float:
    return 0.0 if values.length > 20 or values.times > 0.5 else 0.8


_SCORES: dict[str, Score] = {
    **dict.fromkeys(
        (
            "received_at",
            "dispatched_at",
            "signed_at",
            "first_contact_at",
            "due_at",
            "closed_at",
            "revisited_at",
        ),
        _time,
    ),
    "content": _content,
    "title": _title,
    "reply": _reply,
    "order_id": _order_id,
    "status": _coded,
    "satisfaction": _coded,
    "request_type": _request_type,
    "resolved": _yes_no,
    "responded": _yes_no,
    **dict.fromkeys(("channel", "urgency", "handling_level"), _few),
    **dict.fromkeys(("department", "co_departments"), _unit),
    **dict.fromkeys(("district", "street", "community"), _area),
    "grid": _grid,
    "address": _address,
    **dict.fromkeys(("extensions", "returns", "redos", "likes"), _integer),
    "caller_key": _phone,
    "reporter": _person,
    "original_category": _category,
}
_BY_KIND: dict[ColumnKind, Score] = {
    "time": _time,
    "integer": _integer,
    "number": _integer,
    "boolean": _yes_no,
    "code": _coded,
    "text": _few,
}


def values_score(field: str, values: Values, words: Mapping[str, str]) -> float:
    """Return how well filled cells fit a field, 0-1; 0 is a veto. ``words``: folded text → code."""
    return _SCORES.get(field, _BY_KIND[MAPPABLE[field].kind])(values, words)
