"""Which columns name a person or hold what is a person's own: they are not stored.

The header says it and the cells bear it out: a column of codes, of abbreviations or of words that are no
names is not thrown away because its header has a word for people in it (``domainName``, ``owner``).
"""

import re

from hotline_tools.column_names import HAN, without_remark
from hotline_tools.layouts.recognition.column import Candidate
from hotline_tools.layouts.recognition.names import PREPOSITIONS, before_preposition, read_name
from hotline_tools.layouts.recognition.values import Values
from hotline_tools.layouts.recognition.vocabulary import IGNORED, groups_of, head_groups
from hotline_tools.layouts.recognition.words import Word, words_of

_OF_PEOPLE = frozenset({"名称", "信息"})
"""Words behind a person that leave it a person."""
_PLACES = frozenset({"thing", "unit", "district", "street", "community", "address"})
"""Groups whose names are no person's: STREET_NAME, Agency Name."""
_HANDLERS = frozenset({"official", "handle", "answer", "dispatch", "other", "sign", "reporting", "unit"})
"""Roles of people who handle an order: their names are not a caller's."""
_KINDS = frozenset({"category", "grade", "level"})
"""Groups of what has a name that is no person's: ``firstLevelName``."""
_OWN = frozenset({"private", "account"})
"""Heads of what is a person's own, whatever the cells look like."""
_BY_PLACE = re.compile(r"列\d+")
"""A column of a table without a header."""
_LONG = 60
"""Mean characters from which cells are a text."""
_FEW_PEOPLE = 0.3
"""Share of names below which cells are something else, where the header says not whose name it is."""
_CODES = 0.9
"""Share of cells from which a column is of codes, of telephones or of names."""
_SAYS_LITTLE = frozenset({IGNORED, "person", "reach"})
"""Heads that leave it open what the cells are: XM, ``contacts``."""
_OF_TEXT = frozenset({"text", "matter", "title"})
"""Heads that a name may have of the order and of its caller: ``complaintName``."""
_SEVERAL = 5
"""Different names from which it is no chance that all cells are names of people."""
_ALL_OTHERS = 0.9
"""Different names per cell from which no one comes again."""
_OF_SEVERAL = 0.3
"""Different accounts per cell below which a few officials took the orders down."""
_AGAIN = 0.5
"""Different cells per cell up to which these come again; and share of names that may be chance (沈阳)."""
_NO_CHANCE = 10
"""People of whom none comes again from which they are no grid workers."""
_MANY_CELLS = 20
"""Cells among which so few different ones are no chance."""


def holds_personal(column: Candidate) -> bool:
    """Tell whether a column is of what is a person's own, by its header and its cells."""
    values = column.values
    if _BY_PLACE.fullmatch(column.said):
        return max(values.people, values.phones) > _CODES
    if _is_of_citizens(column) or values.identities > _CODES or _reports_once(column):
        return True
    return is_personal(column.said) and _bear_it_out(column)


def is_account_of_callers(column: Candidate) -> bool:
    """Tell whether a column of accounts may tell callers apart: codes, of many people, of no official."""
    values = column.values
    if "account" not in _said(column) or column.name.steps & _HANDLERS or values.count < _SEVERAL:
        return False
    return max(values.codes, values.numbers) > _CODES and values.distinct_share > _OF_SEVERAL


def _bear_it_out(column: Candidate) -> bool:
    """Whether the cells are a person's own, as the header says."""
    values = column.values
    # A telephone is how a caller is known, and is kept as a digest: contact, 联系人.
    are_others = values.times >= 0.5 or "phones" in values.shapes
    if are_others and not column.name.heads & _OWN:
        return False
    if not values.count or values.objects > 0.5:  # nothing speaks against it; {"name": "Ann Lee"}
        return True
    if column.name.heads & _OWN:
        return values.length <= _LONG and ("private" in column.name.heads or not _are_kinds(values))
    is_contact = any("contact" in word.groups for word in words_of(column.said)[-1:])
    if is_contact and _is_closed_list(values):
        return False  # caller_contact: how a caller wants to be reached
    # 留言人 may sign with a code; contacto may be the number of the case
    are_codes = values.codes > _CODES and not values.phones > 1 - _CODES and not HAN.search(column.said)
    # MARY and JOHN are capitals too: only who keeps an order may be a unit of a few letters
    is_kept_by_units = "keeper" in column.name.heads and "units" in values.shapes
    are_units = values.units > _CODES or is_kept_by_units
    if are_codes or are_units or values.length > _LONG:
        return False
    return _says_whose(column.said) or values.people >= _FEW_PEOPLE or not values.words > 0.5


