"""What the cells say alone of columns whose names say nothing: text, time, known words, number."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from hotline_tools.layouts.recognition.column import CLOCKS, Candidate
from hotline_tools.layouts.recognition.header import OWN_TIMES, HeaderName
from hotline_tools.layouts.recognition.values import Values
from hotline_tools.layouts.recognition.vocabulary import REMARK
from hotline_tools.layouts.recognition.words import words_of
from hotline_tools.schema import MAPPABLE

_BY_WORDS = {
    "status": frozenset({"status", "person"}),
    "request_type": frozenset({"category"}),
    "satisfaction": frozenset[str](),
}
"""Fields that known words tell, and what names may say all the same: 服务类型, ``ACT_NAME``."""
_MOSTLY, _HALF = 0.8, 0.5
"""Shares of cells."""
_TEXT = 8
"""Mean characters from which a column may be the text."""
_VARIED, _MANY = 0.3, 100
"""Different values per filled cell, or their number, from which a column is a text and no name of a kind."""
_MORE = 1.2
"""How much longer than its title a text is."""
_FEW_ROWS = 4
"""Rows below which different numbers may be so by chance."""
_FRACTION, _LONG_NUMBER = r"^\s*-?\d+[.,]\d+\s*$", r"^\s*\d{5,}\s*$"
_OF_NUMBERS = frozenset({"id", "reach", "caller", "contact"})
"""What the name of a number may say: ``contacto`` is a contact and no person."""
_HANDLING = frozenset({"handle", "dispatch", "close", "answer", "other", "sign", "revisit", "return"})
"""Steps whose remarks are not the caller's words."""
Found = tuple[str, Candidate, str]
"""A field, its column, and in Chinese why."""


@dataclass(frozen=True)
class Unnamed:
    """Columns that no name has given a field, and the fields that are still to be filled."""

    columns: Sequence[Candidate]
    wanted: AbstractSet[str]
    filled: AbstractSet[str]
    """Fields that names have filled."""
    words: Mapping[str, Mapping[str, str]]
    """Field → folded cell text → code."""
    title_length: float = 0.0
    """Mean characters of the title, where a name says which column that is: the text is longer."""

    def found(self) -> Iterator[Found]:
        """Yield what the cells tell, each column once."""
        told: set[str] = set()
        means = (
            self._text(),
            self._time(),
            self._place(),
            *self._by_words(),
            self._channel(),
            self._number(),
        )
        for field, columns, reason in means:
            column = next((column for column in columns if column.header not in told), None)
            if field in self.wanted and column is not None:
                told.add(column.header)
                yield field, column, reason

    def _text(self) -> tuple[str, list[Candidate], str]:
        """The longest text; names of wards and councils are words too, but come again or say little."""
        if "content" in self.filled:
            return "content", [], ""
        texts = [c for c in self.columns if _may_be_text(c.name) and _is_text(c.values)]
        texts = [c for c in texts if c.values.length > _MORE * self.title_length]
        texts.sort(key=lambda column: -column.values.length)
        length = texts[0].values.length if texts else 0
        return "content", texts[:1], f"没有认识的内容列，这一列文字最长（平均 {length:.0f} 字）"

    def _time(self) -> tuple[str, list[Candidate], str]:
        """The fullest time, where no name says of any time what it is."""
        if any(MAPPABLE[name].kind == "time" for name in self.filled):
            return "received_at", [], ""
        times = [c for c in self.columns if c.values.times > CLOCKS]
        times = [c for c in times if "time" in c.name.heads or not c.values.numbers > _MOSTLY]
        times = [
            c for c in times if not c.name.heads - {"time"} and not any(r & OWN_TIMES for r in c.name.roles)
        ]
        times.sort(key=lambda column: -column.values.fill)
        return "received_at", times[:1], "没有认识的时间列，这一列的值是时间"

    def _place(self) -> tuple[str, list[Candidate], str]:
        """The first column of whole addresses under a name that says nothing."""
        places = [c for c in self.columns if not c.name.heads and "addresses" in c.values.shapes]
        return "address", places, "没有认识的地址列，这一列的值都是带门牌的地址"

    def _by_words(self) -> Iterator[tuple[str, list[Candidate], str]]:
        """Columns of several known words of a field, and hardly anything else."""
        varied = [c for c in self.columns if c.values.distinct > 1]
        varied = [c for c in varied if not c.values.yes_no > _HALF]  # 是 and 否 answer any question
        for field, vague in _BY_WORDS.items():
            words = self.words.get(field, {})
            said = [c for c in varied if not c.name.heads - vague and c.values.known(words) > _MOSTLY]
            yield field, said, f"这一列的值都是{MAPPABLE[field].label}的说法"

    def _channel(self) -> tuple[str, list[Candidate], str]:
        """Columns of ways to call whose names say channel, though as a code of it: SOURCECODE."""
        ways = [c for c in self.columns if "channels" in c.values.shapes and _says(c, "channel")]
        return "channel", ways, "这一列的值都是来电、来信途径的说法"

    def _number(self) -> tuple[str, list[Candidate], str]:
        """The first column of a code for each row."""
        unsaid = [c for c in self.columns if not c.name.heads - _OF_NUMBERS and not c.name.roles]
        numbers = [c for c in unsaid if _numbers_each(c.values)]
        return "order_id", numbers, "没有认识的编号列，这一列的值各不相同"


def _says(column: Candidate, group: str) -> bool:
    return any(group in word.groups for word in words_of(column.said))


def _may_be_text(name: HeaderName) -> bool:
    """Whether a name leaves it open that a column is the text: unknown words, or a remark at the receipt."""
    handled = any(role & _HANDLING for role in name.roles)
    return not name.heads or (REMARK in name.heads and not handled)  # 受理备注, 备注


def _is_text(values: Values) -> bool:
    """Whether the cells are what somebody wrote."""
    is_varied = values.distinct_share > _VARIED or values.distinct > _MANY
    if "addresses" in values.shapes:
        return False
    says_enough = values.words > _HALF and values.length >= _TEXT and values.sentences >= _HALF
    return is_varied and says_enough and not max(values.links, values.objects) > _HALF


def _numbers_each(values: Values) -> bool:
    """Whether each row has a code of its own, and more than its place in the list."""
    if values.rows < _FEW_ROWS or values.count < values.rows or values.distinct < values.rows:
        return False
    is_code = values.id_like == 1.0 and values.share(r"\d") == 1.0
    if not is_code or max(values.times, values.phones) > _HALF or values.share(_FRACTION) > 0:
        return False
    return values.numbers < 1.0 or values.share(_LONG_NUMBER) == 1.0
