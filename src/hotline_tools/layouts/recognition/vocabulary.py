"""The words of headers: which groups each is in, and how columns of each field are named."""

from functools import cache

from pydantic import Field

from hotline_tools.datafile import DataModel, shipped

IGNORED = "ignored"
FILLER = "filler"
REMARK = "remark"
"""Head of what somebody noted beside an order, which may be all that a table says of it."""
OTHER_HEADS = frozenset({IGNORED, REMARK, "private", "account"})
"""Heads of columns that fill no field."""
OTHER_ROLES = frozenset(
    {"other", "caller", "official", "extend", "return", "redo", "thing", "visit", "precinct"}
)
"""Roles that keep a column from the fields of the order."""
MADE = "made"
"""Role of what a system stamps when a record is made, which may be after the caller's own time."""
CALLING = "calling"
"""Role of what callers do: a unit of theirs is none that handles orders."""


class FieldNames(DataModel):
    """How columns of one field are named: groups of head words, groups of role words with a score in 0-1."""

    heads: tuple[str, ...]
    roles: dict[str, float] = Field(default_factory=dict)
    alone: float = 0.0
    """Score of a head without any role."""
    head_roles: dict[str, dict[str, float]] = Field(default_factory=dict)
    """The roles of one of the head groups, in place of ``roles``."""
    head_alone: dict[str, float] = Field(default_factory=dict)
    """The score of one of the head groups without any role, in place of ``alone``."""
    by_values: dict[str, str] = Field(default_factory=dict)
    """Head groups that count only where the cells have a shape (``Values.shapes``)."""


class Vocabulary(DataModel):
    """Group → words, and field → how it is named."""

    words: dict[str, tuple[str, ...]]
    fields: dict[str, FieldNames]


@cache
def vocabulary() -> Vocabulary:
    """Return the shipped vocabulary."""
    return shipped(Vocabulary, "hotline_tools.layouts.recognition", "vocabulary.toml")


@cache
def groups() -> dict[str, frozenset[str]]:
    """Return every word and the groups that it is in."""
    found: dict[str, set[str]] = {}
    for group, words in vocabulary().words.items():
        for word in words:
            found.setdefault(word, set()).add(group)
    return {word: frozenset(groups) for word, groups in found.items()}


def words_in(group: str) -> tuple[str, ...]:
    """Return the words of a group."""
    return vocabulary().words[group]


@cache
def longest_word() -> int:
    """Return the length of the longest word."""
    return max(map(len, groups()))


@cache
def head_groups() -> frozenset[str]:
    """Return the groups that say what a column is."""
    return OTHER_HEADS.union(*(rule.heads for rule in vocabulary().fields.values()))


@cache
def role_groups() -> frozenset[str]:
    """Return the groups that say whose or of which step it is."""
    rules = vocabulary().fields.values()
    used = {role for rule in rules for scores in (rule.roles, *rule.head_roles.values()) for role in scores}
    return OTHER_ROLES | used | {CALLING, MADE, REMARK}


def groups_of(word: str) -> frozenset[str]:
    """Return the groups of a word, also of an English plural."""
    singular = f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")
    return groups().get(word) or groups().get(singular, frozenset())