def _are_kinds(values: Values) -> bool:
    """Whether the cells are words that come again, and not names of accounts: 用户星级, 用户归属地."""
    own = max(values.people, values.phones, values.identities, values.codes)
    return values.count >= _MANY_CELLS and values.distinct_share <= _AGAIN and own < _AGAIN


def _is_closed_list(values: Values) -> bool:
    """Whether the cells are a few words again and again, and no names and no numbers of people."""
    own = max(values.people, values.phones, values.identities)
    return values.count >= _MANY_CELLS and values.distinct <= _SEVERAL and own < _FEW_PEOPLE


def _is_of_citizens(column: Candidate) -> bool:
    """Whether the cells are people's names, and the header says neither that they handle nor what else."""
    said = _said(column)
    is_named = words_of(without_remark(column.said))[-1:] == [Word("name", groups_of("name"))]
    if column.name.heads & head_groups() - (_SAYS_LITTLE | (_OF_TEXT if is_named else frozenset())):
        return False
    if said & (_HANDLERS | _PLACES):
        return False
    return column.values.distinct >= _SEVERAL and column.values.citizens > _CODES


def _reports_once(column: Candidate) -> bool:
    """Whether who reports (上报人) is another person in each row: a citizen, as grid workers come again."""
    said = _said(column)
    values = column.values
    are_people = values.people > _CODES and values.count >= _NO_CHANCE
    return "reporting" in said and "person" in said and are_people and values.distinct_share > _ALL_OTHERS


def _said(column: Candidate) -> frozenset[str]:
    """Return the groups of all words of a header."""
    return frozenset[str]().union(*(word.groups for word in words_of(without_remark(column.said))))


def _says_whose(name: str) -> bool:
    """Whether each word of a name is known: 姓名, Last Name; ``domainName`` may be of anything."""
    words = words_of(without_remark(name))
    return all(word.groups or not word.text.isalpha() for word in words) or any(
        "caller" in word.groups for word in words
    )


def is_personal(name: str) -> bool:
    """Tell whether a header names a caller's name, id number, home, mail or account."""
    heads = read_name(name).heads
    if heads & _OWN:
        return True
    words = words_of(without_remark(name))
    asks = bool(words) and words[0].text in {"是否", "有没有"}  # 是否联系市民
    return not asks and _names_people(words, heads)


def _names_people(words: list[Word], heads: frozenset[str]) -> bool:
    """Whether the words of a header name who calls."""
    agent = next((at for at, word in enumerate(words) if at and word.text == "by"), None)
    if agent is not None and all(word.groups & {"person", "id"} for word in words[agent + 1 :]):
        return bool(words[agent - 1].groups & {"receive", "raiser"})  # reported_by; closed_by is an official
    if before_preposition(words):  # Response to Customer, estado_del_contacto
        words = words[: next(at for at, word in enumerate(words) if word.text in PREPOSITIONS)]
    said = [word.groups for word in words if not word.text.isdigit() and word.text not in _OF_PEOPLE]
    before, last = ([frozenset[str]()] * 2 + said)[-2:]
    if "reply" in before and "caller" in last:
        return False  # 回复诉求人: what the caller was told
    if "caller" in last or (last & {"person", "staff"} and before & {"caller", "account"}):
        return True  # 联系人1, 客户名称, 用户姓名, 求助人员
    if "person" in last and before & _PLACES:
        return False  # CLIENT_OFFICE_NAME
    groups = frozenset[str]().union(*(word.groups for word in words))
    is_of_callers = "caller" in groups or not groups & (_HANDLERS | _PLACES)
    return "person" in heads and is_of_callers and not groups & _KINDS
