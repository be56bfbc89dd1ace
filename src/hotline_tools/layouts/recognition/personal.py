"""Which headers name a person or what is a person's own: such columns are not stored."""

from hotline_tools.layouts.recognition.names import read_name
from hotline_tools.layouts.recognition.words import without_remark, words_of

_OF_PEOPLE = frozenset({"名称", "信息"})
"""Words behind a person that leave it a person."""
_PLACES = frozenset({"thing", "unit", "district", "street", "community", "address"})
"""Groups whose names are no person's: STREET_NAME, Agency Name."""
_HANDLERS = frozenset({"official", "handle", "answer", "dispatch", "other", "sign", "reporting", "unit"})
"""Roles of people who handle an order: their names are not a caller's."""


def is_personal(name: str) -> bool:
    """Tell whether a header names a caller's name, id number, home, mail or account."""
    heads = read_name(name).heads
    if heads & {"private", "account"}:
        return True
    words = words_of(without_remark(name))
    if words and words[0].text in {"是否", "有没有"}:  # 是否联系市民
        return False
    if len(words) > 1 and words[-1].text == "by":  # reported_by is who, closed_by an official
        return bool(words[-2].groups & {"receive", "raiser"})
    said = [word for word in words if not word.text.isdigit() and word.text not in _OF_PEOPLE]
    last = said[-1] if said else None  # 联系人1, 客户名称
    if last is not None and "caller" in last.groups:
        return True
    groups = frozenset[str]().union(*(word.groups for word in words))
    return "person" in heads and ("caller" in groups or not groups & (_HANDLERS | _PLACES))
