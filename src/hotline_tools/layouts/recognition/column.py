"""A column of a table as it is looked at: its header, what the header says, what the cells say."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hotline_tools.column_names import HAN, without_remark
from hotline_tools.layouts.legends import legend_of
from hotline_tools.layouts.recognition.header import HeaderName
from hotline_tools.layouts.recognition.names import read_name, read_step
from hotline_tools.layouts.recognition.pinyin import by_cells, spoken
from hotline_tools.layouts.recognition.values import Values
from hotline_tools.layouts.recognition.vocabulary import groups_of, words_in

LEAST = 0.3
"""Score in 0-1 below which a column is left in ``extra``."""
CLOCKS = 0.9
"""Share of cells from which a column is one of times."""
_PREFIX = re.compile(r"([A-Za-z]+?)(?:[_.]|(?<=[a-z])(?=[A-Z]))(?=.)")
_TABLE = re.compile(r"(\w+)\.(?=\w)")
_CODE = re.compile(r"(?:编码|代码|编号|[_ ]?code)$", re.IGNORECASE)
"""How a column of codes is called, whether its header explains them or its cells are the words for them:
渠道编码：LF来访 LX来信, ``status_code`` with 已办结.
"""
_WORDS, _AGAIN, _CODES = 0.9, 0.5, 0.1
"""Shares of cells: from which a column that is called a code has words, and up to which it has different ones
and digits."""
_HANDLING, _OF_THE_ASSIGNED = frozenset({"handle", "answer"}), frozenset({"unit", "limit"})
_MANY, _SHARED = 3, 0.4
"""Headers, and their share of all, that must begin alike before it is the table and not the column."""


@dataclass(frozen=True)
class Candidate:
    """A column that may fill a field."""

    header: str
    said: str
    """The header as it is read: without the table's prefix, pinyin in characters."""
    name: HeaderName
    values: Values


def candidate(header: str, said: str, values: Values) -> Candidate:
    """Read a column; one of times that names none goes by its step (Created, Closed, 签收)."""
    said = by_cells(header, said, values.shapes)
    is_told = bool(legend_of(header)) or _are_words(values)
    name = read_name(_CODE.sub("", without_remark(said)) or said if is_told else said)
    if not name.heads:  # a remark with figures is no legend: 工单编号，格式WO+8位流水号
        name = read_name(said)
    # Numbers may be ids that begin with their day: 20240302 92964.
    are_times = values.times >= CLOCKS > values.numbers or values.epochs >= CLOCKS
    if are_times and not name.heads & {"time", "limit", "id", "private"}:
        name = read_step(said)
    return Candidate(header, said, name, values)


def _are_words(values: Values) -> bool:
    """Whether the cells are words that come again, without a digit, whatever the name says."""
    return values.words > _WORDS and values.distinct_share < _AGAIN and values.share(r"\d") < _CODES


def _without_subject(said: dict[str, str]) -> dict[str, str]:
    """Leave out the step that a whole table is of: 督办时间 in a list of 督办 is no step of another list.

    Where no name says that anybody handles the orders, the step that several names have, with a unit or a
    limit of its own, is how they do it: 核查单位, 核查期限 and 核查结果.
    """
    is_handled = any(read_name(text).steps & _HANDLING for text in said.values())
    for subject in words_in("other"):
        named = [name for name, text in said.items() if subject in text and text != subject]
        if len(named) < _MANY or len(subject) == 1 or not HAN.match(subject):
            continue
        without = {name: said[name].replace(subject, "") for name in named}
        is_assigned = any(read_name(text).heads & _OF_THE_ASSIGNED for text in without.values())
        if len(named) >= _SHARED * len(said) or (is_assigned and not is_handled):
            said = said | without
    return said


def as_read(headers: Sequence[str]) -> dict[str, str]:
    """Return header → what is read of it: pinyin in characters, without a prefix that the table has."""
    tables = [found[1] for name in headers if (found := _TABLE.match(name))]
    is_table = len(set(tables)) == 1 and len(tables) == len(headers) >= _MANY  # t.case_no, 工单表.受理时间
    bare = [_TABLE.sub("", name) if is_table else name for name in headers]
    said = dict(zip(headers, spoken(bare), strict=True))
    said = _without_subject(said)
    begins = {name: found[1].lower() for name, text in said.items() if (found := _PREFIX.match(text))}
    shared = {
        prefix
        for prefix, count in Counter(begins.values()).items()
        if count >= _MANY and count >= _SHARED * len(headers) and not groups_of(prefix)
    }
    return {
        name: _PREFIX.sub("", text, count=1) if begins.get(name) in shared else text
        for name, text in said.items()
    }
