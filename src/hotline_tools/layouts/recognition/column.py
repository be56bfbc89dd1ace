"""A column of a table as it is looked at: its header, what the header says, what the cells say."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hotline_tools.column_names import HAN, without_remark
from hotline_tools.layouts.legends import legend_of
from hotline_tools.layouts.recognition.header import HeaderName
from hotline_tools.layouts.recognition.names import read_name, read_step
from hotline_tools.layouts.recognition.pinyin import spoken
from hotline_tools.layouts.recognition.values import Values
from hotline_tools.layouts.recognition.vocabulary import groups_of, words_in

LEAST = 0.3
"""Score in 0-1 below which a column is left in ``extra``."""
CLOCKS = 0.9
"""Share of cells from which a column is one of times."""
_PREFIX = re.compile(r"([A-Za-z]+?)(?:[_.]|(?<=[a-z])(?=[A-Z]))(?=.)")
_TABLE = re.compile(r"(\w+)\.(?=\w)")
_CODE = re.compile(r"(?:编码|代码|编号|[_ ]?code)$", re.IGNORECASE)
"""How a column of codes is called that its header explains: 渠道编码：LF来访 LX来信."""
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
    name = read_name(_CODE.sub("", without_remark(said)) if legend_of(header) else said)
    # Numbers may be ids that begin with their day: 20240302 92964.
    are_times = values.times >= CLOCKS > values.numbers or values.epochs >= CLOCKS
    if are_times and not name.heads & {"time", "limit", "id", "private"}:
        name = read_step(said)
    return Candidate(header, said, name, values)


def _without_subject(said: dict[str, str]) -> dict[str, str]:
    """Leave out the step that a whole table is of: 督办时间 in a list of 督办 is no step of another list."""
    for subject in words_in("other"):
        named = [name for name, text in said.items() if subject in text and text != subject]
        if HAN.match(subject) and len(subject) > 1 and len(named) >= max(_MANY, _SHARED * len(said)):
            said = said | {name: said[name].replace(subject, "") for name in named}
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
